"""Targets with their dates, and lead units' marks of complete ledgers: what people laid down about indicators."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date

from sqdash.figures import Mark, Target
from sqdash.store.queries.sources import Batches, source


def targets(
    connection: sqlite3.Connection, start: str | None, end: str, batches: Batches
) -> dict[str, tuple[Target, ...]]:
    """Targets and norms by indicator that hold on some day from start to end (ISO); without a start also ended ones."""
    found = defaultdict(list)
    for r in connection.execute(
        "SELECT indicator, kind, definition, valid_from, valid_to, comparator, value, every_months, every_days, words, "
        "note, batch, source_row, source_place FROM targets WHERE closed_revision IS NULL "
        "AND valid_from <= ? AND (? IS NULL OR valid_to IS NULL OR valid_to >= ?) ORDER BY indicator, valid_from",
        (end, start, start),
    ):
        found[r[0]].append(
            Target(
                indicator=r[0],
                kind=r[1],
                definition=r[2],
                valid_from=date.fromisoformat(r[3]),
                valid_to=date.fromisoformat(r[4]) if r[4] else None,
                comparator=r[5],
                value=r[6],
                every_months=r[7],
                every_days=r[8],
                words=r[9],
                note=r[10],
                source=source(batches, *r[11:14]),
            )
        )
    return {key: tuple(rows) for key, rows in found.items()}


def marks(connection: sqlite3.Connection, start: str, end: str, batches: Batches) -> dict[str, list[Mark]]:
    """Marks by indicator that reach into the days from start to end (ISO)."""
    found = defaultdict(list)
    for key, first, last, state, batch, row in connection.execute(
        "SELECT indicator, period_from, period_to, state, batch, source_row FROM ledger_marks "
        "WHERE closed_revision IS NULL AND period_from <= ? AND period_to >= ? ORDER BY indicator, period_from",
        (end, start),
    ):
        span = date.fromisoformat(first), date.fromisoformat(last)
        found[key].append(Mark(*span, state == "complete", source(batches, batch, row)))
    return found
