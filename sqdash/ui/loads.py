"""What screens load, kept per state of the store: a change anywhere gives every screen new figures at once.

Results are shared between sessions and must be treated as read-only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import update_wrapper
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqdash import fan_view, periods, plan_views, views
from sqdash.analysis.completeness import Completeness
from sqdash.periods import Period
from sqdash.report.contents import Material
from sqdash.report.tree import ReportTree
from sqdash.store import database, left_behind, locks, originals, wholeness
from sqdash.store.marked import Marked
from sqdash.store.queries import alerts as alert_queries
from sqdash.store.queries import base, due, page_sources, plan, pulls, rota, rows, series
from sqdash.store.queries import explanations as explanation_queries
from sqdash.tables import BY_NAME
from sqdash.ui.memory import Kept

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an open screen compares: the store's state, when a pull last ended well (ISO, UTC), how the last stands."""

    state: str
    pulled_at: str | None
    last_pull: str | None


def seen(store: Path) -> Seen:
    """One small read, the only one that an open screen repeats; refuses a damaged store before anything is shown."""
    return _seen(store, wholeness.require(store))


def _see(connection: database.Connection) -> Seen:
    _, pulled_at, last_pull = pulls.freshness(connection)
    return Seen(base.state(connection), pulled_at, last_pull)


_seen = Marked(_see, patient=False)


@Kept
def _board(store: Path, state: str, code: str, day: date) -> views.Board:
    return views.board(store, periods.parse_period(code), day)


def board(store: Path, state: str, period: Period) -> views.Board:
    """The board of the period as of today."""
    return _board(store, state, period.code, periods.today())


@Kept
def _fans(store: Path, state: str, code: str, day: date) -> fan_view.FanView:
    return fan_view.load(store, _board(store, state, code, day))


def fans(store: Path, state: str, period: Period) -> fan_view.FanView:
    """What the days of the fan page say of the period as of today."""
    return _fans(store, state, period.code, periods.today())


@Kept
def material(store: Path, state: str, code: str, day: date, known: date | None = None) -> Material:
    """What a period's documents are made of (as known at the end of a past day); raises where its year has no plan."""
    return plan_views.material(store, periods.parse_period(code), None if known else day, known)


def report(store: Path, state: str, year: int, day: date, known: date | None = None) -> ReportTree:
    """The year's report as a tree; as :func:`material`."""
    return material(store, state, str(year), day, known).tree


@Kept
def desk(store: Path, state: str, year: int, day: date) -> plan_views.Desk:
    """What writers and reviewers of the year's texts work with."""
    return plan_views.desk(store, year, day)


@Kept
def completeness(store: Path, state: str, year: int, day: date) -> Completeness:
    """What is missing before the year's report is printed."""
    return plan_views.completeness(store, year, day)


@Kept
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


def of_store(
    query: Callable[Concatenate[database.Connection, P], T],
) -> Callable[Concatenate[Path, str, P], T]:
    """A kept load of a query: called with store, state and what the query asks."""

    def load(store: Path, state: str, /, *rest: P.args, **named: P.kwargs) -> T:
        with database.reading(store) as connection:
            return query(connection, *rest, **named)

    return Kept(update_wrapper(load, query))


def of_period(
    query: Callable[Concatenate[database.Connection, Period, P], T],
) -> Callable[Concatenate[Path, str, str, P], T]:
    """A kept load of a query over a period: called with store, state, the period's code and the rest."""

    def load(store: Path, state: str, code: str, /, *rest: P.args, **named: P.kwargs) -> T:
        with database.reading(store) as connection:
            return query(connection, periods.parse_period(code), *rest, **named)

    return Kept(update_wrapper(load, query))


