"""A value belongs to the Pacific day that its end_time closes; a period, a dict and a part are what they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import DeadMetric, PermissionMissing, Transient, Unreadable
from sqdash.graph.insights import label, midnight, read_days, read_values, status_of, windows

VIEW = "page_media_view"
DAYS = st.dates(date(2018, 1, 1), date(2035, 12, 31))


def series(*values: Any, name: str = VIEW, period: str = "day") -> dict[str, Any]:
    return {"name": name, "period": period, "values": list(values)}


def at(day: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"value": value, "end_time": f"{day}T08:00:00+0000", **more}


def days(*values: Any, name: str = VIEW) -> Any:
    return read_days({"data": [series(*values, name=name)]}, "day")[name]


@pytest.mark.parametrize(
    ("end_time", "day"),
    [
        ("2026-11-20T08:00:00+0000", date(2026, 11, 19)),  # winter
        ("2026-07-20T07:00:00+0000", date(2026, 7, 19)),  # summer
        ("2026-03-08T08:00:00+0000", date(2026, 3, 7)),
        ("2026-03-09T07:00:00+0000", date(2026, 3, 8)),  # the day of 23 hours
        ("2026-11-01T07:00:00+0000", date(2026, 10, 31)),
        ("2026-11-02T08:00:00+0000", date(2026, 11, 1)),  # the day of 25 hours
    ],
)
def test_the_day_is_the_one_that_ends_at_end_time(end_time: str, day: date) -> None:
    assert label(end_time) == day


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 11, 2), 24)])
def test_midnights_follow_summer_time(day: date, hours: int) -> None:
    assert midnight(day + timedelta(days=1)) - midnight(day) == hours * 3600


@given(DAYS)
def test_the_midnight_after_a_day_is_the_end_time_with_its_label(day: date) -> None:
    end = datetime.fromtimestamp(midnight(day + timedelta(days=1)), UTC)
    assert label(end.strftime("%Y-%m-%dT%H:%M:%S+0000")) == day


@given(DAYS, st.integers(0, 800), st.integers(1, 90))
def test_windows_cover_every_day_once(first: date, more: int, size: int) -> None:
    last = first + timedelta(days=more)
    covered = [
        start + timedelta(days=n) for start, end in windows(first, last, size) for n in range((end - start).days + 1)
    ]
    assert covered == [first + timedelta(days=n) for n in range(more + 1)]
    assert all((end - start).days < size for start, end in windows(first, last, size))


def test_an_inverted_span_has_no_window() -> None:
    assert list(windows(date(2026, 1, 2), date(2026, 1, 1), 90)) == []


def test_a_0_is_a_value_and_null_is_none() -> None:
    found = days(at("2026-11-20", 820), at("2026-11-21", 0), at("2026-11-22", None))
    assert found == {date(2026, 11, 19): 820, date(2026, 11, 20): 0, date(2026, 11, 21): None}


def test_the_same_name_in_another_period_is_another_series() -> None:
    answer = {"data": [series(at("2026-11-20", 5)), series(at("2026-11-20", 99), period="week")]}
    assert read_days(answer, "day") == {VIEW: {date(2026, 11, 19): 5}}
    assert read_days(answer, "week") == {VIEW: {date(2026, 11, 19): 99}}


def test_a_dict_is_the_sum_of_its_parts_and_an_empty_one_is_0() -> None:
    name = "post_clicks_by_type"
    assert days(at("2026-11-20", {"like": 3, "love": 1}), at("2026-11-21", {}), name=name) == {
        date(2026, 11, 19): 4,
        date(2026, 11, 20): 0,
    }


def test_parts_of_a_breakdown_are_added_up_and_a_missing_one_is_0() -> None:
    found = days(
        at("2026-11-20", 25, is_from_ads="0"),
        at("2026-11-20", 5, is_from_ads="1"),
        at("2026-11-21", 7, is_from_ads="0"),
    )
    assert found == {date(2026, 11, 19): 30, date(2026, 11, 20): 7}


def test_a_part_that_is_not_known_makes_its_day_unknown() -> None:
    first, second = at("2026-11-20", 25, is_from_ads="0"), at("2026-11-20", None, is_from_ads="1")
    assert days(first, second) == days(second, first) == {date(2026, 11, 19): None}


def test_the_last_of_two_values_for_a_part_counts_and_the_whole_before_its_parts() -> None:
    part, again = at("2026-11-20", 25, is_from_ads="0"), at("2026-11-20", 26, is_from_ads="0")
    assert days(part, again) == {date(2026, 11, 19): 26}
    assert days(part, at("2026-11-20", 30), again) == {date(2026, 11, 19): 30}


def test_parts_by_two_kinds_are_not_added_up() -> None:
    assert isinstance(
        days(at("2026-11-20", 3, is_from_ads="0"), at("2026-11-20", 3, is_from_followers="0")), Unreadable
    )


@pytest.mark.parametrize(
    "entry",
    [
        at("2026-11-20", None, start_time="x"),
        at("2026-11-20", 5, start_time="x"),
        at("2026-11-20", 5, is_from_ads="0", start_time="x"),
        at("2026-11-20", {}),
        at("2026-11-20", {"a": 1}),
    ],
)
def test_a_form_that_is_not_known_is_not_guessed_at(entry: dict[str, Any]) -> None:
    assert isinstance(days(entry), Unreadable)


def test_a_sum_that_no_store_holds_is_unreadable() -> None:
    parts = [at("2026-11-20", 2**62, is_from_ads=which) for which in "01"]
    assert isinstance(days(*parts), Unreadable)
    assert isinstance(days(at("2026-11-20", {"a": 2**62, "b": 2**62}), name="post_clicks_by_type"), Unreadable)


@pytest.mark.parametrize("entry", [at("2026-11-20", {"0": 3}), at("2026-11-20", 3, is_from_followers="1")])
def test_people_are_never_added_up(entry: dict[str, Any]) -> None:
    assert isinstance(days(entry, name="page_total_media_view_unique"), Unreadable)


@pytest.mark.parametrize(
    "entry",
    [
        at("2026-11-20", "5"),
        at("2026-11-20", -1),
        at("2026-11-20", True),
        at("2026-11-20", {"a": {"b": 1}}),
        {"value": 5},
        {"value": 5, "end_time": "soon"},
        5,
    ],
)
def test_an_odd_series_spoils_no_other(entry: Any) -> None:
    answer = {"data": [series(entry), series(at("2026-11-20", 5), name="page_follows")]}
    found = read_days(answer, "day")
    assert isinstance(found[VIEW], Unreadable)
    assert found["page_follows"] == {date(2026, 11, 19): 5}


@pytest.mark.parametrize(
    "answer", [{}, {"data": {}}, {"data": [5]}, {"data": [{"name": 5, "values": []}]}, {"data": [{"name": "a"}]}]
)
def test_an_answer_without_series_is_refused_whole(answer: Any) -> None:
    with pytest.raises(Unreadable):
        read_days(answer, "day")


def test_nothing_for_the_window_is_no_series() -> None:
    assert read_days({"data": [], "paging": {"previous": "https://x"}}, "day") == {}


@pytest.mark.parametrize(
    ("values", "value"),
    [
        ([{"value": 6}], 6),
        ([{"value": 0}], 0),
        ([], None),
        ([{"value": None}], None),
    ],
)
def test_a_lifetime_value_is_read(values: list[Any], value: int | None) -> None:
    answer = {"data": [series(*values, name="post_clicks", period="lifetime")]}
    assert read_values(answer, "lifetime") == {"post_clicks": value}


@pytest.mark.parametrize(("parts", "value"), [({"a": 1, "b": 2}, 3), ({}, 0)], ids=str)
def test_a_lifetime_dict_is_summed(parts: dict[str, int], value: int) -> None:
    answer = {"data": [series({"value": parts}, name="post_clicks_by_type", period="lifetime")]}
    assert read_values(answer, "lifetime") == {"post_clicks_by_type": value}


@pytest.mark.parametrize("entry", [{"value": None, "x": 1}, {"value": {}}], ids=str)
def test_a_lifetime_value_of_unknown_form_is_no_0(entry: dict[str, Any]) -> None:
    answer = {"data": [series(entry, name="post_media_view", period="lifetime")]}
    assert isinstance(read_values(answer, "lifetime")["post_media_view"], Unreadable)


def test_a_lifetime_value_with_an_unknown_part_is_unknown() -> None:
    parts = [{"value": 6, "is_from_ads": "0"}, {"value": None, "is_from_ads": "1"}]
    answer = {"data": [series(*parts, name="post_media_view", period="lifetime")]}
    assert read_values(answer, "lifetime") == {"post_media_view": None}


def test_parts_of_a_lifetime_value_are_added_up() -> None:
    parts = [{"value": 6, "is_from_ads": "0"}, {"value": 2, "is_from_ads": "1"}]
    answer = {"data": [series(*parts, name="post_media_view", period="lifetime")]}
    assert read_values(answer, "lifetime") == {"post_media_view": 8}


def test_each_refusal_has_its_status() -> None:
    assert status_of(DeadMetric("x")) == "not_served"
    assert status_of(PermissionMissing("x")) == "not_permitted"
    assert status_of(Transient("x")) == "error"
