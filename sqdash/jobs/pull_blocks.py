"""Posts and figures that a run read, on their way into the store: a block of posts is one transaction.

A snapshot says what a post's node and its insights say at the run's time; what Meta does not give stays open, and only
a stated 0 is 0. Beside the rows it is kept when each post is due again, and what the answers tell of Meta's metrics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import zip_longest

from sqdash import periods
from sqdash.errors import DeadMetric, DeadObject, GraphError, PermissionMissing
from sqdash.graph import metrics
from sqdash.graph.answers import Outcome, PostNode
from sqdash.jobs import pull_rules as rules
from sqdash.jobs.metric_states import ended, fields_after, known, state_after
from sqdash.jobs.pull_record import Record
from sqdash.store import database, gate, pulls
from sqdash.store.pulls import MetricState
from sqdash.store.queries import pulls as queries

_TEXTS = ("type", "message", "permalink")
_POST = ("published_at", *_TEXTS)
_ORDER = {status: n for n, status in enumerate(("ok", "empty", "error", "not_permitted", "not_served"))}
_NODE = ("likes", "reactions", "comments", "shares")
Figures = Mapping[str, Outcome]
Alike = tuple[str, tuple[str, ...], list[tuple[object, ...]]]
"""Rows of which the same columns are known: (table, columns, rows)."""


@dataclass(slots=True)
class Block:
    """What was read and is to be stored together: ``found`` has the figures of those posts that were due; ``gone``
    are not on Facebook any more, ``barred`` could not be read. ``remark`` is added to what the run's record says of the
    block, ``sentence`` stands in its place."""

    nodes: list[PostNode] = field(default_factory=list)
    found: dict[str, Figures | GraphError] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    barred: list[str] = field(default_factory=list)
    remark: str = ""
    sentence: str = ""

    @property
    def filled(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.nodes or self.gone or self.barred or self.remark)


class Storing:
    """Stores the blocks of one part, one after the other; ``asked`` are the metrics that Meta serves now."""

    def __init__(self, run: Record, part: str) -> None:
        self.run, self.part = run, part
        with database.reading(run.store) as connection:
            found = queries.states(connection, run.page_id)
        self.states = {(s.metric, s.period): s for s in found}
        self.asked = {c.metric: c for c in metrics.wanted("post", known(found), run.now)}

    def store(self, block: Block) -> None:
        """Posts that are new or changed, a snapshot of each whose figures were read, and when each is due again."""
        run, found = self.run, block.found
        published = {node.id: periods.stored(node.created_at) for node in block.nodes}
        read = [node for node in block.nodes if node.id in found]
        with run.change("擷取貼文") as change:
            brought = []
            for pair in zip_longest(self._posts(change, block.nodes, published), self._snapshots(read, found)):
                stage = run.stage(change)  # together, because what is worked out from both is worked out once
                for table, columns, rows in filter(None, pair):
                    stage.add(table, columns, rows)
                brought.append(run.put(change, stage))
            seen = periods.noted(run.now)
            failing = [node.id for node in read if _kept_away(found[node.id])]
            pulls.put_reads(change, run.page_id, self._reads(change, read, failing, published))
            pulls.mark_gone(change, block.gone, seen)
            pulls.ask_again(change, block.barred, periods.noted(run.now + rules.BARRED))
            learnt = [*self._learn(found.values()), *(self._learn_fields() if block.nodes else ())]
            pulls.put_states(change, run.page_id, learnt)
            self._feed(change, learnt)
            missing = f"，{len(block.gone)} 篇在 Facebook 已不存在" if block.gone else ""
            detail = f"{len(block.nodes)} 篇，讀取 {len(read)} 篇的數據{missing}{_named(failing)}{block.remark}"
            detail = block.sentence or detail
            failed = _failed([found[node.id] for node in read])
            if failed:
                detail = f"{str(failed).rstrip('。')}{_named(failing)}。"
            run.note(change, self.part, "error" if failed else "done", brought, detail)

    def _reads(
        self, change: gate.Change, nodes: Sequence[PostNode], failing: Sequence[str], published: Mapping[str, str]
    ) -> Iterator[tuple[str, str, str, str]]:
        """(post, published, when its figures came, due again); of failing ones that moment stays as it was."""
        now, seen = self.run.now, periods.noted(self.run.now)
        before, failed = queries.reads_of(change.connection, failing), frozenset(failing)
        noted = cache(periods.noted)  # most posts are of an age at which they are due on the same day
        for node in nodes:
            whole, again = seen, seen if node.id in failed else noted(rules.due_again(node.created_at, now))
            if node.id in before:
                whole = min(before[node.id][2], seen)  # not a moment to come, noted by a clock that was ahead
                again = periods.noted(rules.failed_again(datetime.fromisoformat(whole), now))
            yield node.id, published[node.id], whole, again

    def _posts(self, change: gate.Change, nodes: Sequence[PostNode], published: Mapping[str, str]) -> Iterator[Alike]:
        """New and changed posts; what Meta refuses to say is left as it stands."""
        stored = queries.stored(change.connection, _POST, [node.id for node in nodes])
        alike: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
        for node in nodes:
            known = tuple(name for name in _TEXTS if name in node.given)
            values = (published[node.id], *(getattr(node, name) for name in known))
            before = dict(zip(_POST, stored.get(node.id, ()), strict=False))
            if not before or tuple(before[name] for name in ("published_at", *known)) != values:
                alike[known].append((None, node.id, self.run.page_id, *values))
        for known, rows in alike.items():
            yield "posts", ("post_id", "page_id", "published_at", *known), rows

    def _snapshots(self, nodes: Sequence[PostNode], found: Mapping[str, Figures | GraphError]) -> Iterator[Alike]:
        """What was observed of each post; a measure that is not given stays open."""
        alike: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
        seen = periods.stored(self.run.now)
        for node in nodes:
            values = {name: value for name in _NODE if (value := getattr(node, name)) is not None}
            insights = found[node.id]
            if not isinstance(insights, GraphError):
                for name, candidate in self.asked.items():  # of two metrics of a measure the first choice counts
                    if name in insights and (value := insights[name].value) is not None:
                        values.setdefault(candidate.measure, value)
            alike[tuple(values)].append((None, node.id, seen, *values.values()))
        for measures, rows in alike.items():
            if measures:
                yield "snapshots", ("post_id", "observed_at", *measures), rows

    def _learn(self, found: Iterable[Figures | GraphError]) -> list[MetricState]:
        """The metrics' states by the answers of these posts: served where any post has a value."""
        best: dict[str, Outcome] = {}
        for insights in found:
            for name, outcome in {} if isinstance(insights, GraphError) else insights.items():
                if name not in best or _ORDER[outcome.status] < _ORDER[best[name].status]:
                    best[name] = outcome
        learnt = []
        for name, outcome in best.items():
            key = (name, self.asked[name].period)
            if outcome.status == "empty" and _had_of_late(self.states.get(key), self.run.now):
                continue  # these posts have none; others had
            self.states[key] = state_after(self.states.get(key), self.asked[name], outcome, periods.noted(self.run.now))
            learnt.append(self.states[key])
        return learnt

    def _learn_fields(self) -> list[MetricState]:
        """The states of the fields of posts that count, and of what is asked for no more."""
        dropped = dict(self.run.client.dropped_fields)  # at once: the next posts are being read meanwhile
        learnt = fields_after(self.states, dropped, periods.noted(self.run.now)) + ended(self.states, self.run.now)
        self.states |= {(state.metric, state.period): state for state in learnt}
        return learnt

    def _feed(self, change: gate.Change, learnt: Iterable[MetricState]) -> None:
        """Note from today on which metric gives a measure: of two the first choice."""
        fed = queries.feeds(change.connection, self.run.page_id)
        today = self.run.now.astimezone(periods.TAIPEI).date()
        serving = {state.metric for state in learnt if state.status == "ok"}
        done: set[str] = set()
        for name, candidate in self.asked.items():
            if name in serving and candidate.measure not in done:
                done.add(candidate.measure)
                line = (candidate.period, candidate.measure)
                before = fed.get(line, [])
                if (after := rules.fed_by(before, name, today, None)) != before:
                    pulls.put_breaks(change, self.run.page_id, *line, after)


