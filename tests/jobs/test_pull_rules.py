"""When posts are read again and which days are asked for, over dates alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.graph.insights import midnight
from sqdash.jobs import pull_rules as rules
from sqdash.jobs.pull_rules import Filled, asked_together, due_again, joined, spans

BORN = datetime(2026, 1, 1, tzinfo=UTC)
NEWEST = date(2026, 11, 22)
FLOOR = NEWEST - timedelta(days=729)
DAY = timedelta(days=1)
DAYS = st.integers(0, 1200).map(lambda n: NEWEST - timedelta(days=n))
Window = tuple[date, date]


def test_the_time_until_the_next_reading_grows_with_age() -> None:
    ages_and_waits = {
        timedelta(0): timedelta(0),
        timedelta(days=2, hours=23): timedelta(0),
        timedelta(days=3): timedelta(hours=12),
        timedelta(days=13, hours=23): timedelta(hours=12),
        timedelta(days=14): timedelta(days=3),
        timedelta(days=59): timedelta(days=3),
        timedelta(days=60): timedelta(days=30),
        timedelta(days=364): timedelta(days=30),
        timedelta(days=365): timedelta(days=180),
        timedelta(days=4000): timedelta(days=180),
    }
    for age, wait in ages_and_waits.items():
        assert due_again(BORN, BORN + age) == BORN + age + wait, age


@pytest.mark.parametrize("ripe", [7, 28])
def test_there_is_a_reading_at_the_ages_at_which_posts_are_compared(ripe: int) -> None:
    at = BORN + timedelta(days=ripe)
    assert due_again(BORN, at - timedelta(hours=1)) == at
    assert due_again(BORN, at) > at


@given(st.integers(5, 24 * 60))
def test_read_at_every_run_a_post_is_seen_within_a_run_of_its_ages(minutes: int) -> None:
    now, due, seen = BORN, BORN, []
    while now < BORN + timedelta(days=30):
        if due <= now:
            seen.append(now)
            due = due_again(BORN, now)
        now += timedelta(minutes=minutes)
    for age in rules.AGES:
        assert min(at for at in seen if at >= BORN + age) < BORN + age + timedelta(minutes=minutes)


def test_of_ten_thousand_posts_of_ten_years_the_old_ones_come_to_110_readings_a_day() -> None:
    ages = [n * timedelta(days=0.365) for n in range(10_000)]
    readings = sum(DAY / (due_again(BORN, BORN + age) - BORN - age) for age in ages if age >= timedelta(days=28))
    assert round(readings) == 107


# --- windows


def days_of(windows: list[Window]) -> list[date]:
    return [first + timedelta(days=n) for first, last in windows for n in range((last - first).days + 1)]


def test_the_first_time_two_years_are_asked_for_newest_first() -> None:
    windows = list(spans(None, NEWEST))
    assert windows[0] == (date(2026, 8, 25), NEWEST)
    assert windows[-1][0] == FLOOR
    assert len(days_of(windows)) == len(set(days_of(windows))) == 730
    assert len(windows) == 9


def test_each_run_asks_for_the_last_week_again() -> None:
    assert list(spans(Filled(FLOOR, NEWEST), NEWEST)) == [(date(2026, 11, 16), NEWEST)]


def test_after_a_gap_the_days_that_were_new_before_it_are_asked_for_again() -> None:
    """They were not final, or not there, when they were read last."""
    before = NEWEST - timedelta(days=20)
    assert list(spans(Filled(FLOOR, before), NEWEST)) == [(before - timedelta(days=6), NEWEST)]


def test_a_clock_that_was_ahead_keeps_no_day_away() -> None:
    assert list(spans(Filled(FLOOR, NEWEST + timedelta(days=400)), NEWEST)) == [(date(2026, 11, 16), NEWEST)]


def test_what_is_older_than_metas_memory_is_not_asked_for() -> None:
    assert min(days_of(list(spans(Filled(date(2020, 1, 1), date(2020, 2, 1)), NEWEST)))) == FLOOR


def test_before_the_days_that_another_metric_gave_nothing_is_asked() -> None:
    earliest = NEWEST - timedelta(days=2)
    assert list(spans(None, NEWEST, earliest)) == [(earliest, NEWEST)]
    assert list(spans(None, NEWEST, NEWEST + DAY)) == []


@given(st.none() | st.tuples(DAYS, DAYS).map(lambda two: Filled(min(two), max(two))), st.integers(0, 40))
def test_windows_leave_no_gap_repeat_no_day_and_join_what_is_filled(filled: Filled | None, to_run: int) -> None:
    windows = list(spans(filled, NEWEST))
    asked = days_of(windows)
    assert len(asked) == len(set(asked))
    assert all((last - first).days < 90 for first, last in windows)
    assert all(midnight(last + DAY) - midnight(first) <= 8_035_200 for first, last in windows)
    assert min(asked) >= FLOOR
    assert set(asked) >= {NEWEST - timedelta(days=n) for n in range(7)}
    for first, last in windows[:to_run]:  # also when the run dies after some of them
        alone = joined(None, first, last)
        filled = joined(filled, first, last) if filled and filled.last >= FLOOR else alone
        assert filled.first <= first <= last <= filled.last
        wanted = {filled.first + timedelta(days=n) for n in range((filled.last - filled.first).days + 1)}
        assert all(day in asked or day <= NEWEST for day in wanted)
    if to_run >= len(windows):
        assert filled is not None
        assert filled.first <= FLOOR
        assert filled.last == NEWEST


@given(st.lists(st.none() | DAYS.map(lambda day: Filled(FLOOR, max(day, FLOOR))), min_size=1, max_size=4))
def test_asking_together_asks_each_metric_for_its_own_windows_in_its_order(states: list[Filled | None]) -> None:
    plans = {f"m{n}": list(spans(filled, NEWEST)) for n, filled in enumerate(states)}
    rounds = asked_together(plans)
    for name, plan in plans.items():
        assert [window for window, names in rounds if name in names] == plan
    assert len(rounds) <= sum(map(len, plans.values()))


def test_metrics_with_the_same_plan_share_their_calls() -> None:
    assert len(asked_together({name: spans(None, NEWEST) for name in "abcdefgh"})) == 9


def test_a_window_apart_begins_anew() -> None:
    filled = Filled(date(2026, 1, 1), date(2026, 1, 31))
    assert joined(filled, date(2026, 2, 1), date(2026, 2, 3)) == Filled(date(2026, 1, 1), date(2026, 2, 3))
    assert joined(filled, date(2026, 2, 2), date(2026, 2, 3)) == Filled(date(2026, 2, 2), date(2026, 2, 3))
