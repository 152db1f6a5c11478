"""The forecast: slopes by hand, by brute force and as SciPy 1.17 gives them, and what is refused and why."""

from __future__ import annotations

import math
from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.analysis.forecast import FEWEST, FURTHEST, OLDEST, WINDOW, Forecast, forecast, theil_sen
from sqdash.figures import DayFigure
from sqdash.periods import Period, year_period
from tests.analysis.series import PACIFIC, daily

YEAR = year_period(104)

# Slope, low and high of scipy.stats.theilslopes(y, x, 0.95), SciPy 1.17.1, which is not among the requirements.
NOISY = [16300, 16304, 16303, 16309, 16311, 16310, 16317, 16325, 16322, 16330]
NOISY += [16329, 16335, 16334, 16341, 16350, 16349, 16352, 16360, 16359, 16364]
FALLING = (
    [0, 2, 3, 7, 8, 9, 12, 15, 16, 18, 21, 24, 25, 26, 30],
    [90, 88, 89, 85, 84, 84, 80, 79, 78, 78, 75, 70, 71, 69, 66],
)
SCIPY = [
    (range(20), [100 + 3 * n for n in range(20)], (3.0, 3.0, 3.0)),
    (range(20), NOISY, (3.4772727272727275, 3.2, 3.75)),
    (range(15), [10, 12, 14, 16, 18, 20, 22, 300, 26, 28, 30, 32, 34, 36, 38], (2.0, 2.0, 2.0)),
    (range(14), [5, 5, 5, 6, 6, 5, 5, 6, 7, 7, 6, 7, 7, 8], (0.2, 0.1, 0.2727272727272727)),
    (*FALLING, (-0.8, -0.8571428571428571, -0.7142857142857143)),
]


@pytest.mark.parametrize(("x", "y", "expected"), SCIPY, ids=["line", "noisy", "outlier", "ties", "falling"])
def test_the_slope_and_its_interval_are_scipy_s(
    x: list[int], y: list[int], expected: tuple[float, float, float]
) -> None:
    assert theil_sen(list(zip(x, y, strict=True))) == pytest.approx(expected, abs=1e-12)


POINTS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 50_000)), min_size=2, max_size=30, unique_by=lambda p: p[0]
)


@given(POINTS)
def test_the_slope_is_the_median_of_all_pair_slopes_and_lies_in_its_interval(points: list[tuple[int, int]]) -> None:
    slope, low, high = theil_sen(points)
    pairs = [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[:i]]
    assert slope == pytest.approx(median(pairs))
    assert low <= slope <= high


@given(POINTS, st.integers(-1_000, 1_000))
def test_a_tilt_of_all_points_tilts_slope_and_interval_alike(points: list[tuple[int, int]], tilt: int) -> None:
    told = theil_sen(points, 0.5)
    tilted = theil_sen([(x, y + tilt * x) for x, y in points], 0.5)
    assert tilted[0] == pytest.approx(told[0] + tilt, abs=1e-6)


def test_one_point_has_no_slope() -> None:
    with pytest.raises(ValueError, match="two points"):
        theil_sen([(0, 1)])


# --- the forecast


def rising(per_day: int, days: int = 40, *, first: str = "2015-01-01", start: int = 16_300) -> list[DayFigure]:
    return daily(first, [start + per_day * n for n in range(days)])


def told(
    figures: list[DayFigure],
    *,
    goal: float | None = 18_000.0,
    comparator: str = ">=",
    opening: float | None = 16_290.0,
    as_of: str = "2015-02-09",
) -> Forecast:
    return forecast(
        figures, goal=goal, comparator=comparator, opening=opening, span=YEAR, as_of=date.fromisoformat(as_of)
    )


def test_a_steady_pace_gets_there_on_the_day_that_a_pencil_gives() -> None:
    found = told(rising(10))  # 16,690 on 02-09; 1,310 more at 10 a day are 131 days
    day = date(2015, 2, 9) + timedelta(days=131)
    assert (found.kind, found.day, found.earliest, found.latest) == ("due", day, day, day)
    assert found.slope
    assert (found.slope.middle, found.slope.n) == (10, 40)
    assert (found.slope.first, found.slope.last) == (date(2015, 1, 1), date(2015, 2, 9))


@pytest.mark.parametrize(("comparator", "days"), [(">=", 131), (">", 132)])
def test_more_than_the_goal_takes_one_fan_more(comparator: str, days: int) -> None:
    assert told(rising(10), comparator=comparator).day == date(2015, 2, 9) + timedelta(days=days)


