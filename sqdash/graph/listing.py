"""A page's posts, list call by list call, by Graph's cursors.

The end is where there is no ``next``: short and empty pages with one are normal, and ``cursors.after`` stands on the
last page too. Of ``next`` only ``after`` is taken, because the rest of that URL holds the token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from sqdash.errors import BadField, PermissionMissing, TooMuchData, Unreadable
from sqdash.graph.answers import PostNode, read_post, wrong
from sqdash.graph.failures import Asked
from sqdash.graph.fields import Fields
from sqdash.graph.transport import Transport

MOST = 100
"""Posts a list call may ask for."""


def list_posts(
    transport: Transport, fields: Fields, page_id: str, since: datetime | None, until: datetime | None, limit: int
) -> Iterator[tuple[PostNode, ...]]:
    """One tuple a call, without posts that an earlier call gave or that were published outside the span."""
    cursors: set[str] = set()
    given: set[str] = set()
    params = {"limit": str(max(1, min(limit, MOST)))}
    params |= {name: str(int(at.timestamp())) for name, at in (("since", since), ("until", until)) if at}
    for _ in range(transport.bounds.pages):
        answer = _call(transport, fields, page_id, params)
        yield tuple(_fresh(answer, fields, given, since, until))
        after = next_cursor(answer, transport.access.base_url)
        if after is None:
            return
        if after in cursors:
            raise Unreadable("Meta 的分頁一再回到同一頁，已停止擷取，請稍後再更新。")
        cursors.add(after)
        params["after"] = after
    raise Unreadable(f"Meta 的分頁超過 {transport.bounds.pages:,} 頁仍未結束，已停止擷取，請通知維護人員。")


def next_cursor(answer: Mapping[str, Any], base_url: str) -> str | None:
    """The ``after`` of ``paging.next``, None on the last page; :class:`Unreadable` if ``next`` leads elsewhere."""
    paging = answer.get("paging")
    url = paging.get("next") if isinstance(paging, dict) else None
    if url is None:
        return None
    if not isinstance(url, str):
        raise wrong("paging.next")
    try:
        ours, theirs = urlsplit(base_url), urlsplit(url)
        same = (ours.scheme, ours.hostname, ours.port) == (theirs.scheme, theirs.hostname, theirs.port)
        same = same and "@" not in theirs.netloc
    except ValueError:
        same = False
    if not same:
        raise Unreadable("Meta 的下一頁指向別的主機，沒有採用，請檢查網路後再更新。")
    after = parse_qs(theirs.query).get("after")
    if not after:
        raise wrong("paging.next")
    return after[-1]


def _call(transport: Transport, fields: Fields, page_id: str, params: dict[str, str]) -> Mapping[str, Any]:
    """One list call; asks for fewer posts or fields where Graph wants it, and keeps to that for the next."""
    path, asked = f"{quote(page_id, safe='')}/published_posts", Asked(page_id)
    while True:
        try:
            return transport.get(path, {"fields": fields.text, **params}, asked)
        except TooMuchData:
            if params["limit"] == "1":
                raise
            params["limit"] = str(int(params["limit"]) // 2)
        except (BadField, PermissionMissing) as error:
            if not fields.give_up(error):
                fields.take_back()
                raise


def _fresh(
    answer: Mapping[str, Any], fields: Fields, given: set[str], since: datetime | None, until: datetime | None
) -> Iterator[PostNode]:
    rows = answer.get("data")
    if not isinstance(rows, list):
        raise wrong("data")
    for row in rows:
        post = read_post(row, fields.names)
        in_span = (since is None or post.created_at >= since) and (until is None or post.created_at <= until)
        if in_span and post.id not in given:
            yield post
        given.add(post.id)
