"""A token that is looked for everywhere: whatever fails, it is in no message, traceback or log, in no form."""

from __future__ import annotations

import base64
import gzip
import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from urllib.parse import quote, quote_plus

import pytest

from sqdash.errors import GraphError
from sqdash.graph.access import Access
from sqdash.graph.client import Client
from sqdash.graph.transport import Bounds
from sqdash.secret import Secret
from tests.graph.clocks import VirtualClock
from tests.graph.raw import APP_SECRET, CANARY, Say, http, reset, serving

BOUNDS = Bounds(connect=1, read=0.2, total=0.3, body=10_000, retries=1)
DAY = date(2026, 11, 20)


def forms(secret: str) -> Iterator[str]:
    """What a secret may look like; base64 without the characters that depend on its neighbours."""
    quoted = quote(secret, safe="")
    yield from (secret, quote(secret), quoted, quote_plus(secret), quote(quoted, safe=""))
    yield from (json.dumps(secret)[1:-1], json.dumps(secret)[1:-1].replace("/", "\\/"), repr(secret)[1:-1])
    yield secret.encode().hex()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + secret.encode()).decode()
        core = coded[4:-4]
        yield from (core, core.translate(str.maketrans("+/", "-_")))


def error_of(code: int, message: str, status: int = 400, subcode: int | None = None) -> bytes:
    """An error whose every text quotes the token, as Meta's may."""
    said: dict[str, object] = {"message": message, "code": code, "error_subcode": subcode}
    said |= {"fbtrace_id": f"t{CANARY}", "error_user_msg": f"see ?access_token={quote(CANARY, safe='')}&x"}
    return http(json.dumps({"error": said}), status)


def told(how: str) -> str:
    return f"Malformed access token {how}; again {CANARY}"


DEAD_ITEM = {"code": 400, "body": json.dumps({"error": {"code": 190, "message": CANARY}})}
FAILING: dict[str, Say] = {
    "dead token": error_of(190, told(CANARY), subcode=463),
    "dead token quoted": error_of(190, told(quote(CANARY, safe=""))),
    "dead token in base64": error_of(190, told(base64.b64encode(CANARY.encode()).decode())),
    "proof": error_of(100, f"Invalid appsecret_proof {CANARY}"),
    "permission": error_of(10, told("requires read_insights")),
    "limit": error_of(80001, told("too many calls")),
    "metric": error_of(100, told("must be a valid insights metric")),
    "gone": error_of(100, told("Unsupported get request"), subcode=33),
    "field": error_of(100, f"Tried accessing nonexisting field ({CANARY})"),
    "too much": error_of(1, told("reduce the amount of data"), 500),
    "server": error_of(1, told("x"), 500),
    "setup": error_of(2500, f"Unknown path components: /{CANARY}"),
    "unknown": error_of(777, told("x")),
    "HTML at 200": http(f"<html>{CANARY}</html>"),
    "HTML at 502": http(f"<html>{CANARY}</html>", 502),
    "JSON cut": http(f'{{"id":"{CANARY}'),
    "wrong shape": http(json.dumps({"id": 5, "name": CANARY, "data": [{"id": 5, "message": CANARY}]})),
    "redirect": http("", 302, f"location: https://elsewhere.example/?access_token={quote(CANARY)}"),
    "too large": http(CANARY * 1000),
    "packed too large": http(gzip.compress(b" " * 999_999), 200, "content-encoding: gzip"),
    "broken gzip": http(CANARY, 200, "content-encoding: gzip"),
    "body cut": http(CANARY, length=999),
    "reset": reset,
    "closed": b"",
    "no HTTP": CANARY.encode() + b"\r\n\r\n",
    "broken header": f"HTTP/1.1 200 X\r\n{CANARY}\r\ncontent-length: 2\r\n\r\n[]".encode(),
    "nothing": lambda _: time.sleep(0.4),
    "foreign next": http(json.dumps({"data": [], "paging": {"next": f"https://evil.example/?access_token={CANARY}"}})),
    "next without cursor": http(json.dumps({"data": [], "paging": {"next": f"http://[{CANARY}"}})),
    "batch of dead tokens": http(json.dumps([DEAD_ITEM] * 2)),
}


