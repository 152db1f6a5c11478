"""The picture of the house: its parts as boxes, what imports what as arrows, each leading down.

``python -m tools.structure`` writes ``docs/structure.svg`` from the imports of the source. An import that leads up is
refused with a sentence, and so is a module that belongs to no part: then the drawing is to be thought over, not drawn.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from tools.source import ROOT, files, imports, module_of, within

PICTURE = ROOT / "docs" / "structure.svg"
_WIDTH, _ROW, _HIGH, _TOP = 960, 92, 50, 16
_FONT = "'Noto Sans TC', 'Noto Sans CJK TC', 'Segoe UI', Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Part:
    """A box: its modules (roots of dotted names), what it knows, and where it stands (pixels; ``row`` from the top)."""

    name: str
    roots: tuple[str, ...]
    knows: str
    row: int
    left: int
    wide: int
    color: str

    @property
    def middle(self) -> float:
        """The place of its middle from the left."""
        return self.left + self.wide / 2

    @property
    def top(self) -> int:
        """The place of its upper edge."""
        return _TOP + self.row * _ROW


PARTS = (
    Part("pages · dashboard.py", ("pages", "dashboard"), "layout of a screen", 0, 60, 300, "#0b5394"),
    Part("commands · cli", ("sqdash.commands", "sqdash.cli", "sqdash.__main__"), "options, exit codes", 0, 640, 280,
         "#7f6000"),
    Part("ui", ("sqdash.ui",), "Streamlit: frame, panels, charts, the door", 1, 60, 340, "#0b5394"),
    Part("entrance", ("sqdash.entrance",), "who gets in", 2, 90, 170, "#0b5394"),
    Part("jobs", ("sqdash.jobs", "sqdash.demo"), "what is done, step by step", 3, 90, 290, "#274e13"),
    Part("views", ("sqdash.views",), "queries and analysis joined", 4, 400, 230, "#741b47"),
    Part("report", ("sqdash.report",), "the year's document", 5, 560, 220, "#741b47"),
    Part("importers", ("sqdash.importers",), "bytes in, records out", 6, 20, 200, "#5b5b5b"),
    Part("graph", ("sqdash.graph",), "Meta's Graph API", 6, 250, 180, "#5b5b5b"),
    Part("store", ("sqdash.store",), "SQL, versions, revisions", 6, 460, 220, "#5b5b5b"),
    Part("analysis", ("sqdash.analysis",), "evidence in, results out", 6, 710, 220, "#5b5b5b"),
    Part(
        "ground",
        (
            *("sqdash.indicators", "sqdash.periods", "sqdash.records", "sqdash.tables", "sqdash.errors"),
            *("sqdash.figures", "sqdash.formats", "sqdash.freshness", "sqdash.contributions", "sqdash.ics"),
            *("sqdash.people", "sqdash.rights", "sqdash.settings", "sqdash.secret", "sqdash.logs", "sqdash.patterns"),
            *("sqdash.packed", "sqdash.quoting", "sqdash.unseen", "sqdash.written"),
        ),
        "words of the house: indicators · periods · tables · figures · formats · people · rights · errors · settings …",
        7, 20, 910, "#5b5b5b",
    ),
)  # fmt: skip
GROUND = PARTS[-1]


def part_of(module: str) -> Part | None:
    """The part that a module belongs to; None for the package itself and for what is not ours."""
    if not within(module, ("sqdash", "pages", "dashboard")) or module == "sqdash":
        return None
    if module.startswith("sqdash.") and module.split(".")[1].endswith(("_view", "_views")):
        module = "sqdash.views"
    for part in PARTS:
        if within(module, part.roots):
            return part
    raise SystemExit(f"{module} belongs to no part: give it one in tools/structure.py")


def arrows(sources: Mapping[str, str], packages: frozenset[str]) -> set[tuple[str, str]]:
    """(part, part that it imports) of all modules; an import that does not lead down is refused by its line."""
    found = set()
    for module, source in sources.items():
        for line, name in imports(module, source, is_package=module in packages):
            here, there = part_of(module), part_of(_known(name, sources))
            if here is None or there is None or here == there:
                continue
            if there.row <= here.row:
                raise SystemExit(f"{module}:{line} imports {name}: {here.name} stands no higher than {there.name}")
            found.add((here.name, there.name))
    return found


def _known(name: str, sources: Mapping[str, str]) -> str:
    """The module that a dotted name lies in; the name itself where it is not ours."""
    while name not in sources and "." in name:
        name = name.rpartition(".")[0]
    return name


def read() -> set[tuple[str, str]]:
    """The arrows of the source as it is."""
    paths = files()
    packages = frozenset(module_of(path) for path in paths if path.name == "__init__.py")
    return arrows({module_of(path): path.read_text("utf-8") for path in paths}, packages)


def svg(found: set[tuple[str, str]]) -> str:
    """The picture: faint where other arrows lead there too; none to the ground, since everything stands on it."""
    parts = {part.name: part for part in PARTS}
    above = {arrow for arrow in found if arrow[1] != GROUND.name}
    chain = needed(above)
    drawn = [
        _arrow(parts[a], parts[b], faint=(a, b) not in chain)
        for a, b in sorted(above, key=lambda arrow: (arrow in chain, arrow))
    ]
    boxes = [_box(part) for part in PARTS]
    high = GROUND.top + _HIGH + _TOP
    says = "; ".join(f"{a} uses {', '.join(b for x, b in sorted(found) if x == a)}" for a in parts if a != GROUND.name)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {high}" role="img" '
            f'aria-labelledby="title desc" font-family="{_FONT}">',
            '<title id="title">The parts of sqdash and what imports what</title>',
            f'<desc id="desc">{escape(says)}.</desc>',
            f'<rect width="{_WIDTH}" height="{high}" fill="#ffffff"/>',
            *drawn,
            *boxes,
            "</svg>\n",
        )
    )


def needed(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows without which their end could not be reached."""
    return {(a, b) for a, b in found if not _reaches(found - {(a, b)}, a, b)}


