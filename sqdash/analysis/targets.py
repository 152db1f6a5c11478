"""Which target applies to a period, and how a figure compares with it.

Rules, each tested:

* The target in force on the last day judged counts (the period's end, or the as-of day while it runs).
* A rhythm gives the expected count of any period: whole months inside ÷ every so many months, or days. It expects
  nothing outside its own dates; where rhythms follow one another their counts are added up.
  A period too short for one beat has no expectation.
* Without a rhythm, a target on a mean or ratio holds for any period within its dates; one on a last value or
  a sum belongs to its own span, so a shorter period is judged by pace. The line to a target that follows another
  within the year begins where that one's ended: a higher target makes nobody catch up.
* An interval is reached when its low end meets the target, missed when its high end does not, else partly.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqdash.figures import Applied, Interval, State, Target
from sqdash.indicators import Indicator
from sqdash.periods import Period

RATES = frozenset({"mean_per_post", "ratio"})
_MAIN = frozenset({"target", "norm"})
_DAY = timedelta(days=1)


def meets(value: float, comparator: str, goal: float) -> bool:
    """Whether one value meets the goal."""
    return value > goal if comparator == ">" else value >= goal


def compare(figure: Interval, comparator: str, goal: float) -> State:
    """reached, partly or missed (law 5)."""
    low, high = figure.bounds
    if meets(low, comparator, goal):
        return "reached"
    return "partly" if meets(high, comparator, goal) else "missed"


def in_force(targets: Iterable[Target], day: date, kinds: frozenset[str], definition: int | None) -> Target | None:
    """The newest target of these kinds that holds on the day, for the definition version given."""
    found = [
        t
        for t in targets
        if t.kind in kinds
        and t.valid_from <= day
        and (t.valid_to is None or day <= t.valid_to)
        and (definition is None or t.definition == definition)
    ]
    return max(found, key=lambda t: t.valid_from, default=None)


def beats(target: Target, period: Period, known: Iterable[Target] = ()) -> tuple[tuple[Period, int], ...]:
    """Parts of the period and the count that a rhythm expects in each: the target's own, and of the ``known`` ones of
    its kind those that hold before and after it. Of two that hold on a day the newer counts."""
    further = target.kind == "further"
    alike = (t for t in known if t.definition == target.definition and (t.kind == "further") == further)
    rhythms = {t.valid_from: t for t in (*alike, target) if t.value is not None and (t.every_months or t.every_days)}
    found = []
    for first in sorted(rhythms):
        last = min([rhythms[first].valid_to or period.end, *(day - _DAY for day in rhythms if day > first)])
        if max(first, period.start) <= min(last, period.end):
            part = Period(max(first, period.start), min(last, period.end))
            found.append((part, _count(rhythms[first], part)))
    return tuple(found)


def _count(rhythm: Target, part: Period) -> int:
    return part.days // rhythm.every_days if rhythm.every_days else part.whole_months // (rhythm.every_months or 1)


def apply(indicator: Indicator, target: Target, period: Period, known: Iterable[Target] = ()) -> Applied | None:
    """The target as it applies to the period, among the ``known`` ones of the indicator (see :func:`beats`); None when
    the period is too short for one beat."""
    if target.every_months or target.every_days:
        parts = beats(target, period, known)
        count = None if target.value is None else float(sum(count for _, count in parts))
        return None if count == 0 else Applied(target, count, whole=True, beats=parts)
    if indicator.rollup in RATES:
        return Applied(target, target.value, whole=True)
    return Applied(target, target.value, _covers(indicator, period, target), start=_followed(target, period, known))


def _followed(target: Target, period: Period, known: Iterable[Target]) -> float | None:
    """The value of the target without a rhythm that held on the eve of this one's days, in the same year."""
    first = own_span(target, period).start
    if (first.month, first.day) == (1, 1):
        return None
    kinds = frozenset({"further"}) if target.kind == "further" else _MAIN
    plain = (t for t in known if not (t.every_months or t.every_days))
    earlier = in_force(plain, first - _DAY, kinds, target.definition)
    return earlier.value if earlier else None


def own_span(target: Target, period: Period) -> Period:
    """The days for which a target without a rhythm was set: its own dates within the period's calendar year."""
    first, last = date(period.end.year, 1, 1), date(period.end.year, 12, 31)
    return Period(max(target.valid_from, first), min(target.valid_to or last, last))


def _covers(indicator: Indicator, period: Period, target: Target) -> bool:
    """Whether the period is the target's own: a stock must reach its end, a sum also begin with it."""
    span = own_span(target, period)
    return period.end >= span.end and (indicator.rollup == "last" or period.start <= span.start)


def pace(
    indicator: Indicator,
    figure: Interval,
    applied: Applied,
    span: Period,
    day: date,
    opening: float | None,
    since: date | None = None,
) -> State:
    """on_track or behind on the straight line to the target at the end of ``span``.

    A sum owes the days from ``since`` (the period's first day; else the span's) to ``day``.
    Sums and counts start from nothing on the first day; a last value starts from ``opening``, the last known
    one before the calendar year. Without it there is no line, and the state is behind until the target is met. Either
    starts from the target that this one follows, a sum where the period has that one's days too. Rates compare as they
    stand.
    """
    goal = applied.value
    if goal is None:
        return "no_target"
    if compare(figure, applied.target.comparator, goal) == "reached":
        return "reached"
    owed = None if indicator.rollup in RATES else due(indicator, applied, span, day, opening, since)
    return "on_track" if owed is not None and figure.bounds[0] >= owed else "behind"


def due(
    indicator: Indicator,
    applied: Applied,
    span: Period,
    day: date,
    opening: float | None,
    since: date | None = None,
) -> float | None:
    """What is due by the day (see :func:`pace`); None where that is not known."""
    start = _start(indicator, applied, span, opening, since)
    if start is None or applied.value is None:
        return None
    first = span.start if since is None or indicator.rollup == "last" else since
    if applied.beats:  # one that is not over is not owed
        return float(sum(count * part.overlap(first, day) // part.days for part, count in applied.beats))
    return start + (applied.value - start) * span.overlap(first, day) / span.days


def _start(
    indicator: Indicator, applied: Applied, span: Period, opening: float | None, since: date | None
) -> float | None:
    """Where the line begins; None where that is not known."""
    if indicator.rollup == "last":
        return opening if applied.start is None else applied.start
    return applied.start if applied.start is not None and since is not None and since < span.start else 0.0
