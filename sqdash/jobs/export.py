"""The store as files: one CSV a table, in the form that an import reads again.

UTF-8 with BOM, so that a spreadsheet opens it right; text cells are guarded against formulas, numbers are left.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqdash import quoting
from sqdash.errors import DataError
from sqdash.store import database
from sqdash.store.queries import rows
from sqdash.tables import POSTS_FILE, TABLES


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
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"無法建立匯出資料夾「{folder}」，請改用別的路徑。") from error
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


def _write(path: Path, head: Iterable[str], body: Iterable[tuple[Any, ...]]) -> int:
    making = path.with_name(f".{path.name}.{os.getpid()}.making")
    count = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal count
        for row in body:
            count += 1
            yield [safe(value) for value in row]

    try:
        with making.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(head)
            writer.writerows(counted())
        making.replace(path)
    except OSError as error:
        raise DataError(f"無法寫入「{path}」，請檢查權限與磁碟空間，或關閉正開著它的程式。") from error
    finally:
        making.unlink(missing_ok=True)
    return count
