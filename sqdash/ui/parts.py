"""When the parts of Streamlit's bundle begin their work: what a page draws with before it draws, charts after all that.

Streamlit asks for a part when the first element that needs it arrives. The page is then drawn twice, first with a
placeholder for each element, since even a part that is already in the browser comes a moment too late. And the library
for charts takes longer to start than a whole page without charts, in the middle of that page.

So the place where Streamlit asks for a part asks the page first (:func:`hooked`). The page has a part at once that it
named in its head; and it holds charts back until one of them comes into the window, or nothing else is left to do.
Where a later Streamlit asks otherwise, all is as Streamlit does it by itself; a test tells.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

CHARTS = "chart_"
"""How the keys of charts begin: by that the page knows their places."""
LEAST = 300
"""Height in pixels that a chart's place has before the chart is there, so that nothing jumps."""

_ASKS = re.compile(rb"\(\)=>([\w$]+\(\(\)=>import\((`\./[\w.@-]+\.js`)\),__vite__mapDeps)")
_ROOM = re.compile(rb"(let\{width:([\w$]+)\}=[\w$]+\([\w$]+\);return \2)\?")
_PLACE = f'[class*="st-key-{CHARTS}"]'
STYLE = f"{_PLACE}{{min-height:{LEAST}px}}{_PLACE}:not([data-due])>*{{display:none}}"
"""A chart that is not due has no room to be drawn in, and Streamlit draws none without."""


def hooked(script: bytes) -> bytes:
    """Streamlit's own script, asking the page first for each part that it draws elements with."""
    return _ASKS.sub(rb"()=>window.sqPart?.(\2)||\1", script)


def measured(chart: bytes) -> bytes:
    """Streamlit's part for charts, drawing none before the width of its place is known.

    Until that is measured, Streamlit takes -1 for it and draws as wide as the library likes, unseen; then once more.
    """
    return _ROOM.sub(rb"\1>0?", chart)


def script(chart: str, fetch: str) -> str:
    """What answers, for the page's head; ``chart`` is the file of the part for charts, ``fetch`` the lines that have
    the browser fetch it, which begins when the page has the place of one.

    ``sqPart`` gives the part where it is there (in a form that is taken without waiting), a promise of it where it is
    that of charts, and nothing otherwise. ``sqNeed`` begins to get parts.
    """
    return (
        "<script>(()=>{"
        f"let fetched=0;const begin=()=>{{if(fetched++)return;{fetch}}};"
        "const have={},get=name=>import(new URL('static/js/'+name.slice(2),document.baseURI));"
        "let say,due=0;const waiting=new Set(),asked=new Promise(done=>say=done);"
        f"window.sqPart=name=>have[name]?{{then:take=>take(have[name])}}:"
        f"name=={json.dumps(f'./{chart}')}?asked.then(()=>get(name)):null;"
        "window.sqNeed=names=>addEventListener('DOMContentLoaded',()=>{"
        "for(const name of names)get(name).then(part=>have[name]=part,()=>{})});"
        'const show=place=>{waiting.delete(place);seen.unobserve(place);place.dataset.due="";say()},'
        "seen=new IntersectionObserver(some=>{for(const one of some)if(one.isIntersecting)show(one.target)}),"
        "later=()=>{if(!due&&waiting.size)due=setTimeout(()=>requestIdleCallback(next),50)},"
        "next=()=>{due=0;"
        'if(document.querySelector(\'[data-testid="stApp"][data-test-script-state="notRunning"]\'))'
        "for(const place of waiting){show(place);break}later()};"
        "new MutationObserver(()=>{"
        f"for(const place of document.querySelectorAll('{_PLACE}:not([data-waits])')){{"
        'place.dataset.waits="";waiting.add(place);seen.observe(place);begin()}later()'
        "}).observe(document,{childList:true,subtree:true});"
        "addEventListener('beforeprint',()=>[...waiting].forEach(show))})()</script>"
    )


def need(names: Iterable[str]) -> str:
    """For the head of a page that draws with the parts in these files."""
    return f"<script>sqNeed({json.dumps([f'./{name}' for name in names], separators=(',', ':'))})</script>"
