"""Figures of posts, all metrics in one question a post; what a joint question hides is asked metric by metric.

Meta fails a whole question for one dead metric, and may leave out metrics without a word. Knows no page and no store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from sqdash.errors import DeadObject, GraphError, TooMuchData, Transient, Unreadable
from sqdash.graph.answers import Outcome
from sqdash.graph.batch import STOPS, Answer, Ask, ask_all, stop_in
from sqdash.graph.failures import Asked
from sqdash.graph.insights import read_values, status_of
from sqdash.graph.learned import REFUSALS, Learned
from sqdash.graph.metrics import LIFETIME
from sqdash.graph.transport import Transport

Result = Mapping[str, Outcome] | GraphError
_OF_THE_POST = (*STOPS, DeadObject, Transient, TooMuchData)
"""Errors that a question about fewer metrics would meet again; any other may be one metric's."""


@dataclass(slots=True)
class _Draft:
    """One post on its way: ``outcomes`` so far, or the ``error`` that is about the post itself."""

    id: str
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    error: GraphError | None = None
    refused: bool = False
    missing: tuple[str, ...] = ()


class PostInsights:
    """Questions about posts' metrics and the reading of their answers; what is learned holds for the run."""

    def __init__(self, transport: Transport, learned: Learned, metrics: Sequence[str]) -> None:
        self._transport, self._learned, self._metrics = transport, learned, tuple(dict.fromkeys(metrics))

    def asks(self, post_id: str) -> list[Ask]:
        """The questions about one post: one for all metrics, or one each where they do not go together."""
        live = self._learned.live(self._metrics)
        if self._learned.apart:
            return [_ask(post_id, (metric,)) for metric in live]
        return [_ask(post_id, live)] if live else []

    def results(self, post_ids: Sequence[str]) -> list[Result]:
        """Each post's outcomes, one per metric, or why there are none."""
        return self.settle(post_ids, self._answers(post_ids))

    def settle(self, post_ids: Sequence[str], groups: Sequence[Sequence[Answer]]) -> list[Result]:
        """The same from answers to :meth:`asks`, one group a post, asking again where they leave something open."""
        drafts = [_Draft(post_id) for post_id in post_ids]
        self._fill(drafts, groups)
        self._settle_refused([draft for draft in drafts if draft.refused])
        self._settle_missing(drafts)
        return [draft.error or self._complete(draft) for draft in drafts]

    def _answers(self, post_ids: Sequence[str]) -> list[list[Answer]]:
        asks = [self.asks(post_id) for post_id in post_ids]
        answers = iter(ask_all(self._transport, [ask for group in asks for ask in group]))
        return [[next(answers) for _ in group] for group in asks]

    def _fill(self, drafts: Sequence[_Draft], groups: Sequence[Sequence[Answer]]) -> None:
        live, apart = self._learned.live(self._metrics), self._learned.apart  # as they were when it was asked
        for draft, group in zip(drafts, groups, strict=True):
            draft.refused = False
            if apart:
                for metric, answer in zip(live, group, strict=True):
                    self._fill_one(draft, metric, answer)
            elif group:
                self._fill_joint(draft, live, group[0])

    def _fill_joint(self, draft: _Draft, live: Sequence[str], answer: Answer) -> None:
        if isinstance(answer, GraphError) and not isinstance(answer, _OF_THE_POST):
            draft.refused = True
            return
        found = answer if isinstance(answer, GraphError) else _read(answer)
        if isinstance(found, GraphError):
            draft.error = found
            return
        draft.outcomes |= {metric: _outcome(metric, found[metric]) for metric in live if metric in found}
        absent = [metric for metric in live if metric not in found]
        if not absent:
            return
        if len(live) == 1:
            draft.outcomes |= {metric: Outcome(metric, LIFETIME, "empty") for metric in absent}
            return
        draft.missing = tuple(metric for metric in absent if not self._learned.surely_empty(metric))
        draft.outcomes |= {m: Outcome(m, LIFETIME, "empty") for m in absent if m not in draft.missing}

    def _fill_one(self, draft: _Draft, metric: str, answer: Answer) -> None:
        """One metric's answer to a question of its own."""
        if isinstance(answer, (*STOPS, DeadObject, Transient)):
            draft.error = answer
        elif isinstance(answer, GraphError):
            draft.outcomes[metric] = Outcome(metric, LIFETIME, status_of(answer), error=answer)
            if isinstance(answer, REFUSALS):
                self._learned.refuse(metric, answer)
        else:
            found = _read(answer)
            value = found if isinstance(found, GraphError) else found.get(metric)
            draft.outcomes[metric] = _outcome(metric, value)
            self._learned.alone(metric, given=value is not None)

    def _settle_refused(self, pending: list[_Draft]) -> None:
        """Ask one post's metrics alone, then the other posts without those that were refused."""
        while pending:
            first, *pending = pending
            before = self._learned.live(self._metrics)
            asks = [_ask(first.id, (metric,)) for metric in before]
            for metric, answer in zip(before, ask_all(self._transport, asks), strict=True):
                self._fill_one(first, metric, answer)
            if stop := stop_in((first.error,)):
                for draft in pending:
                    draft.error = stop
                return
            self._learn(first)
            if pending and (self._learned.apart or self._learned.live(self._metrics) != before):
                self._fill(pending, self._answers([draft.id for draft in pending]))
                pending = [draft for draft in pending if draft.refused]

    def _learn(self, settled: _Draft) -> None:
        """What a post whose metrics were refused together says of the next posts."""
        errors = [outcome.error for outcome in settled.outcomes.values() if outcome.error]
        if settled.error is None and not errors:
            self._learned.apart = True
        elif any(not isinstance(error, REFUSALS) for error in errors):
            self._learned.odd()

    def _settle_missing(self, drafts: Sequence[_Draft]) -> None:
        wanted = [(draft, metric) for draft in drafts if draft.error is None for metric in draft.missing]
        answers = ask_all(self._transport, [_ask(draft.id, (metric,)) for draft, metric in wanted])
        for (draft, metric), answer in zip(wanted, answers, strict=True):
            self._fill_one(draft, metric, answer)

    def _complete(self, draft: _Draft) -> dict[str, Outcome]:
        """One outcome per metric, in the order asked; those not asked any more with the reason why."""
        refused = self._learned.refused
        return {
            metric: draft.outcomes.get(metric)
            or Outcome(metric, LIFETIME, status_of(refused[metric]), error=refused[metric])
            for metric in self._metrics
        }


def _ask(post_id: str, metrics: tuple[str, ...]) -> Ask:
    return Ask(f"{quote(post_id, safe='')}/insights", _params(metrics), Asked(post_id, metrics))


@lru_cache(maxsize=64)
def _params(metrics: tuple[str, ...]) -> Mapping[str, str]:
    """Thousands of posts are asked for the same."""
    return {"metric": ",".join(metrics), "period": LIFETIME}


def _read(answer: Mapping[str, object]) -> dict[str, int | Unreadable | None] | Unreadable:
    try:
        return read_values(answer, LIFETIME)
    except Unreadable as error:
        return error


def _outcome(metric: str, value: int | Unreadable | None) -> Outcome:
    if isinstance(value, Unreadable):
        return Outcome(metric, LIFETIME, "error", error=value)
    return Outcome(metric, LIFETIME, "empty" if value is None else "ok", value=value)
