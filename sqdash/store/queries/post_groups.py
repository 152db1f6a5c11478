"""Posts of our own pages in groups, and how often each figure occurs: newest figures, or those at a stated age.

Of 7 days a post's figure is the observation nearest to its publication + 7 days within ± 1 day, of 28 days within ± 3
(:data:`sqdash.store.post_ages.AGES`); posts without one are not in such a group.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from operator import add
from typing import Any

from sqdash.periods import Period, month_period
from sqdash.store import post_sums
from sqdash.store.post_sums import NUMBERS
from sqdash.store.rollups import JUDGED, OWN

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


@dataclass(frozen=True, slots=True)
class Summary:
    """The posts of a period: ``groups`` by dimension, each by value ("not stated" last), and ``counts``, per measure
    (value, posts) ascending, which a median and a share over a target need."""

    groups: dict[str, list[Group]]
    counts: dict[str, list[tuple[int, int]]]


Sums = dict[str, list[int]]
_STATED = ("type", "topic", "unit")
_OWN = f"n.page_id IN ({OWN})"


def summary(
    connection: sqlite3.Connection, period: Period, basis: int = LATEST, counted: Sequence[str] = JUDGED
) -> Summary:
    """The period's posts in groups, and counts of some judged measures; months that the period cuts are read once."""
    wholes, edges = parts(period)
    cut = [row for edge in edges for row in _scan(connection, edge, basis)]
    sums: dict[str, Sums] = {dimension: {} for dimension in DIMENSIONS}
    for dimension, value, *numbers in connection.execute(
        f"SELECT dimension, value, {', '.join(f'sum({name})' for name in NUMBERS)} FROM post_groups "  # noqa: S608
        f"WHERE basis = ? AND dimension IN ({_marks(DIMENSIONS)}) AND span IN ({_marks(wholes)}) GROUP BY 1, 2",
        (basis, *DIMENSIONS, *wholes),
    ):
        sums[dimension][value] = numbers
    _add_groups(sums, cut)
    return Summary(
        {name: [_group(v, found[v]) for v in sorted(found, key=lambda v: (not v, v))] for name, found in sums.items()},
        {name: _counted(connection, wholes, name, basis, cut) for name in counted},
    )


def counts(connection: sqlite3.Connection, period: Period, measure: str, basis: int = LATEST) -> list[tuple[int, int]]:
    """(value, posts) of one judged measure, ascending."""
    if measure not in JUDGED:
        raise ValueError(measure)
    wholes, edges = parts(period)
    cut = [row for edge in edges for row in _scan(connection, edge, basis)]
    return _counted(connection, wholes, measure, basis, cut)


def by_month(connection: sqlite3.Connection, months: Sequence[str]) -> dict[str, dict[str, tuple[int, int]]]:
    """Month → how many posts (``posts``), and per measure how many have it and their total; months without are left
    out."""
    names = ("posts", *post_sums.MEASURES)
    sums = ", ".join("sum(posts), 0" if name == "posts" else f"sum({name}_posts), sum({name})" for name in names)
    rows = connection.execute(
        f"SELECT span, {sums} FROM post_groups "  # noqa: S608
        f"WHERE basis = ? AND dimension = 'type' AND span IN ({_marks(months)}) GROUP BY span ORDER BY span",
        (LATEST, *months),
    )
    return {
        month: dict(zip(names, zip(numbers[::2], numbers[1::2], strict=True), strict=True))
        for month, *numbers in rows
        if numbers[0]
    }


def total(connection: sqlite3.Connection, period: Period) -> int:
    """How many posts the period has."""
    wholes, edges = parts(period)
    (found,) = connection.execute(
        "SELECT ifnull(sum(posts), 0) FROM post_groups "  # noqa: S608
        f"WHERE basis = ? AND dimension = 'type' AND span IN ({_marks(wholes)})",
        (LATEST, *wholes),
    ).fetchone()
    for edge in edges:
        found += connection.execute(
            f"SELECT count(*) FROM post_now n WHERE {_OWN} AND n.published_at >= ? AND n.published_at < ?",  # noqa: S608
            edge,
        ).fetchone()[0]
    return int(found)


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


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _add_groups(sums: dict[str, Sums], rows: list[tuple[Any, ...]]) -> None:
    """Add posts to their groups. Those alike in all that is stated are summed once for the three dimensions."""
    for key, numbers in post_sums.grouped((row[1:4] for row in rows), rows):
        for dimension, value in zip(_STATED, key, strict=True):
            _add(sums[dimension], value or "", numbers)
    for value, numbers in post_sums.grouped((post_sums.hour_of(row[0]) for row in rows), rows):
        _add(sums["hour"], value, numbers)


def _add(sums: Sums, value: str, numbers: list[int]) -> None:
    known = sums.get(value)
    sums[value] = numbers if known is None else list(map(add, known, numbers))


def _counted(
    connection: sqlite3.Connection, wholes: list[str], measure: str, basis: int, cut: list[tuple[Any, ...]]
) -> list[tuple[int, int]]:
    one = len(wholes) == 1 and not cut  # a year or a month is kept as it is asked for
    posts, grouped = ("posts", "ORDER BY value") if one else ("sum(posts)", "GROUP BY value")
    rows = connection.execute(
        f"SELECT value, {posts} FROM post_values "  # noqa: S608
        f"WHERE basis = ? AND measure = ? AND span IN ({_marks(wholes)}) {grouped}",
        (basis, measure, *wholes),
    ).fetchall()
    if one:
        return rows
    found = Counter(dict(rows))
    at = 4 + post_sums.MEASURES.index(measure)
    found.update(row[at] for row in cut if row[at] is not None)
    return sorted(found.items())


def _scan(connection: sqlite3.Connection, edge: tuple[str, str], basis: int) -> list[tuple[Any, ...]]:
    """The posts of a part of a month, page by page, as :mod:`sqdash.store.post_sums` takes them."""
    t = "a" if basis else "n"
    at_age = "a.basis = ? AND " if basis else ""
    return connection.execute(
        f"SELECT {post_sums.columns(basis)} FROM {post_sums.source(basis)} WHERE {at_age}{t}.page_id IN ({OWN}) "  # noqa: S608
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
