"""What the screens of insight ask of a store with 1,000,000 posts, beside a floor that does the least possible.

A list's floor is the same 50 rows by a bare query over an index made for just that period and order, and the rows must
be the same ones. A search's floor is the same texts handed over and thrown away. A screen's floor is bare reading of
the same sums and of the months that the period cuts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from bench import big_store
from bench.measure import compare
from sqdash import periods
from sqdash.jobs import setup
from sqdash.periods import Period
from sqdash.store import database
from sqdash.store.queries import fan_series, post_groups, post_list
from sqdash.store.queries.post_list import PostFilter

YEAR = periods.year_period(110)
ALL = Period(date(2014, 1, 1), date(2023, 12, 31))
ODD = Period(date(2019, 3, 15), date(2020, 8, 14))
PAGE = "1000000000000"
RARE, COMMON = "led燈", "安全"
PERIODS = (
    ("one year", YEAR),
    ("ten years", ALL),
    ("17 months in parts", ODD),
    ("one month", periods.month_period("2020-05")),
)
LIST, SEARCH_A_YEAR, SCREEN = 10, 60, 50
"""Goals in milliseconds; a search may take ten times as long over ten years."""

Query = Callable[[sqlite3.Connection], object]


def screen(period: Period) -> Query:
    """Everything that the screen of posts asks when it is opened."""

    def ask(c: sqlite3.Connection) -> None:
        post_list.page(c, PostFilter(period), "likes")
        post_list.choices(post_groups.summary(c, period, counted=()))

    return ask


def turned(period: Period) -> Query:
    """What it asks anew when it is turned to figures at 7 days: list and choices stay as they are, and are kept."""
    return lambda c: post_groups.summary(c, period, 7)


def fans(period: Period) -> Query:
    """The days and events of which the screen of fans works out all it shows."""

    def ask(c: sqlite3.Connection) -> None:
        for measure in ("fans", "followers"):
            fan_series.days(c, PAGE, measure, period.start - timedelta(days=90), period.end)
        fan_series.activities(c, period.start, period.end)
        fan_series.benchmark_pages(c, period.end)

    return ask


def _fan_days(c: sqlite3.Connection) -> None:
    """Ten years of days of 50 pages, in a temporary table: the store of posts has none."""
    c.execute("CREATE TEMP TABLE page_days AS SELECT * FROM main.page_days LIMIT 0")
    c.execute(
        "WITH RECURSIVE days(day) AS (VALUES ('2014-01-01') UNION ALL SELECT date(day, '+1 day') FROM days "
        "WHERE day < '2023-12-31') INSERT INTO page_days (page_id, day, day_zone, measure, value, batch) "
        "SELECT p.page_id, d.day, 'Asia/Taipei', m.value, 13000, 1 FROM pages p, days d, "
        """json_each('["fans", "followers"]') m"""
    )
    c.execute("CREATE UNIQUE INDEX temp.page_days_current ON page_days (page_id, day, day_zone, measure)")
    c.execute("CREATE INDEX temp.page_days_measure ON page_days (page_id, measure, day) WHERE closed_revision IS NULL")


def _bare_days(period: Period) -> Query:
    """The floor of the screen of fans."""
    sql = (
        "SELECT * FROM page_days WHERE page_id = ? AND measure = ? AND closed_revision IS NULL AND day BETWEEN ? AND ?"
    )
    span = ((period.start - timedelta(days=90)).isoformat(), period.end.isoformat())
    return lambda c: [c.execute(sql, (PAGE, measure, *span)).fetchall() for measure in ("fans", "followers")]


def _ranked(c: sqlite3.Connection, period: Period) -> None:
    """The period's posts and what they can be ordered by, in a temporary table."""
    c.execute("DROP TABLE IF EXISTS temp.ranked")
    c.execute(
        f"CREATE TEMP TABLE ranked AS SELECT post_id, {', '.join(post_list.ORDERS)} FROM post_now "  # noqa: S608
        "WHERE published_at >= ? AND published_at < ?",
        (period.start.isoformat(), (period.end + timedelta(days=1)).isoformat()),
    )


