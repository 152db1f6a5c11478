"""The part of a run about Meta's daily figures: which metrics are asked for which Pacific days, and what comes of it.

Which windows are asked is the rule of :mod:`sqdash.jobs.pull_rules`; which metrics serve, that of
:mod:`sqdash.jobs.metric_states`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import cast

from sqdash import periods
from sqdash.graph import metrics
from sqdash.graph.answers import Outcome, Status
from sqdash.jobs import metric_states
from sqdash.jobs import pull_rules as rules
from sqdash.jobs.pull_page import DAYS
from sqdash.jobs.pull_record import Record
from sqdash.store import database, pulls
from sqdash.store.pulls import MetricState
from sqdash.store.queries import pulls as queries

_DAY = timedelta(days=1)
States = dict[tuple[str, str], MetricState]
Window = tuple[date, date]
Fed = dict[tuple[str, str], list[tuple[str, str]]]


def days(run: Record) -> None:
    """Meta's days: the look-back, what was missed since, the history; a window a transaction."""
    with database.reading(run.store) as connection:
        states: States = {(s.metric, s.period): s for s in queries.states(connection, run.page_id)}
        fed = queries.feeds(connection, run.page_id)
    asked = {c.metric: c for c in metrics.wanted("page", metric_states.known(states.values()), run.now)}
    newest = run.now.astimezone(periods.PACIFIC).date() - timedelta(days=1)
    asking = _Days(run, asked, states, fed, newest)
    of_measure = Counter(candidate.measure for candidate in asked.values())

    def is_probe(name: str) -> bool:
        c = asked[name]
        return metric_states.is_probe(states.get((name, c.period)), run.now, alone=of_measure[c.measure] == 1)

    probes = [name for name in asked if is_probe(name)]
    if probes:
        asking.probe(probes, (newest - (rules.LOOK_BACK - 1) * _DAY, newest))
    back = [name for name in probes if states[name, asked[name].period].status in ("ok", "error")]
    for names in ([name for name in asked if name not in probes], back):  # what is back gives no day of its stand-in
        asking.windows({name: _plan(states, asked[name], newest) for name in names})


@dataclass(slots=True)
class _Days:
    """Asks for windows of days and stores them, with what that tells of the metrics."""

    run: Record
    asked: Mapping[str, metrics.Candidate]
    states: States
    fed: Fed
    newest: date
    reached: dict[str, date] = field(default_factory=dict)

    def probe(self, names: Sequence[str], window: Window) -> None:
        """Learn whether refused metrics are served; their days come once it is known which are theirs to give."""
        outcomes = self.run.client.page_insights(self.run.page_id, names, *window)
        told = {name: self.told(one, window) for name, one in outcomes.items()}
        _put(self, window, {name: one._replace(days=()) for name, one in told.items()}, probe=True)

    def windows(self, plans: Mapping[str, Iterable[Window]]) -> None:
        """Ask for what the metrics want, until they are refused."""
        refused: set[str] = set()
        for window, names in rules.asked_together(plans):
            live = [name for name in names if name not in refused]
            if not live:
                continue
            outcomes = self.run.client.page_insights(self.run.page_id, live, *window)
            _put(self, window, {name: self.told(one, window) for name, one in outcomes.items()})
            self.reached |= dict.fromkeys(live, window[1])
            refused |= {name for name in live if not metric_states.answers(self.states[name, self.asked[name].period])}

    def told(self, outcome: Outcome, window: Window) -> Outcome:
        """Whether a metric serves is told by the window that reaches the newest day, and by its newest days: of
        windows before it both values and none may be the truth, whatever has become of it since."""
        if outcome.status not in ("ok", "empty"):
            return outcome
        before = self.states.get((outcome.metric, outcome.period))
        if window[1] < self.newest and before and before.status in ("ok", "empty"):
            return outcome._replace(status=cast(Status, before.status))
        given = [day for day, value in outcome.days if value is not None]
        serves = bool(given) and self.newest - max(given) < metrics.SILENT
        return outcome._replace(status="ok" if serves else "empty")


