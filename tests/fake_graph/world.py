"""The world behind the fake Graph: pages, tokens and time, and the truth about them for a test to compare with.

All of it follows from the seed, the clock's first reading and the parameters; nothing here knows of HTTP or JSON.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.fake_graph.clocks import Clock, SystemClock
from tests.fake_graph.days import PageDays, Value
from tests.fake_graph.metrics import PAGE_METRICS, POST_METRICS, REACTION_KEYS
from tests.fake_graph.posts import Figures, Post, Posts

PAGE_ID = "100200300400"
BENCHMARK_ID = "200300400500"
TOKEN = "EAAfakeGraph+token/with=odd&signs"
APP_ID = "7700880099001122"
SCOPES = ("pages_show_list", "pages_read_engagement", "pages_read_user_content", "read_insights")


@dataclass
class Token:
    """A Page token; tests may take scopes away or let it run out. ``expires_at`` 0 is never (Unix seconds)."""

    text: str
    page_id: str
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    expires_at: int = 0
    data_access_expires_at: int = 0


@dataclass
class Page:
    """A fan page: its names, and what it has. A benchmark page has public counts only."""

    id: str
    name: str
    username: str | None
    posts: Posts
    days: PageDays
    own: bool = True
    is_published: bool = True


class World:
    """``posts`` so many posts on the own page at the start; ``new_post_every`` and ``pulse`` in seconds.

    ``app_secret`` makes the right proof compulsory. Change ``tokens``, ``gone_metrics`` and the pages freely
    between calls.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        posts: int = 120,
        clock: Clock | None = None,
        app_secret: str | None = None,
        new_post_every: int = 18 * 3600,
        pulse: float | None = None,
        token: str = TOKEN,
    ) -> None:
        self.seed, self.clock = seed, clock or SystemClock()
        self.app_id, self.app_secret, self.token, self.pulse = APP_ID, app_secret, token, pulse
        self.new_post_every = new_post_every
        self.start = self.now
        self.gone_metrics: set[str] = set()
        self.pages: dict[str, Page] = {}
        self.tokens: dict[str, Token] = {}
        self.add_page(PAGE_ID, "示範分局", username="example.branch", posts=posts)
        self.add_page(BENCHMARK_ID, "標竿機關", posts=5, own=False, fans=88_000, followers=90_500)
        self.add_token(token, PAGE_ID)
        self.truth = Truth(self)

    @property
    def now(self) -> int:
        """The clock in Unix seconds."""
        return int(self.clock.now().timestamp())

    @property
    def page(self) -> Page:
        """The own page with id ``PAGE_ID``."""
        return self.pages[PAGE_ID]

    def add_page(
        self,
        page_id: str,
        name: str,
        *,
        username: str | None = None,
        posts: int = 20,
        own: bool = True,
        fans: int = 5120,
        followers: int = 5333,
    ) -> Page:
        """One more page; ``fans`` and ``followers`` are those of the last evening before the start."""
        made = Posts(page_id, self.seed, posts, self.start, every=self.new_post_every, pulse=self.pulse)
        days = PageDays(page_id, self.seed, self.start, fans=fans, followers=followers)
        self.pages[page_id] = Page(page_id, name, username, made, days, own)
        return self.pages[page_id]

    def add_token(self, text: str, page_id: str) -> Token:
        """A Page token that never expires, has all permissions, and 60 days of data access left."""
        self.tokens[text] = Token(text, page_id, data_access_expires_at=self.start + 60 * 86_400)
        return self.tokens[text]

    def delete(self, post_id: str) -> None:
        """The post is gone from lists and answers 100/33."""
        self.pages[post_id.partition("_")[0]].posts.deleted.add(post_id)

    def find(self, post_id: str) -> tuple[Posts, Post] | None:
        """A post that exists and is not deleted."""
        page = self.pages.get(post_id.partition("_")[0])
        if page is None or post_id in page.posts.deleted:
            return None
        page.posts.advance(self.now)
        n = page.posts.index.get(post_id)
        return None if n is None else (page.posts, page.posts.all[n])

    def fans(self, page: Page, at: int) -> int:
        return page.days.level("fans", at) + self._pulses(at)

    def followers(self, page: Page, at: int) -> int:
        return page.days.level("followers", at) + self._pulses(at)

    def proof(self, token: str) -> str:
        """The ``appsecret_proof`` that this token needs."""
        return hmac.new((self.app_secret or "").encode(), token.encode(), hashlib.sha256).hexdigest()

    def _pulses(self, at: int) -> int:
        return int((at - self.start) / self.pulse) if self.pulse else 0


class Truth:
    """What is so, as plain Python values; ``at`` is the moment looked from, now when not given."""

    def __init__(self, world: World) -> None:
        self._world = world

    def fans(self, page_id: str = PAGE_ID, at: datetime | None = None) -> int:
        return self._world.fans(self._world.pages[page_id], self._second(at))

    def followers(self, page_id: str = PAGE_ID, at: datetime | None = None) -> int:
        return self._world.followers(self._world.pages[page_id], self._second(at))

    def posts(self, page_id: str = PAGE_ID, at: datetime | None = None) -> list[Post]:
        """The posts there are, newest first, deleted ones left out."""
        posts, second = self._world.pages[page_id].posts, self._second(at)
        posts.advance(second)
        return [post for post in posts.all[: posts.count_at(second)][::-1] if post.id not in posts.deleted]

    def figures(self, post_id: str, at: datetime | None = None) -> Figures:
        """Also of a deleted post: what it would have."""
        posts = self._world.pages[post_id.partition("_")[0]].posts
        return posts.figures(posts.all[posts.index[post_id]], self._second(at))

    def post_metric(self, post_id: str, metric: str, at: datetime | None = None) -> Value:
        return post_value(self.figures(post_id, at), POST_METRICS[metric].part)

    def page_day(self, metric: str, day: date, page_id: str = PAGE_ID, at: datetime | None = None) -> Value | None:
        """What insights show for one Pacific day at that moment; None when they do not."""
        return self._world.pages[page_id].days.shown(PAGE_METRICS[metric], day, self._second(at))

    def page_day_final(self, metric: str, day: date, page_id: str = PAGE_ID) -> Value:
        """The value of a Pacific day once revised."""
        return self._world.pages[page_id].days.final(PAGE_METRICS[metric], day)

    def page_days(
        self, metric: str, first: date, last: date, page_id: str = PAGE_ID, at: datetime | None = None
    ) -> Iterator[tuple[date, Value]]:
        """The days between, both included, that insights show."""
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            value = self.page_day(metric, day, page_id, at)
            if value is not None:
                yield day, value

    def _second(self, at: datetime | None) -> int:
        return self._world.now if at is None else int(at.timestamp())


def post_value(figures: Figures, part: str) -> Value:
    """A post's figure by the name the metric catalogue gives it; a dict leaves zeros out."""
    if part == "reactions":
        return {REACTION_KEYS[key]: count for key, count in figures.reactions.items() if count}
    if part.startswith("reactions."):
        return {REACTION_KEYS[key]: count for key, count in figures.reactions.items()}[part.partition(".")[2]]
    value: Value = getattr(figures, part)
    return {key: count for key, count in value.items() if count} if isinstance(value, dict) else value
