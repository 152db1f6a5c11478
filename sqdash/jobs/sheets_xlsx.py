"""Sheets as XLSX, by XlsxWriter: texts as strings only, never formulas or links. Knows no template."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqdash.jobs.sheet_shapes import CHOOSE, MADE, Cell, Column, Sheet, legal

Format = Any  # XlsxWriter's classes: the library declares no types
Worksheet = Any
Workbook = Any
_LAST_ROW = 1_048_575
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
    """Writes one sheet. ``cells``, ``faint``: (for texts, for numbers)."""

    sheet: Sheet
    page: Worksheet
    head: Format
    required: Format
    cells: tuple[Format, Format]
    faint: tuple[Format, Format]

    @classmethod
    def on(cls, book: Workbook, sheet: Sheet) -> _Writer:
        base = {"valign": "top", "text_wrap": sheet.wrap}
        grey = base | {"italic": True, "font_color": "#595959"}
        return cls(
            sheet,
            book.add_worksheet(sheet.name),
            book.add_format(_HEAD | {"bg_color": "#E7ECEF"}),
            book.add_format(_HEAD | {"bg_color": "#FFE08A"}),
            # Numbers are General: under a number format Excel takes 6/10 for 45,818 and 94.4% for 0.94 and shows
            # neither, under General it shows a date and a percentage, which the reader refuses by name.
            (book.add_format(base | {"num_format": "@"}), book.add_format(base)),
            (book.add_format(grey | {"num_format": "@"}), book.add_format(grey)),
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
        self.page.set_column(at, at, column.width, self.cells[not column.text])
        self.page.write_string(0, at, legal(column.heading), self.required if column.required else self.head)
        if column.note:
            self.page.write_comment(0, at, legal(column.note), {"x_scale": 1.5})
        if column.words and self.sheet.blank:
            self.page.data_validation(1, at, len(self.sheet.rows) + self.sheet.blank, at, _choice(column))

    def _cell(self, number: int, at: int, cell: Cell) -> None:
        if cell is None:
            return
        styles = self.faint if self.sheet.faint else self.cells
        style = styles[not self.sheet.columns[at].text]
        if isinstance(cell, str):
            self.page.write_string(number, at, legal(cell), style)
        else:
            self.page.write_number(number, at, cell, style)


def _choice(column: Column) -> dict[str, object]:
    return {
        "validate": "list",
        "source": f"={column.words_at}" if column.words_at else list(column.words),
        "error_title": legal(column.heading)[:32],
        "error_message": CHOOSE,
    }
