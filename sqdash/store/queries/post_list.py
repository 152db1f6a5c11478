"""Posts of our own pages as a list: filtered, searched, ordered, a screenful at a time; and one post's growth.

The engagement rate 互動率 of a post is (reactions, or likes where reactions are unknown, + comments + shares, those
known) ÷ reach, or ÷ viewers where reach is unknown. Without any part of the numerator, or with a denominator that is
unknown or zero, there is none. ``engagement_over`` says which denominator it has.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqdash.periods import Period
from sqdash.store.rollups import MEASURES

ORDERS = ("published_at", "likes", "reactions", "comments", "shares", "reach", "viewers", "engagement")
"""What a list can be ordered by. Posts of which it is unknown come last in both directions, newest first."""

_OWN = "n.page_id IN (SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL)"
_PARTS = "CASE WHEN coalesce(n.reactions, n.likes, n.comments, n.shares) IS NOT NULL THEN "
_PARTS += "ifnull(ifnull(n.reactions, n.likes), 0) + ifnull(n.comments, 0) + ifnull(n.shares, 0) END"
_RATE = f"({_PARTS}) * 1.0 / nullif(ifnull(n.reach, n.viewers), 0)"


@dataclass(frozen=True, slots=True)
class Reached:
    """Posts whose figure meets a goal (``met``), or misses it; posts of which it is unknown are neither.

    ``measure`` is one of the post measures, ``comparator`` ``>=`` or ``>``.
    """

    measure: str
    comparator: str
    value: float
    met: bool = True


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts. Of ``types``, ``topics`` and ``units`` (codes) any value fits, None is "not stated", empty is all.

    ``search`` is any part of the message, whatever its width and case.
    """

    period: Period
    search: str = ""
    types: tuple[str | None, ...] = ()
    topics: tuple[str | None, ...] = ()
    units: tuple[str | None, ...] = ()
    reached: Reached | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """(value, posts) that the period has, most posts first; the value None is "not stated"."""

    types: tuple[tuple[str | None, int], ...]
    topics: tuple[tuple[str | None, int], ...]
    units: tuple[tuple[str | None, int], ...]


def listing(
    connection: sqlite3.Connection,
    filter: PostFilter,
    order: str = "published_at",
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """Posts with their newest figures: post_id, page_id, published_at, type, topic, unit (label), unit_code, message,
    likes, reactions, comments, shares, reach, viewers, engagement (0–1 or above; None), engagement_over (``reach``,
    ``viewers``, None), interactions (the numerator), observed_at, permalink, boosted, file_name, source_row.

    ``order`` is one of :data:`ORDERS`; equal ones by publication, newest first.
    """
    if order not in ORDERS:
        raise ValueError(order)
    by = {"engagement": "engagement"}.get(order, f"n.{order}")
    where, values = _where(filter)
    return _rows(
        connection,
        f"WHERE {where} ORDER BY {by} IS NULL, {by} {'DESC' if descending else 'ASC'}, n.published_at DESC, n.post_id "
        "LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )


def count(connection: sqlite3.Connection, filter: PostFilter) -> int:
    """How many posts fit."""
    where, values = _where(filter)
    found = connection.execute(
        "SELECT count(*) FROM post_now n JOIN posts p ON p.post_id = n.post_id AND p.closed_revision IS NULL "  # noqa: S608
        f"WHERE {where}",
        values,
    ).fetchone()
    return int(found[0])


def choices(connection: sqlite3.Connection, period: Period) -> Choices:
    """The types, topics and unit codes of the period's posts."""
    where, values = _where(PostFilter(period))
    found = [
        connection.execute(
            f"SELECT p.{name}, count(*) AS posts FROM post_now n JOIN posts p ON p.post_id = n.post_id "  # noqa: S608
            f"AND p.closed_revision IS NULL WHERE {where} GROUP BY 1 ORDER BY posts DESC, 1",
            values,
        ).fetchall()
        for name in ("type", "topic", "unit")
    ]
    return Choices(*map(tuple, found))


def post(connection: sqlite3.Connection, post_id: str) -> dict[str, Any] | None:
    """One post of any page as a row of :func:`listing`; None where there is none."""
    found = _rows(connection, "WHERE n.post_id = ?", [post_id])
    return found[0] if found else None


def growth(connection: sqlite3.Connection, post_id: str) -> list[dict[str, Any]]:
    """Every standing observation of a post, oldest first: observed_at, the measures, file_name, source_row, and
    ``again``: whether it found the figures of an older one unchanged."""
    measures = ", ".join(f"s.{name}" for name in MEASURES)
    return _dictionaries(
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


def _where(filter: PostFilter) -> tuple[str, list[Any]]:
    period = filter.period
    parts = [_OWN, "n.published_at >= ? AND n.published_at < ?"]
    values: list[Any] = [period.start.isoformat(), (period.end + timedelta(days=1)).isoformat()]
    for column, wanted in (("p.type", filter.types), ("p.topic", filter.topics), ("p.unit", filter.units)):
        if wanted:
            parts.append(f"({' OR '.join(f'{column} IS ?' for _ in wanted)})")
            values += wanted
    if filter.search:
        parts.append("instr(lower(p.message), lower(?))")
        values.append(filter.search)
    if goal := filter.reached:
        if goal.measure not in MEASURES or goal.comparator not in (">=", ">"):
            raise ValueError(goal)
        parts.append(f"n.{goal.measure} IS NOT NULL AND (n.{goal.measure} {goal.comparator} ?) = ?")
        values += [goal.value, int(goal.met)]
    return " AND ".join(parts), values


def _rows(connection: sqlite3.Connection, rest: str, values: list[Any]) -> list[dict[str, Any]]:
    return _dictionaries(
        connection.execute(
            "SELECT n.post_id, n.page_id, n.published_at, p.type, p.topic, u.label AS unit, p.unit AS unit_code, "  # noqa: S608
            "p.message, n.likes, n.reactions, n.comments, n.shares, n.reach, n.viewers, "
            f"{_RATE} AS engagement, CASE WHEN {_RATE} IS NULL THEN NULL WHEN n.reach IS NOT NULL THEN 'reach' "
            f"ELSE 'viewers' END AS engagement_over, {_PARTS} AS interactions, "
            "n.observed_at, p.permalink, p.boosted, i.file_name, "
            "CASE WHEN n.observed_at IS NULL THEN p.source_row ELSE s.source_row END AS source_row "
            "FROM post_now n JOIN posts p ON p.post_id = n.post_id AND p.closed_revision IS NULL "
            "LEFT JOIN snapshots s ON s.post_id = n.post_id AND s.observed_at = n.observed_at "
            "AND s.closed_revision IS NULL JOIN imports i ON i.batch = n.batch "
            "LEFT JOIN units u ON u.unit = p.unit AND u.closed_revision IS NULL "
            "AND ifnull(u.valid_from, '') <= substr(n.published_at, 1, 10) "
            f"AND ifnull(u.valid_to, '9999') >= substr(n.published_at, 1, 10) {rest}",
            values,
        )
    )


def _dictionaries(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
