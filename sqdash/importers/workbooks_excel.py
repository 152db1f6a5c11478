"""XLSX and XLS: a sheet's cells as calamine reads them, corrected by the marks that its file holds besides.

See :mod:`sqdash.importers.workbooks_marks` for XLSX and :mod:`sqdash.importers.workbooks_biff` for XLS.

Runs in the child process of :mod:`sqdash.importers.workbooks`; the workbook is closed before the first row is given.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from sqdash.importers import workbooks_biff, workbooks_marks, workbooks_packed
from sqdash.importers.sheet import MOST_COLUMNS, MOST_ROWS
from sqdash.importers.workbooks_grid import MOST_MERGED, Grid, Refused, Row, bounded, empty, place, unknown
from sqdash.importers.workbooks_marks import Looked, Marks
from sqdash.importers.workbooks_text import text


def read(path: Path, kind: Literal["xlsx", "xls"], sheet: str | None) -> Grid:
    """The sheet asked for, else the first visible one with content; :class:`Refused` when there is none.

    A damaged file raises an error, mostly calamine's own, by which the child ends.
    """
    if kind == "xls":
        workbooks_biff.require_ends(path)
    with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
        return _grid(book, path, kind, sheet)


def _grid(book: CalamineWorkbook, path: Path, kind: str, sheet: str | None) -> Grid:
    worksheets = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    visible = [meta.name for meta in worksheets if meta.visible == SheetVisibleEnum.Visible]
    if sheet is not None and sheet not in {meta.name for meta in worksheets}:
        raise unknown(sheet, visible)
    for name in visible if sheet is None else [sheet]:
        found = book.get_sheet_by_name(name)
        looked = _xlsx(path, name) if kind == "xlsx" else workbooks_biff.look(path, name)
        marks = looked.marks if looked else {}
        if marks or _holds_something(found):
            others = [n for n in visible if n != name and _holds_something(book.get_sheet_by_name(n))]
            unchecked = looked is None or not looked.sure
            hidden = _filled(found, looked.hidden) if looked and looked.hidden else ()
            return Grid(name, others, _merged(found), _within(found, marks), unchecked, hidden)
    raise empty()


def _xlsx(path: Path, name: str) -> Looked:
    with workbooks_packed.opened(path) as packed:
        return workbooks_marks.read(packed, name)


def _holds_something(sheet: CalamineSheet) -> bool:
    return any(cell != "" for row in sheet.iter_rows() for cell in row)


def _filled(sheet: CalamineSheet, numbers: Sequence[int]) -> list[int]:
    """Those of the rows that hold something."""
    wanted = set(numbers)
    return [at for at, row in enumerate(sheet.iter_rows(), 1) if at in wanted and any(cell != "" for cell in row)]


def _merged(sheet: CalamineSheet) -> list[tuple[int, int, int, int]]:
    ranges = sheet.merged_cell_ranges or []
    if len(ranges) > MOST_MERGED:
        raise Refused(f"合併的儲存格超過 {MOST_MERGED:,} 處，請取消合併後再上傳。")
    return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges]


def _within(sheet: CalamineSheet, marks: Marks) -> Iterator[Row]:
    """The rows; a sheet that reaches beyond the bounds is looked through before the first of them is given."""
    bottom, right = sheet.end or (0, 0)
    if max([bottom + 1, *marks]) > MOST_ROWS + 1 or right >= MOST_COLUMNS:
        deque(bounded(_rows(sheet, marks)), maxlen=0)
    return bounded(_rows(sheet, marks))


def _rows(sheet: CalamineSheet, marks: Marks) -> Iterator[Row]:
    """Every row from 1 on, with its number; ``iter_rows`` begins at the first row, but at the first column used."""
    number, left = 0, sheet.start[1] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [""] * left + [cell if isinstance(cell, str) else text(cell) for cell in row]
        yield number, _marked(cells, marks.get(number, {}))
    for below in sorted(row for row in marks if row > number):
        yield below, _marked([], marks[below])


def _marked(cells: list[str], marks: dict[int, str]) -> list[str]:
    for column, mark in marks.items():
        place(cells, column, mark)
    return cells
