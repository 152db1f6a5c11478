"""The fake Graph answers by the rules that are written down of the real one, and goes wrong only as told."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.fake_graph import BENCHMARK_ID, NAMES, PAGE_ID, TOKEN, FakeGraph, FaultPlan, HandClock, World
from tests.fake_graph.clocks import midnight
from tests.fake_graph.errors import ERRORS
from tests.fake_graph.scenarios import QUIRKS
from tests.fake_graph.wire import WIRES

SECRET = "of-the-app"
NOON = datetime(2026, 11, 24, 20, tzinfo=UTC)  # noon in US Pacific
PAGE = f"/v25.0/{PAGE_ID}"
POSTS = f"{PAGE}/published_posts"
INSIGHTS = f"{PAGE}/insights"
FIELDS = (
    "id,created_time,updated_time,message,permalink_url,status_type,attachments{media_type},shares,"
    "reactions.summary(total_count).limit(0),reactions.type(LIKE).limit(0).summary(total_count).as(like),"
    "comments.filter(stream).summary(true).limit(0)"
)


@dataclass(frozen=True)
class Got:
    """One HTTP answer."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def error(self) -> Any:
        return self.json["error"]

    @property
    def names(self) -> list[str]:
        return [series["name"] for series in self.json["data"]]

    @property
    def values(self) -> list[Any]:
        return [one["value"] for one in self.json["data"][0]["values"]]

    @property
    def ends(self) -> list[str]:
        return [one["end_time"] for one in self.json["data"][0]["values"]]


class Asker:
    """A client that hides nothing; one connection, opened anew after it was closed."""

    def __init__(self, server: FakeGraph) -> None:
        self.server = server
        self.link = http.client.HTTPConnection("127.0.0.1", urlsplit(server.base_url).port or 0, timeout=5)

    def get(self, path: str, *, token: str | None = TOKEN, **query: object) -> Got:
        target = f"{path}?{urlencode(query)}" if query else path
        return self._ask("GET", target, token)

    def batch(self, *urls: str, token: str | None = TOKEN, **more: str) -> Got:
        items = [{"method": "GET", "relative_url": url} for url in urls]
        return self._ask("POST", "/v25.0/", token, urlencode({"batch": json.dumps(items), **more}))

    def _ask(self, method: str, target: str, token: str | None, body: str | None = None) -> Got:
        headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.link.request(method, target, body, headers)
            answer = self.link.getresponse()
            return Got(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException):
            self.link.close()
            raise


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def world(clock: HandClock) -> World:
    return World(clock=clock)


@pytest.fixture
def server(world: World) -> Iterator[FakeGraph]:
    with FakeGraph(world) as server:
        yield server


@pytest.fixture
def ask(server: FakeGraph) -> Iterator[Asker]:
    asker = Asker(server)
    yield asker
    asker.link.close()


@pytest.fixture
def guarded(clock: HandClock) -> Iterator[tuple[World, Asker]]:
    """A world whose app has a secret."""
    world = World(clock=clock, app_secret=SECRET)
    with FakeGraph(world) as server:
        asker = Asker(server)
        yield world, asker
        asker.link.close()


def walk(ask: Asker, *, most: int = 200, **query: Any) -> Iterator[dict[str, Any]]:
    """The list calls' answers, following ``next`` by its cursor."""
    for _ in range(most):
        page = ask.get(POSTS, **query).json
        yield page
        following = page.get("paging", {}).get("next")
        if following is None:
            return
        query = {**query, "after": parse_qs(urlsplit(following).query)["after"][0]}


def ids(pages: Iterator[dict[str, Any]]) -> list[str]:
    return [post["id"] for page in pages for post in page["data"]]


def window(first: date, last: date) -> dict[str, Any]:
    """since and until that cover these Pacific days."""
    return {"since": midnight(first), "until": midnight(last + timedelta(days=1))}


# --- the same seed, the same world; time moves it


