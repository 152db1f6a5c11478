"""Posts of our own pages as a list: filtered, searched, ordered, a screenful at a time; and one post's growth.

The engagement rate 互動率 of a post is (reactions, or likes where reactions are unknown, + comments + shares, those
known) ÷ reach, or ÷ viewers where reach is unknown. Without any part of the numerator, or with a denominator that is
unknown or zero, there is none. ``engagement_over`` says which denominator it has.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from sqdash.store.queries import base, post_find, unit_rows
from sqdash.store.queries.post_find import ORDERS, PostFilter, Reached
from sqdash.store.queries.post_groups import Summary
from sqdash.store.rollups import MEASURES

__all__ = ["ORDERS", "Choices", "PostFilter", "Reached", "choices", "growth", "page"]


@dataclass(frozen=True, slots=True)
class Choices:
    """(value, posts) that the period has, most posts first; the value None is "not stated"."""

    types: tuple[tuple[str | None, int], ...]
    topics: tuple[tuple[str | None, int], ...]
    units: tuple[tuple[str | None, int], ...]


def page(
    connection: sqlite3.Connection,
    filter: PostFilter,
    order: str = "published_at",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
    *,
    counted: bool = True,
) -> tuple[list[dict[str, Any]], int]:
    """A screenful of posts with their newest figures, and how many fit in all (0 if not ``counted``).

    A post has post_id, page_id, published_at, type, topic, unit (label), unit_code, message, likes, reactions,
    comments, shares, reach, viewers, engagement (0–1 or above; None), engagement_over (``reach``, ``viewers``, None),
    interactions (the numerator), observed_at, permalink, boosted, file_name, source_row. ``order`` is one of
    :data:`ORDERS`; equal ones by publication, newest first. Messages are searched but once for both.
    """
    if order not in ORDERS:
        raise ValueError(order)
    hits = post_find.hits(connection, filter)
    ids = post_find.first(connection, filter, order, descending, offset + limit, hits)[offset:]
    found = {row["post_id"]: row for row in _rows(connection, ids)} if ids else {}
    return [found[post] for post in ids], post_find.count(connection, filter, hits) if counted else 0


def choices(summary: Summary) -> Choices:
    """The types, topics and unit codes of a period's posts, whose groups by newest figures these are."""
    found = (
        sorted(((group.value, group.posts) for group in summary.groups[name]), key=lambda one: (-one[1], one[0] or ""))
        for name in ("type", "topic", "unit")
    )
    return Choices(*map(tuple, found))


def growth(connection: sqlite3.Connection, post_id: str) -> list[dict[str, Any]]:
    """Every standing observation of a post, oldest first: observed_at, the measures, file_name, source_row, and
    ``again``: whether it found the figures of an older one unchanged."""
    measures = ", ".join(f"s.{name}" for name in MEASURES)
    return base.dictionaries(
        connection.execute(
            f"SELECT s.observed_at, {measures}, i.file_name, s.source_row, 0 AS again FROM snapshots s "  # noqa: S608
            "JOIN imports i ON i.batch = s.batch WHERE s.post_id = :post AND s.closed_revision IS NULL "
            f"UNION ALL SELECT c.observed_at, {measures}, i.file_name, c.source_row, 1 FROM snapshots s "
            "JOIN confirmations c ON c.table_name = 'snapshots' AND c.version_id = s.version_id "
            "AND c.observed_at IS NOT NULL JOIN imports i ON i.batch = c.batch AND i.undone_revision IS NULL "
            "WHERE s.post_id = :post AND s.closed_revision IS NULL ORDER BY 1",
            {"post": post_id},
        )
    )


def _rows(connection: sqlite3.Connection, ids: list[str]) -> list[dict[str, Any]]:
    return base.dictionaries(
        connection.execute(
            "SELECT n.post_id, n.page_id, n.published_at, p.type, p.topic, u.label AS unit, p.unit AS unit_code, "  # noqa: S608
            "p.message, n.likes, n.reactions, n.comments, n.shares, n.reach, n.viewers, "
            "n.engagement, CASE WHEN n.engagement IS NULL THEN NULL WHEN n.reach IS NOT NULL THEN 'reach' "
            "ELSE 'viewers' END AS engagement_over, n.interactions, "
            "n.observed_at, p.permalink, p.boosted, i.file_name, "
            "CASE WHEN n.observed_at IS NULL THEN p.source_row ELSE s.source_row END AS source_row "
            "FROM post_now n JOIN posts p ON p.post_id = n.post_id AND p.closed_revision IS NULL "
            "LEFT JOIN snapshots s ON s.post_id = n.post_id AND s.observed_at = n.observed_at "
            "AND s.closed_revision IS NULL JOIN imports i ON i.batch = n.batch "
            f"{unit_rows.join('p.unit', 'substr(n.published_at, 1, 10)')}"
            "WHERE n.post_id IN (SELECT value FROM json_each(?))",
            [json.dumps(ids)],
        )
    )
