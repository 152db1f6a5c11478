"""Pacific days over any span come without a seam, without a false zero, and a dead metric takes none with it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from sqdash.errors import DeadObject, GraphError, LimitReached, TokenError, TooMuchData, Transient, Unreadable
from sqdash.graph.answers import Outcome
from sqdash.graph.client import Client
from sqdash.graph.metrics import wanted
from sqdash.periods import days_between
from tests.fake_graph import PAGE_ID, FakeGraph
from tests.fake_graph.errors import ERRORS, Fault, bad_parameter
from tests.fake_graph.scenarios import NAMES, Effect
from tests.graph.clocks import START, VirtualClock
from tests.graph.graphs import graph

VIEW, FOLLOWS, VISITS = "page_media_view", "page_follows", "page_views_total"
METRICS = (VIEW, FOLLOWS, VISITS)
LAST = date(2026, 11, 22)
WEEK = (LAST - timedelta(days=6), LAST)
QUARTERS = (LAST - timedelta(days=269), LAST)


def read(client: Client, span: tuple[date, date] = WEEK, metrics: tuple[str, ...] = METRICS) -> dict[str, Outcome]:
    return dict(client.page_insights(PAGE_ID, metrics, *span))


def is_true(server: FakeGraph, outcome: Outcome, span: tuple[date, date] = WEEK) -> None:
    assert outcome.status == "ok"
    assert outcome.days == tuple(server.world.truth.page_days(outcome.metric, *span))
    assert [day for day, _ in outcome.days] == list(days_between(*span))


def test_a_week_of_all_metrics_is_one_call() -> None:
    with graph() as (server, client):
        for outcome in read(client).values():
            is_true(server, outcome)
        assert client.calls == 1
        query = server.requests_seen[0].query
        assert (query["period"], query["metric"]) == ("day", ",".join(METRICS))


def test_two_years_have_no_seam() -> None:
    span = (LAST - timedelta(days=728), LAST)
    metrics = tuple(candidate.metric for candidate in wanted("page", {}, START))
    with graph() as (server, client):
        for outcome in read(client, span, metrics).values():
            is_true(server, outcome, span)
        assert client.calls == 9
        windows = [(int(seen.query["since"]), int(seen.query["until"])) for seen in server.requests_seen]
        assert all(until - since <= 93 * 86_400 for since, until in windows)
        assert [since for since, _ in windows[1:]] == [until for _, until in windows[:-1]]


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)])
def test_weeks_with_a_change_of_summer_time_have_every_day_once(day: date) -> None:
    span = (day - timedelta(days=3), day + timedelta(days=3))
    with graph() as (server, client):
        is_true(server, read(client, span)[VIEW], span)
        one = read(client, (day, day))[VIEW].days
        assert [found for found, _ in one] == [day]


@pytest.mark.parametrize(("scenario", "status"), [("metric_dead", "not_served"), ("metric_refused", "not_permitted")])
def test_a_refused_metric_takes_no_other_with_it(scenario: str, status: str) -> None:
    with graph() as (server, client):
        server.scenarios.on(scenario, metric=VIEW)
        found = read(client, QUARTERS)
        assert (found[VIEW].status, found[VIEW].days) == (status, ())
        is_true(server, found[FOLLOWS], QUARTERS)
        is_true(server, found[VISITS], QUARTERS)
        assert client.calls == 3 + 1


def test_metrics_that_work_only_alone_are_asked_alone() -> None:
    with graph() as (server, client):
        server.scenarios.on("joint_metrics_refused")
        for outcome in read(client, QUARTERS).values():
            is_true(server, outcome, QUARTERS)
        assert client.calls == 4


def test_a_metric_silently_left_out_is_asked_again_alone() -> None:
    with graph() as (server, client):
        server.scenarios.on("metric_left_out", metric=VIEW, once=True)
        is_true(server, read(client)[VIEW])
        assert client.calls == 2


def test_a_metric_that_stays_left_out_is_empty_not_0() -> None:
    with graph() as (server, client):
        server.scenarios.on("metric_left_out", metric=VIEW)
        found = read(client)
        assert (found[VIEW].status, found[VIEW].days) == ("empty", ())
        is_true(server, found[FOLLOWS])


def test_no_data_is_empty_and_zeros_are_zeros() -> None:
    with graph() as (server, client):
        server.scenarios.on("insights_empty")
        assert {outcome.status for outcome in read(client).values()} == {"empty"}
        server.scenarios.clear()
        server.scenarios.on("insights_zero")
        assert {(one.status, value) for one in read(client).values() for _, value in one.days} == {("ok", 0)}


def test_the_newest_day_may_be_missing() -> None:
    with graph() as (server, client):
        server.scenarios.on("newest_day_absent")
        found = read(client)[VIEW]
        assert found.status == "ok"
        assert [day for day, _ in found.days] == list(days_between(WEEK[0], LAST - timedelta(days=1)))


def test_revised_values_are_what_is_read_the_second_time() -> None:
    with graph() as (server, client):
        first = read(client)[VIEW].days
        server.scenarios.on("values_revised", by=7)
        assert [value for _, value in read(client)[VIEW].days] == [(value or 0) + 7 for _, value in first]


def test_dicts_of_a_metric_that_is_a_number_are_an_error_of_its_own() -> None:
    name = "page_actions_post_reactions_total"
    with graph() as (server, client):
        found = read(client, WEEK, (name, VIEW))
        assert (found[name].status, type(found[name].error), found[name].days) == ("error", Unreadable, ())
        is_true(server, found[VIEW])


def odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal in words that nobody has described."""
    monkeypatch.setitem(
        cast("dict[str, Fault]", ERRORS), "odd", bad_parameter("The since param is more than two years ago")
    )
    monkeypatch.setitem(cast("dict[str, Effect]", NAMES), "odd", "fault")


