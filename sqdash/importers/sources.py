"""Where a file's bytes come from: a path or an upload held in memory, read as often as needed.

A name from outside is never used as a path; it is cleaned here, once, for showing. This module knows no file format.
"""

from __future__ import annotations

import hashlib
import io
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sqdash.errors import DataError

_LONGEST_NAME = 120
_UNNAMED = "未命名檔案"


class Bytes:
    """A file's bytes: ``Bytes(path)``, or ``Bytes(name, data)`` for an upload.

    ``name`` is for showing: no path parts, no control or direction characters, at most 120 characters. ``path`` is
    None for an upload. A file that cannot be read raises :class:`DataError` from every member but these two.
    """

    __slots__ = ("_data", "name", "path")

    def __init__(self, source: Path | str, data: bytes | None = None) -> None:
        self.path = Path(source) if data is None else None
        self.name = shown_name(str(source))
        self._data = data

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self._data or b"") if self.path is None else _size(self.path)

    def open(self) -> BinaryIO:
        """A fresh stream at the first byte; the caller closes it."""
        if self.path is None:
            return io.BytesIO(self._data or b"")
        _size(self.path)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise _unreadable(self.path) from error

    def chunks(self, size: int = 1 << 18) -> Iterator[bytes]:
        """All bytes in pieces of ``size``, the last one shorter."""
        with self.open() as stream:
            while chunk := stream.read(size):
                yield chunk

    def sha256(self) -> str:
        """The content's SHA-256 in hexadecimal digits."""
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest()


def shown_name(name: str) -> str:
    """The last part of a path, harmless to show: ``../../evil\\u202e.csv`` is ``evil.csv``."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    visible = " ".join(_visible(last).split())
    if not visible.strip("."):
        return _UNNAMED
    if len(visible) <= _LONGEST_NAME:
        return visible
    ending = Path(visible).suffix[:10]
    return visible[: _LONGEST_NAME - 1 - len(ending)] + "…" + ending


def _visible(text: str) -> str:
    """Without control, format (direction, zero width), surrogate and line-separating characters."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))


def _size(path: Path) -> int:
    """Of a regular file: a directory has no bytes, and a pipe's writer may never come."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise _unreadable(path) from error
    if not stat.S_ISREG(found.st_mode):
        raise _unreadable(path)
    return found.st_size


def _unreadable(path: Path) -> DataError:
    return DataError(f"無法讀取檔案「{_visible(str(path))}」，請檢查路徑與權限。")
