"""The server itself: its port, its clock, its command."""

from __future__ import annotations

import http.client
import json
import random
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.fake_graph import PAGE_ID, TOKEN, FakeGraph, World
from tests.fake_graph.asking import PAGE, POSTS, Asker


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
    root = Path(__file__).resolve().parents[2]
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
