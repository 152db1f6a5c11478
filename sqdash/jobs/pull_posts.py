"""Parts of a run about posts: the list (new and changed posts), and figures of those that are due.

A figure is read only for posts that are due (see :mod:`sqdash.jobs.pull_rules`). While posts are being stored the next
ones are read: a thread of its own stores one block after the other, so blocks stay whole and in their order. A post
that Facebook no longer has keeps its rows and is marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice

from sqdash import periods
from sqdash.errors import DeadObject, GraphError, Unreadable
from sqdash.graph.answers import PostNode
from sqdash.jobs import pull_rules as rules
from sqdash.jobs.pull_blocks import Block, Storing
from sqdash.jobs.pull_record import Record
from sqdash.store import database, pulls
from sqdash.store.queries import pulls as queries

TOGETHER = 2_500
"""Posts in one transaction: each costs a fixed part for temporary tables and the disk."""
AGREEING = 3
"""Runs that must find no post at all before posts are marked for it: a page that shows nothing may be hidden."""
NO_POST = f"Meta 表示這個專頁已沒有任何貼文，連續 {AGREEING} 次擷取都如此時，讀不到的貼文才標為已不存在。"


def listed(run: Record, since: datetime | None) -> None:
    """New and changed posts by the list; figures of those that are due. ``since`` bounds it."""
    with database.reading(run.store) as connection:
        all_at = queries.page_read(connection, run.page_id)["all_listed_at"]
    whole = not all_at or not timedelta(0) <= run.now - datetime.fromisoformat(all_at) < rules.LISTED_WHOLE
    start = since or (None if whole else run.now - rules.LISTED_BACK)
    whole_list = start is None
    reader = _Reader(run, "posts")
    seen: set[str] = set()
    first = None if start is None else periods.first_whole_day(start)
    oldest: datetime | None = None
    with reader.storing():
        try:
            for nodes in run.client.posts(run.page_id, since=start):
                published = [node for node in nodes if node.is_published is not False]
                seen.update(node.id for node in published)
                oldest = min([*([oldest] if oldest else []), *(node.created_at for node in published)], default=None)
                reader.take_list(published)
        except Unreadable as error:
            if not _too_deep(error) or oldest is None:
                raise
            reader.block.remark = "，Meta 的清單只到這裡，更早的貼文請以匯出檔補上"
            start = oldest
            first = oldest.astimezone(periods.TAIPEI).date() + timedelta(days=1)
    if first is None and oldest:
        first = oldest.astimezone(periods.TAIPEI).date()
    run.listed = tuple(seen)
    with run.change("擷取貼文清單") as change:
        before = queries.read_before(change.connection, run.page_id, periods.stored(start) if start else "")
        pulls.ask_again(change, [post for post in before if post not in seen], periods.noted(run.now))
        pulls.note_listed(change, run.page_id, periods.noted(run.now), whole=whole_list)
        if first:
            run.cover(change, first, run.now.astimezone(periods.TAIPEI).date() - timedelta(days=1))


def _too_deep(error: Unreadable) -> bool:
    """Whether Meta pages no further back, as it does in long lists: the end of what the list can give."""
    return error.code is not None and "after cursor" in error.detail.lower()


def figures(run: Record) -> None:
    """Posts beyond the list that are due, by their ids: the longest due first, and only so many a run."""
    with database.reading(run.store) as connection:
        posts = queries.due(connection, run.page_id, periods.noted(run.now), rules.OLD_POSTS)
    reader = _Reader(run, "figures")
    with reader.storing():
        reader.take_due(posts)


class _Reader:
    """Reads posts and figures, and has them stored, up to :data:`TOGETHER` posts at once.

    One block at most is being stored while the next is read; what was read before an error is stored before the error
    goes on, and nothing goes on while anything is still being stored.
    """

    def __init__(self, run: Record, part: str) -> None:
        self.run, self.block = run, Block()
        self._to = Storing(run, part)
        self._asked = list(self._to.asked)
        with database.reading(run.store) as connection:
            self._first = not queries.any_read(connection, run.page_id)
            self._none_said = queries.said_since_read(
                connection, run.page_id, "figures", NO_POST, periods.noted(run.now)
            )
        self._beside: Future[None] | None = None
        self._no_post = False

    @contextmanager
    def storing(self) -> Iterator[None]:
        """While posts are taken: what waits at the end, or when Graph stops answering, is stored."""
        with ThreadPoolExecutor(1, "pull-store") as self._writer:
            try:
                yield
            except GraphError:
                self._store_all()
                raise
            self._store_all()

    def _store_all(self) -> None:
        self._store()
        self._stored()

    def _store(self) -> None:
        """Let the block be stored once the one before is."""
        block, self.block = self.block, Block()
        self._stored()
        if block.filled:
            self._beside = self._writer.submit(self._to.store, block)

    def _stored(self) -> None:
        """Wait for what is being stored; its error is raised here."""
        beside, self._beside = self._beside, None
        if beside:
            beside.result()

    def take_list(self, nodes: Sequence[PostNode]) -> None:
        """Posts of a list: figures are read of those that are due."""
        reads: Mapping[str, tuple[str, str | None, str]] = {}
        if not self._first:  # a list gives each post once, so in the first one none was read before
            with database.reading(self.run.store) as connection:
                reads = queries.reads_of(connection, [node.id for node in nodes])
        now = periods.noted(self.run.now)  # read later than now: by a clock that was ahead
        due = [n.id for n in nodes if not (r := reads.get(n.id)) or r[1] or r[0] <= now or r[2] > now]
        if self._none_said:  # the page was said to have none: that it has some is noted by reading them
            due = [node.id for node in nodes]
        self.block.nodes += nodes
        if due:
            for post, insights in self.run.client.post_insights(due, self._asked):
                self.block.found[post] = insights
        if len(self.block.nodes) >= TOGETHER:
            self._store()

    def take_due(self, posts: Sequence[str]) -> None:
        """Posts by their ids, with their figures; one that is dead while others of the page read fine is gone."""
        block, dead = self.block, list[str]()
        try:
            for post, node, insights in self.run.client.nodes_and_insights(posts, self._asked):
                if isinstance(node, PostNode):
                    block.nodes.append(node)
                    block.found[post] = insights
                else:
                    (dead if isinstance(node, DeadObject) else block.barred).append(post)
        except GraphError:
            block.barred += dead
            raise
        listed = self.run.listed is not None
        if listed and dead and (block.nodes or self._one_reads(dead) or self._none_is_left()):
            block.gone += dead
        else:
            block.barred += dead

    def _one_reads(self, dead: Sequence[str]) -> bool:
        """Whether a post that the list gives can be read by its id: where none can, it is not the posts."""
        if self.run.listed == ():  # none of late; the whole list may have one
            pages = list(islice(self.run.client.posts(self.run.page_id, limit=1), 2))
            self._no_post = pages == [()]
            witness = [node.id for nodes in pages for node in nodes if node.id not in dead][:1]
        else:
            witness = [post for post in self.run.listed or () if post not in dead][:1]
        return any(isinstance(node, PostNode) for _, node in self.run.client.nodes(witness))

    def _none_is_left(self) -> bool:
        """Whether this run and those before it, since a post was last read, agree that the page has no post."""
        if not self._no_post:
            return False
        agreed = self._none_said + 1 >= AGREEING
        if not agreed:
            self.block.sentence = NO_POST
        return agreed