def _by_index(c: sqlite3.Connection, order: str, descending: bool) -> Query:
    """The floor of a list; makes the index it reads."""
    by = f"{order} IS NULL, {order} {'DESC' if descending else 'ASC'}"
    by += "" if order == "published_at" else ", published_at DESC"
    c.execute("DROP INDEX IF EXISTS temp.in_order")
    c.execute(f"CREATE INDEX temp.in_order ON ranked ({by}, post_id)")
    sql = (
        f"SELECT n.*, p.* FROM (SELECT post_id FROM ranked INDEXED BY in_order ORDER BY {by}, post_id LIMIT 50) r "  # noqa: S608
        "CROSS JOIN post_now n ON n.post_id = r.post_id "
        "CROSS JOIN posts p ON p.post_id = r.post_id AND p.closed_revision IS NULL"
    )
    return lambda c: c.execute(sql).fetchall()


def _texts(store: Path, period: Period) -> Query:
    """The floor of a search."""

    def read(_: sqlite3.Connection) -> None:
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as bare:
            sql = "SELECT messages FROM post_texts WHERE month BETWEEN ? AND ?"
            for _row in bare.execute(sql, (period.months[0], period.months[-1])):
                pass

    return read


def _sums(period: Period, basis: int = 0) -> Query:
    """The floor of a screen: all that is kept of whole months and years, every column of the posts of cut months."""
    wholes, edges = post_groups.parts(period)
    marks = ", ".join("?" * len(wholes))
    table = "post_aged" if basis else "post_now"
    at_age = f"basis = {basis} AND " if basis else ""

    def read(c: sqlite3.Connection) -> None:
        for dimension in post_groups.DIMENSIONS:
            c.execute(
                f"SELECT * FROM post_groups WHERE basis = ? AND dimension = ? AND span IN ({marks})",  # noqa: S608
                (basis, dimension, *wholes),
            ).fetchall()
        for edge in edges:
            c.execute(
                f"SELECT * FROM {table} WHERE {at_age}page_id IN (SELECT page_id FROM pages) "  # noqa: S608
                "AND published_at >= ? AND published_at < ?",
                edge,
            ).fetchall()

    return read


def main(folder: Path) -> None:
    """Measure and print: minimum, median and maximum, the floor's, the ratio, and the goal for the median."""
    store = big_store.path()
    setup.init(store, empty=True)  # one kept from before may be of an older version
    with database.reading(store) as connection:
        for label, period in PERIODS:
            _lists(connection, label, period)
        _fan_days(connection)
        for label, period in PERIODS:
            _screens(connection, store, label, period)


def _show(c: sqlite3.Connection, name: str, ask: Query, floor: str, floored: Query, goal: int, runs: int = 9) -> None:
    found = compare(name, lambda: ask(c), floor, lambda: floored(c), runs)
    print(f"{found.line()}; goal {goal} ms {'met' if found.median <= goal / 1000 else 'MISSED'}", flush=True)


def _lists(c: sqlite3.Connection, label: str, period: Period) -> None:
    _ranked(c, period)
    for order in post_list.ORDERS:
        for descending in (True, False):
            name = f"first 50 by {order} {'down' if descending else 'up'}, {label}"
            floored = _by_index(c, order, descending)

            def ask(c: sqlite3.Connection, order: str = order, descending: bool = descending) -> list[str]:
                rows, _ = post_list.page(c, PostFilter(period), order, descending, counted=False)
                return [row["post_id"] for row in rows]

            if ask(c) != [row[2] for row in floored(c)]:  # type: ignore[attr-defined]
                raise AssertionError(name)
            _show(c, name, ask, "the same rows by an index of their own", floored, LIST)


def _screens(c: sqlite3.Connection, store: Path, label: str, period: Period) -> None:
    for word in (RARE, COMMON):
        find: Query = lambda c, w=word: post_list.page(c, PostFilter(period, w))  # type: ignore[misc]  # noqa: E731
        name = f"search {word}, first 50 and count, {label}"
        goal = max(SEARCH_A_YEAR, SEARCH_A_YEAR * len(period.months) // 12)
        _show(c, name, find, "the same texts read", _texts(store, period), goal, 5)
    floor = "the same sums and posts read"
    _show(c, f"screen of posts, {label}", screen(period), floor, _sums(period), SCREEN)
    _show(c, f"screen of posts turned to 7 days, {label}", turned(period), floor, _sums(period, 7), SCREEN)
    _show(c, f"screen of fans, {label}", fans(period), "the same days read", _bare_days(period), SCREEN)
