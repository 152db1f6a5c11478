"""Sending and its bounds: what passes is tried again on the clock, what does not is refused, nothing lasts for ever."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs

import pytest

from sqdash.errors import (
    DeadObject,
    GraphError,
    GraphSetup,
    LimitReached,
    TokenError,
    Transient,
    Unreadable,
)
from sqdash.graph.transport import Bounds, Transport
from tests.graph.clocks import START, VirtualClock
from tests.graph.raw import APP_SECRET, CANARY, Raw, Say, drip, http, reset, serving, talking

OK = http('{"id":"1"}')
BOUNDS = Bounds(connect=2, read=0.2, total=0.3, body=10_000)
NO_RETRY = Bounds(connect=2, read=0.2, total=0.3, body=10_000, retries=0)
PAGE_TOKEN_WANTED = http(
    '{"error":{"code":190,"message":"(#190) This method must be called with a Page Access Token"}}', 400
)


@contextmanager
def asking(
    *says: Say, bounds: Bounds = BOUNDS, clock: VirtualClock | None = None, until: float | None = None
) -> Iterator[tuple[Transport, Raw]]:
    clock = clock or VirtualClock()
    end = None if until is None else clock.now() + timedelta(seconds=until)
    with serving(*says) as raw, talking(raw.access(), clock, bounds, end) as transport:
        yield transport, raw


def failing(kind: type[GraphError], *says: Say, bounds: Bounds = BOUNDS, until: float | None = None) -> GraphError:
    with asking(*says, bounds=bounds, until=until) as (transport, _), pytest.raises(kind) as caught:
        transport.get("1", {})
    return caught.value


def head_of(request: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return first, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


# --- what is sent


def test_the_token_goes_into_the_header_and_nowhere_else() -> None:
    with asking(OK) as (transport, raw):
        assert transport.get("1", {"fields": "id,name"}) == {"id": "1"}
    first, headers = head_of(raw.asked[0])
    assert first == "GET /v25.0/1?fields=id%2Cname HTTP/1.1"
    assert headers["authorization"] == f"Bearer {CANARY}"
    assert raw.asked[0].count(b"canary") == 1


def test_the_proof_is_a_query_parameter_when_there_is_a_secret() -> None:
    with (
        serving(OK) as raw,
        talking(raw.access(proof=True), bounds=BOUNDS) as transport,
    ):
        transport.get("1", {})
    proof = hmac.new(APP_SECRET.encode(), CANARY.encode(), hashlib.sha256).hexdigest()
    assert head_of(raw.asked[0])[0] == f"GET /v25.0/1?appsecret_proof={proof} HTTP/1.1"


def test_a_batch_is_posted_as_a_form_and_each_item_counts() -> None:
    with asking(http('[{"code":200,"body":"{}"},null]')) as (transport, raw):
        assert transport.batch(["a?x=1%2B1&y=2", "b 頁"]) == [{"code": 200, "body": "{}"}, None]
        assert (transport.calls, transport.items) == (1, 2)
    first, headers = head_of(raw.asked[0])
    assert (first, headers["content-type"]) == ("POST /v25.0/ HTTP/1.1", "application/x-www-form-urlencoded")
    form = parse_qs(raw.asked[0].partition(b"\r\n\r\n")[2].decode("ascii"), strict_parsing=True)
    assert form["include_headers"] == ["false"]
    assert [item["relative_url"] for item in json.loads(form["batch"][0])] == ["a?x=1%2B1&y=2", "b 頁"]


def test_environment_and_cookies_have_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    cookie = http('{"id":"1"}', 200, "set-cookie: a=b; Path=/")
    with asking(cookie) as (transport, raw):
        transport.get("1", {})
        transport.get("1", {})
    assert "cookie" not in head_of(raw.asked[1])[1]


# --- what is read


def test_the_version_that_answers_and_the_usage_are_kept() -> None:
    says = http("{}", 200, "facebook-api-version: v24.0", 'x-app-usage: {"call_count":50}')
    with asking(says) as (transport, _):
        transport.get("1", {})
        assert (transport.version_answered, transport.usage.percent) == ("v24.0", 50)


@pytest.mark.parametrize(
    ("date", "minutes"),
    [
        ("Tue, 24 Nov 2026 04:00:00 GMT", 0),
        ("Tue, 24 Nov 2026 03:40:00 GMT", 20),
        ("Tue, 24 Nov 2026 12:20:00 +0800", -20),
        ("Tue, 24 Nov 2026 03:40:00 -0000", 20),
        ("yesterday", None),
        ("Tue, 99 Nov 2026 03:40:00 GMT", None),
        ("", None),
    ],
)
def test_how_far_our_clock_is_ahead_is_told_by_the_date_of_the_answer(date: str, minutes: int | None) -> None:
    with asking(http("{}", 200, f"date: {date}"), http("{}")) as (transport, _):
        assert transport.clock_ahead is None
        transport.get("1", {})
        assert transport.clock_ahead == (None if minutes is None else timedelta(minutes=minutes))
        transport.get("1", {})
        assert transport.clock_ahead is None


def test_packed_answers_are_read() -> None:
    packed = http(gzip.compress('{"名":"值"}'.encode()), 200, "content-encoding: gzip")
    with asking(packed) as (transport, _):
        assert transport.get("1", {}) == {"名": "值"}


def test_an_answer_in_chunks_is_read() -> None:
    chunks = b'HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n'
    with asking(chunks) as (transport, _):
        assert transport.get("1", {}) == {"a": 1}


@pytest.mark.parametrize(
    ("say", "how"),
    [
        (http("<html>guest network</html>"), "不是 JSON"),
        (http("<html>not found</html>", 404), "不是 JSON"),
        (http("", 302, "location: https://elsewhere.example/"), "是轉址"),
        (http('{"id":"1"}', 307, "location: /v25.0/2"), "是轉址"),
        (http("[1]"), "不是物件"),
        (http('"text"'), "不是物件"),
        (http("text"), "不是 JSON"),
        (http('{"id":"1"}', 404), "是 HTTP 404 而沒有錯誤說明"),
        (http('{"error":"odd"}'), "是 HTTP 200 而沒有錯誤說明"),
        (http(b"x" * 10_001), "超過大小上限"),
        (http(gzip.compress(b" " * 5_000_000), 200, "content-encoding: gzip"), "超過大小上限"),
    ],
)
def test_what_graph_does_not_answer_is_refused_at_once(say: bytes, how: str) -> None:
    with asking(say) as (transport, raw), pytest.raises(Unreadable) as caught:
        transport.get("1", {})
    assert str(caught.value) == f"Meta 的回覆{how}，沒有採用，請稍後再更新，一再發生時請通知維護人員。"
    assert (transport.calls, transport.retries, len(raw.asked)) == (1, 0, 1)


def test_a_batch_answered_with_another_number_of_items_is_refused() -> None:
    with (
        asking(http('[{"code":200,"body":"{}"}]')) as (transport, _),
        pytest.raises(Unreadable, match="與批次的項目不符"),
    ):
        transport.batch(["a", "b"])


def test_an_error_within_200_is_an_error() -> None:
    error = failing(DeadObject, http('{"error":{"code":803,"message":"alias"}}'))
    assert (error.code, error.detail) == (803, "alias")


def test_json_too_deep_to_read_is_refused() -> None:
    assert "不完整" in str(failing(Unreadable, http(b"[" * 9_000), bounds=NO_RETRY))


def test_an_answer_cut_at_any_byte_gives_the_whole_or_nothing() -> None:
    whole = '{"data":[{"id":"1_2","message":"開幕 🎉"}],"n":12345}'.encode()
    cuts = [http(whole[:n]) for n in range(len(whole))]
    with serving(*cuts) as raw, talking(raw.access(), bounds=NO_RETRY) as transport:
        for _ in cuts:
            with pytest.raises(Unreadable):
                transport.get("1", {})
    assert len(raw.asked) == len(whole)


# --- what passes is tried again


PASSING: dict[str, Say] = {
    "500 with code 1": http('{"error":{"code":1,"message":"An unknown error"}}', 500),
    "is_transient": http('{"error":{"code":1999,"is_transient":true}}', 400),
    "502 of HTML": http("<html>Bad Gateway</html>", 502),
    "503 without a word": http("", 503),
    "reset": reset,
    "closed without a word": b"",
    "closed within the head": b"HTTP/1.1 200 OK\r\ncontent-le",
    "not HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "body shorter than told": http('{"id":"1"}', length=99),
    "JSON cut": http('{"id":'),
    "empty body": http(""),
    "broken gzip": http(b"no gzip", 200, "content-encoding: gzip"),
    "cut chunk": b'HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{"a":',
    "right token taken for another kind": PAGE_TOKEN_WANTED,
}


@pytest.mark.parametrize("say", PASSING.values(), ids=PASSING)
def test_what_passes_is_asked_again(say: Say) -> None:
    with asking(say, OK) as (transport, raw):
        assert transport.get("1", {}) == {"id": "1"}
        assert (transport.calls, transport.items, transport.retries, len(raw.asked)) == (2, 2, 1, 2)


def test_waits_grow_with_jitter_and_end_after_four() -> None:
    clock = VirtualClock()
    with asking(PASSING["500 with code 1"], clock=clock) as (transport, raw), pytest.raises(Transient) as caught:
        transport.get("1", {})
    assert len(raw.asked) == 5
    for slept, middle in zip(clock.slept, (1, 2, 4, 8), strict=True):
        assert middle * 0.5 <= slept <= middle * 1.5
    assert len({slept / 2**n for n, slept in enumerate(clock.slept)}) == 4
    assert (transport.retries, transport.waited) == (4, sum(clock.slept))
    assert str(caught.value) == "Meta 的服務暫時異常，請稍後再更新。"


def test_no_wait_is_longer_than_the_longest() -> None:
    clock = VirtualClock()
    bounds = Bounds(read=0.2, total=0.3, retries=8, longest_wait=5)
    with asking(http("", 503), bounds=bounds, clock=clock) as (transport, _), pytest.raises(Transient):
        transport.get("1", {})
    assert len(clock.slept) == 8
    assert max(clock.slept) <= 7.5


def test_cut_json_that_stays_cut_is_unreadable() -> None:
    assert "不完整" in str(failing(Unreadable, http('{"id":')))


def test_a_token_of_another_kind_gets_one_retry_without_a_wait() -> None:
    clock = VirtualClock()
    with asking(PAGE_TOKEN_WANTED, clock=clock) as (transport, raw), pytest.raises(TokenError):
        transport.get("1", {})
    assert (len(raw.asked), clock.slept) == (2, [])


@pytest.mark.parametrize("code", [100, 102, 190, 10, 200, 3, 4, 803, 2500, 777])
def test_what_does_not_pass_is_asked_once(code: int) -> None:
    with asking(http(json.dumps({"error": {"code": code}}), 400)) as (transport, raw), pytest.raises(GraphError):
        transport.get("1", {})
    assert (len(raw.asked), transport.retries) == (1, 0)


# --- time


def slowest(say: Say) -> tuple[GraphError, float]:
    began = time.monotonic()
    error = failing(Transient, say, bounds=NO_RETRY)
    return error, time.monotonic() - began


@pytest.mark.parametrize(
    "say",
    [drip(http("{}" + " " * 400)), drip(http("{}", 200, "x-filler: " + "y" * 400)), lambda _: time.sleep(0.6)],
    ids=["a body that drips", "a head that drips", "nothing at all"],
)
def test_no_call_lasts_longer_than_its_deadline(say: Say) -> None:
    error, seconds = slowest(say)
    assert str(error) == "向 Meta 擷取時逾時，請檢查網路後再更新。"
    assert 0.15 <= seconds < 1.5


def test_nobody_there_is_trouble_of_the_network() -> None:
    with serving(OK) as raw:
        access = raw.access()
    with talking(access, bounds=BOUNDS) as transport, pytest.raises(Transient) as caught:
        transport.get("1", {})
    assert str(caught.value) == "向 Meta 擷取時無法連線或連線中斷，請檢查網路後再更新。"
    assert transport.calls == 5


def test_no_call_is_made_once_the_run_is_over() -> None:
    clock = VirtualClock()
    with asking(OK, clock=clock, until=10) as (transport, raw):
        transport.get("1", {})
        clock.move(10)
        with pytest.raises(Transient, match="已到時限"):
            transport.get("1", {})
    assert len(raw.asked) == 1


def test_no_wait_goes_beyond_the_end_of_the_run() -> None:
    clock = VirtualClock()
    with asking(http("", 503), clock=clock, until=3) as (transport, _), pytest.raises(Transient, match="暫時異常"):
        transport.get("1", {})
    assert sum(clock.slept) < 3


# --- usage


def usage(percent: int, regain: int = 0, status: int = 200, body: str = '{"id":"1"}') -> bytes:
    entry = {"type": "pages", "call_count": percent, "estimated_time_to_regain_access": regain}
    return http(body, status, f"x-business-use-case-usage: {json.dumps({'1': [entry]})}")


def test_from_75_percent_on_each_call_waits() -> None:
    clock = VirtualClock()
    with asking(usage(80), usage(10), clock=clock) as (transport, _):
        for _ in range(3):
            transport.get("1", {})
    assert clock.slept == [6]


def test_at_90_percent_the_answer_counts_and_the_next_call_is_not_made() -> None:
    clock = VirtualClock()
    with asking(usage(92), usage(10), clock=clock) as (transport, raw):
        assert transport.get("1", {}) == {"id": "1"}
        for _ in range(2):
            with pytest.raises(LimitReached) as caught:
                transport.get("1", {})
        assert caught.value.resume_at == START + timedelta(minutes=60)
        assert len(raw.asked) == 1
        clock.move(3600)
        assert transport.get("1", {}) == {"id": "1"}


def test_a_limit_code_keeps_the_time_to_resume_and_stops_every_later_call() -> None:
    limited = usage(100, 19, 400, '{"error":{"code":80001,"message":"too many calls"}}')
    with asking(limited, OK) as (transport, raw):
        for _ in range(2):
            with pytest.raises(LimitReached) as caught:
                transport.get("1", {})
            assert caught.value.resume_at == START + timedelta(minutes=19)
    assert len(raw.asked) == 1


def test_a_limit_code_without_a_header_stops_every_later_call_for_an_hour() -> None:
    clock = VirtualClock()
    with asking(http('{"error":{"code":4}}', 400), OK, clock=clock) as (transport, raw):
        for _ in range(2):
            with pytest.raises(LimitReached):
                transport.get("1", {})
        assert len(raw.asked) == 1
        clock.move(3600)
        assert transport.get("1", {}) == {"id": "1"}


def test_a_setting_that_graph_does_not_understand_is_said_so() -> None:
    error = failing(GraphSetup, http('{"error":{"code":2500,"message":"Unknown path components: /1"}}', 400))
    assert "SQDASH_GRAPH_VERSION" in str(error)
