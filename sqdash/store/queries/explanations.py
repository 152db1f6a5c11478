"""Reasons and next steps as units wrote them, with who wrote each when and for which period."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqdash.store.queries import unit_rows

_COLUMNS = "e.indicator, e.kind, e.ordinal, e.period_from, e.period_to, e.text, u.label AS unit, e.source_place"


def written(connection: sqlite3.Connection, indicator: str, start: str, end: str) -> list[dict[str, Any]]:
    """What holds of an indicator for periods that share a day with start–end (ISO), in the order of writing.

    indicator, kind (reason, next_step), ordinal, period_from, period_to, text, unit (name), source_place, by, at (ISO,
    UTC, when this wording came), file_name and source_row.
    """
    cursor = connection.execute(
        f"SELECT {_COLUMNS}, r.by, r.at, i.file_name, e.source_row FROM explanations e "  # noqa: S608
        "JOIN revisions r ON r.revision = e.opened_revision JOIN imports i ON i.batch = e.batch "
        f"{unit_rows.join('e.unit', 'e.period_to')}"
        "WHERE e.closed_revision IS NULL AND e.indicator = ? AND e.period_from <= ? AND e.period_to >= ? "
        "ORDER BY e.period_from, e.period_to, e.kind DESC, e.ordinal",
        (indicator, end, start),
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
