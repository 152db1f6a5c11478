"""Ending and writing one row version, and what a person is told when the schema refuses one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from sqdash.errors import BadRow
from sqdash.store.gate import Change
from sqdash.store.stated import Folded, folded, where_key
from sqdash.tables import Table


def close(change: Change, table: Table, version: int, how: str, reason: str) -> None:
    """End a version: ``how`` is replaced, struck or undone."""
    change.connection.execute(
        f"UPDATE {table.name} SET closed_revision = ?, closed_as = ?, closed_reason = ? WHERE version_id = ?",  # noqa: S608
        (change.revision, how, reason, version),
    )


def insert(change: Change, table: Table, row: Folded) -> int:
    """Write what the standing batches make of a key as its current version; its number. :class:`BadRow` where the
    schema refuses it."""
    names = (*table.names, "given", "batch", "source_row", "opened_revision")
    last = row.last
    try:
        made = change.connection.execute(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
            (*row.values, last.given, last.batch, last.number, change.revision),
        )
    except sqlite3.IntegrityError as error:
        raise BadRow(last.number, refusal(error)) from error
    return int(made.lastrowid or 0)


def settle(change: Change, table: Table, key: Sequence[object], how: str, reason: str) -> bool:
    """Make the key's current version what the batches that stand say it is; whether it had to change.

    A version that ends, ends as ``how`` for ``reason``.
    """
    wanted = folded(change.connection, table, key)
    if wanted and not wanted.row:
        wanted = None  # figures seen again at this time: whether they need a row is for observed.settle to say
    current = change.connection.execute(
        f"SELECT version_id, batch, {', '.join(table.names)} FROM {table.name} "  # noqa: S608
        f"WHERE {where_key(table)} AND closed_revision IS NULL",
        tuple(key),
    ).fetchone()
    if current and wanted and current[1:] == (wanted.last.batch, *wanted.values):
        return False
    if not current and not wanted:
        return False
    if current:
        close(change, table, current[0], how, reason)
    if wanted:
        insert(change, table, wanted)
    return True


def refusal(error: sqlite3.IntegrityError) -> str:
    """What a person is told when the schema refuses a row."""
    return next((told for rule, told in _RULES.items() if rule in str(error)), "的內容不符合這張表的規則，請檢查。")


# What a rule of the schema is called in SQLite's message → what a person is told.
_RULES = {
    "low <= high": "的下限高於上限，請對調。",
    "value IS NOT NULL OR": "沒有值也沒有上下限，請至少填一個。",
    "period_from <= period_to": "的期間結束早於開始，請對調。",
    "valid_from <= valid_to": "的失效日早於生效日，請改正。",
    "held_on <= ended_on": "的結束日早於開始日，請對調。",
    "held_from <= held_to": "的調查迄日早於起日，請對調。",
    "generated rows": "是示範資料，不能放進正式資料庫。",
}
