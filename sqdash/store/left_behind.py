"""Rows that would name what is not there any more once a batch is taken back or a row is struck."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqdash.store.post_sums import LATEST
from sqdash.store.stated import alone, version_of_key
from sqdash.tables import BY_NAME, REFERENCES, Table

Left = tuple[tuple[str, int], ...]
"""(table, current rows of it) that name what goes, in the catalogue's order."""
_OF_POSTS = ("posts", "unit")
"""Read from the sums of our own pages' posts by unit: there is no index of it, and a screen reads no table of posts
from end to end."""
_NO_BATCH = -1


def by_undo(connection: sqlite3.Connection, batch: int, going: Mapping[str, int]) -> Left:
    """Rows of other batches that name a row which goes with the batch; ``going``: table → how many of its rows go."""
    gone = {name: (alone(BY_NAME[name]), (batch, name)) for name, rows in going.items() if rows}
    return _left(connection, gone, batch)


def by_strike(connection: sqlite3.Connection, table: Table, key: Sequence[object]) -> Left:
    """Rows that name the row with that key, where no other current row is called so."""
    return _left(connection, {table.name: (version_of_key(table), tuple(key))}, _NO_BATCH)


def told(left: Left) -> str:
    """「活動紀錄 3 列、貼文 2 列」; empty for none."""
    return "、".join(f"{BY_NAME[name].label} {rows:,} 列" for name, rows in left)


def _left(connection: sqlite3.Connection, gone: Mapping[str, tuple[str, Sequence[object]]], batch: int) -> Left:
    """``gone``: table → the query of its versions that go, with its values; rows of the ``batch`` go themselves."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    posts = 0
    for (name, column), (other, wanted) in REFERENCES.items():
        if other not in gone:
            continue
        versions, asked = gone[other]
        lost = (
            f"WITH gone AS MATERIALIZED ({versions}), lost AS MATERIALIZED "  # noqa: S608
            f"(SELECT DISTINCT g.{wanted} AS value FROM {other} g WHERE g.version_id IN (SELECT version_id FROM gone) "
            f"AND NOT EXISTS (SELECT 1 FROM {other} s WHERE s.{wanted} = g.{wanted} AND s.closed_revision IS NULL "
            "AND s.version_id NOT IN (SELECT version_id FROM gone))) "
        )
        if (name, column) == _OF_POSTS:
            posts = connection.execute(
                f"{lost} SELECT ifnull(sum(posts), 0) FROM post_groups WHERE basis = {LATEST} AND dimension = 'unit' "  # noqa: S608
                "AND length(span) = 4 AND value IN (SELECT value FROM lost)",  # a year's, not a month's
                tuple(asked),
            ).fetchone()[0]
            continue
        itself = "AND t.version_id NOT IN (SELECT version_id FROM gone) " if name == other else ""
        rows = connection.execute(
            f"{lost} SELECT t.version_id FROM {name} t WHERE t.closed_revision IS NULL AND t.batch <> ? {itself}"  # noqa: S608
            f"AND t.{column} IN (SELECT value FROM lost)",
            (*asked, batch),
        )
        found[name].update(version for (version,) in rows)
    counts = {name: len(versions) for name, versions in found.items()} | {"posts": posts}
    return tuple((name, counts[name]) for name in BY_NAME if counts.get(name))
