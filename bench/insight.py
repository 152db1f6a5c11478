"""What the screens of insight ask of a store with 1,000,000 posts, each beside a bare covering query."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench import big_store
from bench.measure import compare
from sqdash import periods
from sqdash.periods import Period
from sqdash.store import database
from sqdash.store.queries import post_groups, post_list, series
from sqdash.store.queries.post_list import PostFilter

YEAR = periods.year_period(110)
ALL = Period(date(2014, 1, 1), date(2023, 12, 31))
ODD = Period(date(2019, 3, 15), date(2020, 8, 14))
RARE, COMMON = "led燈", "安全"
PERIODS = (
    ("one year", YEAR),
    ("ten years", ALL),
    ("17 months in parts", ODD),
    ("one month", periods.month_period("2020-05")),
)

Query = Callable[[sqlite3.Connection], object]


def posts(period: Period, basis: int = 0) -> Query:
    """Everything that the screen of posts asks."""

    def ask(c: sqlite3.Connection) -> None:
        post_list.page(c, PostFilter(period), "likes")
        post_list.choices(c, period)
        post_groups.summary(c, period, basis)

    return ask


def fans(period: Period) -> Query:
    """Everything that the screen of fans asks."""

    def ask(c: sqlite3.Connection) -> None:
        series.fans_by_day(c, period)
        series.fans_by_month(c, period)
        series.fan_events(c, period)

    return ask


def _first_fifty(c: sqlite3.Connection) -> object:
    """The floor of a list: 50 posts of one page in the order in which they lie, with what a row shows."""
    return c.execute(
        "SELECT n.*, p.* FROM post_now n JOIN posts p ON p.post_id = n.post_id AND p.closed_revision IS NULL "
        "WHERE n.page_id = '1000000000001' ORDER BY n.published_at DESC LIMIT 50"
    ).fetchall()


def _texts(period: Period) -> Query:
    """The floor of a search: the same bytes read and nothing done with them."""
    return lambda c: c.execute(
        "SELECT sum(length(CAST(messages AS TEXT))) FROM post_texts WHERE month BETWEEN ? AND ?",
        (period.months[0], period.months[-1]),
    ).fetchall()


def main(folder: Path) -> None:
    """Measure and print."""
    store = big_store.path()

    def show(name: str, ask: Query, floor: str, floored: Query, runs: int = 9) -> None:
        with database.reading(store) as connection:
            print(compare(name, lambda: ask(connection), floor, lambda: floored(connection), runs).line(), flush=True)

    def listing(period: Period, order: str, descending: bool) -> Query:
        return lambda c: post_list.listing(c, PostFilter(period), order, descending)

    for label, period in PERIODS:
        for order in post_list.ORDERS:
            for descending in (True, False):
                name = f"first 50 by {order} {'down' if descending else 'up'}, {label}"
                show(name, listing(period, order, descending), "50 rows of one page", _first_fifty)
    for label, period in PERIODS:
        for word in (RARE, COMMON):
            find: Query = lambda c, p=period, w=word: post_list.page(c, PostFilter(p, w))  # type: ignore[misc]  # noqa: E731
            show(f"search {word}, first 50 and count, {label}", find, "the same texts read", _texts(period), 5)
        show(f"screen of posts, {label}", posts(period), "50 rows of one page", _first_fifty)
        show(f"screen of posts at 7 days, {label}", posts(period, 7), "50 rows of one page", _first_fifty)
        show(f"screen of fans, {label}", fans(period), "50 rows of one page", _first_fifty)
