"""Names of Meta's metrics as data: for each of our measures the candidates in order of preference.

Names, periods and the days of removal are those of Meta's insights reference and deprecation notices as of 2026,
checked against public probes; lists are hints, and what Graph answers decides. Meta's counts are never joined under
one measure: views are not impressions, viewers are not reach. A candidate's ``definition`` says how a figure is
counted, so that another one under the same measure is a visible break.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqdash.graph.answers import Status
from sqdash.periods import PACIFIC

Level = Literal["page", "post"]
Shape = Literal["number", "sum_of_dict"]
Shown = Literal[Status, "stale"]
"""A status as it is told: ``stale`` is worked out then."""
LIFETIME = "lifetime"
"""The period of what is counted over a post's whole life, as Graph names it."""
PROBE_AGAIN = timedelta(days=7)
"""After so long a refused metric is asked again: what is refused today may be served tomorrow."""
SILENT = timedelta(days=14)
"""A metric that answers without values for so long no longer keeps the next one from its measure."""
_NOVEMBER_2025, _JUNE_2026 = date(2025, 11, 15), date(2026, 6, 15)
_REFUSED = frozenset({"not_served", "not_permitted"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of Meta's metrics for one of our measures.

    ``period`` as Graph names it; ``until`` is the first day on which Meta no longer serves it, ``since`` the first on
    which it did (None: not known). ``shape`` is how its values come.
    """

    measure: str
    level: Level
    metric: str
    period: str
    definition: str
    since: date | None = None
    until: date | None = None
    shape: Shape = "number"


@dataclass(frozen=True, slots=True)
class Known:
    """What was last found out about a metric: ``since`` when it has been so, ``checked_at`` when last asked (UTC)."""

    status: Status
    checked_at: datetime
    since: datetime | None = None


def _page(measure: str, metric: str, definition: str = "", until: date | None = None) -> Candidate:
    return Candidate(measure, "page", metric, "day", definition or measure, until=until)


def _post(
    measure: str, metric: str, definition: str = "", until: date | None = None, shape: Shape = "number"
) -> Candidate:
    return Candidate(measure, "post", metric, LIFETIME, definition or measure, until=until, shape=shape)


CANDIDATES: tuple[Candidate, ...] = (
    _page("fans", "page_fans", until=_NOVEMBER_2025),
    _page("followers", "page_follows"),
    _page("new_followers", "page_daily_follows_unique", "new_followers_unique"),
    _page("new_followers", "page_daily_follows"),
    _page("lost_followers", "page_daily_unfollows_unique", "lost_followers_unique"),
    _page("reach", "page_impressions_unique", until=_JUNE_2026),
    _page("viewers", "page_total_media_view_unique"),
    _page("impressions", "page_impressions", until=_NOVEMBER_2025),
    _page("views", "page_media_view"),
    _page("interactions", "page_post_engagements"),
    _page("page_visits", "page_views_total"),
    _page("video_views", "page_video_views"),
    _post("reach", "post_impressions_unique", until=_JUNE_2026),
    _post("viewers", "post_total_media_view_unique"),
    _post("impressions", "post_impressions", until=_NOVEMBER_2025),
    _post("views", "post_media_view"),
    _post("clicks", "post_clicks"),
    _post("clicks", "post_clicks_by_type", shape="sum_of_dict"),
)
SUMS = frozenset(candidate.metric for candidate in CANDIDATES if candidate.shape == "sum_of_dict")
"""Metrics whose values are dicts of numbers to be added up."""


def wanted(level: Level, statuses: Mapping[tuple[str, str], Known], now: datetime) -> tuple[Candidate, ...]:
    """What to ask now: per measure the first candidate that is not known to be dead.

    ``statuses`` by (metric, period). A refused one that is due to be probed is asked again besides the one that stands
    in for it, so that no day is lost to the probe; so is a silent one. One past its ``until`` is not asked: it
    died for every page.
    """
    chosen: list[Candidate] = []
    served: set[str] = set()
    today = now.astimezone(PACIFIC).date()
    for candidate in CANDIDATES:
        if candidate.level != level or candidate.measure in served or (candidate.until and today >= candidate.until):
            continue
        known = statuses.get((candidate.metric, candidate.period))
        dead = known is not None and refused(known.status)
        if not dead and not (known and silent(known, now)):
            served.add(candidate.measure)
        if known is None or not dead or _due(known, now):
            chosen.append(candidate)
    return tuple(chosen)


def ended(level: Level, now: datetime) -> tuple[Candidate, ...]:
    """What Meta no longer serves to any page: it is not asked for."""
    today = now.astimezone(PACIFIC).date()
    return tuple(c for c in CANDIDATES if c.level == level and c.until and today >= c.until)


def refused(status: str) -> bool:
    """Whether Graph said that it does not give the metric."""
    return status in _REFUSED


def silent(known: Known, now: datetime) -> bool:
    """Whether it has been answered without values for :data:`SILENT`."""
    return known.status == "empty" and known.since is not None and now - known.since >= SILENT


def _due(known: Known, now: datetime) -> bool:
    """A week has gone by; a check that lies in the future was made by a wrong clock."""
    return not timedelta(0) <= now - known.checked_at < PROBE_AGAIN
