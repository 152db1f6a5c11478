"""Faults at the socket, and passing ones by plan."""

from __future__ import annotations

import gzip
import http.client
import time
from typing import Any

import pytest

from tests.fake_graph import PAGE_ID, FakeGraph, FaultPlan, HandClock, World
from tests.fake_graph.asking import NOON, PAGE, Asker


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
