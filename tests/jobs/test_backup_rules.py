"""Which backups are kept: the newest of hours, days and months, and never none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.jobs.backup_manifest import WHYS
from sqdash.jobs.backup_rules import Made, outdated

NOW = datetime(2026, 11, 29, 4, 30, tzinfo=UTC)  # 12:30 in Taipei


def made(name: str, ago: timedelta, why: str = "hourly") -> Made:
    return Made(NOW - ago, name, why)


def kept(*backups: Made) -> set[str]:
    return {one.name for one in backups} - outdated(backups, NOW)


def test_nothing_of_nothing_is_removed() -> None:
    assert outdated([], NOW) == set()


def test_of_an_hour_of_the_last_day_the_newest_stays() -> None:
    backups = [
        made("12:29", timedelta(minutes=1)),
        made("12:01", timedelta(minutes=29)),
        made("11:59", timedelta(minutes=31)),
        made("11:00", timedelta(minutes=90)),
    ]
    assert kept(*backups) == {"12:29", "11:59"}


def test_of_a_day_of_the_last_thirty_the_newest_stays_by_the_calendar_of_taipei() -> None:
    backups = [
        made("now", timedelta(0)),
        made("27th 23:30", timedelta(days=1, hours=13)),  # still the 27th in UTC, as is the next
        made("28th 00:30", timedelta(days=1, hours=12)),
        made("28th 12:00", timedelta(hours=24, minutes=30)),
        made("30 days ago", timedelta(days=30)),
        made("30 days and an hour ago", timedelta(days=30, hours=1)),
    ]
    assert kept(*backups) == {"now", "27th 23:30", "28th 12:00", "30 days ago"}


def test_of_a_month_of_the_last_twelve_the_newest_stays() -> None:
    backups = [
        made("now", timedelta(0)),
        made("10-20", timedelta(days=40)),
        made("10-10", timedelta(days=50)),
        made("2025-11-28", timedelta(days=366)),
        made("2025-10-30", timedelta(days=395)),
    ]
    assert kept(*backups) == {"now", "10-20", "2025-11-28"}


@pytest.mark.parametrize(("why", "days"), [("migration", 30), ("restore", 30), ("hand", 1)])
def test_what_was_made_on_purpose_stays_for_its_time(why: str, days: int) -> None:
    backups = [
        made("now", timedelta(0)),
        made("same hour", timedelta(days=days), why),
        made("later in it", timedelta(days=days) - timedelta(minutes=1)),
    ]
    assert kept(*backups) == {"now", "same hour", "later in it"}
    older = [Made(one.at - timedelta(seconds=1), one.name, one.why) for one in backups[1:]]
    assert "same hour" not in kept(backups[0], *older)


def test_what_a_restore_makes_never_takes_the_place_of_what_was_restored() -> None:
    backups = [
        made("hourly", timedelta(minutes=20)),
        made("before restore", timedelta(minutes=10), "restore"),
        made("now", timedelta(0), "restore"),
    ]
    assert kept(*backups) == {"hourly", "before restore", "now"}


def test_a_month_that_has_nothing_else_keeps_the_one_made_before_a_migration() -> None:
    assert kept(made("now", timedelta(0)), made("only", timedelta(days=100), "migration")) == {"now", "only"}


BACKUPS = st.lists(
    st.builds(
        made,
        st.uuids().map(str),
        st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=800)),
        st.sampled_from(sorted(WHYS)),
    ),
    max_size=60,
)


@given(BACKUPS)
def test_the_newest_is_never_removed_and_removing_again_removes_nothing(backups: list[Made]) -> None:
    gone = outdated(backups, NOW)
    left = [one for one in backups if one.name not in gone]
    assert outdated(left, NOW) == set()
    if backups:
        assert max(backups).name not in gone
    assert gone <= {one.name for one in backups}


@given(BACKUPS)
def test_the_order_in_which_they_are_listed_is_nothing_to_it(backups: list[Made]) -> None:
    assert outdated(backups, NOW) == outdated(reversed(backups), NOW)


@given(st.integers(min_value=1, max_value=24 * 60))
def test_an_hourly_backup_of_two_months_keeps_days_and_hours(hours: int) -> None:
    left: list[Made] = []
    start = NOW - timedelta(hours=hours)
    for hour in range(0, hours + 1, 7):  # pruned as time goes by, as it is in life
        at = start + timedelta(hours=hour)
        left.append(Made(at, str(hour), "hourly"))
        gone = outdated(left, at)
        left = [one for one in left if one.name not in gone]
    spans = len({(one.at + timedelta(hours=8)).date() for one in left})
    assert min(31, 1 + hours // 24) - 1 <= spans
    assert len(left) <= 25 + 31 + 3