def _reaches(found: set[tuple[str, str]], start: str, end: str) -> bool:
    return start == end or any(_reaches(found, there, end) for here, there in found if here == start)


def _arrow(here: Part, there: Part, *, faint: bool) -> str:
    """A curve from the lower edge of one box to the upper edge of another, in the colour of the one that imports."""
    x, y = _towards(here, there.middle), here.top + _HIGH
    to, end = _towards(there, here.middle), there.top
    bend = (end - y) * 0.5
    curve = f"M{x:.0f},{y} C{x:.0f},{y + bend:.0f} {to:.0f},{end - bend:.0f} {to:.0f},{end - 7}"
    head = f"M{to - 4:.0f},{end - 8} L{to + 4:.0f},{end - 8} L{to:.0f},{end} Z"
    line = 'stroke-width="1"' if faint else 'stroke-width="2.5"'
    return (
        f'<g opacity="{0.45 if faint else 1}"><path d="{curve}" fill="none" stroke="{here.color}" {line}/>'
        f'<path d="{head}" fill="{here.color}"/></g>'
    )


def _towards(part: Part, x: float) -> float:
    """Where on a box's edge a curve to ``x`` stands: between its middle and the end that is nearer to ``x``."""
    reach = part.wide / 2 - 18
    return part.middle + max(-reach, min(reach, (x - part.middle) * 0.45))


def _box(part: Part) -> str:
    across = f'x="{part.middle:.0f}" text-anchor="middle"'
    return (
        f'<rect x="{part.left}" y="{part.top}" width="{part.wide}" height="{_HIGH}" rx="6" fill="#ffffff" '
        f'stroke="{part.color}" stroke-width="1.5"/>'
        f'<text {across} y="{part.top + 21}" font-size="15" font-weight="600" fill="{part.color}">'
        f"{escape(part.name)}</text>"
        f'<text {across} y="{part.top + 40}" font-size="12.5" fill="#333333">{escape(part.knows)}</text>'
    )


def main() -> int:
    """Write the picture."""
    PICTURE.write_text(svg(read()), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
