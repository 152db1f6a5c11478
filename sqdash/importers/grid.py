"""A file as rows of text cells, whatever it is: CSV and TSV in any usual encoding, XLSX, ODS, XLS.

What a file is, its content says, never its name. Every cell is text until its column's type says otherwise.
Bounds keep a hostile or broken file from costing more than a sentence.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from sqdash.errors import DataError
from sqdash.importers import encodings, workbooks

MOST_BYTES = 100_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 2_000
MOST_CELL = 65_536


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows with their numbers in the source (1 is the first), as text.

    ``encoding`` and ``unreadable`` tell how text was read (see :class:`encodings.Decoded`); for a workbook the
    encoding is its kind. ``sheet`` names the sheet that was read.
    """

    rows: list[tuple[int, list[str]]]
    encoding: str
    unreadable: int = 0
    sheet: str | None = None


def read(name: str, data: bytes, encoding: str | None = None) -> Grid:
    """Read the file; :class:`DataError` says what it looks like when it cannot be a table."""
    if len(data) > MOST_BYTES:
        raise DataError(f"{name} 有 {len(data) / 1e6:,.0f} MB，超過上限 100 MB，請分成幾個檔案。")
    if not data.strip():
        raise DataError(f"{name} 是空的檔案，請確認是否選錯。")
    if workbooks.is_workbook(data):
        sheet, kind, rows = workbooks.read(name, data, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
        return Grid(rows, kind, 0, sheet)
    if data.startswith(b"%PDF"):
        raise DataError(f"{name} 是 PDF，不是資料表，請上傳原始的試算表或 CSV。")
    return _text(name, data, encoding)


def _text(name: str, data: bytes, encoding: str | None) -> Grid:
    decoded = encodings.decode(data, encoding)
    if not decoded.sure:
        choices = "、".join(decoded.candidates)
        raise DataError(f"{name} 的文字編碼無法確定，請以 --encoding 指定（可能是 {choices}）。")
    text = decoded.text
    if "\x00" in text:
        raise DataError(f"{name} 含有 NUL 位元組，不是文字檔，請重新匯出。")
    if text.lstrip()[:200].lower().startswith(("<!doctype html", "<html", "<table")):
        raise DataError(f"{name} 的內容是 HTML 網頁表格，請以試算表軟體開啟後另存為 ODS 或 XLSX。")
    return Grid(list(_lines(name, text)), decoded.encoding, decoded.unreadable)


def _lines(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    # csv takes a bare CR for an error, and str.splitlines would split at U+2028 inside a caption.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    start, separator = _separator(text)
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=separator, strict=True)
    skipped = text[:start].count("\n")
    try:
        for number, row in enumerate(reader, start=1 + skipped):
            if number > MOST_ROWS + 1:
                raise DataError(f"{name} 超過 {MOST_ROWS:,} 列，請分成幾個檔案。")
            if len(row) > MOST_COLUMNS:
                raise DataError(f"{name} 第 {number} 列有 {len(row):,} 欄，超過上限 {MOST_COLUMNS:,}，請確認分隔符號。")
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        line = reader.line_num + skipped
        if "field larger" in str(error):
            raise DataError(f"{name} 第 {line} 行附近有超過 64 KB 的儲存格，請縮短或檢查引號。") from error
        raise DataError(f"{name} 第 {line} 行附近的引號不完整，請重新匯出。") from error


def _separator(text: str) -> tuple[int, str]:
    """Where the table starts and what separates its cells: a ``sep=`` line, else the commonest sign outside quotes."""
    first, _, _ = text.partition("\n")
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) == 5:
        return len(first) + 1, first.strip().strip('"')[4]
    counts = dict.fromkeys(",;\t", 0)
    quoted = False
    for character in text[:4096]:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in counts:
            counts[character] += 1
    best = max(counts, key=lambda c: counts[c])
    return 0, best if counts[best] else ","
