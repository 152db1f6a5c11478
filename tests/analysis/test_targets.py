"""Which target applies to a period, and how a figure compares with it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sqdash.analysis import targets
from sqdash.figures import Applied, Interval, Source, State, Target
from sqdash.indicators import BY_KEY
from sqdash.periods import Period, days_between, parse_period, parts_of_year, year_period

SUM, LAST, MEAN, RATIO = "training_sessions", "fans", "likes_per_post", "petition_closure_rate"
COMPARATORS = st.sampled_from([">", ">="])
FIGURES = st.integers(-1000, 1000) | st.floats(-1e6, 1e6)
YEAR_103 = year_period(103)


def target(value: float | None = 40, **given_: Any) -> Target:
    wanted = {"kind": "target", "definition": 1, "valid_from": date(2014, 1, 1), "valid_to": date(2014, 12, 31)}
    rest = {"comparator": ">=", "every_months": None, "every_days": None, "words": None, "note": None}
    return Target(indicator="any", value=value, source=Source(1, "targets.csv"), **{**wanted, **rest, **given_})


def applied(key: str, found: Target, code: str) -> Applied:
    result = targets.apply(BY_KEY[key], found, parse_period(code))
    assert result is not None
    return result


def pace(key: str, figure: Interval, found: Target, day: date, opening: float | None = None) -> State:
    """The state on a day of year 103, while it runs."""
    return targets.pace(BY_KEY[key], figure, applied(key, found, "103"), YEAR_103, day, opening)


def holding(
    *known: Target, day: date, definition: int | None = None, kinds: tuple[str, ...] = ("target", "norm")
) -> Any:
    return targets.in_force(known, day, frozenset(kinds), definition)


# --- one value and an interval against a goal


@pytest.mark.parametrize(
    ("value", "comparator", "met"),
    [(100, ">=", True), (100, ">", False), (99.9, ">=", False), (100.1, ">", True), (0, ">=", False)],
)
def test_value_meets_the_goal_as_its_comparator_says(value: float, comparator: str, met: bool) -> None:
    assert targets.meets(value, comparator, 100) is met


@pytest.mark.parametrize(
    ("figure", "comparator", "state"),
    [
        (Interval(100), ">=", "reached"),
        (Interval(100), ">", "missed"),
        (Interval(101), ">", "reached"),
        (Interval(99), ">=", "missed"),
        (Interval(100, qualifier="約"), ">=", "reached"),
        (Interval(100, qualifier="逾"), ">", "reached"),
        (Interval(99, qualifier="逾"), ">=", "partly"),
        (Interval(low=100, high=120), ">=", "reached"),
        (Interval(low=100, high=120), ">", "partly"),
        (Interval(low=60, high=100), ">=", "partly"),
        (Interval(low=60, high=100), ">", "missed"),
        (Interval(low=60, high=70), ">", "missed"),
        (Interval(low=101), ">", "reached"),
        (Interval(low=60), ">=", "partly"),
        (Interval(high=99), ">=", "missed"),
        (Interval(high=120), ">=", "partly"),
    ],
)
def test_figure_is_compared_as_an_interval(figure: Interval, comparator: str, state: State) -> None:
    assert targets.compare(figure, comparator, 100) == state


@given(FIGURES, FIGURES, COMPARATORS, FIGURES)
@settings(deadline=None)
def test_interval_is_reached_by_its_low_end_and_missed_by_its_high_end(
    one: float, other: float, comparator: str, goal: float
) -> None:
    low, high = sorted((one, other))
    low_meets = low > goal if comparator == ">" else low >= goal
    high_meets = high > goal if comparator == ">" else high >= goal
    expected = "reached" if low_meets else "partly" if high_meets else "missed"
    assert targets.compare(Interval(low=low, high=high), comparator, goal) == expected


@given(FIGURES, COMPARATORS, FIGURES)
@settings(deadline=None)
def test_value_is_an_interval_of_one_point(value: float, comparator: str, goal: float) -> None:
    point = Interval(low=value, high=value)
    assert targets.compare(Interval(value), comparator, goal) == targets.compare(point, comparator, goal) != "partly"


@given(st.integers(-(10**6), 10**6), COMPARATORS, st.integers(-(10**6), 10**6))
@settings(deadline=None)
def test_more_than_a_figure_is_never_missed(value: int, comparator: str, goal: int) -> None:
    expected = "reached" if value >= goal else "partly"
    assert targets.compare(Interval(value, qualifier="逾"), comparator, goal) == expected


@pytest.mark.parametrize("value", [1e3, 1e8, 1e15])
def test_more_than_a_figure_is_more_at_any_size(value: float) -> None:
    assert targets.compare(Interval(value, qualifier="逾"), ">", value) == "reached"


@pytest.mark.parametrize("year", [113, 114])
@pytest.mark.parametrize("goal", [61, 73, 122, 146, 183, 365, 366])
def test_a_figure_that_is_all_that_a_part_of_the_year_owes_is_never_behind(year: int, goal: int) -> None:
    whole = year_period(year)
    known = target(goal, valid_from=whole.start, valid_to=whole.end)
    for part in parts_of_year(year):
        applied = targets.apply(BY_KEY[SUM], known, part, [known])
        assert applied
        for day in days_between(part.start, part.end):
            owed, rest = divmod(goal * part.overlap(part.start, day), whole.days)
            if not rest:
                state = targets.pace(BY_KEY[SUM], Interval(owed), applied, whole, day, None, part.start)
                assert (state in ("on_track", "reached"), day) == (True, day)


# --- which target holds on a day


def test_no_target_holds_before_its_first_or_after_its_last_day() -> None:
    known = target(valid_from=date(2014, 2, 1), valid_to=date(2014, 6, 30))
    days = [date(2014, 1, 31), date(2014, 2, 1), date(2014, 6, 30), date(2014, 7, 1)]
    assert [holding(known, day=day) for day in days] == [None, known, known, None]


def test_a_norm_from_the_same_day_on_does_not_hide_a_target() -> None:
    goal, norm = target(56), target(12, kind="norm", every_months=1)
    later = target(10, kind="norm", every_months=1, valid_from=date(2014, 3, 1))
    day = date(2014, 6, 30)
    assert holding(norm, goal, day=day) == holding(goal, norm, day=day) == goal
    assert holding(goal, later, day=day) == later


def test_target_without_a_last_day_holds_on() -> None:
    known = target(valid_to=None)
    assert holding(known, day=date(2030, 1, 1)) is known


def test_target_changes_on_the_first_day_of_the_newer_one() -> None:
    old, new = target(20, valid_to=None), target(30, valid_from=date(2014, 7, 1), valid_to=None)
    days = [date(2014, 6, 30), date(2014, 7, 1), date(2014, 12, 31)]
    assert [holding(new, old, day=day) for day in days] == [old, new, new]


def test_target_of_another_kind_or_definition_does_not_hold() -> None:
    further, second = target(kind="further"), target(definition=2)
    assert holding(further, day=date(2014, 5, 1)) is None
    assert holding(further, day=date(2014, 5, 1), kinds=("further",)) is further
    assert holding(second, day=date(2014, 5, 1), definition=1) is None
    assert holding(second, day=date(2014, 5, 1), definition=2) is second
    assert holding(second, day=date(2014, 5, 1)) is second


def test_no_target_holds_where_there_is_none() -> None:
    assert holding(day=date(2014, 5, 1)) is None


# --- rhythms


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("103", 6.0),
        ("103H1", 3.0),
        ("103Q1", 1.0),
        ("2014-06-10..2014-12-31", 3.0),
        ("2014-06-10..2014-08-31", 1.0),
    ],
)
def test_two_monthly_norm_expects_half_the_whole_months(code: str, count: float) -> None:
    found = applied("six_s_audits", target(6, kind="norm", every_months=2), code)
    assert (found.value, found.whole) == (count, True)


@pytest.mark.parametrize("code", ["103-05", "2014-06-10..2014-07-31", "2014-06-10..2014-06-20"])
def test_period_too_short_for_one_beat_has_no_norm(code: str) -> None:
    norm = target(6, kind="norm", every_months=2)
    assert targets.apply(BY_KEY["six_s_audits"], norm, parse_period(code)) is None


@pytest.mark.parametrize(("code", "count"), [("103", 365.0), ("105", 366.0), ("103-02", 28.0), ("105-02", 29.0)])
def test_daily_norm_expects_every_day(code: str, count: float) -> None:
    norm = target(365, kind="norm", every_days=1, valid_to=None)
    assert applied("wifi_checks", norm, code).value == count


@pytest.mark.parametrize(("code", "count"), [("103", 52.0), ("103-02", 4.0)])
def test_weekly_norm_expects_whole_weeks(code: str, count: float) -> None:
    assert applied("wifi_checks", target(52, kind="norm", every_days=7), code).value == count


@pytest.mark.parametrize(("code", "count"), [("103", 3.0), ("103H1", 1.0)])
def test_target_with_a_rhythm_expects_its_count_too(code: str, count: float) -> None:
    assert applied("phone_tests", target(3, every_months=4), code).value == count


def test_norm_whose_count_is_not_known_expects_nothing() -> None:
    found = applied("review_meetings", target(None, kind="norm", every_months=1), "103Q1")
    assert found.value is None


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 12))
@settings(deadline=None)
def test_rhythm_expects_as_many_beats_as_fit(first: int, length: int, every: int) -> None:
    start = date(2014, first, 1)
    after = date(2014 + (first + length - 1) // 12, (first + length - 1) % 12 + 1, 1)
    rhythm, period = target(1, every_months=every, valid_to=None), Period(start, after - timedelta(days=1))
    assert targets.beats(rhythm, period) == ((period, length // every),)


def test_rhythm_expects_nothing_outside_its_own_dates() -> None:
    norm = target(3, kind="norm", every_months=2, valid_from=date(2014, 7, 1))
    assert [applied("seminars", norm, code).value for code in ("103", "103H2", "103Q3")] == [3.0, 3.0, 1.0]
    assert targets.apply(BY_KEY["seminars"], norm, parse_period("103H1")) is None


def test_rhythms_that_follow_one_another_are_added_up_and_owed_one_after_the_other() -> None:
    slow = target(1, every_months=4, valid_to=date(2014, 6, 30))
    quick = target(6, every_months=1, valid_from=date(2014, 7, 1))
    further = target(9, kind="further", every_months=1)
    found = targets.apply(BY_KEY["phone_tests"], quick, parse_period("103"), (slow, quick, further))
    assert found is not None
    assert (found.value, [count for _, count in found.beats]) == (7.0, [1, 6])
    year = parse_period("103")
    owed = {
        day: next(
            count
            for count in range(9)
            if targets.pace(BY_KEY["phone_tests"], Interval(float(count)), found, year, day, None) != "behind"
        )
        for day in (date(2014, 3, 31), date(2014, 6, 30), date(2014, 9, 30), date(2014, 12, 31))
    }
    assert list(owed.values()) == [0, 1, 4, 7]


def test_a_rhythm_that_held_for_a_while_gives_way_to_the_older_one_again() -> None:
    monthly, quarterly = (
        target(12, every_months=1, valid_to=None),
        target(1, every_months=3, valid_from=date(2014, 4, 1), valid_to=date(2014, 6, 30)),
    )
    counts = [
        sum(count for _, count in targets.beats(monthly, parse_period(code), (monthly, quarterly)))
        for code in ("103", "103Q1", "103Q2", "103H2")
    ]
    assert counts == [10, 3, 1, 6]


def test_a_rhythm_without_an_end_gives_way_to_the_newer_one() -> None:
    old, new = target(12, every_months=1, valid_to=None), target(2, every_months=3, valid_from=date(2014, 7, 1))
    found = targets.apply(BY_KEY["phone_tests"], new, parse_period("103"), (old, new))
    assert found is not None
    assert found.value == 8.0


# --- whose period it is


@pytest.mark.parametrize(
    ("key", "code", "whole"),
    [
        (SUM, "103", True),
        (SUM, "103Q1", False),
        (SUM, "103Q4", False),
        (SUM, "103-12", False),
        (SUM, "103H2", False),
        (LAST, "103", True),
        (LAST, "103Q1", False),
        (LAST, "103Q4", True),
        (LAST, "103-12", True),
        (MEAN, "103", True),
        (MEAN, "103-05", True),
        (RATIO, "103Q2", True),
    ],
)
def test_yearly_target_belongs_to_the_year_for_sums_to_its_end_for_last_values_and_anywhere_for_rates(
    key: str, code: str, whole: bool
) -> None:
    assert (applied(key, target(40), code).value, applied(key, target(40), code).whole) == (40, whole)


def test_target_of_half_a_year_belongs_to_that_half() -> None:
    half = target(20, valid_to=date(2014, 6, 30))
    assert applied(SUM, half, "103H1").whole
    assert not applied(SUM, half, "103Q1").whole


def test_target_without_a_last_day_belongs_to_each_year() -> None:
    assert applied(SUM, target(40, valid_to=None), "104").whole
    assert not applied(SUM, target(40, valid_to=None), "104H1").whole


# --- pace


@pytest.mark.parametrize(
    ("figure", "day", "state"),
    [
        (Interval(73), date(2014, 1, 1), "reached"),
        (Interval(0.2), date(2014, 1, 1), "on_track"),
        (Interval(0.1), date(2014, 1, 1), "behind"),
        (Interval(15), date(2014, 3, 16), "on_track"),
        (Interval(14), date(2014, 3, 16), "behind"),
        (Interval(72), date(2014, 12, 31), "behind"),
        (Interval(0), date(2013, 12, 31), "on_track"),
        (Interval(low=14, high=20), date(2014, 3, 16), "behind"),
        (Interval(low=15, high=20), date(2014, 3, 16), "on_track"),
        (Interval(high=20), date(2014, 3, 16), "behind"),
    ],
)
def test_sum_goes_up_a_straight_line_from_nothing(figure: Interval, day: date, state: State) -> None:
    assert pace(SUM, figure, target(73), day) == state


@pytest.mark.parametrize(
    ("value", "opening", "state"),
    [
        (12495, 12000, "behind"),
        (12496, 12000, "on_track"),
        (12999, None, "behind"),
        (13000, None, "reached"),
        (13000, 12000, "reached"),
        (12999, 13500, "behind"),
        (6447, 0, "on_track"),
        (6446, 0, "behind"),
    ],
)
def test_last_value_goes_up_from_where_it_opened(value: float, opening: float | None, state: State) -> None:
    assert pace(LAST, Interval(value), target(13000), date(2014, 6, 30), opening) == state


FIRST, LATER = (date(2014, 1, 1), date(2014, 6, 30)), (date(2014, 7, 1), date(2014, 12, 31))
HALF, REST = {"valid_to": FIRST[1]}, {"valid_from": LATER[0]}


def owed(key: str, found: Applied, day: date, opening: float | None = None, since: date = date(2014, 1, 1)) -> int:
    """The least whole figure that is not behind on the day."""
    span = targets.own_span(found.target, YEAR_103.end)
    return next(
        count
        for count in range(100)
        if targets.pace(BY_KEY[key], Interval(float(count)), found, span, day, opening, since) != "behind"
    )


@pytest.mark.parametrize("opening", [None, 5.0])
@pytest.mark.parametrize(("key", "rule"), [(SUM, REST), (LAST, REST)])
def test_a_higher_target_within_the_year_begins_where_the_one_before_it_ended(
    key: str, rule: dict[str, date], opening: float | None
) -> None:
    first, second = target(8, **HALF), target(12, **rule)
    found = targets.apply(BY_KEY[key], second, YEAR_103, (first, second))
    assert found is not None
    days = (date(2014, 7, 1), date(2014, 9, 30), date(2014, 12, 31))
    assert [owed(key, found, day, opening) for day in days] == [9, 10, 12]


def test_a_part_after_the_first_target_owes_what_the_following_one_adds() -> None:
    first, second = target(8, **HALF), target(12, **REST)
    found = targets.apply(BY_KEY[SUM], second, parse_period("103H2"), (first, second))
    assert found is not None
    assert not found.whole
    assert [owed(SUM, found, day, since=date(2014, 7, 1)) for day in (date(2014, 9, 30), date(2014, 12, 31))] == [2, 4]


@pytest.mark.parametrize(("second", "after", "end"), [(60, 21, 60), (40, 20, 40), (10, 10, 10)])
def test_nobody_falls_behind_on_the_day_on_which_a_target_is_changed(second: int, after: int, end: int) -> None:
    first, later = target(40, valid_to=None), target(second, **REST)
    found = [
        targets.apply(BY_KEY[SUM], one, YEAR_103, (first, later)[: number + 1])
        for number, one in enumerate((first, later))
    ]
    days = (date(2014, 6, 30), date(2014, 7, 1), date(2014, 12, 31))
    told = [owed(SUM, one, day) for one, day in zip((found[0], found[1], found[1]), days, strict=True) if one]
    assert told == [20, after, end]


def test_the_line_of_a_stock_is_the_same_in_the_year_and_in_its_parts() -> None:
    first, second = target(18, **HALF), target(22, **REST)
    lines = [
        targets.apply(BY_KEY[LAST], second, parse_period(code), (first, second)) for code in ("103", "103Q4", "103-10")
    ]
    assert [one and (one.line, targets.start(one, 16.0)) for one in lines] == [
        (((Period(*FIRST), 18.0), (Period(*LATER), 22.0)), 18.0)
    ] * 3


def test_a_target_follows_none_of_another_year_kind_or_definition() -> None:
    year = target(12, valid_from=date(2014, 1, 1))
    others = (target(8, valid_from=date(2013, 1, 1), valid_to=date(2013, 12, 31)), year)
    later = target(12, **REST)
    unlike = (target(8, kind="further", **HALF), target(8, definition=2, **HALF), target(8, every_months=1, **HALF))
    found = [targets.apply(BY_KEY[LAST], one, YEAR_103, known) for one, known in ((year, others), (later, unlike))]
    assert [one and len(one.line) for one in found] == [1, 1]


@pytest.mark.parametrize(("value", "state"), [(100.5, "reached"), (100, "behind"), (99, "behind"), (1, "behind")])
@pytest.mark.parametrize("day", [date(2014, 1, 1), date(2014, 12, 31)])
def test_mean_compares_as_it_stands_on_any_day(value: float, state: State, day: date) -> None:
    assert pace(MEAN, Interval(value), target(100, comparator=">"), day, 50.0) == state


@pytest.mark.parametrize(("value", "state"), [(95.0, "reached"), (94.9, "behind")])
def test_ratio_compares_as_it_stands(value: float, state: State) -> None:
    assert pace(RATIO, Interval(value), target(95), date(2014, 3, 1)) == state


@pytest.mark.parametrize(
    ("count", "day", "state"),
    [
        (0, date(2014, 2, 15), "on_track"),
        (1, date(2014, 4, 15), "on_track"),
        (0, date(2014, 4, 15), "behind"),
        (3, date(2014, 8, 15), "on_track"),
        (2, date(2014, 8, 15), "behind"),
        (6, date(2014, 12, 15), "reached"),
    ],
)
def test_beat_that_is_not_over_is_not_owed(count: int, day: date, state: State) -> None:
    assert pace("six_s_audits", Interval(count), target(6, every_months=2), day) == state


def test_one_day_without_its_daily_check_weighs_the_same_all_year() -> None:
    daily = target(365, every_days=1)
    days = [date(2014, 1, 2) + timedelta(days=n) for n in range(363)]
    done_till_yesterday = {pace("wifi_checks", Interval((d - YEAR_103.start).days), daily, d) for d in days}
    missing_one = {pace("wifi_checks", Interval((d - YEAR_103.start).days - 1), daily, d) for d in days}
    assert (done_till_yesterday, missing_one) == ({"on_track"}, {"behind"})


def test_norm_whose_count_is_not_known_has_no_pace() -> None:
    assert pace("review_meetings", Interval(3), target(None, every_months=1), date(2014, 6, 30)) == "no_target"


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 364))
@settings(deadline=None)
def test_sum_is_reached_or_compared_with_its_share_of_the_days(value: int, goal: int, days: int) -> None:
    state = pace(SUM, Interval(value), target(goal), date(2014, 1, 1) + timedelta(days=days))
    assume(value * 365 != goal * (days + 1))
    on_track = value * 365 > goal * (days + 1)
    assert state == ("reached" if value >= goal else "on_track" if on_track else "behind")
