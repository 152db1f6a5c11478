"""Days that should have a figure and have none: counted by month and listed as spans. Pure over sets of days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqdash import freshness, periods

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Gaps:
    """Days missing between the first day known and the last one due; ``months`` has ``2014-06`` → missing days, or
    None for a month outside that span."""

    months: dict[str, int | None]
    missing: tuple[date, ...]

    @property
    def due(self) -> bool:
        """Whether any day was due."""
        return any(count is not None for count in self.months.values())

    @property
    def spans(self) -> str:
        """The missing days in words: 115/03/01–115/03/04、115/05/09."""
        return "、".join(
            periods.roc_day(first) + ("" if first == last else f"–{periods.roc_day(last)}")
            for first, last in _spans(self.missing)
        )


def window(today: date) -> tuple[str, ...]:
    """The last 12 months up to that day's, as ``2014-06``."""
    last = today.year * 12 + today.month - 1
    return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(last - MONTHS + 1, last + 1))


def last_due(today: date, *, meta: bool) -> date:
    """The last day of which a figure may be expected: yesterday; of Meta's days less their normal lag."""
    return today - timedelta(days=1 + (freshness.META_LAG_DAYS if meta else 0))


def of(days: Iterable[str], first: str, today: date, *, meta: bool) -> Gaps:
    """Gaps within the window; ``first``: the first day (ISO) with any figure; ``today``: that of the days' zone."""
    known, months, end = set(days), window(today), last_due(today, meta=meta)
    begin = max(date.fromisoformat(first), date.fromisoformat(f"{months[0]}-01"))
    due = list(periods.days_between(begin, end)) if begin <= end else []
    missing = tuple(day for day in due if day.isoformat() not in known)
    touched = {f"{day:%Y-%m}" for day in due}
    lacking = Counter(f"{day:%Y-%m}" for day in missing)
    return Gaps({month: lacking[month] if month in touched else None for month in months}, missing)


def _spans(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    first = last = None
    for day in days:
        if first is None or last is None or day - last > timedelta(days=1):
            if first is not None and last is not None:
                yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last
