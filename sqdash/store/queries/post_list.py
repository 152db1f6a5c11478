"""Posts of our own pages as a list: filtered, searched, ordered, a screenful at a time; and one post's growth.

The engagement rate 互動率 of a post is (reactions, or likes where reactions are unknown, + comments + shares, those
known) ÷ reach, or ÷ viewers where reach is unknown. Without any part of the numerator, or with a denominator that is
unknown or zero, there is none. ``engagement_over`` says which denominator it has.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import Any

from sqdash.periods import Period
from sqdash.store.post_texts import Search, Spot
from sqdash.store.queries import post_groups
from sqdash.store.queries.post_groups import Summary
from sqdash.store.rollups import MEASURES, POSTS

ORDERS = ("published_at", "likes", "reactions", "comments", "shares", "reach", "viewers", "engagement")
"""What a list can be ordered by. Posts of which it is unknown come last in both directions, newest first."""

_OWN = "n.page_id IN (SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL)"
_UNITS = (
    "json_each(?) w CROSS JOIN post_now n ON n.page_id = w.value ->> 0 "
    "AND n.published_at >= w.value ->> 1 AND n.published_at < w.value ->> 2"
)
_IDS = "json_each(?) w CROSS JOIN post_now n ON n.post_id = w.value"
_TIES = 10
"""How many more months are read at first than posts are wanted: months alike in the last place."""
_FEW = 500
"""Up to so many posts found are looked up one by one; above, reading the months they lie in is less."""
_COMMON = 4
"""So many times the posts wanted are read at first where a text was found in many."""


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
    return page(connection, filter, order, descending, limit, offset, counted=False)[0]


def count(connection: sqlite3.Connection, filter: PostFilter) -> int:
    """How many posts fit."""
    return _count(connection, filter, _hits(connection, filter))


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
    """:func:`listing` and :func:`count` (0 if not ``counted``) at once: messages are searched but once."""
    if order not in ORDERS:
        raise ValueError(order)
    hits = _hits(connection, filter)
    ids = _first(connection, filter, order, descending, offset + limit, hits)[offset:]
    found = (
        {
            row["post_id"]: row
            for row in _rows(connection, "WHERE n.post_id IN (SELECT value FROM json_each(?))", [json.dumps(ids)])
        }
        if ids
        else {}
    )
    return [found[post] for post in ids], _count(connection, filter, hits) if counted else 0


def choices(summary: Summary) -> Choices:
    """The types, topics and unit codes of a period's posts, whose groups by newest figures these are."""
    found = (
        sorted(((group.value, group.posts) for group in summary.groups[name]), key=lambda one: (-one[1], one[0] or ""))
        for name in ("type", "topic", "unit")
    )
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


# --- which posts

Unit = tuple[str, str, float | None]
"""A page's month with the best figure in it."""


def _hits(connection: sqlite3.Connection, filter: PostFilter) -> Search | None:
    """The posts with the text searched for; None where nothing is searched for."""
    months = filter.period.months
    return Search(connection, filter.search, months[0], months[-1]) if filter.search.strip() else None


def _first(
    connection: sqlite3.Connection, filter: PostFilter, order: str, descending: bool, wanted: int, hits: Search | None
) -> list[str]:
    """The ids of the first posts in order.

    Months are read best first, by the greatest (or least) figure kept of each, and no further than they can matter.
    """
    known = _best(connection, filter, order, descending, wanted, hits, f"n.{order} IS NOT NULL")
    if len(known) < wanted and order != "published_at":
        known += _best(connection, filter, "published_at", True, wanted - len(known), hits, f"n.{order} IS NULL")
    return known


def _best(
    connection: sqlite3.Connection,
    filter: PostFilter,
    order: str,
    descending: bool,
    wanted: int,
    hits: Search | None,
    which: str,
) -> list[str]:
    if hits and hits.total <= _FEW:
        spots: list[Unit] = [(*spot, None) for spot in hits.counts]
        return [post for post, *_ in _read(connection, filter, order, descending, wanted, spots, hits, which)]
    best: list[tuple[Any, ...]] = []
    start, size = 0, wanted + _TIES
    while True:
        units = _units(connection, filter, order, descending, size + 1, start)
        near = [unit for unit in units if not (len(best) == wanted and _beyond(best[-1], unit, order, descending))]
        best += _read(connection, filter, order, descending, wanted, near[:size], hits, which)
        best = _in_order(best, descending)[:wanted]
        if len(near) <= size or (len(best) == wanted and _beyond(best[-1], near[size], order, descending)):
            return [post for post, *_ in best]
        start, size = start + size, size * 4


def _in_order(rows: list[tuple[Any, ...]], descending: bool) -> list[tuple[Any, ...]]:
    """(post, published, value): by value, then newest first, then by id."""
    rows.sort(key=itemgetter(0))
    rows.sort(key=itemgetter(1), reverse=True)
    rows.sort(key=itemgetter(2), reverse=descending)
    return rows


def _beyond(last: tuple[Any, ...], unit: Unit, order: str, descending: bool) -> bool:
    """Whether no post of the month comes before the last one found."""
    _, published, value = last
    _, month, best = unit
    if order == "published_at":
        return bool(published[:7] > month if descending else published[:7] < month)
    if value != best:
        return bool(value > best if descending else value < best)
    return bool(published[:7] > month)


