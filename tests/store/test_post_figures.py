"""Count, total, distribution and months of the posts of a period."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqdash.figures import PostFigure
from sqdash.periods import Period
from sqdash.store.queries import evidence, series
from tests.making import add, open_copy, row
from tests.store.observing import PAGE, observe
from tests.store.observing import at as seen_on
from tests.store.small_stores import add_pages, at

Copy = Callable[[str], Path]
JUDGED = ("likes", "reactions", "reach", "viewers")


def add_post(memory: sqlite3.Connection, number: int, page: str, moment: str, **measures: int | None) -> None:
    post = f"{page}_{number}"
    add(memory, "posts", row("posts", post_id=post, page_id=page, published_at=moment))
    if measures:
        add(memory, "snapshots", row("snapshots", post_id=post, observed_at="2015-02-01T08:00:00+08:00", **measures))


def without_sources(found: PostFigure) -> tuple[Any, ...]:
    return (found.measure, found.posts, found.n, found.total, found.counts, found.months, found.observed_to)


def test_posts_of_a_year_give_count_total_distribution_and_months(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="own")
    add_post(memory, 1, "ours", "2013-12-31T23:59:59+08:00", likes=900)
    add_post(memory, 2, "ours", "2014-01-01T00:00:00+08:00", likes=30, reach=300)
    add_post(memory, 3, "ours", "2014-12-31T23:59:59+08:00", likes=50)
    add_post(memory, 4, "ours", "2014-12-31T10:00:00+08:00", likes=30)
    add_post(memory, 5, "ours", "2014-06-01T10:00:00+08:00")
    add_post(memory, 6, "ours", "2015-01-01T00:00:00+08:00", likes=900)
    seen = "2015-02-01T08:00:00+08:00"
    found = at(memory, "103").posts
    assert {name: without_sources(figure) for name, figure in found.items()} == {
        "likes": ("likes", 4, 3, 110, ((30, 2), (50, 1)), (("2014-01", 1, 30), ("2014-12", 2, 80)), seen),
        "reach": ("reach", 4, 1, 300, ((300, 1),), (("2014-01", 1, 300),), seen),
    }
    assert [s.file_name for s in found["likes"].sources] == ["手做.csv"]


@pytest.mark.parametrize("code", ["103", "2014-01-01..2014-12-30", "103-05"])
def test_posts_of_benchmark_and_unassigned_pages_count_in_nothing(memory: sqlite3.Connection, code: str) -> None:
    add_pages(memory, ours="own", theirs="benchmark", other="unassigned")
    add_post(memory, 1, "ours", "2014-05-01T10:00:00+08:00", likes=10)
    for page in ("theirs", "other", "never-heard-of"):
        add_post(memory, 2, page, "2014-05-02T10:00:00+08:00", likes=1_000, reach=5)
    found = at(memory, code).posts
    assert set(found) == {"likes"}
    assert (found["likes"].posts, found["likes"].n, found["likes"].total) == (1, 1, 10)
    assert series.unassigned_posts(memory) == 1


def test_posts_of_an_unassigned_page_count_once_it_is_marked_own(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="unassigned")
    add_post(memory, 1, "ours", "2014-05-01T10:00:00+08:00", likes=10)
    assert at(memory, "103").posts == {}
    add_pages(memory, ours="own")
    assert at(memory, "103").posts["likes"].total == 10
    assert series.unassigned_posts(memory) == 0


POST = st.tuples(
    st.sampled_from(["ours", "second", "theirs"]),
    st.sampled_from(
        [
            "2014-01-31T23:59:59+08:00",
            "2014-02-01T00:00:00+08:00",
            "2014-02-28T23:59:59+08:00",
            "2014-03-15T12:00:00+08:00",
            "2014-04-30T23:59:59+08:00",
            "2014-05-01T00:00:00+08:00",
        ]
    ),
    st.none() | st.integers(0, 4),
    st.none() | st.integers(0, 2_000),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=st.lists(POST, max_size=8))
def test_figures_from_months_equal_figures_from_days(made: Copy, posts: list[tuple[Any, ...]]) -> None:
    """February to April from roll-ups, and with one empty day more, post by post."""
    with closing(open_copy(made("empty"))) as memory:
        add_pages(memory, ours="own", second="own", theirs="benchmark")
        for number, (page, moment, likes, reach) in enumerate(posts):
            if moment.startswith(("2014-01", "2014-05")):
                page = "theirs"
            add_post(memory, number, page, moment, likes=likes, reach=reach)
        by_month = evidence.load(memory, Period(date(2014, 2, 1), date(2014, 4, 30))).posts
        by_day = evidence.load(memory, Period(date(2014, 1, 31), date(2014, 5, 1))).posts
        assert set(by_month) == set(by_day)
        for name in set(by_month) & set(JUDGED):
            assert by_month[name] == by_day[name]


def test_a_figure_names_the_file_that_gave_it_and_not_the_newest_of_the_post(memory: sqlite3.Connection) -> None:
    add_pages(memory, **{PAGE: "own"})
    observe(memory, "2014-11-05T09:00:00+08:00", {f"{PAGE}_1": {"likes": 3, "reach": 90}}, file_name="十一月五日.csv")
    observe(memory, "2014-11-10T09:00:00+08:00", {f"{PAGE}_1": {"likes": 4}}, file_name="十一月十日.csv")
    for period in ("103", "2014-10-01..2014-10-20"):
        posts = at(memory, period).posts
        assert [source.file_name for source in posts["likes"].sources] == ["十一月十日.csv"]
        assert [source.file_name for source in posts["reach"].sources] == ["十一月五日.csv"]


@pytest.mark.parametrize("period", ["103", "2014-09-15..2014-12-31"])
def test_a_measure_that_the_newest_posts_lack_is_seen_and_named_by_older_ones(
    memory: sqlite3.Connection, period: str
) -> None:
    """Reach of the two oldest of fourteen posts, found unchanged on the 10th; likes of the others, on the 8th."""
    add_pages(memory, **{PAGE: "own"})
    posts = [f"{PAGE}_{number}" for number in range(1, 15)]
    observe(memory, seen_on(5), {post: {"reach": 90} for post in posts[:2]}, file_name="觸及.csv")
    observe(memory, seen_on(8), {post: {"likes": 3} for post in posts[2:]}, file_name="按讚.csv")
    observe(memory, seen_on(10), {post: {"reach": 90} for post in posts[:2]}, file_name="再看.csv")
    found = at(memory, period).posts
    assert {name: (one.observed_to, [s.file_name for s in one.sources]) for name, one in found.items()} == {
        "likes": (seen_on(8), ["按讚.csv"]),
        "reach": (seen_on(10), ["觸及.csv"]),
    }
