"""Headers, versions and tokens: who is let in."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.fake_graph import PAGE_ID, TOKEN, FakeGraph, HandClock, World
from tests.fake_graph.asking import PAGE, SECRET, Asker


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
