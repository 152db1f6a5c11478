"""A browser's side of the door without a browser: a cookie, forms, and the live connection of a screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

from tests.servers import Answer, Server

PAGE = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
WAITING = 30.0  # seconds


@dataclass
class Client:
    """Somebody with a browser; ``cookie`` is what the server gave it last."""

    server: Server
    cookie: str = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request with the cookie; a new cookie takes its place."""
        sent = {"Cookie": self.cookie} if self.cookie else {}
        answer = self.server.ask(method, path, body, **(sent | headers))
        for name, value in answer.headers:
            if name == "set-cookie" and "sqdash_session" in value:
                self.cookie = "" if 'session=""' in value or "Max-Age=0" in value else value.partition(";")[0]
        return answer

    def send(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """A form as a browser sends it from a page of the server."""
        kind = "application/x-www-form-urlencoded"
        return self.ask(
            "POST", path, urlencode(fields).encode(), **({"Content_Type": kind, "Origin": self.server.url} | headers)
        )

    def sign_in(self, name: str, password: str, **more: str) -> Answer:
        return self.send("/login", {"name": name, "password": password, **more})

    def form(self, path: str = "/account") -> str:
        """The token that the forms of this session carry."""
        found = re.search(r'name="form" value="([0-9a-f]{64})"', self.get(path, **PAGE).body.decode())
        assert found
        return found[1]

    @contextmanager
    def screen(self, *, resume: str = "", **headers: str) -> Iterator[Screen]:
        """The live connection of a screen, a new one or that of a number; an exception where it is refused."""
        sent = ({"Cookie": self.cookie} if self.cookie else {}) | {"Origin": self.server.url}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"ws://127.0.0.1:{self.server.port}/_stcore/stream"
        offered = [Subprotocol(text) for text in ("streamlit", "none", resume) if resume]
        options: Any = {"max_size": None, "proxy": None, "open_timeout": WAITING}
        with connect(url, additional_headers=sent, subprotocols=offered or None, **options) as connection:
            yield Screen(connection)


@dataclass
class Screen:
    """A screen as its browser talks to the server."""

    connection: ClientConnection

    def rerun(self, *, by_itself: bool = False) -> list[ForwardMsg]:
        """Have the page drawn anew; everything that comes until it is."""
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        asked.rerun_script.is_auto_rerun = by_itself
        self.connection.send(asked.SerializeToString())
        came = []
        while not came or came[-1].WhichOneof("type") != "script_finished":
            came.append(ForwardMsg.FromString(self.connection.recv(timeout=WAITING)))
        return came


def status_of_connecting(server: Server, path: str = "/_stcore/stream", **headers: str) -> int:
    """The status with which an attempt to open a live connection is answered."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
    key = {"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    return server.ask("GET", path, **(upgrade | key | headers)).status
