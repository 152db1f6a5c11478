"""Rows that would name what is not there any more once a batch is taken back."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping

from sqdash.store.post_sums import LATEST
from sqdash.tables import BY_NAME, REFERENCES, Table

_OF_POSTS = ("posts", "unit")
"""Read from the sums of our own pages' posts by unit: there is no index of it, and a screen reads no table of posts
from end to end."""


def by_undo(
    connection: sqlite3.Connection, batch: int, going: Mapping[str, int], alone: Callable[[Table], str]
) -> tuple[tuple[str, int], ...]:
    """(table, current rows of other batches) that name a row which goes with the batch, in the catalogue's order.

    ``going``: table → how many of its rows go. ``alone``: the query of those, of the batch and the table's name.
    """
    found: defaultdict[str, set[int]] = defaultdict(set)
    posts = 0
    for (name, column), (other, wanted) in REFERENCES.items():
        if not going.get(other):
            continue
        lost = (
            f"WITH gone AS MATERIALIZED ({alone(BY_NAME[other])}), lost AS MATERIALIZED "  # noqa: S608
            f"(SELECT DISTINCT g.{wanted} AS value FROM {other} g WHERE g.version_id IN (SELECT version_id FROM gone) "
            f"AND NOT EXISTS (SELECT 1 FROM {other} s WHERE s.{wanted} = g.{wanted} AND s.closed_revision IS NULL "
            "AND s.version_id NOT IN (SELECT version_id FROM gone))) "
        )
        if (name, column) == _OF_POSTS:
            posts = connection.execute(
                f"{lost} SELECT ifnull(sum(posts), 0) FROM post_groups WHERE basis = {LATEST} AND dimension = 'unit' "  # noqa: S608
                "AND length(span) = 4 AND value IN (SELECT value FROM lost)",  # a year's, not a month's
                (batch, other),
            ).fetchone()[0]
            continue
        rows = connection.execute(
            f"{lost} SELECT t.version_id FROM {name} t WHERE t.closed_revision IS NULL AND t.batch <> ? "  # noqa: S608
            f"AND t.{column} IN (SELECT value FROM lost)",
            (batch, other, batch),
        )
        found[name].update(version for (version,) in rows)
    counts = {name: len(versions) for name, versions in found.items()} | {"posts": posts}
    return tuple((name, counts[name]) for name in BY_NAME if counts.get(name))
