"""What an XLSX sheet says that calamine leaves out: formulas that failed or wait, what formats show, hidden rows.

calamine gives a blank for an error and for a formula without a value; of formats see
:mod:`sqdash.importers.workbooks_formats`. The sheet's XML is parsed only when a quick look finds such a cell.

Source of the rules: ECMA-376 part 1, sections 18.3.1.4 (c), 18.8.10 (cellXfs), 18.2.2 (calcPr).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from xml.parsers.expat import ParserCreate

from sqdash.importers.numbers import UNCALCULATED
from sqdash.importers.workbooks_formats import BUILT_IN, Shows, shows, written
from sqdash.importers.workbooks_grid import Refused

Marks = dict[int, dict[int, str]]
"""Row (from 1) → column (from 0) → the text that stands there."""


class Looked(NamedTuple):
    """The marks of a sheet; ``sure``: whether every formula tells that it was calculated; ``hidden``: rows that
    are hidden or filtered away, whether anything is in them or not."""

    marks: Marks
    sure: bool = True
    hidden: Sequence[int] = ()


_CHUNK = 1 << 20
_OVERLAP = 512  # longer than any sign that is looked for
_HIDDEN_ROW = re.compile(rb"""<(?:\w{1,9}:)?row\b[^<>]{0,400}\bhidden=["'](?:1|true)["']""")
_SIGNS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b't="e"', b"t='e'")
_TRUE = ("1", "true")


def read(packed: zipfile.ZipFile, sheet: str) -> Looked:
    """What the sheet of that name says; :class:`Refused` when the workbook does not say where it is."""
    parts = {part.filename.replace("\\", "/").lower(): part.filename for part in packed.infolist()}
    book, links, styles = _Book(), _Links(), _Styles()
    _parse(packed, _part(parts, "xl/workbook.xml"), book)
    _parse(packed, _part(parts, "xl/_rels/workbook.xml.rels"), links)
    if "xl/styles.xml" in parts:
        _parse(packed, parts["xl/styles.xml"], styles)
    target = posixpath.join("/xl", links.targets.get(book.sheets.get(sheet, ""), ""))
    part = _part(parts, posixpath.normpath(target).lstrip("/").lower())
    cells = _Cells(book, styles.shown())
    if _worth_it(packed, part, cells.styles):
        _parse(packed, part, cells)
    return Looked(cells.marks, hidden=tuple(cells.hidden))


def _part(parts: dict[str, str], path: str) -> str:
    if path not in parts:
        raise Refused("的內部結構不完整，請以試算表軟體開啟後另存再上傳。")
    return parts[path]


def _worth_it(packed: zipfile.ZipFile, part: str, styles: Mapping[str, Shows]) -> bool:
    """Whether the sheet's bytes hold a formula, an error, a hidden row, one of the styles, or, of one that shows
    moments, a whole number: a look, not a parse."""
    moments = sorted(style for style, shown in styles.items() if shown == "moment")
    which = "|".join(moments).encode()
    midnight = re.compile(rb"""\bs=["'](?:%b)["'][^<>]{0,32}>\s{0,8}<(?:\w{1,9}:)?v>\d{1,9}(?:\.0{1,9})?<""" % which)
    others = sorted(styles.keys() - moments)
    signs = [*_SIGNS, *(f"s={quote}{style}{quote}".encode() for style in others for quote in "\"'")]
    before = b""
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            looked_at = before + chunk
            if any(sign in looked_at for sign in signs) or _HIDDEN_ROW.search(looked_at):
                return True
            if moments and midnight.search(looked_at):
                return True
            before = looked_at[-_OVERLAP:]
    return False


class _Handler:
    """Handlers of the parser that do nothing."""

    def start(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, said: str) -> None:
        """Characters."""


def _parse(packed: zipfile.ZipFile, part: str, handler: _Handler) -> None:
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    with packed.open(part) as stream:
        parser.ParseFile(stream)


