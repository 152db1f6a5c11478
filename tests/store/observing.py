"""Exports of lifetime figures, staged and stored as an upload does: posts of one page, figures as of one time."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from sqdash.store import save, stated
from sqdash.store.staging import Stage
from tests.making import changing

PAGE = "77"
POSTS = ("post_id", "page_id", "published_at", "message")
Figures = Mapping[str, Mapping[str, int | None]]


def at(day: int, hour: int = 9) -> str:
    """A moment of November 2014, as stored."""
    return f"2014-11-{day:02d}T{hour:02d}:00:00+08:00"


def staged(connection: sqlite3.Connection, seen: str, figures: Figures, *, thin: bool = True) -> Stage:
    """Posts (published on 1 October, an hour apart by their ids) and their figures at ``seen``; rows 2, 3, …"""
    stage = Stage(connection, thin=thin)
    stage.rank = stated.rank(seen)
    measures = list(dict.fromkeys(name for given in figures.values() for name in given))
    stage.add("posts", POSTS, [(n, *_post(post)) for n, post in enumerate(figures, 2)])
    stage.add(
        "snapshots",
        ("post_id", "observed_at", *measures),
        [(n, post, seen, *map(given.get, measures)) for n, (post, given) in enumerate(figures.items(), 2)],
    )
    return stage


def _post(post: str) -> tuple[str, str, str, str]:
    hour = int(post.rpartition("_")[2]) % 24
    return post, PAGE, f"2014-10-01T{hour:02d}:00:00+08:00", f"貼文 {post}"


def observe(
    connection: sqlite3.Connection, seen: str, figures: Figures, *, thin: bool = True, file_name: str = "匯出.csv"
) -> int:
    """One export as a batch of its own; its number."""
    change = changing(connection, f"匯入 {file_name}")
    stage = staged(connection, seen, figures, thin=thin)
    batch = save.open_batch(change, kind="file", format="meta_posts", file_name=file_name, observed_at=seen)
    save.close_batch(change, batch, save.put_staged(change, stage, batch))
    return batch


def likes(**figures: int | None) -> dict[str, dict[str, int | None]]:
    """Figures of posts: ``likes(a=3)`` is 3 likes for the post ``77_1``, b is ``77_2``, …"""
    return {f"{PAGE}_{ord(name) - 96}": {"likes": value} for name, value in figures.items()}


def now(connection: sqlite3.Connection) -> dict[str, int | None]:
    """Current likes by post."""
    return dict(connection.execute("SELECT post_id, likes FROM post_now ORDER BY post_id"))


def seen(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """(post, day, hour, likes, batch) of the current snapshots."""
    return connection.execute(
        "SELECT post_id, CAST(substr(observed_at, 9, 2) AS INTEGER), CAST(substr(observed_at, 12, 2) AS INTEGER), "
        "likes, batch FROM snapshots WHERE closed_revision IS NULL ORDER BY post_id, observed_at"
    ).fetchall()


def stage_of(connection: sqlite3.Connection, table: str, given: tuple[str, ...], *rows: tuple[Any, ...]) -> Stage:
    """A stage with rows of one table: (row of the source, a value per given column)."""
    stage = Stage(connection)
    stage.add(table, given, rows)
    return stage


def put(connection: sqlite3.Connection, stage: Stage) -> save.Counts:
    """Store what is staged as a batch of its own."""
    change = changing(connection)
    batch = save.open_batch(change, kind="file", format="x", file_name="x.csv")
    counts = save.put_staged(change, stage, batch)
    save.close_batch(change, batch, counts)
    return counts
