"""The posts of one page: made from a seed, growing with age, with new ones appearing as the clock goes on."""

from __future__ import annotations

import random
import threading
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from tests.fake_graph.metrics import REACTION_KEYS
from tests.fake_graph.texts import message

DAY = 86_400
SETTLED = 28 * DAY
EDITED_AFTER = 2 * DAY
FIRST_NUMBER = 900_000_000_000_001
BIG_NUMBER = 9_007_199_254_740_993  # 2**53 + 1: as a float it is its neighbour
KINDS = (("photo", 5), ("video", 2), ("link", 2), ("text", 1), ("event", 1), ("album", 1))


@dataclass(frozen=True, slots=True)
class Figures:
    """What a post had at one moment; ``comments`` counts replies too, ``top_comments`` does not."""

    reactions: Mapping[str, int]  # by type as in the field: LIKE, LOVE …
    comments: int
    top_comments: int
    shares: int
    views: int
    viewers: int
    impressions: int
    reach: int
    video_views: int
    clicks_by_type: Mapping[str, int]

    @property
    def likes(self) -> int:
        return self.reactions["LIKE"]

    @property
    def all_reactions(self) -> int:
        return sum(self.reactions.values())

    @property
    def clicks(self) -> int:
        return sum(self.clicks_by_type.values())

    @property
    def activity(self) -> dict[str, int]:
        return {"share": self.shares, "like": self.all_reactions, "comment": self.comments}

    def scaled(self, share: float) -> Figures:
        """The same post earlier in its life; order between figures (viewers ≤ views) is kept."""
        grown = {name: int(getattr(self, name) * share) for name in PLAIN}
        return Figures(
            reactions={key: int(value * share) for key, value in self.reactions.items()},
            clicks_by_type={key: int(value * share) for key, value in self.clicks_by_type.items()},
            **grown,
        )

    def lifted(self, by: int) -> Figures:
        """With ``by`` more likes, and views with them, one more comment for every fifth."""
        more = {"views": 7 * by, "viewers": 5 * by, "impressions": 7 * by, "reach": 5 * by, "comments": by // 5}
        return Figures(
            reactions={**self.reactions, "LIKE": self.reactions["LIKE"] + by},
            clicks_by_type=self.clicks_by_type,
            **{name: getattr(self, name) + more.get(name, 0) for name in PLAIN},
        )


PLAIN = ("comments", "top_comments", "shares", "views", "viewers", "impressions", "reach", "video_views")


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it was made; ``created`` and ``edited`` are Unix seconds, ``final`` its figures after 28 days."""

    id: str
    created: int
    kind: str
    text: str | None
    edited: int | None
    owner: str  # the number in its permalink, which may not be the page's
    final: Figures

    @property
    def number(self) -> str:
        return self.id.partition("_")[2]

    @property
    def permalink(self) -> str:
        return f"https://www.facebook.com/{self.owner}/posts/{self.number}"

    def text_at(self, at: int) -> str | None:
        if self.edited is not None and at >= self.edited:
            return f"{self.text}(更新)"
        return self.text

    def updated_at(self, at: int) -> int:
        return self.edited if self.edited is not None and at >= self.edited else self.created


class Posts:
    """All posts of a page, oldest first. ``every`` is the mean of seconds between two new ones.

    ``pulse`` (seconds) makes the figures of the newest posts move each so many seconds, to be seen in a live pull;
    without it they grow for 28 days and stay.
    """

    def __init__(self, page_id: str, seed: int, count: int, start: int, *, every: int, pulse: float | None) -> None:
        self.page_id, self.start, self.pulse, self.every = page_id, start, pulse, every
        self.all: list[Post] = []
        self.created: list[int] = []
        self.index: dict[str, int] = {}
        self.deleted: set[str] = set()
        self._rng = random.Random(f"{seed}-posts-{page_id}")  # noqa: S311 - seeded, no secret
        self._lock = threading.Lock()
        span = max(730, count // 3) * DAY
        step = span / max(1, count)
        for n in range(count):
            drawn = int(start - span + (n + self._rng.random()) * step)
            self._add(self.created[-1] if n % 97 == 96 else drawn)  # now and then two posts share a second
        self._next = start + int(every * self._rng.uniform(0.5, 1.5))

    def advance(self, now: int) -> None:
        """Let the posts appear whose time has come."""
        if now < self._next:
            return
        with self._lock:
            while now >= self._next:
                self._add(self._next)
                self._next += int(self.every * self._rng.uniform(0.5, 1.5)) or 1

    def count_at(self, now: int) -> int:
        """How many had been published by then."""
        return bisect_right(self.created, now)

    def figures(self, post: Post, at: int) -> Figures:
        """What the post had at that second."""
        left = 1 - min(max(at - post.created, 0), SETTLED) / SETTLED
        figures = post.final if left == 0 else post.final.scaled(1 - left**3)
        if self.pulse and post.created >= self.start - 2 * DAY:
            return figures.lifted(int(max(0, at - max(post.created, self.start)) / self.pulse))
        return figures

    def settled(self, post: Post, at: int) -> bool:
        """Whether its answer will never change again."""
        return at - post.created >= SETTLED and not (self.pulse and post.created >= self.start - 2 * DAY)

    def _add(self, created: int) -> None:
        rng, n = self._rng, len(self.all)
        number = (BIG_NUMBER if n % 2 else FIRST_NUMBER) + n
        text = message(rng)
        kind = rng.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
        edited = created + EDITED_AFTER if text is not None and rng.random() < 0.05 else None
        owner = "111222333" if rng.random() < 0.3 else self.page_id
        post = Post(f"{self.page_id}_{number}", created, kind, text, edited, owner, _figures(rng, kind))
        self.index[post.id] = n
        self.created.append(created)
        self.all.append(post)


def _figures(rng: random.Random, kind: str) -> Figures:
    likes = int(rng.lognormvariate(4, 0.7)) if rng.random() > 0.03 else 0
    others = {key: int(likes * rng.random() * 0.08) for key in list(REACTION_KEYS)[1:]}
    comments, shares = int(likes * rng.random() * 0.2), int(likes * max(0.0, rng.random() - 0.3) * 0.15)
    viewers = likes * 9 + rng.randint(0, 400)
    return Figures(
        reactions={"LIKE": likes, **others},
        comments=comments,
        top_comments=comments - comments // 3,
        shares=shares,
        views=int(viewers * 1.6) + shares,
        viewers=viewers,
        impressions=int(viewers * 1.4),
        reach=int(viewers * 0.94),
        video_views=int(viewers * 0.4) if kind == "video" else 0,
        clicks_by_type={
            "link clicks": likes // 3 if kind == "link" else 0,
            "photo view": likes // 2 if kind in ("photo", "album") else 0,
            "other clicks": rng.randint(0, 30),
        },
    )
