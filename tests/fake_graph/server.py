"""The fake Graph over real HTTP on loopback: one thread a connection, kept alive, as little between as can be.

Every request is kept in ``requests_seen`` for a test to look at; a mistake of the fake's own is raised when it stops.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl

from tests.fake_graph.answers import Graph, read_query, split_path
from tests.fake_graph.calls import Call
from tests.fake_graph.faults import FaultPlan
from tests.fake_graph.scenarios import Scenarios
from tests.fake_graph.wire import head
from tests.fake_graph.world import World

ALWAYS = [("content-type", "application/json; charset=UTF-8"), ("cache-control", "no-store")]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BEARERS = ("bearer ", "oauth ")


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came. ``target`` is path and query as sent, ``query`` decoded, header names in lower case."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: int

    @property
    def form(self) -> dict[str, str]:
        """The fields of a posted form."""
        return _form(self.headers, self.body)

    @property
    def batch(self) -> list[dict[str, str]]:
        """The items of a batch; none for a single call."""
        found: list[dict[str, str]] = json.loads(self.form.get("batch", "[]"))
        return found

    @property
    def token_in_url(self) -> bool:
        """Whether a token stood in the address, where logs and proxies keep it."""
        return "access_token" in self.query or "input_token" in self.query


class FakeGraph:
    """``with FakeGraph(World(…)) as server:`` serves at ``server.base_url`` until the block ends."""

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        record: bool = True,
        on_request: Callable[[Seen], None] | None = None,
    ) -> None:
        self.world = world or World()
        self.scenarios = Scenarios()
        self.graph = Graph(self.world, self.scenarios)
        self.requests_seen: list[Seen] = []
        self.calls = 0
        self._plan: FaultPlan | None = None
        self._port, self._record, self._on_request = port, record, on_request
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._links: set[socket.socket] = set()
        self._threads: set[threading.Thread] = set()
        self._failures: list[BaseException] = []

    @property
    def base_url(self) -> str:
        """As for SQDASH_GRAPH_BASE_URL: no version, no slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def plan(self) -> FaultPlan | None:
        """The passing faults that calls meet; None for none."""
        return self._plan

    @plan.setter
    def plan(self, plan: FaultPlan | None) -> None:
        self._plan = plan
        self.scenarios.planning = plan is not None

    @property
    def items(self) -> int:
        """Single calls and items of batches answered."""
        return self.graph.items

    def tokens_in_urls(self) -> list[Seen]:
        """The requests that put a token into the address; a client should have none."""
        return [seen for seen in self.requests_seen if seen.token_in_url]

    def forget(self) -> None:
        """Count and log from here on."""
        self.requests_seen.clear()
        self.calls = self.graph.items = 0

    # --- life

    def start(self) -> FakeGraph:
        """Listen; OSError when the port is taken."""
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=64)
        self._port = self._listener.getsockname()[1]
        self.graph.base_url = self.base_url
        self._accepting = threading.Thread(target=self._accept, name="fake-graph", daemon=True)
        self._accepting.start()
        return self

    def stop(self) -> None:
        """Close everything; raises what went wrong inside the fake itself."""
        self._stopping.set()
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
            pass  # wakes the accepting thread on every system
        self._accepting.join(5)
        self._listener.close()
        with self._lock:
            links, threads = list(self._links), list(self._threads)
        for link in links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(5)
        if self._failures:
            raise self._failures[0]

    def __enter__(self) -> FakeGraph:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _accept(self) -> None:
        while True:
            link, _ = self._listener.accept()
            if self._stopping.is_set():
                link.close()
                return
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(link,), daemon=True)
            with self._lock:
                self._links.add(link)
                self._threads.add(thread)
            thread.start()

    # --- one connection

    def _serve(self, link: socket.socket) -> None:
        try:
            for seen in _requests(link, self.world):
                if not self._handle(link, seen):
                    break
        except OSError:
            pass  # the client went away, as clients do
        except BaseException as error:
            self._failures.append(error)
        finally:
            link.close()
            with self._lock:
                self._links.discard(link)
                self._threads.discard(threading.current_thread())

    def _handle(self, link: socket.socket, seen: Seen) -> bool:
        """Answer one request; whether the connection stays open."""
        call = _call(seen)
        with self._lock:
            self.calls += 1
            if self._record:
                self.requests_seen.append(seen)
            if self._plan is not None:
                call.planned = self._plan.decide(call)
        if self._on_request is not None:
            self._on_request(seen)
        wire = self.scenarios.wire(call) if self.scenarios.active else None
        answer = self.graph.answer(call)
        headers, body = [*ALWAYS, *answer.headers], answer.body.encode()
        if wire is not None:
            return wire.send(link, answer.status, headers, body, self._stopping)
        link.sendall(head(answer.status, headers, len(body)) + body)
        return seen.headers.get("connection", "").lower() != "close"


def _requests(link: socket.socket, world: World) -> Iterator[Seen]:
    """The requests of one connection, one after the other."""
    held = b""
    while True:
        while (end := held.find(b"\r\n\r\n")) < 0:
            more = link.recv(262_144)
            if not more:
                return
            held += more
        lines = held[:end].decode("latin-1").split("\r\n")
        held = held[end + 4 :]
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        while len(held) < length:
            more = link.recv(262_144)
            if not more:
                return
            held += more
        method, target, _ = lines[0].split(" ", 2)
        path, _, query = target.partition("?")
        yield Seen(method, target, path, read_query(query), headers, held[:length], world.now)
        held = held[length:]


def _call(seen: Seen) -> Call:
    version, parts = split_path(seen.path)
    query = {**seen.query, **_form(seen.headers, seen.body)} if seen.body else seen.query
    given = seen.headers.get("authorization", "")
    bearer = given.partition(" ")[2].strip() if given.lower().startswith(BEARERS) else None
    return Call(seen.method, version, parts, query, bearer or query.get("access_token"))


def _form(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    kind = headers.get("content-type", "")
    if kind.startswith(JSON):
        read: dict[str, Any] = json.loads(body)
        return {key: value if isinstance(value, str) else json.dumps(value) for key, value in read.items()}
    if kind.startswith(FORM):
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50))
    return {}
