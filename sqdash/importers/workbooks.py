"""Workbooks (XLSX, ODS, XLS) as rows of text cells, read by python-calamine.

Dates become ISO text, whole numbers lose their ``.0``, a formula is the value it had when the file was saved.
A packed workbook that would unpack to far more than a table is refused before it is opened.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta

import python_calamine

from sqdash.errors import DataError

MOST_UNPACKED = 300_000_000
MOST_PARTS = 5_000
_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Rows = list[tuple[int, list[str]]]
Cell = str | int | float | bool | date | datetime | time | timedelta


def is_workbook(data: bytes) -> bool:
    """Whether the content is a packed workbook or an old XLS, whatever the file is called."""
    return data.startswith((b"PK\x03\x04", _XLS))


def read(name: str, data: bytes, *, most_rows: int, most_columns: int) -> tuple[str, str, Rows]:
    """The first visible sheet that is not empty: its name, the workbook's kind, its rows by number.

    :class:`DataError` for something else that is packed, a bomb, a damaged or protected file, or one too large.
    """
    kind = _kind(name, data)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            _bounded(name, sheet.total_height, sheet.total_width, most_rows, most_columns)
            cells = sheet.to_python(skip_empty_area=False)
            rows = [(n, [_text(c) for c in row]) for n, row in enumerate(cells, 1) if any(c != "" for c in row)]
            if rows:
                return meta.name, kind, rows
    except python_calamine.PasswordError as error:
        raise DataError(f"{name} 有密碼保護，請先移除密碼再上傳。") from error
    except python_calamine.CalamineError as error:
        raise DataError(f"{name} 無法讀取，可能已損壞，請以試算表軟體開啟後另存再上傳。") from error
    raise DataError(f"{name} 沒有任何有內容的工作表，請確認是否選錯檔案。")


def _kind(name: str, data: bytes) -> str:
    if data.startswith(_XLS):
        return "xls"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise DataError(f"{name} 解開後超過 {MOST_UNPACKED // 1_000_000} MB，不是一般的資料表，已拒絕。")
            names = {part.filename for part in parts}
            if "mimetype" in names and b"opendocument.spreadsheet" in packed.read("mimetype"):
                return "ods"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{name} 的壓縮內容已損壞，請重新匯出。") from error
    if any(part.startswith("xl/") for part in names):
        return "xlsx"
    raise DataError(f"{name} 是壓縮檔但不是試算表，請先解開，再上傳其中的檔案。")


def _bounded(name: str, height: int, width: int, most_rows: int, most_columns: int) -> None:
    if height > most_rows + 1:
        raise DataError(f"{name} 有 {height:,} 列，超過上限 {most_rows:,} 列，請分成幾個檔案。")
    if width > most_columns:
        raise DataError(f"{name} 有 {width:,} 欄，超過上限 {most_columns:,} 欄，請刪去不需要的欄。")


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds") if cell.time() != time.min else cell.date().isoformat()
    return str(cell)
