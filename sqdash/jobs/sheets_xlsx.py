"""Sheets as XLSX, by XlsxWriter: texts as strings only, never formulas or links. Knows no template."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqdash.jobs.sheet_shapes import CHOOSE, MADE, Cell, Column, Sheet, Style, legal

Format = Any  # XlsxWriter's classes: the library declares no types
Worksheet = Any
Workbook = Any
_LAST_ROW = 1_048_575
# Numbers are General: under a number format Excel takes 6/10 for 45,818 and 94.4% for 0.94 and shows neither, under
# General it shows a date and a percentage, which the reader refuses by name.
_FORMATS: Mapping[Style, dict[str, str]] = {
    "text": {"num_format": "@"},
    "number": {},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
}
_FIRST_DAY = date(1900, 3, 1)  # of Excel's calendar; it takes 1900 for a leap year before
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "num_format": "@"}


def write(sheets: Sequence[Sheet]) -> bytes:
    """The workbook, the first sheet in front."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": MADE})
    for sheet in sheets:
        _Writer.on(book, sheet).fill()
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one sheet. ``cells``, ``faint``: a format a style of column."""

    sheet: Sheet
    page: Worksheet
    head: Format
    required: Format
    cells: Mapping[Style, Format]
    faint: Mapping[Style, Format]

    @classmethod
    def on(cls, book: Workbook, sheet: Sheet) -> _Writer:
        base = {"valign": "top", "text_wrap": sheet.wrap}
        grey = base | {"italic": True, "font_color": "#595959"}
        return cls(
            sheet,
            book.add_worksheet(sheet.name),
            book.add_format(_HEAD | {"bg_color": "#E7ECEF"}),
            book.add_format(_HEAD | {"bg_color": "#FFE08A"}),
            {style: book.add_format(base | how) for style, how in _FORMATS.items()},
            {style: book.add_format(grey | how) for style, how in _FORMATS.items()},
        )

    def fill(self) -> None:
        for at, column in enumerate(self.sheet.columns):
            self._column(at, column)
        for number, row in enumerate(self.sheet.rows, 1):
            for at, cell in enumerate(row):
                self._cell(number, at, cell)
        self.page.freeze_panes(1, 0)
        self.page.set_landscape()
        self.page.set_paper(9)  # A4
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(0)
        self.page.ignore_errors({"number_stored_as_text": f"A1:XFD{_LAST_ROW + 1}"})

    def _column(self, at: int, column: Column) -> None:
        self.page.set_column(at, at, column.width, self.cells[column.style])
        self.page.write_string(0, at, legal(column.heading), self.required if column.required else self.head)
        if column.note:
            self.page.write_comment(0, at, legal(column.note), {"x_scale": 1.5})
        if column.words and self.sheet.blank:
            self.page.data_validation(1, at, len(self.sheet.rows) + self.sheet.blank, at, _choice(column))

    def _cell(self, number: int, at: int, cell: Cell) -> None:
        if cell is None:
            return
        styles = self.faint if self.sheet.faint else self.cells
        style = styles[self.sheet.columns[at].style]
        if isinstance(cell, date) and (cell.date() if isinstance(cell, datetime) else cell) < _FIRST_DAY:
            cell = cell.isoformat(*([" ", "minutes"] if isinstance(cell, datetime) else []))
        if isinstance(cell, str):
            self.page.write_string(number, at, legal(cell), style)
        elif isinstance(cell, date):
            self.page.write_datetime(number, at, cell, style)
        else:
            self.page.write_number(number, at, cell, style)


def _choice(column: Column) -> dict[str, object]:
    return {
        "validate": "list",
        "source": f"={column.words_at}" if column.words_at else list(column.words),
        "error_title": legal(column.heading)[:32],
        "error_message": CHOOSE,
    }
