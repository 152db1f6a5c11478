"""Observations without a row of their own: figures that were seen again, unchanged, at a later time.

They rest on the older row (see ``confirmations.observed_at``). Where that row goes, or another observation comes in
between, they would be forgotten and older figures would stand: then each gets its row, so that the newest
observation decides whatever the order in which files came or were taken back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from sqdash.store import digests
from sqdash.store.gate import Change
from sqdash.store.rollups import MEASURES, TOUCHED
from sqdash.store.stated import Folded, folded, has
from sqdash.store.versions import close, insert
from sqdash.tables import BY_NAME

SNAPSHOTS = BY_NAME["snapshots"]
_DIFFER = " OR ".join(  # in a column that was seen again
    f"((k.given IS NULL OR k.given >> {n} & 1) AND y.{name} IS NOT x.{name})"
    for n, name in enumerate(SNAPSHOTS.names)
    if name in MEASURES
)
_STANDING = (  # CROSS JOIN keeps this order: beginning at the batch would read all its confirmations for each row
    "SELECT {wanted} FROM {source} CROSS JOIN main.confirmations k ON k.table_name = 'snapshots' "
    "AND k.version_id = x.version_id AND k.observed_at IS NOT NULL "
    "CROSS JOIN main.imports i ON i.batch = k.batch AND i.undone_revision IS NULL"
)
LATER = (
    "EXISTS ("
    + _STANDING.format(wanted="1", source="main.snapshots x")
    + " WHERE x.post_id = n.post_id AND x.observed_at = n.observed_at AND x.closed_revision IS NULL "
    "AND k.observed_at > s.observed_at)"
)
"""Whether the figures of ``post_now n`` were seen again after the observation ``s``."""


def settle(change: Change) -> None:
    """Give a row to each forgotten observation of the posts in :data:`sqdash.store.rollups.TOUCHED`."""
    connection = change.connection
    if not connection.execute(
        "SELECT 1 FROM confirmations WHERE table_name = 'snapshots' AND observed_at IS NOT NULL LIMIT 1"
    ).fetchone():
        return
    for post, seen, given, *figures in _forgotten(connection):
        last = _last(connection, post, seen)
        if last and all(a == b for n, (a, b) in enumerate(zip(last[4:], figures, strict=True), 2) if has(given, n)):
            continue  # a row given just now says so
        wanted = folded(connection, SNAPSHOTS, (post, seen))
        if not wanted:
            continue
        if last and last[1] == seen:
            if last[2:] == wanted.values:
                continue
            close(change, SNAPSHOTS, last[0], "replaced", change.reason)
        elif last and not wanted.row and _says(last[2:], wanted):
            continue  # a row given just now
        _rest_on(connection, insert(change, SNAPSHOTS, wanted), wanted)


def _says(row: Sequence[Any], wanted: Folded) -> bool:
    """Whether an older row has the figures that were seen again."""
    pairs = zip(SNAPSHOTS.names, row, wanted.values, strict=True)
    return all(a == b for n, (name, a, b) in enumerate(pairs) if name in MEASURES and has(wanted.covers, n))


def _forgotten(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """(post, time, columns that were seen, figures …) where the rows as they stand say something else, oldest first."""
    wanted = f"x.post_id, k.observed_at AS seen, k.given, {', '.join('x.' + name for name in SNAPSHOTS.names[2:])}"
    touched = f"temp.{TOUCHED} w CROSS JOIN main.snapshots x ON x.post_id = w.post_id AND x.closed_revision"
    halves = [  # each has its own partial index
        _STANDING.format(wanted=wanted, source=f"{touched} {state}")  # noqa: S608
        + " LEFT JOIN main.snapshots y ON y.version_id = (SELECT z.version_id FROM main.snapshots z "  # noqa: S608
        "WHERE z.post_id = x.post_id AND z.closed_revision IS NULL AND z.observed_at <= k.observed_at "
        f"ORDER BY z.observed_at DESC LIMIT 1) WHERE y.version_id IS NULL OR {_DIFFER}"
        for state in ("IS NULL", "IS NOT NULL")
    ]
    return connection.execute(f"{' UNION '.join(halves)} ORDER BY seen").fetchall()


def _last(connection: sqlite3.Connection, post: str, seen: str) -> tuple[Any, ...] | None:
    """(version, time, then the whole row) of the last row not after the time."""
    found: tuple[Any, ...] | None = connection.execute(
        f"SELECT x.version_id, x.observed_at, {', '.join('x.' + name for name in SNAPSHOTS.names)} "  # noqa: S608
        "FROM snapshots x WHERE x.post_id = ? AND x.closed_revision IS NULL AND x.observed_at <= ? "
        "ORDER BY x.observed_at DESC LIMIT 1",
        (post, seen),
    ).fetchone()
    return found


def _rest_on(connection: sqlite3.Connection, made: int, row: Folded) -> None:
    """Let the later batches that saw the same figures rest on the row made just now too: it is now the newest."""
    same = " AND ".join(
        f"((k.given IS NOT NULL AND NOT k.given >> {n} & 1) OR x.{name} IS y.{name})"
        for n, name in enumerate(SNAPSHOTS.names)
        if name in MEASURES
    )
    connection.execute(
        "INSERT OR IGNORE INTO confirmations (batch, table_name, version_id, source_row, observed_at, given) "  # noqa: S608
        "SELECT k.batch, k.table_name, ?, k.source_row, k.observed_at, k.given FROM confirmations k "
        "JOIN snapshots x ON x.version_id = k.version_id JOIN snapshots y ON y.version_id = ? "
        f"WHERE k.table_name = 'snapshots' AND k.version_id = ? AND k.batch <> ? AND k.observed_at > ? AND {same}",
        (made, made, row.last.version, row.last.batch, row.values[1]),
    )
    digests.added(connection, "confirmations", "table_name = 'snapshots' AND version_id = ?", (made,))
