"""Charts as SVG, for documents: print colours, no script, nothing fetched, texts in the document's faces.

A bar is full to the low end of an interval and pale up to its high end; the goal is a dashed line.
Source of the elements: SVG 1.1 (2nd edition), the part that office programs draw as well as browsers.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from sqdash.packed import legal
from sqdash.report.document import CHINESE, LATIN, Chart, Point

WIDTH = 640
"""Pixels across; the height follows from :func:`height`."""
FULL, PALE, GROUND, INK, DIM, PAPER = "#12436d", "#9fb6c9", "#e6eaee", "#1b2733", "#5b6875", "#ffffff"
_LEFT, _RIGHT = 120, 130
_ROW = 40
_TALL, _TOP, _FOOT = 230, 34, 30
_FONT = ",".join(f"'{face}'" for face in (*LATIN, *CHINESE)) + ",serif"


def height(chart: Chart) -> int:
    """Pixels from top to bottom."""
    return _TALL if chart.upright else _TOP + _ROW * len(chart.points) + 8


def svg(chart: Chart) -> str:
    """The picture, its alternative text within."""
    tall = height(chart)
    body = "".join(_columns(chart) if chart.upright else _bars(chart))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{tall}" viewBox="0 0 {WIDTH} {tall}"'
        ' role="img">'
        f"<title>{_safe(chart.alt)}</title>"
        f'<g font-family="{escape(_FONT)}" font-size="14" fill="{INK}">{body}</g></svg>'
    )


def _safe(text: str) -> str:
    return escape(legal(text))


def _most(chart: Chart) -> float:
    return max([point.high or 0.0 for point in chart.points] + [chart.goal or 0.0]) or 1.0


def _text(x: float, y: float, text: str, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{_safe(text)}</text>'


def _rect(x: float, y: float, width: float, tall: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{tall:.1f}" fill="{colour}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{DIM}" stroke-width="1.5"{dashed}/>'


def _bars(chart: Chart) -> Iterator[str]:
    """A bar a point, from the top."""
    room, most = WIDTH - _LEFT - _RIGHT, _most(chart)
    bottom = _TOP + _ROW * len(chart.points)
    for at, point in enumerate(chart.points):
        y = _TOP + _ROW * at + 8
        yield _text(_LEFT - 8, y + 17, point.label, "end")
        yield _rect(_LEFT, y, room, 24, GROUND)
        for value, colour in ((point.high, PALE), (point.low, FULL)):
            if value:
                yield _rect(_LEFT, y, room * value / most, 24, colour)
        yield _text(WIDTH - _RIGHT + 8, y + 17, _words(chart, point))
    if chart.goal:
        x = _LEFT + room * chart.goal / most
        yield _line(x, _TOP - 4, x, bottom + 4, "6 4")
        yield _text(min(x, WIDTH - _RIGHT), _TOP - 12, chart.goal_words, "end")


def _words(chart: Chart, point: Point) -> str:
    return point.words if point.low is None else f"{point.words} {chart.unit}"


def _columns(chart: Chart) -> Iterator[str]:
    """A column a point, from the left; one without a figure is left open and says so."""
    room, floor, most = WIDTH - 40, _TALL - _FOOT, _most(chart)
    step, tall = room / len(chart.points), floor - _TOP - 18
    yield _line(20, floor, WIDTH - 20, floor)
    goal = floor - tall * chart.goal / most if chart.goal else None
    for at, point in enumerate(chart.points):
        middle = 20 + step * (at + 0.5)
        yield _text(middle, floor + 18, point.label, "middle")
        if point.high is None:
            yield _text(middle, floor - 6, "–", "middle")
        else:
            high = tall * point.high / most
            yield _rect(middle - step * 0.32, floor - high, step * 0.64, high, FULL)
    if goal is not None:
        yield _line(20, goal, WIDTH - 20, goal, "6 4")
        yield _text(WIDTH - 20, 16, f"虛線：{chart.goal_words}", "end")
    for at, point in enumerate(chart.points):
        if point.high is not None:
            yield from _above(20 + step * (at + 0.5), floor - tall * point.high / most - 5, point.words, goal)


def _above(middle: float, y: float, words: str, goal: float | None) -> Iterator[str]:
    """A column's figure above it; where the goal's line would strike it through, it stands on white."""
    if goal is not None and y - 12 < goal < y + 4:
        broad = 7.0 * len(words)
        yield _rect(middle - broad / 2, y - 11, broad, 13, PAPER)
    yield _text(middle, y, words, "middle", ' font-size="12"')
