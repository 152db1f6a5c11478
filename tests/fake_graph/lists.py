"""The list of a page's posts: order, limits, cursors and links, with the oddities that can be switched on."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.fake_graph import errors, insights
from tests.fake_graph.calls import NOTHING, Call
from tests.fake_graph.errors import Refused
from tests.fake_graph.links import here
from tests.fake_graph.posts import Post, Posts
from tests.fake_graph.ranking import ranked
from tests.fake_graph.world import World

MOST_LIMIT, USUAL_LIMIT = 100, 25
EMPTY: Mapping[str, Any] = {}
Order = Sequence[int]


def posts_page(world: World, call: Call, posts: Posts, base_url: str, node: Callable[[Post], str]) -> str:
    """One page of the list as JSON, each post drawn by ``node``."""
    now = world.now
    posts.advance(now)
    limit = _limit(call)
    order = _order(world, call, posts, now)
    start, salt = _start(call.query, order, limit)
    taken: list[Post] = []
    stop = start
    if "empty_page" not in call.quirks:
        while stop < len(order) and len(taken) < limit:
            post = posts.all[order[stop]]
            if post.id not in posts.deleted:
                taken.append(post)
            stop += 1
    data = ",".join([node(post) for post in taken])
    paging = ""
    if stop > start or call.quirks:
        more = any(posts.all[n].id not in posts.deleted for n in order[stop:])
        paging = ',"paging":' + json.dumps(_paging(call, base_url, order, start, stop, salt, more))
    return '{"data":[' + data + "]" + paging + "}"


def cursor(place: int, salt: int = 0) -> str:
    """An opaque text for a post's place; the salt makes two texts for one place."""
    return "QVFI" + urlsafe_b64encode(f"{place}.{salt}".encode()).decode()


def _limit(call: Call) -> int:
    given = call.query.get("limit", str(USUAL_LIMIT))
    if not given.isdigit() or not 1 <= int(given) <= MOST_LIMIT:
        raise Refused(errors.bad_parameter(f"limit must be a number between 1 and {MOST_LIMIT}"))
    return int(given)


def _order(world: World, call: Call, posts: Posts, now: int) -> Order:
    """The places of the posts to list: newest first, or ranked; within since and until unless switched off."""
    asked = EMPTY if "since_ignored" in call.quirks else call.query
    low = bisect_left(posts.created, insights.moment(asked["since"])) if "since" in asked else 0
    high = posts.count_at(min(now, insights.moment(asked["until"])) if "until" in asked else now)
    if "ranked" in call.quirks:
        return [n for n in ranked(world.seed, high) if n >= low]
    return range(high - 1, low - 1, -1)


def _start(query: Mapping[str, str], order: Order, limit: int) -> tuple[int, int]:
    """Where in the order the page begins, and the salt of the cursor that says so."""
    given = query.get("after") or query.get("before")
    if given is None:
        return 0, 0
    try:
        n, salt = (int(part) for part in urlsafe_b64decode(given.removeprefix("QVFI")).split(b"."))
    except ValueError:
        raise Refused(errors.bad_parameter("Invalid cursors values")) from None
    if n < 0:
        return 0, salt
    place = _place(order, n)
    return (place + 1 if "after" in query else max(0, place - limit)), salt


def _place(order: Order, n: int) -> int:
    """Where in the order the n-th post stands, or would stand had since not left it out."""
    if isinstance(order, range):
        return max(-1, order.start - n)
    return order.index(n) if n in order else -1


def _paging(call: Call, base_url: str, order: Order, start: int, stop: int, salt: int, more: bool) -> dict[str, Any]:
    quirks = call.quirks
    before, after = (cursor(order[start], salt) if start < len(order) else ""), _after(order, stop, salt)
    if "empty_page" in quirks or "endless_next" in quirks:
        after, more = _after(order, stop, salt + 1), True
    if "repeated_cursor" in quirks:
        after, more = _after(order, min(call.limit, len(order)), 0), True
    url = here(base_url, call, keep=("since", "until"))
    paging: dict[str, Any] = {"cursors": {"before": before, "after": after}}
    if more:
        host = quirks.get("foreign_next", NOTHING).get("host", "graph.elsewhere.example")
        foreign = url.replace(base_url, f"https://{host}", 1) if "foreign_next" in quirks else url
        paging["next"] = f"{foreign}&after={after}"
    if start:
        paging["previous"] = f"{url}&before={before}"
    return paging


def _after(order: Order, stop: int, salt: int) -> str:
    """The cursor behind the ``stop`` first of the order; before the first one it names a place that is in none."""
    return cursor(order[min(stop, len(order)) - 1] if stop and order else -1, salt)
