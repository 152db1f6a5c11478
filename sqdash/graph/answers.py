"""What Graph's JSON says, as values of our own: nodes and the token's state. Reads, never asks.

Ids stay texts (they exceed 2**53), moments become aware UTC. Absent, refused and 0 are three things: a count is None
where Graph does not give it; only ``shares`` is 0 when asked for and left out, as Graph does when nobody shared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple

from sqdash.errors import GraphError, Unreadable
from sqdash.graph.fields import COLUMNS, given_by
from sqdash.unseen import CONTROL

Status = Literal["ok", "empty", "not_served", "not_permitted", "error"]
SCOPES = {
    "pages_show_list": "列出所管理的專頁",
    "pages_read_engagement": "讀取專頁人數與貼文",
    "pages_read_user_content": "讀取心情與留言數",
    "read_insights": "讀取每日數據與觸及、瀏覽、點擊",
}
"""The permissions that a pull needs, and what for."""
_HALF = re.compile(r"[\ud800-\udfff]")
_BEYOND = 2**63
"""SQLite's integers end before it."""
_MEDIA = {"photo": "相片", "album": "相片", "video": "影片", "link": "連結", "event": "活動"}
_STATUS = {
    "added_photos": "相片",
    "added_video": "影片",
    "created_event": "活動",
    "shared_story": "分享",
    "mobile_status_update": "文字",
    "wall_post": "文字",
}


@dataclass(frozen=True, slots=True)
class PageNode:
    """A page now; counts are None where not given, ``given`` are the names that the answer held."""

    id: str
    name: str | None
    username: str | None
    link: str | None
    fans: int | None
    followers: int | None
    talking_about: int | None
    is_published: bool | None
    given: frozenset[str]


class PostNode(NamedTuple):
    """A post and its figures now; ``type`` in our words (相片, 影片, 連續短片, 連結, 文字, 活動, 分享, 其他).

    ``given`` are the columns of ours that the fields asked for could give: the others are not known to have changed.
    """

    id: str
    created_at: datetime
    updated_at: datetime | None
    message: str | None
    permalink: str | None
    type: str
    status_type: str | None
    is_published: bool | None
    likes: int | None
    reactions: int | None
    comments: int | None
    shares: int | None
    given: frozenset[str] = COLUMNS


class Outcome(NamedTuple):
    """What became of one metric: of a page ``days`` (Pacific labels), of a post ``value``; ``error`` is why not.

    ``days`` may hold what was read before an error stopped the rest.
    """

    metric: str
    period: str
    status: Status
    days: tuple[tuple[date, int | None], ...] = ()
    value: int | None = None
    error: GraphError | None = None


@dataclass(frozen=True, slots=True)
class TokenState:
    """What Graph says of the token; no moment means never. ``missing`` are those of :data:`SCOPES` not granted."""

    valid: bool
    type: str
    expires_at: datetime | None
    data_access_expires_at: datetime | None
    scopes: tuple[str, ...]
    missing: tuple[str, ...]


def wrong(where: str) -> Unreadable:
    """The error for an answer whose ``where`` is not as Graph answers."""
    return Unreadable(f"Meta 的回覆中「{where}」的形式無法辨識，沒有採用，請通知維護人員。")


def read_page(data: Mapping[str, Any]) -> PageNode:
    """A page from its node; :class:`Unreadable` without an id or with a count that is none."""
    return PageNode(
        id=_id(data),
        name=_text(data, "name"),
        username=_text(data, "username"),
        link=_text(data, "link"),
        fans=_count(data, "fan_count"),
        followers=_count(data, "followers_count"),
        talking_about=_count(data, "talking_about_count"),
        is_published=_flag(data, "is_published"),
        given=frozenset(data),
    )


