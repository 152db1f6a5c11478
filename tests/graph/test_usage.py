"""Usage headers are obeyed: slower from 75 %, nothing from 90 %; what is not understood does no harm."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.graph.usage import Usage, read_usage
from tests.graph.clocks import START

APP, BUSINESS, PAGE = "X-App-Usage", "X-Business-Use-Case-Usage", "X-Page-Usage"


def business(**figures: object) -> dict[str, str]:
    return {BUSINESS: json.dumps({"100200300400": [{"type": "pages", **figures}]})}


def test_no_header_says_nothing() -> None:
    assert read_usage({}, START) is None


@pytest.mark.parametrize("name", [APP, PAGE])
def test_the_highest_figure_counts(name: str) -> None:
    headers = {name: '{"call_count":28,"total_time":31.5,"total_cputime":25,"new_key":99}'}
    assert read_usage(headers, START) == Usage(31.5)


def test_every_object_of_the_business_header_is_looked_at() -> None:
    entries = {"1": [{"call_count": 5}, {"total_time": 77}], "2": [{"total_cputime": 12}]}
    assert read_usage({BUSINESS: json.dumps(entries)}, START) == Usage(77)


def test_the_time_to_regain_access_is_when_to_go_on() -> None:
    headers = business(call_count=97, estimated_time_to_regain_access=19)
    assert read_usage(headers, START) == Usage(97, START + timedelta(minutes=19))


def test_a_time_to_regain_access_counts_whatever_the_percent_says() -> None:
    headers = business(call_count=10, estimated_time_to_regain_access=3)
    assert read_usage(headers, START) == Usage(10, START + timedelta(minutes=3))


@pytest.mark.parametrize(("percent", "resume"), [(89, None), (90, timedelta(minutes=60)), (120, timedelta(minutes=60))])
def test_at_90_percent_nothing_is_asked_for_an_hour(percent: int, resume: timedelta | None) -> None:
    headers = business(call_count=percent, estimated_time_to_regain_access=0)
    assert read_usage(headers, START) == Usage(percent, START + resume if resume else None)


@pytest.mark.parametrize(("percent", "pause"), [(0, 0), (74.9, 0), (75, 1), (80, 6), (89, 15), (90, 0)])
def test_each_percent_from_75_on_slows_by_a_second(percent: float, pause: float) -> None:
    assert Usage(percent).pause == pause


_ODD = ["", "x", "[]", "5", "null", '{"a":5}', '{"a":[5]}', '{"a":{"call_count":99}}', '{"call_count":"99"}']


@pytest.mark.parametrize("text", [*_ODD, "[" * 99_999])
def test_what_is_not_understood_is_passed_over(text: str) -> None:
    assert read_usage({BUSINESS: text}, START) is None


@given(st.text(), st.text())
def test_no_header_can_break_a_call(app: str, other: str) -> None:
    found = read_usage({APP: app, BUSINESS: other}, START)
    assert found is None or (found.percent >= 0 and (found.resume_at is None or found.resume_at > START))


_KEYS = st.sampled_from(["call_count", "estimated_time_to_regain_access", "100200300400"])
_LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text()


@given(st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner)))
def test_no_json_in_a_header_can_break_a_call(value: object) -> None:
    text = json.dumps(value)
    found = read_usage({APP: text, BUSINESS: text, PAGE: text}, START)
    assert found is None or found.percent >= 0