def ask_everything(client: Client) -> Iterator[BaseException | object]:
    """Every kind of question; what comes is the answer or the error."""
    asks: list[Callable[[], object]] = [
        lambda: client.page("1"),
        lambda: list(client.posts("1")),
        lambda: list(client.nodes(["1_1", "1_2"])),
        lambda: list(client.post_insights(["1_1", "1_2"], ("post_clicks", "post_media_view"))),
        lambda: list(client.nodes_and_insights(["1_1"], ("post_clicks",))),
        lambda: client.page_insights("1", ("page_follows", "page_media_view"), DAY, DAY),
        client.token_state,
    ]
    for ask in asks:
        try:
            yield ask()
        except GraphError as error:
            yield error


def shown(thing: object) -> Iterator[str]:
    """Everything that a thing shows of itself, an error also with its traceback, locals and causes."""
    yield from (str(thing), repr(thing), f"{thing}")
    if isinstance(thing, GraphError):
        yield from (thing.detail, repr(thing.args), repr(vars(thing)))
        yield "".join(traceback.TracebackException.from_exception(thing, capture_locals=False).format())
        yield from (repr(vars(link)) + repr(link.args) for link in (thing.__cause__, thing.__context__) if link)


def is_clean(text: str, *secrets: str) -> bool:
    return not any(form in text for secret in secrets for form in forms(secret))


@pytest.mark.parametrize("say", FAILING.values(), ids=FAILING)
def test_no_failure_shows_a_secret(
    say: Say, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(say) as raw:
        access = raw.access(proof=True)
        assert access.proof is not None
        secrets = (CANARY, APP_SECRET, access.proof.reveal())
        with Client(access, clock=VirtualClock(), limits=BOUNDS) as client:
            things = list(ask_everything(client))
            assert any(isinstance(thing, GraphError) for thing in things)
            errors = [thing for thing in things if isinstance(thing, GraphError)]
            for text in (text for thing in (*errors, client, access) for text in shown(thing)):
                assert is_clean(text, *secrets)
    assert any(record.name.startswith("urllib3") and record.levelno == logging.DEBUG for record in caplog.records)
    assert is_clean(caplog.text + "".join(str(record.args) for record in caplog.records), *secrets)
    assert is_clean("".join(capfd.readouterr()), *secrets)


def test_nobody_listening_shows_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(b"") as raw:
        access = raw.access(proof=True)
    assert access.proof is not None
    with Client(access, clock=VirtualClock(), limits=BOUNDS) as client:
        for thing in ask_everything(client):
            assert isinstance(thing, GraphError)
            assert all(is_clean(text, CANARY, APP_SECRET, access.proof.reveal()) for text in shown(thing))
    assert is_clean(caplog.text, CANARY, APP_SECRET, access.proof.reveal())


def test_the_canary_would_be_found() -> None:
    for form in (CANARY, quote(CANARY, safe=""), json.dumps({"t": CANARY}), repr([CANARY])):
        assert not is_clean(f"before {form} after", CANARY)
    for before in ("", "a", "ab"):
        assert not is_clean(base64.b64encode(f"{before}{CANARY}".encode()).decode(), CANARY)


def test_a_refused_access_shows_no_secret() -> None:
    for url, token in (("https://evil.example", CANARY), ("https://graph.facebook.com", f"{CANARY}\n{CANARY}")):
        with pytest.raises(GraphError) as caught:
            Access(url, "v25.0", Secret(token), "1", Secret(APP_SECRET))
        assert all(is_clean(text, CANARY, APP_SECRET) for text in shown(caught.value))
