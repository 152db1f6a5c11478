"""The door in front of everything that is served: HTTP, uploads, downloads and the live connection of a screen.

Whoever has no session gets the pages of :mod:`sqdash.ui.sign_in` and ``/healthz``; any other path, known or not, is
refused. At the one desk of a machine nobody signs in, and what comes through a proxy is refused. The rules are in
:mod:`sqdash.entrance`; here they meet requests.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from sqdash import entrance
from sqdash.entrance import Entrance, Visitor
from sqdash.errors import SqdashError
from sqdash.people import HERE, Action, Person
from sqdash.ui import bounds, oidc, sign_in, sign_in_forms, watched
from sqdash.ui.threads import in_thread

HEALTH = "/healthz"
ACCOUNT = "x-sqdash-visitor"
"""Header by which Streamlit learns whose live connection it is, so that it resumes nobody else's screen."""
CLAIM = "visitor"
"""Under which Streamlit keeps what that header said."""
READING = ("GET", "HEAD")
UNKNOWN = "請先登入再使用，或重新整理這個網頁。"
ELSEWHERE = "這個主機名稱不在允許的名單上，請改用公告的網址，或請管理者以 SQDASH_ALLOWED_HOSTS 加入。"
FOREIGN = "這個要求來自別的網站，已經拒絕，請直接開啟儀表板的網址。"
NOT_YOUR_SCREEN = "這個畫面不是由您的登入開啟的，請重新整理這個網頁後再上傳。"
NOT_YOURS = "您的帳號不能上傳檔案，需要時請洽系統管理者。"
FIRST_PASSWORD = "請先更換密碼，再繼續使用。"  # noqa: S105 - a sentence
WATCH = (
    "<script>(()=>{"
    'const look=()=>fetch("/session",{cache:"no-store"}).then(a=>{if(a.status===401)location.reload()}).catch(()=>{});'
    "const Socket=window.WebSocket;"
    'window.WebSocket=class extends Socket{constructor(...a){super(...a);this.addEventListener("close",look)}};'
    'document.addEventListener("visibilitychange",()=>{if(!document.hidden)look()});'
    'addEventListener("pageshow",e=>{if(e.persisted)look()});'
    "setInterval(look,60000)})()</script>"
)
"""In the page itself: once its session has ended, the browser is led to the door by asking for the page anew."""


def rules() -> Entrance:
    """The rules in force for the address that this server listens on; :class:`SettingsError` where unclear."""
    return entrance.current(config.get_option("server.address"), config.get_option("server.allowedHosts"))


def person(rules: Entrance, cookies: Mapping[str, str], headers: Mapping[str, str], address: str | None) -> Person:
    """Who sits in front of the screen that is being drawn; :class:`NotAllowed` where that is nobody any more.

    Streamlit knows no address of whoever sits at the server's own machine; a command has none in the audit log.
    """
    return entrance.person(rules, cookies, headers, address or HERE)


def open_or_leave() -> None:
    """Before the server listens: where others could reach it unguarded it ends with one sentence and exit code 1."""
    try:
        found = rules()
        entrance.require_guarded(found)
        oidc.require_usable()
    except SqdashError as error:
        print(error, file=sys.stderr, flush=True)
        sys.exit(1)
    config.set_option("server.allowedHosts", sorted(found.hosts))
    config.set_option("server.trustedUserHeaders", {ACCOUNT: CLAIM})


def head() -> str:
    """What the page itself needs in its head: nothing at a desk, where no session ends."""
    return WATCH if rules().signs_in else ""


