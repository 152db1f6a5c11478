"""The fake Graph goes wrong only as told."""

from __future__ import annotations

import json
from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fake_graph import NAMES, PAGE_ID, TOKEN, FakeGraph, World
from tests.fake_graph.asking import FIELDS, INSIGHTS, PAGE, POSTS, Asker, ids, walk, window
from tests.fake_graph.errors import ERRORS
from tests.fake_graph.scenarios import QUIRKS
from tests.fake_graph.wire import WIRES


def test_every_scenario_has_a_name_and_an_unknown_one_is_refused(server: FakeGraph) -> None:
    assert set(NAMES) == {*ERRORS, *QUIRKS, *WIRES, "batch_null", "batch_item_fails"}
    with pytest.raises(KeyError):
        server.scenarios.on("rain")


UNCONDITIONAL = sorted(
    set(ERRORS)
    - {"metric_dead", "metric_refused", "joint_metrics_refused", "no_metric", "post_deleted", "reactions_refused"}
    - {"field_dead", "reduce_amount", "reduce_amount_by_user_msg", "cursor_limit"}
)


@pytest.mark.parametrize("name", UNCONDITIONAL)
def test_each_error_is_given_once_and_then_no_more(ask: Asker, server: FakeGraph, name: str) -> None:
    switch = server.scenarios.on(name, after=1, once=True)
    assert ask.get(PAGE).status == 200
    got = ask.get(PAGE)
    assert (got.status, got.error["code"]) == (ERRORS[name].status, ERRORS[name].code)
    assert got.error.get("error_subcode") == ERRORS[name].subcode
    assert ask.get(PAGE).status == 200
    assert switch.fired == 1


