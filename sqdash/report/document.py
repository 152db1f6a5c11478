"""A document as blocks: what every writer of a format is given. Knows no format and no plan.

Lengths are centimetres on A4 with 2 cm margins: 17 cm of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Style = Literal["title", "heading", "subheading", "body", "lead", "note", "appendix"]
WIDTH = 17.0
MARGIN = 2.0
CHINESE = ("標楷體", "DFKai-SB", "TW-Kai", "AR PL UKai TW", "BiauKai", "Kaiti TC", "Noto Serif CJK TC")
"""Faces for Chinese, the wanted one first: the same face under the names of Windows, macOS and Linux."""
LATIN = ("Times New Roman", "Liberation Serif")
LANGUAGE = "zh-TW"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; an ``appendix`` is a heading that begins a page, a ``lead`` stays with the table below it."""

    text: str
    style: Style = "body"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: a paragraph a line, ``heading`` a bold one above them; it reaches over ``rows`` and ``columns``."""

    lines: tuple[str, ...]
    heading: str = ""
    rows: int = 1
    columns: int = 1


Row = tuple[Cell | None, ...]
"""A row's cells; None where a cell above or to the left reaches."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``head`` is printed again on each page, rows stay whole.

    ``widths``: centimetres by column. ``name`` tells a reader by ear what it is. ``small``: finer print. ``whole``: it
    is short, and stands on one page. ``grouped``: so do the rows beside one first cell, where a page has room for them.
    """

    name: str
    head: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    small: bool = False
    whole: bool = False
    grouped: bool = False

    def stays(self, at: int) -> bool:
        """Whether the row stays on a page with the next one; the last three do, or one could be left alone."""
        last = len(self.rows) - 1
        beside = self.grouped and at < last and self.rows[at + 1][0] is None
        return at < last and (self.whole or beside or at >= last - 2)


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a chart; ``low`` and ``high`` None where there is none, alike where it is one value."""

    label: str
    words: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures beside a goal; the title states the finding, ``alt`` says it all. ``upright``: columns in time order."""

    title: str
    alt: str
    unit: str
    points: tuple[Point, ...]
    goal: float | None = None
    goal_words: str = ""
    upright: bool = False


Block = Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Document:
    """Everything printed. ``made`` (aware) is what the file says of its making, ``mark`` stands on every page."""

    title: str
    made: datetime
    blocks: tuple[Block, ...]
    mark: str = ""


def text_cell(text: str, *, rows: int = 1) -> Cell:
    """A cell of the text's lines."""
    return Cell(tuple(text.split("\n")), rows=rows)


def plain_table(
    name: str, head: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]], *, whole: bool = False
) -> Table:
    """A small table without merged cells."""
    body = tuple(tuple(text_cell(text) for text in row) for row in rows)
    return Table(name, tuple(head), tuple(widths), body, small=True, whole=whole)
