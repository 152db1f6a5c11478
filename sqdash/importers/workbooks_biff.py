"""What an XLS sheet says that calamine leaves out: failed and never calculated formulas.

calamine gives a blank for both. The records of the workbook are walked over, a bounded number of them; nothing but
cells of these two kinds is looked into. Runs in the child process of :mod:`sqdash.importers.workbooks`.

Source of the rules: [MS-XLS] 2.4.28 (BoundSheet8), 2.4.24 (BoolErr), 2.4.127 (Formula), 2.5.133 (FormulaValue),
2.4.331 (Uncalced), RecalcId. Which flags a formula has when its writer cannot calculate: measured on xlwt (a blank,
no flag); LibreOffice calculates and sets ``fCalcOnLoad`` on every formula.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from sqdash.importers.numbers import UNCALCULATED
from sqdash.importers.workbooks_compound import Endless, Unreadable, stream
from sqdash.importers.workbooks_grid import Refused
from sqdash.importers.workbooks_marks import Marks

MOST_RECORDS = 12_000_000
MOST_MARKS = 200_000
_BOF, _EOF, _FORMULA, _BOOLERR = 0x0809, 0x000A, 0x0006, 0x0205
_BOUNDSHEET, _FILEPASS, _RECALCID, _UNCALCED = 0x0085, 0x002F, 0x01C1, 0x005E
_WANTED: Final = frozenset({_BOF, _EOF, _FORMULA, _BOOLERR, _BOUNDSHEET, _FILEPASS, _RECALCID, _UNCALCED})
_BIFF8: Final = b"\x00\x06"
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"
}  # fmt: skip
_ERROR, _BLANK = 2, 3
_ALWAYS, _ON_LOAD = 1, 2
_CUT_OFF = "的工作表在中途斷掉，檔案已損壞，請以試算表軟體開啟、核對列數後另存再上傳。"
Record = tuple[int, bytes]


class Looked(NamedTuple):
    """The marks of a sheet; ``sure``: whether every formula tells that it was calculated."""

    marks: Marks
    sure: bool


class _CutOff(Unreadable):
    """A record reaches beyond the end of what began as it should."""


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


def _records(data: bytes, at: int) -> Iterator[Record]:
    """The wanted records from a BOF on to its EOF; of what is embedded (charts) only their BOF and EOF.

    :class:`Unreadable` for another version, a record that reaches beyond the end, and too many records.
    """
    depth = 0
    for _ in range(MOST_RECORDS):
        kind, size = struct.unpack_from("<HH", data, at)
        body, at = at + 4, at + 4 + size
        if at > len(data):
            raise _CutOff if depth else Unreadable
        if not depth and kind != _BOF:
            raise Unreadable
        if kind not in _WANTED:
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
    """Where each sheet begins, and whether a program that calculates wrote the workbook last."""

    def __init__(self, data: bytes) -> None:
        self.sheets: dict[str, int] = {}
        self.calculated = False
        for kind, body in _records(data, 0):
            if kind == _FILEPASS:
                raise Unreadable
            if kind == _RECALCID:
                self.calculated = any(body[4:8])
            elif kind == _BOUNDSHEET:
                (at, _, _, length, wide) = struct.unpack_from("<IBBBB", body)
                name = body[8 : 8 + length * (1 + (wide & 1))]
                self.sheets[name.decode("utf-16-le" if wide & 1 else "latin-1", "replace")] = at


class _Sheet:
    """Collects the marks of one sheet."""

    def __init__(self, book: _Book) -> None:
        self.calculated = book.calculated
        self.pending = False
        self.marks: Marks = {}
        self.sure = True
        self._count = 0

    def walk(self, data: bytes, at: int) -> Looked:
        """The records of the sheet that begins there."""
        for kind, body in _records(data, at):
            if kind == _FORMULA:
                row, column, _, result, flags = struct.unpack_from("<HHH8sH", body)
                self._mark(row, column, self._said(result, flags))
            elif kind == _BOOLERR:
                row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
                self._mark(row, column, _ERRORS.get(value, UNCALCULATED) if is_error else None)
            elif kind == _UNCALCED:
                self.pending, self.sure = True, False
        return Looked(self.marks, self.sure)

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
        if self.calculated:
            return False
        if flags == _ALWAYS | _ON_LOAD or (blank and not flags):
            return True
        self.sure = False
        return False
