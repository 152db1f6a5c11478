"""Fans gained by an activity: the gain in its window less what would usually have come.

Window: the activity's days and the six after. Usual gain: the median daily gain of the 28 days before (the windows of
other activities left out) × the window's days; the median, so that one odd day does not count. Range: what the gain
leaves when the 10 % and the 90 % quantile of the gains of equally long runs of those days are taken off instead,
widened to hold the estimate. Gains are net: people who left are taken off. It is a comparison with before, not a proof
of cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median, quantiles
from typing import Literal

from sqdash.analysis import day_series
from sqdash.figures import DayFigure, FanActivity
from sqdash.periods import Period, days_between

AFTER = 6
"""Days that a window goes on after the activity's last one."""
BASELINE = 28
"""Days before an activity that say what is usual."""
FEWEST_DAYS = 14
"""Known daily gains among those days below which nothing is worked out."""
FEWEST_RUNS = 5
"""Runs as long as the window among those days below which nothing is worked out."""
_DAY = timedelta(days=1)
Known = Mapping[date, tuple[int, int]]

Reason = Literal["unfinished", "no_days", "break", "few_days"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """An activity in people: ``gain`` in the window, ``usual`` in as many days, ``estimate``, its ``low`` and ``high``.

    ``n`` counts the days that say what is usual, ``runs`` the equally long runs among them. Where ``reason`` says
    why nothing was worked out, ``estimate`` is None. ``overlaps`` are the titles of activities whose windows share
    days with this one: the gain is then theirs too and is not split.
    """

    activity: FanActivity
    window: Period
    gain: int | None = None
    usual: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    runs: int = 0
    overlaps: tuple[str, ...] = ()
    reason: Reason | None = None


def window_of(activity: FanActivity) -> Period:
    """The activity's days and the six after."""
    return Period(activity.first, max(activity.first, activity.last) + timedelta(days=AFTER))


def attribute(figures: Iterable[DayFigure], activities: Sequence[FanActivity], as_of: date) -> tuple[Attribution, ...]:
    """Each activity's gain as known on a day. ``activities`` holds all that may be near, also those not asked for."""
    known = day_series.numbered(f for f in figures if f.day <= as_of)
    return tuple(_one(known, at, activities, as_of) for at in range(len(activities)))


def together(found: Iterable[Attribution]) -> float | None:
    """The estimates added up; None if one of them is missing or shares its days with another activity."""
    estimates = [None if one.overlaps else one.estimate for one in found]
    return sum(e for e in estimates if e is not None) if estimates and None not in estimates else None


def _one(known: Known, at: int, activities: Sequence[FanActivity], as_of: date) -> Attribution:
    window = window_of(activities[at])
    others = [(a.title, window_of(a)) for index, a in enumerate(activities) if index != at]
    overlaps = tuple(title for title, other in others if other.overlap(window.start, window.end))
    found = Attribution(activities[at], window, overlaps=overlaps)
    if window.end > as_of:
        return replace(found, reason="unfinished")
    before, end = known.get(window.start - _DAY), known.get(window.end)
    if before is None or end is None:
        return replace(found, reason="no_days")
    if before[1] != end[1]:
        return replace(found, reason="break")
    gains = _usual_gains(known, window.start, [other for _, other in others], segment=end[1])
    return _estimated(replace(found, gain=end[0] - before[0]), gains)


def _usual_gains(known: Known, start: date, others: Sequence[Period], segment: int) -> dict[date, int]:
    """Day → gain over the day before, of the days before ``start`` that lie in no other activity's window."""
    gains = {}
    for day in days_between(start - timedelta(days=BASELINE), start - _DAY):
        here, before = known.get(day), known.get(day - _DAY)
        if here and before and here[1] == before[1] == segment and not any(other.contains(day) for other in others):
            gains[day] = here[0] - before[0]
    return gains


def _estimated(found: Attribution, gains: Mapping[date, int]) -> Attribution:
    days, gain = found.window.days, found.gain or 0
    sums = _runs(gains, days)
    found = replace(found, n=len(gains), runs=len(sums))
    if len(gains) < FEWEST_DAYS or len(sums) < FEWEST_RUNS:
        return replace(found, reason="few_days")
    usual = median(gains.values()) * days
    tenths = quantiles(sums, n=10, method="inclusive")
    estimate = gain - usual
    low, high = min(gain - tenths[-1], estimate), max(gain - tenths[0], estimate)
    return replace(found, usual=usual, estimate=estimate, low=low, high=high)


def _runs(gains: Mapping[date, int], days: int) -> list[int]:
    """The sums of all runs of so many days one after the other."""
    spans = ([day + timedelta(days=n) for n in range(days)] for day in gains)
    return [sum(gains[day] for day in span) for span in spans if all(day in gains for day in span)]
