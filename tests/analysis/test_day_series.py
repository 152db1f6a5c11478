"""What is one series and what is not, and what a month gained within one."""

from __future__ import annotations

from datetime import date

import pytest

from sqdash.analysis.day_series import END_WITHIN, least_cut, month_gains, segments
from sqdash.figures import DayFigure
from tests.analysis.series import PACIFIC, daily


def sizes(figures: list[DayFigure]) -> list[int]:
    return [len(series) for series in segments(figures)]


def test_figures_of_one_way_and_zone_are_one_series_however_many_days_are_missing() -> None:
    assert sizes(daily("2014-01-01", [10, None, None, 12, 13])) == [3]
    assert segments([]) == ()


def test_another_source_or_another_day_zone_is_another_series() -> None:
    first, second = daily("2014-01-01", [1, 2]), daily("2014-01-03", [3, 4, 5], way="legacy_page")
    assert sizes(first + second) == [2, 3]
    assert sizes(first + daily("2014-01-03", [3], zone=PACIFIC)) == [2, 1]
    assert sizes(first + second + daily("2014-01-06", [6])) == [2, 3, 1]


def test_a_day_that_a_person_corrected_belongs_to_the_series_around_it() -> None:
    before, typed, after = daily("2014-01-01", [1, 2]), daily("2014-01-03", [9], way="entry"), daily("2014-01-04", [4])
    assert sizes(before + typed + after) == [4]


@pytest.mark.parametrize(
    ("after", "expected"),
    [([], [2, 1]), (daily("2014-01-04", [4], way="legacy_page"), [2, 1, 1])],
)
def test_a_typed_day_without_one_series_on_both_sides_is_its_own(after: list[DayFigure], expected: list[int]) -> None:
    assert sizes(daily("2014-01-01", [1, 2]) + daily("2014-01-03", [9], way="entry") + after) == expected


# --- days that are given in two zones


def by_day(*figures: list[DayFigure]) -> list[DayFigure]:
    return sorted((one for given in figures for one in given), key=lambda one: one.day)


def drawn(figures: list[DayFigure]) -> list[list[int]]:
    return [[one.value for one in series] for series in segments(least_cut(figures))]


def test_a_page_that_is_pulled_now_and_then_is_not_cut_at_every_pull() -> None:
    meta = daily("2014-01-01", [1, 2, 3, 4, 5], zone=PACIFIC)
    pulls = daily("2014-01-02", [20, None, None, 50, None, 70])
    assert drawn(by_day(meta, pulls)) == [[1, 2, 3, 4], [50, 70]]


def test_of_two_zones_on_end_the_newest_reaches_as_far_back_as_it_has_days() -> None:
    meta = daily("2014-01-01", [1, 2, 3, 4, 5], zone=PACIFIC)
    assert drawn(by_day(meta, daily("2014-01-03", [30, 40, 50, 60]))) == [[1, 2], [30, 40, 50, 60]]
    assert drawn(by_day(meta, daily("2014-01-01", [10, 20, 30, 40, 50]))) == [[10, 20, 30, 40, 50]]
    assert drawn(by_day(meta, daily("2014-01-06", [60]))) == [[1, 2, 3, 4, 5], [60]]


def test_of_what_is_given_for_a_day_the_one_that_reaches_farther_back_goes_on() -> None:
    meta, typed = daily("2014-01-01", [1, 2, 3], zone=PACIFIC), daily("2014-01-03", [30])
    assert drawn(by_day(meta, typed)) == [[1, 2, 3]]
    assert least_cut([]) == ()


# --- months


def gains(figures: list[DayFigure], months: list[str], until: str) -> list[tuple[int | None, bool, str | None]]:
    return [(m.gain, m.whole, m.why) for m in month_gains(figures, months, date.fromisoformat(until))]


YEAR = daily("2013-12-31", [100 + n for n in range(91)])  # to 2014-03-31: 100 + days since the eve


def test_a_month_gains_its_end_figure_less_that_of_the_month_before() -> None:
    assert gains(YEAR, ["2014-01", "2014-02", "2014-03"], "2014-12-31") == [
        (31, True, None),
        (28, True, None),
        (31, True, None),
    ]
    (march,) = month_gains(YEAR, ["2014-03"], date(2014, 12, 31))
    assert (march.end, march.end_day) == (190, date(2014, 3, 31))


def test_a_month_without_an_end_figure_is_a_gap_and_so_is_the_next() -> None:
    kept = [f for f in YEAR if not date(2014, 2, 20) <= f.day <= date(2014, 2, 28)]
    assert gains(kept, ["2014-01", "2014-02", "2014-03"], "2014-12-31") == [
        (31, True, None),
        (None, True, "no_end"),
        (None, True, "no_before"),
    ]


@pytest.mark.parametrize(("missing", "known"), [(END_WITHIN - 1, True), (END_WITHIN, False)])
def test_a_month_s_end_is_the_last_figure_of_its_last_three_days(missing: int, known: bool) -> None:
    until = 31 - missing
    (january,) = month_gains([f for f in YEAR if f.day <= date(2014, 1, until)], ["2014-01"], date(2014, 2, 28))
    assert (january.end_day, january.gain) == ((date(2014, 1, until), until) if known else (None, None))


def test_nothing_is_subtracted_over_a_change_of_source() -> None:
    figures = YEAR[:32] + daily("2014-02-01", [500 + n for n in range(59)], way="legacy_page")
    assert gains(figures, ["2014-01", "2014-02", "2014-03"], "2014-12-31") == [
        (31, True, None),
        (None, True, "break"),
        (31, True, None),
    ]


def test_the_running_month_is_as_its_newest_figure_has_it_and_a_month_to_come_has_none() -> None:
    assert gains(YEAR, ["2014-02", "2014-03"], "2014-02-10") == [(10, False, None), (None, False, "no_end")]
    assert gains(YEAR[:35], ["2014-02"], "2014-02-20") == [(3, False, None)]