def test_a_seed_gives_one_world(clock: HandClock) -> None:
    one, same, other = World(7, clock=clock), World(7, clock=clock), World(8, clock=clock)
    assert one.truth.posts() == same.truth.posts() != other.truth.posts()
    day = date(2026, 11, 20)
    assert one.truth.page_day_final("page_media_view", day) == same.truth.page_day_final("page_media_view", day)


def test_the_posts_have_all_that_breaks_careless_readers(clock: HandClock) -> None:
    posts = World(posts=2000, clock=clock).truth.posts()
    texts = [post.text for post in posts]
    assert texts.count(None) > 50
    assert any("👨‍👩‍👧‍👦" in (text or "") for text in texts)
    assert any("𠮷" in (text or "") for text in texts)
    numbers = [int(post.number) for post in posts]
    assert any(float(number) == float(number + 1) for number in numbers if number > 2**53)
    assert {post.owner for post in posts} == {PAGE_ID, "111222333"}
    assert len({post.created for post in posts}) < len(posts)
    assert any(post.final.shares == 0 for post in posts)
    assert len({post.id for post in posts}) == 2000


def test_figures_of_posts_grow_for_28_days_and_stay(world: World, clock: HandClock) -> None:
    newest = next(post for post in world.truth.posts() if post.final.likes > 20)
    clock.moment = datetime.fromtimestamp(newest.created, UTC)
    grown = []
    for _ in range(40):
        grown.append(world.truth.figures(newest.id).likes)
        clock.move(days=1)
    assert grown[0] == 0
    assert grown == sorted(grown)
    assert grown[27] < newest.final.likes
    assert set(grown[28:]) == {newest.final.likes}


def test_new_posts_appear_and_fans_change(world: World, clock: HandClock, ask: Asker) -> None:
    before, fans = ids(walk(ask)), world.truth.fans()
    clock.move(days=10)
    after = ids(walk(ask))
    assert len(after) > len(before)
    assert after[-len(before) :] == before
    assert world.truth.fans() != fans
    assert ask.get(PAGE, fields="fan_count").json["fan_count"] == world.truth.fans()


def test_with_a_pulse_everything_new_moves_every_few_seconds(clock: HandClock) -> None:
    world = World(clock=clock, pulse=5.0, new_post_every=60)
    clock.move(minutes=5)
    newest, fans = world.truth.posts()[0], world.truth.fans()
    likes = world.truth.figures(newest.id).likes
    clock.move(seconds=10)
    assert world.truth.fans() >= fans + 2
    assert world.truth.figures(newest.id).likes == likes + 2


def test_ten_thousand_posts_are_made_quickly(clock: HandClock) -> None:
    start = time.perf_counter()
    assert len(World(posts=10_000, clock=clock).truth.posts()) == 10_000
    assert time.perf_counter() - start < 5


# --- headers, versions, tokens


def test_every_answer_has_the_headers_of_graph(ask: Asker) -> None:
    good, bad = ask.get(PAGE), ask.get(f"{PAGE}_1")
    for got in (good, bad):
        assert got.headers["content-type"] == "application/json; charset=UTF-8"
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["facebook-api-version"] == "v25.0"
        assert got.headers["x-fb-trace-id"]
    assert "www-authenticate" not in good.headers
    assert bad.headers["www-authenticate"].startswith('OAuth "Facebook Platform" "invalid_request" "Unsupported get')
    assert bad.error["fbtrace_id"] == bad.headers["x-fb-trace-id"]


def test_an_expired_version_is_answered_by_the_oldest_alive(ask: Asker) -> None:
    assert ask.get(f"/v19.0/{PAGE_ID}").headers["facebook-api-version"] == "v21.0"
    assert ask.get(f"/v26.0/{PAGE_ID}").headers["facebook-api-version"] == "v26.0"
    assert ask.get(f"/{PAGE_ID}").headers["facebook-api-version"] == "v25.0"


@pytest.mark.parametrize("path", [f"/v99.0/{PAGE_ID}", f"/v25.3/{PAGE_ID}", f"{PAGE}/nowhere", "/v25.0/1_2/posts"])
def test_unknown_versions_and_paths_are_2500(ask: Asker, path: str) -> None:
    got = ask.get(path)
    assert (got.status, got.error["code"]) == (400, 2500)
    assert got.error["message"].startswith("Unknown path components")


