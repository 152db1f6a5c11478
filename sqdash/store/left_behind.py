"""Rows that would name what is not there any more once a batch is taken back."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping

from sqdash.tables import BY_NAME, REFERENCES, Table


def by_undo(
    connection: sqlite3.Connection, batch: int, going: Mapping[str, int], alone: Callable[[Table], str]
) -> tuple[tuple[str, int], ...]:
    """(table, current rows of other batches) that name a row which goes with the batch, in the catalogue's order.

    ``going``: table → how many of its rows go. ``alone``: the query of those, of the batch and the table's name.
    """
    found: defaultdict[str, set[int]] = defaultdict(set)
    for (name, column), (other, wanted) in REFERENCES.items():
        if not going.get(other):
            continue
        rows = connection.execute(
            f"WITH gone AS MATERIALIZED ({alone(BY_NAME[other])}), named AS MATERIALIZED "  # noqa: S608
            f"(SELECT DISTINCT {wanted} AS value FROM {other} WHERE version_id IN (SELECT version_id FROM gone)) "
            f"SELECT t.version_id FROM {name} t WHERE t.closed_revision IS NULL AND t.batch <> ? "
            f"AND t.{column} IN (SELECT value FROM named) AND NOT EXISTS (SELECT 1 FROM {other} s "
            f"WHERE s.{wanted} = t.{column} AND s.closed_revision IS NULL "
            "AND s.version_id NOT IN (SELECT version_id FROM gone))",
            (batch, other, batch),
        )
        found[name].update(version for (version,) in rows)
    return tuple((name, len(found[name])) for name in BY_NAME if found.get(name))