def test_a_message_that_quotes_the_token(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("token_quoted")
    assert ask.get(PAGE).error["message"] == f"Malformed access token {TOKEN}"


def test_the_page_limit_tells_when_it_is_over(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("page_limit")
    got = ask.get(PAGE)
    (usage,) = json.loads(got.headers["x-business-use-case-usage"])[PAGE_ID]
    assert (got.error["code"], usage["estimated_time_to_regain_access"]) == (80001, 19)


@pytest.mark.parametrize("where", ["app", "page", "buc"])
def test_usage_headers_on_demand(ask: Asker, server: FakeGraph, where: str) -> None:
    name = "x-business-use-case-usage" if where == "buc" else f"x-{where}-usage"
    assert name not in ask.get(PAGE).headers
    server.scenarios.on("usage", percent=78, where=where)
    usage = json.loads(ask.get(PAGE).headers[name])
    assert (usage[PAGE_ID][0] if where == "buc" else usage)["call_count"] == 78


def test_a_metric_dies_between_two_runs_also_within_a_batch(ask: Asker, server: FakeGraph, world: World) -> None:
    url = f"{world.truth.posts()[0].id}/insights?metric="
    assert ask.batch(f"{url}post_media_view").json[0]["code"] == 200
    server.scenarios.on("metric_dead", metric="post_media_view")
    codes = [item["code"] for item in ask.batch(f"{url}post_media_view,post_clicks", f"{url}post_clicks").json]
    assert codes == [400, 200]
    server.scenarios.off("metric_dead")
    assert ask.batch(f"{url}post_media_view").json[0]["code"] == 200


def test_one_metric_is_refused_and_one_is_left_out(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("metric_refused", metric="page_views_total")
    server.scenarios.on("metric_left_out", metric="page_total_actions")
    assert ask.get(INSIGHTS, metric="page_views_total,page_follows", period="day").error["code"] == 200
    assert ask.get(INSIGHTS, metric="page_total_actions,page_follows", period="day").names == ["page_follows"]


def test_metrics_refused_together_and_served_alone(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("joint_metrics_refused")
    assert ask.get(INSIGHTS, metric="page_views_total,page_follows", period="day").error["code"] == 100
    assert ask.get(INSIGHTS, metric="page_views_total", period="day").status == 200


def test_nothing_zeros_and_empty_dicts_are_three_things(ask: Asker, server: FakeGraph) -> None:
    asked: dict[str, Any] = {"metric": "page_media_view", "period": "day"}
    server.scenarios.on("insights_empty")
    empty = ask.get(INSIGHTS, **asked).json
    assert empty["data"] == []
    assert "previous" in empty["paging"]
    server.scenarios.clear()
    server.scenarios.on("insights_zero")
    assert ask.get(INSIGHTS, **asked).values == [0, 0]
    server.scenarios.clear()
    server.scenarios.on("insights_empty_dict")
    assert ask.get(INSIGHTS, metric="page_actions_post_reactions_total", period="day").values == [{}, {}]
    assert all(ask.get(INSIGHTS, **asked).values)


def test_revised_values_an_absent_day_and_a_missing_part(ask: Asker, server: FakeGraph) -> None:
    asked: dict[str, Any] = {
        "metric": "page_media_view",
        "period": "day",
        **window(date(2026, 11, 15), date(2026, 11, 24)),
    }
    before = ask.get(INSIGHTS, **asked)
    server.scenarios.on("values_revised", by=11)
    assert ask.get(INSIGHTS, **asked).values == [value + 11 for value in before.values]
    server.scenarios.clear()
    server.scenarios.on("newest_day_absent")
    assert ask.get(INSIGHTS, **asked).ends == before.ends[:-1]
    server.scenarios.clear()
    server.scenarios.on("breakdown_part_missing", part="0")
    parts = ask.get(INSIGHTS, **asked, breakdown="is_from_followers").json["data"][0]["values"]
    assert {one["is_from_followers"] for one in parts} == {"1"}


def test_a_post_deleted_between_list_and_insights(ask: Asker, server: FakeGraph, world: World) -> None:
    gone = world.truth.posts()[2].id
    server.scenarios.on("post_deleted", object=gone)
    assert gone in ids(walk(ask))
    got = [item["code"] for item in ask.batch(*[f"{post.id}?fields=id" for post in world.truth.posts()[:4]]).json]
    assert got == [200, 200, 400, 200]
    assert ask.get(f"/v25.0/{gone}/insights", metric="post_clicks").error["error_subcode"] == 33


def test_reactions_and_one_field_refused(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("reactions_refused")
    server.scenarios.on("field_dead", field="username")
    assert ask.get(POSTS, fields=FIELDS).error["code"] == 10
    assert ask.get(POSTS, fields="id,comments.summary(true)").status == 200
    assert "(username)" in ask.get(PAGE, fields="name,username").error["message"]
    assert ask.get(PAGE, fields="name").status == 200


@pytest.mark.parametrize("name", ["reduce_amount", "reduce_amount_by_user_msg"])
def test_too_much_is_asked_for_until_the_limit_is_small(ask: Asker, server: FakeGraph, name: str) -> None:
    server.scenarios.on(name)
    got = ask.get(POSTS, limit=26)
    assert (got.status, got.error["code"]) == (500, 1)
    assert "reduce the amount of data" in json.dumps(got.error)
    assert len(ask.get(POSTS, limit=25).json["data"]) == 25


def test_a_batch_with_one_null_and_one_failing_item(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("batch_null", place=2)
    server.scenarios.on("batch_item_fails")
    got = ask.batch(*[f"{PAGE_ID}?fields=id"] * 4).json
    assert [None if item is None else item["code"] for item in got] == [200, 500, None, 200]
    assert ask.get(PAGE).status == 200  # only items are meant


def test_a_switch_for_an_edge_counts_items_one_for_all_counts_calls(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("server_error", edge="page", after=2, once=True)
    assert [item["code"] for item in ask.batch(*[f"{PAGE_ID}?fields=id"] * 4).json] == [200, 200, 500, 200]
    server.scenarios.on("token_expired", after=1)
    assert ask.batch(*[f"{PAGE_ID}?fields=id"] * 4).status == 200
    assert ask.batch(PAGE_ID).error["error_subcode"] == 463


def test_odd_lists_of_posts(ask: Asker, server: FakeGraph, world: World) -> None:
    known = [post.id for post in world.truth.posts()]
    server.scenarios.on("empty_page", after=1, times=2)
    pages = list(walk(ask, limit=100))
    assert [len(page["data"]) for page in pages] == [100, 0, 0, 20]
    assert len({page["paging"]["cursors"]["after"] for page in pages}) == 4
    server.scenarios.clear()
    server.scenarios.on("empty_page", once=True)
    assert ids(walk(ask, limit=100)) == known
    server.scenarios.clear()
    server.scenarios.on("ranked")
    mixed = ids(walk(ask, limit=50))
    assert mixed != known
    assert sorted(mixed) == sorted(known)
    server.scenarios.on("since_ignored")
    assert len(ids(walk(ask, limit=100, since=world.now))) == 120


def test_next_that_never_ends_repeats_or_leads_away(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("endless_next")
    pages = list(walk(ask, limit=100, most=12))
    cursors = [page["paging"]["cursors"]["after"] for page in pages]
    assert len(set(cursors)) == len(pages) == 12
    assert [len(page["data"]) for page in pages] == [100, 20] + [0] * 10
    server.scenarios.clear()
    server.scenarios.on("repeated_cursor")
    assert len({page["paging"]["cursors"]["after"] for page in walk(ask, limit=50, most=5)}) == 1
    server.scenarios.clear()
    server.scenarios.on("foreign_next", host="graph.facebook.com.evil.example")
    assert urlsplit(ask.get(POSTS).json["paging"]["next"]).hostname == "graph.facebook.com.evil.example"
    server.scenarios.clear()
    server.scenarios.on("cursor_limit", after=1)
    assert [("error" in page) for page in walk(ask, limit=25)] == [False, False, True]


def test_an_older_version_answers(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("older_version", version="v22.0")
    assert ask.get(PAGE).headers["facebook-api-version"] == "v22.0"


def test_a_date_that_is_off_is_sent_on_demand(ask: Asker, server: FakeGraph, world: World) -> None:
    assert "date" not in ask.get(PAGE).headers
    server.scenarios.on("dated", seconds=-60)
    sent = parsedate_to_datetime(ask.get(PAGE).headers["date"])
    assert int(sent.timestamp()) == world.now - 60
