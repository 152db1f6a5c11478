"""Parts of a run about the page itself: its counts now, its token, Meta's daily figures.

``fans`` and ``followers`` of the node are kept under today's Taipei day; Meta's own history of followers comes under
its Pacific days beside them. Neither is ever summed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import cast

from sqdash import periods
from sqdash.errors import GraphSetup, TokenError
from sqdash.graph import metrics
from sqdash.graph.answers import Outcome, Status, TokenState
from sqdash.jobs import pull_rules as rules
from sqdash.jobs.pull_record import PACIFIC, TAIPEI, Record, utc
from sqdash.store import database, pulls
from sqdash.store.pulls import MetricState
from sqdash.store.queries import pulls as queries

_DAY = timedelta(days=1)
_DAYS = ("page_id", "day", "day_zone", "measure", "value")
States = dict[tuple[str, str], MetricState]
Window = tuple[date, date]
Fed = dict[tuple[str, str], list[tuple[str, str]]]


def counts(run: Record, kind: str) -> None:
    """The page's row, if the store has none, and its counts as of now."""
    page = run.client.page(run.page_id)
    day = run.now.astimezone(periods.TAIPEI).date().isoformat()
    found = {"fans": page.fans, "followers": page.followers}
    rows = [(None, run.page_id, day, TAIPEI, measure, value) for measure, value in found.items() if value is not None]
    with run.change("擷取專頁人數") as change:
        stage = run.stage(change)
        if not any(known == run.page_id for known, *_ in queries.pages(change.connection)):
            name = page.name or page.username or run.page_id
            stage.add("pages", ("page_id", "kind", "label", "url"), [(None, run.page_id, kind, name, page.link)])
        if rows:
            stage.add("page_days", _DAYS, rows)
        brought = [run.put(change, stage)] if stage.given else []
        detail = "" if rows else "Meta 沒有提供這個專頁的粉絲與追蹤人數。"
        run.note(change, "page", "done" if rows else "error", brought, detail)


def token(run: Record) -> None:
    """What Graph says of the token, once a day; it says so only to an app's id and secret."""
    with database.reading(run.store) as connection:
        checked = queries.page_read(connection, run.page_id)["token_checked_at"]
    if checked and timedelta(0) <= run.now - datetime.fromisoformat(checked) < rules.TOKEN_CHECK:
        return
    try:
        state = run.client.token_state()
    except (TokenError, GraphSetup):  # the token has just served: what Meta does not take is the app
        run.failed(
            "token", "error", "Meta 不接受應用程式編號與密鑰，請檢查 SQDASH_GRAPH_APP_ID 與 SQDASH_GRAPH_APP_SECRET。"
        )
        return
    with run.change("查驗權杖") as change:
        pulls.put_token(change, run.page_id, token_columns(state, utc(run.now)))
        run.note(change, "token", "done", detail="" if state else "沒有應用程式編號與密鑰，Meta 不告知到期日。")


def token_columns(state: TokenState | None, checked_at: str) -> dict[str, object]:
    """A token's state as the store keeps it."""
    found: dict[str, object] = {"token_checked_at": checked_at}
    if state:
        found |= {
            "token_valid": int(state.valid),
            "token_expires_at": utc(state.expires_at) if state.expires_at else None,
            "token_access_until": utc(state.data_access_expires_at) if state.data_access_expires_at else None,
            "token_missing": " ".join(state.missing) or None,
        }
    return found


def days(run: Record) -> None:
    """Meta's days: the look-back, what was missed since, the history; a window a transaction."""
    with database.reading(run.store) as connection:
        states: States = {(s.metric, s.period): s for s in queries.states(connection, run.page_id)}
        fed = queries.feeds(connection, run.page_id)
    asked = {c.metric: c for c in metrics.wanted("page", known(states.values()), run.now)}
    newest = run.now.astimezone(periods.PACIFIC).date() - timedelta(days=1)
    asking = _Days(run, asked, states, fed)
    probes = [name for name, c in asked.items() if _is_probe(states.get((name, c.period)))]
    if probes:
        asking.probe(probes, (newest - (rules.LOOK_BACK - 1) * _DAY, newest))
    back = [name for name in probes if not _is_probe(states[name, asked[name].period])]
    for names in ([name for name in asked if name not in probes], back):  # what is back gives no day of its stand-in
        asking.windows({name: _plan(states, asked[name], newest) for name in names})


