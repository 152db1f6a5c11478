"""Pages of any size side by side, from the first day that all of them share."""

from __future__ import annotations

from datetime import date

import pytest

from sqdash.analysis.benchmark import Compared, PageDays, compare
from sqdash.figures import DayFigure
from tests.analysis.series import PACIFIC, daily


def page(label: str, figures: list[DayFigure], *, own: bool = False) -> PageDays:
    return PageDays(label, own, tuple(figures))


OURS = page("我們", daily("2015-01-01", [190, 200, 210, 220, 230]), own=True)


def test_each_page_is_100_on_the_first_day_that_all_share() -> None:
    found = compare([OURS, page("標竿", daily("2015-01-02", [1_000, 1_010, None, 1_050]))])
    assert (found.first, found.last, found.reason) == (date(2015, 1, 2), date(2015, 1, 5), None)
    ours, theirs = found.lines
    assert [round(value, 6) for _, value in ours.points] == [100, 105, 110, 115]
    assert [(day.day, round(value, 6)) for day, value in theirs.points] == [(2, 100), (3, 101), (5, 105)]
    assert (round(ours.growth, 6), round(theirs.growth, 6)) == (15, 5)
    assert (ours.own, theirs.own) == (True, False)


def test_our_page_comes_first_wherever_it_stands() -> None:
    theirs = page("標竿", daily("2015-01-01", [10, 11, 12]))
    assert [line.label for line in compare([theirs, OURS]).lines] == ["我們", "標竿"]


def test_a_page_with_too_few_days_in_common_is_left_out_and_keeps_the_others_from_nothing() -> None:
    few = page("剛開始", daily("2015-01-04", [5, 6]))
    enough = page("標竿", daily("2015-01-01", [10, 11, 12]))
    assert [line.label for line in compare([OURS, few, enough]).lines] == ["我們", "標竿"]


def test_a_page_whose_days_are_others_than_those_of_the_rest_is_left_out_and_named() -> None:
    whole = page("整年", daily("2015-01-02", [10, 11, 12, 13]))
    early = page("年初", daily("2015-01-01", [5, 6, 7]))
    found = compare([OURS, early, whole])
    assert [line.label for line in found.lines] == ["我們", "整年"]
    assert (found.first, found.left_out) == (date(2015, 1, 2), ("年初",))


def test_a_page_without_fans_keeps_the_others_from_nothing() -> None:
    found = compare(
        [OURS, page("空", daily("2015-01-01", [0, 0, 0, 0, 0])), page("標竿", daily("2015-01-01", [1, 2, 3]))]
    )
    assert ([line.label for line in found.lines], found.left_out) == (["我們", "標竿"], ("空",))


def test_a_page_with_fewer_days_joins_the_others_where_enough_are_shared() -> None:
    whole, part = page("整年", daily("2015-01-01", [1, 2, 3, 4, 5])), page("部分", daily("2015-01-03", [1, 2, 3]))
    found = compare([OURS, part, whole])
    assert [line.label for line in found.lines] == ["我們", "部分", "整年"]
    assert (found.first, found.last, found.left_out) == (date(2015, 1, 3), date(2015, 1, 5), ())


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([], "no_own"),
        ([page("我們", [], own=True), page("標竿", daily("2015-01-01", [1, 2, 3]))], "no_own"),
        ([OURS], "few_days"),
        ([OURS, page("標竿", [])], "few_days"),
        ([OURS, page("標竿", daily("2015-01-01", [1, 2]))], "few_days"),
        ([OURS, page("標竿", daily("2015-01-01", [0, 0, 0]))], "few_days"),
    ],
)
def test_too_little_to_compare_says_why(pages: list[PageDays], reason: str) -> None:
    assert compare(pages) == Compared(reason=reason)  # type: ignore[arg-type]


def test_only_the_newest_series_of_a_page_is_indexed() -> None:
    broken = daily("2015-01-01", [900, 901], zone=PACIFIC) + daily("2015-01-03", [50, 55, 60])
    found = compare([OURS, page("標竿", broken)])
    assert found.first == date(2015, 1, 3)
    assert [round(value) for _, value in found.lines[1].points] == [100, 110, 120]
