"""Publish times to Taipei's clock: Meta's are Pacific, Excel rewrites them, summer time ends and begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sqdash.importers.cells import CellError
from sqdash.importers.folding import UNCALCULATED
from sqdash.importers.moments import moment, taipei
from sqdash.periods import PACIFIC, TAIPEI

FIXED = timezone(timedelta(hours=8))
ADELAIDE, LORD_HOWE = ZoneInfo("Australia/Adelaide"), ZoneInfo("Australia/Lord_Howe")


def code(text: str) -> str:
    with pytest.raises(CellError) as caught:
        moment(text, TAIPEI)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "09/01/2025 21:13",
        "9/1/2025 21:13",
        " 09/01/2025 21:13:00 ",
        "09/01/2025 09:13:00 PM",
        "9/1/2025 9:13 pm",
        "2025/9/1 下午 09:13",
        "2025/9/1 下午 09:13:00",
        "2025/9/1 21:13",
        "2025/09/01 21:13:00",
        "2025-09-01 21:13",
        "2025-09-01T21:13:00",
        "2025-09-01T21:13:00.000",
        "２０２５／９／１　２１：１３",
        "'2025-09-01 21:13",
    ],
)
def test_every_form_of_a_publish_time_is_read_in_the_zone_of_the_file(text: str) -> None:
    assert moment(text, PACIFIC) == datetime(2025, 9, 2, 4, 13, tzinfo=UTC)
    assert moment(text, TAIPEI) == datetime(2025, 9, 1, 13, 13, tzinfo=UTC)


def test_seconds_are_kept() -> None:
    assert moment("2025/9/1 21:13:05", TAIPEI) == datetime(2025, 9, 1, 21, 13, 5, tzinfo=TAIPEI)


@pytest.mark.parametrize("offset", ["+0800", "+08:00", " +08:00"])
def test_offset_in_the_text_wins_over_the_zone(offset: str) -> None:
    assert moment(f"2025-09-01T21:13:00{offset}", PACIFIC) == datetime(2025, 9, 1, 13, 13, tzinfo=UTC)


def test_z_is_universal_time() -> None:
    assert moment("2025-09-01T21:13:00Z", PACIFIC) == datetime(2025, 9, 1, 21, 13, tzinfo=UTC)
    assert moment("2025-09-01T21:13:00-0730", PACIFIC) == datetime(2025, 9, 2, 4, 43, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("9/1/2025 12:05 AM", 0), ("9/1/2025 12:05 PM", 12), ("2025/9/1 上午 12:05", 0), ("2025/9/1 下午 12:05", 12)],
)
def test_trap_twelve_is_the_first_hour_of_its_half_day(text: str, hour: int) -> None:
    assert moment(text, TAIPEI).hour == hour


def test_trap_month_is_first_where_the_slash_form_ends_in_its_year() -> None:
    assert taipei("09/08/2025 10:00", TAIPEI, {}) == "2025-09-08T10:00:00+08:00"
    assert code("13/08/2025 10:00") == "no_such_day"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-09-01",
        "9/1/2025",
        "21:13",
        "9/1/25 21:13",
        "2025-9-1T21:13",
        "09/01/2025 24:00",
        "09/01/2025 21:60",
        "09/01/2025 21:13 PM",
        "09/01/2025 0:13 AM",
        "2025/9/1 下午 9:13 PM",
        "103/11/22",
        "yesterday",
        "41955.5",
        "0001-01-01 00:00",
        "09/①/2025 21:13",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    assert code(text) == "not_moment"


@pytest.mark.parametrize(
    "text", ["103/11/22 09:05", "民國103/11/22 9:05", "103.11.22 上午 09:05", "103-11-22 09:05:00"]
)
def test_roc_days_with_a_time_are_read(text: str) -> None:
    assert moment(text, ZoneInfo("Asia/Taipei")).isoformat() == "2014-11-22T09:05:00+08:00"


@pytest.mark.parametrize(
    "text", ["02/30/2025 10:00", "2025-00-10 10:00", "2025-09-31T10:00:00", "2025-09-01T10:00+9900"]
)
def test_time_that_the_calendar_lacks_is_refused(text: str) -> None:
    assert code(text) == "no_such_day"


def test_formula_never_calculated_is_refused() -> None:
    assert code(UNCALCULATED) == "uncalculated"


# --- Taipei's clock


def test_trap_pacific_evening_is_another_day_and_month_in_taipei() -> None:
    assert taipei("09/30/2025 21:13", PACIFIC, {}) == "2025-10-01T12:13:00+08:00"


def test_trap_winter_is_sixteen_hours_and_summer_fifteen() -> None:
    assert taipei("12/31/2025 08:00", PACIFIC, {}) == "2026-01-01T00:00:00+08:00"
    assert taipei("07/01/2025 09:00", PACIFIC, {}) == "2025-07-02T00:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("03/09/2025 01:59", "2025-03-09T17:59:00+08:00"),
        ("03/09/2025 03:00", "2025-03-09T18:00:00+08:00"),
        ("11/02/2025 00:59", "2025-11-02T15:59:00+08:00"),
        ("11/02/2025 01:30", "2025-11-02T16:30:00+08:00"),
        ("11/02/2025 02:00", "2025-11-02T18:00:00+08:00"),
    ],
)
def test_hours_around_both_changes_of_summer_time(text: str, shown: str) -> None:
    assert taipei(text, PACIFIC, {}) == shown


def test_cache_serves_the_other_minutes_of_an_hour() -> None:
    cache: dict[str, str] = {}
    assert taipei("09/30/2025 21:13", PACIFIC, cache) == "2025-10-01T12:13:00+08:00"
    assert cache == {"09/30/2025 21": "2025-10-01T12"}
    assert taipei("09/30/2025 21:59:07", PACIFIC, cache) == "2025-10-01T12:59:07+08:00"


@pytest.mark.parametrize("rest", ["60", "5", "13:60", "13 PM", "13+0800", "１３", ""])
def test_cached_hour_lets_no_bad_minutes_through(rest: str) -> None:
    text, cache = f"2025-09-01T21:{rest}", {"2025-09-01T21": "wrong"}
    try:
        shown = moment(text, TAIPEI).astimezone(FIXED).isoformat(timespec="seconds")
    except CellError as refused:
        with pytest.raises(CellError, match=str(refused)):
            taipei(text, TAIPEI, cache)
    else:
        assert taipei(text, TAIPEI, cache) == shown


def test_half_hour_zone_is_not_cached() -> None:
    cache: dict[str, str] = {}
    assert taipei("09/30/2025 21:45", ADELAIDE, cache) == "2025-09-30T20:15:00+08:00"
    assert cache == {}


NEAR_CHANGES = st.sampled_from(
    [datetime(2025, 3, 9), datetime(2025, 11, 2), datetime(2025, 4, 6), datetime(2025, 10, 5)]
)
MOMENTS = st.builds(lambda day, seconds: day + timedelta(seconds=seconds), NEAR_CHANGES, st.integers(-90_000, 180_000))
ANY = st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31))


@given(
    st.lists(MOMENTS | ANY, min_size=1, max_size=8),
    st.sampled_from([PACIFIC, TAIPEI, ADELAIDE, LORD_HOWE, ZoneInfo("UTC"), ZoneInfo("America/St_Johns")]),
    st.sampled_from(["%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %I:%M:%S %p"]),
)
@example([datetime(2025, 3, 9, 1, 59), datetime(2025, 3, 9, 2, 30), datetime(2025, 3, 9, 3)], PACIFIC, "%m/%d/%Y %H:%M")
@example([datetime(2025, 11, 2, h, 30) for h in range(4)], PACIFIC, "%m/%d/%Y %H:%M")
def test_fast_way_is_the_slow_way_with_any_cache(times: list[datetime], zone: ZoneInfo, form: str) -> None:
    cache: dict[str, str] = {}
    for text in [time.strftime(form) for time in times] * 2:
        assert taipei(text, zone, cache) == moment(text, zone).astimezone(FIXED).isoformat(timespec="seconds")
        if moment(text, zone).year > 1979:
            assert datetime.fromisoformat(taipei(text, zone, cache)) == moment(text, zone).astimezone(TAIPEI)
