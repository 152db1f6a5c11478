"""What blocks of ours (:mod:`sqdash.ui.blocks`) need a script for, in the head of every page.

A link is followed within the open page, as the menu's are, and as any link where there is no script. Streamlit's own
links are an element each, in a box of its own, so that a card with one is four; ours stand in a card's HTML, and the
browser draws the page in half the elements. What Streamlit keeps by itself where one of several elements is drawn anew
is kept here: the focus, and what somebody has unfolded. A table wider than its place is reached by the keyboard.
"""

from __future__ import annotations

_FOLLOWED = (
    "addEventListener('click',event=>{"
    "const link=event.target.closest?.('a.sq-link');"
    "if(!link||event.button||event.ctrlKey||event.metaKey||event.shiftKey||event.altKey)return;"
    "event.preventDefault();history.pushState(null,'',link.href);dispatchEvent(new PopStateEvent('popstate'))});"
)
"""To Streamlit it is as if the browser had gone back or forth to that address."""
_KEPT = (
    "const name=one=>one.closest('[data-card]')?.dataset.card+one.textContent.replace(/\\d+/g,''),unfolded=new Set();"
    "let last;"
    "addEventListener('focusin',event=>{last=event.target.closest?.('.sq a,.sq summary')});"
    "addEventListener('toggle',event=>{const fold=event.target;"
    "if(fold.matches?.('.sq-more'))unfolded[fold.open?'add':'delete'](name(fold.firstChild))},true);"
    "const again=()=>{"
    "for(const fold of document.querySelectorAll('.sq-more:not([data-known])')){"
    "fold.dataset.known='';if(unfolded.has(name(fold.firstChild)))fold.open=true}"
    "if(!last||last.isConnected)return;"
    "const next=document.activeElement==document.body&&"
    "[...document.querySelectorAll(`.sq ${last.localName}`)].find(one=>name(one)==name(last));"
    "last=null;if(next)next.focus({preventScroll:true})};"
)
"""A block whose words change is written anew, and what was in it is gone."""
_REACHED = (
    "const sized=new ResizeObserver(some=>{for(const{target}of some){const place=target.closest('.sq-table');"
    "if(!place)continue;"
    "const wide=place.scrollWidth>place.clientWidth;"
    "if(wide){place.tabIndex=0;place.role='region';place.ariaLabel=place.firstChild.ariaLabel}"
    "else for(const given of['tabindex','role','aria-label'])place.removeAttribute(given)}}),"
    "wide=()=>{for(const place of document.querySelectorAll('.sq-table:not([data-known])')){"
    "place.dataset.known='';sized.observe(place);sized.observe(place.firstChild)}};"
)
"""Not every browser lets the keyboard scroll what has nothing to go to in it; a table that fits is no stop."""
SCRIPT = (
    f"<script>{{{_FOLLOWED}{_KEPT}{_REACHED}"
    "new MutationObserver(()=>{again();wide()}).observe(document,{childList:true,subtree:true})}</script>"
)