class Door:
    """ASGI middleware in front of all other; ``pages`` are the addresses of the menu, without the first page's."""

    def __init__(self, app: ASGIApp, pages: Collection[str]) -> None:
        self.app, self.pages = app, frozenset({"", *pages})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask who it is before anything else sees the request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connection(scope, receive, send)

    # --- requests

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            found = rules()
            if _asks_for_health(found, scope):
                await self.app(_without_claims(scope, None), receive, send)
                return
            scope = _placed(_without_claims(scope, found), found)
            answer = await self._refusal(found, scope, receive)
        except SqdashError as error:
            answer = refuse(503, str(error))
        if answer:
            await answer(scope, receive, send)
        else:
            await self.app(scope, receive, send if not found.signs_in else _private(scope, send))

    async def _refusal(self, found: Entrance, scope: Scope, receive: Receive) -> Response | None:
        """The answer to a request that goes no further; None lets it in."""
        request = Request(scope, receive)
        host, origin = request.headers.get("host"), request.headers.get("origin")
        if not found.knows(host):
            return refuse(403, ELSEWHERE)
        if request.method not in READING and origin is not None and not entrance.own_origin(found, origin, host):
            return refuse(403, FOREIGN)
        if not found.signs_in:
            return self._at_a_desk(request)
        visitor = await _visitor(found, request, touch=self._is_activity(request))
        if request.scope["path"] in sign_in.PATHS:
            return await sign_in.answer(found, request, visitor, self.pages)
        if request.scope["path"] in (oidc.LOGIN, oidc.BACK) and request.method == "GET" and oidc.offered():
            return await self._at_a_provider(found, request)
        return self._without_right(request, visitor)

    async def _at_a_provider(self, found: Entrance, request: Request) -> Response | None:
        """On the way there Streamlit answers; on the way back a session of ours takes the place of its own."""
        if request.scope["path"] == oidc.LOGIN:
            return None
        names, headers = await oidc.back(self.app, request.scope, request.receive)
        answer = await sign_in.admit(found, request, names)
        answer.raw_headers.extend(headers)
        return answer

    def _at_a_desk(self, request: Request) -> Response | None:
        if entrance.forwarded(request.headers.keys()):
            return refuse(403, entrance.BEHIND_A_PROXY)
        return sign_in_forms.to("/") if request.scope["path"] in sign_in.PATHS else None

    def _without_right(self, request: Request, visitor: Visitor | None) -> Response | None:
        reading = request.method in READING
        if visitor is None or (visitor.person.how == "public" and not reading):
            return self._before(request, "/login") or refuse(401, UNKNOWN)
        if visitor.must_change:
            return self._before(request, "/password") or refuse(403, FIRST_PASSWORD)
        if not reading and not visitor.person.may(Action.ENTER):
            return refuse(403, NOT_YOURS)
        screen = bounds.UPLOAD.fullmatch(request.scope["path"])
        if not reading and screen and not watched.may_be_of(screen[1], {CLAIM: visitor.mark}):
            return refuse(403, NOT_YOUR_SCREEN)
        return None

    def _before(self, request: Request, step: str) -> Response | None:
        """The way by that page of the door to the screen that is asked for; none for what only belongs to one."""
        return sign_in_forms.to_first(step, sign_in_forms.asked_for(request)) if self._is_page(request) else None

    def _is_page(self, request: Request) -> bool:
        """Whether a person asks for a screen, and not a program for something that belongs to one."""
        return request.method in READING and not set(request.scope["path"][1:]) & set("./")

    def _is_activity(self, request: Request) -> bool:
        """Files and pictures of a screen that redraws itself are none."""
        page = self._is_page(request) and request.scope["path"] != sign_in.SESSION
        return page or request.method not in READING

    # --- the live connection

    async def _connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            found = rules()
            scope = _placed(_without_claims(scope, found), found)
            visitor = await self._let_in(found, scope)
        except SqdashError:
            visitor = None
        if visitor is None:
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: answered with 403
        elif not found.signs_in:
            await self.app(scope, receive, send)
        else:
            scope = {**scope, "headers": [*scope["headers"], (ACCOUNT.encode(), visitor.mark.encode())]}
            await watched.serve(self.app, scope, receive, send, lambda touch: _still(scope, visitor, touch))

    async def _let_in(self, found: Entrance, scope: Scope) -> Visitor | None:
        asked = HTTPConnection(scope)
        host, origin = asked.headers.get("host"), asked.headers.get("origin")
        if not found.knows(host) or not (origin is None or entrance.own_origin(found, origin, host)):
            return None
        visitor = await _visitor(found, asked)
        return None if visitor is None or visitor.must_change else visitor


def _asks_for_health(found: Entrance, scope: Scope) -> bool:
    """Whether somebody asks, by a name of this server, if it is up: that is everybody's."""
    reading = scope["path"] == HEALTH and scope["method"] in READING
    return reading and found.knows(HTTPConnection(scope).headers.get("host"))


async def _still(scope: Scope, before: Visitor, touch: bool) -> bool:
    """Whether a live connection is still that of the person who opened it."""
    try:
        now = await _visitor(rules(), HTTPConnection(scope), touch=touch)
    except SqdashError:
        return False
    return now is not None and not now.must_change and now.mark == before.mark


async def _visitor(found: Entrance, asked: HTTPConnection, *, touch: bool = False) -> Visitor | None:
    address = asked.client.host if asked.client else ""
    return await in_thread(entrance.visitor, found, asked.cookies, dict(asked.headers), address, touch=touch)


def _without_claims(scope: Scope, found: Entrance | None) -> Scope:
    """The request without headers by which somebody claims to be somebody: ours, and the proxy's where there is none
    to trust or where it came twice."""
    named = found.people.trusted_user_header if found else None
    claims = [name for name, _ in scope["headers"] if named and name == named.encode()]
    dropped = {ACCOUNT.encode()}
    if named and (found is None or not found.loopback or len(claims) > 1):
        dropped.add(named.encode())
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name not in dropped]}


def _placed(scope: Scope, found: Entrance) -> Scope:
    """The request with the person's address in place of the proxy's, for the door and for Streamlit alike."""
    if not scope.get("client"):
        return scope
    host, port = scope["client"]
    said = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
    return {**scope, "client": (entrance.address_of(found, host, said), port)}


def _private(scope: Scope, send: Send) -> Send:
    """Answers of a session are kept by nobody; the parts of Streamlit's own bundle are the same for everybody."""
    if scope["path"].startswith("/static/"):
        return send

    async def kept_by_nobody(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: list[Any] = [h for h in message["headers"] if h[0].lower() != b"cache-control"]
            message = {**message, "headers": [*headers, (b"cache-control", b"no-store")]}
        await send(message)

    return kept_by_nobody


def refuse(status: int, sentence: str) -> Response:
    """One sentence in plain text, kept by nobody."""
    return PlainTextResponse(sentence, status, headers=sign_in_forms.HEADERS)
