"""Answers are sent at once: on a real web server, for pages and for live connections."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from streamlit.runtime import runtime, runtime_util
from websockets.sync.client import connect

from sqdash.ui import promptly
from sqdash.ui.promptly import Promptly
from tests.servers import serving


async def _tells(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the option of the connection it answers on."""
    found: Any = send
    option = found.__self__.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    said = b"at once" if option else b"in time"
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said})
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "bytes": said})


@pytest.fixture
def ports() -> Iterator[list[int]]:
    """Of a server without it and of one with it, on sockets that listen as Streamlit's do."""
    servers, found = [], []
    for app in (_tells, Promptly(_tells)):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical", ws="websockets-sansio"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        servers.append((server, thread))
        found.append(listening.getsockname()[1])
    give_up = time.monotonic() + 30
    while not all(server.started for server, _ in servers) and time.monotonic() < give_up:
        time.sleep(0.01)
    yield found
    for server, thread in servers:
        server.should_exit = True
        thread.join(10)


def _page(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    body = connection.getresponse().read()
    connection.close()
    return body


def _live(port: int) -> str | bytes:
    with connect(f"ws://127.0.0.1:{port}/", proxy=None) as live:
        return live.recv(timeout=10)


def test_pages_and_live_connections_are_sent_at_once(ports: list[int]) -> None:
    assert [_page(port) for port in ports] == [b"in time", b"at once"]
    assert [_live(port) for port in ports] == [b"in time", b"at once"]


def test_a_web_server_that_keeps_its_connection_to_itself_is_left_as_it_is() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    promptly.send_at_once(send)
    assert sent == []


def test_what_is_drawn_is_handed_over_more_often_than_streamlit_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert runtime_util.MESSAGE_FLUSH_INTERVAL_SECS == 0.005
    monkeypatch.setattr(runtime, "MESSAGE_FLUSH_INTERVAL_SECS", runtime_util.MESSAGE_FLUSH_INTERVAL_SECS)
    promptly.hand_over_soon()
    assert runtime.MESSAGE_FLUSH_INTERVAL_SECS == 0.001


NOTED = """
import streamlit as st
from streamlit.runtime import runtime

from sqdash.ui import server

app = st.App(__file__, **server.options([]))
with open({noted!r}, "w", encoding="ascii") as file:
    file.write(str(runtime.MESSAGE_FLUSH_INTERVAL_SECS))
"""


def test_a_server_of_ours_hands_over_so_often(made: Callable[[str], Path], tmp_path: Path) -> None:
    script, noted = tmp_path / "script.py", tmp_path / "noted.txt"
    script.write_text(NOTED.format(noted=str(noted)), encoding="utf-8")
    with serving(made("report"), tmp_path / "log.txt", script=script):
        assert noted.read_text("ascii") == "0.001"


def test_a_streamlit_without_such_an_interval_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(runtime, "MESSAGE_FLUSH_INTERVAL_SECS")
    promptly.hand_over_soon()
    assert not hasattr(runtime, "MESSAGE_FLUSH_INTERVAL_SECS")
