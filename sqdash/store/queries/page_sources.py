"""What stands of a page and who brought it: its newest days, its posts, the last file."""

from __future__ import annotations

import sqlite3
from typing import Any

_OF_PAGES = ("posts", "snapshots", "page_days")
_BROUGHT = " OR ".join(f"EXISTS (SELECT 1 FROM {table} t WHERE t.batch = i.batch)" for table in _OF_PAGES)  # noqa: S608
_CONFIRMED = (
    "EXISTS (SELECT 1 FROM confirmations c WHERE c.batch = i.batch "  # noqa: S608
    f"AND c.table_name IN ({', '.join(map(repr, _OF_PAGES))}))"
)


def newest(connection: sqlite3.Connection, page_id: str) -> list[dict[str, Any]]:
    """Per measure and day zone: the first and the newest day, how many days, and what brought the newest."""
    names = ("measure", "day_zone", "first", "day", "days", "kind", "file_name", "by")
    return [
        dict(zip(names, row, strict=True))
        for row in connection.execute(
            "SELECT d.measure, d.day_zone, d.first, d.day, d.days, i.kind, i.file_name, i.by FROM ("
            "SELECT measure, day_zone, min(day) AS first, max(day) AS day, count(*) AS days FROM page_days "
            "WHERE page_id = ?1 AND closed_revision IS NULL GROUP BY measure, day_zone) d "
            "JOIN page_days p ON p.page_id = ?1 AND p.measure = d.measure AND p.day_zone = d.day_zone "
            "AND p.day = d.day AND p.closed_revision IS NULL JOIN imports i ON i.batch = p.batch "
            "ORDER BY d.measure, d.day_zone",
            (page_id,),
        )
    ]


def posts(connection: sqlite3.Connection, page_id: str) -> tuple[int, str | None]:
    """How many posts the page has, and when the newest was published (ISO, Taipei)."""
    found = connection.execute(
        "SELECT count(*), max(published_at) FROM posts WHERE page_id = ? AND closed_revision IS NULL", (page_id,)
    ).fetchone()
    return int(found[0]), found[1]


def last_file(connection: sqlite3.Connection) -> dict[str, Any] | None:
    """The last standing file that brought or confirmed anything of fan pages, whatever its format: batch, file_name,
    by, at, observed_at; None without any."""
    names = ("batch", "file_name", "by", "at", "observed_at")
    found = connection.execute(
        f"SELECT {', '.join(names)} FROM imports i WHERE kind = 'file' AND undone_revision IS NULL "  # noqa: S608
        f"AND ({_BROUGHT} OR {_CONFIRMED}) ORDER BY batch DESC LIMIT 1"
    ).fetchone()
    return dict(zip(names, found, strict=True)) if found else None


def label(connection: sqlite3.Connection, page_id: str) -> tuple[str, str] | None:
    """The page's (kind, name); None where the store does not know it."""
    found = connection.execute(
        "SELECT kind, label FROM pages WHERE page_id = ? AND closed_revision IS NULL", (page_id,)
    ).fetchone()
    return (str(found[0]), str(found[1])) if found else None
