"""Posts are listed to the end and no further, whatever the cursors do."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sqdash.errors import PermissionMissing, TooMuchData, Unreadable
from sqdash.graph.answers import PostNode
from sqdash.graph.client import Client
from sqdash.graph.listing import next_cursor
from sqdash.graph.transport import Bounds
from tests.fake_graph import PAGE_ID
from tests.graph.clocks import START, VirtualClock
from tests.graph.graphs import client_of, graph, ids_of
from tests.graph.raw import http, serving

BASE = "https://graph.facebook.com"


def listed(client: Client, **span: object) -> list[PostNode]:
    return [post for part in client.posts(PAGE_ID, **span) for post in part]  # type: ignore[arg-type]


def test_every_post_comes_once_with_its_figures() -> None:
    with graph(posts=250) as (server, client):
        posts = listed(client)
        assert [post.id for post in posts] == ids_of(server)
        assert client.calls == 3
        for post in posts:
            truth = server.world.truth.figures(post.id)
            assert (post.likes, post.reactions) == (truth.likes, truth.all_reactions)
            assert (post.comments, post.shares) == (truth.comments, truth.shares)
        assert {post.type for post in posts} == {"相片", "影片", "連結", "文字", "活動"}
        assert any(int(post.id.partition("_")[2]) > 2**53 for post in posts)
        assert any(post.message is None for post in posts)
        assert any("/111222333/" in (post.permalink or "") for post in posts)


@pytest.mark.parametrize("scenario", ["ranked", "since_ignored", None])
def test_only_posts_of_the_span_come_whatever_the_order(scenario: str | None) -> None:
    with graph(posts=120) as (server, client):
        if scenario:
            server.scenarios.on(scenario)
        since, until = START - timedelta(days=300), START - timedelta(days=100)
        found = listed(client, since=since, until=until)
        truth = server.world.truth.posts(PAGE_ID)
        wanted = {p.id for p in truth if since.timestamp() <= p.created <= until.timestamp()}
        assert len(wanted) > 20
        assert {post.id for post in found} == wanted
        assert len(found) == len(wanted)


def test_since_is_sent_so_that_a_later_listing_is_short() -> None:
    with graph(posts=1000) as (_, client):
        listed(client, since=START - timedelta(days=7))
        assert client.calls == 1


def test_an_empty_page_with_a_next_is_passed() -> None:
    with graph(posts=120) as (server, client):
        server.scenarios.on("empty_page", once=True)
        parts = list(client.posts(PAGE_ID))
        assert parts[0] == ()
        assert {post.id for part in parts for post in part} == set(ids_of(server))


def test_a_post_that_moved_to_the_next_page_comes_once() -> None:
    def page(*numbers: int, **paging: str) -> bytes:
        rows = [{"id": f"1_{n}", "created_time": "2026-11-20T02:15:00+0000"} for n in numbers]
        return http(json.dumps({"data": rows, "paging": paging}))

    with serving(b"") as nobody:
        port = nobody.port
    first = page(4, 3, next=f"http://127.0.0.1:{port}/v25.0/1/published_posts?after=x")
    with serving(first, page(3, 2), port=port) as raw, Client(raw.access(), clock=VirtualClock()) as client:
        assert [[post.id for post in part] for part in client.posts("1")] == [["1_4", "1_3"], ["1_2"]]


def test_a_cursor_seen_before_stops_the_listing() -> None:
    with graph(posts=500) as (server, client):
        server.scenarios.on("repeated_cursor", after=1)
        with pytest.raises(Unreadable, match="一再回到同一頁"):
            listed(client)
        assert client.calls <= 5


def test_a_listing_that_never_ends_is_stopped() -> None:
    with graph(posts=10, bounds=Bounds(pages=7)) as (server, client):
        server.scenarios.on("endless_next")
        with pytest.raises(Unreadable, match="超過 7 頁"):
            listed(client)
        assert client.calls == 7


def test_a_next_of_another_host_is_refused_and_never_asked() -> None:
    with graph(posts=250) as (server, client):
        server.scenarios.on("foreign_next")
        parts = []
        with pytest.raises(Unreadable, match="別的主機"):
            parts += list(client.posts(PAGE_ID))
        assert client.calls == 1


@pytest.mark.parametrize("scenario", ["reduce_amount", "reduce_amount_by_user_msg"])
def test_too_much_data_halves_the_limit_and_goes_on(scenario: str) -> None:
    with graph(posts=120) as (server, client):
        server.scenarios.on(scenario, most=25)
        assert [post.id for post in listed(client)] == ids_of(server)
        limits = [seen.query["limit"] for seen in server.requests_seen]
        assert limits == ["100", "50", *["25"] * 5]
        assert client.retries == 0


def test_too_much_data_for_a_single_post_is_an_error() -> None:
    with graph(posts=5) as (server, client):
        server.scenarios.on("reduce_amount", most=0)
        with pytest.raises(TooMuchData):
            listed(client)


def test_reactions_without_permission_are_unknown_and_the_rest_stays() -> None:
    with graph(posts=20) as (server, client):
        server.scenarios.on("reactions_refused")
        posts = listed(client)
        assert len(posts) == 20
        assert {(post.likes, post.reactions) for post in posts} == {(None, None)}
        assert all(post.comments is not None for post in posts)
        assert client.dropped_fields.keys() == {"reactions", "like"}
        assert isinstance(client.dropped_fields["reactions"], PermissionMissing)


def test_a_page_without_permission_is_an_error_and_drops_nothing() -> None:
    with graph(posts=20) as (server, client):
        server.scenarios.on("permission_10", edge="posts")
        with pytest.raises(PermissionMissing):
            listed(client)
        assert client.dropped_fields == {}
        assert client.calls == 4


def test_an_unknown_field_is_dropped_and_noted() -> None:
    with graph(posts=20) as (server, client):
        server.scenarios.on("field_dead", field="is_published")
        posts = listed(client)
        assert {post.is_published for post in posts} == {None}
        assert client.dropped_fields.keys() == {"is_published"}


def test_paging_deeper_than_meta_allows_is_said_so() -> None:
    with graph(posts=250) as (server, client):
        server.scenarios.on("cursor_limit")
        with pytest.raises(Unreadable, match="請限定起始日期"):
            listed(client)


def test_a_limit_over_a_hundred_is_never_sent() -> None:
    with graph(posts=3) as (server, client):
        list(client.posts(PAGE_ID, limit=1000))
        assert server.requests_seen[0].query["limit"] == "100"


def test_a_listing_goes_on_at_the_same_place_after_a_passing_fault() -> None:
    with graph(posts=250) as (server, client):
        server.scenarios.on("cut_body", after=1, once=True)
        assert [post.id for post in listed(client)] == ids_of(server)
        assert client.retries == 1


def test_the_token_in_next_is_never_used() -> None:
    with graph(posts=250) as (server, client):
        listed(client)
        assert all("access_token" not in seen.target for seen in server.requests_seen)
        assert all(seen.headers["authorization"].startswith("Bearer ") for seen in server.requests_seen)


def test_requests_name_nothing_that_newer_versions_refuse() -> None:
    with graph(posts=5) as (server, client):
        client.page(PAGE_ID)
        listed(client)
        for seen in server.requests_seen:
            assert not {"ids", "date_format", "pretty", "debug"} & seen.query.keys()
            assert "fields" in seen.query


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.facebook.com.evil.example/?after=x",
        "https://evil.example/?after=x",
        "http://graph.facebook.com/?after=x",
        "https://graph.facebook.com:8443/?after=x",
        "https://user@graph.facebook.com/?after=x",
        "//graph.facebook.com/?after=x",
        "https://[::1/?after=x",
        "/v25.0/1/published_posts?after=x",
    ],
)
def test_a_next_that_leads_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(Unreadable, match="別的主機"):
        next_cursor({"paging": {"next": url}}, BASE)


@pytest.mark.parametrize("url", [5, f"{BASE}/v25.0/1", f"{BASE}/v25.0/1?after="])
def test_a_next_without_a_cursor_is_refused(url: object) -> None:
    with pytest.raises(Unreadable):
        next_cursor({"paging": {"next": url}}, BASE)


def test_the_last_page_has_a_cursor_but_no_next() -> None:
    assert next_cursor({"paging": {"cursors": {"after": "x"}}}, BASE) is None
    assert next_cursor({"data": []}, BASE) is None
    assert next_cursor({"paging": {"next": f"{BASE}/v25.0/1?access_token=S&after=A%3D%3D"}}, BASE) == "A=="


@pytest.mark.parametrize("data", [None, {}, [5], [{"id": "1_2"}]])
def test_a_list_of_something_else_is_refused(data: object) -> None:
    with graph(posts=3) as (server, client):
        server.scenarios.on("odd_body", body=json.dumps({"data": data}).encode())
        with pytest.raises(Unreadable):
            listed(client)


def test_two_clients_do_not_share_what_was_dropped() -> None:
    with graph(posts=3) as (server, client):
        server.scenarios.on("field_dead", field="message", once=True)
        listed(client)
        with client_of(server, server.world.clock) as other:  # type: ignore[arg-type]
            assert listed(other)[0].is_published is True
            assert (list(client.dropped_fields), list(other.dropped_fields)) == (["message"], [])
