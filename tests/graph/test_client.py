"""The conversation as a whole: page, nodes, token, what it took, and the same end whatever passes on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sqdash.errors import (
    BadField,
    DeadObject,
    GraphError,
    GraphSetup,
    LimitReached,
    PermissionMissing,
    ProofError,
    TokenError,
    Transient,
)
from sqdash.graph.access import Access
from sqdash.graph.answers import SCOPES, PostNode
from sqdash.graph.client import Client
from sqdash.graph.transport import Bounds
from sqdash.secret import Secret
from tests.fake_graph import BENCHMARK_ID, PAGE_ID, FakeGraph, FaultPlan
from tests.graph.clocks import START, VirtualClock
from tests.graph.graphs import METRICS, client_of, graph, ids_of, until_stopped

APP_SECRET = "0123456789abcdef0123456789abcdef"


# --- the page


def test_a_page_is_read_with_its_counts() -> None:
    with graph() as (server, client):
        page = client.page(PAGE_ID)
        assert (page.id, page.name, page.is_published) == (PAGE_ID, "示範分局", True)
        assert (page.fans, page.followers) == (server.world.truth.fans(), server.world.truth.followers())


def test_a_benchmark_page_gives_its_public_counts() -> None:
    with graph() as (server, client):
        page = client.page(BENCHMARK_ID)
        assert (page.fans, page.username) == (server.world.truth.fans(BENCHMARK_ID), None)


def test_a_field_that_the_page_does_not_have_is_dropped_and_noted() -> None:
    with graph() as (server, client):
        server.scenarios.on("field_dead", field="talking_about_count")
        page = client.page(PAGE_ID)
        assert (page.talking_about, page.fans) == (None, server.world.truth.fans())
        assert list(client.dropped_fields) == ["talking_about_count"]
        assert client.calls == 2


@pytest.mark.parametrize(
    ("scenario", "kind"),
    [
        ("token_invalid", TokenError),
        ("token_password", TokenError),
        ("proof_104", ProofError),
        ("permission_100", PermissionMissing),
        ("capability", PermissionMissing),
        ("app_limit", LimitReached),
        ("blocked", LimitReached),
        ("alias_unknown", DeadObject),
        ("bad_path", GraphSetup),
        ("bare_503", Transient),
    ],
)
def test_a_page_that_cannot_be_read_says_why(scenario: str, kind: type[GraphError]) -> None:
    with graph() as (server, client):
        server.scenarios.on(scenario)
        with pytest.raises(kind):
            client.page(PAGE_ID)


@pytest.mark.parametrize("page_id", ["", "..", "1/2", "1?x=1", "1#", "me&x", "頁", "a" * 129, "%2e"])
def test_an_id_that_could_lead_elsewhere_is_refused_before_it_is_asked(page_id: str) -> None:
    with graph() as (_, client):
        for ask in (client.page, client.posts, lambda id: list(client.nodes([id]))):
            with pytest.raises(GraphSetup, match="SQDASH_GRAPH_PAGE_ID"):
                ask(page_id)
        assert client.calls == 0


@pytest.mark.parametrize("page_id", ["EAAcanary/0123456789", "EAAcanary" * 20])
def test_a_token_in_place_of_an_id_is_not_quoted(page_id: str) -> None:
    with graph() as (_, client):
        with pytest.raises(GraphSetup) as caught:
            client.page(page_id)
        assert str(caught.value) == "設定的編號不是粉絲專頁或貼文的編號，請檢查 SQDASH_GRAPH_PAGE_ID。"


# --- nodes


def nodes(client: Client, ids: list[str]) -> list[PostNode | GraphError]:
    return [node for _, node in client.nodes(ids)]


def test_nodes_are_read_by_batch() -> None:
    with graph(posts=120) as (server, client):
        found = nodes(client, ids_of(server))
        assert client.calls == 3
        assert [node.id for node in found if isinstance(node, PostNode)] == ids_of(server)
        listed = [post for part in client.posts(PAGE_ID) for post in part]
        assert found == listed


def test_a_deleted_post_stops_no_other() -> None:
    with graph(posts=5) as (server, client):
        ids = ids_of(server)
        server.world.delete(ids[1])
        found = nodes(client, ids)
        assert [type(node) for node in found] == [PostNode, DeadObject, PostNode, PostNode, PostNode]


def test_reactions_refused_for_all_posts_are_dropped_for_all() -> None:
    with graph(posts=60) as (server, client):
        server.scenarios.on("reactions_refused")
        found = nodes(client, ids_of(server))
        assert {node.reactions for node in found if isinstance(node, PostNode)} == {None}
        assert len(found) == 60
        assert client.calls == 3


def test_one_post_without_permission_costs_the_others_nothing() -> None:
    with graph(posts=5) as (server, client):
        ids = ids_of(server)
        server.scenarios.on("permission_10", object=ids[3])
        found = nodes(client, ids)
        assert [type(node) for node in found] == [PostNode, PostNode, PostNode, PermissionMissing, PostNode]
        assert (client.dropped_fields, client.calls) == ({}, 1)


def test_posts_refused_for_all_they_are_drop_nothing() -> None:
    with graph(posts=5) as (server, client):
        server.scenarios.on("permission_10", edge="post")
        assert [type(node) for node in nodes(client, ids_of(server))] == [PermissionMissing] * 5
        assert client.dropped_fields == {}
        server.scenarios.clear()
        assert all(isinstance(node, PostNode) and node.likes is not None for node in nodes(client, ids_of(server)))


def test_an_unknown_field_is_dropped_from_nodes() -> None:
    with graph(posts=5) as (server, client):
        server.scenarios.on("field_dead", field="status_type")
        found = nodes(client, ids_of(server))
        assert {node.status_type for node in found if isinstance(node, PostNode)} == {None}
        assert list(client.dropped_fields) == ["status_type"]


def test_a_field_within_another_is_dropped_with_it_and_the_type_is_not_given() -> None:
    with graph(posts=5) as (server, client):
        server.scenarios.on("field_dead", field="media_type")
        found = nodes(client, ids_of(server))
        assert list(client.dropped_fields) == ["attachments"]
        assert [isinstance(node, PostNode) and "type" in node.given for node in found] == [False] * 5


def test_a_field_that_one_post_alone_does_not_have_is_that_posts_error() -> None:
    with graph(posts=5) as (server, client):
        ids = ids_of(server)
        server.scenarios.on("field_dead", field="message", object=ids[2])
        found = nodes(client, ids)
        assert [type(node) for node in found] == [PostNode, PostNode, BadField, PostNode, PostNode]
        assert (client.dropped_fields, client.calls) == ({}, 1)


def test_nodes_and_figures_share_a_batch() -> None:
    with graph(posts=60) as (server, client):
        found = list(client.nodes_and_insights(ids_of(server), METRICS))
        assert (client.calls, client.items) == (3, 120)
        for (post_id, node, figures), wanted in zip(found, ids_of(server), strict=True):
            assert post_id == wanted
            assert isinstance(node, PostNode)
            assert not isinstance(figures, GraphError)
            truth = server.world.truth
            assert {m: figures[m].value for m in METRICS} == {m: truth.post_metric(post_id, m) for m in METRICS}


def test_a_node_may_be_read_where_its_figures_may_not() -> None:
    with graph(posts=3) as (server, client):
        ids = ids_of(server)
        server.scenarios.on("post_deleted", object=ids[0], edge="post_insights")
        (_, node, figures), *_ = client.nodes_and_insights(ids, METRICS)
        assert isinstance(node, PostNode)
        assert isinstance(figures, DeadObject)


def test_a_token_that_dies_gives_out_whole_posts_only() -> None:
    with graph(posts=50) as (server, client):
        server.scenarios.on("token_expired", edge="post_insights", after=10)
        came, error = until_stopped(client.nodes_and_insights(ids_of(server), METRICS))
        assert [post_id for post_id, _, _ in came] == ids_of(server)[:10]
        assert not any(isinstance(part, GraphError) for _, *parts in came for part in parts)
        assert isinstance(error, TokenError)


# --- the token


def test_the_state_of_the_token_is_asked_in_a_batch_and_stands_in_no_address() -> None:
    with graph(app_secret=APP_SECRET) as (server, client):
        state = client.token_state()
        assert state is not None
        assert (state.valid, state.type, state.expires_at, state.missing) == (True, "PAGE", None, ())
        assert set(state.scopes) == set(SCOPES)
        assert state.data_access_expires_at == START + timedelta(days=60)
        (seen,) = server.requests_seen
        assert (seen.method, seen.path.strip("/")) == ("POST", "v25.0")
        assert "input_token" not in seen.target


def test_the_state_names_the_missing_permission() -> None:
    with graph(app_secret=APP_SECRET) as (server, client):
        server.world.tokens[server.world.token].scopes.discard("read_insights")
        state = client.token_state()
        assert state is not None
        assert state.missing == ("read_insights",)


def test_without_the_apps_secret_nothing_is_asked_of_the_token() -> None:
    with graph() as (_, client):
        assert client.token_state() is None
        assert client.calls == 0


def test_the_proof_goes_with_every_call() -> None:
    with graph(posts=60, app_secret=APP_SECRET) as (server, client):
        client.page(PAGE_ID)
        ids = [post.id for part in client.posts(PAGE_ID) for post in part]
        assert len(list(client.post_insights(ids, METRICS))) == 60
        assert {seen.query["appsecret_proof"] for seen in server.requests_seen} == {
            server.world.proof(server.world.token)
        }


def test_a_wrong_secret_is_a_proof_error_asked_once() -> None:
    with graph(app_secret=APP_SECRET) as (server, _):
        access = Access(server.base_url, "v25.0", Secret(server.world.token), server.world.app_id, Secret("wrong"))
        with Client(access, clock=VirtualClock()) as client:
            with pytest.raises(ProofError, match="SQDASH_GRAPH_APP_SECRET"):
                client.page(PAGE_ID)
            assert client.calls == 1


# --- what it took


def test_another_version_answering_is_noticed() -> None:
    with graph() as (server, client):
        client.page(PAGE_ID)
        assert (client.version_answered, client.version_differs) == ("v25.0", False)
        server.scenarios.on("older_version", version="v24.0")
        client.page(PAGE_ID)
        assert (client.version_answered, client.version_differs) == ("v24.0", True)


@pytest.mark.parametrize("where", ["app", "buc", "page"])
def test_usage_is_kept_and_slows_down(where: str) -> None:
    clock = VirtualClock()
    with graph(clock=clock) as (server, client):
        server.scenarios.on("usage", percent=80, where=where)
        client.page(PAGE_ID)
        client.page(PAGE_ID)
        assert (client.usage.percent, client.waited, clock.slept) == (80, 6, [6])


def test_counts_tell_what_it_took() -> None:
    with graph(posts=60) as (server, client):
        server.scenarios.on("server_error", once=True)
        client.page(PAGE_ID)
        list(client.nodes(ids_of(server)))
        assert (client.calls, client.items, client.retries) == (4, 62, 1)
        assert (server.calls, client.waited > 0) == (4, True)


def test_a_run_that_is_over_makes_no_call() -> None:
    clock = VirtualClock()
    with graph(clock=clock) as (server, _), client_of(server, clock, until=START) as client:
        with pytest.raises(Transient, match="已到時限"):
            client.page(PAGE_ID)
        assert client.calls == 0


def test_a_slow_answer_ends_at_the_deadline() -> None:
    with graph(bounds=Bounds(read=0.2, total=0.3, retries=0)) as (server, client):
        server.scenarios.on("slow_drip")
        with pytest.raises(Transient, match="逾時"):
            client.page(PAGE_ID)


@pytest.mark.parametrize("options", [{}, {"declared": True}, {"gzip": True}], ids=str)
def test_a_gigantic_answer_is_not_read_to_its_end(options: dict[str, bool]) -> None:
    with graph(bounds=Bounds(body=1_000_000)) as (server, client):
        server.scenarios.on("gigantic_body", **options)
        with pytest.raises(GraphError, match="超過大小上限"):
            client.page(PAGE_ID)


# --- the same end


def everything(server: FakeGraph, clock: VirtualClock) -> tuple[list[object], int]:
    """All that a client reads of the page, and the calls it took."""
    day = START.date() - timedelta(days=2)
    with client_of(server, clock, bounds=Bounds()) as client:
        posts = [post for part in client.posts(PAGE_ID) for post in part]
        ids = [post.id for post in posts]
        read: list[object] = [client.page(PAGE_ID), posts, list(client.post_insights(ids, METRICS))]
        read += [list(client.nodes_and_insights(ids[:60], METRICS))]
        read += [client.page_insights(PAGE_ID, ("page_follows", "page_media_view"), day - timedelta(days=200), day)]
        return read, client.calls


@pytest.mark.parametrize("seed", range(10))
def test_passing_faults_change_nothing_but_the_number_of_calls(seed: int) -> None:
    with graph(posts=230) as (server, _):
        clock = VirtualClock()
        wanted, calls = everything(server, clock)
        server.plan = FaultPlan(seed)
        found, more = everything(server, clock)
        assert server.plan.given
        assert found == wanted
        assert more <= 2 * calls + 2