def test_the_range_is_that_of_the_interval_of_the_slope() -> None:
    found = told(daily("2015-01-01", NOISY), as_of="2015-01-20")
    missing = 18_000 - NOISY[-1]
    days = [math.ceil(missing / rate) for rate in (3.75, 3.4772727272727275, 3.2)]
    assert [found.earliest, found.day, found.latest] == [date(2015, 1, 20) + timedelta(days=n) for n in days]


def test_only_the_last_ninety_days_say_the_pace() -> None:
    figures = rising(100, 60, first="2015-01-01", start=1_000) + rising(2, WINDOW, first="2015-03-02", start=16_300)
    found = told(figures, as_of="2015-05-30")
    assert found.slope
    assert (found.slope.middle, found.slope.n, found.slope.first) == (2, WINDOW, date(2015, 3, 2))


def test_a_series_before_a_break_says_nothing_of_the_pace() -> None:
    before = daily("2015-01-01", [1_000 + 50 * n for n in range(30)], zone=PACIFIC)
    found = told(before + rising(10, 20, first="2015-01-31"), as_of="2015-02-19")
    assert found.slope
    assert (found.slope.middle, found.slope.n) == (10, 20)


@pytest.mark.parametrize("per_day", [0, -3])
def test_a_flat_or_falling_pace_never_gets_there(per_day: int) -> None:
    found = told(rising(per_day))
    assert (found.kind, found.day, found.earliest, found.latest) == ("never", None, None, None)


def test_a_falling_pace_whose_range_rises_has_an_earliest_day() -> None:
    wavering = [5, 9, 2, 8, 4, 9, 3, 8, 5, 7, 4, 8, 3, 6]  # −0.1 a day, from −0.5 to 4 in 11
    found = told(daily("2015-01-01", [17_900 + n for n in wavering]), goal=17_910, as_of="2015-01-14")
    assert (found.kind, found.day, found.latest) == ("never", None, None)
    assert found.earliest == date(2015, 1, 14) + timedelta(days=11)


def test_a_date_beyond_ten_years_is_not_named() -> None:
    assert told(rising(1), goal=16_339 + FURTHEST).kind == "due"
    assert told(rising(1), goal=16_339 + FURTHEST + 1).kind == "beyond"


def test_who_has_reached_the_goal_is_told_on_which_day() -> None:
    found = told(rising(10), goal=16_500)
    assert (found.kind, found.day, found.exact) == ("reached", date(2015, 1, 21), True)


def test_without_the_day_before_the_first_day_that_met_the_goal_is_the_latest_it_can_have_been() -> None:
    found = told([f for f in rising(10) if f.day.day % 5 == 0], goal=16_500)
    assert (found.kind, found.day, found.exact) == ("reached", date(2015, 1, 25), False)


def test_a_year_that_begins_at_the_goal_names_no_day() -> None:
    assert told(rising(10), goal=16_290) == Forecast("reached", newest=rising(10)[-1])


def test_a_target_whose_days_begin_when_it_is_met_already_names_its_first_day() -> None:
    span = Period(date(2015, 2, 1), date(2015, 12, 31))
    figures = rising(10)  # 16,600 on 01-31
    for goal, expected in ((16_600.0, (None, span.start)), (16_601.0, (span.start, None))):
        found = forecast(figures, goal=goal, comparator=">=", opening=16_290.0, span=span, as_of=date(2015, 2, 9))
        assert (found.kind, found.day, found.since, found.exact) == ("reached", *expected, True)


def test_who_fell_below_the_goal_again_has_not_reached_it() -> None:
    assert (
        told(daily("2015-01-01", [*range(17_990, 18_005), *range(18_005, 17_990, -1)]), as_of="2015-01-30").kind
        != "reached"
    )


def test_figures_after_the_day_judged_are_not_known_yet() -> None:
    assert told(rising(10, 200), as_of="2015-02-09") == told(rising(10, 40), as_of="2015-02-09")


@pytest.mark.parametrize(
    ("figures", "goal", "as_of", "reason"),
    [
        (rising(10), None, "2015-02-09", "no_target"),
        ([], 18_000.0, "2015-02-09", "no_days"),
        (rising(10, FEWEST - 1), 18_000.0, "2015-01-13", "few_days"),
        (rising(10), 18_000.0, "2015-02-24", "too_old"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_reason(
    figures: list[DayFigure], goal: float | None, as_of: str, reason: str
) -> None:
    found = told(figures, goal=goal, as_of=as_of)
    assert (found.kind, found.reason, found.day) == ("refused", reason, None)


def test_the_least_that_is_enough_is_told() -> None:
    assert told(rising(10, FEWEST), as_of="2015-01-14").kind == "due"
    assert told(rising(10), as_of=(date(2015, 2, 9) + timedelta(days=OLDEST)).isoformat()).kind == "due"
