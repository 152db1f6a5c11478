"""Messages of posts as a search reads them: width- and case-blind, all of a page's month in one piece.

A search over 1,000,000 messages row by row would spend its time on the rows. Laid one after another, the bytes are
searched at the speed of memory, for any substring, also of one or two Chinese characters, and without an index that
every import would pay for.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

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
    connection: sqlite3.Connection, page: str, month: str, posts: Sequence[str], new: Mapping[str, str]
) -> None:
    """Keep the messages of a page's month: ``posts`` in order of publication, ``new`` those that may have changed."""
    old = connection.execute(
        "SELECT messages, posts FROM post_texts WHERE page_id = ? AND month = ?", (page, month)
    ).fetchone()
    known = unpack(*old) if old else {}
    messages = _packed([new[post] if post in new else known[post] for post in posts])
    ids = json.dumps(posts)
    if old != (messages, ids):
        connection.execute("DELETE FROM post_texts WHERE page_id = ? AND month = ?", (page, month))
        if posts:
            connection.execute("INSERT INTO post_texts VALUES (?, ?, ?, ?)", (page, month, ids, messages))


def found_in(piece: bytes, needle: bytes) -> Iterator[int]:
    """The places, in order, of the messages that contain the needle, each once."""
    end, place, counted = _END.encode(), 0, 0
    at = piece.find(needle)
    while at >= 0:
        place += piece.count(end, counted, at)
        yield place
        counted = piece.find(end, at)
        if counted < 0:
            return
        at = piece.find(needle, counted)


def search(connection: sqlite3.Connection, text: str, first: str, last: str) -> dict[tuple[str, str], list[str]]:
    """The posts of own pages, month by month (``first`` to ``last``, ISO), whose message contains the text."""
    needle = _packed(fold_all([text.strip()]))
    found = {}
    for page, month, place, piece in connection.execute(
        "SELECT page_id, month, rowid, messages FROM post_texts WHERE month BETWEEN ? AND ? AND page_id IN "
        "(SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL)",
        (first, last),
    ):
        if places := list(found_in(piece, needle)):
            (posts,) = connection.execute("SELECT posts FROM post_texts WHERE rowid = ?", (place,)).fetchone()
            ids = json.loads(posts)
            found[page, month] = [ids[n] for n in places]
    return found
