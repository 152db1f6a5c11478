"""Daily figures for tests, made from a first day and what each day has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from sqdash.figures import DayFigure

TAIPEI, PACIFIC = "Asia/Taipei", "America/Los_Angeles"


def daily(first: str, values: Iterable[int | None], *, zone: str = TAIPEI, way: str = "pull") -> list[DayFigure]:
    """One figure a day from ``first`` on; None for a day without."""
    start = date.fromisoformat(first)
    return [
        DayFigure(start + timedelta(days=n), value, zone, way) for n, value in enumerate(values) if value is not None
    ]
