"""Small stores made by hand: rows by column name, put as one batch, read back as dictionaries."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqdash.records import Row
from sqdash.store import gate, save
from sqdash.store.gate import Change
from sqdash.tables import BY_NAME

BY = "測試員"


def row(table: str, /, at: int | None = 2, **values: Any) -> Row:
    """A row of that table, read from row ``at`` of its file; columns that are not named are not given."""
    names = BY_NAME[table].names
    assert set(values) <= set(names), set(values) - set(names)
    return Row(at, tuple(values.get(name) for name in names))


def put_in(change: Change, table: str, *rows: Row, file_name: str = "手做.csv") -> int:
    """One batch in an open change; its number."""
    batch = save.open_batch(change, kind="file", format=table, file_name=file_name)
    save.close_batch(change, batch, save.put(change, BY_NAME[table], rows, batch))
    return batch


def put(store: Path, table: str, *rows: Row, file_name: str = "手做.csv") -> int:
    """One batch in a change of its own; its number."""
    with gate.write(store, by=BY, reason="放入") as change:
        return put_in(change, table, *rows, file_name=file_name)


def open_copy(store: Path) -> sqlite3.Connection:
    """A copy of the store in memory, where a change needs no file; the caller closes it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as source:
        source.backup(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def changing(connection: sqlite3.Connection, reason: str = "變更") -> Change:
    """One change on a connection in memory, in force at once."""
    return Change(connection, BY, reason)


def add(connection: sqlite3.Connection, table: str, *rows: Row, file_name: str = "手做.csv") -> int:
    """One batch in a store in memory; its number."""
    return put_in(changing(connection), table, *rows, file_name=file_name)


@contextmanager
def looking(store: Path) -> Iterator[sqlite3.Connection]:
    """A plain connection, to look at what is really in the file."""
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def current_in(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    """The table's current rows in key order."""
    columns = BY_NAME[table]
    return [
        dict(zip(columns.names, found, strict=True))
        for found in connection.execute(
            f"SELECT {', '.join(columns.names)} FROM {table} WHERE closed_revision IS NULL "
            f"ORDER BY {', '.join(columns.key)}"
        )
    ]


def current(store: Path, table: str) -> list[dict[str, Any]]:
    with looking(store) as connection:
        return current_in(connection, table)


def holidays_in(store: Path) -> dict[str, str]:
    """Day → label: the table that tests change where any would do."""
    return {found["day"]: found["label"] for found in current(store, "holidays")}


def last_import(store: Path, *columns: str) -> tuple[Any, ...]:
    """These columns of the newest line of the import log."""
    with looking(store) as connection:
        found: tuple[Any, ...] = connection.execute(
            f"SELECT {', '.join(columns)} FROM imports ORDER BY batch DESC LIMIT 1"
        ).fetchone()
        return found


def revisions(store: Path) -> int:
    with looking(store) as connection:
        return int(connection.execute("SELECT count(*) FROM revisions").fetchone()[0])


def is_one_sentence(error: object) -> bool:
    """Whether this reads as one complete sentence on one line."""
    text = str(error)
    return text.endswith("。") and text.count("。") == 1 and "\n" not in text


def beside(path: Path) -> set[str]:
    """Names of everything in the path's folder, but for the lock file that stays and the note of the last check."""
    stays = (".write.lock", ".check.json")
    return {found.name for found in path.parent.iterdir() if not found.name.endswith(stays)}
