"""Figures of posts survive a dead metric, a lost permission and a silence, at the cost of few questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pytest

from sqdash.errors import DeadMetric, DeadObject, GraphError, LimitReached, PermissionMissing, TokenError, Transient
from sqdash.graph.answers import Outcome
from sqdash.graph.client import Client
from tests.fake_graph import FakeGraph
from tests.fake_graph.errors import ERRORS, Fault, bad_parameter
from tests.fake_graph.scenarios import NAMES, Effect
from tests.graph.graphs import CLICKS, METRICS, VIEWERS, VIEWS, graph, ids_of, until_stopped

Found = Mapping[str, Outcome] | GraphError


def figures(client: Client, ids: list[str], metrics: tuple[str, ...] = METRICS) -> dict[str, Found]:
    return dict(client.post_insights(ids, metrics))


def statuses(found: Found) -> dict[str, str]:
    assert not isinstance(found, GraphError)
    return {metric: outcome.status for metric, outcome in found.items()}


def are_true(server: FakeGraph, found: dict[str, Found], *metrics: str) -> None:
    for post_id, outcomes in found.items():
        assert not isinstance(outcomes, GraphError)
        for metric in metrics:
            assert outcomes[metric].value == server.world.truth.post_metric(post_id, metric)
            assert outcomes[metric].status == "ok"


def test_all_metrics_of_fifty_posts_are_one_call() -> None:
    with graph(posts=120) as (server, client):
        found = figures(client, ids_of(server))
        assert (client.calls, client.items) == (3, 120)
        assert list(found) == ids_of(server)
        are_true(server, found, *METRICS)
        assert "period=lifetime" in server.requests_seen[0].batch[0]["relative_url"]


@pytest.mark.parametrize(("scenario", "status"), [("metric_dead", "not_served"), ("metric_refused", "not_permitted")])
def test_a_refused_metric_is_found_out_once_and_costs_no_other(scenario: str, status: str) -> None:
    with graph(posts=120) as (server, client):
        server.scenarios.on(scenario, metric=VIEWS)
        found = figures(client, ids_of(server))
        are_true(server, found, VIEWERS, CLICKS)
        assert {statuses(outcomes)[VIEWS] for outcomes in found.values()} == {status}
        assert client.calls <= 3 + 4
        assert client.retries == 0


def test_a_refused_metric_says_why() -> None:
    with graph(posts=2) as (server, client):
        server.scenarios.on("metric_dead", metric=VIEWS)
        for outcomes in figures(client, ids_of(server)).values():
            assert not isinstance(outcomes, GraphError)
            assert isinstance(outcomes[VIEWS].error, DeadMetric)
            assert outcomes[VIEWS].value is None


def test_a_metric_that_dies_between_two_runs_is_never_0() -> None:
    with graph(posts=3) as (server, client):
        are_true(server, figures(client, ids_of(server)), VIEWS)
        server.world.gone_metrics.add(VIEWS)
        assert {statuses(one)[VIEWS] for one in figures(client, ids_of(server)).values()} == {"not_served"}


def test_two_refused_metrics_are_both_found_out() -> None:
    with graph(posts=60) as (server, client):
        server.scenarios.on("metric_dead", metric=VIEWS)
        server.scenarios.on("metric_refused", metric=CLICKS)
        found = figures(client, ids_of(server))
        are_true(server, found, VIEWERS)
        assert {tuple(statuses(one).values()) for one in found.values()} == {("not_served", "ok", "not_permitted")}


def odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal in words that nobody has described."""
    monkeypatch.setitem(
        cast("dict[str, Fault]", ERRORS), "odd", bad_parameter("The since param is more than two years ago")
    )
    monkeypatch.setitem(cast("dict[str, Effect]", NAMES), "odd", "fault")


