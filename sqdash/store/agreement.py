"""What current rows must agree on with each other, where a row comes back or goes instead of being typed or read.

Rows that come in are judged one by one before they are stored (:mod:`sqdash.store.staged_checks`); what an undone,
restored or struck row leaves behind is known only afterwards.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqdash import periods
from sqdash.errors import DataError
from sqdash.store.queries import unit_rows
from sqdash.store.turns import Key, Turns, Values, set_beside
from sqdash.tables import BY_NAME

LOOKED_AT = ("units", "activities", "meeting_decisions")
"""The tables whose rows must agree."""


@contextmanager
def kept(connection: sqlite3.Connection) -> Iterator[None]:
    """:class:`DataError` where the block makes rows contradict each other that did not before; the caller's change is
    then given up."""
    before = _contradictions(connection)
    yield
    for key, sentence in _contradictions(connection).items():
        if key not in before:
            raise DataError(sentence)


def foretold(connection: sqlite3.Connection, turns: Turns) -> str:
    """What :func:`kept` would say of changes of rows; "" for nothing."""
    if not any(turns.get(name) for name in LOOKED_AT):
        return ""
    before = _contradictions(connection)
    with closing(sqlite3.connect(":memory:")) as beside:
        for name in LOOKED_AT:
            rows = _standing(connection, name) | {key: turn.then for key, turn in turns.get(name, {}).items()}
            set_beside(beside, name, name, rows.values())
        return next((sentence for key, sentence in _contradictions(beside).items() if key not in before), "")


def _standing(connection: sqlite3.Connection, name: str) -> dict[Key, Values | None]:
    """Key → values of a table's current rows."""
    table = BY_NAME[name]
    columns, keys = ", ".join((*table.key, *table.names)), len(table.key)
    found = connection.execute(f"SELECT {columns} FROM {name} WHERE closed_revision IS NULL")  # noqa: S608
    return {row[:keys]: row[keys:] for row in found}


def _contradictions(connection: sqlite3.Connection) -> dict[tuple[object, ...], str]:
    """What tells each from the others → the sentence that says it."""
    found: dict[tuple[object, ...], str] = {}
    for unit, label in _rings(connection):
        found[(unit,)] = f"這樣單位「{label}」會成為自己的上層單位，請先改正上層單位再做一次。"
    for meeting, number, words, done, held in _done_early(connection):
        days = f"完成日（{periods.roc_day_of(done)}）會早於會議當天（{periods.roc_day_of(held)}）"
        found[meeting, number] = f"這樣決議「{words[:30]}」的{days}，請先改正日期再做一次。"
    return found


def _rings(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Code and newest name of units that stand above themselves on any day."""
    return connection.execute(
        f"WITH RECURSIVE {unit_rows.up()} SELECT DISTINCT unit, (SELECT n.label FROM units n WHERE n.unit = up.unit "  # noqa: S608
        "AND n.closed_revision IS NULL ORDER BY ifnull(n.valid_from, '') DESC LIMIT 1) FROM up WHERE unit = above "
        "ORDER BY unit"
    ).fetchall()


def _done_early(connection: sqlite3.Connection) -> list[tuple[str, int, str, str, str]]:
    """Meeting, number, words, day done and the meeting's day of decisions that were done before it."""
    return connection.execute(
        "SELECT d.meeting, d.number, d.decision, d.done_on, a.held_on FROM meeting_decisions d JOIN activities a "
        "ON a.activity_id = d.meeting AND a.closed_revision IS NULL "
        "WHERE d.closed_revision IS NULL AND d.done_on < a.held_on ORDER BY d.meeting, d.number"
    ).fetchall()
