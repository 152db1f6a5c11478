"""The catalogue's own format: UTF-8 CSV whose headings are a table's column names.

``data/report_103`` and the files that ``export`` writes have it. Columns may stand in any order; all of the
table's required ones must be there, none may be unknown or stand twice.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from sqdash import quoting
from sqdash.errors import BadCell, DataError
from sqdash.importers import cells
from sqdash.records import KEEP, Kept, Row, Value
from sqdash.tables import TABLES, Table


def _reader(name: str, data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{name} 不是 UTF-8 編碼，請另存為 UTF-8 的 CSV 再試。") from error
    if "\x00" in text:
        raise DataError(f"{name} 含有 NUL 位元組，不是文字檔，請重新匯出。")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        rows = [(number, row) for number, row in enumerate(reader, start=2) if row]
    except csv.Error as error:
        raise DataError(f"{name} 第 {reader.line_num} 行的引號或分隔不完整，請重新匯出。") from error
    return [cell.strip() for cell in head], rows


def headings(name: str, data: bytes) -> list[str]:
    """The heading row."""
    return _reader(name, data)[0]


def identify(head: Sequence[str]) -> Table | None:
    """The one table with these headings; None for none or when a heading stands twice."""
    names = set(head)
    if len(names) != len(head):
        return None
    found = [t for t in TABLES if names <= set(t.names) and {c.name for c in t.columns if c.required} <= names]
    exact = [t for t in found if names == set(t.names)]
    if len(exact) == 1:
        return exact[0]
    return found[0] if len(found) == 1 else None


def parse(name: str, data: bytes, table: Table) -> list[Row]:
    """Every row with its row number (1 is the heading); :class:`BadCell` for the first bad value."""
    head, lines = _reader(name, data)
    rows = []
    seen: dict[tuple[object, ...], int] = {}
    for number, line in lines:
        if len(line) != len(head):
            raise DataError(f"{name} 第 {number} 列有 {len(line)} 欄，應為 {len(head)} 欄，請檢查逗號與引號。")
        given = dict(zip(head, line, strict=True))
        values: list[Value | Kept] = []
        for column in table.columns:
            if column.name not in given and not column.required and not column.key:
                values.append(KEEP)
                continue
            text = given.get(column.name, "")
            text = quoting.unguard(text) if column.type == "text" else text.strip()
            try:
                values.append(cells.read(column, text))
            except cells.CellError as error:
                raise BadCell(name, number, column.name, text, str(error)) from error
        row = Row(number, tuple(values))
        key = tuple(row.values[table.names.index(k)] for k in table.key)
        if key in seen:
            raise DataError(f"{name} 第 {number} 列與第 {seen[key]} 列的鍵值相同，請刪去重複的一列。")
        seen[key] = number
        rows.append(row)
    return rows