def test_a_metric_refused_in_unknown_words_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    odd(monkeypatch)
    with graph(posts=120) as (server, client):
        server.scenarios.on("odd", edge="post_insights", metric=CLICKS)
        found = figures(client, ids_of(server))
        are_true(server, found, VIEWS, VIEWERS)
        for outcomes in found.values():
            assert not isinstance(outcomes, GraphError)
            assert (outcomes[CLICKS].status, type(outcomes[CLICKS].error)) == ("error", GraphError)
        assert client.calls <= 1 + 3 + 3 + 5


def test_a_post_refused_in_unknown_words_costs_no_other_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    odd(monkeypatch)
    with graph(posts=60) as (server, client):
        ids = ids_of(server)
        server.scenarios.on("odd", edge="post_insights", object=ids[0])
        found = figures(client, ids)
        assert set(statuses(found.pop(ids[0])).values()) == {"error"}
        are_true(server, found, *METRICS)
        assert client.calls == 1 + 1 + 1


def test_posts_that_fail_for_a_while_have_their_own_errors() -> None:
    with graph(posts=60) as (server, client):
        ids = ids_of(server)
        for post_id in ids[10:13]:
            server.scenarios.on("server_error", object=post_id)
        found = figures(client, ids)
        assert [type(found.pop(post_id)) for post_id in ids[10:13]] == [Transient] * 3
        are_true(server, found, *METRICS)


def test_without_any_metric_nothing_is_asked_any_more() -> None:
    with graph(posts=120) as (server, client):
        for metric in METRICS:
            server.scenarios.on("metric_dead", metric=metric)
        found = figures(client, ids_of(server))
        assert {tuple(statuses(one).values()) for one in found.values()} == {("not_served",) * 3}
        assert client.calls == 2


def test_metrics_that_work_only_alone_are_asked_alone() -> None:
    with graph(posts=60) as (server, client):
        server.scenarios.on("joint_metrics_refused")
        found = figures(client, ids_of(server))
        are_true(server, found, *METRICS)
        assert client.items == 50 + 3 + 49 * 3 + 10 * 3


def test_a_metric_silently_left_out_is_asked_again_alone() -> None:
    with graph(posts=3) as (server, client):
        server.scenarios.on("metric_left_out", metric=CLICKS, times=3)
        found = figures(client, ids_of(server))
        are_true(server, found, *METRICS)
        assert (client.calls, client.items) == (2, 6)


def test_a_metric_always_left_out_is_empty_and_soon_not_asked_again() -> None:
    with graph(posts=120) as (server, client):
        server.scenarios.on("metric_left_out", metric=CLICKS)
        found = figures(client, ids_of(server))
        assert {statuses(outcomes)[CLICKS] for outcomes in found.values()} == {"empty"}
        are_true(server, found, VIEWS)
        assert client.items == 120 + 50


def test_no_data_is_empty_and_zeros_are_zeros() -> None:
    with graph(posts=2) as (server, client):
        server.scenarios.on("insights_empty")
        assert {tuple(statuses(one).values()) for one in figures(client, ids_of(server)).values()} == {("empty",) * 3}
        server.scenarios.clear()
        server.scenarios.on("insights_zero")
        for outcomes in figures(client, ids_of(server)).values():
            assert not isinstance(outcomes, GraphError)
            assert [(one.status, one.value) for one in outcomes.values()] == [("ok", 0)] * 3


def test_an_empty_dict_is_0() -> None:
    with graph(posts=2) as (server, client):
        server.scenarios.on("insights_empty_dict")
        for outcomes in figures(client, ids_of(server), ("post_clicks_by_type",)).values():
            assert not isinstance(outcomes, GraphError)
            assert (outcomes["post_clicks_by_type"].status, outcomes["post_clicks_by_type"].value) == ("ok", 0)


def test_a_dict_is_summed() -> None:
    with graph(posts=5) as (server, client):
        for post_id, outcomes in figures(client, ids_of(server), ("post_clicks_by_type",)).items():
            assert not isinstance(outcomes, GraphError)
            assert outcomes["post_clicks_by_type"].value == server.world.truth.figures(post_id).clicks