def _units(
    connection: sqlite3.Connection, filter: PostFilter, order: str, descending: bool, limit: int, offset: int
) -> list[Unit]:
    months = filter.period.months
    measure, best, by = order, "high" if descending else "low", f"{'high DESC' if descending else 'low'}, month DESC"
    if order == "published_at":
        measure, best, by = POSTS, "NULL", f"month {'DESC' if descending else 'ASC'}"
    return connection.execute(
        f"SELECT page_id, month, {best} FROM post_months n WHERE measure = ? AND {_OWN} AND month BETWEEN ? AND ? "  # noqa: S608
        f"ORDER BY {by}, page_id LIMIT ? OFFSET ?",
        (measure, months[0], months[-1], limit, offset),
    ).fetchall()


def _read(
    connection: sqlite3.Connection,
    filter: PostFilter,
    order: str,
    descending: bool,
    wanted: int,
    units: list[Unit],
    hits: Search | None,
    which: str,
) -> list[tuple[Any, ...]]:
    """The best posts of these months that fit."""
    where, values = _where(filter)

    def ask(source: str, given: list[Any], most: int) -> list[tuple[Any, ...]]:
        return connection.execute(
            f"SELECT n.post_id, n.published_at, n.{order} FROM {source} WHERE {where} AND {which} "  # noqa: S608
            f"ORDER BY n.{order} {'DESC' if descending else 'ASC'}, n.published_at DESC, n.post_id LIMIT ?",
            [json.dumps(given), *values, most],
        ).fetchall()

    if hits is None:
        return ask(_UNITS, _spans(filter.period, units), wanted)
    units = [unit for unit in units if unit[:2] in hits.counts]
    spots = [unit[:2] for unit in units]
    if sum(hits.counts[spot] for spot in spots) <= _FEW:
        return ask(_IDS, hits.ids(spots), wanted)
    spans = _spans(filter.period, units)
    rows = ask(_UNITS, spans, _COMMON * wanted)
    fit = hits.among((row[0] for row in rows), spots)
    if len(fit) < wanted and len(rows) == _COMMON * wanted:
        rows, fit = ask(_UNITS, spans, -1), set(hits.ids(spots))
    return [row for row in rows if row[0] in fit][:wanted]


def _spans(period: Period, units: list[Unit]) -> list[tuple[str, str, str]]:
    """Page, first and end of publication of what the period has of each month."""
    start, end = _bounds(period)
    return [(page, max(f"{month}-01", start), min(f"{month}-32", end)) for page, month, _ in units]


def _count(connection: sqlite3.Connection, filter: PostFilter, hits: Search | None) -> int:
    if filter.types or filter.topics or filter.units or filter.reached:
        spots = list(hits.counts) if hits else []
        return _count_rows(connection, filter, [_bounds(filter.period)], hits, spots)
    if hits is None:
        return post_groups.total(connection, filter.period)
    wholes, edges = post_groups.parts(filter.period)
    cut = [spot for spot in hits.counts if spot[1] not in wholes and spot[1][:4] not in wholes]
    whole = hits.total - sum(hits.counts[spot] for spot in cut)
    return whole + (_count_rows(connection, filter, edges, hits, cut) if cut else 0)


def _count_rows(
    connection: sqlite3.Connection,
    filter: PostFilter,
    spans: list[tuple[str, str]],
    hits: Search | None,
    spots: list[Spot],
) -> int:
    """How many posts of the spans fit, of those found in these months where something was searched for."""
    where, values = _where(filter)
    ids = hits.ids(spots) if hits else []
    if hits and len(ids) <= _FEW:
        sql = f"SELECT count(*) FROM {_IDS} WHERE {where}"  # noqa: S608
        return int(connection.execute(sql, [json.dumps(ids), *values]).fetchone()[0])
    fit = set(ids)
    rows = (
        connection.execute(
            f"SELECT n.post_id FROM post_now n WHERE {_OWN} AND n.published_at >= ? AND n.published_at < ? AND {where}",  # noqa: S608
            [*span, *values],
        )
        for span in spans
    )
    return sum(hits is None or post in fit for found in rows for (post,) in found)


def _bounds(period: Period) -> tuple[str, str]:
    return period.start.isoformat(), (period.end + timedelta(days=1)).isoformat()


def _where(filter: PostFilter) -> tuple[str, list[Any]]:
    """The conditions besides the period and the search."""
    start, end = _bounds(filter.period)
    parts = ["+n.published_at >= ?", "+n.published_at < ?"]  # the plus leaves the index to a month's narrower bounds
    values: list[Any] = [start, end]
    for column, wanted in (("type", filter.types), ("topic", filter.topics), ("unit", filter.units)):
        if wanted:
            parts.append(f"({' OR '.join(f'n.{column} IS ?' for _ in wanted)})")
            values += wanted
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
            "n.engagement, CASE WHEN n.engagement IS NULL THEN NULL WHEN n.reach IS NOT NULL THEN 'reach' "
            "ELSE 'viewers' END AS engagement_over, n.interactions, "
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
