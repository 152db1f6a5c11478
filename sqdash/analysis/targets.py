"""Which target applies to a period, and how a figure compares with it.

Rules, each tested:

* The target in force on the last day judged counts (the period's end, or the as-of day while it runs): the newest, and
  of a target and a norm from one day on the target, which the office is judged by.
* A rhythm gives the expected count of any period: whole months inside ÷ every so many months, or days. It expects
  nothing outside its own dates; where rhythms follow one another their counts are added up.
  A period too short for one beat has no expectation.
* Without a rhythm, a target on a mean or ratio holds for any period within its dates; one on a last value or
  a sum belongs to its own span, so a shorter period is judged by pace. A target that follows another within the year
  counts from that one's first day, and its line goes on where the other's stood: a new target makes nobody catch up.
* An interval is reached when its low end meets the target, missed when its high end does not, else partly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import zip_longest

from sqdash.figures import Applied, Interval, State, Target
from sqdash.indicators import Indicator
from sqdash.periods import Period

RATES = frozenset({"mean_per_post", "ratio"})
MAIN, FURTHER = frozenset({"target", "norm"}), frozenset({"further"})
"""Kinds of targets that judge a figure, and those that stand beside them."""
_DAY = timedelta(days=1)
_PLACES = 9
"""Decimals of the difference of two shares: what is beyond is noise, by which a figure on the line would miss it."""


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
    """The newest target of these kinds that holds on the day, for the definition version given; of a target and a norm
    from one day on the target."""
    found = [
        t
        for t in targets
        if t.kind in kinds
        and t.valid_from <= day
        and (t.valid_to is None or day <= t.valid_to)
        and (definition is None or t.definition == definition)
    ]
    return max(found, key=lambda t: (t.valid_from, t.kind != "norm"), default=None)


def beats(target: Target, period: Period, known: Iterable[Target] = ()) -> tuple[tuple[Period, int], ...]:
    """Parts of the period and the count that a rhythm expects in each: the target's own, and of the ``known`` ones of
    its kind those that hold before and after it. Of several that hold on a day the newest counts."""
    rhythms = [t for t in (*known, target) if t.value is not None and t.has_rhythm]
    moves = {t.valid_from for t in rhythms} | {t.valid_to + _DAY for t in rhythms if t.valid_to}
    firsts = sorted({period.start, *(day for day in moves if period.contains(day))})
    found: list[tuple[Target, date, date]] = []
    for first, after in zip_longest(firsts, firsts[1:]):
        rhythm = in_force(rhythms, first, _kinds(target), target.definition)
        last = after - _DAY if after else period.end
        if rhythm and found and found[-1][0] == rhythm and found[-1][2] == first - _DAY:
            found[-1] = (rhythm, found[-1][1], last)
        elif rhythm:
            found.append((rhythm, first, last))
    return tuple(
        (part := Period(first, last), part.beats(rhythm.every_months, rhythm.every_days))
        for rhythm, first, last in found
    )


def _kinds(target: Target) -> frozenset[str]:
    """The kinds of targets that may follow this one."""
    return FURTHER if target.kind in FURTHER else MAIN


def apply(
    indicator: Indicator, target: Target, period: Period, known: Iterable[Target] = (), day: date | None = None
) -> Applied | None:
    """The target as it applies to the period, among the ``known`` ones of the indicator (see :func:`beats`); None when
    the period is too short for one beat. ``day``: the one judged, the period's last unless given."""
    if target.has_rhythm:
        parts = beats(target, period, known)
        count = None if target.value is None else float(sum(count for _, count in parts))
        return None if count == 0 else Applied(target, count, whole=True, beats=parts)
    if indicator.rollup in RATES:
        return Applied(target, target.value, whole=True)
    span = own_span(target, day or period.end)
    line = _line(target, span, known)
    first = line[0][0].start if line else span.start
    return Applied(target, target.value, _covers(indicator, period, span, first), line=line)


def _line(target: Target, span: Period, known: Iterable[Target]) -> tuple[tuple[Period, float], ...]:
    """The target's own days and value after those of the targets that it follows within the year, oldest first."""
    if target.value is None:
        return ()
    earlier = None
    if (span.start.month, span.start.day) != (1, 1):
        plain = (t for t in known if t.value is not None and not t.has_rhythm)
        earlier = in_force(plain, span.start - _DAY, _kinds(target), target.definition)
    before = _line(earlier, own_span(earlier, span.start - _DAY), known) if earlier else ()
    return (*before, (span, target.value))


def own_span(target: Target, day: date) -> Period:
    """The days for which a target without a rhythm that holds on the day was set: its own dates within the calendar
    year of the day."""
    first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    return Period(max(target.valid_from, first), min(target.valid_to or last, last))


def _covers(indicator: Indicator, period: Period, span: Period, first: date) -> bool:
    """Whether the period is the target's own: a stock must reach its end, a sum also begin where its line begins."""
    return period.end >= span.end and (indicator.rollup == "last" or period.start <= first)


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
    one of the calendar year before. Without it there is no line, and the state is behind until the target is met. Where
    the target follows another within the year, the line goes on from where that one's stood. Rates compare as they
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
    if applied.value is None:
        return None
    if applied.beats:  # one that is not over is not owed: what is done each day has the day to be done in
        first = span.start if since is None else since
        last = day - _DAY if applied.target.every_days else day
        return float(sum(count * part.overlap(first, last) // part.days for part, count in applied.beats))
    line = applied.line or ((span, applied.value),)
    if indicator.rollup == "last":
        return _stands(line, opening, day)
    owed, before = _stands(line, 0.0, day), _stands(line, 0.0, since - _DAY) if since else 0.0
    return max(0.0, round((owed or 0.0) - (before or 0.0), _PLACES))


def start(applied: Applied, opening: float | None) -> float | None:
    """Where the line to a last value's target stands on the eve of the target's own days; None where not known."""
    if not applied.line:
        return opening
    *earlier, (span, value) = applied.line
    at = _stands(earlier, opening, span.start - _DAY)
    return min(at, value) if at is not None and earlier else at


def _stands(line: Sequence[tuple[Period, float]], base: float | None, day: date) -> float | None:
    """Where the line stands on a day that begins at ``base``, straight to the value of each target at its end; a lower
    target takes it down at once."""
    at = base
    for number, ((span, value), following) in enumerate(zip_longest(line, line[1:])):
        last = min(day, following[0].start - _DAY) if following else day
        if last < span.start:
            break
        if at is None:
            at = value if last >= span.end else None
        else:
            first = min(at, value) if number else at
            at = first + (value - first) * span.overlap(span.start, last) / span.days
    return at
