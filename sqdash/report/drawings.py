"""Charts as shapes, for documents: lengths, colours and texts, whatever kind of picture is made of them.

A bar is full to the low end of an interval and pale up to its high end; the goal is a dashed line.
:mod:`sqdash.report.as_svg` and :mod:`sqdash.report.as_emf` make pictures of the shapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqdash.packed import legal
from sqdash.report.document import Chart, Point

WIDTH = 640
"""Pixels across; the height follows from :func:`height`."""
SIZE = 14
"""Pixels of a letter, unless a text says otherwise."""
FULL, PALE, GROUND, INK, DIM, PAPER = "#12436d", "#9fb6c9", "#e6eaee", "#1b2733", "#5b6875", "#ffffff"
_LEFT, _RIGHT = 120, 130
_ROW = 40
_TALL, _TOP, _FOOT = 230, 34, 30
# Widths of letters in ems, as in the serif face of documents; what is not listed is as broad as a digit.
_NARROW = {" ": 0.25, ",": 0.25, ".": 0.25, "-": 0.333, "/": 0.278, "%": 0.833, "(": 0.333, ")": 0.333}


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    tall: float
    colour: str


@dataclass(frozen=True, slots=True)
class Line:
    """A level or upright line; ``dash``: pixels drawn and left out in turn, both 0 for an unbroken line."""

    x1: float
    y1: float
    x2: float
    y2: float
    dash: tuple[int, int] = (0, 0)
    colour: str = DIM
    thick: float = 1.5


@dataclass(frozen=True, slots=True)
class Text:
    """Words on the base line ``y``, which ``x`` begins, halves or ends."""

    x: float
    y: float
    words: str
    anchor: Literal["start", "middle", "end"] = "start"
    size: int = SIZE


Shape = Box | Line | Text


def height(chart: Chart) -> int:
    """Pixels from top to bottom."""
    return _TALL if chart.upright else _TOP + _ROW * len(chart.points) + 8


def shapes(chart: Chart) -> tuple[Shape, ...]:
    """What is drawn, from the back to the front."""
    return tuple(_columns(chart) if chart.upright else _bars(chart))


def broad(letter: str) -> float:
    """The width of a letter in ems: a Chinese one is a square, a Latin one about half as broad."""
    return 1.0 if chinese(letter) else _NARROW.get(letter, 0.5)


def chinese(letter: str) -> bool:
    """Whether the letter is set in the Chinese face."""
    return letter >= "\u2e80"


def _most(chart: Chart) -> float:
    return max([point.high or 0.0 for point in chart.points] + [chart.goal or 0.0]) or 1.0


def _bars(chart: Chart) -> Iterator[Shape]:
    """A bar a point, from the top."""
    room, most = WIDTH - _LEFT - _RIGHT, _most(chart)
    bottom = _TOP + _ROW * len(chart.points)
    for at, point in enumerate(chart.points):
        y = _TOP + _ROW * at + 8
        yield Text(_LEFT - 8, y + 17, point.label, "end")
        yield Box(_LEFT, y, room, 24, GROUND)
        for value, colour in ((point.high, PALE), (point.low, FULL)):
            if value:
                yield Box(_LEFT, y, room * value / most, 24, colour)
        yield Text(WIDTH - _RIGHT + 8, y + 17, _words(chart, point))
    if chart.goal:
        x = _LEFT + room * chart.goal / most
        yield from _dashed(x, _TOP - 4, x, bottom + 4)
        yield Text(min(x, WIDTH - _RIGHT), _TOP - 12, chart.goal_words, "end")


def _words(chart: Chart, point: Point) -> str:
    return point.words if point.low is None else f"{point.words} {chart.unit}"


def _dashed(x1: float, y1: float, x2: float, y2: float) -> Iterator[Line]:
    """The goal's line, on a paler one so that it is seen before a dark bar as well."""
    yield Line(x1, y1, x2, y2, colour=PAPER, thick=4)
    yield Line(x1, y1, x2, y2, (6, 4))


def _columns(chart: Chart) -> Iterator[Shape]:
    """A column a point, from the left; one without a figure is left open and says so."""
    room, floor, most = WIDTH - 40, _TALL - _FOOT, _most(chart)
    step, tall = room / len(chart.points), floor - _TOP - 18
    yield Line(20, floor, WIDTH - 20, floor)
    goal = floor - tall * chart.goal / most if chart.goal else None
    for at, point in enumerate(chart.points):
        middle = 20 + step * (at + 0.5)
        yield Text(middle, floor + 18, point.label, "middle")
        if point.high is None:
            yield Text(middle, floor - 6, "–", "middle")
        else:
            high = tall * point.high / most
            yield Box(middle - step * 0.32, floor - high, step * 0.64, high, FULL)
    if goal is not None:
        yield from _dashed(20, goal, WIDTH - 20, goal)
        yield Text(WIDTH - 20, 16, f"虛線：{chart.goal_words}", "end")
    for at, point in enumerate(chart.points):
        if point.high is not None:
            yield from _above(20 + step * (at + 0.5), floor - tall * point.high / most - 5, point.words, goal)


def _above(middle: float, y: float, words: str, goal: float | None) -> Iterator[Shape]:
    """A column's figure above it; where the goal's line would strike it through, it stands on white."""
    if goal is not None and y - 12 < goal < y + 4:
        wide = 12 * sum(map(broad, legal(words))) + 4
        yield Box(middle - wide / 2, y - 11, wide, 13, PAPER)
    yield Text(middle, y, words, "middle", 12)
