"""What the plan asks of whom, and what the ledgers hold day by day: the rows behind what is due and missing.

Knows nothing of rhythms or deadlines; looks at no post and no snapshot.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqdash.figures import Mark, Target
from sqdash.periods import ROC_OFFSET, Period
from sqdash.store.queries import statements, unit_rows
from sqdash.store.queries.sources import load_batches


class UnitName(NamedTuple):
    """A unit as it is named on a day; ``kind`` is unit, sub_unit or collective."""

    label: str
    kind: str
    implementing: bool


@dataclass(frozen=True, slots=True)
class DueRows:
    """All that tells what was due in a period.

    ``leads`` are (indicator, unit) of the newest plan (``plan_year``, ROC) up to the period's end, collectives
    expanded into the units that are there by then; ``units`` in the office's order as named on its last day; ``days``
    (table, kind, unit, day, rows) within it; ``older`` (table, kind, unit, first day, last day) before it; ``targets``
    all that began before its end; ``marks`` those that touch it. A month's petitions stand on its first day; a survey
    on the day it ended.
    """

    plan_year: int | None
    leads: tuple[tuple[str, str], ...]
    units: dict[str, UnitName]
    days: tuple[tuple[str, str, str | None, date, int], ...]
    older: tuple[tuple[str, str, str | None, date, date], ...]
    targets: dict[str, tuple[Target, ...]]
    marks: dict[str, tuple[Mark, ...]]


def due_rows(connection: sqlite3.Connection, period: Period) -> DueRows:
    """Everything for one period: eight small queries whatever the store's size."""
    start, end = period.stored
    batches = load_batches(connection)
    year = _plan_year(connection, period.end.year - ROC_OFFSET)
    return DueRows(
        plan_year=year,
        leads=_leads(connection, year, end) if year else (),
        units=_units(connection, end),
        days=_days(connection, start, end),
        older=_older(connection, start),
        targets=statements.targets(connection, None, end, batches),
        marks={key: tuple(found) for key, found in statements.marks(connection, start, end, batches).items()},
    )


def _plan_year(connection: sqlite3.Connection, year: int) -> int | None:
    found = connection.execute(
        "SELECT max(year) FROM plan_years WHERE year <= ? AND closed_revision IS NULL", (year,)
    ).fetchone()
    return None if found[0] is None else int(found[0])


def _leads(connection: sqlite3.Connection, year: int, day: str) -> tuple[tuple[str, str], ...]:
    """In the order of the plan's methods and of the units printed there; those that only compile lead nothing, nor do
    members of a collective that are not there on the ISO day."""
    found = connection.execute(
        "SELECT mi.indicator, ifnull(c.member, u.unit) FROM method_indicators mi "  # noqa: S608
        "JOIN methods m ON m.method = mi.method AND m.year = mi.year AND m.closed_revision IS NULL "
        "JOIN method_units u ON u.method = mi.method AND u.year = mi.year AND u.role = 'lead' "
        "AND u.closed_revision IS NULL "
        "LEFT JOIN unit_members c ON c.collective = u.unit AND c.closed_revision IS NULL "
        f"AND {unit_rows.there('c.member', '?2', '?2')} "
        "WHERE mi.closed_revision IS NULL AND mi.year = ?1 ORDER BY m.position, mi.position, u.position, c.version_id",
        (year, day),
    )
    return tuple(dict.fromkeys((str(indicator), str(unit)) for indicator, unit in found))


def _units(connection: sqlite3.Connection, day: str) -> dict[str, UnitName]:
    return {
        unit: UnitName(label, kind, bool(implementing))
        for unit, label, kind, implementing in connection.execute(
            f"SELECT unit, label, kind, implementing FROM units WHERE {unit_rows.holds('?1')} ORDER BY position",  # noqa: S608
            (day,),
        )
    }


# A survey without an end has no day, as in the indicators' own figures.
_ENTRIES = (
    ("activities", "kind", "unit", "held_on"),
    ("checks", "kind", "unit", "checked_on"),
    ("surveys", "ifnull(indicator, '')", "unit", "held_to"),
    ("petitions", "''", "NULL", "month || '-01'"),
)


def _days(connection: sqlite3.Connection, start: str, end: str) -> tuple[tuple[str, str, str | None, date, int], ...]:
    found = connection.execute(
        " UNION ALL ".join(
            f"SELECT '{table}', {kind} AS kind, {unit} AS unit, {day} AS day, count(*) FROM {table} "  # noqa: S608
            f"WHERE closed_revision IS NULL AND {day} BETWEEN ?1 AND ?2 GROUP BY 2, 3, 4"
            for table, kind, unit, day in _ENTRIES
        ),
        (start, end),
    )
    return tuple((table, kind, unit, date.fromisoformat(day), rows) for table, kind, unit, day, rows in found)


def _older(connection: sqlite3.Connection, start: str) -> tuple[tuple[str, str, str | None, date, date], ...]:
    found = connection.execute(
        " UNION ALL ".join(
            f"SELECT '{table}', {kind} AS kind, {unit} AS unit, min({day}), max({day}) FROM {table} "  # noqa: S608
            f"WHERE closed_revision IS NULL AND {day} < ?1 GROUP BY 2, 3"
            for table, kind, unit, day in _ENTRIES
        ),
        (start,),
    )
    return tuple(
        (table, kind, unit, date.fromisoformat(first), date.fromisoformat(last))
        for table, kind, unit, first, last in found
    )
