"""Posts of our own pages in groups, and how often each figure occurs: newest figures, or those at a stated age.

Of 7 days a post's figure is the observation nearest to its publication + 7 days within ± 1 day, of 28 days within ± 3
(:data:`sqdash.store.post_ages.AGES`); posts without one are not in such a group.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqdash.periods import Period, month_period
from sqdash.store import post_sums
from sqdash.store.post_sums import NUMBERS
from sqdash.store.rollups import JUDGED

LATEST = post_sums.LATEST
"""The basis of newest figures; the others are ages in days: 7, 28."""
DIMENSIONS = post_sums.DIMENSIONS
"""``hour``: weekday (0 Monday … 6) and hour of publication in Taipei, written ``"w-hh"``."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio of totals over the posts that have both: ``interactions`` ÷ ``audience``, of ``posts`` posts."""

    posts: int
    interactions: int
    audience: int


@dataclass(frozen=True, slots=True)
class Group:
    """The posts with one value (None: not stated) of a dimension.

    ``measures`` has per measure (n posts that have it, total) for likes, reactions, comments, shares, reach and
    viewers; ``rates`` per denominator (``reach``, ``viewers``): the two are counted differently and never added up.
    """

    value: str | None
    posts: int
    measures: dict[str, tuple[int, int]] = field(default_factory=dict)
    rates: dict[str, Rate] = field(default_factory=dict)


_OWN = "n.page_id IN (SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL)"


def groups(connection: sqlite3.Connection, period: Period, dimension: str, basis: int = LATEST) -> list[Group]:
    """The groups of the period's posts, by value ("not stated" last)."""
    if dimension not in DIMENSIONS:
        raise ValueError(dimension)
    wholes, edges = parts(period)
    sums: dict[str, list[int]] = {}
    for value, *numbers in connection.execute(
        f"SELECT value, {', '.join(f'sum({name})' for name in NUMBERS)} FROM post_groups "  # noqa: S608
        f"WHERE basis = ? AND dimension = ? AND span IN ({_marks(wholes)}) GROUP BY value",
        (basis, dimension, *wholes),
    ):
        sums[value] = numbers
    at = DIMENSIONS.index(dimension) + 1
    for edge in edges:
        rows = _scan(connection, edge, basis)
        keys = (row[at] for row in rows) if dimension != "hour" else (post_sums.hour_of(row[0]) for row in rows)
        for value, numbers in post_sums.grouped(keys, rows):
            sums[value] = [a + b for a, b in zip(sums.get(value, [0] * len(NUMBERS)), numbers, strict=True)]
    return [_group(value, sums[value]) for value in sorted(sums, key=lambda value: (not value, value))]


def sizes(connection: sqlite3.Connection, period: Period, dimension: str) -> list[tuple[str | None, int]]:
    """(value, posts) of the types, topics or units of the period's posts, most posts first."""
    if dimension not in ("type", "topic", "unit"):
        raise ValueError(dimension)
    wholes, edges = parts(period)
    found: Counter[str] = Counter()
    rows = connection.execute(
        f"SELECT value, sum(posts) FROM post_groups WHERE basis = ? AND dimension = ? AND span IN ({_marks(wholes)}) "  # noqa: S608
        "GROUP BY value",
        (LATEST, dimension, *wholes),
    ).fetchall()
    for edge in edges:
        rows += connection.execute(
            f"SELECT ifnull(n.{dimension}, ''), count(*) FROM post_now n WHERE {_OWN} "  # noqa: S608
            "AND n.published_at >= ? AND n.published_at < ? GROUP BY 1",
            edge,
        ).fetchall()
    for value, posts in rows:
        found[value] += posts
    return [(value or None, posts) for value, posts in sorted(found.items(), key=lambda one: (-one[1], one[0]))]


def counts(connection: sqlite3.Connection, period: Period, measure: str, basis: int = LATEST) -> list[tuple[int, int]]:
    """(value, posts) of a judged measure, ascending: what a median and a share over a target need."""
    if measure not in JUDGED:
        raise ValueError(measure)
    wholes, edges = parts(period)
    found = Counter(
        dict(
            connection.execute(
                "SELECT value, sum(posts) FROM post_values "  # noqa: S608
                f"WHERE basis = ? AND measure = ? AND span IN ({_marks(wholes)}) GROUP BY value",
                (basis, measure, *wholes),
            ).fetchall()
        )
    )
    at = 4 + post_sums.MEASURES.index(measure)
    for edge in edges:
        found.update(row[at] for row in _scan(connection, edge, basis) if row[at] is not None)
    return sorted(found.items())


def parts(period: Period) -> tuple[list[str], list[tuple[str, str]]]:
    """A period as whole years and months (``2014``, ``2014-01``), and what is over as (first, end) of publication."""
    wholes: list[str] = []
    edges = []
    for month in period.months:
        whole = month_period(month)
        if period.start <= whole.start and whole.end <= period.end:
            wholes.append(month)
        else:
            first, last = max(period.start, whole.start), min(period.end, whole.end)
            edges.append((first.isoformat(), (last + timedelta(days=1)).isoformat()))
    years = [year for year, months in Counter(month[:4] for month in wholes).items() if months == 12]
    return [*years, *(month for month in wholes if month[:4] not in years)], edges


def _marks(values: list[str]) -> str:
    return ", ".join("?" * len(values))


def _scan(connection: sqlite3.Connection, edge: tuple[str, str], basis: int) -> list[tuple[Any, ...]]:
    """The posts of a part of a month, page by page, as :mod:`sqdash.store.post_sums` takes them."""
    t = "a" if basis else "n"
    at_age = "a.basis = ? AND " if basis else ""
    return connection.execute(
        f"SELECT {post_sums.columns(basis)} FROM {post_sums.source(basis)} WHERE {at_age}{t}.page_id IN "  # noqa: S608
        "(SELECT page_id FROM pages WHERE kind = 'own' AND closed_revision IS NULL) "
        f"AND {t}.published_at >= ? AND {t}.published_at < ?",
        (*([basis] if basis else []), *edge),
    ).fetchall()


def _group(value: str, numbers: list[int]) -> Group:
    found = dict(zip(NUMBERS, numbers, strict=True))
    rates = {
        a: Rate(found[f"over_{a}_posts"], found[f"over_{a}_interactions"], found[f"over_{a}"])
        for a in post_sums.AUDIENCES
        if found[f"over_{a}_posts"]
    }
    measures = {name: (found[f"{name}_posts"], found[name]) for name in post_sums.MEASURES}
    return Group(value or None, found["posts"], measures, rates)
