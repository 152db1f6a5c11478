"""Which scripts of Streamlit's bundle a page will need, said in its head, so that a browser begins with them at once.

Streamlit asks for the code of a table or a chart only when the first of them arrives. And Chromium keeps the compiled
code of every script, yet takes it for a *module* only where that was preloaded as a script: after ``modulepreload`` or
a bare import it compiles anew at each visit, which for plotly is twenty times the work of running it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from streamlit import file_util

from sqdash.ui.parts import need

FILES = Path(file_util.get_static_dir()) / "static"
FRAME = ("Selectbox", "Checkbox", "Html")
"""Parts of Streamlit that every page of ours draws: the period, the switch, what is said."""
CHART, GRID = "PlotlyChart", "DataFrame"
PAGES: Mapping[str, tuple[str, ...]] = {
    "fans": (CHART,),
    "posts": (CHART,),
    "activities": (CHART, GRID, "ButtonGroup"),
    "service": (CHART,),
    "editorial": ("DownloadButton",),
    "admin": ("TextInput", "Button"),
}
"""What each page draws beyond the frame, by its address; the first page's is empty."""
BELOW = ("posts",)
"""Pages whose charts stand below most windows."""
AFTER = 3_000
"""Milliseconds after it is loaded at which a page without charts begins to fetch them for the next."""

_IMPORT = re.compile(r'(?:from|import)"\./([\w.@-]+\.js)"')
_IMPORTS_WITHIN = 16_384  # characters; a module's imports stand first
_ENTRY = re.compile(rb'<script type="module" crossorigin src="([^"]+)"></script>')
_PRELOAD = 'rel="preload" as="script"'
_MODULE = b'rel="modulepreload" crossorigin'
_SCRIPT = f"{_PRELOAD} crossorigin".encode()
_BODY_FONT, _ICONS = re.compile(rb'(href="\./static/media/)SourceSansVF-Upright[^"]+"'), "MaterialSymbols-Rounded"
_FACES = re.compile(rb"@font-face\{font-family:Source Sans;[^{}]*\}")


def as_scripts(page: bytes) -> bytes:
    """Streamlit's page with its modules preloaded as scripts, and with the font of our icons, not one that we never
    use."""
    page = page.replace(_MODULE, _SCRIPT)
    page = _ENTRY.sub(rb'<link rel="preload" as="script" crossorigin href="\1">\g<0>', page, count=1)
    icons = next(FILES.glob(f"media/{_ICONS}.*.woff2"), None)
    return _BODY_FONT.sub(rb'\g<1>%s"' % icons.name.encode(), page, count=1) if icons else page


def without_body_font(style: bytes) -> bytes:
    """Streamlit's own style without the font that it writes with until it has read our theme, which names another."""
    return _FACES.sub(b"", style)


def heads(pages: Iterable[str]) -> dict[str, str]:
    """What goes into the head of each page, by its address."""
    return {page: head(page) for page in pages}


def head(page: str) -> str:
    """Hints for what the page draws, and a script that fetches the library for charts: once the page is connected and
    has what was hinted at where it draws some in its window, else once it has its rest.

    On a slow line whatever is asked for before stands in the way of the connection and of what is drawn first: the
    library, as large as all else together, waits for both.
    """
    parts = [part for part in needed(page) if part != CHART or page not in BELOW]
    first = [name for name in files(parts) if name != chart()]
    links = "".join(f'<link {_PRELOAD} fetchpriority="low" crossorigin href="{_href(name)}">' for name in first)
    at_once = need(name for part in parts if _needs_nothing_else(part) for name in _scripts(part))
    later = _connected((chart(),)) if CHART in parts else _later(sorted(set(files((CHART,))) - set(first)))
    return links + at_once + later


def _needs_nothing_else(part: str) -> bool:
    """Whether it is there once its script is; styles of its own are loaded by Streamlit's way alone."""
    return part != CHART and not any(FILES.glob(f"css/{part}.*.css"))


def needed(page: str) -> tuple[str, ...]:
    """The parts that a page draws."""
    return (*FRAME, *PAGES.get(page, ()))


def _connected(names: Iterable[str]) -> str:
    """Also once all came that the page hinted at before, which holds up no event of the page's; some may be there
    already, for a script waits for the styles before it.
    """
    hints, connected = f"link[{_PRELOAD.replace(' ', '][')}]", "[data-test-connection-state=CONNECTED]"
    return (
        f"<script>{{const hints=[...document.querySelectorAll({json.dumps(hints)})].map(hint=>"
        "performance.getEntriesByName(hint.href).length||new Promise(done=>hint.onload=hint.onerror=done)),"
        "connected=new Promise(done=>new MutationObserver((_,look)=>{"
        f"if(document.querySelector({json.dumps(connected)})){{look.disconnect();done()}}"
        "}).observe(document,{childList:true,subtree:true,attributeFilter:['data-test-connection-state']}));"
        f"Promise.all([connected,...hints]).then(()=>{{{_fetch(names)}}})}}</script>"
    )


def _later(names: Iterable[str]) -> str:
    return (
        "<script>addEventListener('load',()=>setTimeout(()=>{if(navigator.connection?.saveData)return;"
        f"{_fetch(names)}}},{AFTER}))</script>"
    )


def fetch_charts() -> str:
    """The lines of a script that has the browser fetch the library for charts and what it imports."""
    return _fetch(files((CHART,)))


def _fetch(names: Iterable[str]) -> str:
    """The lines of a script that has the browser fetch these files."""
    hrefs = json.dumps([_href(name) for name in names], separators=(",", ":"))
    return (
        f"for(const href of {hrefs}){{const link=document.createElement('link');"
        "Object.assign(link,{rel:'preload',as:'script',crossOrigin:'',href});document.head.append(link)}"
    )


def _href(name: str) -> str:
    return f"./static/js/{name}"


@cache
def entry() -> str:
    """The file of Streamlit's own script."""
    page = (FILES.parent / "index.html").read_bytes()
    found = _ENTRY.search(page)
    return found[1].decode().rpartition("/")[2] if found else ""


@cache
def chart() -> str:
    """The file of Streamlit's part for charts."""
    return next(_scripts(CHART))


def files(parts: Iterable[str]) -> list[str]:
    """The file names of the parts and of all that they import, without what every page loads anyway."""
    found: dict[str, None] = {}
    for part in parts:
        for name in _scripts(part):
            _gather(name, found)
    return [name for name in found if name not in anyway()]


def _scripts(part: str) -> Iterator[str]:
    """The file of a part; none where this Streamlit has no such part."""
    return (path.name for path in FILES.glob(f"js/{part}.*.js"))


def _gather(name: str, found: dict[str, None]) -> None:
    if name not in found:
        found[name] = None
        for imported in _imports(name):
            _gather(imported, found)


@cache
def _imports(name: str) -> tuple[str, ...]:
    with (FILES / "js" / name).open(encoding="utf-8") as file:
        return tuple(_IMPORT.findall(file.read(_IMPORTS_WITHIN)))


@cache
def anyway() -> frozenset[str]:
    """The files that Streamlit's own page names."""
    page = (FILES.parent / "index.html").read_text(encoding="utf-8")
    return frozenset(re.findall(r'"\./static/js/([\w.@-]+\.js)"', page))
