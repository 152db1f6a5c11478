"""Sums over the posts of all own pages, per month and year: groups by type, topic, unit and hour, and value counts.

They are kept by what a change adds and takes away: the touched posts as they were, less; as they are, more. The cost
is that of the posts touched, whatever else there is. Everything is a whole number, so nothing drifts.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar

from sqdash.store import many

DIMENSIONS = ("type", "topic", "unit", "hour")
MEASURES = ("likes", "reactions", "comments", "shares", "reach", "viewers")
"""What groups sum; figures at a stated age are of these."""
AUDIENCES = ("reach", "viewers")
LATEST = 0
"""The basis of the newest figures; every other basis is an age in days."""
NUMBERS = (
    "posts",
    *(name for measure in MEASURES for name in (f"{measure}_posts", measure)),
    *(name for a in AUDIENCES for name in (f"over_{a}_posts", f"over_{a}_interactions", f"over_{a}")),
)
"""The summed columns of ``post_groups``."""
COUNTED = "counted_pages"
INTERACTIONS = (
    "CASE WHEN coalesce({0}.reactions, {0}.likes, {0}.comments, {0}.shares) IS NOT NULL THEN "
    "coalesce({0}.reactions, {0}.likes, 0) + ifnull({0}.comments, 0) + ifnull({0}.shares, 0) END"
)
"""The numerator of the engagement rate, of the figures of a table alias."""

K = TypeVar("K")
Sums = dict[tuple[Any, ...], list[int]]


class Delta:
    """What a change adds to the sums."""

    def __init__(self, judged: Sequence[str]) -> None:
        self.judged = judged
        self.groups: Sums = {}
        self.values: Counter[tuple[Any, ...]] = Counter()

    def add(self, rows: Iterable[Sequence[Any]], basis: int, sign: int) -> None:
        """Rows of :func:`read`, in order of publication."""
        for month, of_month in groupby(rows, key=lambda row: row[0][:7]):
            self._add_month(month, list(of_month), basis, sign)

    def _add_month(self, month: str, rows: list[Sequence[Any]], basis: int, sign: int) -> None:
        columns = list(zip(*rows, strict=True))
        spans = (month, month[:4])
        for measure in self.judged:
            counts = Counter(columns[_AT[measure]])
            counts.pop(None, None)
            for value, posts in counts.items():
                for span in spans:
                    self.values[basis, measure, span, value] += sign * posts
        whole = summed(rows)
        hours = map(hour_of, columns[0])
        for dimension, keys in zip(DIMENSIONS, (*columns[1:4], hours), strict=True):
            for value, sums in grouped(keys, rows, whole):
                for span in spans:
                    key = (basis, dimension, span, value or "")
                    kept = self.groups.get(key)
                    if kept is None:
                        self.groups[key] = [*sums] if sign == 1 else [-n for n in sums]
                    else:
                        kept[:] = [a + sign * b for a, b in zip(kept, sums, strict=True)]

    def write(self, connection: sqlite3.Connection) -> None:
        """Add it to what is stored."""
        groups = [(*key, *sums) for key, sums in self.groups.items() if any(sums)]
        values = [(*key, posts) for key, posts in self.values.items() if posts]
        more = ", ".join(f"{name} = {name} + excluded.{name}" for name in NUMBERS)
        upsert = "ON CONFLICT DO UPDATE SET"
        many.insert(connection, "INSERT INTO post_groups", 4 + len(NUMBERS), groups, f"{upsert} {more}")
        many.insert(connection, "INSERT INTO post_values", 5, values, f"{upsert} posts = posts + excluded.posts")
        connection.executemany(
            "DELETE FROM post_groups WHERE basis = ? AND dimension = ? AND span = ? AND value = ? AND posts = 0",
            [row[:4] for row in groups if row[4] < 0],
        )
        connection.executemany(
            "DELETE FROM post_values WHERE basis = ? AND measure = ? AND span = ? AND value = ? AND posts = 0",
            [row[:4] for row in values if row[4] < 0],
        )


def grouped(
    keys: Iterable[K], rows: Sequence[Sequence[Any]], whole: list[int] | None = None
) -> Iterator[tuple[K, list[int]]]:
    """(key, :data:`NUMBERS`) of rows by key."""
    groups: dict[K, list[Sequence[Any]]] = defaultdict(list)
    for key, row in zip(keys, rows, strict=True):
        groups[key].append(row)
    for key, of_key in groups.items():
        yield key, whole if whole and len(groups) == 1 else summed(of_key)


def summed(rows: list[Sequence[Any]]) -> list[int]:
    """:data:`NUMBERS` of rows of :func:`read`."""
    if len(rows) == 1:  # of an hour of the week in a month nearly always
        return _of_one(*rows[0][4:])
    found = [len(rows)]
    *figures, interactions = list(zip(*rows, strict=True))[4:]
    for column in figures:
        found += _known(column)
    reach, viewers = figures[MEASURES.index("reach")], figures[MEASURES.index("viewers")]
    found += _rate([(i, a) for i, a in zip(interactions, reach, strict=True) if a and i is not None])
    if any(viewers):
        alone = (None if r is not None else v for r, v in zip(reach, viewers, strict=True))
        return found + _rate([(i, a) for i, a in zip(interactions, alone, strict=True) if a and i is not None])
    return [*found, 0, 0, 0]


def _of_one(*figures: Any) -> list[int]:
    *measures, interactions = figures
    found = [1]
    for value in measures:
        found += (0, 0) if value is None else (1, value)
    reach, viewers = measures[MEASURES.index("reach")], measures[MEASURES.index("viewers")]
    over_reach = reach and interactions is not None
    over_viewers = viewers and reach is None and interactions is not None
    found += (1, interactions, reach) if over_reach else (0, 0, 0)
    found += (1, interactions, viewers) if over_viewers else (0, 0, 0)
    return found


def _rate(pairs: list[tuple[int, int]]) -> list[int]:
    """Posts, interactions and audience of the posts that have both."""
    return [len(pairs), *map(sum, zip(*pairs, strict=True))] if pairs else [0, 0, 0]


def _known(column: Sequence[int | None]) -> tuple[int, int]:
    try:
        return len(column), sum(column)  # type: ignore[arg-type]
    except TypeError:  # one is unknown; asking each first takes longer than finding out
        known = [value for value in column if value is not None]
        return len(known), sum(known)


@lru_cache(maxsize=65_536)
def _of_hour(hour: str) -> str:
    return f"{date.fromisoformat(hour[:10]).weekday()}-{hour[11:]}"


def hour_of(published_at: str) -> str:
    """``w-hh``: the weekday (0 is Monday) and the hour in Taipei, in which moments are stored."""
    return _of_hour(published_at[:13])


_SAME_POST = "a.page_id = n.page_id AND a.published_at = n.published_at AND a.post_id = n.post_id"
# The plus keeps the look-up to the key: what is known of the period would make another index look as good.
_BY_KEY = "n.page_id = +a.page_id AND n.published_at = +a.published_at AND n.post_id = +a.post_id"
_AT = {name: n for n, name in enumerate(MEASURES, 4)}


def columns(basis: int) -> str:
    """What :func:`read` selects: of ``post_now n``, and at an age of ``post_aged a``."""
    f = "a" if basis else "n"
    interactions = INTERACTIONS.format("a") if basis else "n.interactions"
    return f"n.published_at, n.type, n.topic, n.unit, {', '.join(f'{f}.{m}' for m in MEASURES)}, {interactions}"


def source(basis: int) -> str:
    """The tables of a basis; a ``page_id`` and a ``published_at`` of ``n`` or (at an age) ``a`` narrow them."""
    if not basis:
        return "post_now n"
    return f"post_aged a CROSS JOIN post_now n ON {_BY_KEY}"


def read(connection: sqlite3.Connection, basis: int, pages: str) -> list[Sequence[Any]]:
    """The touched posts of these pages (a query) as :class:`Delta` takes them, in order of publication."""
    joined = "" if not basis else " CROSS JOIN post_aged a ON a.basis = ? AND " + _SAME_POST
    return connection.execute(
        f"SELECT {columns(basis)} FROM temp.touched_posts w CROSS JOIN post_now n ON n.post_id = w.post_id{joined} "  # noqa: S608
        f"WHERE n.page_id IN ({pages}) ORDER BY n.published_at",
        (basis,) if basis else (),
    ).fetchall()