explanations = of_store(explanation_queries.written)
surveys = of_store(series.surveys)
years = of_store(base.years)
contribution_days = of_store(rota.first_and_last)
posts_around = of_store(rota.choices)
units_in_turn = of_store(rota.units_in_turn)
unit_names = of_store(plan.unit_names)
units_called = of_store(plan.units_called)
lead_codes = of_store(plan.lead_codes)
rejections = of_store(rows.rejections)
page_newest = of_store(page_sources.newest)
page_posts = of_store(page_sources.posts)
last_fan_page_file = of_store(page_sources.last_file)
page_day_set = of_store(pulls.days_of)
fans_by_month = of_period(series.fans_by_month)
activities_by_month = of_period(series.activities_by_month)
activities_by_unit = of_period(series.activities_by_unit)
activities = of_period(series.activities)
checks_by_month = of_period(series.checks_by_month)
petitions = of_period(series.petitions)
due_rows = of_period(due.due_rows)
contributions = of_period(rota.contributions)
review_meetings = of_period(rota.meetings)
decisions_left_over = of_period(rota.left_over)
days_off = of_period(rota.days_off)


@Kept
def current_rows(store: Path, state: str, table: str) -> list[dict[str, Any]]:
    """All current rows of a small table of the catalogue."""
    with database.reading(store) as connection:
        return list(rows.current(connection, BY_NAME[table]))


def rows_of_year(store: Path, state: str, table: str, year: int) -> list[dict[str, Any]]:
    """A small yearly table's current rows of one ROC year."""
    return [row for row in current_rows(store, state, table) if row["year"] == year]


@Kept
def newest_rows(
    store: Path, state: str, table: str, searches: tuple[str, ...], codes: rows.Codes
) -> list[dict[str, Any]]:
    """At most 200 current rows of a table (that contain one of the texts, or a code), those that came in last first."""
    with database.reading(store) as connection:
        return list(rows.newest(connection, BY_NAME[table], 200, searches, codes))


@Kept
def history(store: Path, state: str, table: str, key: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Every version of one row, newest first."""
    with database.reading(store) as connection:
        return rows.history(connection, BY_NAME[table], key)


@Kept
def named_by(store: Path, state: str, table: str, key: tuple[Any, ...]) -> str:
    """How many rows of which tables name one row; empty for none."""
    with database.reading(store) as connection:
        return left_behind.told(left_behind.by_strike(connection, BY_NAME[table], key))


@Kept
def imports(store: Path, state: str) -> list[dict[str, Any]]:
    """The newest 200 batches."""
    with database.reading(store) as connection:
        return [dict(zip(rows.IMPORT_COLUMNS, row, strict=True)) for row in rows.imports(connection, 200)]


def has_original(store: Path, sha256: str | None) -> bool:
    """Whether the file was kept as it came."""
    return originals.has(store, sha256)


def original(store: Path, sha256: str | None) -> bytes | None:
    """The file as it came; None when it was not kept. Not kept in memory: files are large."""
    return originals.read(store, sha256)


@Kept
def page_names(store: Path, state: str) -> dict[str, str]:
    """Page id → name, our own first."""
    with database.reading(store) as connection:
        return dict(rows.pages(connection))


@Kept
def disagreements(store: Path, state: str, page_id: str) -> list[dict[str, Any]]:
    """At most 50 days of which a person and a pull say different things."""
    with database.reading(store) as connection:
        return pulls.disagreements(connection, page_id, 50)


# Alerts are reworded and digests noted without a revision, so these are read each time: a few short rows.


def standing_alerts(store: Path) -> list[alert_queries.Standing]:
    """The open alerts, the most important first."""
    return _standing(store)


_standing = Marked(alert_queries.standing, patient=False)


def alert_log(store: Path, rule: str | None) -> list[dict[str, Any]]:
    """The newest 200 lines of the log of alerts (of one rule)."""
    with database.reading(store) as connection:
        return alert_queries.log(connection, 200, rule)


def digests(store: Path) -> list[dict[str, Any]]:
    """The newest ten digests."""
    with database.reading(store) as connection:
        return alert_queries.digests(connection, 10)
