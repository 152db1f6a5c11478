"""What an XLS sheet says that calamine leaves out: formulas that failed or wait, what formats show, hidden rows.

calamine gives a blank for the first two; of formats see :mod:`sqdash.importers.workbooks_formats`. The records of the
workbook are walked over, a bounded number of them; nothing but cells of these kinds is looked into. Runs in the child
process of :mod:`sqdash.importers.workbooks`.

Source of the rules: [MS-XLS] 2.4.28 (BoundSheet8), 2.4.24 (BoolErr), 2.4.127 (Formula), 2.5.133 (FormulaValue),
2.4.331 (Uncalced), RecalcId, 2.4.126 (Format), 2.4.353 (XF), 2.4.77 (Date1904), 2.4.180 (Number), 2.4.220 (RK),
2.4.175 (MulRk), 2.5.217 (RkNumber), 2.4.221 (Row). Which flags a formula has when its writer cannot calculate:
measured on xlwt (a blank, no flag); LibreOffice calculates and sets ``fCalcOnLoad`` on every formula.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqdash.importers.numbers import UNCALCULATED
from sqdash.importers.workbooks_compound import Endless, Unreadable, stream
from sqdash.importers.workbooks_formats import BUILT_IN, shows, written
from sqdash.importers.workbooks_grid import Refused
from sqdash.importers.workbooks_marks import Looked, Marks

MOST_RECORDS = 12_000_000
MOST_MARKS = 1_000_000
_BOF, _EOF, _FORMULA, _BOOLERR = 0x0809, 0x000A, 0x0006, 0x0205
_BOUNDSHEET, _FILEPASS, _RECALCID, _UNCALCED = 0x0085, 0x002F, 0x01C1, 0x005E
_FORMAT, _XF, _DATE1904 = 0x041E, 0x00E0, 0x0022
_ROW, _UNSEEN = 0x0208, 0x20
_NUMBER, _RK, _MULRK = 0x0203, 0x027E, 0x00BD
_OF_BOOK: Final = frozenset({_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _RECALCID, _FORMAT, _XF, _DATE1904})
_OF_SHEET: Final = frozenset({_BOF, _EOF, _ROW, _FORMULA, _BOOLERR, _UNCALCED})
_NUMBERS: Final = frozenset({_NUMBER, _RK, _MULRK})
_BIFF8: Final = b"\x00\x06"
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"
}  # fmt: skip
_ERROR, _BLANK = 2, 3
_ALWAYS, _ON_LOAD = 1, 2
_CUT_OFF = "的工作表在中途斷掉，檔案已損壞，請以試算表軟體開啟、核對列數後另存再上傳。"
Record = tuple[int, bytes]


class _CutOff(Unreadable):
    """What began as it should ends within a record, or before its EOF."""


def look(path: Path, sheet: str) -> Looked | None:
    """What the sheet of that name says; None where the file cannot be walked over. :class:`Refused` where the sheet
    breaks off: calamine would give the rows before that as if they were all."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            records = stream(content, "Workbook")
        book = _Book(records)
        return _Sheet(book).walk(records, book.sheets[sheet])
    except _CutOff as error:
        raise Refused(_CUT_OFF) from error
    except (ValueError, struct.error, KeyError, OSError, MemoryError):
        return None


