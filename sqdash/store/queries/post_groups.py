"""Posts of our own pages in groups, and how often each figure occurs: newest figures, or those at a stated age.

Of 7 days a post's figure is the observation nearest to its publication + 7 days within ± 1 day, of 28 days within ± 3
(:data:`sqdash.store.rollups.AGES`); posts without one are not in such a group.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from sqdash.periods import Period

LATEST = 0
"""The basis of newest figures; the others are ages in days: 7, 28."""
DIMENSIONS = ("type", "topic", "unit", "hour")
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


def groups(connection: sqlite3.Connection, period: Period, dimension: str, basis: int = LATEST) -> list[Group]:
    """The groups of the period's posts, by value ("not stated" last)."""
    raise NotImplementedError


def counts(connection: sqlite3.Connection, period: Period, measure: str, basis: int = LATEST) -> list[tuple[int, int]]:
    """(value, posts) of a judged measure, ascending: what a median and a share over a target need."""
    raise NotImplementedError
