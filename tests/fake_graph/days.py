"""What happened on a page on each US Pacific day, and what insights show of it when.

A day's values appear ``LAG`` after it closes, are a sixteenth too low at first, and are put right ``REVISED`` later.
Totals of followers and fans are counted, not estimated, and are right at once.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from tests.fake_graph.clocks import midnight, pacific_day
from tests.fake_graph.metrics import REACTION_KEYS, Metric

HOUR = 3600
LAG = 20 * HOUR
REVISED = 48 * HOUR
HISTORY_DAYS = 730
LENGTHS = {"day": 1, "week": 7, "days_28": 28}
ONLY_SPLIT = {"is_from_ads": "ads", "is_from_followers": "followers_share"}

Value = int | dict[str, int]
Day = Mapping[str, int]
"""All figures of a day, final; those of ``reactions.like`` … by their own names."""
BEFORE = 3 * 365
"""How many days a page has behind it at its start."""


class PageDays:
    """The days of one page from :data:`BEFORE` its start, made as far as they are asked for."""

    def __init__(self, page_id: str, seed: int, start: int, *, fans: int, followers: int) -> None:
        self.first = pacific_day(start) - timedelta(days=BEFORE)
        self._lock = threading.Lock()
        days, state = _before(page_id, seed, fans, followers)
        self._days, self._rng = list(days), random.Random()  # noqa: S311 - seeded, no secret
        self._rng.setstate(state)

    def day(self, day: date) -> Day:
        """That day; KeyError for one before the first."""
        n = (day - self.first).days
        if n < 0:
            raise KeyError(day)
        if n >= len(self._days):
            with self._lock:
                self._grow(n + 1)
        return self._days[n]

    def level(self, part: str, at: int) -> int:
        """Fans or followers at a second: those of the evening before and the day's share of the change."""
        today = pacific_day(at)
        begin, end = midnight(today), midnight(today + timedelta(days=1))
        before, after = (self.day(day)[part] for day in (today - timedelta(days=1), today))
        return before + int((after - before) * (at - begin) / (end - begin))

    def final(self, metric: Metric, day: date, period: str = "day", split: str = "", part: str = "") -> Value:
        """The value at rest of the period that ends with this day; of one part of a split when named."""
        if metric.kind == "level":
            return self.day(day)[metric.part]
        length = LENGTHS[period]
        span = [self.day(day - timedelta(days=n)) for n in range(length)]
        if metric.kind == "dict":
            return {key: span[0][f"reactions.{key}"] for key in REACTION_KEYS.values() if span[0][f"reactions.{key}"]}
        values = [one[metric.part] for one in span]
        total = sum(values) if metric.kind == "sum" or length == 1 else max(max(values), int(sum(values) * 0.6))
        if not split:
            return total
        inside = total * span[0][ONLY_SPLIT[split]] // 100
        return inside if part == "1" else total - inside

    def shown(
        self, metric: Metric, day: date, at: int, period: str = "day", split: str = "", part: str = ""
    ) -> Value | None:
        """What insights would say at that second; None while, or since when, they say nothing of that day."""
        closes = midnight(day + timedelta(days=1))
        if at < closes + LAG or (pacific_day(at) - day).days > HISTORY_DAYS:
            return None
        value = self.final(metric, day, period, split, part)
        if metric.kind == "level" or at >= closes + LAG + REVISED:
            return value
        if isinstance(value, dict):
            return {key: low for key, full in value.items() if (low := full - full // 16)}
        return value - value // 16

    def _grow(self, count: int) -> None:
        while len(self._days) < count:
            self._days.append(_next(self._rng, self._days[-1]))


@lru_cache(maxsize=32)
def _before(page_id: str, seed: int, fans: int, followers: int) -> tuple[tuple[Day, ...], tuple[Any, ...]]:
    """The days until a page's start, when it has so many, and where the chances of the later ones go on; most worlds
    have the same."""
    rng = random.Random(f"{seed}-days-{page_id}")  # noqa: S311 - seeded, no secret
    days: list[dict[str, int]] = []
    while len(days) < BEFORE:
        days.append(_next(rng, days[-1] if days else {"fans": 0, "followers": 0}))
    lift_fans, lift_followers = fans - days[-1]["fans"], followers - days[-1]["followers"]
    for day in days:
        day["fans"] += lift_fans
        day["followers"] += lift_followers
    return tuple(days), rng.getstate()


def _next(rng: random.Random, before: Day) -> dict[str, int]:
    quiet = rng.random() < 0.05
    follows, unfollows = rng.randint(0, 14), rng.choice((0, 0, 0, 1, 2, 3))
    viewers = rng.randint(200, 1500)
    likes = 0 if quiet else rng.randint(5, 120)
    rare = {key: rng.randint(0, 4) for key in list(REACTION_KEYS.values())[1:]}
    return {
        "follows": follows,
        "unfollows": unfollows,
        "followers": before["followers"] + follows - unfollows,
        "fans": before["fans"] + max(0, follows - 2) - unfollows,
        "viewers": viewers,
        "views": int(viewers * 1.7),
        "reach": int(viewers * 0.93),
        "impressions": int(viewers * 1.5),
        "engagements": 0 if quiet else likes * 2 + rng.randint(0, 60),
        "visits": rng.randint(5, 90),
        "actions": 0 if quiet else rng.randint(0, 9),
        "video_views": 0 if quiet else rng.randint(0, 300),
        "video_viewers": 0 if quiet else rng.randint(0, 120),
        "ads": rng.choice((0, 0, 10, 30)),  # per cent of views
        "followers_share": rng.randint(20, 60),
        "reactions.like": likes,
        **{f"reactions.{key}": 0 if quiet else value for key, value in rare.items()},
    }
