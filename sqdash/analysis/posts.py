"""What the posts of a period say: middle and spread, groups compared fairly, and what goes with the differences.

Works on roll-ups (how many posts had each value; posts, n and total of each group), never on posts one by one, so a
year of a thousand pages costs what a month costs. A value that is not given is in no mean; a group with too few posts
has no mean at all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqdash.analysis import results

LEAST = 5
"""Posts with a figure that a group needs before its mean is shown: fewer say more of one post than of the group."""
HOURS = 3
"""Width in hours of a band of the weekday grid: single hours would leave nearly every cell too thin."""
WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")

Counts = Sequence[tuple[int, int]]
"""(value, how many posts have it)."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """One measure over the posts of a period: ``posts`` all, ``n`` those with a figure; the rest None where n is 0.

    ``share``: 0–1 of the n that meet the goal, None without a goal.
    """

    posts: int
    n: int
    mean: float | None
    median: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """The posts that have one value of a dimension (None: not given): all, those with the figure, its sum."""

    label: str | None
    posts: int
    n: int
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    """A group as it may be shown: ``mean`` None where it is thin; ``share`` 0–1 of all posts with the figure."""

    label: str | None
    posts: int
    n: int
    mean: float | None
    share: float
    thin: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """How much of the differences between posts goes with a dimension of ``groups`` values over ``n`` posts.

    ``eta2`` is the plain share (0–1); ``adjusted`` is without what that many groups would explain by chance.
    """

    eta2: float
    adjusted: float
    groups: int
    n: int


def statistics(counts: Counts, posts: int, comparator: str = ">=", goal: float | None = None) -> Statistics:
    """Mean = Σ value · count ÷ n; median: the middle value, or half-way between the two; share: met ÷ n."""
    ordered = tuple(sorted(counts))
    n = sum(count for _, count in ordered)
    if not n:
        return Statistics(posts, 0, None, None, None)
    mean = sum(value * count for value, count in ordered) / n
    share = None if goal is None else results.share_over(ordered, comparator, goal)
    return Statistics(posts, n, mean, results.median(ordered), share)


def monthly_range(months: Sequence[tuple[str, int, int]], step: int) -> tuple[int, int] | None:
    """The lowest and highest mean of the months (month, n, total), each to the nearest ``step`` (halves upwards).

    This is how the yearly report writes a mean that moved: likes to tens ("60–70"), reach to hundreds. None for none.
    """
    means = [total / n for _, n, total in months if n]
    if not means:
        return None
    low, high = (math.floor(mean / step + 0.5) * step for mean in (min(means), max(means)))
    return low, high


def breakdown(groups: Sequence[Group], least: int = LEAST) -> list[Row]:
    """The groups best first, thin ones after them by size, and posts of which the dimension is not given last."""
    counted = sum(group.n for group in groups)
    rows = [
        Row(
            group.label,
            group.posts,
            group.n,
            group.total / group.n if group.n >= least else None,
            group.n / counted if counted else 0.0,
            group.n < least,
        )
        for group in groups
    ]
    return sorted(rows, key=lambda r: (r.label is None, r.thin, -(r.mean or 0), -r.n, r.label or ""))


def explained(groups: Sequence[Group], counts: Counts, least: int = LEAST) -> Explained | None:
    """How much of the spread of a measure goes with a dimension; None where nothing can be told.

    η² = Σ n_g (mean_g − mean)² ÷ Σ (value − mean)² (the correlation ratio, Pearson 1905; Fisher's sums of squares).
    It grows with the number of groups k even where they mean nothing, so dimensions are compared by
    ε² = 1 − (1 − η²)(n − 1) ÷ (n − k) (Kelley 1935), never below 0. It tells what goes together, not what causes what,
    and nothing where not even two groups have the ``least`` posts that a mean is shown for.
    """
    held = [group for group in groups if group.n]
    n, k = sum(group.n for group in held), len(held)
    if sum(group.n >= least for group in held) < 2 or n <= k or n != sum(count for _, count in counts):
        return None
    mean = sum(group.total for group in held) / n
    whole = sum(count * (value - mean) ** 2 for value, count in counts)
    if whole <= 0:
        return None
    eta2 = sum(group.n * (group.total / group.n - mean) ** 2 for group in held) / whole
    return Explained(eta2, max(0.0, 1 - (1 - eta2) * (n - 1) / (n - k)), k, n)


def most_telling(found: Mapping[str, Explained | None]) -> str | None:
    """The dimension that explains most (by ε²), the first of equals; None where none explains anything."""
    known = {name: e.adjusted for name, e in found.items() if e and e.adjusted > 0}
    return max(known, key=known.__getitem__, default=None)


Cell = tuple[int, int]
"""Weekday (0 Monday … 6 Sunday) and first hour of a band, Taipei time of publishing."""


def banded(hours: Mapping[Cell, Group]) -> dict[Cell, Group]:
    """Groups by weekday and hour (0–23) put together in bands of :data:`HOURS`."""
    sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (weekday, hour), group in hours.items():
        held = sums[weekday, hour // HOURS * HOURS]
        for place, amount in enumerate((group.posts, group.n, group.total)):
            held[place] += amount
    return {cell: Group(cell_words(cell), posts, n, total) for cell, (posts, n, total) in sorted(sums.items())}


def cell_words(cell: Cell) -> str:
    """週三 09–12 時."""
    weekday, hour = cell
    return f"週{WEEKDAYS[weekday]} {hour:02d}–{min(hour + HOURS, 24):02d} 時"


def grid(cells: Mapping[Cell, Group]) -> dict[Cell, float | None]:
    """The mean of each cell; None where it is thin. Cells without any post are not there."""
    return {cell: group.total / group.n if group.n >= LEAST else None for cell, group in cells.items()}