def read_post(data: Any, asked: frozenset[str]) -> PostNode:
    """A post from its node; ``asked`` are the names of the fields asked for."""
    if not isinstance(data, dict):
        raise wrong("data")
    created = moment(data.get("created_time"), "created_time")
    updated = data.get("updated_time")
    message, permalink, status_type = _text(data, "message"), _text(data, "permalink_url"), _text(data, "status_type")
    shares = data.get("shares")
    return PostNode(
        _id(data),
        created,
        None if updated is None else moment(updated, "updated_time"),
        message,
        permalink,
        _type(data, permalink or "", status_type or "", message),
        status_type,
        _flag(data, "is_published"),
        _total(data, "like"),
        _total(data, "reactions"),
        _total(data, "comments"),
        (0 if "shares" in asked else None) if shares is None else _count(_mapping(shares, "shares"), "count"),
        given_by(asked),
    )


def read_token(data: Mapping[str, Any]) -> TokenState:
    """The state of a token from ``debug_token``; :class:`Unreadable` when the answer says nothing of it."""
    state = _mapping(data.get("data"), "data")
    scopes = state.get("scopes", [])
    if not isinstance(state.get("is_valid"), bool) or not isinstance(scopes, list):
        raise wrong("debug_token")
    granted = tuple(str(scope) for scope in scopes)
    return TokenState(
        valid=state["is_valid"],
        type=_text(state, "type") or "",
        expires_at=_second(state, "expires_at"),
        data_access_expires_at=_second(state, "data_access_expires_at"),
        scopes=granted,
        missing=tuple(scope for scope in SCOPES if scope not in granted),
    )


def moment(value: Any, where: str) -> datetime:
    """``2026-11-20T02:15:00+0000`` as an aware UTC moment."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise wrong(where) from None
    if found.tzinfo is None:
        raise wrong(where)
    return found if found.tzinfo is UTC else found.astimezone(UTC)


def clean_text(text: str) -> str:
    """Text that every store can hold: control and direction characters and halves of a cut emoji become blanks."""
    return text if text.isprintable() else _HALF.sub(" ", CONTROL.sub(" ", text))


def _type(data: Mapping[str, Any], permalink: str, status_type: str, message: str | None) -> str:
    """By the permalink, then by what is attached, then by the status type, then by there being a text."""
    if "/reel/" in permalink:
        return "連續短片"
    attached = data.get("attachments")
    if attached is not None:
        entries = _mapping(attached, "attachments").get("data")
        first = entries[0] if isinstance(entries, list) and entries else {}
        media = first.get("media_type") if isinstance(first, dict) else None
        if found := _MEDIA.get(str(media)):
            return found
    return _STATUS.get(status_type) or ("文字" if message and not attached else "其他")


def _id(data: Mapping[str, Any]) -> str:
    found = data.get("id")
    if not isinstance(found, str) or not found:
        raise wrong("id")
    return found


def _text(data: Mapping[str, Any], name: str) -> str | None:
    found = data.get(name)
    if found is None or found == "":
        return None
    if not isinstance(found, str):
        raise wrong(name)
    return clean_text(found)


def _flag(data: Mapping[str, Any], name: str) -> bool | None:
    found = data.get(name)
    if found is not None and not isinstance(found, bool):
        raise wrong(name)
    return found


def number(value: Any, where: str) -> int:
    """A whole number from 0 on that a column can hold; a bool, a text or a fraction is none."""
    whole = type(value) is int or (type(value) is float and value.is_integer())
    if not whole or not 0 <= value < _BEYOND:
        raise wrong(where)
    return int(value)


def _count(data: Mapping[str, Any], name: str) -> int | None:
    found = data.get(name)
    return None if found is None else number(found, name)


def _total(data: Mapping[str, Any], name: str) -> int | None:
    """``summary.total_count`` of an edge; None where the edge or its summary is not given."""
    edge = data.get(name)
    if edge is None:
        return None
    summary = _mapping(edge, name).get("summary")
    return None if summary is None else _count(_mapping(summary, name), "total_count")


def _second(data: Mapping[str, Any], name: str) -> datetime | None:
    found = number(data.get(name, 0), name)
    try:
        return datetime.fromtimestamp(found, UTC) if found else None
    except (OverflowError, OSError, ValueError):
        raise wrong(name) from None


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise wrong(where)
    return value
