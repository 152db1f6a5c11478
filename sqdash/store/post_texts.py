"""Messages of posts as a search reads them: width- and case-blind, all of a page's month in one piece.

A search over 1,000,000 messages row by row would spend its time on the rows. Laid one after another, the bytes are
searched at the speed of memory, for any substring, also of one or two Chinese characters, and without an index that
every import would pay for.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

Spot = tuple[str, str]
"""A page and one of its months (ISO)."""
_END = "\x1e"
_WIDE = {chr(n + 0xFEE0): chr(n) for n in (*range(0x30, 0x3A), *map(ord, "!?:;(),~"))} | {"\u3000": " "}


def fold(text: str) -> str:
    """Unicode NFKC and case folding: full-width, half-width and case make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()


def fold_all(messages: Sequence[str | None]) -> list[str]:
    """:func:`fold` of each, and without the mark that is put between them; none is an empty one.

    The wide marks of every Chinese sentence are replaced first, in all messages at once. Where that leaves them
    normalized it is what normalizing gives, at a fraction of the time.
    """
    plain = [(message or "").replace(_END, " ") for message in messages]
    text = _END.join(plain)
    for wide, narrow in _WIDE.items():
        text = text.replace(wide, narrow)
    if not unicodedata.is_normalized("NFKC", text):
        return list(map(fold, plain))
    return text.casefold().split(_END) if messages else []


def _packed(messages: Sequence[str]) -> bytes:
    return _END.join(messages).encode("utf-8", "replace")


def unpack(piece: bytes, posts: str) -> dict[str, str]:
    """Post id → folded message of a stored piece."""
    ids: list[str] = json.loads(posts)
    return dict(zip(ids, piece.decode().split(_END), strict=True))


def refresh(
    connection: sqlite3.Connection, page: str, posts: Mapping[str, Sequence[str]], new: Mapping[str, str]
) -> None:
    """Keep the messages of a page's months, which follow one another: ``posts`` are those of each month in order of
    publication (none: nothing is kept), ``new`` the messages that may have changed."""
    stored = connection.execute(
        "SELECT month, messages, posts FROM post_texts WHERE page_id = ? AND month BETWEEN ? AND ?",
        (page, min(posts), max(posts)),
    )
    old = {month: (messages, ids) for month, messages, ids in stored}
    gone, come = [], []
    for month, of_month in posts.items():
        known = unpack(*old[month]) if month in old and not new.keys() >= set(of_month) else {}
        kept = _packed([new[post] if post in new else known[post] for post in of_month]), json.dumps(of_month)
        if old.get(month) == kept:
            continue
        if month in old:
            gone.append((page, month))
        if of_month:
            come.append((page, month, kept[1], kept[0]))
    connection.executemany("DELETE FROM post_texts WHERE page_id = ? AND month = ?", gone)
    connection.executemany("INSERT INTO post_texts VALUES (?, ?, ?, ?)", come)


class Search:
    """The posts of own pages whose message contains a text, from one month to another (``first``, ``last``, ISO).

    ``counts`` says how many a page's month has, where it has any. Which ones is read only of the months asked for: a
    common word stands in most messages, and a screen shows 50.
    """

    def __init__(self, connection: sqlite3.Connection, text: str, first: str, last: str) -> None:
        self._connection = connection
        self._needle = _packed(fold_all([text.strip()]))
        # To the end of the message, so that each counts once; the empty group is found in its stead, not a copy of it.
        self._message = re.compile(re.escape(self._needle) + b"()[^" + _END.encode() + b"]*")
        self._places: dict[Spot, int] = {}
        self.counts: dict[Spot, int] = {}
        with _pages_used_again(connection):
            for page, month, place, piece in connection.execute(
                "SELECT page_id, month, rowid, messages FROM post_texts WHERE month BETWEEN ? AND ? AND page_id IN "
                "(SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL)",
                (first, last),
            ):
                if found := len(self._message.findall(piece)):
                    self.counts[page, month], self._places[page, month] = found, place
        self.total = sum(self.counts.values())

    def ids(self, spots: Iterable[Spot]) -> list[str]:
        """The posts found in these months of pages."""
        return [post for posts, piece in self._pieces(spots) for post in self._found(posts, piece)]

    def among(self, posts: Iterable[str], spots: Iterable[Spot]) -> set[str]:
        """Those of a few posts of these months that were found."""
        asked, end = set(posts), _END.encode()
        return {
            post
            for of_month, piece in self._pieces(spots)
            for post, message in zip(of_month, piece.split(end), strict=True)
            if post in asked and self._needle in message
        }

    def _pieces(self, spots: Iterable[Spot]) -> Iterator[tuple[list[str], bytes]]:
        places = [self._places[spot] for spot in spots if spot in self._places]
        for posts, piece in self._connection.execute(
            "SELECT t.posts, t.messages FROM json_each(?) w CROSS JOIN post_texts t ON t.rowid = w.value",
            [json.dumps(places)],
        ):
            yield json.loads(posts), piece

    def _found(self, posts: Sequence[str], piece: bytes) -> Iterator[str]:
        place = counted = 0
        for message in self._message.finditer(piece):
            place += piece.count(_END.encode(), counted, message.start())
            counted = message.start()
            yield posts[place]


@contextmanager
def _pages_used_again(connection: sqlite3.Connection) -> Iterator[None]:
    """A small cache while much is read once: keeping all of it would cost more than reading it."""
    (size,) = connection.execute("PRAGMA cache_size").fetchone()
    connection.execute("PRAGMA cache_size = -2000")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {size}")