def test_a_token_is_needed_and_may_come_in_three_ways(ask: Asker, server: FakeGraph) -> None:
    assert ask.get(PAGE, token=None).error["code"] == 2500
    assert ask.get(PAGE, token="wrong").error["code"] == 190
    assert server.tokens_in_urls() == []
    assert ask.get(PAGE, token=None, access_token=TOKEN).status == 200
    assert [seen.path for seen in server.tokens_in_urls()] == [PAGE]
    assert ask.batch(PAGE_ID, token=None, access_token=TOKEN).status == 200
    assert len(server.tokens_in_urls()) == 1


def test_an_expired_token_says_so(ask: Asker, world: World, clock: HandClock) -> None:
    world.tokens[TOKEN].expires_at = world.now + 60
    assert ask.get(PAGE).status == 200
    clock.move(seconds=60)
    got = ask.get(PAGE)
    assert (got.status, got.error["code"], got.error["error_subcode"]) == (400, 190, 463)


def test_with_a_secret_the_right_proof_is_needed(guarded: tuple[World, Asker]) -> None:
    world, ask = guarded
    assert "require an appsecret_proof" in ask.get(PAGE).error["message"]
    assert ask.get(PAGE, appsecret_proof="0" * 64).error["message"].startswith("Invalid appsecret_proof")
    assert ask.get(PAGE, appsecret_proof=world.proof(TOKEN)).status == 200
    assert ask.batch(PAGE_ID, appsecret_proof=world.proof(TOKEN)).json[0]["code"] == 200


def test_debug_token_is_for_the_app_alone_and_works_inside_a_batch(guarded: tuple[World, Asker]) -> None:
    world, ask = guarded
    app = f"{world.app_id}|{SECRET}"
    url = "debug_token?" + urlencode({"input_token": TOKEN, "access_token": app})
    (item,) = ask.batch(url, appsecret_proof=world.proof(TOKEN)).json
    data = json.loads(item["body"])["data"]
    assert (item["code"], data["is_valid"], data["type"], data["expires_at"]) == (200, True, "PAGE", 0)
    assert data["data_access_expires_at"] == world.start + 60 * 86_400
    assert "read_insights" in data["scopes"]
    assert not json.loads(ask.batch(url.replace("EAA", "EAB"), token=app).json[0]["body"])["data"]["is_valid"]
    assert ask.get("/v25.0/debug_token", input_token=TOKEN, appsecret_proof=world.proof(TOKEN)).error["code"] == 100
    assert ask.get(PAGE, token=app).error["message"].startswith("(#190) This method must be called with a Page")


def test_debug_token_tells_an_expired_token(guarded: tuple[World, Asker]) -> None:
    world, ask = guarded
    world.tokens[TOKEN].expires_at = world.now - 1
    data = ask.get("/v25.0/debug_token", token=f"{world.app_id}|{SECRET}", input_token=TOKEN).json["data"]
    assert (data["is_valid"], data["error"]["subcode"]) == (False, 463)


# --- page and posts


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


# --- page insights


def test_only_days_that_end_in_the_window_are_given(ask: Asker, world: World) -> None:
    first, last = date(2026, 10, 29), date(2026, 11, 4)  # summer time ends on 1 November
    got = ask.get(INSIGHTS, metric="page_media_view", period="day", **window(first, last))
    assert got.ends[:3] == ["2026-10-30T07:00:00+0000", "2026-10-31T07:00:00+0000", "2026-11-01T07:00:00+0000"]
    assert got.ends[3:] == [f"2026-11-0{day}T08:00:00+0000" for day in (2, 3, 4, 5)]
    assert got.values == [value for _, value in world.truth.page_days("page_media_view", first, last)]


def test_the_day_that_summer_time_begins(ask: Asker) -> None:
    got = ask.get(INSIGHTS, metric="page_follows", period="day", **window(date(2026, 3, 7), date(2026, 3, 8)))
    assert got.ends == ["2026-03-08T08:00:00+0000", "2026-03-09T07:00:00+0000"]


