"""The pace line, by hand and against the state that the same line gives."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sqdash.analysis import pace, targets
from sqdash.analysis.pace import Pace
from sqdash.figures import Applied, Interval, Source, Target
from sqdash.indicators import BY_KEY
from sqdash.periods import parse_period, year_period

YEAR = year_period(104)  # 365 days


def test_the_line_goes_from_the_opening_on_the_eve_to_the_goal_on_the_last_day() -> None:
    assert pace.line(10_000, 13_650, YEAR, YEAR) == ((date(2014, 12, 31), 10_000), (date(2015, 12, 31), 13_650))


def test_a_shorter_period_shows_its_part_of_the_line() -> None:
    assert pace.line(10_000, 13_650, YEAR, parse_period("104-02")) == (
        (date(2015, 1, 31), 10_310),
        (date(2015, 2, 28), 10_590),
    )


def test_ahead_and_behind_are_people_and_whole_days_of_the_line() -> None:
    day = date(2015, 1, 31)  # 31 days at 10 people a day are due
    assert pace.against(10_355, day, 10_000, 13_650, YEAR) == Pace(day, 10_310, 45, 4)
    assert pace.against(10_255, day, 10_000, 13_650, YEAR) == Pace(day, 10_310, -55, -5)
    assert pace.against(10_310, day, 10_000, 13_650, YEAR) == Pace(day, 10_310, 0, 0)


def test_a_line_that_does_not_rise_names_no_days() -> None:
    assert pace.against(14_000, date(2015, 6, 1), 14_000, 13_000, YEAR).days is None
    assert pace.against(13_000, date(2015, 6, 1), 13_000, 13_000, YEAR) == Pace(date(2015, 6, 1), 13_000, 0, None)


@given(
    opening=st.integers(0, 20_000),
    more=st.integers(1, 20_000),
    value=st.integers(0, 40_000),
    day=st.integers(0, 364),
)
def test_who_is_ahead_of_the_line_is_on_track_and_who_is_behind_is_behind(
    opening: int, more: int, value: int, day: int
) -> None:
    goal, on = float(opening + more), YEAR.start + timedelta(days=day)
    target = Target(
        "fans", "target", 1, YEAR.start, YEAR.end, ">=", goal, None, None, None, None, Source(1, "目標.csv")
    )
    state = targets.pace(BY_KEY["fans"], Interval(float(value)), Applied(target, goal, False), YEAR, on, float(opening))
    people = pace.against(value, on, opening, goal, YEAR).people
    assert state in (("reached", "on_track") if people >= 0 or value >= goal else ("behind",))
