"""ODS: a sheet's cells from content.xml, streamed.

Read here and not by calamine, which gives a blank for a formula error, 0 for one that an older LibreOffice stored, a
blank for text without a type, and no merged ranges. Formulas are never evaluated. Prefixes are those that ODF names.

Source of the rules: OpenDocument 1.3 part 3, sections 9.1 (tables, repeats, spans) and 19.385 (value types).
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from datetime import datetime
from xml.parsers.expat import ParserCreate

from sqdash.importers.numbers import UNCALCULATED
from sqdash.importers.sheet import MOST_COLUMNS, MOST_ROWS
from sqdash.importers.workbooks_grid import MOST_CELLS, MOST_MERGED, Grid, Refused, Row, bounded, empty, unknown
from sqdash.importers.workbooks_text import MIDNIGHT, iso_duration, moment, number, percent

_CELLS = ("table:table-cell", "table:covered-table-cell")
_FOREIGN = ("office:annotation", "text:ruby-text", "table:table", "table:shapes")  # in a cell, not of it
_ERRORS = ("#", "Err:")
_CLOCK = re.compile("[0-9]{1,2}:[0-9]{2}")
_DAY = len("2014-11-22")


def read(packed: zipfile.ZipFile, sheet: str | None) -> Grid:
    """The sheet asked for, else the first visible one with content; :class:`Refused` when there is none."""
    content = _Content(sheet)
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = content.start
    parser.EndElementHandler = content.end
    parser.CharacterDataHandler = content.text
    with packed.open("content.xml") as stream:
        parser.ParseFile(stream)
    if content.chosen is None:
        raise empty() if sheet is None or sheet in content.names else unknown(sheet, content.names)
    return Grid(content.chosen, content.others, content.merged, bounded(content.rows), hidden=content.hidden_rows)


class _Content:
    """Handlers of the parser: collects the rows of the sheet that is wanted and the names of the others."""

    def __init__(self, wanted: str | None) -> None:
        self.wanted = wanted
        self.names: list[str] = []
        self.others: list[str] = []
        self.chosen: str | None = None
        self.rows: list[Row] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self._hidden: set[str] = set()
        self._style = ""
        self._table: str | None = None
        self._row = 1
        self._total = 0
        self._cells: list[str] = []
        self._column = 0
        self._row_repeat = 1
        self._row_hidden = False
        self._cell: dict[str, str] | None = None
        self._said: list[str] = []
        self._paragraphs = 0
        self._skipping = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""
        if self._skipping:
            self._skipping += 1
        elif self._cell is not None:
            self._inside(name, given)
        elif name in _CELLS and self._table is not None:
            self._cell, self._said, self._paragraphs = given, [], 0
        elif name == "table:table-row":
            self._cells, self._column = [], 0
            self._row_repeat = _count(given, "table:number-rows-repeated")
            self._row_hidden = given.get("table:visibility") in ("collapse", "filter")
        elif name == "table:table":
            self._begin(given)
        elif name == "style:style":
            self._style = given.get("style:name", "")
        elif name == "style:table-properties" and given.get("table:display") == "false":
            self._hidden.add(self._style)

    def _inside(self, name: str, given: dict[str, str]) -> None:
        if name == "text:p":
            self._paragraphs += 1
            if self._paragraphs > 1:
                self._said.append("\n")
        elif name == "text:s":
            self._said.append(" " * min(_count(given, "text:c"), 1_000))
        elif name == "text:tab":
            self._said.append("\t")
        elif name == "text:line-break":
            self._said.append("\n")
        elif name.startswith("draw:") or name in _FOREIGN:
            self._skipping = 1

    def text(self, said: str) -> None:
        """Characters: kept inside a cell's paragraphs only."""
        if self._paragraphs and self._cell is not None and not self._skipping:
            self._said.append(said)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._skipping:
            self._skipping -= 1
        elif self._cell is not None:
            if name in _CELLS:
                self._take(self._cell, "".join(self._said))
                self._cell, self._paragraphs = None, 0
        elif name == "table:table-row" and self._table is not None:
            self._close_row()
        elif name == "table:table":
            self._table = None

    def _begin(self, given: dict[str, str]) -> None:
        """A sheet begins; of hidden ones only the one asked for by name is read."""
        name = given.get("table:name")
        visible = given.get("table:style-name") not in self._hidden
        if name is None:  # the memory of a DDE link
            return
        if visible:
            self.names.append(name)
        if visible or name == self.wanted:
            self._table, self._row = name, 1

    def _take(self, given: dict[str, str], said: str) -> None:
        repeat = _count(given, "table:number-columns-repeated")
        text = _value(given, said)
        if text and self._is_wanted():
            if self._column + repeat > MOST_COLUMNS:
                raise Refused(f"超過 {MOST_COLUMNS:,} 欄，請刪去不需要的欄再上傳。")
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells.extend([text] * repeat)
        elif text and self._table not in self.others:
            self.others.append(self._table or "")
        if "table:number-columns-spanned" in given or "table:number-rows-spanned" in given:
            self._note_span(given)
        self._column += repeat

    def _is_wanted(self) -> bool:
        """Whether this sheet is the one to read: a cell that holds something settles it."""
        if self.chosen is None and self.wanted in (None, self._table):
            self.chosen = self._table
        return self.chosen == self._table

    def _note_span(self, given: dict[str, str]) -> None:
        down, across = _count(given, "table:number-rows-spanned"), _count(given, "table:number-columns-spanned")
        if (down > 1 or across > 1) and self.chosen == self._table:
            if len(self.merged) >= MOST_MERGED:
                raise Refused(f"合併的儲存格超過 {MOST_MERGED:,} 處，請取消合併後再上傳。")
            self.merged.append((self._row, self._column, self._row + down - 1, self._column + across - 1))

    def _close_row(self) -> None:
        last = self._row + self._row_repeat - 1
        if self._cells and self.chosen == self._table:
            self._total += len(self._cells) * self._row_repeat
            if last > MOST_ROWS + 1:
                raise Refused(f"超過 {MOST_ROWS:,} 列，請分成幾個檔案再上傳。")
            if self._total > MOST_CELLS:
                raise Refused(f"超過 {MOST_CELLS:,} 個儲存格，請分成幾個檔案再上傳。")
            self.rows += [(at, self._cells) for at in range(self._row, last + 1)]
            self.hidden_rows += range(self._row, last + 1) if self._row_hidden else ()
        self._cells, self._row = [], last + 1


