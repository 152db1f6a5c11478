"""What screens load, kept per state of the store: a change anywhere gives every screen new figures at once.

Results are shared between sessions and must be treated as read-only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import streamlit as st

from sqdash import periods, views
from sqdash.analysis.completeness import Completeness
from sqdash.periods import Period
from sqdash.report.tree import ReportTree
from sqdash.store import database, originals
from sqdash.store.queries import base, due, page_sources, plan, pulls, rows, series
from sqdash.tables import BY_NAME

P = ParamSpec("P")
T = TypeVar("T")


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Keep the newest 128 results; the arguments, the store's state included, are the key."""
    cached: Callable[P, T] = st.cache_resource(max_entries=128, show_spinner=False)(function)
    return cached


@dataclass(frozen=True, slots=True)
class Seen:
    """What an open screen compares: the store's state, when a pull last ended well (ISO, UTC), how the last stands."""

    state: str
    pulled_at: str | None
    last_pull: str | None


def seen(store: Path) -> Seen:
    """One small read, the only one that an open screen repeats."""
    with database.reading(store) as connection:
        _, pulled_at, last_pull = pulls.freshness(connection)
        return Seen(base.state(connection), pulled_at, last_pull)


@kept
def _board(store: Path, state: str, code: str, day: date) -> views.Board:
    return views.board(store, periods.parse_period(code), day)


def board(store: Path, state: str, period: Period) -> views.Board:
    """The board of the period as of today."""
    return _board(store, state, period.code, periods.today())


@kept
def years(store: Path, state: str) -> list[int]:
    """ROC years with anything in them, newest first."""
    with database.reading(store) as connection:
        return base.years(connection)


@kept
def report(store: Path, state: str, year: int, day: date, known: date | None = None) -> ReportTree:
    """The year's report as a tree (as known at the end of a past day); raises where the year has no plan."""
    return views.report(store, year, None if known else day, known)


@kept
def desk(store: Path, state: str, year: int, day: date) -> views.Desk:
    """What writers and reviewers of the year's texts work with."""
    return views.desk(store, year, day)


@kept
def completeness(store: Path, state: str, year: int, day: date) -> Completeness:
    """What is missing before the year's report is printed."""
    return views.completeness(store, year, day)


@kept
def compared(
    store: Path, state: str, years: tuple[int, ...], day: date
) -> tuple[dict[int, views.Board], dict[int, ReportTree]]:
    """The boards of several years, and the reports of those that have a plan."""
    return views.compare(store, years, day)


def planned_years(store: Path, state: str) -> list[int]:
    """ROC years with a plan, newest first."""
    return sorted((row["year"] for row in current_rows(store, state, "plan_years")), reverse=True)


def _of_period(
    query: Callable[Concatenate[database.Connection, Period, P], T],
) -> Callable[Concatenate[Path, str, str, P], T]:
    """A kept load of a query over a period: called with store, state, the period's code and the rest."""

    def load(store: Path, state: str, code: str, /, *rest: P.args, **named: P.kwargs) -> T:
        with database.reading(store) as connection:
            return query(connection, periods.parse_period(code), *rest, **named)

    load.__name__ = load.__qualname__ = query.__name__
    return kept(load)


fans_by_month = _of_period(series.fans_by_month)
fans_by_day = _of_period(series.fans_by_day)
fan_events = _of_period(series.fan_events)
activities_by_month = _of_period(series.activities_by_month)
activities_by_unit = _of_period(series.activities_by_unit)
activities = _of_period(series.activities)
checks_by_month = _of_period(series.checks_by_month)
petitions = _of_period(series.petitions)
posts = _of_period(series.posts)
due_rows = _of_period(due.due_rows)


@kept
def surveys(store: Path, state: str, year: int) -> list[dict[str, Any]]:
    """The surveys of a ROC year."""
    with database.reading(store) as connection:
        return series.surveys(connection, year)


@kept
def benchmark_pages(store: Path, state: str) -> list[dict[str, Any]]:
    """The benchmark pages with their newest figure."""
    with database.reading(store) as connection:
        return series.benchmark_pages(connection)


@kept
def unassigned_posts(store: Path, state: str) -> int:
    """Posts of pages that are not marked own or benchmark."""
    with database.reading(store) as connection:
        return series.unassigned_posts(connection)


@kept
def current_rows(store: Path, state: str, table: str) -> list[dict[str, Any]]:
    """All current rows of a small table of the catalogue."""
    with database.reading(store) as connection:
        return list(rows.current(connection, BY_NAME[table]))


def rows_of_year(store: Path, state: str, table: str, year: int) -> list[dict[str, Any]]:
    """A small yearly table's current rows of one ROC year."""
    return [row for row in current_rows(store, state, table) if row["year"] == year]


@kept
def unit_names(store: Path, state: str, day: str) -> dict[str, str]:
    """Code → name of the units on that ISO day."""
    with database.reading(store) as connection:
        return plan.unit_names(connection, day)


@kept
def newest_rows(store: Path, state: str, table: str, search: str = "") -> list[dict[str, Any]]:
    """At most 200 current rows of a table (that contain a text), those that came in last first."""
    with database.reading(store) as connection:
        return list(rows.newest(connection, BY_NAME[table], 200, search))


@kept
def history(store: Path, state: str, table: str, key: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Every version of one row, newest first."""
    with database.reading(store) as connection:
        return rows.history(connection, BY_NAME[table], key)


@kept
def imports(store: Path, state: str) -> list[dict[str, Any]]:
    """The newest 200 batches."""
    with database.reading(store) as connection:
        return [dict(zip(rows.IMPORT_COLUMNS, row, strict=True)) for row in rows.imports(connection, 200)]


@kept
def rejections(store: Path, state: str, batch: int) -> list[tuple[int | None, str, str, str, str]]:
    """(row, column, value, code, reason) of what a batch left out."""
    with database.reading(store) as connection:
        return rows.rejections(connection, batch)


def original(store: Path, sha256: str | None) -> bytes | None:
    """The file as it came; None when it was not kept. Not kept in memory: files are large."""
    return originals.read(store, sha256)


@kept
def page_names(store: Path, state: str) -> dict[str, str]:
    """Page id → name, our own first."""
    with database.reading(store) as connection:
        return dict(rows.pages(connection))


@kept
def page_newest(store: Path, state: str, page_id: str) -> list[dict[str, Any]]:
    """Per measure and day zone of a page: first and newest day, and what brought the newest."""
    with database.reading(store) as connection:
        return page_sources.newest(connection, page_id)


@kept
def page_posts(store: Path, state: str, page_id: str) -> tuple[int, str | None]:
    """How many posts a page has, and when the newest was published."""
    with database.reading(store) as connection:
        return page_sources.posts(connection, page_id)


@kept
def last_fan_page_file(store: Path, state: str) -> dict[str, Any] | None:
    """The last standing file with figures of fan pages."""
    with database.reading(store) as connection:
        return page_sources.last_file(connection)


@kept
def page_day_set(store: Path, state: str, page_id: str, measure: str, zone: str, since: str) -> set[str]:
    """The days since then that have a value."""
    with database.reading(store) as connection:
        return pulls.days_of(connection, page_id, measure, zone, since)


@kept
def disagreements(store: Path, state: str, page_id: str) -> list[dict[str, Any]]:
    """At most 50 days of which a person and a pull say different things."""
    with database.reading(store) as connection:
        return pulls.disagreements(connection, page_id, 50)
