"""Everything that stands in a store, to be compared: the rows of every table, less when they were written."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqdash.store import database

Standing = dict[str, list[tuple[Any, ...]]]
_MOMENTS = frozenset({"at", "made_at", "kept_at"})


def standing(store: Path, *, but: tuple[str, ...] = ()) -> Standing:
    """Table → its rows, sorted; the file is sound, and its rows name only what is there.

    Read as the program reads, which takes back what a killed writer had begun to write.
    """
    with database.reading(store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: _rows(connection, name) for name in sorted(names) if name not in but}


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    if table in ("_sqlite_migrations", "store_info") or "digest" in table:  # moments in values, digests of them
        return []
    columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})") if name not in _MOMENTS]
    return sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)
