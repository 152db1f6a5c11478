"""Each part of an answer is sent soon, and does not wait until the browser has confirmed the part before.

Streamlit listens in a way in which asyncio does not ask for that by itself: each redrawn page then took 40 ms longer
than it was worked on (Nagle's algorithm against delayed confirmations). And it hands over what a script draws every
5 ms, so that a page which is drawn in three was there after ten.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import runtime

_EVERY = 0.001
"""Seconds. Streamlit waits so that a place and what fills it come together, which pages of ours draw at once; without
any wait the parts of a page are handed over one by one, and large pages take longer."""


class Promptly:
    """ASGI middleware, in front of all that puts a ``send`` of its own in the way."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ever, at once."""
        send_at_once(send)
        await self.app(scope, receive, send)


def hand_over_soon() -> None:
    """What is drawn is handed over every millisecond, where Streamlit has such an interval; else nothing changes."""
    if hasattr(runtime, "MESSAGE_FLUSH_INTERVAL_SECS"):
        runtime.MESSAGE_FLUSH_INTERVAL_SECS = _EVERY


def send_at_once(send: Send) -> None:
    """Set it for the connection behind ``send``, where the web server lets that be found; else nothing changes."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    found = transport.get_extra_info("socket") if transport is not None else None
    if found is not None and found.family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError):  # the connection has gone
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
