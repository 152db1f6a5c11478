"""Daily stocks of fan pages with how each day came in, the activities that fans were won with, and benchmark pages."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from sqdash.figures import DayFigure, FanActivity

# Where two zones give the same day, the Taipei one: SQLite takes the other columns from the row of the maximum.
_TAIPEI_FIRST = "max(d.day_zone = 'Asia/Taipei')"
# Files of one format are one way of measuring, entries, pulls and generated rows each another. What a person corrected
# is measured as the row that stood there before: a correction of the newest day is no change of source.
_CORRECTED = (
    "SELECT CASE j.kind WHEN 'file' THEN j.format ELSE j.kind END FROM page_days o JOIN imports j ON j.batch = o.batch "
    "WHERE o.page_id = d.page_id AND o.day = d.day AND o.day_zone = d.day_zone AND o.measure = d.measure "
    "AND o.closed_revision IS NOT NULL AND o.closed_as = 'replaced' AND j.kind <> 'entry' "
    "AND j.undone_revision IS NULL ORDER BY o.version_id DESC LIMIT 1"
)
_FIGURE = (
    f"d.day, d.value, d.day_zone, CASE i.kind WHEN 'file' THEN i.format WHEN 'entry' THEN "
    f"ifnull(({_CORRECTED}), i.kind) ELSE i.kind END, "
    "i.file_name || ifnull(' 第 ' || d.source_row || ' 列', '')"
)
_OF_PAGE = (
    f"SELECT {_FIGURE}, {_TAIPEI_FIRST} FROM page_days d JOIN imports i ON i.batch = d.batch "  # noqa: S608
    "WHERE d.page_id = ? AND d.measure = ? AND d.closed_revision IS NULL AND "
)


@dataclass(frozen=True, slots=True)
class BenchmarkPage:
    """A page that we learn from, its note, and its newest figure of fans up to a day, if it has any."""

    page_id: str
    label: str
    note: str | None
    newest: DayFigure | None


def days(connection: sqlite3.Connection, page: str | None, measure: str, start: date, end: date) -> list[DayFigure]:
    """The page's figures from start to end in order of days, one a day."""
    found = connection.execute(
        f"{_OF_PAGE} d.day BETWEEN ? AND ? GROUP BY d.day ORDER BY d.day",
        (page, measure, start.isoformat(), end.isoformat()),
    )
    return [_figure(row) for row in found]


def days_of_each_zone(
    connection: sqlite3.Connection, page: str | None, measure: str, start: date, end: date
) -> list[DayFigure]:
    """The page's figures from start to end in order of days, one a day and zone."""
    found = connection.execute(
        f"{_OF_PAGE} d.day BETWEEN ? AND ? GROUP BY d.day, d.day_zone ORDER BY d.day, d.day_zone",
        (page, measure, start.isoformat(), end.isoformat()),
    )
    return [_figure(row) for row in found]


def newest(connection: sqlite3.Connection, page: str | None, measure: str, until: date) -> DayFigure | None:
    """The page's last figure up to a day."""
    row = connection.execute(
        f"{_OF_PAGE} d.day = (SELECT max(day) FROM page_days WHERE page_id = ? AND measure = ? "  # noqa: S608
        "AND closed_revision IS NULL AND day <= ?) GROUP BY d.day",
        (page, measure, page, measure, until.isoformat()),
    ).fetchone()
    return _figure(row) if row else None


def _figure(row: tuple[str, int, str, str, str, int]) -> DayFigure:
    day, value, zone, way, origin, _ = row
    return DayFigure(date.fromisoformat(day), value, zone, way, origin)


def activities(connection: sqlite3.Connection, start: date, end: date) -> list[FanActivity]:
    """Fan events that share a day with those from start to end, in order of their first days."""
    found = connection.execute(
        "SELECT title, held_on, ifnull(ended_on, held_on) FROM activities WHERE closed_revision IS NULL "
        "AND kind = 'fan_event' AND held_on <= ? AND ifnull(ended_on, held_on) >= ? ORDER BY held_on, activity_id",
        (end.isoformat(), start.isoformat()),
    )
    return [FanActivity(title, date.fromisoformat(first), date.fromisoformat(last)) for title, first, last in found]


def own_label(connection: sqlite3.Connection, page: str | None) -> str:
    """The page's name; "" for none."""
    row = connection.execute(
        "SELECT label FROM pages WHERE page_id = ? AND closed_revision IS NULL", (page,)
    ).fetchone()
    return str(row[0]) if row else ""


def benchmark_pages(connection: sqlite3.Connection, until: date) -> list[BenchmarkPage]:
    """All benchmark pages by name, with their newest figure up to a day."""
    found = connection.execute(
        "SELECT page_id, label, note FROM pages WHERE kind = 'benchmark' AND closed_revision IS NULL ORDER BY label"
    ).fetchall()
    return [BenchmarkPage(page, label, note, newest(connection, page, "fans", until)) for page, label, note in found]