def test_a_post_deleted_since_the_listing_is_an_error_of_its_own() -> None:
    with graph(posts=5) as (server, client):
        ids = ids_of(server)
        server.world.delete(ids[2])
        found = figures(client, ids)
        gone = found.pop(ids[2])
        assert isinstance(gone, DeadObject)
        assert gone.object_id == ids[2]
        are_true(server, found, *METRICS)


def test_nulls_and_failing_items_are_asked_alone() -> None:
    with graph(posts=5) as (server, client):
        server.scenarios.on("batch_null", place=0)
        server.scenarios.on("batch_item_fails", place=3)
        are_true(server, figures(client, ids_of(server)), *METRICS)
        assert client.calls == 3


def test_one_post_without_permission_does_not_speak_for_the_others() -> None:
    with graph(posts=60) as (server, client):
        ids = ids_of(server)
        server.scenarios.on("permission_10", object=ids[0], edge="post_insights")
        found = figures(client, ids)
        assert set(statuses(found.pop(ids[0])).values()) == {"not_permitted"}
        are_true(server, found, *METRICS)


def test_without_read_insights_every_post_is_not_permitted_for_few_calls() -> None:
    with graph(posts=120) as (server, client):
        server.world.tokens[server.world.token].scopes.discard("read_insights")
        found = figures(client, ids_of(server))
        assert {tuple(statuses(one).values()) for one in found.values()} == {("not_permitted",) * 3}
        assert client.calls <= 4


def test_a_token_that_dies_in_between_keeps_what_came_before() -> None:
    with graph(posts=120) as (server, client):
        server.scenarios.on("token_expired", after=2)
        came, error = until_stopped(client.post_insights(ids_of(server), METRICS))
        assert [post_id for post_id, _ in came] == ids_of(server)[:100]
        assert isinstance(error, TokenError)
        assert error.subcode == 463


def test_a_token_that_dies_within_a_batch_keeps_the_items_before() -> None:
    with graph(posts=50) as (server, client):
        server.scenarios.on("token_expired", edge="post_insights", after=20)
        came, error = until_stopped(client.post_insights(ids_of(server), METRICS))
        assert [post_id for post_id, _ in came] == ids_of(server)[:20]
        are_true(server, dict(came), *METRICS)
        assert isinstance(error, TokenError)
        assert client.calls == 1


def test_a_token_that_dies_while_a_refusal_is_settled_stops_at_once() -> None:
    with graph(posts=50) as (server, client):
        server.scenarios.on("metric_dead", metric=VIEWS)
        server.scenarios.on("token_expired", after=1)
        with pytest.raises(TokenError):
            figures(client, ids_of(server))
        assert client.calls == 2


def test_a_limit_within_a_batch_stops_with_the_time_to_resume() -> None:
    with graph(posts=60) as (server, client):
        server.scenarios.on("page_limit", after=1, regain=19)
        came, error = until_stopped(client.post_insights(ids_of(server), METRICS))
        assert len(came) == 50
        assert isinstance(error, LimitReached)
        assert (error.resume_at - server.world.clock.now()).total_seconds() == 19 * 60


def test_a_network_that_is_gone_is_no_error_of_a_post() -> None:
    with graph(posts=60) as (server, client):
        server.scenarios.on("closed")
        with pytest.raises(Transient):
            figures(client, ids_of(server))


def test_nothing_asked_is_nothing_found() -> None:
    with graph(posts=3) as (server, client):
        assert figures(client, []) == {}
        assert [statuses(one) for one in figures(client, ids_of(server), ()).values()] == [{}] * 3
        assert client.calls == 0


def test_missing_permission_names_the_permission() -> None:
    with graph(posts=1) as (server, client):
        server.scenarios.on("metric_refused", metric=VIEWS)
        (outcomes,) = figures(client, ids_of(server)).values()
        assert not isinstance(outcomes, GraphError)
        error = outcomes[VIEWS].error
        assert isinstance(error, PermissionMissing)
        assert error.permission == "read_insights"
