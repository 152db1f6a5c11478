"""What tells one state of a store's file from another, told without opening the store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from sqdash.errors import StoreUnusable

_JOURNALED, _COUNTER = slice(18, 20), slice(24, 28)
"""Where a file's header says how it is written, and where SQLite counts its changes (sqlite.org/fileformat.html)."""


class Mark(NamedTuple):
    """Device, number, size, time of the last change (ns), and SQLite's own counter of changes; ``counted``: each commit
    raises that counter, of whatever process. With a write-ahead log it may stand still, and says nothing."""

    device: int
    number: int
    size: int
    changed: int
    counter: int
    counted: bool

    def follows(self, earlier: Mark) -> bool:
        """Whether this is the earlier file as it was, or as SQLite wrote on it: its counter then went on."""
        if self[:2] != earlier[:2]:
            return False
        unknown = not self.counted and not earlier.counted
        return self == earlier or self.counter > earlier.counter or (self.counter == earlier.counter and unknown)


def of(path: Path) -> Mark:
    """The mark of the file that stands there now; :class:`StoreUnusable` where it cannot be read."""
    try:
        with path.open("rb", buffering=0) as file:
            header, stands = file.read(_COUNTER.stop), os.fstat(file.fileno())
    except OSError as error:
        raise StoreUnusable(f"無法讀取資料庫「{path}」，請檢查檔案權限。") from error
    counted = len(header) == _COUNTER.stop and header[_JOURNALED] == b"\x01\x01"
    counter = int.from_bytes(header[_COUNTER], "big")
    return Mark(stands.st_dev, stands.st_ino, stands.st_size, stands.st_mtime_ns, counter, counted)


def vouching(path: Path) -> Mark | None:
    """A mark that is another one after each commit; None where that cannot be told.

    Taken before a look, it may vouch for what the look found as long as it stays the same.
    """
    try:
        found = of(path)
    except StoreUnusable:
        return None
    return found if found.counted else None
