"""Parts of a run about posts: the list (new and changed posts), and figures of those that are due.

A figure is stored only for posts that are due (see :mod:`sqdash.jobs.pull_rules`), as one snapshot of what the post's
node and its insights say at the run's time; what Meta does not give stays open, and only a stated 0 is 0. A post that
Facebook no longer has keeps its rows and is marked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqdash import periods
from sqdash.errors import DeadMetric, DeadObject, GraphError, PermissionMissing, Unreadable
from sqdash.graph import metrics
from sqdash.graph.answers import Outcome, PostNode
from sqdash.jobs import pull_rules as rules
from sqdash.jobs.pull_page import known, state_after
from sqdash.jobs.pull_record import Record, taipei, utc
from sqdash.store import database, gate, pulls, save
from sqdash.store.pulls import MetricState
from sqdash.store.queries import pulls as queries

_TEXTS = ("type", "message", "permalink")
_POST = ("published_at", *_TEXTS)
TOGETHER = 1_000
"""Posts in one transaction: each costs a fixed part for temporary tables and the disk."""
_NODE = ("likes", "reactions", "comments", "shares")
Figures = Mapping[str, Outcome]


def listed(run: Record, since: datetime | None) -> None:
    """New and changed posts by the list; figures of those that are due. ``since`` bounds it."""
    with database.reading(run.store) as connection:
        all_at = queries.page_read(connection, run.page_id)["all_listed_at"]
    whole = not all_at or not timedelta(0) <= run.now - datetime.fromisoformat(all_at) < rules.LISTED_WHOLE
    start = since or (None if whole else run.now - rules.LISTED_BACK)
    whole_list = start is None
    reader = _Reader(run)
    seen: set[str] = set()
    first = None if start is None else start.astimezone(periods.TAIPEI).date() + timedelta(days=1)
    oldest: datetime | None = None
    with reader.storing("posts"):
        try:
            for nodes in run.client.posts(run.page_id, since=start):
                published = [node for node in nodes if node.is_published is not False]
                seen.update(node.id for node in published)
                oldest = min([*([oldest] if oldest else []), *(node.created_at for node in published)], default=None)
                reader.take_list(published)
        except Unreadable as error:
            if not _too_deep(error) or oldest is None:
                raise
            reader.remark = "，Meta 的清單只到這裡，更早的貼文請以匯出檔補上"
            start = oldest
            first = oldest.astimezone(periods.TAIPEI).date() + timedelta(days=1)
    if first is None and oldest:
        first = oldest.astimezone(periods.TAIPEI).date()
    run.listed = tuple(seen)
    with run.change("擷取貼文清單") as change:
        before = queries.read_before(change.connection, run.page_id, taipei(start) if start else "")
        pulls.ask_again(change, [post for post in before if post not in seen], utc(run.now))
        pulls.note_listed(change, run.page_id, utc(run.now), whole=whole_list)
        if first:
            run.cover(change, first, run.now.astimezone(periods.TAIPEI).date() - timedelta(days=1))


def _too_deep(error: Unreadable) -> bool:
    """Whether Meta pages no further back, as it does in long lists: the end of what the list can give."""
    return error.code is not None and "after cursor" in error.detail.lower()


def figures(run: Record) -> None:
    """Posts beyond the list that are due, by their ids: the longest due first, and only so many a run."""
    with database.reading(run.store) as connection:
        posts = queries.due(connection, run.page_id, utc(run.now), rules.OLD_POSTS)
    reader = _Reader(run)
    with reader.storing("figures"):
        reader.take_due(posts)


class _Reader:
    """Reads figures with the metrics that Meta serves now, and stores posts and figures.

    Up to :data:`TOGETHER` posts are stored in one transaction; what is waiting is stored before an error goes on.
    """

    def __init__(self, run: Record) -> None:
        self.run = run
        with database.reading(run.store) as connection:
            found = queries.states(connection, run.page_id)
            self.first = not queries.any_read(connection, run.page_id)
        self.states = {(s.metric, s.period): s for s in found}
        self.asked = {c.metric: c for c in metrics.wanted("post", known(found), run.now)}
        self.part = ""
        self.nodes: list[PostNode] = []
        self.found: dict[str, Figures | GraphError] = {}
        self.remark = ""
        self.gone_for_sure = False
        self.dead: list[str] = []
        self.barred: list[str] = []

    @contextmanager
    def storing(self, part: str) -> Iterator[None]:
        """While posts are taken: what waits at the end, or when Graph stops answering, is stored."""
        self.part = part
        try:
            yield
        except GraphError:
            self._store()
            raise
        self._store()

    def take_list(self, nodes: Sequence[PostNode]) -> None:
        """Posts of a list: figures are read of those that are due."""
        reads: Mapping[str, tuple[str, str | None, str]] = {}
        if not self.first:  # a list gives each post once, so in the first one none was read before
            with database.reading(self.run.store) as connection:
                reads = queries.reads_of(connection, [node.id for node in nodes])
        now = utc(self.run.now)  # read later than now: by a clock that was ahead
        due = [n.id for n in nodes if not (r := reads.get(n.id)) or r[1] or r[0] <= now or r[2] > now]
        self.nodes += nodes
        if due:
            for post, insights in self.run.client.post_insights(due, list(self.asked)):
                self.found[post] = insights
        if len(self.nodes) >= TOGETHER:
            self._store()

    def take_due(self, posts: Sequence[str]) -> None:
        """Posts by their ids, with their figures; one that is dead while others of the page read fine is gone."""
        for post, node, insights in self.run.client.nodes_and_insights(posts, list(self.asked)):
            if isinstance(node, PostNode):
                self.nodes.append(node)
                self.found[post] = insights
            elif isinstance(node, DeadObject):
                self.dead.append(post)
            else:
                self.barred.append(post)
        self.gone_for_sure = bool(self.run.listed) and (bool(self.nodes) or (bool(self.dead) and self._one_reads()))

    def _one_reads(self) -> bool:
        """Whether a post that the list gave in this run can be read by its id: where none can, it is not the posts."""
        witness = [post for post in self.run.listed or () if post not in self.dead][:1]
        return any(isinstance(node, PostNode) for _, node in self.run.client.nodes(witness))

    def _store(self) -> None:
        """Posts that are new or changed, a snapshot of each whose figures were read, and when each is due again."""
        run, nodes, found, remark = self.run, self.nodes, self.found, self.remark
        gone, barred = (self.dead, self.barred) if self.gone_for_sure else ([], self.dead + self.barred)
        self.nodes, self.found, self.dead, self.barred, self.remark = [], {}, [], [], ""
        if not nodes and not gone and not barred and not remark:
            return
        read = [node for node in nodes if node.id in found]
        with run.change("擷取貼文") as change:
            brought = [*self._posts(change, nodes), *self._snapshots(change, read, found)]
            seen = utc(run.now)
            pulls.put_reads(change, run.page_id, [_read(n, found[n.id], run.now, seen) for n in read])
            pulls.mark_gone(change, gone, utc(run.now))
            pulls.ask_again(change, barred, utc(run.now + rules.BARRED))
            learnt = self._learn(found.values())
            pulls.put_states(change, run.page_id, learnt)
            self._feed(change, learnt)
            missing = f"，{len(gone)} 篇在 Facebook 已不存在" if gone else ""
            detail = f"{len(nodes)} 篇，讀取 {len(read)} 篇的數據{missing}{remark}"
            failed = _failed([found[node.id] for node in read])
            run.note(change, self.part, "error" if failed else "done", brought, str(failed) if failed else detail)

    def _posts(self, change: gate.Change, nodes: Sequence[PostNode]) -> list[save.Counts]:
        """Posts of which the same is known are stored together: what Meta refuses to say is left as it stands."""
        stored = queries.stored(change.connection, _POST, [node.id for node in nodes])
        alike: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
        for node in nodes:
            known = tuple(name for name in _TEXTS if name in node.given)
            values = (taipei(node.created_at), *(getattr(node, name) for name in known))
            before = dict(zip(_POST, stored.get(node.id, ()), strict=False))
            if tuple(before.get(name) for name in ("published_at", *known)) != values:
                alike[known].append((None, node.id, self.run.page_id, *values))
        counts = []
        for known, rows in alike.items():
            stage = self.run.stage(change)
            stage.add("posts", ("post_id", "page_id", "published_at", *known), rows)
            counts.append(self.run.put(change, stage))
        return counts

    def _snapshots(
        self, change: gate.Change, nodes: Sequence[PostNode], found: Mapping[str, Figures | GraphError]
    ) -> list[save.Counts]:
        """Posts of which Meta gives the same measures are stored together: a measure that is not given stays open."""
        alike: dict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
        seen = taipei(self.run.now)
        for node in nodes:
            values = {name: value for name in _NODE if (value := getattr(node, name)) is not None}
            insights = found[node.id]
            if not isinstance(insights, GraphError):
                for name, candidate in self.asked.items():  # of two metrics of a measure the first choice counts
                    if name in insights and (value := insights[name].value) is not None:
                        values.setdefault(candidate.measure, value)
            alike[tuple(values)].append((None, node.id, seen, *values.values()))
        counts = []
        for measures, rows in alike.items():
            if measures:
                stage = self.run.stage(change)
                stage.add("snapshots", ("post_id", "observed_at", *measures), rows)
                counts.append(self.run.put(change, stage))
        return counts

    def _learn(self, found: Iterable[Figures | GraphError]) -> list[MetricState]:
        """The metrics' states by the answers of these posts: served where any post has a value."""
        best: dict[str, Outcome] = {}
        order = ("ok", "empty", "error", "not_permitted", "not_served")
        for insights in found:
            for name, outcome in {} if isinstance(insights, GraphError) else insights.items():
                if name not in best or order.index(outcome.status) < order.index(best[name].status):
                    best[name] = outcome
        learnt = []
        for name, outcome in best.items():
            key = (name, self.asked[name].period)
            if outcome.status == "empty" and key in self.states and self.states[key].status == "ok":
                continue  # these posts have none; others had
            self.states[key] = state_after(self.states.get(key), self.asked[name], outcome, utc(self.run.now))
            learnt.append(self.states[key])
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
                if (after := rules.fed_by(before, name, today, today)) != before:
                    pulls.put_breaks(change, self.run.page_id, *line, after)


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


def _read(node: PostNode, insights: Figures | GraphError, now: datetime, seen: str) -> tuple[str, str, str, str]:
    """(post, published, read, due again); ``seen`` is ``now`` as stored.

    Due at once where an error kept figures away that may be had next time.
    """
    if isinstance(insights, GraphError):
        failed = not isinstance(insights, (DeadObject, PermissionMissing))
    else:
        failed = any(outcome.status == "error" for outcome in insights.values())
    again = seen if failed else utc(rules.due_again(node.created_at, now))
    return node.id, taipei(node.created_at), seen, again
