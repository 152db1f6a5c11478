"""What comes to the door and how it is answered: a form of ours or none, a page of ours, a way on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sqdash import entrance
from sqdash.entrance import Entrance, Visitor
from sqdash.ui import sign_in_pages as pages_of

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": pages_of.POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
STRANGE = "這個要求不是由本站的表單送出，已經拒絕，請回到登入畫面再試一次。"
ELSEWHERE = "您由單位的登入服務登入，請在該服務登出或更換密碼。"
_MOST = 8192  # bytes of a form


@dataclass(frozen=True, slots=True)
class Asked:
    """One request at the door and what is known of it."""

    rules: Entrance
    request: Request
    visitor: Visitor | None
    pages: Collection[str]

    @property
    def address(self) -> str:
        """From where it came; empty where that is not known."""
        return self.request.client.host if self.request.client else ""

    @property
    def secure(self) -> bool:
        """Whether it came by https."""
        return self.rules.people.https or self.request.scope.get("scheme") == "https"

    def known(self) -> Visitor | None:
        """Who has said who they are; where viewing is public, not just anybody."""
        return self.visitor if self.visitor and self.visitor.person.how != "public" else None

    def next(self, text: str) -> str:
        """Where to go on, as far as that is a page of ours."""
        return entrance.own_path(text, {*self.pages, "account"})


class BadForm(Exception):
    """A form that no page of ours sends; the sentence and the status."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status = status
        super().__init__(sentence)


def from_us(asked: Asked) -> bool:
    """Whether a form comes from a page of ours, as far as the browser says."""
    headers = asked.request.headers
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = headers.get("origin") or headers.get("referer")
    return entrance.own_origin(asked.rules, origin, headers.get("host"))


async def form_of(request: Request) -> Mapping[str, str]:
    """The fields of a form, each once."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise BadForm(415, STRANGE)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST:
            raise BadForm(413, "送出的內容太長，請回到上一頁縮短後再試。")
    try:
        fields = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", encoding="utf-8", max_num_fields=10
        )
    except ValueError:
        raise BadForm(400, STRANGE) from None
    if len(dict(fields)) < len(fields):
        raise BadForm(400, STRANGE)
    return dict(fields)


def own(asked: Asked, form: Mapping[str, str]) -> Visitor:
    """Who sends a form of their own session."""
    known = asked.known()
    if known is None:
        raise BadForm(401, "您的登入已結束，請重新登入。")
    if not known.token:
        raise BadForm(409, ELSEWHERE)
    if not entrance.form_fits(known.token, form.get("form", "")):
        raise BadForm(403, STRANGE)
    return known


def to(path: str) -> Response:
    """The browser asks for another page of ours."""
    return RedirectResponse(path, 303, headers=HEADERS)


def to_first(step: str, wanted: str) -> Response:
    """The way to a page of the door that comes before the page that is wanted, and from there on to it."""
    return to(step if wanted == "/" else f"{step}?next={quote(wanted, safe='/')}")


def asked_for(request: Request) -> str:
    """The page that is asked for, with its query."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def page(body: str, status: int = 200, **headers: str) -> Response:
    """A page of the door, with its headers."""
    return HTMLResponse(body, status, headers=HEADERS | headers)


def told(sentence: str, status: int) -> Response:
    """A page that says one sentence."""
    return page(pages_of.sentence(sentence), status)
