"""Faults between the service and its client: what is written to the socket in place of the answer, or of its end."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Headers = list[tuple[str, str]]
HTML = "<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>"
REASONS = {
    200: "OK",
    302: "Found",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    500: "Internal Server Error",
}
REASONS |= {502: "Bad Gateway", 503: "Service Unavailable"}


@dataclass(frozen=True)
class Wire:
    """One fault by name with its parameters."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def send(self, link: socket.socket, status: int, headers: Headers, body: bytes, stopping: threading.Event) -> bool:
        """Write it; whether the connection stays open."""
        return WIRES[self.name](Sending(link, status, headers, body, stopping, self.params))


@dataclass(frozen=True)
class Sending:
    """A good answer about to be sent, and the hands to spoil it."""

    link: socket.socket
    status: int
    headers: Headers
    body: bytes
    stopping: threading.Event
    params: Mapping[str, Any]

    def head(self) -> bytes:
        return head(self.status, self.headers, len(self.body))

    def instead(self, status: int, kind: str, body: bytes, *more: tuple[str, str]) -> bool:
        self.link.sendall(head(status, [("content-type", kind), *more], len(body)) + body)
        return True


def head(status: int, headers: Headers, length: int | None) -> bytes:
    """Status line and headers; without a length no ``content-length``."""
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}", *(f"{name}: {value}" for name, value in headers)]
    if length is not None:
        lines.append(f"content-length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _slow_drip(one: Sending) -> bool:
    """``step`` bytes every ``pause`` seconds: no single read times out."""
    one.link.sendall(one.head())
    step, pause = one.params.get("step", 1), one.params.get("pause", 0.05)
    for start in range(0, len(one.body), step):
        if one.stopping.wait(pause):
            return False
        one.link.sendall(one.body[start : start + step])
    return True


def _cut_body(one: Sending) -> bool:
    """The body ends at byte ``at`` (the middle), its length declared in full unless ``declared`` is false."""
    part = one.body[: one.params.get("at", len(one.body) // 2)]
    if not one.params.get("declared", True):
        one.link.sendall(head(one.status, one.headers, len(part)) + part)
        return True
    one.link.sendall(one.head() + part)
    return False


def _reset(one: Sending) -> bool:
    """The connection is torn down with RST, nothing answered."""
    pair = "hh" if os.name == "nt" else "ii"
    one.link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(pair, 1, 0))
    return False


def _closed(one: Sending) -> bool:
    """The connection is closed politely, nothing answered."""
    return False


def _timeout(one: Sending) -> bool:
    """Nothing comes for ``seconds``."""
    one.stopping.wait(one.params.get("seconds", 3600))
    return False


def _html_200(one: Sending) -> bool:
    return one.instead(200, "text/html", HTML.format(title="Sign in to the guest network").encode())


def _bad_gateway(one: Sending) -> bool:
    return one.instead(502, "text/html", HTML.format(title="502 Bad Gateway").encode())


def _bare_503(one: Sending) -> bool:
    return one.instead(503, "text/plain", b"")


def _odd_body(one: Sending) -> bool:
    """Status 200 with ``body`` (bytes) as JSON; a list where an object is due when not given."""
    return one.instead(200, "application/json; charset=UTF-8", one.params.get("body", b"[1, 2]"))


def _redirect(one: Sending) -> bool:
    """302 to ``to``."""
    return one.instead(302, "text/html", b"", ("location", one.params.get("to", "https://elsewhere.example/")))


def _gigantic_body(one: Sending) -> bool:
    """``size`` bytes of spaces, their length told when ``declared``; packed small when ``gzip``."""
    size = one.params.get("size", 256 * 2**20)
    kind = ("content-type", "application/json; charset=UTF-8")
    if one.params.get("gzip", False):
        packed = gzip.compress(b" " * size, 1)
        one.link.sendall(head(200, [kind, ("content-encoding", "gzip")], len(packed)) + packed)
        return True
    declared = one.params.get("declared", False)
    close = [] if declared else [("connection", "close")]
    one.link.sendall(head(200, [kind, *close], size if declared else None))
    block, sent = b" " * 65_536, 0
    while sent < size and not one.stopping.is_set():
        one.link.sendall(block)
        sent += len(block)
    return False


WIRES: Mapping[str, Callable[[Sending], bool]] = {
    "slow_drip": _slow_drip,
    "cut_body": _cut_body,
    "reset": _reset,
    "closed": _closed,
    "timeout": _timeout,
    "html_200": _html_200,
    "bad_gateway": _bad_gateway,
    "bare_503": _bare_503,
    "odd_body": _odd_body,
    "redirect": _redirect,
    "gigantic_body": _gigantic_body,
}
