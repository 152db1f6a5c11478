"""Figures kept beside posts: after any change they equal what all posts and snapshots, read plainly, give."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.store import restore, rollups, save
from sqdash.tables import BY_NAME, POST_MEASURES
from tests.making import add, changing, current_in, looking, open_copy, row

Copy = Callable[[str], Path]
MEASURES = [name for name, _ in POST_MEASURES]
POSTS = ("p_1", "p_2", "p_3")
PAGES = ("p", "q")
MOMENTS = (
    "2014-01-31T23:59:59+08:00",
    "2014-02-01T00:00:00+08:00",
    "2014-02-28T12:00:00+08:00",
    "2015-02-01T00:00:00+08:00",
)
SEEN = ("2014-03-01T08:00:00+08:00", "2014-03-02T08:00:00+08:00", "2015-03-01T08:00:00+08:00")


@pytest.fixture
def memory(made: Copy) -> Iterator[sqlite3.Connection]:
    with closing(open_copy(made("empty"))) as connection:
        yield connection


def kept(memory: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: memory.execute(f"SELECT * FROM {table} ORDER BY {key}").fetchall()
        for table, key in (
            ("post_now", "post_id"),
            ("post_months", "page_id, month, measure"),
            ("post_month_values", "page_id, month, measure, value"),
        )
    }


def plain(memory: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The same three tables, worked out from all current posts and snapshots."""
    batch_of = dict(memory.execute("SELECT post_id, batch FROM posts WHERE closed_revision IS NULL"))
    seen_by = {
        (post, at): batch
        for post, at, batch in memory.execute(
            "SELECT post_id, observed_at, batch FROM snapshots WHERE closed_revision IS NULL"
        )
    }
    newest: dict[str, dict[str, Any]] = defaultdict(dict)
    for snapshot in current_in(memory, "snapshots"):  # in order of post and time
        newest[snapshot["post_id"]] |= {name: value for name, value in snapshot.items() if value is not None}
    now, months, values = [], defaultdict(list), Counter[tuple[str, str, str, int]]()
    for post in current_in(memory, "posts"):
        name, page, month = post["post_id"], post["page_id"], post["published_at"][:7]
        figures = newest.get(name, {})
        at = figures.get("observed_at")
        batch = seen_by[name, at] if at else batch_of[name]
        now.append((name, page, post["published_at"], month, at, *(figures.get(m) for m in MEASURES), batch))
        months[page, month, "posts"].append((None, at))
        for measure in MEASURES:
            if (value := figures.get(measure)) is not None:
                months[page, month, measure].append((value, at))
                values[page, month, measure, value] += measure in rollups.JUDGED
    return {
        "post_now": sorted(now),
        "post_months": sorted(
            (
                *key,
                len(found),
                None if key[2] == "posts" else sum(value for value, _ in found),
                max((at for _, at in found if at), default=None),
            )
            for key, found in months.items()
        ),
        "post_month_values": sorted((*key, n) for key, n in values.items() if n),
    }


def strike(memory: sqlite3.Connection, table: str, key: tuple[str, ...]) -> int:
    change = changing(memory)
    batch = save.open_batch(change, kind="entry", format=table, file_name="刪列")
    save.strike(change, BY_NAME[table], key, "刪")
    return batch


def test_the_newest_observation_is_a_posts_figure(memory: sqlite3.Connection) -> None:
    post = row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0])
    add(memory, "posts", post)
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[1], likes=9, reach=90))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[0], likes=5, reach=50, shares=1))
    nothing = (None,) * 4
    assert kept(memory) == {
        "post_now": [("p_1", "p", MOMENTS[0], "2014-01", SEEN[1], 9, None, None, 1, 90, *nothing, 2)],
        "post_months": [
            ("p", "2014-01", "likes", 1, 9, SEEN[1]),
            ("p", "2014-01", "posts", 1, None, SEEN[1]),
            ("p", "2014-01", "reach", 1, 90, SEEN[1]),
            ("p", "2014-01", "shares", 1, 1, SEEN[1]),
        ],
        "post_month_values": [("p", "2014-01", "likes", 9, 1), ("p", "2014-01", "reach", 90, 1)],
    }


