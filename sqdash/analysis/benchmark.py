"""Pages side by side: each page's fans with the first day known of all of them set to 100.

``index = fans on a day ÷ fans on the first common day × 100``. Only the newest series of each page counts, so that no
index goes over a change of source or of day zone. Pages of any size can be compared in growth, never in people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqdash.analysis import day_series
from sqdash.figures import DayFigure

FEWEST = 3
"""Days in common with our own page below which a page is not indexed."""

Reason = Literal["no_own", "few_days"]


@dataclass(frozen=True, slots=True)
class PageDays:
    """A page, whether it is our own, and its fans in order of days."""

    label: str
    own: bool
    figures: tuple[DayFigure, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A page's index by day from the first common day on; ``growth`` is in percent up to the last common day."""

    label: str
    own: bool
    points: tuple[tuple[date, float], ...]
    growth: float


@dataclass(frozen=True, slots=True)
class Compared:
    """The lines, our own first, between the common days ``first`` and ``last``; none with a ``reason``.

    ``left_out`` names the pages that have figures but too few days in common with those compared.
    """

    lines: tuple[Line, ...] = ()
    first: date | None = None
    last: date | None = None
    reason: Reason | None = None
    left_out: tuple[str, ...] = ()


def compare(pages: Sequence[PageDays]) -> Compared:
    """Index our own page and every page that shares enough days with it, from the first day that all of them share.

    Pages join by how many days they share with ours, as long as enough are left that all share: one with days of its
    own keeps the others from nothing. Days without fans have no index and do not count.
    """
    known = [(page, {f.day: f.value for f in _newest(page) if f.value > 0}) for page in pages]
    own = next(((page, days) for page, days in known if page.own and days), None)
    if own is None:
        return Compared(reason="no_own")
    others = [(page, days) for page, days in known if not page.own]
    common, joined = set(own[1]), set[int]()
    for at in sorted(range(len(others)), key=lambda at: -len(others[at][1].keys() & own[1].keys())):
        if len(shared := common & others[at][1].keys()) >= FEWEST:
            common, joined = shared, joined | {at}
    if not joined:
        return Compared(reason="few_days")
    first, last = min(common), max(common)
    compared = [own, *(others[at] for at in sorted(joined))]
    return Compared(
        tuple(_line(page, days, first, last) for page, days in compared),
        first,
        last,
        left_out=tuple(page.label for at, (page, _) in enumerate(others) if at not in joined and page.figures),
    )


def _newest(page: PageDays) -> day_series.Series:
    runs = day_series.segments(page.figures)
    return runs[-1] if runs else ()


def _line(page: PageDays, days: dict[date, int], first: date, last: date) -> Line:
    base = days[first]
    points = tuple((day, value / base * 100) for day, value in days.items() if day >= first)
    return Line(page.label, page.own, points, (days[last] / base - 1) * 100)
