"""What a file that looks like a workbook is, found from its directory alone: nothing is unpacked before it is bounded.

Runs in the child process of :mod:`sqdash.importers.workbooks`; knows no cells.
"""

from __future__ import annotations

import io
import mmap
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqdash.importers.sheet import XLS_MAGIC
from sqdash.importers.workbooks_grid import Refused

Kind = Literal["xlsx", "ods", "xls"]

MOST_PARTS = 5_000
MOST_UNPACKED = 300_000_000
MOST_RATIO = 200  # XML of tables reaches 30
_SMALL = 1_000_000  # a part below this harms nobody, whatever its ratio
_MOST_DIRECTORY = MOST_PARTS * 500
_ENCRYPTED = 0x1
_FIRST_RECORD = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # BOF of a workbook, 20 bytes in all
_PROTECTED = "有密碼保護，請先移除密碼再上傳。"
_DOCUMENT = "是文件檔，不是試算表，請把其中的表格貼到試算表另存後再上傳。"
_PICTURES = "是簡報檔，不是試算表，請把其中的表格貼到試算表另存後再上傳。"
_BINARY = "是二進位活頁簿（XLSB），請另存為 XLSX 或 ODS 再上傳。"
_ARCHIVE = "是壓縮檔但不是試算表，請先解開，再上傳其中的檔案。"
_OVERSIZED = f"解開後超過 {MOST_UNPACKED // 1_000_000} MB 或大得不合理，不是一般的資料表，請確認來源。"
_DAMAGED = "的壓縮內容已損壞，請重新匯出再上傳。"
_OLD_DOCUMENT = "是舊格式檔案，但找不到其中的活頁簿，不是試算表或已損壞，請以試算表軟體另存為 XLSX 或 ODS 再上傳。"


def kind(path: Path) -> Kind:
    """The workbook's kind by its content; :class:`Refused` for a bomb, a protected file or something else packed."""
    with path.open("rb") as stream:
        if stream.read(len(XLS_MAGIC)) == XLS_MAGIC:
            return _old(path)
    with opened(path) as packed:
        parts = packed.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Refused(_OVERSIZED)
        if any(_inflated(part) for part in parts):
            raise Refused(_OVERSIZED)
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise Refused(_PROTECTED)
        return _kind({part.filename.replace("\\", "/").lower() for part in parts}, packed)


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The packed file, its directory read; :class:`Refused` when that is damaged or far too long."""
    with _Directory(path) as stream:
        try:
            packed = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise Refused(_DAMAGED) from error
        with packed:
            yield packed


class _Directory(io.BufferedReader):
    """Refuses a read as long as only the directory of a bomb asks for: a million names take seconds to list."""

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MOST_DIRECTORY:
            raise Refused(_OVERSIZED)
        return super().read(size)


def _inflated(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > MOST_RATIO * max(1, part.compress_size)


def _kind(names: set[str], packed: zipfile.ZipFile) -> Kind:
    if "xl/workbook.bin" in names:
        raise Refused(_BINARY)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        raise Refused(_DOCUMENT)
    if any(name.startswith("ppt/") for name in names):
        raise Refused(_PICTURES)
    return _open_document(packed)


def _open_document(packed: zipfile.ZipFile) -> Kind:
    declared = _start(packed, "mimetype", 100)
    if b"opendocument.spreadsheet" in declared:
        if b"encryption-data" in _start(packed, "META-INF/manifest.xml", _SMALL):
            raise Refused(_PROTECTED)
        return "ods"
    if b"opendocument.text" in declared:
        raise Refused(_DOCUMENT)
    if b"opendocument.presentation" in declared:
        raise Refused(_PICTURES)
    raise Refused(_ARCHIVE)


def _start(packed: zipfile.ZipFile, name: str, size: int) -> bytes:
    """The first bytes of a part, none when there is no such part."""
    try:
        with packed.open(name) as stream:
            return stream.read(size)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise Refused(_DAMAGED) from error


def _old(path: Path) -> Kind:
    """An old compound file is told by the names of its streams, which stand in it as UTF-16."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0 or _has_password(content):
            raise Refused(_PROTECTED)
        if any(content.find(f"{name}\0".encode("utf-16-le")) >= 0 for name in ("Workbook", "Book")):
            return "xls"
    raise Refused(_OLD_DOCUMENT)


def _has_password(content: mmap.mmap) -> bool:
    """Whether FilePass follows the workbook's first record, WriteProtect perhaps between ([MS-XLS] 2.1.7.20.3)."""
    at = content.find(_FIRST_RECORD)
    following = content[at + 20 : at + 26] if at >= 0 else b""
    return following.removeprefix(b"\x86\x00\x00\x00").startswith(b"\x2f\x00")
