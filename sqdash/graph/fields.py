"""The fields asked of pages and posts, less those that Graph refuses.

A field that does not exist fails the whole call, and so does one that the token may not read: it is dropped, noted
with the reason, and the call is made again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from sqdash.errors import BadField, GraphError, PermissionMissing

PAGE_FIELDS: Mapping[str, str] = {
    name: name
    for name in (
        "id",
        "name",
        "username",
        "link",
        "fan_count",
        "followers_count",
        "talking_about_count",
        "is_published",
    )
}
POST_FIELDS: Mapping[str, str] = {
    "id": "id",
    "created_time": "created_time",
    "updated_time": "updated_time",
    "message": "message",
    "permalink_url": "permalink_url",
    "status_type": "status_type",
    "is_published": "is_published",
    "attachments": "attachments{media_type,type}",
    "shares": "shares",
    "reactions": "reactions.summary(total_count).limit(0)",
    "like": "reactions.type(LIKE).limit(0).summary(total_count).as(like)",
    "comments": "comments.filter(stream).summary(true).limit(0)",
}
"""Name in the answer → what is asked. ``filter(stream)`` counts replies too."""
_RESTS_ON: Mapping[str, frozenset[str]] = {
    "type": frozenset({"attachments", "status_type", "permalink_url"}),
    "message": frozenset({"message"}),
    "permalink": frozenset({"permalink_url"}),
    "likes": frozenset({"like"}),
    "reactions": frozenset({"reactions"}),
    "comments": frozenset({"comments"}),
    "shares": frozenset({"shares"}),
}
COLUMNS = frozenset(_RESTS_ON)
"""What a post's fields say in our words."""
_HOW = re.compile(r"\.\w+\([^()]*\)")
"""``.limit(0)``, ``.type(LIKE)`` …: how a field is asked for, which names no field."""
_NEEDED = frozenset({"id", "created_time"})
_REFUSABLE = (("reactions", "like"), ("comments",), ("shares",))
"""What other people did, in the order in which it is given up when the token may not read all."""


@lru_cache(maxsize=64)
def given_by(asked: frozenset[str]) -> frozenset[str]:
    """Those of :data:`COLUMNS` of which an answer to these fields can say anything."""
    return frozenset(column for column, needs in _RESTS_ON.items() if needs <= asked)


def _words(asked: str) -> list[str]:
    """The names of the field asked for and of those asked within it."""
    return re.findall(r"\w+", _HOW.sub("", asked))


class Fields:
    """What to ask for; ``dropped`` says what is no longer asked and why."""

    def __init__(self, fields: Mapping[str, str], dropped: dict[str, GraphError]) -> None:
        self._all, self._fields, self.dropped = fields, dict(fields), dropped
        self._join()

    def _join(self) -> None:
        self.text = ",".join(self._fields.values())
        self.names = frozenset(self._fields)

    def give_up(self, because: GraphError) -> bool:
        """Drop what ``because`` is about; False when there is nothing to drop, so that the error stands."""
        if isinstance(because, BadField):
            refused = set((because.field or "").split("."))
            names = [n for n, asked in self._fields.items() if not refused.isdisjoint((n, *_words(asked)))]
        elif isinstance(because, PermissionMissing):
            names = next((list(group) for group in _REFUSABLE if not self.names.isdisjoint(group)), [])
        else:
            names = []
        names = [name for name in names if name in self.names - _NEEDED]
        for name in names:
            del self._fields[name]
            self.dropped[name] = because
        self._join()
        return bool(names)

    def take_back(self) -> None:
        """Ask again for what was given up for want of a permission, because giving it up was no help."""
        for name in [name for name, why in self.dropped.items() if isinstance(why, PermissionMissing)]:
            del self.dropped[name]
        self._fields = {name: asked for name, asked in self._all.items() if name not in self.dropped}
        self._join()