def test_windows_that_share_a_boundary_share_no_day(ask: Asker) -> None:
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(5)]
    one = ask.get(INSIGHTS, metric="page_follows", period="day", **window(days[0], days[1]))
    two = ask.get(INSIGHTS, metric="page_follows", period="day", **window(days[2], days[4]))
    both = ask.get(INSIGHTS, metric="page_follows", period="day", **window(days[0], days[4]))
    assert one.ends + two.ends == both.ends
    assert len(both.ends) == 5


def test_93_days_are_the_most(ask: Asker) -> None:
    until = midnight(date(2026, 11, 1))
    ask_for: dict[str, Any] = {"metric": "page_follows", "period": "day", "until": until}
    assert len(ask.get(INSIGHTS, **ask_for, since=until - 8_035_200).values) == 93
    assert "93 days (8035200 s)" in ask.get(INSIGHTS, **ask_for, since=until - 8_035_201).error["message"]
    assert ask.get(INSIGHTS, **ask_for, since=until + 1).error["code"] == 100


def test_without_a_window_the_two_newest_days_come(ask: Asker) -> None:
    assert ask.get(INSIGHTS, metric="page_follows", period="day").ends == [
        "2026-11-22T08:00:00+0000",
        "2026-11-23T08:00:00+0000",
    ]


