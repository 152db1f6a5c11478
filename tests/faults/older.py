"""Stores as older versions of the program left them: their schema, with whatever of today's rows fits into it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils.db import Database

from sqdash.store import schema
from tests.making import looking

NAMES = [migration.name for migration in schema.migrations._migrations]
VERSIONS = range(1, len(NAMES))
"""The versions before today's."""


def lay(connection: sqlite3.Connection, version: int) -> None:
    """The schema of that version."""
    later = NAMES[version] if version < len(NAMES) else None
    schema.migrations.apply(Database(connection), stop_before=later)


def make(path: Path, version: int, today: Path) -> None:
    """A store of that version at ``path`` with rows of the store ``today``."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        lay(connection, version)
        connection.execute("ATTACH ? AS today", (str(today),))
        connection.execute("BEGIN")
        for table in _tables(connection, "main") & _tables(connection, "today") - {"_sqlite_migrations"}:
            then, now = (_columns(connection, where, table) for where in ("main", "today"))
            names = ", ".join(name for name in then if name in now)
            connection.execute(f"INSERT OR IGNORE INTO main.{table} ({names}) SELECT {names} FROM today.{table}")
        connection.execute("COMMIT")


def schema_of(path: Path) -> list[tuple[str, str]]:
    """Everything that the store's schema says."""
    with looking(path) as connection:
        return connection.execute("SELECT name, ifnull(sql, '') FROM sqlite_schema ORDER BY name").fetchall()


def _tables(connection: sqlite3.Connection, where: str) -> set[str]:
    found = connection.execute(
        f"SELECT name FROM {where}.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return {name for (name,) in found}


def _columns(connection: sqlite3.Connection, where: str, table: str) -> list[str]:
    return [name for _, name, *_ in connection.execute(f"PRAGMA {where}.table_info({table})")]
