"""What the browser is told that an answer may do: the security headers of everything that is served.

What Streamlit's bundle needs of a content security policy is written down in ``docs/security.md``.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import secrets
from collections.abc import Iterable
from functools import lru_cache

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("sqdash.server")
_POLICY = b"content-security-policy"
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)

# The decoder of Streamlit's messages compiles a piece of WebAssembly; nothing builds scripts out of texts.
_SCRIPTS = "script-src 'self' 'wasm-unsafe-eval'"
_REST = "; ".join(
    (
        "default-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_OF_FILES = "default-src 'none'; frame-ancestors 'none'; sandbox"
_OFF = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb", "serial", "hid", "midi")
HEADERS = (
    (_POLICY, f"{_SCRIPTS}; {_REST}".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", ", ".join(f"{name}=()" for name in _OFF).encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""Names and values for every answer; what brings its own keeps it."""
_MADE = "/media/"
"""Where Streamlit serves what screens made: pictures and downloads. They have nothing to run."""

Pair = tuple[bytes, bytes]


class Headers:
    """ASGI middleware, the outermost: security headers on every answer, a refused live connection's included.

    What nobody foresaw outside a screen is one sentence with the code of the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give every answer its headers."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, _Refusal(scope, send))
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False
        files = scope["path"].startswith(_MADE)

        async def protected(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": with_missing(message["headers"], files=files)}
            await send(message)

        try:
            await self.app(scope, receive, protected)
        except Exception as error:
            if begun:
                raise
            await unforeseen(error)(scope, receive, protected)


class _Refusal:
    """Lets an accepted live connection be; one closed before that is answered with 403 and our headers."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.send, self.accepted = send, False
        self.answers = "websocket.http.response" in scope.get("extensions", {})

    async def __call__(self, message: Message) -> None:
        self.accepted = self.accepted or message["type"] == "websocket.accept"
        if message["type"] == "websocket.close" and not self.accepted and self.answers:
            headers = with_missing([(b"content-length", b"0")])
            await self.send({"type": "websocket.http.response.start", "status": 403, "headers": headers})
            message = {"type": "websocket.http.response.body", "body": b""}
        elif message["type"] == "websocket.http.response.start":
            message = {**message, "headers": with_missing(message["headers"])}
        await self.send(message)


def with_missing(given: Iterable[Pair], *, files: bool = False) -> list[Pair]:
    """The headers with ours where they have none of the name; ``files`` are served with nothing allowed in them."""
    kept = [(name.lower(), value) for name, value in given]
    names = {name for name, _ in kept}
    ours = ((_POLICY, _OF_FILES.encode()), *HEADERS[1:]) if files else HEADERS
    return [*kept, *(pair for pair in ours if pair[0] not in names)]


@lru_cache(maxsize=32)
def of_page(page: bytes) -> bytes:
    """The policy of a page of ours: the scripts that stand in it may run, by their digests, and no other."""
    digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in _SCRIPT.findall(page))
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"{_SCRIPTS} {allowed}; {_REST}".encode()


def unforeseen(error: Exception) -> PlainTextResponse:
    """One sentence with a code; the log has the code and the traceback."""
    code = secrets.token_hex(4)
    _log.error("unforeseen error %s", code, exc_info=error)
    return PlainTextResponse(f"伺服器發生未預期的問題（代碼 {code}），請稍後再試；若再發生，請把代碼交給管理者。", 500)