def require_ends(path: Path) -> None:
    """:class:`Endless` for a file whose sectors follow each other in a circle: calamine would go round until the memory
    is full. What else may be wrong with it is calamine's to say."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        try:
            stream(content, "Workbook")
        except Endless:
            raise
        except Unreadable:
            return


def _records(data: bytes, at: int, wanted: frozenset[int]) -> Iterator[Record]:
    """The wanted records from a BOF on to its EOF; of what is embedded (charts) only their BOF and EOF.

    :class:`Unreadable` for another version, a record that reaches beyond the end, and too many records.
    """
    depth = 0
    for _ in range(MOST_RECORDS):
        kind, size = struct.unpack_from("<HH", data, at) if at + 4 <= len(data) else (_EOF, len(data))
        body, at = at + 4, at + 4 + size
        if at > len(data):
            raise _CutOff if depth else Unreadable
        if not depth and kind != _BOF:
            raise Unreadable
        if kind not in wanted:
            continue
        if kind == _BOF and data[body : body + 2] != _BIFF8:
            raise Unreadable
        depth += (kind == _BOF) - (kind == _EOF)
        if not depth:
            return
        if depth == 1:
            yield kind, data[body:at]
    raise Unreadable


class _Book:
    """Where each sheet begins, whether a program that calculates wrote the workbook last, and what its cells' formats
    show (the number of a format record → what it shows)."""

    def __init__(self, data: bytes) -> None:
        self.sheets: dict[str, int] = {}
        self.calculated = self.since_1904 = False
        codes, of_cells = dict(BUILT_IN), list[int]()
        for kind, body in _records(data, 0, _OF_BOOK):
            if kind == _FILEPASS:
                raise Unreadable
            if kind == _RECALCID:
                self.calculated = any(body[4:8])
            elif kind == _BOUNDSHEET:
                (at, _, _, length, wide) = struct.unpack_from("<IBBBB", body)
                self.sheets[_text(body[8:], length, wide)] = at
            elif kind == _DATE1904:
                self.since_1904 = any(body)
            elif kind == _FORMAT:
                number, length, wide = struct.unpack_from("<HHB", body)
                codes[number] = _text(body[5:], length, wide)
            elif kind == _XF:
                of_cells.append(struct.unpack_from("<H", body, 2)[0])
        found = {at: shows(codes.get(number, "")) for at, number in enumerate(of_cells)}
        self.formats = {at: shown for at, shown in found.items() if shown}


def _text(body: bytes, length: int, wide: int) -> str:
    """The text that begins there: two bytes a character where ``wide`` says so, else one."""
    return body[: length * (1 + (wide & 1))].decode("utf-16-le" if wide & 1 else "latin-1", "replace")


class _Sheet:
    """Collects the marks of one sheet."""

    def __init__(self, book: _Book) -> None:
        self.book = book
        self.pending = False
        self.marks: Marks = {}
        self.sure = True
        self.hidden: list[int] = []
        self._count = 0

    def walk(self, data: bytes, at: int) -> Looked:
        """The records of the sheet that begins there."""
        for kind, body in _records(data, at, _OF_SHEET | (_NUMBERS if self.book.formats else frozenset())):
            if kind == _FORMULA:
                row, column, form, result, flags = struct.unpack_from("<HHH8sH", body)
                number = None if result[6:] == b"\xff\xff" else struct.unpack("<d", result)[0]
                self._mark(row, column, self._said(result, flags) or self._shown(form, number))
            elif kind == _BOOLERR:
                row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
                self._mark(row, column, _ERRORS.get(value, UNCALCULATED) if is_error else None)
            elif kind == _UNCALCED:
                self.pending, self.sure = True, False
            elif kind == _ROW:
                row, flags = struct.unpack_from("<H10xH", body)
                if flags & _UNSEEN:
                    self.hidden.append(row + 1)
            elif kind in _NUMBERS:
                for row, column, form, value in _numbers(kind, body):
                    self._mark(row, column, self._shown(form, value))
        return Looked(self.marks, self.sure, tuple(self.hidden))

    def _shown(self, form: int, value: float | None) -> str | None:
        """What the cell shows under its format, where that is not its value."""
        shown = self.book.formats.get(form)
        return None if value is None or shown is None else written(value, shown, since_1904=self.book.since_1904)

    def _mark(self, row: int, column: int, mark: str | None) -> None:
        if mark is None:
            return
        self._count += 1
        if self._count > MOST_MARKS:
            raise Unreadable
        self.marks.setdefault(row + 1, {})[column] = mark

    def _said(self, result: bytes, flags: int) -> str | None:
        """The error of a formula, or that it was never calculated; None for any other result."""
        special = result[6:] == b"\xff\xff"
        if special and result[0] == _ERROR:
            return _ERRORS.get(result[2], UNCALCULATED)
        if any(result) and not (special and result[0] == _BLANK):
            return None
        return UNCALCULATED if self._is_uncalculated(flags & (_ALWAYS | _ON_LOAD), blank=special) else None

    def _is_uncalculated(self, flags: int, *, blank: bool) -> bool:
        """Whether a 0 or an empty text is no result. Where nothing tells, ``sure`` ends."""
        if self.pending:
            return True
        if self.book.calculated:
            return False
        if flags == _ALWAYS | _ON_LOAD or (blank and not flags):
            return True
        self.sure = False
        return False


def _numbers(kind: int, body: bytes) -> Iterator[tuple[int, int, int, float]]:
    """Row, column (both from 0), format and value of the cells of a record of numbers."""
    row, column, form = struct.unpack_from("<HHH", body)
    if kind == _NUMBER:
        yield row, column, form, struct.unpack_from("<d", body, 6)[0]
    elif kind == _RK:
        yield row, column, form, _short(*struct.unpack_from("<I", body, 6))
    else:
        for n, (form, value) in enumerate(struct.iter_unpack("<HI", body[4:-2])):
            yield row, column + n, form, _short(value)


def _short(value: int) -> float:
    """A number in four bytes: a whole one or the upper half of a double, perhaps to be divided by a hundred."""
    whole = (value >> 2) - (1 << 30 if value & 1 << 31 else 0)
    number = whole if value & 2 else struct.unpack("<d", struct.pack("<Q", (value & 0xFFFFFFFC) << 32))[0]
    return float(number / 100 if value & 1 else number)
