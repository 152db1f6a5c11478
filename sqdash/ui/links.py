"""Links of ours from page to page: followed within the open page, as the menu's are, and as any link without scripts.

Streamlit's own links are an element each, in a box of its own, so that a card with one is four; ours stand in a card's
HTML, and the browser draws the page in half the elements. What Streamlit keeps by itself where elements are drawn anew
is kept here for them: the focus, and what somebody has unfolded.
"""

from __future__ import annotations

SCRIPT = (
    "<script>{"
    # To Streamlit it is as if the browser had gone back or forth to that address.
    "addEventListener('click',event=>{"
    "const link=event.target.closest?.('a.sq-link');"
    "if(!link||event.button||event.ctrlKey||event.metaKey||event.shiftKey||event.altKey)return;"
    "event.preventDefault();history.pushState(null,'',link.href);dispatchEvent(new PopStateEvent('popstate'))});"
    # A block whose words change is written anew, and what was in it is gone.
    "const name=one=>one.closest('[data-card]')?.dataset.card+one.textContent.replace(/\\d+/g,''),unfolded=new Set();"
    "let last;"
    "addEventListener('focusin',event=>{last=event.target.closest?.('.sq a,.sq summary')});"
    "addEventListener('toggle',event=>{const fold=event.target;"
    "if(fold.matches?.('.sq-more'))unfolded[fold.open?'add':'delete'](name(fold.firstChild))},true);"
    "new MutationObserver(()=>{"
    "for(const fold of document.querySelectorAll('.sq-more:not([data-known])')){"
    "fold.dataset.known='';if(unfolded.has(name(fold.firstChild)))fold.open=true}"
    "if(!last||last.isConnected)return;"
    "const again=document.activeElement==document.body&&"
    "[...document.querySelectorAll(`.sq ${last.localName}`)].find(one=>name(one)==name(last));"
    "last=null;if(again)again.focus({preventScroll:true})"
    "}).observe(document,{childList:true,subtree:true})}</script>"
)
"""For the head of every page."""
