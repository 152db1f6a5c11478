"""What Streamlit shows by itself and offers no option for, put right by a style in the page's head.

English becomes Chinese where a text stands alone in an element that can be named: what was there is neither seen nor
read out, what takes its place is both. Names that are only read out ("Remove a.csv", "Add files") are out of a style's
reach. Where a later Streamlit names its elements otherwise, it looks as it does by itself again and nothing breaks;
tests in a browser tell.
"""

from __future__ import annotations

_ZONE = '[data-testid="stFileUploaderDropzone"]'
WORDS = {
    (f'{_ZONE} > span [data-testid="stMarkdownContainer"]', "p"): "選擇檔案",
    (f'{_ZONE} [data-testid="stFileUploaderDropzoneInstructions"] > div', "span"): "或把檔案拖到這裡",
    (f"{_ZONE} > input + div:has(> span:only-child)", "span"): "放開即可上傳",
}
"""Selectors of an element and of its one child, which holds a text of Streamlit's → what is shown for it."""
_ON_PRIMARY = "[data-testid^=stBaseButton-primary]:not(:disabled){color:light-dark(#ffffff,#11161b)}"
"""White on the light blue of the dark theme has a contrast of 1.9; what is written there must be dark."""

_HEADINGS = '[data-testid="stTable"] th *{white-space:nowrap!important}'
"""Chinese breaks after any character, and on a narrow screen a heading of two would stand upright."""

_IN_BOXES = (
    ":is(div[class*=st-key-card_],div[class*=st-key-way_],div[class*=st-key-why_],.st-key-attention,.st-key-service,"
    ".st-key-fans_stated,.st-key-fans_outlook)>:first-child h2{padding-top:0}"
)
"""A heading that begins a box needs no room above it: what is asked for stands on the first screen."""

_LINKS = "[data-testid=stMain] [data-testid=stPageLink-NavLink]{padding-left:0}"
"""A link stands under the text it belongs to, not beside it."""

_FREE_DAYS = (
    "@media (max-width:640px){.stGridCell:has(div[class*=st-key-rota_free_]){display:none}"
    ".stGridCell:has(div[class*=st-key-rota_slots_]){grid-column:1/-1}}"
)
"""On a narrow screen a calendar's days stand one below the other, and only those with something on them."""


def style() -> str:
    """The element for the page's head."""
    words = (
        f'{element} > {child}{{display:none}}{element}::after{{content:"{word}";font-size:.875rem}}'
        for (element, child), word in WORDS.items()
    )
    return f"<style>{''.join(words)}{_ON_PRIMARY}{_HEADINGS}{_IN_BOXES}{_LINKS}{_FREE_DAYS}</style>"