def test_a_day_appears_late_is_low_at_first_and_then_put_right(ask: Asker, world: World, clock: HandClock) -> None:
    day = date(2026, 11, 24)
    final = world.truth.page_day_final("page_media_view", day)
    assert isinstance(final, int)
    closes = datetime(2026, 11, 25, 8, tzinfo=UTC)

    def shown(hours: int) -> list[Any]:
        clock.moment = closes + timedelta(hours=hours)
        data = ask.get(INSIGHTS, metric="page_media_view", period="day", **window(day, day)).json["data"]
        return [one["value"] for series in data for one in series["values"]]

    assert shown(19) == []
    assert shown(20) == shown(67) == [final - final // 16]
    assert shown(68) == shown(2000) == [final]


def test_two_years_are_kept(ask: Asker) -> None:
    old = date(2024, 11, 24)
    ask_for: dict[str, Any] = {"metric": "page_follows", "period": "day"}
    assert len(ask.get(INSIGHTS, **ask_for, **window(old, old)).values) == 1
    assert ask.get(INSIGHTS, **ask_for, **window(old - timedelta(days=1), old - timedelta(days=1))).json["data"] == []


def test_an_unpublished_page_has_five_days(ask: Asker, world: World) -> None:
    world.page.is_published = False
    got = ask.get(INSIGHTS, metric="page_follows", period="day", **window(date(2026, 11, 1), date(2026, 11, 24)))
    assert got.ends[0] == "2026-11-20T08:00:00+0000"


def test_one_dead_metric_fails_the_call_alone_the_other_is_served(ask: Asker) -> None:
    got = ask.get(INSIGHTS, metric="page_media_view,page_impressions_unique", period="day")
    assert got.error == {
        "message": "(#100) The value must be a valid insights metric",
        "type": "OAuthException",
        "code": 100,
        "fbtrace_id": got.headers["x-fb-trace-id"],
    }
    assert ask.get(INSIGHTS, metric="page_media_view", period="day").status == 200


def test_metrics_die_on_their_day_in_every_version() -> None:
    clock = HandClock(datetime(2026, 6, 14, 23, tzinfo=UTC))
    with FakeGraph(World(clock=clock)) as server:
        ask = Asker(server)
        post = server.world.truth.posts()[-1].id
        for path, metric in (
            (INSIGHTS, "page_impressions_unique"),
            (f"/v25.0/{post}/insights", "post_impressions_unique"),
        ):
            period = "day" if metric.startswith("page") else "lifetime"
            clock.moment = datetime(2026, 6, 14, 23, tzinfo=UTC)
            assert ask.get(path, metric=metric, period=period).status == 200
            clock.moment = datetime(2026, 6, 15, 0, tzinfo=UTC)
            assert ask.get(path, metric=metric, period=period).error["code"] == 100
        ask.link.close()


def test_a_metric_taken_away_by_hand_is_dead_at_once(ask: Asker, world: World) -> None:
    url = f"/v25.0/{world.truth.posts()[-1].id}/insights"
    assert ask.get(url, metric="post_clicks").status == 200
    world.gone_metrics.add("post_clicks")
    assert ask.get(url, metric="post_clicks").error["code"] == 100


def test_without_a_metric_it_is_3001(ask: Asker) -> None:
    got = ask.get(INSIGHTS, period="day").error
    assert (got["code"], got["error_subcode"]) == (3001, 1504028)


def test_without_a_period_the_series_of_all_periods_come(ask: Asker) -> None:
    data = ask.get(INSIGHTS, metric="page_media_view").json["data"]
    assert [(one["name"], one["period"]) for one in data] == [
        ("page_media_view", period) for period in ("day", "week", "days_28")
    ]
    assert ask.get(INSIGHTS, metric="page_follows", period="week").json["data"] == []  # only by day
    assert ask.get(INSIGHTS, metric="page_follows", period="hour").error["code"] == 100


def test_a_week_is_the_sum_of_its_days_but_not_for_unique_counts(ask: Asker, world: World) -> None:
    last = date(2026, 10, 18)
    days = [last - timedelta(days=n) for n in range(7)]
    span = window(last, last)
    views = sum(v for _, v in world.truth.page_days("page_media_view", days[-1], last) if isinstance(v, int))
    assert ask.get(INSIGHTS, metric="page_media_view", period="week", **span).values == [views]
    viewers = [v for _, v in world.truth.page_days("page_total_media_view_unique", days[-1], last)]
    (week,) = ask.get(INSIGHTS, metric="page_total_media_view_unique", period="week", **span).values
    assert max(v for v in viewers if isinstance(v, int)) <= week < sum(v for v in viewers if isinstance(v, int))


def test_dict_metrics_leave_zeros_out(ask: Asker) -> None:
    span = window(date(2026, 8, 1), date(2026, 10, 1))
    values = ask.get(INSIGHTS, metric="page_actions_post_reactions_total", period="day", **span).values
    assert {} in values
    assert all(0 not in value.values() for value in values)
    assert {key for value in values for key in value} <= {"like", "love", "wow", "haha", "sorry", "anger"}


def test_a_breakdown_is_flat_tagged_and_without_empty_parts(ask: Asker, world: World) -> None:
    day, span = date(2026, 10, 1), window(date(2026, 9, 1), date(2026, 10, 1))
    got = ask.get(INSIGHTS, metric="page_media_view", period="day", breakdown="is_from_ads", **span).json
    values = got["data"][0]["values"]
    assert {one["is_from_ads"] for one in values} == {"0", "1"}
    assert all(one["value"] for one in values)
    assert 31 <= len(values) < 62  # days without advertisements have one part
    assert sum(one["value"] for one in values if one["end_time"] == "2026-10-02T07:00:00+0000") == (
        world.truth.page_day("page_media_view", day)
    )
    assert ask.get(INSIGHTS, metric="page_follows", period="day", breakdown="is_from_ads").error["code"] == 100


def test_insights_always_offer_neighbouring_windows_also_of_the_future(ask: Asker) -> None:
    paging = ask.get(INSIGHTS, metric="page_follows", period="day", since=2_000_000_000, until=2_000_086_400).json
    assert paging["data"] == []
    following = parse_qs(urlsplit(paging["paging"]["next"]).query)
    assert (following["since"], following["until"]) == (["2000086400"], ["2000172800"])
    assert following["access_token"] == [TOKEN]


def test_page_follows_of_a_day_is_the_followers_count_of_its_evening(
    ask: Asker, world: World, clock: HandClock
) -> None:
    clock.moment = datetime(2026, 11, 25, 8, tzinfo=UTC)
    evening = ask.get(PAGE, fields="followers_count").json["followers_count"]
    assert evening == world.truth.page_day_final("page_follows", date(2026, 11, 24))


def test_dates_and_the_path_form_are_understood(ask: Asker, world: World) -> None:
    got = ask.get(f"{INSIGHTS}/page_follows/day", since="2018-01-01", until="2018-01-02")
    assert got.json["data"] == []
    got = ask.get(f"{INSIGHTS}/page_follows/day", since="2026-01-01", until="2026-01-02")
    assert got.ends == ["2026-01-02T08:00:00+0000"]
    assert len(ask.get(INSIGHTS, metric="page_follows", period="day", date_preset="last_7d").values) == 6


# --- post insights and batches


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


# --- scenarios


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


# --- faults at the socket


def test_answers_that_are_no_graph_answers(ask: Asker, server: FakeGraph) -> None:
    wanted = {"html_200": 200, "bad_gateway": 502, "bare_503": 503, "redirect": 302, "odd_body": 200}
    for name, status in wanted.items():
        server.scenarios.on(name, once=True)
        got = ask.get(PAGE)
        assert got.status == status
        if name == "odd_body":
            assert got.json == [1, 2]
        else:
            with pytest.raises(ValueError, match="Expecting value"):
                _ = got.json
    server.scenarios.on("redirect", to="http://169.254.169.254/")
    assert ask.get(PAGE).headers["location"] == "http://169.254.169.254/"


@pytest.mark.parametrize("name", ["reset", "closed"])
def test_a_connection_that_breaks_before_the_answer(ask: Asker, server: FakeGraph, name: str) -> None:
    server.scenarios.on(name, once=True)
    with pytest.raises(ConnectionError):
        ask.get(PAGE)
    assert ask.get(PAGE).status == 200


def test_a_body_cut_at_any_byte_with_its_length_told_or_not(ask: Asker, server: FakeGraph) -> None:
    whole = ask.get(PAGE, fields="id").raw
    for at in range(len(whole)):
        server.scenarios.on("cut_body", once=True, at=at)
        with pytest.raises(http.client.IncompleteRead) as cut:
            ask.get(PAGE, fields="id")
        assert cut.value.partial == whole[:at]
        server.scenarios.on("cut_body", once=True, at=at, declared=False)
        assert ask.get(PAGE, fields="id").raw == whole[:at]


def test_a_slow_drip_takes_longer_than_any_of_its_parts(ask: Asker, server: FakeGraph) -> None:
    server.scenarios.on("slow_drip", pause=0.02, step=10)
    ask.link.timeout = 0.2
    start = time.monotonic()
    got = ask.get(PAGE, fields="id,name,link,about,category")
    assert got.json["id"] == PAGE_ID
    assert time.monotonic() - start > 0.02 * (len(got.raw) // 10)


def test_a_server_that_says_nothing_stops_all_the_same(world: World) -> None:
    with FakeGraph(world) as server:
        server.scenarios.on("timeout")
        ask = Asker(server)
        ask.link.timeout = 0.1
        with pytest.raises(TimeoutError):
            ask.get(PAGE)
        start = time.monotonic()
    assert time.monotonic() - start < 2


def test_a_gigantic_body_comes_with_and_without_length_and_packed(ask: Asker, server: FakeGraph) -> None:
    size = 3 * 65_536
    for declared in (False, True):
        server.scenarios.on("gigantic_body", once=True, size=size, declared=declared)
        got = ask.get(PAGE)
        assert len(got.raw) == size
        assert ("content-length" in got.headers) == declared
        ask.link.close()
    server.scenarios.on("gigantic_body", once=True, size=size, gzip=True)
    packed = ask.get(PAGE)
    assert len(packed.raw) < size / 100
    assert len(gzip.decompress(packed.raw)) == size


# --- passing faults by plan


def passing(seed: int, calls: int = 60) -> tuple[list[tuple[int, str]], list[Any]]:
    """The faults of a plan, and what each try of the same call gave."""
    with FakeGraph(World(clock=HandClock(NOON))) as server:
        server.plan = FaultPlan(seed, rate=0.5)
        ask, gave = Asker(server), []
        for n in range(calls):
            try:
                got = ask.batch(f"{PAGE_ID}?fields=id") if n % 2 else ask.get(PAGE, fields="id")
                gave.append(got.status if got.status != 200 or not n % 2 else (got.json[0] or {}).get("code"))
            except (OSError, http.client.HTTPException):
                gave.append("broken")
        ask.link.close()
        return server.plan.given, gave


def test_a_plan_is_decided_by_its_seed_and_bounded() -> None:
    (given, gave), (again, _), (other, _) = passing(3), passing(3), passing(4)
    assert given == again != other
    faulty = [n for n, one in enumerate(gave, 1) if one != 200]
    assert faulty == [n for n, _ in given]
    assert len({name for _, name in given}) > 5
    assert len(given) <= 0.4 * 60 + 1
    assert not any({n, n + 1, n + 2} <= set(faulty) for n in faulty)


def test_a_plan_ends_after_its_most_and_can_be_narrowed() -> None:
    with FakeGraph(World(clock=HandClock(NOON))) as server:
        server.plan = FaultPlan(1, rate=1.0, most=3, kinds=("server_error",))
        ask = Asker(server)
        assert [ask.get(PAGE).status for _ in range(20)].count(500) == 3
        server.plan = None
        assert ask.get(PAGE).status == 200
        ask.link.close()


# --- the server itself


def test_requests_are_kept_as_they_came(ask: Asker, server: FakeGraph, world: World) -> None:
    ask.get(PAGE, fields="id")
    (seen,) = server.requests_seen
    assert (seen.method, seen.path, seen.query) == ("GET", PAGE, {"fields": "id"})
    assert seen.headers["authorization"] == f"Bearer {TOKEN}"
    assert (seen.at, seen.token_in_url) == (world.now, False)
    server.forget()
    assert (server.calls, server.items, server.requests_seen) == (0, 0, [])


def test_requests_in_pieces_and_several_at_once_are_read(server: FakeGraph) -> None:
    request = f"GET {PAGE}?fields=id HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
    rng = random.Random(5)  # noqa: S311 - seeded, no secret
    with socket.create_connection(("127.0.0.1", urlsplit(server.base_url).port or 0), timeout=5) as link:
        rest = request * 5
        while rest:
            cut = rng.randint(1, 60)
            link.sendall(rest[:cut])
            rest = rest[cut:]
        got = b""
        while got.count(b"HTTP/1.1 200 OK") < 5 or not got.endswith(b"}"):
            got += link.recv(65_536)
    assert got.count(f'{{"id": "{PAGE_ID}"}}'.encode()) == 5
    assert server.calls == 5


def test_a_mistake_of_the_fake_itself_is_raised_when_it_stops(world: World) -> None:
    server = FakeGraph(world).start()
    world.tokens[TOKEN].scopes = 3  # type: ignore[assignment]
    ask = Asker(server)
    with pytest.raises(ConnectionError):
        ask.get(POSTS)
    with pytest.raises(TypeError):
        server.stop()


def test_by_hand_it_prints_the_settings_and_serves() -> None:
    command = [sys.executable, "-m", "tests.fake_graph", "--fast", "--secret", "--quiet", "--posts", "10"]
    root = Path(__file__).resolve().parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            assert process.stdout is not None
            told = dict(process.stdout.readline().removeprefix("export ").strip().split("=", 1) for _ in range(6))
            assert told["SQDASH_GRAPH_VERSION"] == "v25.0"
            assert told["SQDASH_GRAPH_PAGE_ID"] == PAGE_ID
            assert told["SQDASH_GRAPH_TOKEN"] == f"'{TOKEN}'"
            assert set(told) >= {"SQDASH_GRAPH_APP_ID", "SQDASH_GRAPH_APP_SECRET"}
            address = urlsplit(told["SQDASH_GRAPH_BASE_URL"])
            assert address.hostname == "127.0.0.1"
            link = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=5)
            link.request("GET", PAGE)
            assert json.loads(link.getresponse().read())["error"]["code"] == 2500
            link.close()
        finally:
            process.terminate()
