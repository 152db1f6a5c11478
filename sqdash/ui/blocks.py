"""Blocks of a page in HTML of our own: a card's lines come as one element, a table's cells too.

Each element of Streamlit's is a message, and each text of one is read as markdown in the browser, which is most of
what a page of many texts waits for. Whatever is given to a block as plain ``str`` is text: it is escaped on its way
in, and Streamlit cleans the whole once more. Only this module draws HTML.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

import streamlit as st
from markupsafe import Markup
from streamlit import config

from sqdash.ui.palette import BadgeColor

COLORS: tuple[BadgeColor, ...] = ("green", "red", "orange", "blue", "gray")
_SIZES, _WEIGHTS = "theme.headingFontSizes", "theme.headingFontWeights"
_ACROSS: tuple[Literal[1, 3, 4, 5, 6], ...] = (1, 3, 4, 5, 6)
_LEAST, _WIDE = "124px", "250px"
"""Width of a small card that its figure and unit need, and of one with a picture."""
_WEEKS: Mapping[Literal[5, 7], str] = {5: "640px", 7: "860px"}
"""Days of a week that a calendar shows → the width below which they stand one below the other."""
_BESIDE, _SHORT, _WORD, _LONG = 4, 8, 4, 15
"""Columns that a narrow screen has room for side by side; signs of a text that is not worth a second line, of one word,
which would be set upright beside a long text, and of one that takes many lines in a narrow column."""
_HEADINGS = (1, 2, 3, 4)


def draw(*blocks: Markup, width: Literal["stretch", "content"] = "stretch") -> None:
    """Show them one below the other as one element; nothing where there is nothing."""
    if any(blocks):
        st.html(Markup('<div class="sq">%s</div>') % Markup().join(blocks), width=width)


def section(text: str, *blocks: Markup, width: Literal["stretch", "content"] = "stretch") -> None:
    """Show the heading of a part of the page, and what it begins with."""
    draw(headed(text, *blocks), width=width)


def headed(text: str, *blocks: Markup) -> Markup:
    """What begins a part of the page, below its heading."""
    return Markup().join((_section(text), *blocks))


def _section(text: str) -> Markup:
    return Markup('<h2 class="sq-section">%s</h2>') % text


def note(*parts: str) -> None:
    """Show what is said quietly below something."""
    draw(line(*parts, dim=True))


def remarks(texts: Iterable[str]) -> Markup:
    """Several of these, one below the other."""
    return Markup().join(line(text, dim=True) for text in texts)


def line(*parts: str, dim: bool = False, small: bool = False) -> Markup:
    """A line of text; ``dim`` for what stands under a figure, ``small`` for what stands beside it."""
    kinds = " ".join(kind for kind, on in (("sq-dim", dim), ("sq-small", dim or small)) if on)
    return Markup('<p class="%s">%s</p>') % (kinds, _joined(parts))


def heading(level: Literal[2, 3, 4], *parts: str) -> Markup:
    """A heading of that level."""
    return Markup("<h%d>%s</h%d>") % (level, _joined(parts), level)


def page_head(title: str, *some: Markup) -> Markup:
    """What a page begins with: its title, and marks beside it."""
    return marks(Markup("<h1>%s</h1>") % title, *some)


def head(name: str, mark: Markup) -> Markup:
    """What a card begins with: its name, and a mark at the other end of the line."""
    return Markup('<div class="sq-head">%s%s</div>') % (heading(2, name), mark)


def section_head(text: str, way: Markup) -> Markup:
    """The heading of a part of the page, with a way onward at the other end of the line."""
    return Markup('<div class="sq-head">%s%s</div>') % (_section(text), onward(way))


def badge(text: str, color: BadgeColor) -> Markup:
    """A word on its own ground."""
    return Markup('<span class="sq-badge sq-%s">%s</span>') % (color, text)


def colored(text: str, color: BadgeColor) -> Markup:
    """Text in a colour that says what the text says too."""
    return Markup('<span class="sq-%s">%s</span>') % (color, text)


def whole(mark: Markup) -> Markup:
    """A few words that stay on one line."""
    return Markup('<span class="sq-whole">%s</span>') % mark


def small(text: str, color: BadgeColor | None = None) -> Markup:
    """What is written small beside a figure or a badge: its unit, its qualifier, its day."""
    return Markup('<small class="sq-%s">%s</small>') % (color, text) if color else Markup("<small>%s</small>") % text


def strong(text: str) -> Markup:
    """What a line is about."""
    return Markup("<strong>%s</strong>") % text


def marks(*some: Markup) -> Markup:
    """Badges and words side by side, on as many lines as they need."""
    return Markup('<div class="sq-marks">%s</div>') % Markup(" ").join(some)


def box(*blocks: Markup, key: str = "") -> Markup:
    """A card of a few blocks; ``key`` is what the page calls it."""
    name = Markup(' data-card="%s"') % key if key else ""
    return Markup('<div class="sq-box"%s>%s</div>') % (name, Markup().join(blocks))


def boxes(some: Sequence[Markup], across: Literal[1, 3, 4, 5, 6]) -> Markup:
    """Small cards side by side, each as high as the highest: at most so many across, fewer where there is less room."""
    return Markup('<div class="sq-boxes sq-of-%d">%s</div>') % (across, Markup().join(some))


def thirds(*some: Markup) -> Markup:
    """The same of three cards with a picture each."""
    return Markup('<div class="sq-boxes sq-thirds">%s</div>') % Markup().join(some)


def halves(*some: Markup) -> Markup:
    """Cards with texts, two side by side; one alone takes the whole width. Nothing where there is none."""
    return Markup('<div class="sq-beside sq-halves">%s</div>') % Markup().join(some) if any(some) else Markup()


def beside(left: Markup, right: Markup, *, widths: Literal["5-4", "2-3", "3-1"] = "5-4") -> Markup:
    """Two blocks side by side, their widths to each other so; below each other on a narrow screen."""
    return Markup('<div class="sq-beside sq-%s">%s%s</div>') % (widths, left, right)


def stacked(*some: Markup) -> Markup:
    """Blocks one below the other as one."""
    return Markup('<div class="sq-stacked">%s</div>') % Markup().join(some)


def days(some: Sequence[tuple[Markup, bool]], across: Literal[5, 7]) -> Markup:
    """The days of a calendar, so many a week, and whether each has something on it: a narrow screen shows those that
    have, one below the other."""
    place = Markup('<div class="sq-box%s">%s</div>')
    each = Markup().join(place % ("" if has else " sq-free", day) for day, has in some)
    return Markup('<div class="sq-days sq-by-%d">%s</div>') % (across, each)


def low(*blocks: Markup) -> Markup:
    """At the lower end of a card that is higher than what it says."""
    return Markup('<div class="sq-low">%s</div>') % Markup().join(blocks)


def link(address: str, *parts: str, icon: str = "") -> Markup:
    """A link to a page of ours, with an icon before it or none; :mod:`sqdash.ui.block_script` follows it."""
    before = Markup(' data-icon="%s"') % icon if icon else ""
    return Markup('<a class="sq-link" href="%s"%s>%s</a>') % (address, before, _joined(parts))


def onward(where: Markup) -> Markup:
    """The line of a link that leads on; paper has none."""
    return Markup('<p class="sq-onward">%s</p>') % where


def more(label: str, *blocks: Markup) -> Markup:
    """What is folded away behind a line, and stays as somebody left it when the page is drawn anew."""
    return Markup('<details class="sq-more"><summary>%s</summary>%s</details>') % (label, Markup().join(blocks))


def notes(label: str, texts: Iterable[str]) -> Markup:
    """Short texts folded away, one below the other."""
    return more(label, listed(*(line(text) for text in texts)))


def matters(*some: Sequence[Markup]) -> Markup:
    """A list of matters, each of a few blocks, one apart from the next."""
    each = Markup().join(Markup("<li>%s</li>") % Markup().join(one) for one in some)
    return Markup('<ul class="sq-matters">%s</ul>') % each


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

    Columns in ``right`` are flush right, those in ``whole`` and those of single words are never wrapped. Where there
    are columns in ``whole``, or more than a narrow screen has room for, short texts stay whole too and longer ones keep
    a width that can be read, the greater where most are long, or where some are on a screen on which the table is moved
    sideways anyhow; it is not set a sign a line, and fades where there is more of it.
    """
    moved = bool(whole) or len(columns) > _BESIDE
    kinds = {}
    for name, texts in columns.items():
        kept = name in whole or all(len(text) <= (_SHORT if moved else _WORD) for text in texts)
        text = moved and not kept
        long = sum(len(text) > _LONG for text in texts) if len(columns) > _BESIDE else 0  # fewer may fit as they are
        styles = (
            ("sq-right", name in right),
            ("sq-whole", kept),
            ("sq-text", text),
            ("sq-wide", text and long * 2 > len(texts)),
            ("sq-long", text and 0 < long * 2 <= len(texts)),
        )
        kinds[name] = " ".join(kind for kind, on in styles if on)
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
    weeks = "".join(
        f".sq-by-{n}{{grid-template-columns:repeat({n},minmax(0,1fr))}}"
        f"@container (max-width:{least}){{.sq-by-{n}{{grid-template-columns:1fr}}.sq-by-{n}>.sq-free{{display:none}}}}"
        for n, least in _WEEKS.items()
    )
    return (
        ".sq>*,.sq :is(h1,h2,h3,h4),.sq-head>*,.sq-box>*,.sq-low>*,.sq-stacked>*,.sq-matters p{margin:0;padding:0}"
        ":is(.sq,.sq-box,.sq-low,.sq-stacked)>*+*{margin-top:.35rem}"
        ".sq>*+.sq-boxes{margin-top:.5rem}.sq>.sq-boxes+p{margin-top:.8rem}"
        ":is(.sq,.sq-stacked)>:is(.sq-box,.sq-boxes,.sq-beside,.sq-table)+:is(.sq-box,.sq-beside){margin-top:1rem}"
        ".sq>.sq-boxes+.sq-head{margin-top:.85rem}.sq-head:has(.sq-section){align-items:baseline}"
        ".sq h2.sq-section{padding:.75rem 0 .25rem}.sq-box>.sq-low{margin-top:auto;padding-top:.35rem}"
        ".sq-box:has(>.sq-low){display:flex;flex-direction:column}"
        ".sq>*+h2{margin-top:.8rem}.sq-box>*+h2{margin-top:.6rem}.sq img{display:block;max-width:100%}"
        ".sq :is(h1,h2,h3,h4){line-height:1.3;letter-spacing:normal}"
        f"{headings}.sq small{{font-size:.875rem;font-weight:400}}.sq-small{{font-size:.875rem}}"
        f".sq-dim{{color:{dim}}}{colors}"
        ".sq-head{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.25rem .5rem}"
        ".sq-badge{display:inline-block;padding:0 .5rem;border-radius:6px;font-size:.875rem;line-height:1.6;"
        "white-space:nowrap}"
        ".sq-marks{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .75rem}"
        f".sq-boxes{{display:grid;gap:.5rem}}{across}"
        ".sq-boxes .sq-small{word-break:keep-all;overflow-wrap:anywhere}"
        f".sq-thirds{{gap:1rem;grid-template-columns:repeat(auto-fill,minmax(max({_WIDE},(100% - 2rem)/3),1fr))}}"
        f".sq-box{{border:1px solid {border};border-radius:.5rem;padding:calc(1rem - 1px);min-width:0}}"
        ".sq-beside{display:grid;gap:1rem}.sq-beside>*{min-width:0}"
        f".sq-halves{{grid-template-columns:repeat(auto-fit,minmax(max({_WIDE},(100% - 1rem)/2),1fr))}}"
        "@media (min-width:641px){.sq-5-4{grid-template-columns:5fr 4fr}.sq-2-3{grid-template-columns:2fr 3fr}"
        ".sq-3-1{grid-template-columns:3fr 1fr}}"
        f".sq:has(>.sq-days){{container-type:inline-size}}.sq-days{{display:grid;gap:.5rem}}{weeks}"
        f".sq-link{{color:{_pair('linkColor')};text-decoration:none}}.sq-link:hover{{text-decoration:underline}}"
        ".sq-link[data-icon]::before{content:attr(data-icon)/'';font:400 1.25em/1 'Material Symbols Rounded';"
        "font-feature-settings:'liga';vertical-align:-.25em;margin-right:.4em}.sq-onward{font-size:.9375rem}"
        ".sq ul.sq-matters{list-style:none;padding:0}.sq-matters li+li,.sq-more{margin-top:.75rem}"
        ".sq-more>summary{cursor:pointer;padding:.15rem 0}.sq-more>*+*{margin-top:.5rem}"
        ".sq-prose{white-space:pre-wrap}.sq ul{padding-left:1.25rem}"
        ".sq-table{overflow:auto;max-width:100%;animation:sq-more linear both;animation-timeline:scroll(self inline)}"
        "@keyframes sq-more{from,99%{mask-image:linear-gradient(to left,transparent,#000 2.5rem)}to{mask-image:none}}"
        ".sq-table table{border-spacing:0;min-width:100%;font-size:.875rem;line-height:1.6}"
        f".sq-table :is(th,td){{padding:.25rem .375rem;text-align:left;vertical-align:middle;font-weight:400;"
        f"border-bottom:1px solid {border}}}.sq-table tr>:not(:first-child){{padding-left:1rem}}"
        f".sq-table tbody tr:last-child td{{border-bottom:none}}.sq-table th{{color:{dim};white-space:nowrap}}"
        ".sq-table .sq-right{text-align:right;font-variant-numeric:tabular-nums}.sq .sq-whole{white-space:pre}"
        ".sq-table .sq-text{min-width:8em}.sq-table .sq-wide{min-width:16em}"
        "@media(max-width:640px){.sq-table .sq-long{min-width:14em}}"
    )


def _pair(name: str) -> str:
    """The theme's colour of that name, light and dark."""
    return f"light-dark({config.get_option(f'theme.light.{name}')},{config.get_option(f'theme.dark.{name}')})"
