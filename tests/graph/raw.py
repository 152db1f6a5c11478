"""A server on loopback that says exactly what a test tells it to, byte by byte, and keeps what it was asked."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqdash.graph.access import Access
from sqdash.graph.transport import Bounds, Transport
from sqdash.secret import Secret
from tests.graph.clocks import VirtualClock

CANARY = "EAABcanary+token/0123456789=&x"
APP_SECRET = "canary+of/the=app"
Say = bytes | Callable[[socket.socket], None]


@dataclass
class Raw:
    """``asked`` are the requests as they came, head and body."""

    port: int
    asked: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def access(self, *, proof: bool = False) -> Access:
        """An access to this server, with the proof that an app secret makes or without."""
        return Access(self.url, "v25.0", Secret(CANARY), "123", Secret(APP_SECRET) if proof else None)


def talking(
    access: Access, clock: VirtualClock | None = None, bounds: Bounds | None = None, end: datetime | None = None
) -> Transport:
    """A transport whose waits are always the same and take no time."""
    rng = random.Random(1)  # noqa: S311 - spreads waits
    return Transport(access, clock or VirtualClock(), rng, bounds or Bounds(), end)


def http(body: bytes | str, status: int = 200, *headers: str, length: int | None = None, keep: bool = False) -> bytes:
    """An answer as it goes over the wire; ``length`` when it shall not be the true one, ``keep`` the connection."""
    raw = body.encode() if isinstance(body, str) else body
    size = len(raw) if length is None else length
    lines = [f"HTTP/1.1 {status} X", "content-type: application/json", f"content-length: {size}", *headers]
    lines += [] if keep else ["connection: close"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + raw


def drip(data: bytes, pause: float = 0.02) -> Callable[[socket.socket], None]:
    """Say it a byte at a time."""

    def say(link: socket.socket) -> None:
        for n in range(len(data)):
            link.sendall(data[n : n + 1])
            time.sleep(pause)

    return say


def reset(link: socket.socket) -> None:
    """Tear the connection down."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


@contextmanager
def serving(*says: Say, port: int = 0) -> Iterator[Raw]:
    """One answer a request, in order, each on a connection of its own; the last again and again."""
    listener = socket.create_server(("127.0.0.1", port))
    raw = Raw(listener.getsockname()[1])
    thread = threading.Thread(target=_serve, args=(listener, raw, says), daemon=True)
    thread.start()
    try:
        yield raw
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _serve(listener: socket.socket, raw: Raw, says: Sequence[Say]) -> None:
    while True:
        try:
            link, _ = listener.accept()
        except OSError:
            return
        with link, suppress(OSError):
            raw.asked.append(_request(link))
            say = says[min(len(raw.asked), len(says)) - 1]
            link.sendall(say) if isinstance(say, bytes) else say(link)


def _request(link: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got and (piece := link.recv(65_536)):
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value) and (piece := link.recv(65_536)):
                body += piece
    return head + b"\r\n\r\n" + body
