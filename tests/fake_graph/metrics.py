"""Which insights metrics exist, for what, in which periods, from which figure, and since when each is gone.

Removal dates and periods are those of Meta's deprecation pages and of public probes of 2026; a name that is not
here, or is gone by the world's clock, answers code 100 in every version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["sum", "unique", "level", "dict"]
ALL = ("day", "week", "days_28")
DAY = ("day",)
LIFETIME = ("lifetime",)
PERIODS = (*ALL, "month", "lifetime", "total_over_range")
SPLITS = ("is_from_ads", "is_from_followers")
REACTION_KEYS = {"LIKE": "like", "LOVE": "love", "WOW": "wow", "HAHA": "haha", "SAD": "sorry", "ANGRY": "anger"}

MARCH_2024, SEPTEMBER_2024 = date(2024, 3, 14), date(2024, 9, 16)
NOVEMBER_2025, JUNE_2026 = date(2025, 11, 15), date(2026, 6, 15)


@dataclass(frozen=True, slots=True)
class Metric:
    """``part`` names the figure of a day or post it shows; ``gone`` is the first day without it."""

    name: str
    part: str
    kind: Kind
    periods: tuple[str, ...] = ALL
    gone: date | None = None
    splits: tuple[str, ...] = ()

    def served(self, today: date) -> bool:
        return self.gone is None or today < self.gone


def _by_name(*metrics: Metric) -> dict[str, Metric]:
    return {metric.name: metric for metric in metrics}


def _dead(gone: date, part: str, kind: Kind, *names: str, periods: tuple[str, ...] = ALL) -> tuple[Metric, ...]:
    return tuple(Metric(name, part, kind, periods, gone) for name in names)


PAGE_METRICS = _by_name(
    Metric("page_follows", "followers", "level", DAY),
    Metric("page_daily_follows_unique", "follows", "unique"),
    Metric("page_daily_unfollows_unique", "unfollows", "unique"),
    Metric("page_daily_follows", "follows", "sum", DAY),
    Metric("page_daily_unfollows", "unfollows", "sum", DAY),
    Metric("page_media_view", "views", "sum", splits=SPLITS),
    Metric("page_total_media_view_unique", "viewers", "unique", splits=SPLITS),
    Metric("page_post_engagements", "engagements", "sum"),
    Metric("page_views_total", "visits", "sum"),
    Metric("page_total_actions", "actions", "sum"),
    Metric("page_video_views", "video_views", "sum"),
    Metric("page_video_views_unique", "video_viewers", "unique"),
    Metric("page_actions_post_reactions_total", "reactions", "dict", DAY),
    *(Metric(f"page_actions_post_reactions_{key}_total", f"reactions.{key}", "sum") for key in REACTION_KEYS.values()),
    *_dead(JUNE_2026, "reach", "unique", "page_impressions_unique", "page_posts_impressions_unique"),
    *_dead(JUNE_2026, "impressions", "sum", "page_posts_impressions"),
    *_dead(NOVEMBER_2025, "impressions", "sum", "page_impressions", "page_impressions_nonviral"),
    *_dead(NOVEMBER_2025, "actions", "sum", "page_impressions_paid", "page_impressions_viral"),
    *_dead(NOVEMBER_2025, "fans", "level", "page_fans", periods=DAY),
    *_dead(NOVEMBER_2025, "follows", "sum", "page_fan_adds", "page_fan_adds_unique"),
    *_dead(NOVEMBER_2025, "unfollows", "sum", "page_fan_removes", "page_fan_removes_unique"),
    *_dead(SEPTEMBER_2024, "actions", "unique", "page_consumptions_unique"),
    *_dead(MARCH_2024, "engagements", "unique", "page_engaged_users"),
    *_dead(MARCH_2024, "actions", "sum", "page_consumptions"),
    *_dead(MARCH_2024, "reactions", "dict", "page_fans_gender_age", periods=DAY),
)

POST_METRICS = _by_name(
    Metric("post_media_view", "views", "sum", LIFETIME, splits=SPLITS),
    Metric("post_total_media_view_unique", "viewers", "unique", LIFETIME, splits=SPLITS),
    Metric("post_clicks", "clicks", "sum", LIFETIME),
    Metric("post_clicks_by_type", "clicks_by_type", "dict", LIFETIME),
    Metric("post_reactions_by_type_total", "reactions", "dict", LIFETIME),
    *(Metric(f"post_reactions_{key}_total", f"reactions.{key}", "sum", LIFETIME) for key in REACTION_KEYS.values()),
    Metric("post_activity_by_action_type", "activity", "dict", LIFETIME),
    Metric("post_video_views", "video_views", "sum", LIFETIME),
    *_dead(JUNE_2026, "reach", "unique", "post_impressions_unique", periods=LIFETIME),
    *_dead(NOVEMBER_2025, "impressions", "sum", "post_impressions", periods=LIFETIME),
    *_dead(SEPTEMBER_2024, "clicks", "unique", "post_engaged_users", periods=LIFETIME),
)
