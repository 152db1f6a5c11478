"""Insights of posts, and many calls in one."""

from __future__ import annotations

import json

from tests.fake_graph import PAGE_ID, FakeGraph, HandClock, World
from tests.fake_graph.asking import POSTS, Asker


def test_post_insights_are_lifetime_values_without_a_day(ask: Asker, world: World) -> None:
    post = world.truth.posts()[50].id
    names = ("post_media_view", "post_clicks", "post_reactions_by_type_total", "post_activity_by_action_type")
    got = ask.get(f"/v25.0/{post}/insights", metric=",".join(names))
    assert got.names == list(names)
    for series, name in zip(got.json["data"], names, strict=True):
        assert series["period"] == "lifetime"
        assert series["values"] == [{"value": world.truth.post_metric(post, name)}]
    assert ask.get(f"/v25.0/{post}/insights", metric="post_clicks", period="day").json["data"] == []
    assert ask.get(f"/v25.0/{post}/insights", metric="page_follows").error["code"] == 100


def test_insights_within_the_list_work_until_one_metric_dies(ask: Asker, world: World) -> None:
    post = world.truth.posts()[0]
    (first,) = ask.get(POSTS, limit=1, fields="id,insights.metric(post_media_view)").json["data"]
    value = first["insights"]["data"][0]["values"][0]["value"]
    assert value == world.truth.figures(post.id).views
    assert ask.get(POSTS, limit=1, fields="id,insights.metric(post_impressions)").error["code"] == 100


def test_a_batch_answers_in_order_each_item_for_itself(ask: Asker, world: World, server: FakeGraph) -> None:
    good, bad = world.truth.posts()[0].id, f"{PAGE_ID}_1"
    got = ask.batch(
        f"{good}/insights?metric=post_clicks&period=lifetime",
        f"{bad}?fields=id",
        f"v25.0/{PAGE_ID}?fields=fan_count",
        include_headers="false",
    ).json
    assert [item["code"] for item in got] == [200, 400, 200]
    assert all(set(item) == {"code", "body"} and isinstance(item["body"], str) for item in got)
    assert json.loads(got[1]["body"])["error"]["error_subcode"] == 33
    assert json.loads(got[2]["body"])["fan_count"] == world.truth.fans()
    assert (server.calls, server.items) == (1, 3)
    assert [item["relative_url"] for item in server.requests_seen[-1].batch][1] == f"{bad}?fields=id"


def test_a_batch_has_headers_unless_told_not_to_and_fifty_items_at_most(ask: Asker) -> None:
    assert ask.batch(PAGE_ID).json[0]["headers"][0]["name"] == "Content-Type"
    assert len(ask.batch(*[PAGE_ID] * 50).json) == 50
    refused = ask.batch(*[PAGE_ID] * 51)
    assert (refused.status, refused.error["type"]) == (400, "GraphBatchException")


def test_kept_answers_are_those_of_now(ask: Asker, world: World, clock: HandClock) -> None:
    """What is rendered once is forgotten with the day, and never kept while it still moves."""
    old, new = world.truth.posts()[-1].id, world.truth.posts()[0].id
    for post in (old, new):
        for _ in range(2):
            first = ask.get(f"/v25.0/{post}/insights", metric="post_media_view").json
        clock.move(days=3)
        later = ask.get(f"/v25.0/{post}/insights", metric="post_media_view").json
        assert later["data"][0]["values"][0]["value"] == world.truth.figures(post).views
        assert later["paging"] != first["paging"]
