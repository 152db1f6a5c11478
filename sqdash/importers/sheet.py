"""A table of text cells as it was read from a file, before anyone knows what its columns mean.

The limits hold for every kind of file, so that a hostile or broken one costs a sentence and no more. This module
knows neither how a file is decoded nor what its headings say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MOST_BYTES = 100_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 2_000
MOST_CELL = 65_536
XLS_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a compound file begins: XLS, and other documents of its time."""
_PACKED_MAGIC = b"PK\x03\x04"
_INSIDE = (_PACKED_MAGIC, b"PK\x01\x02", b"PK\x05\x06", "Root Entry".encode("utf-16-le"))
"""What stands within packed and compound files, and in no text."""
GUIDE = "填寫說明"
"""The sheet of our templates that explains the first one; it holds no data."""


def is_workbook(start: bytes) -> bool:
    """Whether a file that begins so is packed or an old compound file, whatever it is called."""
    return start.startswith((_PACKED_MAGIC, XLS_MAGIC))


def was_workbook(pieces: Iterable[bytes]) -> bool:
    """Whether a file that begins otherwise is what is left of one."""
    before = b""
    for piece in pieces:
        looked_at = before + piece
        if any(sign in looked_at for sign in _INSIDE):
            return True
        before = looked_at[-max(map(len, _INSIDE)) :]
    return False


@dataclass(slots=True)
class Sheet:
    """``rows`` is a stream, read once: (row number in the file, cells); row 1 is the first record, blank rows are left
    out but counted. It may raise :class:`sqdash.errors.DataError` at any row.

    ``kind``: csv, tsv, xlsx, ods, xls; ``encoding``: name of the character set, or the kind for a workbook.
    ``notes``: sentences about the reading that a person should see (characters that could not be read, other sheets …).
    ``sheet``: name of the sheet that was read, ``sheets``: those that could be. ``merged``: (first row, first column,
    last row, last column) of each merged range, rows from 1 and columns from 0; workbooks only.
    """

    kind: str
    encoding: str
    rows: Iterator[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
