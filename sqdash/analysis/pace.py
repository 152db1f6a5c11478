"""The pace line of a last value: straight from the last figure of the year before, or from the target that this one
follows within the year, to the target on its last day.

On day ``d`` of a span of ``D`` days (the first is 1) the line stands at ``opening + (goal − opening) × d / D``, as
:func:`sqdash.analysis.targets.pace` judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqdash.periods import Period


@dataclass(frozen=True, slots=True)
class Pace:
    """A figure against the line on its day: ``people`` and ``days`` ahead (below 0: behind), ``due`` what was due.

    ``days`` is None where the line does not rise, so that no day of it can be named.
    """

    day: date
    due: float
    people: float
    days: int | None


def due(opening: float, goal: float, span: Period, day: date) -> float:
    """People due on a day; before the span the opening, after it the goal."""
    return opening + (goal - opening) * span.overlap(span.start, day) / span.days


def against(value: float, day: date, opening: float, goal: float, span: Period) -> Pace:
    """How far a figure of that day is from the line, in people and in whole days of the line's own pace."""
    owed = due(opening, goal, span, day)
    per_day = (goal - opening) / span.days
    return Pace(day, owed, value - owed, int((value - owed) / per_day) if per_day > 0 else None)


def line(opening: float, goal: float, span: Period, shown: Period) -> tuple[tuple[date, float], tuple[date, float]]:
    """The two ends of what the shown days have of the line, which begins on the eve of the span."""
    first = max(shown.start, span.start) - timedelta(days=1)
    last = max(first, min(shown.end, span.end))
    return (first, due(opening, goal, span, first)), (last, due(opening, goal, span, last))