def test_a_metric_refused_in_unknown_words_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    odd(monkeypatch)
    with graph() as (server, client):
        server.scenarios.on("odd", edge="page_insights", metric=VIEW)
        found = read(client, QUARTERS)
        assert (found[VIEW].status, type(found[VIEW].error), found[VIEW].days) == ("error", GraphError, ())
        is_true(server, found[FOLLOWS], QUARTERS)
        is_true(server, found[VISITS], QUARTERS)
        assert client.calls == 4


def test_a_window_refused_in_unknown_words_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    odd(monkeypatch)
    with graph() as (server, client):
        server.scenarios.on("odd", edge="page_insights", times=4)
        newer = (QUARTERS[0] + timedelta(days=90), LAST)
        for metric, outcome in read(client, QUARTERS).items():
            assert outcome.status == "error"
            assert outcome.days == tuple(server.world.truth.page_days(metric, *newer))


def test_too_much_data_asks_for_fewer_metrics_then_for_fewer_days() -> None:
    with graph() as (server, client):
        server.scenarios.on("reduce_amount", edge="page_insights", most=-1, times=3)
        found = read(client)
        assert found
        for outcome in found.values():
            is_true(server, outcome)


def test_a_day_that_is_too_much_by_itself_is_an_error_of_its_metric() -> None:
    day = (LAST, LAST)
    with graph() as (server, client):
        server.scenarios.on("reduce_amount", edge="page_insights", most=-1)
        found = read(client, day, (VIEW,))[VIEW]
        assert (found.status, type(found.error), found.days) == ("error", TooMuchData, ())


def test_days_read_before_a_metric_died_are_kept() -> None:
    with graph() as (server, client):
        server.scenarios.on("metric_dead", metric=VIEW, after=1)
        found = read(client, QUARTERS)[VIEW]
        assert found.status == "not_served"
        assert [day for day, _ in found.days] == list(days_between(QUARTERS[0], QUARTERS[0] + timedelta(days=89)))


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [("token_expired", TokenError), ("page_limit", LimitReached), ("closed", Transient), ("html_200", Unreadable)],
)
def test_what_concerns_everything_is_raised(scenario: str, kind: type[Exception]) -> None:
    with graph() as (server, client):
        server.scenarios.on(scenario)
        with pytest.raises(kind):
            read(client)


def test_a_page_that_is_gone_is_raised() -> None:
    with graph() as (_, client), pytest.raises(DeadObject):
        client.page_insights("999", METRICS, *WEEK)


def test_a_span_that_ends_before_it_begins_asks_nothing() -> None:
    with graph() as (_, client):
        assert {outcome.status for outcome in read(client, (LAST, WEEK[0])).values()} == {"empty"}
        assert client.calls == 0


def test_days_outside_the_span_are_left_out() -> None:
    ends = ("2026-11-21T08:00:00+0000", "2026-11-22T08:00:00+0000", "2026-11-23T08:00:00+0000")
    values = [{"value": n, "end_time": end} for n, end in enumerate(ends)]
    answer = {"data": [{"name": VIEW, "period": "day", "values": values}]}
    with graph() as (server, client):
        server.scenarios.on("odd_body", body=json.dumps(answer).encode())
        day = date(2026, 11, 21)
        assert read(client, (day, day), (VIEW,))[VIEW].days == ((day, 1),)


def test_other_periods_are_asked_and_read_as_such() -> None:
    with graph() as (_, client):
        found = client.page_insights(PAGE_ID, (VIEW,), *WEEK, period="week")
        assert (found[VIEW].period, found[VIEW].status, len(found[VIEW].days)) == ("week", "ok", 7)
        assert found[VIEW].days != read(client)[VIEW].days


def test_before_june_2026_reach_was_served() -> None:
    clock = VirtualClock(datetime(2026, 5, 1, 20, tzinfo=UTC))
    span = (date(2026, 4, 20), date(2026, 4, 26))
    with graph(clock=clock) as (server, client):
        is_true(server, read(client, span, ("page_impressions_unique",))["page_impressions_unique"], span)
        clock.move(60 * 86_400)
        assert read(client, span, ("page_impressions_unique",))["page_impressions_unique"].status == "not_served"
