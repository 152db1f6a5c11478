"""What the days of the fan page say of a period: the store's series joined with the analysis, once for all callers.

Figures, target and opening come from the board, so that line and card never disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqdash.analysis import attribution, benchmark, day_series, forecast, pace, targets
from sqdash.analysis.attribution import Attribution
from sqdash.analysis.benchmark import Compared, PageDays
from sqdash.analysis.day_series import MonthGain, Series
from sqdash.analysis.forecast import Forecast
from sqdash.analysis.pace import Pace
from sqdash.figures import DayFigure, FanActivity
from sqdash.periods import Period
from sqdash.store import database
from sqdash.store.queries import fan_series, page_figures
from sqdash.store.queries.fan_series import BenchmarkPage
from sqdash.views import Board

_BEFORE = timedelta(days=max(forecast.WINDOW, attribution.BASELINE + 1, 31 + day_series.END_WITHIN))
"""How far before the period its own figures look: the slope's window, what is usual, the month before. The day on which
the target was met is looked for in the target's own days."""
_NEAR = timedelta(days=attribution.BASELINE + attribution.AFTER)
"""How long before the period an activity can have ended and still share days with what is worked out of it."""
PaceLine = tuple[tuple[date, float], tuple[date, float]]


@dataclass(frozen=True, slots=True)
class FanView:
    """All of 粉絲人數 that is worked out of days.

    ``series`` are the figures of the period, with the last known before it, cut where nothing may be joined;
    ``followers`` likewise, another measure. ``activities`` are the period's. ``line`` are the ends of the pace line
    and ``pace`` the newest figure against it, None without a target or an opening. ``until`` is the day judged.
    """

    until: date
    label: str
    series: tuple[Series, ...]
    followers: tuple[Series, ...]
    months: tuple[MonthGain, ...]
    line: PaceLine | None
    pace: Pace | None
    forecast: Forecast
    activities: tuple[FanActivity, ...]
    attributions: tuple[Attribution, ...]
    benchmarks: tuple[BenchmarkPage, ...]
    compared: Compared

    @property
    def days(self) -> Series:
        """The figures of all series."""
        return tuple(figure for series in self.series for figure in series)


def load(store: Path, board: Board) -> FanView:
    """The view of the board's period on the board's day."""
    period, until = board.period, min(board.as_of, board.period.end)
    earliest = min(period.start - _BEFORE, target_span(board).start - timedelta(days=1))
    with database.reading(store) as connection:
        page = page_figures.own_page(connection, "fans", until.isoformat())
        begun = [a for a in fan_series.activities(connection, period.start, period.end) if period.contains(a.first)]
        last = max([period.end, *(attribution.window_of(a).end for a in begun)])
        near = fan_series.activities(connection, period.start - _NEAR, last)
        figures = fan_series.days(connection, page, "fans", earliest, min(last, board.as_of))
        followers = _followers(connection, period, until)
        label = fan_series.own_label(connection, page)
        benchmarks = tuple(fan_series.benchmark_pages(connection, until))
        others = [
            PageDays(one.label, False, tuple(fan_series.days(connection, one.page_id, "fans", period.start, until)))
            for one in benchmarks
        ]
    known = [f for f in figures if f.day <= until]
    own = PageDays(label, True, tuple(f for f in known if f.day >= period.start))
    line, against = _pace(board, own.figures)
    return FanView(
        until=until,
        label=label,
        series=_within(known, period),
        followers=followers,
        months=day_series.month_gains(known, period.months, until),
        line=line,
        pace=against,
        forecast=_forecast(board, known, until),
        activities=tuple(begun),
        attributions=tuple(
            found
            for found in attribution.attribute(figures, near, board.as_of)
            if period.contains(found.activity.first)
        ),
        benchmarks=benchmarks,
        compared=benchmark.compare([own, *others]),
    )


def _followers(connection: database.Connection, period: Period, until: date) -> tuple[Series, ...]:
    page = page_figures.own_page(connection, "followers", until.isoformat())
    known = fan_series.days_of_each_zone(connection, page, "followers", period.start, until)
    return day_series.segments(day_series.least_cut(known))


def _within(figures: Sequence[DayFigure], period: Period) -> tuple[Series, ...]:
    """The period's figures and the one before them, in their series; none without one in the period."""
    inside = [f for f in figures if f.day >= period.start]
    before = [f for f in figures if f.day < period.start][-1:] if inside else []
    kept = {f.day for f in (*before, *inside)}
    cut = (tuple(f for f in series if f.day in kept) for series in day_series.segments(figures))
    return tuple(series for series in cut if series)


def _pace(board: Board, figures: Sequence[DayFigure]) -> tuple[PaceLine | None, Pace | None]:
    """The line and the newest figure against it; neither without a target and the figure from which it starts."""
    result = board.results["fans"]
    if result.applied is None or result.applied.value is None:
        return None, None
    start = targets.start(result.applied, _opened(board))
    if start is None:
        return None, None
    goal, span = result.applied.value, target_span(board)
    line = pace.line(start, goal, span, board.period)
    newest = figures[-1] if figures else None
    if newest is None or not span.contains(newest.day):
        return line, None
    return line, pace.against(newest.value, newest.day, start, goal, span)


def _forecast(board: Board, figures: Sequence[DayFigure], until: date) -> Forecast:
    result = board.results["fans"]
    applied = result.applied
    return forecast.forecast(
        figures,
        goal=applied.value if applied else None,
        comparator=applied.target.comparator if applied else ">=",
        opening=_opened(board),
        span=target_span(board),
        as_of=until,
    )


def _opened(board: Board) -> float | None:
    opening = board.results["fans"].opening
    return opening.value if opening else None


def target_span(board: Board) -> Period:
    """The days of the target of fans; the period where there is none."""
    applied = board.results["fans"].applied
    return targets.own_span(applied.target, board.period.nearest(board.as_of)) if applied else board.period