def known(states: Iterable[MetricState]) -> dict[tuple[str, str], metrics.Known]:
    """What the store knows of metrics, as the choice of candidates wants it."""
    return {
        (s.metric, s.period): metrics.Known(
            cast(Status, s.status),
            datetime.fromisoformat(s.checked_at),
            datetime.fromisoformat(s.since),
        )
        for s in states
    }


def state_after(before: MetricState | None, candidate: metrics.Candidate, outcome: Outcome, at: str) -> MetricState:
    """A metric's state once it was asked for: ``since`` moves only when the status does."""
    same = before is not None and before.status == outcome.status
    return MetricState(
        candidate.metric,
        candidate.period,
        candidate.measure,
        outcome.status,
        before.since if before and same else at,
        at,
        at if outcome.status == "ok" else (before.ok_at if before else None),
        before.filled_from if before else None,
        before.filled_to if before else None,
        str(outcome.error) if outcome.error else None,
    )


@dataclass(slots=True)
class _Days:
    """Asks for windows of days and stores them, with what that tells of the metrics."""

    run: Record
    asked: Mapping[str, metrics.Candidate]
    states: States
    fed: Fed
    reached: dict[str, date] = field(default_factory=dict)

    def probe(self, names: Sequence[str], window: Window) -> None:
        """Learn whether refused metrics are served; their days come once it is known which are theirs to give."""
        outcomes = self.run.client.page_insights(self.run.page_id, names, *window)
        _put(self, window, {name: replace(one, days=()) for name, one in outcomes.items()}, probe=True)

    def windows(self, plans: Mapping[str, Iterable[Window]]) -> None:
        """Ask for what the metrics want, until they are refused."""
        refused: set[str] = set()
        for window, names in rules.asked_together(plans):
            live = [name for name in names if name not in refused]
            if not live:
                continue
            _put(self, window, self.run.client.page_insights(self.run.page_id, live, *window))
            self.reached |= dict.fromkeys(live, window[1])
            refused |= {name for name in live if not _answers(self.states[name, self.asked[name].period])}


def _put(asking: _Days, window: Window, outcomes: Mapping[str, Outcome], *, probe: bool = False) -> None:
    run, asked, states, fed = asking.run, asking.asked, asking.states, asking.fed
    first, last = window
    found: dict[tuple[str, date], int] = {}
    for name in (name for name in asked if name in outcomes):  # of two metrics of a measure the first choice counts
        for day, value in outcomes[name].days:
            if value is not None and first <= day <= last:
                found.setdefault((asked[name].measure, day), value)
    rows = [(None, run.page_id, day.isoformat(), PACIFIC, measure, value) for (measure, day), value in found.items()]
    for name, outcome in outcomes.items():
        key = (name, asked[name].period)
        state = state_after(states.get(key), asked[name], outcome, utc(run.now))
        days = sorted(day for day, value in outcome.days if value is not None and first <= day <= last)
        filled = _filled_after(_filled(state), window, days, asking.reached.get(name))
        if _answers(state) and filled and not probe:
            state = replace(state, filled_from=filled.first.isoformat(), filled_to=filled.last.isoformat())
        states[key] = state
        if days:
            line = (asked[name].period, asked[name].measure)
            fed[line] = rules.fed_by(fed.get(line, ()), name, days[0], days[-1])
    with run.change("擷取每日數據") as change:
        stage = run.stage(change)
        if rows:
            stage.add("page_days", _DAYS, rows)
        brought = [run.put(change, stage)] if rows else []
        pulls.put_states(change, run.page_id, [states[name, asked[name].period] for name in outcomes])
        for line in {(asked[name].period, asked[name].measure) for name in outcomes} & fed.keys():
            pulls.put_breaks(change, run.page_id, *line, fed[line])
        detail = f"{periods.roc_day(first)}至{periods.roc_day(last)}"
        refused = sum(outcome.status not in ("ok", "empty") for outcome in outcomes.values())
        run.note(change, "days", "done", brought, detail + (f"，{refused} 項 Meta 未提供" if refused else ""))


def _answers(state: MetricState) -> bool:
    """Whether nothing is a good answer too: of a metric that never had a value it need not be the truth."""
    return state.status == "ok" or (state.status == "empty" and state.ok_at is not None)


def _is_probe(state: MetricState | None) -> bool:
    """Whether a metric is refused or never had a value: the newest days are asked first, only to learn if it has."""
    return state is not None and state.status != "error" and not _answers(state)


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
