"""Blocks of a page in HTML of our own: a card's lines come as one element, a table's cells too.

Each element of Streamlit's is a message, and each text of one is read as markdown in the browser, which is most of
what a page of many texts waits for. Whatever is given to a block as plain ``str`` is text: it is escaped on its way
in, and Streamlit cleans the whole once more. Only this module draws HTML.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import streamlit as st
from markupsafe import Markup
from streamlit import config

from sqdash.ui.palette import BadgeColor

COLORS: tuple[BadgeColor, ...] = ("green", "red", "orange", "blue", "gray")
_SIZES, _WEIGHTS = "theme.headingFontSizes", "theme.headingFontWeights"
_ACROSS: tuple[Literal[1, 3, 4, 5, 6], ...] = (1, 3, 4, 5, 6)
_LEAST = "124px"
"""Width of a small card that its figure and unit need."""
_HEADINGS: tuple[Literal[2, 3, 4], ...] = (2, 3, 4)


def draw(*blocks: Markup, width: Literal["stretch", "content"] = "stretch") -> None:
    """Show them one below the other as one element; nothing where there is nothing."""
    if any(blocks):
        st.html(Markup('<div class="sq">%s</div>') % Markup().join(blocks), width=width)


def section(text: str, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """Show the heading of a part of the page."""
    draw(Markup('<h2 class="sq-section">%s</h2>') % text, width=width)


def note(*parts: str) -> None:
    """Show what is said quietly below something."""
    draw(line(*parts, dim=True))


def line(*parts: str, dim: bool = False, small: bool = False) -> Markup:
    """A line of text; ``dim`` for what stands under a figure, ``small`` for what stands beside it."""
    kinds = " ".join(kind for kind, on in (("sq-dim", dim), ("sq-small", dim or small)) if on)
    return Markup('<p class="%s">%s</p>') % (kinds, _joined(parts))


def heading(level: Literal[2, 3, 4], *parts: str) -> Markup:
    """A heading of that level."""
    return Markup("<h%d>%s</h%d>") % (level, _joined(parts), level)


def head(name: str, mark: Markup) -> Markup:
    """What a card begins with: its name, and a mark at the other end of the line."""
    return Markup('<div class="sq-head">%s%s</div>') % (heading(2, name), mark)


def badge(text: str, color: BadgeColor) -> Markup:
    """A word on its own ground."""
    return Markup('<span class="sq-badge sq-%s">%s</span>') % (color, text)


def colored(text: str, color: BadgeColor) -> Markup:
    """Text in a colour that says what the text says too."""
    return Markup('<span class="sq-%s">%s</span>') % (color, text)


def small(text: str, color: BadgeColor | None = None) -> Markup:
    """What is written small beside a figure or a badge: its unit, its qualifier, its day."""
    return Markup('<small class="sq-%s">%s</small>') % (color, text) if color else Markup("<small>%s</small>") % text


def strong(text: str) -> Markup:
    """What a line is about."""
    return Markup("<strong>%s</strong>") % text


def marks(*some: Markup) -> Markup:
    """Badges and words side by side, on as many lines as they need."""
    return Markup('<div class="sq-marks">%s</div>') % Markup(" ").join(some)


def boxes(some: Sequence[Sequence[Markup]], across: Literal[1, 3, 4, 5, 6]) -> Markup:
    """Small cards side by side, each of a few blocks: at most so many across, fewer where there is less room."""
    each = Markup().join(Markup('<div class="sq-box">%s</div>') % Markup().join(one) for one in some)
    return Markup('<div class="sq-boxes sq-of-%d">%s</div>') % (across, each)


def cell(block: Markup) -> Markup:
    """A place of a grid with nothing else in it: bordered as a card is, and left out by a narrow screen."""
    return Markup('<div class="sq-cell">%s</div>') % block


def low(block: Markup) -> Markup:
    """At the lower end of a card that is higher than what it says."""
    return Markup('<div class="sq-low">%s</div>') % block


def listed(*items: Markup) -> Markup:
    """A list of lines."""
    return Markup("<ul>%s</ul>") % Markup().join(Markup("<li>%s</li>") % item for item in items)


def prose(text: str) -> Markup:
    """A text of several paragraphs, broken where it is."""
    return Markup('<p class="sq-prose">%s</p>') % text


def picture(svg: str, *, alt: str) -> Markup:
    """A picture of ours, which needs no request of its own."""
    return Markup('<img alt="%s" src="data:image/svg+xml;base64,%s">') % (alt, base64.b64encode(svg.encode()).decode())


def table(
    columns: Mapping[str, Sequence[str]], *, alt: str, right: Collection[str] = (), whole: Collection[str] = ()
) -> Markup:
    """Columns of cells of one length under their headings, ``alt`` is the table's name for who cannot see it.

    Columns in ``right`` are flush right, those in ``whole`` are never wrapped.
    """
    kinds = {
        name: " ".join(kind for kind, some in (("sq-right", right), ("sq-whole", whole)) if name in some)
        for name in columns
    }
    heads = Markup().join(Markup('<th scope="col" class="%s">%s</th>') % (kinds[name], name) for name in columns)
    cells = [Markup('<td class="%s">%%s</td>') % kind for kind in kinds.values()]
    row = Markup("<tr>%s</tr>") % Markup().join(cells)
    rows = Markup().join(row % texts for texts in zip(*columns.values(), strict=True))
    return Markup(
        '<div class="sq-table"><table aria-label="%s"><thead><tr>%s</tr></thead><tbody>%s</tbody></table></div>'
    ) % (alt, heads, rows)


def _joined(parts: Sequence[str]) -> Markup:
    return Markup().join(parts)


def style() -> str:
    """The rules for all of these, in the theme's own colours and sizes."""
    sizes, weights = config.get_option(_SIZES), config.get_option(_WEIGHTS)
    headings = "".join(
        f".sq h{level}{{font-size:{sizes[level - 1]};font-weight:{weights[level - 1]}}}" for level in _HEADINGS
    )
    colors = "".join(
        f".sq-{color}{{color:{_pair(f'{color}TextColor')}}}"
        f".sq-badge.sq-{color}{{background:{_pair(f'{color}BackgroundColor')}}}"
        for color in COLORS
    )
    dim, border = _pair("grayTextColor"), _pair("borderColor")
    across = "".join(
        f".sq-of-{n}{{grid-template-columns:repeat(auto-fill,minmax(max({_LEAST},(100% - {(n - 1) / 2}rem)/{n}),1fr))}}"
        for n in _ACROSS
    )
    return (
        ".sq>*,.sq h2,.sq h3,.sq h4,.sq-box>*{margin:0;padding:0}:is(.sq,.sq-box)>*+*{margin-top:.35rem}"
        ".sq>*+.sq-boxes{margin-top:.5rem}.sq>.sq-boxes+p{margin-top:.8rem}"
        ".sq h2.sq-section{padding:.75rem 0 .25rem}.sq>.sq-low{margin-top:auto;padding-top:.35rem}"
        ":is(div:has(>.stHtml>.sq>.sq-low),.stHtml:has(>.sq>.sq-low),.sq:has(>.sq-low)){flex:1;display:flex}"
        ".sq:has(>.sq-low){flex-direction:column}"
        ".sq>*+h2{margin-top:.8rem}.sq img{display:block;max-width:100%}"
        ".sq :is(h2,h3,h4){line-height:1.3;letter-spacing:normal}"
        f"{headings}.sq small{{font-size:.875rem;font-weight:400}}.sq-small{{font-size:.875rem}}"
        f".sq-dim{{color:{dim}}}{colors}"
        ".sq-head{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.25rem .5rem}"
        ".sq-badge{display:inline-block;padding:0 .5rem;border-radius:6px;font-size:.875rem;line-height:1.6;"
        "white-space:nowrap}"
        ".sq-marks{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .75rem}"
        f".sq-boxes{{display:grid;gap:.5rem}}{across}"
        f".sq-box{{border:1px solid {border};border-radius:.5rem;padding:calc(1rem - 1px)}}"
        f".stGridCell:has(.sq-cell){{border:1px solid {border};border-radius:.5rem;padding:calc(1rem - 1px)}}"
        "@media (max-width:640px){.stGridCell:has(.sq-cell){display:none}}"
        ".sq-prose{white-space:pre-wrap}.sq ul{padding-left:1.25rem}"
        ".sq-table{overflow:auto;max-width:100%}"
        ".sq-table table{border-spacing:0;min-width:100%;font-size:.875rem;line-height:1.6}"
        f".sq-table :is(th,td){{padding:.25rem .375rem;text-align:left;vertical-align:middle;font-weight:400;"
        f"border-bottom:1px solid {border}}}.sq-table tr>:not(:first-child){{padding-left:1rem}}"
        f".sq-table tbody tr:last-child td{{border-bottom:none}}.sq-table th{{color:{dim};white-space:nowrap}}"
        ".sq-table .sq-right{text-align:right;font-variant-numeric:tabular-nums}.sq-table .sq-whole{white-space:nowrap}"
    )


def _pair(name: str) -> str:
    """The theme's colour of that name, light and dark."""
    return f"light-dark({config.get_option(f'theme.light.{name}')},{config.get_option(f'theme.dark.{name}')})"
