"""Figures kept beside posts and snapshots: the current figures, month sums and month value counts.

They are refreshed in the transaction that changed the rows, only for the posts and months touched, so no
screen ever reads all posts or snapshots. A post counts in the Taipei month in which it was published.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from sqdash.tables import POST_MEASURES

MEASURES = tuple(name for name, _ in POST_MEASURES)
POSTS = "posts"
"""The measure under which a month's number of posts is kept, whatever figures they have."""


def refresh(connection: sqlite3.Connection, table: str, keys: Iterable[Sequence[object]]) -> None:
    """Bring roll-ups up to date after rows of ``table`` with these keys changed."""
    if table not in {"posts", "snapshots"}:
        return
    posts = sorted({str(key[0]) for key in keys})
    months = set(_months_of(connection, posts))
    for post in posts:
        _refresh_post(connection, post)
    months.update(_months_of(connection, posts))
    for page, month in sorted(months):
        _refresh_month(connection, page, month)


def _months_of(connection: sqlite3.Connection, posts: Sequence[str]) -> Iterable[tuple[str, str]]:
    for post in posts:
        found = connection.execute("SELECT page_id, month FROM post_now WHERE post_id = ?", (post,)).fetchone()
        if found:
            yield found[0], found[1]


def _refresh_post(connection: sqlite3.Connection, post: str) -> None:
    """The post's current figures: those of its newest observation."""
    connection.execute("DELETE FROM post_now WHERE post_id = ?", (post,))
    measures = ", ".join(f"s.{name}" for name in MEASURES)
    connection.execute(
        f"INSERT INTO post_now SELECT p.post_id, p.page_id, p.published_at, substr(p.published_at, 1, 7), "  # noqa: S608
        f"s.observed_at, {measures}, ifnull(s.batch, p.batch) FROM posts p "
        "LEFT JOIN snapshots s ON s.post_id = p.post_id AND s.closed_revision IS NULL "
        "WHERE p.post_id = ? AND p.closed_revision IS NULL ORDER BY s.observed_at DESC LIMIT 1",
        (post,),
    )


def _refresh_month(connection: sqlite3.Connection, page: str, month: str) -> None:
    where = "page_id = ? AND published_at >= ? AND published_at < ?"
    span = (page, f"{month}-01", f"{month}-32")
    for table in ("post_months", "post_month_values"):
        connection.execute(f"DELETE FROM {table} WHERE page_id = ? AND month = ?", (page, month))  # noqa: S608
    connection.execute(
        "INSERT INTO post_months SELECT page_id, month, ?, count(*), NULL, max(observed_at) "  # noqa: S608
        f"FROM post_now WHERE {where} GROUP BY page_id, month",
        (POSTS, *span),
    )
    for name in MEASURES:
        connection.execute(
            f"INSERT INTO post_months SELECT page_id, month, ?, count({name}), sum({name}), "  # noqa: S608
            f"max(CASE WHEN {name} IS NOT NULL THEN observed_at END) "
            f"FROM post_now WHERE {where} AND {name} IS NOT NULL GROUP BY page_id, month",
            (name, *span),
        )
        connection.execute(
            f"INSERT INTO post_month_values SELECT page_id, month, ?, {name}, count(*) "  # noqa: S608
            f"FROM post_now WHERE {where} AND {name} IS NOT NULL GROUP BY {name}",
            (name, *span),
        )
