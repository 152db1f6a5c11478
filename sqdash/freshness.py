"""How new something is, as a word with an icon and a level: pure rules over days and moments.

Each source has its own rule. Knows no store and no screen; colours belong to the palette.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Level = Literal["fresh", "aging", "stale", "none"]
"""New by its rule; older but in order; too old; nothing there at all."""
ICONS: dict[Level, str] = {"fresh": "●", "aging": "◐", "stale": "⚠", "none": "○"}
FIGURE_DAYS = 7
"""A figure that arrives day by day counts as stale after so many days."""
SNAPSHOT_DAYS = 1
"""Fans and followers are counted each Taipei day; until the day's first pull yesterday's count is in order."""
META_LAG_DAYS = 2
"""Meta's newest whole Pacific day is yesterday; two days behind it are normal."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The word for people and how good it is."""

    level: Level
    word: str

    @property
    def text(self) -> str:
        """Icon and word, where no colour can be."""
        return f"{ICONS[self.level]} {self.word}"


NOTHING = Freshness("none", "尚無資料")


def of_day(newest: date | None, today: date, late_after: int) -> Freshness:
    """Age of a Taipei day in days; more than ``late_after`` of them are too many. A day to come counts as today."""
    if newest is None:
        return NOTHING
    age = max(0, (today - newest).days)
    if age > late_after:
        return Freshness("stale", f"已 {age:,} 天未更新")
    if age == 0:
        return Freshness("fresh", "今天更新")
    return Freshness("aging" if age > 1 or late_after <= 1 else "fresh", "昨天更新" if age == 1 else f"{age} 天前更新")


def of_meta_day(newest: date | None, pacific_today: date) -> Freshness:
    """Age of Meta's newest Pacific day against yesterday, the newest whole one."""
    if newest is None:
        return NOTHING
    behind = max(0, (pacific_today - timedelta(days=1) - newest).days)
    if behind > META_LAG_DAYS:
        return Freshness("stale", f"已落後 {behind:,} 天")
    return Freshness("fresh", "已到最新一日" if behind == 0 else f"落後 {behind} 天，屬正常")


def of_moment(at: datetime | None, now: datetime, late_after: timedelta) -> Freshness:
    """Age of a moment; longer than ``late_after`` is too long. A moment to come counts as now."""
    if at is None:
        return NOTHING
    age = max(timedelta(0), now - at)
    if age > late_after:
        return Freshness("stale", f"已 {span(age)}未更新")
    return Freshness("fresh", "剛剛更新" if age < timedelta(minutes=1) else f"{span(age)}前更新")


def span(age: timedelta) -> str:
    """About how long, in the largest unit that fits: 5 分鐘, 3 小時, 12 天."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} 分鐘"
    return f"{minutes // 60} 小時" if minutes < 48 * 60 else f"{minutes // 1440:,} 天"


def worst(found: list[Freshness]) -> Freshness:
    """The one that needs looking at first; :data:`NOTHING` of none."""
    order: tuple[Level, ...] = ("stale", "aging", "fresh", "none")
    return min(found, key=lambda one: order.index(one.level), default=NOTHING)