@lru_cache(maxsize=64)  # asked for every element of a sheet
def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Book(_Handler):
    """Sheets by name, the day from which serial numbers count, and whether formulas are still to be calculated."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.since_1904 = False
        self.to_calculate = False

    def start(self, name: str, given: dict[str, str]) -> None:
        match _local(name):
            case "sheet":
                link = next((value for key, value in given.items() if _local(key) == "id"), "")
                self.sheets[given.get("name", "")] = link
            case "workbookPr":
                self.since_1904 = given.get("date1904") in _TRUE
            case "calcPr":
                self.to_calculate = given.get("fullCalcOnLoad") in _TRUE


class _Links(_Handler):
    """The workbook's relations: id → path, which is relative to ``xl/`` or absolute."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}

    def start(self, name: str, given: dict[str, str]) -> None:
        self.targets[given.get("Id", "")] = given.get("Target", "")


class _Styles(_Handler):
    """Number formats by their codes, and the format of each cell style."""

    def __init__(self) -> None:
        self._codes = {str(number): code for number, code in BUILT_IN.items()}
        self._formats: list[str] = []
        self._of_cells = False

    def start(self, name: str, given: dict[str, str]) -> None:
        match _local(name):
            case "numFmt":
                self._codes.setdefault(given.get("numFmtId", ""), given.get("formatCode", ""))
            case "cellXfs":
                self._of_cells = True
            case "xf" if self._of_cells:
                self._formats.append(given.get("numFmtId", ""))

    def end(self, name: str) -> None:
        if _local(name) == "cellXfs":
            self._of_cells = False

    def shown(self) -> dict[str, Shows]:
        """Number of a style → what its format shows, where that is not its value."""
        found = {str(at): shows(self._codes.get(wanted, "")) for at, wanted in enumerate(self._formats)}
        return {style: shown for style, shown in found.items() if shown}


class _Cells(_Handler):
    """Collects the marks of a sheet; a cell without an address stands right of the one before it."""

    def __init__(self, book: _Book, styles: Mapping[str, Shows]) -> None:
        self.marks: Marks = {}
        self.styles = styles
        self.hidden: list[int] = []
        self._book = book
        self._row, self._column = 0, -1
        self._cell: dict[str, str] | None = None
        self._formula = False
        self._value: str | None = None
        self._reading = False

    def start(self, name: str, given: dict[str, str]) -> None:
        match _local(name):
            case "c":
                self._cell, self._formula, self._value = given, False, None
                self._locate(given.get("r", ""))
            case "row":
                self._row = int(given["r"]) if "r" in given else self._row + 1
                self._column = -1
                if given.get("hidden") in _TRUE:
                    self.hidden.append(self._row)
            case "f" if self._cell is not None:
                self._formula = True
            case "v" if self._cell is not None:
                self._value, self._reading = "", True

    def text(self, said: str) -> None:
        if self._reading:
            self._value = (self._value or "") + said

    def end(self, name: str) -> None:
        match _local(name):
            case "v":
                self._reading = False
            case "c" if self._cell is not None:
                mark = self._mark(self._cell.get("t", "n"), self._cell.get("s", "0"))
                if mark is not None:
                    self.marks.setdefault(self._row, {})[self._column] = mark
                self._cell = None

    def _locate(self, address: str) -> None:
        letters = address.rstrip("0123456789")
        if not letters:
            self._column += 1
            return
        self._row = int(address[len(letters) :])
        self._column = -1
        for letter in letters.upper():
            self._column = (self._column + 1) * 26 + ord(letter) - ord("A")

    def _mark(self, kind: str, style: str) -> str | None:
        value = (self._value or "").strip()
        if kind == "e":
            return value or UNCALCULATED
        if self._formula and self._is_uncalculated(kind, value):
            return UNCALCULATED
        if kind == "n" and value and (shown := self.styles.get(style)):
            return written(float(value), shown, since_1904=self._book.since_1904)
        return None

    def _is_uncalculated(self, kind: str, value: str) -> bool:
        """No value; or the 0 that writers store in a workbook that asks to be calculated when it is opened.

        An empty text is a value: Excel stores it so for ``=""``.
        """
        if kind == "str" and self._value is not None:
            return False
        return not value or (kind == "n" and value == "0" and self._book.to_calculate)
