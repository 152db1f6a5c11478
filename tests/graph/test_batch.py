"""Fifty questions in one call; what the batch leaves open is asked alone, and what stops everything stops here too."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from sqdash.errors import DeadObject, LimitReached, TokenError, Transient, Unreadable
from sqdash.graph.batch import Ask, ask_all
from sqdash.graph.failures import Asked
from sqdash.graph.transport import Bounds, Transport
from tests.graph.clocks import START, VirtualClock
from tests.graph.raw import Raw, Say, http, serving, talking

EXPIRED = {"error": {"code": 190, "error_subcode": 463, "message": "expired"}}
SERVER_ERROR = {"error": {"code": 1, "message": "An unknown error occurred"}}
GONE = {"error": {"code": 100, "error_subcode": 33, "message": "Unsupported get request."}}
LIMIT = {"error": {"code": 80001, "message": "too many calls"}}


def item(body: Any, code: int = 200) -> dict[str, Any]:
    return {"code": code, "body": body if isinstance(body, str) else json.dumps(body)}


def batch(*items: Any) -> bytes:
    return http(json.dumps(items))


def asks(count: int) -> list[Ask]:
    return [Ask(f"1_{n}", {"fields": "id"}, Asked(f"1_{n}")) for n in range(count)]


@contextmanager
def asking(*says: Say, bounds: Bounds | None = None) -> Iterator[tuple[Transport, Raw]]:
    with serving(*says) as raw, talking(raw.access(), bounds=bounds or Bounds(retries=0)) as transport:
        yield transport, raw


def test_answers_come_in_order_and_one_dead_post_stops_no_other() -> None:
    with asking(batch(item({"id": "a"}), item(GONE, 400), item({"id": "c"}))) as (transport, raw):
        first, gone, last = ask_all(transport, asks(3))
    assert (first, last) == ({"id": "a"}, {"id": "c"})
    assert isinstance(gone, DeadObject)
    assert gone.object_id == "1_1"
    assert len(raw.asked) == 1


def test_questions_go_as_relative_addresses_with_their_parameters_quoted() -> None:
    with asking(batch(item({}), item({}))) as (transport, raw):
        ask_all(transport, [Ask("1/insights", {"metric": "a,b", "period": "day"}), Ask("2", {"fields": "x{y}"})])
    form = parse_qs(raw.asked[0].partition(b"\r\n\r\n")[2].decode())
    assert json.loads(form["batch"][0]) == [
        {"method": "GET", "relative_url": "1/insights?metric=a%2Cb&period=day"},
        {"method": "GET", "relative_url": "2?fields=x%7By%7D"},
    ]
    assert form["include_headers"] == ["false"]


def test_no_batch_is_larger_than_fifty() -> None:
    fifty = batch(*[item({})] * 50)
    with asking(fifty, fifty, http("{}")) as (transport, _):
        assert len(ask_all(transport, asks(101))) == 101
        assert (transport.calls, transport.items) == (3, 101)


def test_no_question_makes_no_call() -> None:
    with asking(http("{}")) as (transport, raw):
        assert ask_all(transport, []) == []
    assert raw.asked == []


@pytest.mark.parametrize(
    "left_open",
    [None, item(SERVER_ERROR, 500), item("<html>", 502), item('{"id":'), item("<html>"), {"code": 200}, "odd", 5],
    ids=str,
)
def test_what_the_batch_leaves_open_is_asked_alone(left_open: Any) -> None:
    with asking(batch(item({"id": "a"}), left_open), http('{"id":"b"}')) as (transport, raw):
        assert ask_all(transport, asks(2)) == [{"id": "a"}, {"id": "b"}]
    assert raw.asked[1].startswith(b"GET /v25.0/1_1?fields=id HTTP/1.1")


def test_a_post_that_fails_alone_too_has_its_error() -> None:
    with asking(batch(item({"id": "a"}), None, item({"id": "c"})), http("", 503)) as (transport, _):
        first, failed, last = ask_all(transport, asks(3))
    assert (first, last) == ({"id": "a"}, {"id": "c"})
    assert isinstance(failed, Transient)


def test_posts_that_fail_alone_beside_answered_ones_have_their_own_errors() -> None:
    items = [item({"id": "a"}), None, None, None, None, item({"id": "f"})]
    with asking(batch(*items), http("", 503)) as (transport, raw):
        first, *failed, last = ask_all(transport, asks(6))
    assert (first, last) == ({"id": "a"}, {"id": "f"})
    assert [type(answer) for answer in failed] == [Transient] * 4
    assert len(raw.asked) == 1 + 4


def test_one_answered_alone_shows_that_the_network_works() -> None:
    fails = http("", 503)
    with asking(batch(*[None] * 5), fails, fails, http('{"id":"c"}'), fails) as (transport, _):
        kinds = [type(answer) for answer in ask_all(transport, asks(5))]
    assert kinds == [Transient, Transient, dict, Transient, Transient]


def test_many_questions_about_two_objects_are_two_objects_trouble() -> None:
    questions = [Ask(f"1_{n % 2}/insights", {"metric": str(n)}, Asked(f"1_{n % 2}", (str(n),))) for n in range(6)]
    with asking(batch(*[None] * 6), http("", 503)) as (transport, _):
        assert [type(answer) for answer in ask_all(transport, questions)] == [Transient] * 6


def test_three_that_are_all_there_is_to_ask_have_their_own_errors() -> None:
    with asking(batch(None, None, None), http("", 503)) as (transport, _):
        assert [type(answer) for answer in ask_all(transport, asks(3))] == [Transient] * 3


def test_three_objects_failing_alone_where_none_was_answered_are_the_networks_trouble() -> None:
    with asking(batch(*[None] * 10), http("", 503)) as (transport, raw), pytest.raises(Transient):
        ask_all(transport, asks(10))
    assert len(raw.asked) == 4


def test_a_dead_token_keeps_what_was_answered_before_and_asks_no_more() -> None:
    answered = batch(item({"id": "a"}), None, item(EXPIRED, 400), *[item({"id": "x"})] * 47)
    with asking(answered) as (transport, raw):
        found = ask_all(transport, asks(60))
    assert len(raw.asked) == 1
    assert (found[0], found[3]) == ({"id": "a"}, {"id": "x"})
    assert all(isinstance(found[n], TokenError) for n in (1, 2, 50, 59))


def test_a_limit_in_one_item_stops_the_calls() -> None:
    with asking(batch(item({"id": "a"}), item(LIMIT, 400))) as (transport, raw):
        found = ask_all(transport, [*asks(2)])
        assert isinstance(found[1], LimitReached)
        assert found[1].resume_at == START + timedelta(minutes=60)
        assert isinstance(ask_all(transport, asks(2))[0], LimitReached)
    assert len(raw.asked) == 1


def test_a_batch_refused_whole_for_its_token_is_an_error_of_each() -> None:
    with asking(http(json.dumps(EXPIRED), 400)) as (transport, _):
        assert [type(answer) for answer in ask_all(transport, asks(3))] == [TokenError] * 3


def test_a_batch_that_is_too_large_is_halved() -> None:
    too_much = http('{"error":{"code":1,"message":"Please reduce the amount of data"}}', 500)
    halves = (batch(item({"id": "a"}), item({"id": "b"})), batch(item({"id": "c"}), item({"id": "d"})))
    with asking(too_much, *halves) as (transport, raw):
        assert [answer["id"] for answer in ask_all(transport, asks(4)) if isinstance(answer, dict)] == list("abcd")
    assert len(raw.asked) == 3


def test_a_batch_that_is_no_list_is_unreadable() -> None:
    with asking(http("{}")) as (transport, _), pytest.raises(Unreadable):
        ask_all(transport, asks(2))


def test_an_item_that_is_no_object_is_an_error_of_its_post() -> None:
    with asking(batch(item({}), item([1]))) as (transport, _):
        assert isinstance(ask_all(transport, asks(2))[1], Unreadable)


def test_a_run_that_ends_between_batch_and_single_question_is_raised() -> None:
    clock = VirtualClock()

    def late(link: socket.socket) -> None:
        clock.move(60)
        link.sendall(batch(item({}), None, item({})))

    with serving(late) as raw, talking(raw.access(), clock, Bounds(), START + timedelta(seconds=30)) as transport:
        with pytest.raises(Transient, match="已到時限"):
            ask_all(transport, asks(3))
        assert len(raw.asked) == 1


def test_the_end_of_the_run_is_no_error_of_a_post() -> None:
    clock = VirtualClock()
    with serving(batch(item({}), None), http("", 503)) as raw:
        bounds = Bounds(first_wait=100, longest_wait=100)
        end = START + timedelta(seconds=20)
        with talking(raw.access(), clock, bounds, end) as transport:
            clock.move(19.9)
            answers = ask_all(transport, asks(2))
            assert isinstance(answers[1], Transient)
            clock.move(1)
            with pytest.raises(Transient, match="已到時限"):
                ask_all(transport, asks(2))
