"""The store as files: one CSV a table, in the form that an import reads again, or one workbook for people.

UTF-8 with BOM, so that a spreadsheet opens it right; text cells are guarded against formulas, numbers are left.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from sqdash import indicators, periods, quoting
from sqdash.errors import DataError
from sqdash.jobs import sheets, whole_files
from sqdash.jobs.sheet_shapes import Column, Sheet, width
from sqdash.store import database
from sqdash.store.queries import rows
from sqdash.tables import POSTS_FILE, TABLES, Table
from sqdash.tables import Column as Field

_NUMBERS = frozenset({"int", "number", "year", "flag"})
_DAYS: dict[str, Callable[[str], str]] = {
    "date": lambda text: periods.roc_day_of(text),
    "moment": lambda text: periods.roc_moment(datetime.fromisoformat(text)),
    "month": periods.roc_month,
}
_CELLS: dict[str, tuple[Literal["day", "moment"], Callable[[str], date]]] = {
    "date": ("day", date.fromisoformat),
    "moment": ("moment", lambda text: datetime.fromisoformat(text).astimezone(periods.TAIPEI).replace(tzinfo=None)),
}
"""What a day or a moment is in a cell: one that can be sorted and reckoned with, and shows as ISO in Taipei."""
_MOST_ROWS = 1_048_576  # of a sheet, the headings' row included


def safe(value: Any) -> Any:
    """The cell as it may leave the house."""
    if isinstance(value, str):
        return quoting.guard(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def export(store: Path, folder: Path) -> dict[str, int]:
    """Write every table into the folder (made when missing), replacing files of these names; rows per file.

    All files show the same state of the store. Each appears whole or not at all.
    """
    _make(folder)
    with database.reading(store) as connection:
        written = {}
        for table in TABLES:
            if table.name == "posts":
                written["posts.csv"] = _write(folder / "posts.csv", POSTS_FILE, rows.stream_posts(connection))
            else:
                name = f"{table.name}.csv"
                written[name] = _write(folder / name, table.names, rows.stream(connection, table))
        written["imports.csv"] = _write(folder / "imports.csv", rows.IMPORT_COLUMNS, rows.imports(connection))
    return written


def workbook(store: Path, folder: Path, kind: Literal["xlsx", "ods"]) -> dict[str, int]:
    """Write ``sqdash.xlsx`` or ``sqdash.ods`` with a sheet a table, replacing the file; its rows.

    Headings, words and names of indicators are those of the screens; a day is a day that shows as ISO and, in a column
    of its own, as people write it.
    """
    with database.reading(store) as connection:
        made = [_sheet(table, rows.stream(connection, table)) for table in TABLES]
    name = f"sqdash.{kind}"
    longest = max(made, key=lambda sheet: len(sheet.rows))
    if len(longest.rows) >= _MOST_ROWS:
        raise DataError(f"「{longest.name}」有 {len(longest.rows):,} 列，超過活頁簿能容納的列數，請改匯出 CSV。")
    _make(folder)
    whole_files.write(folder / name, sheets.write(made, kind))
    return {name: sum(len(sheet.rows) for sheet in made)}


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"無法建立匯出資料夾「{folder}」，請改用別的路徑。") from error


def _sheet(table: Table, body: Iterable[tuple[Any, ...]]) -> Sheet:
    columns: list[Column] = []
    values: list[tuple[int, Callable[[str], Any] | None]] = []
    for at, column in enumerate(table.columns):
        number = column.type in _NUMBERS
        days = _CELLS.get(column.type)
        columns.append(
            Column(
                column.label,
                width(column.label),
                text=not number and not days,
                note=column.name,
                days=days[0] if days else "",
            )
        )
        values.append((at, days[1] if days else _word(column)))
        if column.type in _DAYS:
            columns.append(Column(f"{column.label}（民國）", width(column.label, least=14)))
            values.append((at, _DAYS[column.type]))
    found = tuple(tuple(_cell(row[at], shown) for at, shown in values) for row in body)
    return Sheet(table.label, tuple(columns), found)


def _word(column: Field) -> Callable[[str], str] | None:
    """How a code reads on screen; None for what stands there as it is stored."""
    if column.choices:
        return column.shown
    return (lambda key: indicators.get(key).label) if column.name == "indicator" else None


def _cell(value: Any, shown: Callable[[str], Any] | None) -> Any:
    if value is None:
        return None
    if shown:
        return shown(str(value))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _write(path: Path, head: Iterable[str], body: Iterable[tuple[Any, ...]]) -> int:
    count = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal count
        for row in body:
            count += 1
            yield [safe(value) for value in row]

    with whole_files.appearing(path) as making, making.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(counted())
    return count
