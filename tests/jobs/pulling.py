"""A pull in a test: a store, the fake Graph over a real socket, and a clock that waits in no time."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqdash import periods
from sqdash.graph.access import Access
from sqdash.graph.client import Client
from sqdash.jobs import pull, sources
from sqdash.jobs.pull_record import Done
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from sqdash.store.pulls import MetricState
from sqdash.store.queries import pulls as queries
from sqdash.tables import BY_NAME
from tests.fake_graph import PAGE_ID, FakeGraph, HandClock, World
from tests.graph.clocks import VirtualClock
from tests.making import current, looking

START = datetime(2026, 11, 24, 4, tzinfo=UTC)
NEWEST = date(2026, 11, 22)
"""The last Pacific day of which Graph has a value at :data:`START`; the 23rd is not over there."""
VERSION = "v25.0"
BY = "測試員"


class Desk:
    """A store and a Graph, with everything a test does to them.

    The world stands still while a run waits, so that what a run must bring is known; :meth:`later` moves both.
    """

    def __init__(self, store: Path, server: FakeGraph, clock: VirtualClock, hands: HandClock) -> None:
        self.store, self.server, self.clock, self.hands = store, server, clock, hands
        self.world = server.world

    def later(self, **span: float) -> None:
        """Let time go by for both sides."""
        self.clock.move(timedelta(**span).total_seconds())
        self.hands.moment = self.clock.moment

    @property
    def settings(self) -> GraphSettings:
        return settings(self.server)

    def client(self, token: str | None = None, **options: Any) -> Client:
        access = Access(self.server.base_url, VERSION, Secret(token or self.world.token))
        return Client(access, clock=self.clock, rng=random.Random(1), **options)  # noqa: S311 - jitter

    def pull(self, page_id: str = PAGE_ID, *, token: str | None = None, **options: Any) -> Done:
        """One run of one page."""
        with self.client(token) as client:
            return pull.run(self.store, client, page_id, clock=self.clock, by=BY, version=VERSION, **options)

    def pull_all(self, **options: Any) -> list[Done]:
        """One run of every page that is set up."""
        return sources.pull_all(self.store, self.settings, by=BY, clock=self.clock, **options)

    # --- what is in the store

    def rows(self, table: str) -> list[dict[str, Any]]:
        return current(self.store, table)

    def days(self, measure: str, zone: str = "America/Los_Angeles", page_id: str = PAGE_ID) -> dict[date, int]:
        return {
            date.fromisoformat(row["day"]): row["value"]
            for row in self.rows("page_days")
            if (row["measure"], row["day_zone"], row["page_id"]) == (measure, zone, page_id)
        }

    def states(self, page_id: str = PAGE_ID) -> dict[str, MetricState]:
        with looking(self.store) as connection:
            return {state.metric: state for state in queries.states(connection, page_id)}

    def runs(self, page_id: str = PAGE_ID) -> list[dict[str, Any]]:
        with looking(self.store) as connection:
            return queries.runs(connection, page_id, 100)

    def gone(self, page_id: str = PAGE_ID) -> set[str]:
        return set(self.ask("SELECT post_id FROM post_reads WHERE page_id = ? AND gone_at IS NOT NULL", page_id))

    def ask(self, sql: str, *values: object) -> list[Any]:
        """The first column of what the file says."""
        with looking(self.store) as connection:
            return [row[0] for row in connection.execute(sql, values)]

    def change(self, sql: str, *values: object) -> None:
        """Bend the book-keeping, as a long time or a wrong clock would."""
        with closing(sqlite3.connect(self.store)) as connection, connection:
            connection.execute(sql, values)

    def revision(self) -> int:
        return int(self.ask("SELECT ifnull(max(revision), 0) FROM revisions")[0])

    def figures(self) -> dict[str, dict[str, Any]]:
        """Post → its newest figure of each measure, by the stored rows alone."""
        found: dict[str, dict[str, Any]] = {}
        for row in sorted(self.rows("snapshots"), key=lambda row: str(row["observed_at"])):
            known = found.setdefault(row.pop("post_id"), {})
            del row["observed_at"]
            known |= {name: value for name, value in row.items() if value is not None}
        return found

    def contents(self) -> dict[str, Any]:
        """What stands, less when it was seen: equal after runs that come to the same."""
        return {
            "pages": self.rows("pages"),
            "posts": self.rows("posts"),
            "page_days": self.rows("page_days"),
            "figures": self.figures(),
        }


def settings(server: FakeGraph, **more: Any) -> GraphSettings:
    """Settings that name the fake's own page."""
    told: dict[str, Any] = {
        "base_url": server.base_url,
        "version": VERSION,
        "page_id": PAGE_ID,
        "token_text": Secret(server.world.token),
    }
    return GraphSettings(**(told | more))


@contextmanager
def desk(store: Path, *, posts: int = 60, start: datetime = START, seed: int = 1, **world: Any) -> Iterator[Desk]:
    """A desk with a world of so many posts."""
    hands = HandClock(start)
    with FakeGraph(World(seed, posts=posts, clock=hands, **world)) as server:
        yield Desk(store, server, VirtualClock(start), hands)


# --- what must come out

PAGE_DAYS = {
    "followers": "page_follows",
    "new_followers": "page_daily_follows_unique",
    "lost_followers": "page_daily_unfollows_unique",
    "viewers": "page_total_media_view_unique",
    "views": "page_media_view",
    "interactions": "page_post_engagements",
    "page_visits": "page_views_total",
    "video_views": "page_video_views",
}
"""Measure → the metric from which it comes in a world of November 2026."""
UNKNOWN_OF_POSTS = tuple(
    name
    for name in BY_NAME["snapshots"].names
    if name not in ("post_id", "observed_at", "likes", "reactions", "comments", "shares", "viewers", "views", "clicks")
)
KINDS = {"photo": "相片", "album": "相片", "video": "影片", "link": "連結", "event": "活動", "text": "文字"}


def true_days(world: World, measure: str, first: date, last: date, page_id: str = PAGE_ID) -> dict[date, int]:
    """What Graph shows of these Pacific days now."""
    found = {}
    for day, value in world.truth.page_days(PAGE_DAYS[measure], first, last, page_id):
        assert isinstance(value, int)
        found[day] = value
    return found


def true_figures(world: World, post_id: str) -> dict[str, int]:
    """A post's figures now, by our names."""
    said = world.truth.figures(post_id)
    return {
        "likes": said.likes,
        "reactions": said.all_reactions,
        "comments": said.comments,
        "shares": said.shares,
        "viewers": said.viewers,
        "views": said.views,
        "clicks": said.clicks,
    }


def true_posts(world: World, page_id: str = PAGE_ID) -> list[dict[str, Any]]:
    """The rows of posts that a whole pull leaves, in key order."""
    nothing = dict.fromkeys(BY_NAME["posts"].names)
    rows = [
        nothing
        | {
            "post_id": post.id,
            "page_id": page_id,
            "published_at": datetime.fromtimestamp(post.created, periods.TAIPEI).isoformat(timespec="seconds"),
            "type": KINDS[post.kind],
            "message": post.text_at(world.now),
            "permalink": post.permalink,
        }
        for post in world.truth.posts(page_id)
    ]
    return sorted(rows, key=lambda row: str(row["post_id"]))
