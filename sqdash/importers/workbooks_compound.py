"""A stream of an old compound file (OLE2), put together from its sectors.

Runs in the child process of :mod:`sqdash.importers.workbooks`; knows no records. Every chain is as long as the file
has sectors at most, so that a file that points in circles ends.

Source of the rules: [MS-CFB] 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.5 (DIFAT), 2.6 (directory).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from mmap import mmap
from typing import Final

from sqdash.importers.sheet import XLS_MAGIC

_HEADER: Final = 512
_FIRST_SPECIAL: Final = 0xFFFFFFFA
_END_OF_CHAIN: Final = 0xFFFFFFFE
_ENTRY: Final = 128
_STREAM, _ROOT = 2, 5
_MINI: Final = 64


class Unreadable(ValueError):
    """The file is not what it should be; nobody is told why."""


class Endless(Unreadable):
    """A chain of sectors runs in a circle; who follows it as it stands fills the memory."""


def stream(content: bytes | mmap, name: str) -> bytes:
    """The stream of that name right below the root; :class:`Unreadable` for a file that is not whole."""
    try:
        return _Compound(content).stream(name)
    except Endless:
        raise
    except (struct.error, ValueError) as error:
        raise Unreadable from error


class _Compound:
    """The sectors of one file and which follows which."""

    def __init__(self, content: bytes | mmap) -> None:
        if len(content) < _HEADER or content[: len(XLS_MAGIC)] != XLS_MAGIC:
            raise Unreadable
        self.content = content
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in (9, 12):
            raise Unreadable
        self.size = 1 << shift
        self.most = 2 * len(content) // (self.size * self.size // 4) + 8  # tables: twice what the file can need
        (self._tables, directory, self._cutoff, mini) = (
            struct.unpack_from("<I", content, at)[0] for at in (44, 48, 56, 60)
        )
        self.fat = self._table(list(self._fat_sectors()))
        self.mini_fat = self._table(self._chain(mini, self.fat, self.most)) if mini < _FIRST_SPECIAL else ()
        self.entries = self._whole(directory)

    def stream(self, name: str) -> bytes:
        """See :func:`stream`."""
        for at in self._children():
            (kind,) = struct.unpack_from("<B", self.entries, at + 66)
            if kind == _STREAM and self._name(at).casefold() == name.casefold():
                start, size = self._place(at)
                return self._small(start, size) if size < self._cutoff else self._whole(start, size)
        raise Unreadable

    # --- sectors

    def _sector(self, number: int) -> bytes:
        found = self.content[(number + 1) * self.size : (number + 2) * self.size]
        if not found:
            raise Unreadable
        return found

    def _fat_sectors(self) -> Iterator[int]:
        """The sectors that the FAT stands in: 109 are named in the header, the others in sectors of their own."""
        named: list[int] = [*struct.unpack_from("<109I", self.content, 76)]
        (following,) = struct.unpack_from("<I", self.content, 68)
        if self._tables > self.most:
            raise Unreadable
        while len(named) < self._tables and following < _FIRST_SPECIAL:
            *more, following = self._table([following])
            named += more
        yield from [number for number in named if number < _FIRST_SPECIAL][: self._tables]

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        joined = b"".join(map(self._sector, sectors))
        return struct.unpack(f"<{len(joined) // 4}I", joined)

    def _chain(self, start: int, table: tuple[int, ...], most: int | None = None) -> list[int]:
        """The numbers that follow each other from ``start`` on."""
        found: list[int] = []
        most = len(table) if most is None else most
        while start != _END_OF_CHAIN:
            if start >= len(table):
                raise Unreadable
            if len(found) >= most:
                raise Endless
            found.append(start)
            start = table[start]
        return found

    def _whole(self, start: int, size: int | None = None) -> bytes:
        """What stands in a chain of sectors; all ``size`` bytes of it must be there."""
        found = b"".join(map(self._sector, self._chain(start, self.fat)))
        if size is not None and len(found) < size:
            raise Unreadable
        return found if size is None else found[:size]

    def _small(self, start: int, size: int) -> bytes:
        """A stream below the header's limit stands in sectors of 64 bytes, which the root's own stream holds."""
        holder = self._whole(*self._place(0))
        parts = [holder[number * _MINI : (number + 1) * _MINI] for number in self._chain(start, self.mini_fat)]
        if len(found := b"".join(parts)) < size:
            raise Unreadable
        return found[:size]

    # --- the directory

    def _place(self, at: int) -> tuple[int, int]:
        """Where the stream of a directory entry begins, and its length in bytes."""
        start, size = struct.unpack_from("<II", self.entries, at + 116)
        return start, size

    def _name(self, at: int) -> str:
        (length,) = struct.unpack_from("<H", self.entries, at + 64)
        return self.entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")

    def _children(self) -> Iterator[int]:
        """The entries right below the root, which is the first: a tree of siblings. What is embedded is deeper."""
        if struct.unpack_from("<B", self.entries, 66) != (_ROOT,):
            raise Unreadable
        waiting, seen = [struct.unpack_from("<I", self.entries, 76)[0]], set[int]()
        while waiting:
            number = waiting.pop()
            if number in seen or number >= len(self.entries) // _ENTRY:
                continue
            seen.add(number)
            yield number * _ENTRY
            waiting += struct.unpack_from("<II", self.entries, number * _ENTRY + 68)
