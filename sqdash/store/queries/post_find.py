"""Which posts of our own pages fit, and which come first; months are read best first, no further than they matter."""

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
from sqdash.store.rollups import MEASURES, OWN, POSTS

ORDERS = ("published_at", "likes", "reactions", "comments", "shares", "reach", "viewers", "engagement")
"""What a list can be ordered by. Posts of which it is unknown come last in both directions, newest first."""

_OWN = f"n.page_id IN ({OWN})"
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


Unit = tuple[str, str, float | None]
"""A page's month with the best figure in it."""


def hits(connection: sqlite3.Connection, filter: PostFilter) -> Search | None:
    """The posts with the text searched for; None where nothing is searched for."""
    months = filter.period.months
    return Search(connection, filter.search, months[0], months[-1]) if filter.search.strip() else None


def first(
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


def count(connection: sqlite3.Connection, filter: PostFilter, hits: Search | None) -> int:
    """How many posts fit; of whole months, where nothing but the period and a text is asked for, none is read."""
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
