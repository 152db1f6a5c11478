"""The page and its posts, as the list calls give them."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fake_graph import BENCHMARK_ID, PAGE_ID, TOKEN, FakeGraph, HandClock, World
from tests.fake_graph.asking import FIELDS, INSIGHTS, PAGE, POSTS, Asker, ids, walk


def test_a_page_gives_what_is_asked_and_its_id(ask: Asker, world: World) -> None:
    got = ask.get(PAGE, fields="fan_count,followers_count").json
    assert got == {"id": PAGE_ID, "fan_count": world.truth.fans(), "followers_count": world.truth.followers()}
    assert set(ask.get(PAGE).json) == {"id", "name"}
    assert ask.get("/v25.0/me", fields="id").json == {"id": PAGE_ID}


def test_a_benchmark_page_has_public_counts_and_nothing_else(ask: Asker) -> None:
    bench = f"/v25.0/{BENCHMARK_ID}"
    got = ask.get(bench, fields="name,username,fan_count").json
    assert set(got) == {"id", "name", "fan_count"}  # an unset username is absent
    assert ask.get(f"{bench}/published_posts").error["code"] == 10
    refused = ask.get(f"{bench}/insights", metric="page_follows", period="day").error
    assert (refused["code"], "requires the 'pages_read_engagement' permission" in refused["message"]) == (100, True)


@pytest.mark.parametrize("path", [PAGE, POSTS])
def test_one_unknown_field_fails_the_call(ask: Asker, path: str) -> None:
    got = ask.get(path, fields="id,shoe_size")
    assert (got.status, got.error["code"]) == (400, 100)
    assert got.error["message"].startswith("(#100) Tried accessing nonexisting field (shoe_size)")


def test_unknown_objects(ask: Asker) -> None:
    assert ask.get("/v25.0/some.alias").error["code"] == 803
    gone = ask.get(f"{PAGE}_123").error
    assert (gone["code"], gone["error_subcode"], gone["type"]) == (100, 33, "GraphMethodException")


def test_posts_come_newest_first_with_the_fields_asked_for(ask: Asker, world: World) -> None:
    page = ask.get(POSTS, fields=FIELDS, limit=100).json
    truth = world.truth.posts()[:100]
    assert [post["id"] for post in page["data"]] == [post.id for post in truth]
    for given, post in zip(page["data"], truth, strict=True):
        figures = world.truth.figures(post.id)
        assert given["reactions"]["summary"]["total_count"] == figures.all_reactions
        assert given["like"] == {"data": [], "summary": {"total_count": figures.likes, "viewer_reaction": "NONE"}}
        assert given["comments"]["summary"]["total_count"] == figures.comments
        assert given.get("shares") == ({"count": figures.shares} if figures.shares else None)
        assert given.get("message") == post.text_at(world.now)
        assert given["created_time"] == datetime.fromtimestamp(post.created, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
        assert given["permalink_url"] == post.permalink
        assert given.get("attachments") == (None if post.kind == "text" else {"data": [{"media_type": post.kind}]})
    assert any("shares" not in post for post in page["data"])
    assert any("message" not in post for post in page["data"])


def test_comments_without_stream_are_the_upper_ones_only(ask: Asker, world: World) -> None:
    post = next(post for post in world.truth.posts() if world.truth.figures(post.id).comments > 4)
    got = ask.get(f"/v25.0/{post.id}", fields="comments.summary(true).limit(0)").json
    assert got["comments"]["summary"]["total_count"] == world.truth.figures(post.id).top_comments


def test_a_cut_limit_is_refused(ask: Asker) -> None:
    assert len(ask.get(POSTS, limit=100).json["data"]) == 100
    assert len(ask.get(POSTS).json["data"]) == 25
    for limit in (101, 0, "many"):
        assert ask.get(POSTS, limit=limit).error["code"] == 100


def test_pages_of_posts_follow_next_which_carries_the_token(ask: Asker, world: World, server: FakeGraph) -> None:
    pages = list(walk(ask, limit=50, fields="id"))
    assert [len(page["data"]) for page in pages] == [50, 50, 20]
    assert ids(iter(pages)) == [post.id for post in world.truth.posts()]
    following = urlsplit(pages[0]["paging"]["next"])
    assert f"{following.scheme}://{following.netloc}" == server.base_url
    query = parse_qs(following.query)
    assert query["access_token"] == [TOKEN]
    assert (query["limit"], query["fields"]) == (["50"], ["id"])
    assert "next" not in pages[-1]["paging"]
    assert pages[-1]["paging"]["cursors"]["after"]  # there, and of no use


def test_a_post_that_appears_while_paging_moves_nothing(ask: Asker, clock: HandClock, world: World) -> None:
    known = [post.id for post in world.truth.posts()]
    pages = walk(ask, limit=50)
    first = next(pages)
    clock.move(days=5)
    assert [post["id"] for post in first["data"]] + ids(pages) == known


def test_before_leads_back(ask: Asker) -> None:
    first, second, _ = walk(ask, limit=50)
    before = parse_qs(urlsplit(second["paging"]["previous"]).query)["before"][0]
    assert ask.get(POSTS, limit=50, before=before).json["data"] == first["data"]


def test_since_and_until_bound_the_list(ask: Asker, world: World) -> None:
    posts = world.truth.posts()
    low, high = posts[60].created, posts[20].created
    assert ids(walk(ask, limit=25, since=low, until=high)) == [post.id for post in posts if low <= post.created <= high]
    assert ask.get(POSTS, since=world.now + 1).json == {"data": []}


def test_a_deleted_post_is_gone_from_everywhere(ask: Asker, world: World) -> None:
    post = world.truth.posts()[3]
    assert ask.get(f"/v25.0/{post.id}").status == 200
    world.delete(post.id)
    assert post.id not in ids(walk(ask))
    assert ask.get(f"/v25.0/{post.id}").error["error_subcode"] == 33
    assert ask.get(f"/v25.0/{post.id}/insights", metric="post_clicks").error["error_subcode"] == 33


@pytest.mark.parametrize("name", ["ids", "date_format", "pretty", "debug"])
def test_removed_parameters_are_refused(ask: Asker, name: str) -> None:
    assert ask.get(PAGE, **{name: "1"}).error["code"] == 100
    assert ask.get("/v25.0/", **{name: "1"}).status == 400


def test_a_missing_scope_refuses_what_it_is_for(ask: Asker, world: World) -> None:
    post, scopes = world.truth.posts()[-1].id, world.tokens[TOKEN].scopes
    assert ask.get(POSTS, fields=FIELDS).status == 200  # rendered once: must not be served from memory below
    scopes.discard("pages_read_user_content")
    refused = ask.get(POSTS, fields=FIELDS).error
    assert (refused["code"], "pages_read_user_content" in refused["message"]) == (10, True)
    assert ask.get(POSTS, fields="id,message").status == 200
    scopes.discard("read_insights")
    assert ask.get(f"/v25.0/{post}/insights", metric="post_clicks").error["code"] == 200
    assert ask.get(INSIGHTS, metric="page_follows", period="day").error["code"] == 200
