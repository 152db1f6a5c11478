"""What an activity brought, worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

import pytest

from sqdash.analysis.attribution import BASELINE, FEWEST_DAYS, Attribution, attribute, together, window_of
from sqdash.figures import DayFigure, FanActivity
from sqdash.periods import Period
from tests.analysis.series import daily

EVENT = date(2015, 3, 1)
LATER = date(2015, 12, 31)


def activity(title: str = "園遊會", day: date = EVENT, days: int = 1) -> FanActivity:
    return FanActivity(title, day, day + timedelta(days=days - 1))


def days(usual: list[int], window: list[int], *, way: str = "pull") -> list[DayFigure]:
    """Figures with these gains: ``usual`` up to the eve of the event, ``window`` from its day on."""
    first = EVENT - timedelta(days=len(usual) + 1)
    return daily(first.isoformat(), accumulate([10_000, *usual, *window]), way=way)


def one(figures: list[DayFigure], *near: FanActivity, as_of: date = LATER) -> Attribution:
    return attribute(figures, [activity(), *near], as_of)[0]


WEEK = [40, 30, 10, 5, 5, 5, 5]  # 100 people


def test_the_gain_of_seven_days_less_seven_usual_days() -> None:
    found = one(days([5] * BASELINE, WEEK))
    assert (found.window, found.gain, found.usual) == (Period(EVENT, date(2015, 3, 7)), 100, 35)
    assert (found.estimate, found.low, found.high, found.n, found.runs) == (65, 65, 65, 28, 22)


def test_the_range_comes_from_equally_long_runs_before() -> None:
    found = one(days([4, 6] * 14, WEEK))  # seven days of it are 34 or 36 people, as often
    assert (found.estimate, found.low, found.high) == (65, 64, 66)


def test_one_odd_day_before_moves_neither_what_is_usual_nor_one_end_of_the_range() -> None:
    found = one(days([5] * 20 + [300] + [5] * 7, WEEK))
    assert (found.usual, found.estimate, found.high) == (35, 65, 65)
    assert found.low == 100 - 330


def test_the_range_holds_the_estimate() -> None:
    found = one(days([0, 0, 0, 0, 7, 7, 7] * 4, WEEK))  # the median day is 0, every seven days are 21
    assert (found.estimate, found.low, found.high) == (100, 79, 100)


def test_an_activity_of_several_days_has_a_longer_window() -> None:
    assert window_of(activity(days=3)) == Period(EVENT, date(2015, 3, 9))
    found = attribute(days([5] * BASELINE, [*WEEK, 5, 5]), [activity(days=3)], LATER)[0]
    assert (found.gain, found.usual, found.estimate) == (110, 45, 65)


def test_days_in_another_activity_s_window_do_not_say_what_is_usual() -> None:
    usual = [5] * 14 + [90] * 7 + [5] * 7
    found = one(days(usual, WEEK), activity("徵答", EVENT - timedelta(days=14)))
    assert (found.usual, found.estimate, found.n, found.overlaps) == (35, 65, 21, ())


def test_windows_that_share_days_are_flagged_on_both_sides_and_not_split() -> None:
    near = activity("徵答", EVENT + timedelta(days=6))
    found = attribute(days([5] * BASELINE, WEEK * 2), [activity(), near], LATER)
    assert [f.overlaps for f in found] == [("徵答",), ("園遊會",)]
    assert found[0].estimate == 65
    assert together(found) is None


def test_estimates_are_added_up_only_when_all_are_there_and_share_no_days() -> None:
    found = one(days([5] * BASELINE, WEEK))
    refused = one(days([5] * 3, WEEK))
    assert together([found, found]) == 130
    assert together([found, refused]) is None
    assert together([]) is None


@pytest.mark.parametrize(
    ("figures", "as_of", "reason"),
    [
        (days([5] * BASELINE, WEEK), date(2015, 3, 6), "unfinished"),
        ([], LATER, "no_days"),
        (days([5] * BASELINE, WEEK[:-1]), LATER, "no_days"),
        (days([], WEEK)[1:], LATER, "no_days"),
        (days([5] * (FEWEST_DAYS - 1), WEEK), LATER, "few_days"),
        (days([5] * BASELINE, [])[:-1] + days([], WEEK, way="legacy_page"), LATER, "few_days"),
        (days([5] * BASELINE, []) + days([], WEEK, way="legacy_page")[1:], LATER, "break"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_reason(figures: list[DayFigure], as_of: date, reason: str) -> None:
    found = one(figures, as_of=as_of)
    assert (found.reason, found.estimate, found.low, found.high) == (reason, None, None, None)


def test_the_fewest_days_are_enough() -> None:
    assert one(days([5] * FEWEST_DAYS, WEEK)).estimate == 65


def test_fans_who_left_count_against_the_activity() -> None:
    assert one(days([5] * BASELINE, [-10] * 7)).estimate == -105