def _count(given: dict[str, str], name: str) -> int:
    text = given.get(name)
    if text is None:
        return 1
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _value(given: dict[str, str], said: str) -> str:
    """The cell's text by its declared type; a failed or never calculated formula says so and is never a number."""
    kind = given.get("office:value-type") or given.get("calcext:value-type")
    formula = "table:formula" in given
    if given.get("calcext:value-type") == "error" or (formula and said.startswith(_ERRORS)):
        return said or UNCALCULATED
    match kind:
        case "float" | "currency" | "percentage":
            stated = given.get("office:value")
            if not stated:
                return UNCALCULATED if formula else said
            return percent(float(stated)) if kind == "percentage" else number(float(stated))
        case "date":
            return _date(given.get("office:date-value", said), said)
        case "time":
            return iso_duration(given.get("office:time-value", said))
        case "boolean":
            return {"true": "1", "false": "0"}.get(given.get("office:boolean-value", ""), said)
        case "string":
            return given.get("office:string-value") or said
    return said or (UNCALCULATED if formula else "")


def _date(stated: str, said: str) -> str:
    """The day, with its time where that is not midnight or where the cell shows it."""
    with suppress(ValueError):
        found = moment(datetime.fromisoformat(stated).replace(tzinfo=None))
        return found + MIDNIGHT if len(found) == _DAY and _CLOCK.search(said) else found
    return stated