def _put(asking: _Days, window: Window, outcomes: Mapping[str, Outcome], *, probe: bool = False) -> None:
    run, asked, states, fed = asking.run, asking.asked, asking.states, asking.fed
    first, last = window
    found: dict[tuple[str, date], int] = {}
    for name in (name for name in asked if name in outcomes):  # of two metrics of a measure the first choice counts
        for day, value in outcomes[name].days:
            if value is not None and first <= day <= last:
                found.setdefault((asked[name].measure, day), value)
    zone = periods.PACIFIC.key
    rows = [(None, run.page_id, day.isoformat(), zone, measure, value) for (measure, day), value in found.items()]
    for name, outcome in outcomes.items():
        key = (name, asked[name].period)
        state = metric_states.state_after(states.get(key), asked[name], outcome, periods.noted(run.now))
        days = sorted(day for day, value in outcome.days if value is not None and first <= day <= last)
        if days and state.status == "empty":  # it had values, if not of late
            state = replace(state, ok_at=state.ok_at or periods.noted(run.now))
        filled = _filled_after(_filled(state), window, days, asking.reached.get(name))
        if metric_states.answers(state) and filled and not probe:
            state = replace(state, filled_from=filled.first.isoformat(), filled_to=filled.last.isoformat())
        states[key] = state
        if days:
            line = (asked[name].period, asked[name].measure)
            others = [s.filled_to or "" for s in states.values() if s.measure == line[1] and s.metric != name]
            until = days[-1] if max(others, default="") > days[-1].isoformat() else None
            fed[line] = rules.fed_by(fed.get(line, ()), name, days[0], until)
    with run.change("擷取每日數據") as change:
        stage = run.stage(change)
        if rows:
            stage.add("page_days", DAYS, rows)
        brought = [run.put(change, stage)] if rows else []
        pulls.put_states(change, run.page_id, [states[name, asked[name].period] for name in outcomes])
        for line in {(asked[name].period, asked[name].measure) for name in outcomes} & fed.keys():
            pulls.put_breaks(change, run.page_id, *line, fed[line])
        detail = f"{periods.roc_day(first)} 至 {periods.roc_day(last)}"
        refused = sum(outcome.status not in ("ok", "empty") for outcome in outcomes.values())
        run.note(change, "days", "done", brought, detail + (f"，{refused} 項 Meta 未提供" if refused else ""))


def _plan(states: States, candidate: metrics.Candidate, newest: date) -> Iterable[Window]:
    """The windows to ask for."""
    state = states.get((candidate.metric, candidate.period))
    return rules.spans(_filled(state), newest, _after_others(candidate, states))


def _filled_after(
    before: rules.Filled | None, window: Window, days: Sequence[date], reached: date | None
) -> rules.Filled | None:
    """What is filled after a window was answered: on the near side up to the newest day that came, since one that is
    empty now may come late; of the history the whole window. ``reached`` is the last day that this run asked before."""
    first, last = window
    if before and last < before.first:
        return rules.joined(before, first, last)
    if not days:
        return before
    if before and (first <= before.last + _DAY or first == (reached or first) + _DAY):
        return rules.Filled(before.first, max(before.last, days[-1]))
    return rules.Filled(first, days[-1])


def _filled(state: MetricState | None) -> rules.Filled | None:
    if state is None or state.filled_from is None or state.filled_to is None:
        return None
    return rules.Filled(date.fromisoformat(state.filled_from), date.fromisoformat(state.filled_to))


def _after_others(candidate: metrics.Candidate, states: States) -> date | None:
    """The day from which a metric may give its measure: days that another one gave stay as they are."""
    ends = [
        date.fromisoformat(s.filled_to) + timedelta(days=1)
        for s in states.values()
        if s.measure == candidate.measure and s.metric != candidate.metric and s.filled_to
    ]
    return max(ends, default=None)
