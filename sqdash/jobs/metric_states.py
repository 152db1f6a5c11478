"""What pulls know of each of Meta's metrics: served or not since when, and whether it is asked in full or probed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import cast

from sqdash import freshness, periods
from sqdash.errors import GraphError, PermissionMissing
from sqdash.graph import metrics
from sqdash.graph.answers import Outcome, Status
from sqdash.store.pulls import MetricState

FIELDS = {"like": "likes", "reactions": "reactions", "comments": "comments", "shares": "shares"}
"""Fields of a post's node that count → our measure. Refused like metrics, but asked anew by each run."""


def known(states: Iterable[MetricState]) -> dict[tuple[str, str], metrics.Known]:
    """What the store knows of metrics, as the choice of candidates wants it."""
    return {(s.metric, s.period): _known(s) for s in states}


def _known(state: MetricState) -> metrics.Known:
    checked, since = datetime.fromisoformat(state.checked_at), datetime.fromisoformat(state.since)
    return metrics.Known(cast(Status, state.status), checked, since)


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


def fields_after(
    before: Mapping[tuple[str, str], MetricState], dropped: Mapping[str, GraphError], at: str
) -> list[MetricState]:
    """The states of the fields that were refused as posts were read, and of those that were before and are given."""
    found = []
    for name, measure in FIELDS.items():
        stood, why = before.get((name, metrics.LIFETIME)), dropped.get(name)
        if stood is None and why is None:
            continue
        status: Status = (
            "ok" if why is None else "not_permitted" if isinstance(why, PermissionMissing) else "not_served"
        )
        candidate = metrics.Candidate(measure, "post", name, metrics.LIFETIME, measure)
        found.append(state_after(stood, candidate, Outcome(name, metrics.LIFETIME, status, error=why), at))
    return found


def ended(before: Mapping[tuple[str, str], MetricState], now: datetime) -> list[MetricState]:
    """The states of what of posts Meta serves to no page any more, where none is known: posts have no such figure, and
    nobody left it out."""
    return [
        MetricState(one.metric, one.period, one.measure, "not_served", _midnight(one.until), periods.noted(now))
        for one in metrics.ended("post", now)
        if one.until and (one.metric, one.period) not in before
    ]


def _midnight(day: date) -> str:
    return periods.noted(datetime.combine(day, time(), periods.PACIFIC).astimezone(UTC))


def shown(state: MetricState) -> metrics.Shown:
    """The status as people and programs are told it: ``stale`` where Meta answered but its newest day was too old for
    the source when it was last asked. Never stored."""
    if state.status in ("ok", "empty") and state.filled_to:
        asked_on = datetime.fromisoformat(state.checked_at).astimezone(periods.PACIFIC).date()
        if freshness.of_meta_day(date.fromisoformat(state.filled_to), asked_on).level == "stale":
            return "stale"
    return cast(Status, state.status)


def as_json(state: MetricState) -> dict[str, str | None]:
    """A metric as ``pull --json`` prints it; ``newest`` is its newest Pacific day with a value."""
    named = {name: getattr(state, name) for name in ("metric", "period", "measure")}
    times = {"since": state.since, "checked_at": state.checked_at, "newest": state.filled_to}
    return {**named, "status": shown(state), **times, "detail": state.detail}


def answers(state: MetricState) -> bool:
    """Whether nothing is a good answer too: of a metric that never had a value it need not be the truth."""
    return state.status == "ok" or (state.status == "empty" and state.ok_at is not None)


def is_probe(state: MetricState | None, now: datetime, *, alone: bool) -> bool:
    """Whether only the newest days are asked, to learn if a metric serves: it is refused, never had a value, or is
    silent. One that answers without values is asked in full once in each week of its silence, since days may come
    late; not where another gives its measure meanwhile (not ``alone``), whose days stay."""
    if state is None or state.status in ("ok", "error"):
        return False
    if state.status != "empty":
        return True
    known = _known(state)
    if answers(state) and not metrics.silent(known, now):
        return False
    since = known.since or known.checked_at
    return not alone or (now - since) // metrics.PROBE_AGAIN == (known.checked_at - since) // metrics.PROBE_AGAIN
