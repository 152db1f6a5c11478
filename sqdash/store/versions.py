"""Ending and writing one row version, and what a person is told when the schema refuses one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from sqdash.errors import BadRow
from sqdash.store.gate import Change
from sqdash.store.stated import Folded, current_of_key, folded, has, required
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
    return _write(change, table, row.values, row.last.given, row.last.batch, row.last.number, ())


def keep(
    change: Change,
    table: Table,
    values: Sequence[object],
    given: int | None,
    batch: int,
    number: int | None,
    reason: str,
) -> None:
    """Write what a batch states as a version that ends at once: its statement counts, the row is another's."""
    _write(change, table, values, given, batch, number, (change.revision, "replaced", reason))


def _write(
    change: Change,
    table: Table,
    values: Sequence[object],
    given: int | None,
    batch: int,
    number: int | None,
    closed: tuple[object, ...],
) -> int:
    ends = ("closed_revision", "closed_as", "closed_reason")[: len(closed)]
    names = (*table.names, "given", "batch", "source_row", "opened_revision", *ends)
    try:
        made = change.connection.execute(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
            (*values, given, batch, number, change.revision, *closed),
        )
    except sqlite3.IntegrityError as error:
        raise BadRow(number, refusal(error)) from error
    return int(made.lastrowid or 0)


def settle(change: Change, table: Table, key: Sequence[object], how: str, reason: str) -> bool:
    """Make the key's current version what the batches that stand say it is; whether it had to change.

    A version that ends, ends as ``how`` for ``reason``.
    """
    wanted = folded(change.connection, table, key)
    if wanted and not wanted.row:
        wanted = None  # figures seen again at this time: whether they need a row is for observed.settle to say
    current = current_of_key(change.connection, table, key)
    if current and wanted and current[1:] == (wanted.last.batch, *wanted.values):
        return False
    if not current and not wanted:
        return False
    if current:
        close(change, table, current[0], how, reason)
    return (_insert_what_fits(change, table, wanted) if wanted else False) or bool(current)


def _insert_what_fits(change: Change, table: Table, wanted: Folded) -> bool:
    """Write the row; where columns of several batches contradict each other (an end before its beginning), those of
    the last one with what a row must have, and no row where even that is none."""
    needed = required(table)
    narrow = tuple(value if n in needed or has(wanted.last.given, n) else None for n, value in enumerate(wanted.values))
    for row in (wanted, wanted._replace(values=narrow)):
        try:
            insert(change, table, row)
        except BadRow:
            continue
        return True
    return False


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
