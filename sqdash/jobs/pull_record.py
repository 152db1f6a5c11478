"""The record of one run: its batch, its parts, what they brought. Every part is one transaction.

All parts of a run are one batch, which can be undone like a file. What a part brings for a figure that a person also
gave is kept beside it; :mod:`sqdash.store.stated` says which one counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqdash import periods
from sqdash.errors import PermissionMissing
from sqdash.graph.client import Client
from sqdash.graph.clock import Clock
from sqdash.jobs import metric_states
from sqdash.store import gate, pulls, save, stated
from sqdash.store.queries import pulls as queries
from sqdash.store.staging import Stage
from sqdash.tables import POST_MEASURES

PARTS = {
    "page": "專頁人數",
    "token": "權杖狀態",
    "days": "每日數據",
    "posts": "貼文",
    "figures": "較早貼文的數據",
    "answers": "欄位與版本",
}
"""Parts of a run by name, as people read them."""
_FIELDS = {
    **dict(POST_MEASURES),
    "like": "按讚",
    "message": "內文",
    "attachments": "類型",
    "status_type": "類型",
    "permalink_url": "連結",
    "fan_count": "粉絲人數",
    "followers_count": "追蹤人數",
}
"""Meta's fields by the words under which people know what is in them."""
Progress = Callable[[str, int], None]
"""Told of each finished part: its label, how many are done."""


@dataclass(slots=True)
class Done:
    """What a run did, as ``pull --json`` prints it; ``state`` is done, partly, failed, limited or busy; ``metrics`` how
    Meta's metrics stand after it (:func:`sqdash.jobs.metric_states.as_json`)."""

    page: str
    state: str = "done"
    pull: int | None = None
    batch: int | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    parts: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    retries: int = 0
    waited: float = 0.0
    notes: list[str] = field(default_factory=list)
    error: str | None = None
    kind: str | None = None
    resume_at: str | None = None
    metrics: list[dict[str, str | None]] = field(default_factory=list)

    @property
    def as_json(self) -> dict[str, Any]:
        """The fields by name."""
        return {name: getattr(self, name) for name in Done.__slots__}


