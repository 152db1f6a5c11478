"""How the app is served: the page's language, the order of its guards, ``/healthz``, the sentence for a fault.

Used by ``dashboard.py`` to make the ASGI app that ``streamlit run`` serves.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import threading
from collections.abc import AsyncIterator, Collection, Mapping, MutableMapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager

from sqdash import logs, settings
from sqdash.errors import SqdashError
from sqdash.store import wholeness
from sqdash.ui import (
    block_script,
    blocks,
    bounds,
    bundle,
    door,
    downloads,
    oidc,
    own_style,
    parts,
    policy,
    promptly,
    smaller,
    warm,
)

LANGUAGE = "zh-Hant-TW"
TITLE = "服務品質儀表板｜臺南分局"
_LOOK_EVERY = wholeness.DAILY - timedelta(hours=1)
_log = logging.getLogger("sqdash.server")


class Frame:
    """ASGI middleware: language and title in the page itself, and the policy that fits it.

    Streamlit writes ``lang="en"`` into its one HTML page whatever the content, which fails WCAG 3.1.1; a
    screen reader would read Chinese with English rules. An address that is no page's leads to the first page, where
    Streamlit would say so in English; ``addresses`` are those that it knows. ``hints`` are for the heads of pages.
    """

    def __init__(
        self, app: ASGIApp, addresses: Collection[str], head: str = "", hints: Mapping[str, str] | None = None
    ) -> None:
        self.app, self.addresses, self.head, self.hints = app, frozenset(addresses), head, hints or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give a page its language and what it has to load first."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        hints = self.hints.get(scope["path"].strip("/"), "")
        send = _Rewriter(send, head=scope["method"] == "HEAD", more=self.head, hints=hints)
        if _wants_page(scope) and self._nowhere(scope["path"]):
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"/?{query}" if query else "/")(scope, receive, send)
            return
        # The page must reach us as it was written: no compression inside, no "not modified".
        plain = {b"accept-encoding", b"if-none-match", b"if-modified-since"} if _wants_page(scope) else set()
        scope = {**scope, "headers": [h for h in scope["headers"] if h[0] not in plain]}
        await self.app(scope, receive, send)

    def _nowhere(self, path: str) -> bool:
        """Whether a person's address names no page; what has a dot or a second part is a file or Streamlit's own."""
        name = path.strip("/")
        return bool(name) and not set(name) & set("./") and name not in self.addresses


def _wants_page(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


class _Rewriter:
    """Holds back an HTML answer until it is whole, then sends it with our language and title."""

    def __init__(self, send: Send, *, head: bool, more: str, hints: str) -> None:
        self.send, self.head, self.more, self.hints = send, head, more, hints
        self.start: MutableMapping[str, Any] | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if any(name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"]):
                self.start = message
                return
        elif message["type"] == "http.response.body" and self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self.start)
            return
        await self.send(message)

    async def _send_page(self, start: MutableMapping[str, Any]) -> None:
        page = _ours(self.body, self.more, self.hints)
        kept = [h for h in start["headers"] if h[0] not in (b"content-length", b"etag", b"last-modified")]
        kept.append((b"content-security-policy", policy.of_page(page)))
        length = [] if self.head else [(b"content-length", str(len(page)).encode())]  # a HEAD has no page to measure
        await self.send({**start, "headers": [*kept, *length]})
        await self.send({"type": "http.response.body", "body": page})


def _ours(page: bytes, more: str, hints: str) -> bytes:
    """Streamlit's page with our language, title, words, ``more`` in its head and word for browsers without scripts;
    ``hints`` come last in the head, after what every page needs.

    The script tells the front end where its server is; otherwise every page but the first asks at
    ``/<page>/_stcore/…`` in vain before it finds it, which costs two requests and two console errors.
    """
    page = bundle.as_scripts(page).replace(b'<html lang="en"', f'<html lang="{LANGUAGE}"'.encode(), 1)
    scripts = (
        f"{_WHERE}{own_style.SCRIPTS}{block_script.SCRIPT}{parts.script(bundle.chart(), bundle.fetch_charts())}{more}"
    )
    styles = f"{own_style.style()}<style>{blocks.style()}{parts.STYLE}</style>"
    page = page.replace(b"<title>Streamlit</title>", f"<title>{TITLE}</title>{scripts}{styles}".encode(), 1)
    page = page.replace(b"</head>", f"{hints}</head>".encode(), 1)
    return _NO_SCRIPT.sub(f"<noscript><p>{_NEEDS_SCRIPT}</p></noscript>".encode(), page, count=1)


_WHERE = '<script>window.__streamlit={BACKEND_BASE_URL:location.origin+"/"}</script>'
_NO_SCRIPT = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)
_NEEDS_SCRIPT = "這個網頁需要 JavaScript，請在瀏覽器開啟後再試。"


async def healthz(request: Request) -> Response:
    """200 once the app can serve."""
    return PlainTextResponse("ok")


def on_script_error(error: Exception) -> bool:
    """One sentence for a person; the log has the code and the traceback. True: Streamlit shows nothing more."""
    if isinstance(error, SqdashError):
        from sqdash.ui.tables import plain  # with all that writes workbooks, which a server need not have to be up

        st.error(plain(error))
        return True
    code = secrets.token_hex(4)
    _log.error("unforeseen error %s", code, exc_info=error)
    st.error(f"這個畫面發生未預期的問題（代碼 {code}），請重新整理；若再發生，請把代碼交給管理者。")
    return True


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Load the heavy libraries in the background and rehearse, so that the first visitor does not wait for that, and
    look through the store now and daily."""
    with suppress(SqdashError):
        logs.set_up(settings.load().db, "dashboard")
    ended = threading.Event()
    warm.begin()
    preparing = asyncio.create_task(_prepare(ended))
    try:
        yield
    finally:
        preparing.cancel()
        ended.set()


