"""Signing in and out, the password and one's own sessions: answers to plain requests, without any screen.

Each form must come from a page of ours: by its ``Origin`` (else ``Referer``), by ``Sec-Fetch-Site`` where the browser
sends it and, once there is a session, by a token of that session.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sqdash import entrance, periods
from sqdash.entrance import Entrance, Visitor
from sqdash.errors import AccountError, SignInRefused, SqdashError
from sqdash.jobs import accounts
from sqdash.ui import oidc
from sqdash.ui import sign_in_pages as pages_of
from sqdash.ui.sign_in_forms import (
    ELSEWHERE,
    HEADERS,
    STRANGE,
    Asked,
    BadForm,
    form_of,
    from_us,
    own,
    page,
    to,
    to_first,
    told,
)
from sqdash.ui.threads import CHECKS, changing, in_thread

SESSION, PROVIDER = "/session", pages_of.PROVIDER
_MOST_WAITING = 20  # password checks at once, those that wait included
_BUSY = "同時登入的人太多，請稍候幾秒再試。"
_UNKNOWN_THERE = "單位的登入服務認得您，但這裡沒有對應的可用帳號，請洽系統管理者。"
_FAILED_THERE = "單位的登入服務沒有完成登入，請回到登入畫面再試一次。"
_OWN_PASSWORD = ("account",)


async def answer(rules: Entrance, request: Request, visitor: Visitor | None, pages: Collection[str]) -> Response:
    """The answer to a request for one of :data:`PATHS`; an expected fault is a page with its sentence."""
    asked = Asked(rules, request, visitor, pages)
    reading = request.method in ("GET", "HEAD")
    work = (_SHOWN if reading else _DONE if request.method == "POST" else {}).get(request.scope["path"])
    if work is None:
        return to("/account") if reading else told("這個網址不接受這種要求，請由儀表板的畫面操作。", 405)
    try:
        if reading:
            return await work(asked, {})
        if not from_us(asked):
            return told(STRANGE, 403)
        return await work(asked, await form_of(request))
    except BadForm as error:
        return told(str(error), error.status)
    except SqdashError as error:
        return told(str(error), 503)


# --- the session's cookie


def _with_cookie(asked: Asked, answer: Response, token: str) -> Response:
    """Hand the browser its session; with https under a name that plain http cannot set."""
    name = entrance.SECURE_COOKIE if asked.secure else entrance.COOKIE
    answer.set_cookie(name, token, path="/", secure=asked.secure, httponly=True, samesite="lax")
    return answer


def _without_cookie(answer: Response) -> Response:
    for name, secure in ((entrance.COOKIE, False), (entrance.SECURE_COOKIE, True)):
        answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


# --- signing in


async def _show_login(asked: Asked, _: Mapping[str, str]) -> Response:
    wanted = asked.next(asked.request.query_params.get("next", "/"))
    if known := asked.known():
        return to_first("/password", wanted) if known.must_change else to(wanted)
    return page(pages_of.login(wanted, public=asked.rules.people.public_viewing, provider=oidc.offered()))


async def _to_provider(asked: Asked, _: Mapping[str, str]) -> Response:
    return to(oidc.way() if oidc.offered() else "/login")


async def admit(rules: Entrance, request: Request, names: Sequence[str]) -> Response:
    """Let in somebody whom an identity provider has signed in; each name may be that of their account."""
    asked = Asked(rules, request, None, ())
    for name in names:
        opened = await changing(
            CHECKS, asked.address, partial(accounts.admit, rules.store, name, address=asked.address)
        )
        if opened:
            return _with_cookie(asked, to("/"), opened.token)
    return told(_UNKNOWN_THERE if names else _FAILED_THERE, 403 if names else 401)


async def _sign_in(asked: Asked, form: Mapping[str, str]) -> Response:
    wanted, name = asked.next(form.get("next", "/")), form.get("name", "")
    before = entrance.token_of(asked.request.cookies, asked.rules.people)

    def work() -> accounts.Opened:
        opened = accounts.sign_in(asked.rules.store, name, form.get("password", ""), address=asked.address)
        if before:
            accounts.sign_out(asked.rules.store, before)
        return opened

    try:
        opened = await _checking(asked, work)
    except SignInRefused as error:
        return _refused(error, pages_of.login(wanted, name, str(error), provider=oidc.offered()))
    onward = to_first("/password", wanted) if opened.must_change else to(wanted)
    return _with_cookie(asked, onward, opened.token)


def _refused(error: SignInRefused, body: str) -> Response:
    """401, or 429 with the waiting time while the account is locked."""
    if error.until is None:
        return page(body, 401)
    wait = max(1, int((error.until - periods.now()).total_seconds()) + 1)
    return page(body, 429, **{"retry-after": str(wait)})


_waiting = 0


async def _checking(asked: Asked, work: Callable[[], accounts.Opened]) -> accounts.Opened:
    """Check a password beside the loop; a crowd is turned away before it fills the memory."""
    global _waiting  # one loop serves all requests
    if _waiting >= _MOST_WAITING:
        raise BadForm(503, _BUSY)
    _waiting += 1
    try:
        return await changing(CHECKS, asked.address, work)
    finally:
        _waiting -= 1


# --- the password


async def _show_password(asked: Asked, _: Mapping[str, str]) -> Response:
    known = asked.known()
    if known is None:
        return to("/login")
    if known.person.how not in _OWN_PASSWORD:
        return to("/account")
    wanted = asked.next(asked.request.query_params.get("next", "/"))
    return page(pages_of.password(entrance.form_token(known.token), wanted, forced=known.must_change))


async def _change_password(asked: Asked, form: Mapping[str, str]) -> Response:
    known = own(asked, form)
    if known.person.how not in _OWN_PASSWORD:
        return told(ELSEWHERE, 409)
    old, new, again = (form.get(field, "") for field in ("old", "new", "again"))
    wanted = asked.next(form.get("next", "/"))
    again_page = partial(pages_of.password, entrance.form_token(known.token), wanted, forced=known.must_change)
    if new != again:
        return page(again_page(refused="兩次輸入的新密碼不一樣，請重新輸入。"), 400)
    try:
        opened = await _checking(asked, lambda: accounts.change_password(asked.rules.store, known.token, old, new))
    except AccountError as error:
        return page(again_page(refused=str(error)), 400)
    except SignInRefused as error:
        return _refused(error, again_page(refused=str(error)))
    return _with_cookie(asked, to(wanted), opened.token)


# --- signing out, and what one's account is


async def _sign_out(asked: Asked, form: Mapping[str, str]) -> Response:
    known = own(asked, form)
    await changing(CHECKS, asked.address, lambda: accounts.sign_out(asked.rules.store, known.token))
    return _without_cookie(page(pages_of.signed_out()))


async def _sign_out_everywhere(asked: Asked, form: Mapping[str, str]) -> Response:
    known = own(asked, form)
    name, by = known.person.name, known.person.signature
    await changing(CHECKS, asked.address, lambda: accounts.sign_out_everywhere(asked.rules.store, name, by=by))
    return _without_cookie(page(pages_of.signed_out(everywhere=True)))


async def _show_account(asked: Asked, _: Mapping[str, str]) -> Response:
    known = asked.known()
    if known is None or known.must_change:
        return to("/password" if known else "/login?next=/account")
    open_ones = await in_thread(accounts.sessions, asked.rules.store, known.person.name)
    return page(pages_of.account(known.person, open_ones, entrance.form_token(known.token), own=bool(known.token)))


async def _show_session(asked: Asked, _: Mapping[str, str]) -> Response:
    """Whether the page that asks may stay as it is."""
    good = asked.visitor is not None and not asked.visitor.must_change
    return JSONResponse({"open": good}, 200 if good else 401, headers=HEADERS)


_Work = Callable[[Asked, Mapping[str, str]], Awaitable[Response]]
_SHOWN: Mapping[str, _Work] = {
    "/login": _show_login,
    PROVIDER: _to_provider,
    "/password": _show_password,
    "/account": _show_account,
    SESSION: _show_session,
}
_DONE: Mapping[str, _Work] = {
    "/login": _sign_in,
    "/password": _change_password,
    "/logout": _sign_out,
    "/logout-everywhere": _sign_out_everywhere,
}
PATHS = frozenset({*_SHOWN, *_DONE})
"""Every path of our own at the door."""