class Record:
    """One run of one page; ``now`` is when it began: everything it reads counts as seen then."""

    def __init__(
        self,
        store: Path,
        client: Client,
        page_id: str,
        *,
        clock: Clock,
        by: str,
        version: str,
        progress: Progress | None,
    ) -> None:
        self.store, self.client, self.page_id = store, client, page_id
        self.clock, self.by, self.version = clock, by, version
        self.progress = progress or (lambda part, number: None)
        self.now = clock.now()
        self.listed: tuple[str, ...] | None = None
        """Some of the posts that the list gave in this run; None until it came to its end."""
        self.done = Done(page_id)
        with self.change("開始擷取") as change:
            self.pull = self.done.pull = pulls.begin(change, page_id, periods.noted(self.now), version)

    @contextmanager
    def change(self, reason: str) -> Iterator[gate.Change]:
        """One transaction of this run. What it brought counts only once it is committed."""
        batch, counted, noted = self.done.batch, self._counts(), len(self.done.parts)
        try:
            with gate.write(self.store, by=self.by, reason=f"{reason}：{self.page_id}") as change:
                yield change
        except BaseException:
            self.done.batch = batch
            self.done.added, self.done.changed, self.done.unchanged = counted
            del self.done.parts[noted:]
            raise
        for number, part in enumerate(self.done.parts[noted:], noted + 1):
            self.progress(PARTS[part["part"]], number)

    def _counts(self) -> tuple[int, int, int]:
        return self.done.added, self.done.changed, self.done.unchanged

    def stage(self, change: gate.Change) -> Stage:
        """An empty stage in the change."""
        stage = Stage(change.connection, thin=True)
        stage.rank = stated.rank(periods.stored(self.now))
        return stage

    def put(self, change: gate.Change, stage: Stage) -> save.Counts:
        """Store what is staged.

        Days that only repeat what stands, or what was pulled last and does not count, open no batch: nothing rests on
        it, and no screen need be redrawn. Posts' figures do: that they were seen again, unchanged, keeps older exports
        from passing for newer ones.
        """
        stage.compare()
        counts = save.Counts(*stage.counts(by_source_row=False))
        moved = counts.added or counts.changed or "snapshots" in stage.given
        if moved or ("page_days" in stage.given and queries.says_anew(change.connection)):
            batch = self._batch(change)
            save.put_staged(change, stage, batch, by_source_row=False)
            save.add_to_batch(change, batch, counts)
        self.done.added += counts.added
        self.done.changed += counts.changed
        self.done.unchanged += counts.unchanged
        return counts

    def cover(self, change: gate.Change, first: date, last: date) -> None:
        """Note that every post of these Taipei days is in the store; days noted before are not noted again."""
        before = queries.covered_to(change.connection, self.page_id, first.isoformat())
        if before:
            first = max(first, date.fromisoformat(before) + timedelta(days=1))
        if first <= last:
            save.cover(change, self._batch(change), self.page_id, first.isoformat(), last.isoformat())

    def _batch(self, change: gate.Change) -> int:
        """The run's batch, opened by the first part that brings something."""
        if self.done.batch is None:
            self.done.batch = save.open_batch(
                change,
                kind="pull",
                format="graph",
                file_name=f"Graph API 擷取 {self.pull}",
                observed_at=periods.stored(self.now),
                zone=periods.PACIFIC.key,
            )
            pulls.note_cost(change, self.pull, batch=self.done.batch)
        return self.done.batch

    def note(
        self, change: gate.Change, part: str, state: str, counts: Sequence[save.Counts] = (), detail: str = ""
    ) -> None:
        """Note a part in the change that brought it."""
        total = save.Counts()
        for one in counts:
            total += one
        counted = (total.added, total.changed, total.unchanged)
        pulls.note_part(change, self.pull, part, state, periods.noted(self.clock.now()), counted, detail)
        names = ("part", "state", "added", "changed", "unchanged", "detail")
        self.done.parts.append(dict(zip(names, (part, state, *counted, detail or None), strict=True)))

    def failed(self, part: str, state: str, detail: str) -> None:
        """Note a part that brought nothing."""
        with self.change("擷取") as change:
            self.note(change, part, state, detail=detail)

    def end(self, state: str) -> Done:
        """Close the record."""
        done, client = self.done, self.client
        done.state, done.calls, done.retries, done.waited = state, client.calls, client.retries, round(client.waited, 1)
        if not done.resume_at and client.usage.resume_at:  # the allowance is used up: the next run must wait
            done.resume_at = periods.noted(client.usage.resume_at)
        with self.change("結束擷取") as change:
            self._note_answers(change)
            done.metrics = [metric_states.as_json(one) for one in queries.states(change.connection, self.page_id)]
            pulls.note_cost(
                change,
                self.pull,
                state=state,
                ended_at=periods.noted(max(self.clock.now(), self.now)),
                calls=done.calls,
                retries=done.retries,
                waited=done.waited,
                resume_at=done.resume_at,
                kind=done.kind,
                error=done.error,
                answered_version=client.version_answered,
            )
        return done

    def _note_answers(self, change: gate.Change) -> None:
        """What Meta left out of its answers, which otherwise look whole, and that another version gave them: a part of
        its own, so that whoever misses the figures finds why."""
        client, lacking = self.client, defaultdict[str, list[str]](list)
        for name, why in client.dropped_fields.items():
            lacking[str(why)].append(f"{_FIELDS[name]}（{name}）" if name in _FIELDS else f"「{name}」")
        notes = [f"Meta 沒有提供{'、'.join(names)}：{why}" for why, names in lacking.items()]
        if client.version_differs:
            notes.append(
                f"Graph 版本設定為 {self.version}，Meta 以 {client.version_answered} 回覆，"
                "請更新 SQDASH_GRAPH_VERSION。"
            )
        self.done.notes += notes
        if notes:
            barred = any(isinstance(why, PermissionMissing) for why in client.dropped_fields.values())
            state = "not_permitted" if barred else "error" if lacking else "done"
            self.note(change, "answers", state, detail=" ".join(notes))