async def _prepare(ended: threading.Event) -> None:
    """Rehearse, and only then what takes the processor from it. Where it fails the first visitor waits longer, no more;
    why, the log says."""
    try:
        await warm.rehearse()
    except Exception as error:
        _log.error("the first page could not be drawn ahead", exc_info=error)
    threading.Thread(target=smaller.prepare, name="pack", daemon=True).start()
    threading.Thread(target=_look_through, args=(ended,), name="look-through", daemon=True).start()


def _look_through(ended: threading.Event) -> None:
    """A verdict is renewed before it is a day old: from then on a page would wait for it."""
    from sqdash.jobs import way_out  # with all of backups, which a server need not have to be up

    way_out.tell()
    while True:
        with suppress(SqdashError):  # what is wrong with the file is said on each page
            store = settings.load().db
            verdict = wholeness.renew(store)
            if not verdict.good:
                _log.error("store is damaged: %s", verdict.found)
        if ended.wait(_LOOK_EVERY.total_seconds()):
            return


def options(pages: Collection[str]) -> dict[str, Any]:
    """What ``st.App`` is made with; ``pages`` are the addresses of the menu, without the first page's.

    Streamlit takes a ``pages/`` folder beside the script for its old kind of menu until ``st.navigation`` has
    run once, so the very first visitor of ``/settings`` would get that page alone, past the frame. There is no
    option against it; a test in a browser holds this one line to its purpose.
    """
    PagesManager.uses_pages_directory = False
    promptly.hand_over_soon()
    downloads.speak()
    door.open_or_leave()
    return {
        "routes": [Route("/healthz", healthz)],
        "middleware": [
            Middleware(promptly.Promptly),
            Middleware(policy.Headers),
            Middleware(door.Door, pages=pages),
            Middleware(bounds.Bounds),
            Middleware(smaller.Smaller),
            Middleware(
                Frame,
                addresses={*pages, "healthz", oidc.BACK[1:]},
                head=door.head(),
                hints=bundle.heads(["", *pages]) if pages else {},
            ),
        ],
        "lifespan": lifespan,
        "on_script_error": on_script_error,
    }
