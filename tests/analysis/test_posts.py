"""Statistics of posts against figures worked out by hand, and against the definitions spelled out post by post."""

from __future__ import annotations

import statistics as plain
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.analysis import posts
from sqdash.analysis.posts import Explained, Group, Row, Statistics

BY_HAND = (Group("相片", 3, 3, 30), Group("影片", 2, 2, 50), Group(None, 1, 0, 0))


def test_statistics_say_over_how_many_of_how_many() -> None:
    assert posts.statistics([(10, 2), (40, 1), (100, 1)], 6, ">", 40) == Statistics(6, 4, 40.0, 25.0, 0.25)
    assert posts.statistics([(10, 2), (40, 1), (100, 1)], 6, ">=", 40).share == 0.5


def test_no_figure_is_no_mean_and_never_nought() -> None:
    assert posts.statistics([], 6, ">", 40) == Statistics(6, 0, None, None, None)


def test_without_a_goal_there_is_no_share() -> None:
    assert posts.statistics([(7, 1)], 1) == Statistics(1, 1, 7.0, 7.0, None)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60), st.integers(0, 500))
def test_statistics_are_those_of_the_values_one_by_one(values: list[int], goal: int) -> None:
    found = posts.statistics(list(Counter(values).items()), len(values) + 2, ">", goal)
    assert found.posts == len(values) + 2
    assert found.n == len(values)
    assert found.mean == pytest.approx(plain.fmean(values))
    assert found.median == plain.median(values)
    assert found.share == pytest.approx(sum(value > goal for value in values) / len(values))


@pytest.mark.parametrize(
    ("months", "step", "expected"),
    [
        ([("2014-07", 10, 620), ("2014-08", 20, 1_360), ("2014-09", 0, 0)], 10, (60, 70)),
        ([("2014-07", 2, 1_430), ("2014-08", 1, 780)], 100, (700, 800)),
        ([("2014-07", 2, 130)], 10, (70, 70)),  # 65 goes upwards
        ([("2014-07", 0, 0)], 10, None),
        ([], 10, None),
    ],
)
def test_the_range_of_monthly_means_is_written_as_the_report_does(
    months: list[tuple[str, int, int]], step: int, expected: tuple[int, int] | None
) -> None:
    assert posts.monthly_range(months, step) == expected


def test_a_thin_group_has_no_mean_and_stands_after_the_others() -> None:
    groups = (Group("文字", 4, 4, 400), Group("相片", 10, 8, 80), Group(None, 6, 6, 90), Group("影片", 5, 5, 100))
    assert posts.breakdown(groups) == [
        Row("影片", 5, 5, 20.0, 5 / 23, False),
        Row("相片", 10, 8, 10.0, 8 / 23, False),
        Row("文字", 4, 4, None, 4 / 23, True),
        Row(None, 6, 6, 15.0, 6 / 23, False),
    ]
    assert posts.breakdown(groups, least=4)[0] == Row("文字", 4, 4, 100.0, 4 / 23, False)


def test_groups_without_a_single_figure_share_nothing() -> None:
    assert posts.breakdown((Group("相片", 3, 0, 0),)) == [Row("相片", 3, 0, None, 0.0, True)]


def test_eta_squared_by_hand() -> None:
    # 5 10 15 | 20 30: mean 16; between 3·6² + 2·9² = 270, whole 121 + 36 + 1 + 16 + 196 = 370.
    counts = [(5, 1), (10, 1), (15, 1), (20, 1), (30, 1)]
    found = posts.explained(BY_HAND, counts, least=2)
    assert found is not None
    assert found.eta2 == pytest.approx(270 / 370)
    assert found.adjusted == pytest.approx(1 - (100 / 370) * 4 / 3)
    assert (found.groups, found.n) == (2, 5)


@pytest.mark.parametrize(
    ("groups", "counts"),
    [
        ((Group("相片", 3, 3, 30),), [(10, 3)]),  # one group compares with nothing
        ((Group("相片", 2, 2, 20), Group("影片", 2, 2, 20)), [(10, 4)]),  # no differences to explain
        ((Group("相片", 1, 1, 1), Group("影片", 1, 1, 2)), [(1, 1), (2, 1)]),  # every group is one post
        ((Group("相片", 3, 3, 30), Group("影片", 3, 3, 60)), [(10, 3)]),  # groups and values of different posts
    ],
)
def test_nothing_is_explained_where_nothing_can_be_told(
    groups: tuple[Group, ...], counts: list[tuple[int, int]]
) -> None:
    assert posts.explained(groups, counts, least=1) is None


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(0, 200)), min_size=5, max_size=80))
def test_eta_squared_is_one_less_what_is_left_within_the_groups(drawn: list[tuple[str, int]]) -> None:
    """The independent way: the squares that are left around each group's own mean, post by post."""
    by: dict[str, list[int]] = {}
    for name, value in drawn:
        by.setdefault(name, []).append(value)
    values = [value for _, value in drawn]
    found = posts.explained(
        [Group(name, len(v), len(v), sum(v)) for name, v in by.items()], list(Counter(values).items()), least=1
    )
    whole = sum((value - plain.fmean(values)) ** 2 for value in values)
    if len(by) < 2 or whole == 0:
        assert found is None
        return
    within = sum((value - plain.fmean(v)) ** 2 for v in by.values() for value in v)
    assert found is not None
    assert found.eta2 == pytest.approx(1 - within / whole, abs=1e-9)
    assert 0 <= found.adjusted <= found.eta2 + 1e-9


@pytest.mark.parametrize(("n", "told"), [(4, False), (5, True)])
def test_groups_too_thin_for_a_mean_explain_nothing(n: int, told: bool) -> None:
    groups = (Group("相片", n, n, 10 * n), Group("影片", 5, 5, 100), Group("文字", 1, 1, 15))
    assert (posts.explained(groups, [(10, n), (15, 1), (20, 5)]) is not None) == told


def test_many_groups_do_not_win_by_their_number() -> None:
    few, many = Explained(0.30, 0.29, 3, 200), Explained(0.45, 0.05, 90, 200)
    assert posts.most_telling({"時段": many, "類型": few, "主題": None}) == "類型"
    assert posts.most_telling({"主題": None, "單位": Explained(0.01, 0.0, 9, 20)}) is None


def test_hours_are_put_together_in_bands_and_thin_cells_have_no_mean() -> None:
    hours = {(0, 9): Group(None, 4, 3, 30), (0, 11): Group(None, 2, 2, 70), (6, 23): Group(None, 2, 2, 18)}
    bands = posts.banded(hours)
    assert bands == {(0, 9): Group("週一 09–12 時", 6, 5, 100), (6, 21): Group("週日 21–24 時", 2, 2, 18)}
    assert posts.grid(bands) == {(0, 9): 20.0, (6, 21): None}