def test_a_measure_that_a_later_export_does_not_give_keeps_its_newest_figure(memory: sqlite3.Connection) -> None:
    add(memory, "posts", row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0]))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[0], reach=1100, likes=3))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[1], reach=1200))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[2], viewers=7))
    found = memory.execute("SELECT observed_at, likes, reach, viewers, views FROM post_now").fetchall()
    assert found == [(SEEN[2], 3, 1200, 7, None)]
    strike(memory, "snapshots", ("p_1", SEEN[1]))
    assert memory.execute("SELECT observed_at, likes, reach FROM post_now").fetchall() == [(SEEN[2], 3, 1100)]


def test_a_post_counts_in_the_taipei_month_of_its_publication(memory: sqlite3.Connection) -> None:
    for post, moment in zip(POSTS, MOMENTS, strict=False):
        add(memory, "posts", row("posts", post_id=post, page_id="p", published_at=moment))
    found = memory.execute("SELECT month, posts FROM post_months WHERE measure = 'posts'").fetchall()
    assert found == [("2014-01", 1), ("2014-02", 2)]


def test_a_post_that_moves_to_another_month_leaves_nothing_in_the_old_one(memory: sqlite3.Connection) -> None:
    add(memory, "posts", row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0]))
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[0], likes=5))
    add(memory, "posts", row("posts", post_id="p_1", page_id="q", published_at=MOMENTS[1]))
    assert {found[:2] for found in kept(memory)["post_months"]} == {("q", "2014-02")}
    assert kept(memory) == plain(memory)


def test_figures_of_a_post_that_is_not_known_yet_count_once_it_is(memory: sqlite3.Connection) -> None:
    add(memory, "snapshots", row("snapshots", post_id="p_1", observed_at=SEEN[0], likes=5))
    assert kept(memory) == {"post_now": [], "post_months": [], "post_month_values": []}
    add(memory, "posts", row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0]))
    assert kept(memory)["post_month_values"] == [("p", "2014-01", "likes", 5, 1)]


def test_other_tables_leave_them_alone(memory: sqlite3.Connection) -> None:
    add(memory, "posts", row("posts", post_id="p_1", page_id="p", published_at=MOMENTS[0]))
    before = kept(memory)
    rollups.refresh(memory, "pages", [("p",)])
    add(
        memory,
        "page_days",
        row("page_days", page_id="p", day="2014-01-01", day_zone="Asia/Taipei", measure="fans", value=1),
    )
    assert kept(memory) == before


def test_the_demonstrations_figures_equal_a_plain_reading(made: Copy) -> None:
    with looking(made("demo")) as connection:
        assert len(kept(connection)["post_now"]) > 500
        assert kept(connection) == plain(connection)


FIGURE = st.none() | st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("posts"), st.sampled_from(POSTS), st.sampled_from(PAGES), st.sampled_from(MOMENTS)),
    st.tuples(st.just("snapshots"), st.sampled_from(POSTS), st.sampled_from(SEEN), FIGURE, FIGURE),
    st.tuples(st.just("strike posts"), st.sampled_from(POSTS)),
    st.tuples(st.just("strike snapshots"), st.sampled_from(POSTS), st.sampled_from(SEEN)),
    st.tuples(st.just("undo"), st.integers(0, 30)),
)


def play(memory: sqlite3.Connection, step: tuple[Any, ...], standing: list[int]) -> None:
    match step:
        case "posts", post, page, moment:
            standing.append(add(memory, "posts", row("posts", post_id=post, page_id=page, published_at=moment)))
        case "snapshots", post, seen, likes, reach:
            figures = row("snapshots", post_id=post, observed_at=seen, likes=likes, reach=reach)
            standing.append(add(memory, "snapshots", figures))
        case "undo", n:
            if standing:
                restore.undo(changing(memory), standing.pop(n % len(standing)), "還原")
        case what, *key:
            standing.append(strike(memory, what.removeprefix("strike "), tuple(key)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=15))
def test_after_any_import_correction_strike_or_undo_they_equal_a_plain_reading(
    made: Copy, steps: list[tuple[Any, ...]]
) -> None:
    with closing(open_copy(made("empty"))) as memory:
        standing: list[int] = []
        for step in steps:
            try:
                play(memory, step, standing)
            except DataError:
                assert step[0].startswith("strike")  # there was nothing to strike
            assert kept(memory) == plain(memory)
