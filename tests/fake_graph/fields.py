"""``fields`` as Graph reads it, and the nodes it gives: a page, a post.

Each distinct list of fields is read once into small functions, one a field; a node is their fragments joined.
Only what was asked for comes back, the id always; what is unset is absent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from json import dumps

from tests.fake_graph.clocks import graph_time
from tests.fake_graph.errors import Refused, bad_field, bad_parameter
from tests.fake_graph.metrics import REACTION_KEYS
from tests.fake_graph.posts import Figures, Post
from tests.fake_graph.world import Page, World

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
NAMES = ("id", "name", "username", "link", "category", "about", "picture", "access_token")
COUNTS = ("fan_count", "followers_count", "talking_about_count")
PAGE_FIELDS = (*NAMES, *COUNTS, "verification_status", "is_published")
STATUS = {"photo": "added_photos", "album": "added_photos", "video": "added_video", "event": "created_event"}
TITLES = {"photo": "照片", "album": "相簿", "video": "影片", "link": "連結 ↗", "event": "活動"}


@dataclass(frozen=True)
class Field:
    """``reactions.type(LIKE).limit(0).as(like)`` or ``attachments{media_type}`` taken apart."""

    name: str
    modifiers: tuple[tuple[str, str], ...] = ()
    inner: tuple[Field, ...] = ()

    def modifier(self, name: str) -> str | None:
        return dict(self.modifiers).get(name)

    @property
    def key(self) -> str:
        return self.modifier("as") or self.name


@lru_cache(maxsize=256)
def read(text: str) -> tuple[Field, ...]:
    """The fields named by the parameter; raises Refused for what Graph cannot read."""
    found, end = _list(text.replace(" ", ""), 0)
    if end != len(text.replace(" ", "")):
        raise Refused(bad_parameter(f"Syntax error at character {end}: {text}"))
    return tuple(found)


def _list(text: str, at: int) -> tuple[list[Field], int]:
    found: list[Field] = []
    while match := NAME.match(text, at):
        one, at = _modifiers(text, Field(match[0]), match.end())
        if at < len(text) and text[at] == "{":
            inner, at = _list(text, at + 1)
            one, at = replace(one, inner=tuple(inner)), _past(text, at, "}")
        found.append(one)
        if at >= len(text) or text[at] != ",":
            break
        at += 1
    return found, at


def _modifiers(text: str, one: Field, at: int) -> tuple[Field, int]:
    while at < len(text) and text[at] == "." and (match := NAME.match(text, at + 1)):
        start = _past(text, match.end(), "(")
        end = text.find(")", start)
        at = _past(text, end, ")")
        one = replace(one, modifiers=(*one.modifiers, (match[0], text[start:end])))
    return one, at


def _past(text: str, at: int, sign: str) -> int:
    if not 0 <= at < len(text) or text[at] != sign:
        raise Refused(bad_parameter(f"Syntax error: expected {sign} at character {at}"))
    return at + 1


# --- a page


def page_node(world: World, page: Page, fields: str | None) -> str:
    """The page as JSON; without fields its id and name, as Graph does."""
    asked = read(fields or "id,name")
    for one in asked:
        if one.name not in PAGE_FIELDS:
            raise Refused(bad_field(one.name, "Page"))
    now = world.now
    values = {
        "id": page.id,
        "name": page.name,
        "username": page.username,
        "link": f"https://www.facebook.com/{page.username or page.id}",
        "category": "Government organization",
        "about": "檢驗與度量衡,就在你身邊 🔍",
        "fan_count": world.fans(page, now),
        "followers_count": world.followers(page, now),
        "talking_about_count": world.fans(page, now) // 40,
        "verification_status": "blue_verified",
        "is_published": page.is_published,
        "picture": {
            "data": {"height": 50, "is_silhouette": False, "url": "https://scontent.example/p.png", "width": 50}
        },
        "access_token": world.token if page.own else None,
    }
    names = {one.name for one in asked} | {"id"}
    return dumps({name: values[name] for name in PAGE_FIELDS if name in names and values[name] is not None})


# --- a post

Part = Callable[[Post, Figures, int], str | None]


@lru_cache(maxsize=256)
def post_parts(fields: str | None) -> tuple[Part, ...]:
    """Functions that each give ``"key":value`` of a post, or None where that is absent."""
    asked = read(fields or "id,created_time,message,story")
    return tuple(_part(one) for one in asked if one.name not in ("id", "insights"))


def post_node(post: Post, figures: Figures, at: int, parts: Iterable[Part], more: str = "") -> str:
    """The post as JSON; ``more`` is put in as it is."""
    given = [text for part in parts if (text := part(post, figures, at)) is not None]
    if more:
        given.append(more)
    given.append(f'"id":"{post.id}"')
    return "{" + ",".join(given) + "}"


def _part(one: Field) -> Part:
    if one.name in ("reactions", "likes"):
        return _reactions(one)
    if one.name == "comments":
        return _comments(one)
    if one.name == "attachments":
        return _attachments(one)
    make = PLAIN.get(one.name)
    if make is None:
        raise Refused(bad_field(one.name, "Post"))
    key = dumps(one.key)

    def plain(post: Post, figures: Figures, at: int) -> str | None:
        value = make(post, figures, at)
        return None if value is None else f"{key}:{dumps(value)}"

    return plain


def _reactions(one: Field) -> Part:
    kind = "LIKE" if one.name == "likes" else one.modifier("type")
    if kind is not None and kind not in REACTION_KEYS:
        raise Refused(bad_parameter(f"type must be one of the following values: {', '.join(REACTION_KEYS)}"))
    key, summary, most = dumps(one.key), one.modifier("summary"), int(one.modifier("limit") or 25)

    def reactions(post: Post, figures: Figures, at: int) -> str:
        count = figures.all_reactions if kind is None else figures.reactions[kind]
        tail = f',"summary":{{"total_count":{count},"viewer_reaction":"NONE"}}' if summary else ""
        return f'{key}:{{"data":[{_rows(count, most)}]{tail}}}'

    return reactions


def _comments(one: Field) -> Part:
    key, summary, most = dumps(one.key), one.modifier("summary"), int(one.modifier("limit") or 25)
    stream = one.modifier("filter") == "stream"
    order = "chronological" if stream else "ranked"

    def comments(post: Post, figures: Figures, at: int) -> str:
        count = figures.comments if stream else figures.top_comments
        tail = f',"summary":{{"order":"{order}","total_count":{count},"can_comment":true}}' if summary else ""
        return f'{key}:{{"data":[{_rows(count, most)}]{tail}}}'

    return comments


def _rows(count: int, most: int) -> str:
    return ",".join(f'{{"id":"{900 + n}"}}' for n in range(min(count, most)))


def _attachments(one: Field) -> Part:
    names = [inner.name for inner in one.inner] or list(ATTACHMENT)
    for name in names:
        if name not in ATTACHMENT:
            raise Refused(bad_field(name, "StoryAttachment"))

    def attachments(post: Post, figures: Figures, at: int) -> str | None:
        if post.kind == "text":
            return None
        return f"{dumps(one.key)}:{dumps({'data': [{name: ATTACHMENT[name](post) for name in names}]})}"

    return attachments


ATTACHMENT: dict[str, Callable[[Post], str]] = {
    "media_type": lambda post: post.kind,
    "type": lambda post: post.kind,
    "title": lambda post: TITLES[post.kind],
    "url": lambda post: post.permalink,
}


PLAIN: dict[str, Callable[[Post, Figures, int], object]] = {
    "created_time": lambda post, figures, at: graph_time(post.created),
    "updated_time": lambda post, figures, at: graph_time(post.updated_at(at)),
    "message": lambda post, figures, at: post.text_at(at),
    "story": lambda post, figures, at: "示範分局新增了活動。" if post.kind == "event" else None,
    "permalink_url": lambda post, figures, at: post.permalink,
    "status_type": lambda post, figures, at: STATUS.get(
        post.kind, "shared_story" if post.kind == "link" else "mobile_status_update"
    ),
    "is_published": lambda post, figures, at: True,
    "is_hidden": lambda post, figures, at: False,
    "is_expired": lambda post, figures, at: False,
    "full_picture": lambda post, figures, at: (
        f"https://scontent.example/{post.number}.jpg" if post.kind == "photo" else None
    ),
    "shares": lambda post, figures, at: {"count": figures.shares} if figures.shares else None,
}


@lru_cache(maxsize=256)
def names(fields: str | None) -> frozenset[str]:
    """The bare names of the fields asked for."""
    return frozenset(one.name for one in read(fields or ""))
