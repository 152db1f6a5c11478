"""Sockets that keep one deadline for a whole call.

A timeout of ``requests`` holds for each read, so an answer that drips a byte at a time lasts for ever. Here every
read gets what is left of the call's time, headers and body alike. Real seconds: sockets know no other clock.
"""

from __future__ import annotations

import io
import socket
import time
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

DEADLINE: ContextVar[float] = ContextVar("deadline", default=float("inf"))
"""The monotonic second at which the present call must have ended."""


class _TimedReader(io.RawIOBase):
    """The socket's stream, each read bounded by the read timeout and by what is left until the deadline."""

    def __init__(self, stream: io.RawIOBase, sock: socket.socket) -> None:
        self._stream, self._sock, self._most = stream, sock, sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = DEADLINE.get() - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call took longer than it may")
        if left != float("inf"):
            self._sock.settimeout(left if self._most is None else min(left, self._most))
        return self._stream.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class _TimedSocket:
    """A socket whose streams keep the deadline; in everything else the socket itself."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, mode: str, *_: Any, **__: Any) -> io.BufferedReader:
        stream = self._sock.makefile("rb", buffering=0)
        return io.BufferedReader(_TimedReader(stream, self._sock), 65_536)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _TimedSocket(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        self.sock = _TimedSocket(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class TimedAdapter(HTTPAdapter):
    """Connections that are kept open between calls and keep each call's deadline; never retries by itself."""

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Connections of ours in place of the library's."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
