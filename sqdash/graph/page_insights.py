"""Daily series of a page over any span, in windows that Meta accepts, put together without a seam.

One window is one question for all metrics; a refusal or a metric left out is settled metric by metric, once a window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from sqdash.errors import DeadObject, GraphError, TooMuchData, Transient, Unreadable
from sqdash.graph.answers import Outcome, Status
from sqdash.graph.batch import STOPS, Ask, ask_all
from sqdash.graph.failures import Asked
from sqdash.graph.insights import Days, midnight, read_days, status_of, windows
from sqdash.graph.learned import REFUSALS, Learned
from sqdash.graph.transport import Transport

_OF_THE_PAGE = (*STOPS, DeadObject, Transient)


@dataclass(slots=True)
class _Series:
    """A metric's days so far, and the first thing that kept some from coming."""

    days: Days = field(default_factory=dict)
    error: GraphError | None = None

    def outcome(self, metric: str, period: str) -> Outcome:
        status: Status = "ok" if self.days else "empty"
        if self.error:
            status = status_of(self.error)
        return Outcome(metric, period, status, tuple(sorted(self.days.items())), error=self.error)


class PageInsights:
    """The reading of one page's metrics in one period, from a first to a last Pacific day."""

    def __init__(self, transport: Transport, learned: Learned, page_id: str, period: str) -> None:
        self._transport, self._learned = transport, learned
        self._page_id, self._period = page_id, period
        self._series: dict[str, _Series] = {}

    def read(self, metrics: Sequence[str], first: date, last: date) -> dict[str, Outcome]:
        """One outcome per metric. Raises what concerns the page or everything: token, limit, network, dead page."""
        self._series = {metric: _Series(error=self._learned.refused.get(metric)) for metric in metrics}
        for start, end in windows(first, last, self._transport.bounds.window_days):
            live = self._learned.live(tuple(self._series))
            if self._learned.apart:
                self._alone(live, start, end)
            elif live:
                self._together(live, start, end)
        return {metric: series.outcome(metric, self._period) for metric, series in self._series.items()}

    def _together(self, metrics: tuple[str, ...], start: date, end: date) -> None:
        if not metrics:
            return
        ask = self._ask(metrics, start, end)
        try:
            answer = self._transport.get(ask.path, ask.params, ask.asked)
        except _OF_THE_PAGE:
            raise
        except TooMuchData as error:
            self._halved(metrics, start, end, error)
        except GraphError as error:
            self._refused(metrics, start, end, error)
        else:
            absent = self._take(metrics, answer, start, end)
            if len(metrics) > 1:
                self._alone(absent, start, end)

    def _refused(self, metrics: tuple[str, ...], start: date, end: date, error: GraphError) -> None:
        """Find out which of them it was; if it was none, they are not asked together any more."""
        if len(metrics) == 1:
            self._fail(metrics[0], error)
            return
        before = len(self._learned.refused)
        self._alone(metrics, start, end)
        if len(self._learned.refused) == before:
            self._learned.apart = True

    def _halved(self, metrics: tuple[str, ...], start: date, end: date, error: GraphError) -> None:
        """Less at a time: fewer metrics, then fewer days, then give up on that day."""
        if len(metrics) > 1:
            half = len(metrics) // 2
            self._together(metrics[:half], start, end)
            self._together(self._learned.live(metrics[half:]), start, end)
        elif start < end:
            middle = start + (end - start) // 2
            self._together(metrics, start, middle)
            self._together(metrics, middle + timedelta(days=1), end)
        else:
            self._fail(metrics[0], error)

    def _alone(self, metrics: Sequence[str], start: date, end: date) -> None:
        asks = [self._ask((metric,), start, end) for metric in metrics]
        for metric, answer in zip(metrics, ask_all(self._transport, asks), strict=True):
            if isinstance(answer, _OF_THE_PAGE):
                raise answer
            if isinstance(answer, TooMuchData):
                self._halved((metric,), start, end, answer)
            elif isinstance(answer, GraphError):
                self._fail(metric, answer)
            else:
                self._take((metric,), answer, start, end)

    def _take(self, metrics: tuple[str, ...], answer: Mapping[str, Any], start: date, end: date) -> list[str]:
        """Keep the days of the window; which metrics the answer left out."""
        found = read_days(answer, self._period)
        for metric in metrics:
            days = found.get(metric)
            if isinstance(days, Unreadable):
                self._fail(metric, days)
            elif days:
                self._series[metric].days.update((day, v) for day, v in days.items() if start <= day <= end)
        return [metric for metric in metrics if metric not in found]

    def _fail(self, metric: str, error: GraphError) -> None:
        self._series[metric].error = self._series[metric].error or error
        if isinstance(error, REFUSALS):
            self._learned.refuse(metric, error)

    def _ask(self, metrics: tuple[str, ...], start: date, end: date) -> Ask:
        params = {
            "metric": ",".join(metrics),
            "period": self._period,
            "since": str(midnight(start)),
            "until": str(midnight(end + timedelta(days=1))),
        }
        return Ask(f"{quote(self._page_id, safe='')}/insights", params, Asked(self._page_id, metrics))