def _had_of_late(state: MetricState | None, now: datetime) -> bool:
    if state is None or state.status != "ok":
        return False
    return now - datetime.fromisoformat(state.ok_at or state.since) < metrics.SILENT


def _failed(read: Sequence[Figures | GraphError]) -> GraphError | None:
    """Why no post's figures came, where errors that may pass kept those of all away."""
    first: GraphError | None = None
    for insights in read:
        errors = [insights] if isinstance(insights, GraphError) else [one.error for one in insights.values()]
        trouble = [
            e for e in errors if e is not None and not isinstance(e, (DeadObject, DeadMetric, PermissionMissing))
        ]
        if not trouble or len(trouble) < len(errors):
            return None
        first = first or trouble[0]
    return first


def _kept_away(insights: Figures | GraphError) -> bool:
    """Whether an error kept figures away that may be had another time."""
    if isinstance(insights, GraphError):
        return not isinstance(insights, (DeadObject, PermissionMissing))
    return any(outcome.status == "error" for outcome in insights.values())


def _named(posts: Sequence[str]) -> str:
    """What the run's record says of posts whose figures failed."""
    some = "、".join(posts[:3]) + ("等" if len(posts) > 3 else "")
    return f"，{len(posts)} 篇的成效數據讀不到，將隔更久再讀（{some}）" if posts else ""
