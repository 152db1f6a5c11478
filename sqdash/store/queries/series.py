"""Rows over time for charts and tables: page days, activities, checks, petitions, surveys."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from sqdash.indicators import INDICATORS
from sqdash.periods import Period, month_period
from sqdash.store.queries import base, unit_rows
from sqdash.store.queries.page_figures import own_page
from sqdash.store.rollups import POSTS

# A kind whose indicator counts rows counts one a row; sessions that were not given count nowhere.
_BY_SESSION = ", ".join(
    f"'{i.ledger.kind}'" for i in INDICATORS if i.ledger and i.ledger.table == "activities" and i.ledger.measure
)
_HELD = f"sum(CASE WHEN a.kind IN ({_BY_SESSION}) THEN ifnull(a.sessions, 0) ELSE 1 END)"


def fans_by_month(connection: sqlite3.Connection, period: Period) -> list[float | None]:
    """The last fans figure of each month within the period: one look-up a month."""
    start, end = period.stored
    page = own_page(connection, "fans", end)
    found = []
    for month in period.months:
        row = connection.execute(
            "SELECT value FROM page_days WHERE page_id = ? AND measure = 'fans' AND closed_revision IS NULL "
            "AND day BETWEEN ? AND ? ORDER BY day DESC, day_zone = 'Asia/Taipei' DESC LIMIT 1",
            (page, max(f"{month}-01", start), min(f"{month}-31", end)),
        ).fetchone()
        found.append(float(row[0]) if row else None)
    return found


def activities_by_month(connection: sqlite3.Connection, period: Period) -> list[tuple[str, str, int, int]]:
    """(kind, month, rows, sessions or rows as the kind's indicator counts)."""
    return connection.execute(
        f"SELECT a.kind, substr(a.held_on, 1, 7), count(*), {_HELD} FROM activities a "  # noqa: S608
        "WHERE closed_revision IS NULL AND held_on BETWEEN ? AND ? GROUP BY 1, 2 ORDER BY 2, 1",
        period.stored,
    ).fetchall()


def activities_by_unit(connection: sqlite3.Connection, period: Period) -> list[tuple[str | None, str, int, int | None]]:
    """(unit, kind, sessions, attendees) of the period."""
    return connection.execute(
        f"SELECT u.label, a.kind, {_HELD}, sum(a.attendees) FROM activities a "  # noqa: S608
        f"{unit_rows.join('a.unit', 'a.held_on')}"
        "WHERE a.closed_revision IS NULL AND a.held_on BETWEEN ? AND ? GROUP BY 1, 2 ORDER BY u.position, 2",
        period.stored,
    ).fetchall()


def activities(
    connection: sqlite3.Connection, period: Period, kinds: Sequence[str], limit: int
) -> list[dict[str, Any]]:
    """The ledger's newest rows of these kinds, with unit names and sources."""
    marks = ", ".join("?" * len(kinds))
    cursor = connection.execute(
        "SELECT a.held_on, a.kind, a.title, u.label AS unit, a.sessions, a.attendees, a.partner, a.place, "  # noqa: S608
        "i.file_name, a.source_row FROM activities a JOIN imports i ON i.batch = a.batch "
        f"{unit_rows.join('a.unit', 'a.held_on')}"
        f"WHERE a.closed_revision IS NULL AND a.held_on BETWEEN ? AND ? AND a.kind IN ({marks}) "
        "ORDER BY a.held_on DESC, a.activity_id LIMIT ?",
        (*period.stored, *kinds, limit),
    )
    return base.dictionaries(cursor)


def checks_by_month(connection: sqlite3.Connection, period: Period) -> list[tuple[str, str, int, int, int | None]]:
    """(kind, month, rows, rows that failed, people)."""
    return connection.execute(
        "SELECT kind, substr(checked_on, 1, 7), count(*), sum(ifnull(passed, 1) = 0), sum(people) FROM checks "
        "WHERE closed_revision IS NULL AND checked_on BETWEEN ? AND ? GROUP BY 1, 2 ORDER BY 2, 1",
        period.stored,
    ).fetchall()


def petitions(connection: sqlite3.Connection, period: Period) -> list[tuple[str, int, int]]:
    """(month, received, closed) of the months that lie wholly inside, as the indicator counts them."""
    whole = [month for month in period.months if _within(month_period(month), period)]
    return connection.execute(
        "SELECT month, received, closed FROM petitions WHERE closed_revision IS NULL AND month BETWEEN ? AND ? "
        "ORDER BY month",
        (whole[0], whole[-1]) if whole else ("", ""),
    ).fetchall()


def _within(inner: Period, outer: Period) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def surveys(connection: sqlite3.Connection, year: int) -> list[dict[str, Any]]:
    """Surveys of a ROC year."""
    return base.dictionaries(
        connection.execute(
            "SELECT s.title, s.indicator, s.held_from, s.held_to, s.asked, s.valid, s.satisfaction, i.file_name, "
            "s.source_row FROM surveys s JOIN imports i ON i.batch = s.batch "
            "WHERE s.closed_revision IS NULL AND s.year = ? ORDER BY s.survey_id",
            (year,),
        )
    )


def unassigned_posts(connection: sqlite3.Connection) -> int:
    """Posts of pages that are neither own nor benchmark; they count in nothing."""
    found = connection.execute(
        "SELECT ifnull(sum(posts), 0) FROM post_months WHERE measure = ? AND page_id IN "
        "(SELECT page_id FROM pages WHERE kind = 'unassigned' AND closed_revision IS NULL)",
        (POSTS,),
    ).fetchone()
    return int(found[0])
