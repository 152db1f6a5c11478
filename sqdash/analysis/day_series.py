"""Daily stocks of people as series that may be joined: where one ends, and what a month gained within one.

A stock counted by other days (Taipei's, Meta's Pacific ones), from another source or as another measure is another
series: no difference and no line is taken over the break between two (law of data 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

from sqdash.figures import DayFigure
from sqdash.periods import TAIPEI, month_period

END_WITHIN = 3
"""A month's end figure is the last one known of its last so many days."""
ENTRY = "entry"
Why = Literal["no_end", "no_before", "break"]
Series = tuple[DayFigure, ...]


@dataclass(frozen=True, slots=True)
class MonthGain:
    """Net gain of a calendar month (``2014-06``) in people; None with the reason in ``why``.

    ``end`` and ``end_day`` are the month's end figure and its day; ``whole`` is False while the month runs.
    """

    month: str
    end: int | None
    end_day: date | None
    gain: int | None
    whole: bool
    why: Why | None


def least_cut(figures: Iterable[DayFigure]) -> Series:
    """One figure a day, in order of days, of those that may be given for a day in several zones or ways: such that the
    series before the newest reach as far back as they can. Taipei's days go before others that reach as far.

    A page that is pulled now and then has Meta's days and, on the days of pulls, Taipei's; with these wherever there
    are any, its line would be cut twice a pull.
    """
    days = [{(f.zone, f.way): f for f in given} for _, given in groupby(figures, key=lambda f: f.day)]
    reach: list[dict[tuple[str, str], int]] = []  # how many days on end up to each have it
    for offered in days:
        before = reach[-1] if reach else {}
        reach.append({kind: before.get(kind, 0) + 1 for kind in offered})
    chosen: list[DayFigure] = []
    now = ("", "")
    for offered, back in zip(reversed(days), reversed(reach), strict=True):
        if now not in offered:
            now = max(back, key=lambda kind: (back[kind], kind[0] == TAIPEI.key))
        chosen.append(offered[now])
    return tuple(reversed(chosen))


def segments(figures: Iterable[DayFigure]) -> tuple[Series, ...]:
    """The figures, in order of days, cut wherever the day zone or the way they came in changes.

    Days that a person corrected inside a series belong to it: it goes on unchanged on both sides.
    """
    cut = groupby(_with_corrections(tuple(figures)), key=lambda pair: (pair[0].zone, pair[1]))
    return tuple(tuple(figure for figure, _ in run) for _, run in cut)


def _with_corrections(figures: Series) -> list[tuple[DayFigure, str]]:
    """Each figure with the way of the series to which it belongs."""
    runs = [tuple(run) for _, run in groupby(figures, key=lambda f: (f.zone, f.way))]
    found: list[tuple[DayFigure, str]] = []
    for at, run in enumerate(runs):
        way = run[0].way
        if way == ENTRY and 0 < at < len(runs) - 1:
            before, after = runs[at - 1][-1], runs[at + 1][0]
            if (before.way, before.zone) == (after.way, after.zone) and before.zone == run[0].zone:
                way = before.way
        found += [(figure, way) for figure in run]
    return found


def numbered(figures: Iterable[DayFigure]) -> Mapping[date, tuple[int, int]]:
    """Day → (value, number of the segment it lies in)."""
    return {f.day: (f.value, number) for number, run in enumerate(segments(figures)) for f in run}


def month_gains(figures: Sequence[DayFigure], months: Iterable[str], until: date) -> tuple[MonthGain, ...]:
    """The net gain of each month: its end figure less that of the month before, both of one series.

    ``until`` is the last day that counts: the month it lies in runs, unless it is that month's last day. A running
    month is as its newest figure has it.
    """
    known = numbered(f for f in figures if f.day <= until)
    return tuple(_month_gain(known, month, until) for month in months)


def _month_gain(known: Mapping[date, tuple[int, int]], month: str, until: date) -> MonthGain:
    span = month_period(month)
    whole = span.end <= until
    within = END_WITHIN if whole else span.days
    end = _last(known, min(span.end, until), within, not_before=span.start)
    empty = MonthGain(month, None, None, None, whole, "no_end")
    if end is None:
        return empty
    value, segment = known[end]
    found = replace(empty, end=value, end_day=end)
    before = _last(known, span.start - timedelta(days=1), END_WITHIN)
    if before is None:
        return replace(found, why="no_before")
    if known[before][1] != segment:
        return replace(found, why="break")
    return replace(found, gain=value - known[before][0], why=None)


def _last(known: Mapping[date, tuple[int, int]], day: date, within: int, *, not_before: date = date.min) -> date | None:
    """The last known day of the ``within`` days up to ``day``."""
    days = (day - timedelta(days=back) for back in range(within))
    return next((d for d in days if d >= not_before and d in known), None)
