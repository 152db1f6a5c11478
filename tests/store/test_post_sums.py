"""Sums over posts: of one post by a shorter way, which comes to the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sqdash.store.post_sums import MEASURES, NUMBERS, summed

FIGURE = st.none() | st.integers(0, 5)
ROW = st.tuples(st.just("2014-06-01T08:00:00+08:00"), st.none(), st.none(), st.none(), *[FIGURE] * (len(MEASURES) + 1))


@given(st.lists(ROW, min_size=2, max_size=6))
def test_the_sums_of_posts_are_those_of_each_added_up(rows: list[tuple[object, ...]]) -> None:
    assert summed(rows) == [sum(numbers) for numbers in zip(*(summed([row]) for row in rows), strict=True)]  # type: ignore[arg-type]


def test_a_rate_is_over_reach_where_it_is_known_and_over_viewers_elsewhere() -> None:
    post = ("2014-06-01T08:00:00+08:00", None, None, None, 7, None, 1, 2)
    assert dict(zip(NUMBERS, summed([(*post, 100, 80, 10)]), strict=True)) == {
        "posts": 1,
        "likes_posts": 1,
        "likes": 7,
        "reactions_posts": 0,
        "reactions": 0,
        "comments_posts": 1,
        "comments": 1,
        "shares_posts": 1,
        "shares": 2,
        "reach_posts": 1,
        "reach": 100,
        "viewers_posts": 1,
        "viewers": 80,
        "over_reach_posts": 1,
        "over_reach_interactions": 10,
        "over_reach": 100,
        "over_viewers_posts": 0,
        "over_viewers_interactions": 0,
        "over_viewers": 0,
    }
    assert summed([(*post, None, 80, 10)])[-6:] == [0, 0, 0, 1, 10, 80]
    assert summed([(*post, 0, 80, 10)])[-6:] == [0, 0, 0, 0, 0, 0]
    assert summed([(*post, None, 80, None)])[-6:] == [0, 0, 0, 0, 0, 0]
