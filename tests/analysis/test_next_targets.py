"""Targets proposed for the next year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sqdash import periods, views
from sqdash.analysis import next_targets
from sqdash.figures import Interval
from sqdash.jobs import open_year
from sqdash.store import database


def test_the_targets_proposed_from_year_103(made: Callable[[str], Path]) -> None:
    found = open_year.look(made("report"), 104).proposals
    assert {(one.target.indicator, one.target.kind): (one.value, one.why) for one in found} == {
        ("fans", "target"): (16_000, "去年 已達 16,300 人，已達標，提高到去年的水準"),
        ("likes_per_post", "target"): (100, "去年 60–70 人，沿用去年的目標"),
        ("reach_per_post", "target"): (1_000, "去年 約 700–800 人，沿用去年的目標"),
        ("phone_tests", "target"): (3, "去年 12 次，沿用去年的目標"),
        ("six_s_audits", "norm"): (6, "規律每 2 個月 1 次，沿用"),
        ("wifi_checks", "norm"): (365, "規律每日測試，沿用"),
        ("web_review_rounds", "norm"): (6, "規律每 2 個月 1 次，沿用"),
        ("review_meetings", "norm"): (None, "規律每月 1 次，沿用"),
    }


def test_a_year_that_is_not_the_one_before_is_named(made: Callable[[str], Path]) -> None:
    found = {one.name: one.why for one in open_year.look(made("report"), 105).proposals}
    assert found["fans"] == "103 年 已達 16,300 人，已達標，提高到 103 年的水準"
    assert found["likes_per_post"] == "103 年 60–70 人，沿用 103 年的目標"


@pytest.mark.parametrize(
    ("value", "decimals", "two"), [(16_300, 0, 16_000), (55, 0, 55), (999, 0, 990), (94.46, 1, 94.4), (7.9, 0, 7)]
)
def test_a_proposal_is_never_above_what_was_reached(value: float, decimals: int, two: float) -> None:
    assert next_targets._two_figures(value, decimals) == two


@pytest.mark.parametrize(("reached", "value"), [(120.0, 110.0), (120.4, 120.0), (125.0, 120.0), (110.0, 100.0)])
def test_a_proposal_to_be_exceeded_is_one_that_was_exceeded(
    made: Callable[[str], Path], reached: float, value: float
) -> None:
    board = views.board(made("report"), periods.year_period(103))
    with database.reading(made("report")) as connection:
        (likes,) = (t for t in open_year._targets(connection, 103) if t.indicator == "likes_per_post")
    result = board.results["likes_per_post"]._replace(state="reached", figure=Interval(reached))
    (one,) = next_targets.propose([likes], {"likes_per_post": result}, board.period.end)
    assert (one.target.comparator, one.value) == (">", value)


def test_a_target_reached_just_so_stays(made: Callable[[str], Path]) -> None:
    board = views.board(made("report"), periods.year_period(103))
    with database.reading(made("report")) as connection:
        (fans,) = (t for t in open_year._targets(connection, 103) if (t.indicator, t.kind) == ("fans", "target"))
    (one,) = next_targets.propose([replace(fans, value=16_300.0)], board.results, board.period.end)
    assert (one.value, one.why) == (16_300, "去年 已達 16,300 人，沿用去年的目標")
    ended = replace(fans, valid_to=date(2014, 6, 30))
    assert next_targets.propose([ended], board.results, board.period.end) == []
