"""When a target on a stock is reached at the present pace: a robust slope, with a range, or the reason for none.

Slope: the median of the slopes of all pairs of days (Theil 1950; Sen 1968, "Estimates of the Regression Coefficient
Based on Kendall's Tau", JASA 63). Its interval: the pair slopes of ranks ``(N ± z·s) / 2``, where ``N`` is how many
pairs there are, ``s² = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18`` with ``t`` days at one same value (Sen 1968, section 4)
and ``z`` = 1.96 for 95 %. The interval takes days as independent, which fans are not: it is rather too narrow.
From the newest figure on the slope is followed; a range is when its two ends get there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from statistics import NormalDist, median
from typing import Literal

from sqdash.analysis import day_series
from sqdash.analysis.targets import meets
from sqdash.figures import DayFigure
from sqdash.periods import Period

WINDOW = 90
"""The slope is that of the last so many days up to the newest figure."""
FEWEST = 14
"""Days with figures below which nothing is forecast."""
OLDEST = 14
"""Days since the newest figure after which nothing is forecast."""
FURTHEST = 3_650
"""Days beyond which a date is no forecast any more."""
CONFIDENCE = 0.95

Kind = Literal["reached", "due", "beyond", "never", "refused"]
Reason = Literal["no_target", "no_days", "too_old", "few_days"]


@dataclass(frozen=True, slots=True)
class Slope:
    """People a day: ``middle`` with its interval, from ``n`` days with figures between ``first`` and ``last``."""

    middle: float
    low: float
    high: float
    n: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """What can be said of the day on which the goal is met.

    ``reached``: ``day`` is the first that met it, None when the year began there, or the target's days, which then
    begin on ``since``; ``exact`` says whether the figure of the day before is known, which did not. ``due``: ``day``
    with ``earliest`` and ``latest``, None where an end of the range never gets there. ``beyond``: too far off to
    name. ``never``: the slope is flat or falls; ``earliest`` is there if the range's upper end rises. ``refused``:
    ``reason``.
    """

    kind: Kind
    day: date | None = None
    earliest: date | None = None
    latest: date | None = None
    exact: bool = True
    since: date | None = None
    slope: Slope | None = None
    newest: DayFigure | None = None
    reason: Reason | None = None


def theil_sen(points: Sequence[tuple[float, float]], confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """Slope, low end and high end of points (x, y) with different x; ``ValueError`` for fewer than two."""
    if len(points) < 2:
        raise ValueError("a slope takes two points")
    slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2))
    n, pairs = len(points), len(slopes)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(y for _, y in points).values())
    spread = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt((n * (n - 1) * (2 * n + 5) - ties) / 18)
    low = max(round((pairs - spread) / 2) - 1, 0)
    high = min(round((pairs + spread) / 2), pairs - 1)
    return median(slopes), slopes[low], slopes[high]


def slope_of(figures: Sequence[DayFigure]) -> Slope | Reason:
    """The pace of the newest series over its last :data:`WINDOW` days, or why there is none."""
    runs = day_series.segments(figures)
    if not runs:
        return "no_days"
    last = runs[-1][-1].day
    used = [f for f in runs[-1] if f.day > last - timedelta(days=WINDOW)]
    if len(used) < FEWEST:
        return "few_days"
    slope = theil_sen([((f.day - last).days, f.value) for f in used])
    return Slope(*slope, len(used), used[0].day, last)


def forecast(
    figures: Sequence[DayFigure],
    *,
    goal: float | None,
    comparator: str,
    opening: float | None,
    span: Period,
    as_of: date,
) -> Forecast:
    """The forecast as it stands on a day, from the figures up to then.

    ``span`` is the target's own days; ``opening`` the last figure before their year, in people.
    """
    known = [f for f in figures if f.day <= as_of]
    if goal is None:
        return Forecast("refused", reason="no_target")
    if not known:
        return Forecast("refused", reason="no_days")
    newest = known[-1]
    if meets(newest.value, comparator, goal):
        return _reached(known, goal, comparator, opening, span)
    if (as_of - newest.day).days > OLDEST:
        return Forecast("refused", newest=newest, reason="too_old")
    slope = slope_of(known)
    if isinstance(slope, str):
        return Forecast("refused", newest=newest, reason=slope)
    missing = (math.floor(goal) + 1 if comparator == ">" else math.ceil(goal)) - newest.value
    return _due(newest, missing, slope)


def _reached(known: Sequence[DayFigure], goal: float, comparator: str, opening: float | None, span: Period) -> Forecast:
    """The first day of the span that met the goal, unless the figure before the span did."""
    if opening is not None and meets(opening, comparator, goal):
        return Forecast("reached", newest=known[-1])
    before = next((f for f in reversed(known) if f.day < span.start), None)
    if before is not None and meets(before.value, comparator, goal):
        year_began = (span.start.month, span.start.day) == (1, 1)
        return Forecast("reached", since=None if year_began else span.start, newest=known[-1])
    day = next((f.day for f in known if f.day >= span.start and meets(f.value, comparator, goal)), None)
    exact = day is None or any(f.day == day - timedelta(days=1) for f in known)
    return Forecast("reached", day=day, exact=exact, newest=known[-1])


def _due(newest: DayFigure, missing: int, slope: Slope) -> Forecast:
    days = {rate: _days(missing, rate) for rate in (slope.low, slope.middle, slope.high)}
    day, earliest, latest = (
        None if (after := days[rate]) is None else newest.day + timedelta(days=after)
        for rate in (slope.middle, slope.high, slope.low)
    )
    kind: Kind = "due" if day else "beyond" if slope.middle > 0 else "never"
    return Forecast(kind, day, earliest, latest, slope=slope, newest=newest)


def _days(missing: int, rate: float) -> int | None:
    """Whole days until so many people have come; None when never, or not within :data:`FURTHEST` days."""
    if rate <= 0 or missing / rate > FURTHEST:
        return None
    return math.ceil(missing / rate)
