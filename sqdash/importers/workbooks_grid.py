"""What the readers of workbooks share: the grid they hand over, the bounds it keeps, and how they refuse.

Runs in the child process of :mod:`sqdash.importers.workbooks`; knows neither a file format nor the file's name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqdash.importers.sheet import MOST_CELL, MOST_COLUMNS, MOST_ROWS

MOST_CELLS = 20_000_000
MOST_IN_ROW = 2_000_000  # characters: what one line of a text file may hold
MOST_MERGED = 100_000
_NAMED = 10

Row = tuple[int, list[str]]


class Refused(Exception):
    """Why the workbook cannot be taken: what follows the file's name; ``option`` is the answer that helps."""

    def __init__(self, sentence: str, option: str | None = None) -> None:
        super().__init__(sentence)
        self.option = option


@dataclass(slots=True)
class Grid:
    """One sheet: its name, the other visible sheets with content, merged ranges and rows as in ``Sheet``.

    ``unchecked``: whether there may be formulas whose failure, or want of a result, shows nowhere. ``hidden``: rows
    with something in them that are hidden or filtered away.
    """

    name: str
    others: list[str]
    merged: list[tuple[int, int, int, int]]
    rows: Iterable[Row]
    unchecked: bool = False
    hidden: Sequence[int] = ()


def bounded(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that hold something, without empty cells at their end; :class:`Refused` for more than the bounds allow.

    An empty cell counts for nothing, so that a formatted but empty column XFD is no reason to refuse.
    """
    total = 0
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        total += len(cells)
        _check(number, cells, total)
        yield number, cells


def _check(number: int, cells: list[str], total: int) -> None:
    if number > MOST_ROWS + 1:
        raise Refused(f"超過 {MOST_ROWS:,} 列，請分成幾個檔案再上傳。")
    if len(cells) > MOST_COLUMNS:
        raise Refused(f"超過 {MOST_COLUMNS:,} 欄，請刪去不需要的欄再上傳。")
    if total > MOST_CELLS:
        raise Refused(f"超過 {MOST_CELLS:,} 個儲存格，請分成幾個檔案再上傳。")
    lengths = [len(cell) for cell in cells]
    if max(lengths) > MOST_CELL:
        column = next(at for at, length in enumerate(lengths, 1) if length > MOST_CELL)
        raise Refused(f"第 {number} 列第 {column} 欄超過 64 KB，請縮短後再上傳。")
    if sum(lengths) > MOST_IN_ROW:
        raise Refused(f"第 {number} 列的文字超過 {MOST_IN_ROW:,} 字，請縮短後再上傳。")


def place(cells: list[str], column: int, text: str) -> None:
    """Put a text at a column (from 0), lengthening the row where it is too short."""
    cells.extend([""] * (column + 1 - len(cells)))
    cells[column] = text


def named(names: Collection[str]) -> str:
    """Sheet names for a sentence: 「甲」、「乙」, harmless to show, at most ten of them."""
    shown = [f"「{''.join(c for c in name if c.isprintable())[:40]}」" for name in list(names)[:_NAMED]]
    return "、".join(shown) + (f"等 {len(names)} 個" if len(names) > _NAMED else "")


def unknown(sheet: str, names: Collection[str]) -> Refused:
    """The refusal of a sheet that the workbook does not have."""
    return Refused(f"沒有工作表{named([sheet])}，請改選{named(names)}其中之一。", "sheet")


def empty() -> Refused:
    """The refusal of a workbook, or a sheet asked for, in which no cell holds anything."""
    return Refused("沒有任何有內容的工作表，請確認是否選錯檔案。")
