"""Observations without a row of their own: figures that were seen again, unchanged, at a later time.

They rest on the older row (see ``confirmations.observed_at``). Where that row goes, or another observation comes in
between, they would be forgotten and older figures would stand: then each gets its row, so that the newest
observation decides whatever the order in which files came or were taken back.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqdash.store.gate import Change
from sqdash.store.rollups import MEASURES, TOUCHED

_FIGURES = ", ".join(f"x.{name}" for name in MEASURES)
_DIFFER = " OR ".join(f"y.{name} IS NOT x.{name}" for name in MEASURES)
_STANDING = (  # CROSS JOIN keeps this order: beginning at the batch would read all its confirmations for each row
    "SELECT {wanted} FROM {source} CROSS JOIN main.confirmations k ON k.table_name = 'snapshots' "
    "AND k.version_id = x.version_id AND k.observed_at IS NOT NULL "
    "CROSS JOIN main.imports i ON i.batch = k.batch AND i.undone_revision IS NULL"
)
# A person who struck the row, or the very observation, struck what came before it.
_NOT_STRUCK = (
    "NOT EXISTS (SELECT 1 FROM main.snapshots h JOIN main.imports s ON s.revision = h.closed_revision "
    "WHERE h.post_id = x.post_id AND h.observed_at IN (x.observed_at, k.observed_at) "
    "AND h.closed_revision IS NOT NULL AND h.closed_as = 'struck' AND s.undone_revision IS NULL AND s.batch > k.batch)"
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
    for post, seen, batch, number, version, *figures in _forgotten(connection):
        last = _last(connection, post, seen)
        if last and last[3:] == tuple(figures):
            continue  # a row given just now says so
        if last and last[1] == seen:
            if _stated_by(connection, last[0], last[2]) > batch:
                continue
            _replace(change, last[0])
        _insert(change, (post, seen, *figures), batch, number, version)


def _forgotten(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """(post, time, batch, row, version rested on, figures …) where the rows as they stand say something else."""
    wanted = f"x.post_id, k.observed_at AS seen, k.batch AS batch, k.source_row, x.version_id, {_FIGURES}"
    touched = f"temp.{TOUCHED} w CROSS JOIN main.snapshots x ON x.post_id = w.post_id AND x.closed_revision"
    halves = [  # each has its own partial index
        _STANDING.format(wanted=wanted, source=f"{touched} {state}")  # noqa: S608
        + " LEFT JOIN main.snapshots y ON y.version_id = (SELECT z.version_id FROM main.snapshots z "  # noqa: S608
        "WHERE z.post_id = x.post_id AND z.closed_revision IS NULL AND z.observed_at <= k.observed_at "
        f"ORDER BY z.observed_at DESC LIMIT 1) WHERE (y.version_id IS NULL OR {_DIFFER}) AND {_NOT_STRUCK}"
        for state in ("IS NULL", "IS NOT NULL")
    ]
    return connection.execute(f"{' UNION ALL '.join(halves)} ORDER BY seen, batch").fetchall()


def _last(connection: sqlite3.Connection, post: str, seen: str) -> tuple[Any, ...] | None:
    """(version, time, batch, figures …) of the last row not after the time."""
    found: tuple[Any, ...] | None = connection.execute(
        f"SELECT x.version_id, x.observed_at, x.batch, {_FIGURES} FROM snapshots x WHERE x.post_id = ? "  # noqa: S608
        "AND x.closed_revision IS NULL AND x.observed_at <= ? ORDER BY x.observed_at DESC LIMIT 1",
        (post, seen),
    ).fetchone()
    return found


def _stated_by(connection: sqlite3.Connection, version: int, batch: int) -> int:
    """The last standing batch that states the version at its own time."""
    found = connection.execute(
        "SELECT max(k.batch) FROM confirmations k JOIN imports i ON i.batch = k.batch AND i.undone_revision IS NULL "
        "WHERE k.table_name = 'snapshots' AND k.version_id = ? AND k.observed_at IS NULL",
        (version,),
    ).fetchone()[0]
    return max(batch, found or 0)


def _replace(change: Change, version: int) -> None:
    change.connection.execute(
        "UPDATE snapshots SET closed_revision = ?, closed_as = 'replaced', closed_reason = ? WHERE version_id = ?",
        (change.revision, change.reason, version),
    )


def _insert(change: Change, values: tuple[Any, ...], batch: int, number: int | None, rested_on: int) -> None:
    names = ("post_id", "observed_at", *MEASURES, "batch", "source_row", "opened_revision")
    made = change.connection.execute(
        f"INSERT INTO snapshots ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
        (*values, batch, number, change.revision),
    ).lastrowid
    change.connection.execute(
        "INSERT OR IGNORE INTO confirmations (batch, table_name, version_id, source_row, observed_at) "
        "SELECT batch, table_name, ?, source_row, observed_at FROM confirmations "
        "WHERE table_name = 'snapshots' AND version_id = ? AND batch <> ? AND observed_at > ?",
        (made, rested_on, batch, values[1]),
    )
