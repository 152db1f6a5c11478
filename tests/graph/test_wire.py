"""Connections are kept open between calls, and the deadline holds for a call, not for the connection."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from sqdash.errors import Transient
from sqdash.graph.transport import Bounds
from sqdash.graph.wire import DEADLINE, _TimedSocket
from tests.graph.raw import Raw, http, talking


def keeping(listener: socket.socket, links: list[int], answers: int, pause: float) -> None:
    """Answer every request of one connection after another, each after a pause."""
    while True:
        try:
            link, peer = listener.accept()
        except OSError:
            return
        links.append(peer[1])
        with link:
            for _ in range(answers):
                if not link.recv(65_536):
                    break
                time.sleep(pause)
                link.sendall(http("{}", keep=True))


@pytest.mark.parametrize(("answers", "connections"), [(9, 1), (1, 3)])
def test_a_connection_is_used_again_while_the_server_keeps_it(answers: int, connections: int) -> None:
    links: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=keeping, args=(listener, links, answers, 0), daemon=True).start()
        raw = Raw(listener.getsockname()[1])
        with talking(raw.access()) as transport:
            for _ in range(3):
                transport.get("1", {})
                time.sleep(0.02)  # lets a close arrive
        listener.shutdown(socket.SHUT_RDWR)
    assert (len(links), transport.retries) == (connections, 0)


def test_each_call_on_a_kept_connection_has_the_whole_time() -> None:
    links: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=keeping, args=(listener, links, 9, 0.12), daemon=True).start()
        raw = Raw(listener.getsockname()[1])
        bounds = Bounds(read=0.5, total=0.25, retries=0)
        with talking(raw.access(), bounds=bounds) as transport:
            assert [transport.get("1", {}) for _ in range(3)] == [{}, {}, {}]
        listener.shutdown(socket.SHUT_RDWR)
    assert len(links) == 1


def test_a_read_waits_no_longer_than_the_call_may_last() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        raw = Raw(listener.getsockname()[1])
        bounds = Bounds(read=5, total=0.2, retries=0)
        began = time.monotonic()
        with talking(raw.access(), bounds=bounds) as transport, pytest.raises(Transient, match="逾時"):
            transport.get("1", {})
    assert time.monotonic() - began < 2


def test_nothing_is_read_after_the_deadline() -> None:
    near, far = socket.socketpair()
    with near, far:
        far.sendall(b"late")
        stream = _TimedSocket(near).makefile("rb")
        mark = DEADLINE.set(time.monotonic() - 1)
        try:
            with pytest.raises(TimeoutError):
                stream.read(1)
        finally:
            DEADLINE.reset(mark)
        assert stream.read(4) == b"late"
        stream.close()


def test_the_deadline_is_gone_after_the_call() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        raw = Raw(listener.getsockname()[1])
        bounds = Bounds(read=0.1, total=0.1, retries=0)
        with talking(raw.access(), bounds=bounds) as transport, pytest.raises(Transient):
            transport.get("1", {})
    assert DEADLINE.get() == float("inf")
