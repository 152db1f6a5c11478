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

from sqdash import fan_view, periods, plan_views, views
from sqdash.analysis.completeness import Completeness
from sqdash.contributions import Choice
from sqdash.periods import Period
from sqdash.report.contents import Material
from sqdash.report.tree import ReportTree
from sqdash.store import database, locks, originals, wholeness
from sqdash.store.queries import alerts as alert_queries
from sqdash.store.queries import base, due, page_sources, plan, post_groups, post_list, pulls, rota, rows, series
from sqdash.store.queries import explanations as explanation_queries
from sqdash.tables import BY_NAME

POSTS_A_SCREEN = 50
POSTS_A_FILE = 5_000
"""The most posts that a screen's file lists; the whole store is exported by the command."""

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
    """One small read, the only one that an open screen repeats; refuses a damaged store before anything is shown."""
    wholeness.require(store)
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
def _fans(store: Path, state: str, code: str, day: date) -> fan_view.FanView:
    return fan_view.load(store, _board(store, state, code, day))


def fans(store: Path, state: str, period: Period) -> fan_view.FanView:
    """What the days of the fan page say of the period as of today."""
    return _fans(store, state, period.code, periods.today())


@kept
def years(store: Path, state: str) -> list[int]:
    """ROC years with anything in them, newest first."""
    with database.reading(store) as connection:
        return base.years(connection)


@kept
def material(store: Path, state: str, code: str, day: date, known: date | None = None) -> Material:
    """What a period's documents are made of (as known at the end of a past day); raises where its year has no plan."""
    return plan_views.material(store, periods.parse_period(code), None if known else day, known)


def report(store: Path, state: str, year: int, day: date, known: date | None = None) -> ReportTree:
    """The year's report as a tree; as :func:`material`."""
    return material(store, state, str(year), day, known).tree


@kept
def desk(store: Path, state: str, year: int, day: date) -> plan_views.Desk:
    """What writers and reviewers of the year's texts work with."""
    return plan_views.desk(store, year, day)


@kept
def completeness(store: Path, state: str, year: int, day: date) -> Completeness:
    """What is missing before the year's report is printed."""
    return plan_views.completeness(store, year, day)


@kept
def compared(
    store: Path, state: str, years: tuple[int, ...], day: date
) -> tuple[dict[int, views.Board], dict[int, ReportTree]]:
    """The boards of several years, and the reports of those that have a plan."""
    return plan_views.compare(store, years, day)


def locked_years(store: Path, state: str, table: str) -> list[int]:
    """Locked ROC years in which rows of that table cannot change, newest first."""
    if table not in locks.HELD:
        return []
    rows_ = current_rows(store, state, "year_locks")
    return sorted((row["year"] for row in rows_ if row["state"] == "locked"), reverse=True)


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
activities_by_month = _of_period(series.activities_by_month)
activities_by_unit = _of_period(series.activities_by_unit)
activities = _of_period(series.activities)
checks_by_month = _of_period(series.checks_by_month)
petitions = _of_period(series.petitions)
due_rows = _of_period(due.due_rows)
contributions = _of_period(rota.contributions)
review_meetings = _of_period(rota.meetings)
days_off = _of_period(rota.days_off)


@kept
def post_growth(store: Path, state: str, post_id: str) -> list[dict[str, Any]]:
    """Every standing observation of a post, oldest first."""
    with database.reading(store) as connection:
        return post_list.growth(connection, post_id)


@kept
def explanations(store: Path, state: str, indicator: str, start: str, end: str) -> list[dict[str, Any]]:
    """Reasons and next steps of an indicator for periods that share a day with these (ISO)."""
    with database.reading(store) as connection:
        return explanation_queries.written(connection, indicator, start, end)


@kept
def surveys(store: Path, state: str, year: int) -> list[dict[str, Any]]:
    """The surveys of a ROC year."""
    with database.reading(store) as connection:
        return series.surveys(connection, year)


_post_summary = _of_period(post_groups.summary)


def posts_in_groups(store: Path, state: str, code: str, dimension: str, basis: int = 0) -> list[post_groups.Group]:
    """The period's posts by a dimension: newest figures, or those at an age in days."""
    summary = _post_summary(store, state, code, basis) if basis else _newest_summary(store, state, code)
    return summary.groups[dimension]


def post_counts(store: Path, state: str, code: str, measure: str, age: int) -> list[tuple[int, int]]:
    """How often each figure of a judged measure at an age occurs; of newest figures a ``PostFigure`` has them."""
    return _post_summary(store, state, code, age).counts[measure]


def post_choices(store: Path, state: str, code: str) -> post_list.Choices:
    """The types, topics and unit codes of the period's posts."""
    return post_list.choices(_newest_summary(store, state, code))


def _newest_summary(store: Path, state: str, code: str) -> post_groups.Summary:
    return _post_summary(store, state, code, post_groups.LATEST, ())


@kept
def posts(
    store: Path,
    state: str,
    filter: post_list.PostFilter,
    order: str = "published_at",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """A screenful of posts, and how many there are in all."""
    with database.reading(store) as connection:
        return post_list.page(connection, filter, order, descending, limit, offset)


def posts_for_a_file(store: Path, filter: post_list.PostFilter, order: str, descending: bool) -> list[dict[str, Any]]:
    """At most :data:`POSTS_A_FILE` posts as the store is now; not kept in memory, for a file is made once."""
    with database.reading(store) as connection:
        return post_list.page(connection, filter, order, descending, POSTS_A_FILE, counted=False)[0]


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
def contribution_days(store: Path, state: str) -> tuple[str, str] | None:
    """The first and the last day of the rota (ISO); None where there is none."""
    with database.reading(store) as connection:
        return rota.first_and_last(connection)


@kept
def posts_around(store: Path, state: str, due_on: date) -> list[Choice]:
    """Posts that a contribution due then may have become."""
    with database.reading(store) as connection:
        return rota.choices(connection, due_on)


@kept
def units_in_turn(store: Path, state: str, day: str) -> dict[str, str]:
    """Code → name of the units that take turns, on that ISO day."""
    with database.reading(store) as connection:
        return rota.units_in_turn(connection, day)


@kept
def unit_names(store: Path, state: str, day: str) -> dict[str, str]:
    """Code → name of the units on that ISO day."""
    with database.reading(store) as connection:
        return plan.unit_names(connection, day)


@kept
def lead_codes(store: Path, state: str, year: int) -> dict[str, frozenset[str]]:
    """Indicator → the codes of its lead units in the newest plan up to the ROC year."""
    with database.reading(store) as connection:
        return plan.lead_codes(connection, year)


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


def has_original(store: Path, sha256: str | None) -> bool:
    """Whether the file was kept as it came."""
    return originals.has(store, sha256)


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


# Alerts are reworded and digests noted without a revision, so these are read each time: a few short rows.


def standing_alerts(store: Path) -> list[alert_queries.Standing]:
    """The open alerts, the most important first."""
    with database.reading(store) as connection:
        return alert_queries.standing(connection)


def alert_log(store: Path, rule: str | None) -> list[dict[str, Any]]:
    """The newest 200 lines of the log of alerts (of one rule)."""
    with database.reading(store) as connection:
        return alert_queries.log(connection, 200, rule)


def digests(store: Path) -> list[dict[str, Any]]:
    """The newest ten digests."""
    with database.reading(store) as connection:
        return alert_queries.digests(connection, 10)
