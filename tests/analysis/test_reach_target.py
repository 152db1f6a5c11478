"""What would reach the target: worked out by hand, and against trying every mix one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.analysis import reach_target
from sqdash.analysis.posts import Group
from sqdash.analysis.reach_target import Goal, Mix, Rest

ABOVE_100 = Goal(">", 100)
GROUPS = (Group("互動問答", 10, 10, 1_200), Group("轉貼", 30, 30, 1_500), Group(None, 10, 10, 500))


def test_a_mix_that_reaches_the_target_is_counted_in_posts() -> None:
    # others 50 each, best 120: k·120 + (50−k)·50 > 5,000 holds from k = 36 on (35 gives 4,950).
    assert reach_target.mix(GROUPS, ABOVE_100) == Mix("互動問答", 120.0, 10, 36, 50)


def test_more_than_the_target_is_not_the_target_itself() -> None:
    groups = (Group("甲", 10, 10, 1_500), Group("乙", 10, 10, 500))
    assert reach_target.mix(groups, Goal(">=", 100)) == Mix("甲", 150.0, 10, 10, 20)
    assert reach_target.mix(groups, ABOVE_100) == Mix("甲", 150.0, 10, 11, 20)


def test_where_the_best_group_misses_the_target_no_mix_reaches_it() -> None:
    assert reach_target.mix(GROUPS, Goal(">", 120)) == Mix("互動問答", 120.0, 10, None, 50)
    sentence = reach_target.mix_sentence("主題", Mix("互動問答", 120.0, 10, None, 50), Goal(">", 120), "人")
    assert sentence == (
        "若各篇都像主題中最好的「互動問答」（10 篇），平均會是 120 人，也不會超過 120；"
        "現有各類主題怎麼調配都達不到目標（假設各類維持現在的平均）。"
    )


@pytest.mark.parametrize(
    "groups",
    [
        (),
        (Group("甲", 9, 9, 900),),
        (Group("甲", 4, 4, 900), Group("乙", 9, 9, 90)),  # the better one is too thin to build upon
        (Group("甲", 9, 9, 90), Group("乙", 9, 9, 90)),  # neither is better
        (Group("甲", 6, 6, 60), Group("乙", 6, 6, 30), Group(None, 50, 50, 5_000)),  # what is not given is better
    ],
)
def test_no_group_that_stands_out_means_no_advice(groups: tuple[Group, ...]) -> None:
    assert reach_target.mix(groups, ABOVE_100) is None


@given(
    st.lists(st.tuples(st.integers(5, 30), st.integers(0, 3_000)), min_size=2, max_size=5),
    st.sampled_from([">", ">="]),
    st.integers(1, 200),
)
def test_the_number_of_posts_is_the_smallest_that_does(
    drawn: list[tuple[int, int]], comparator: str, value: int
) -> None:
    groups = [Group(f"第{nth}類", n, n, total) for nth, (n, total) in enumerate(drawn)]
    goal, found = Goal(comparator, value), reach_target.mix(groups, Goal(comparator, value))
    if found is None:
        return
    top = next(group for group in groups if group.label == found.label)
    rest = [group for group in groups if group is not top]
    others = sum(g.total for g in rest) / sum(g.n for g in rest)
    enough = [k for k in range(found.n + 1) if goal.met((k * found.mean + (found.n - k) * others) / found.n)]
    assert found.mean == max(g.total / g.n for g in groups)
    assert found.needed == (enough[0] if goal.met(found.mean) else None)


def test_the_gap_in_plain_words() -> None:
    assert reach_target.gap_sentence(64.8, 250, ABOVE_100, "人") == (
        "以 250 篇計算，平均 64.8 人，目標超過 100，每篇還差 35.2 人以上。"
    )
    assert reach_target.gap_sentence(99.99, 3, Goal(">=", 100), "人") == (
        "以 3 篇計算，平均 100.0 人，目標至少 100，每篇還差不到 0.1 人。"
    )


def test_a_target_between_whole_numbers_is_said_as_it_is() -> None:
    goal = Goal(">=", 99.5)
    assert "目標至少 99.5，每篇還差 9.5 人" in reach_target.gap_sentence(90.0, 3, goal, "人")
    assert "仍不到 99.5；" in reach_target.mix_sentence("主題", Mix("甲", 95.0, 10, None, 50), goal, "人")


def test_a_mix_in_plain_words() -> None:
    assert reach_target.mix_sentence("主題", Mix("互動問答", 120.0, 10, 36, 50), ABOVE_100, "人") == (
        "若各篇都像主題中最好的「互動問答」（10 篇），平均會是 120 人；50 篇中「互動問答」由 10 篇增為 36 篇，"
        "其餘照舊，就達到目標（假設各類維持現在的平均）。"
    )


def test_what_the_posts_still_to_come_must_average() -> None:
    # 60 posts in 180 days, 90 days left: 30 more; (100·90 − 4,800) ÷ 30 = 140.
    assert reach_target.rest(60, 4_800, ABOVE_100, 180, 90) == Rest(30, 140.0)
    assert reach_target.rest_sentence(Rest(30, 140.04), ABOVE_100, "人") == (
        "照目前步調，期末前約再有 30 篇，這些篇平均要超過 140.1 人才追得上。"
    )


@pytest.mark.parametrize(("n", "done", "left"), [(60, 180, 0), (0, 180, 90), (1, 300, 10), (5, 0, 90)])
def test_where_no_more_posts_are_to_be_expected_nothing_is_promised(n: int, done: int, left: int) -> None:
    assert reach_target.rest(n, 0, ABOVE_100, done, left) is None
