"""Insights of a page and of a post, by Graph's rules of names, periods, windows, splits and paging.

``quirks`` are the oddities switched on for this one call (scenarios.py): they change what is given, never the truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.fake_graph.clocks import graph_time, midnight, pacific_day
from tests.fake_graph.days import LAG, Value
from tests.fake_graph.errors import DEAD_METRIC, NO_METRIC, PERMISSION_BY_100, Refused, bad_parameter
from tests.fake_graph.metrics import PAGE_METRICS, PERIODS, POST_METRICS, Metric
from tests.fake_graph.posts import Figures, Post
from tests.fake_graph.world import Page, World, post_value

MOST_SECONDS = 8_035_200  # 93 days
DAY = 86_400
HISTORY_UNPUBLISHED = 5 * DAY
PRESETS = {"today": (0, 1), "yesterday": (1, 0), "last_7d": (7, 0), "last_28d": (28, 0), "last_90d": (90, 0)}
Quirks = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Asked:
    """What an insights call asks for, read from its parameters; ``since`` and ``until`` in Unix seconds."""

    metrics: tuple[str, ...]
    period: str | None
    since: int
    until: int
    split: str | None = None
    quirks: Quirks = field(default_factory=dict)

    def hidden(self, name: str) -> bool:
        left_out = self.quirks.get("metric_left_out")
        return left_out is not None and left_out.get("metric") == name


def read(query: Mapping[str, str], now: int, quirks: Quirks) -> Asked:
    """Raises Refused for what Graph refuses before it looks at the object."""
    metrics = tuple(name for name in query.get("metric", "").replace(" ", "").strip("[]").split(",") if name)
    if not metrics:
        raise Refused(NO_METRIC)
    period = query.get("period")
    if period is not None and period not in PERIODS:
        raise Refused(bad_parameter(f"period must be one of the following values: {', '.join(PERIODS)}"))
    since, until = _window(query, now)
    if since > until:
        raise Refused(bad_parameter("since param must be less than until"))
    if until - since > MOST_SECONDS:
        text = "There cannot be more than 93 days (8035200 s) between since and until"
        raise Refused(bad_parameter(text))
    return Asked(tuple(name.strip("'\"") for name in metrics), period, since, until, query.get("breakdown"), quirks)


def _window(query: Mapping[str, str], now: int) -> tuple[int, int]:
    today = pacific_day(now)
    preset = query.get("date_preset")
    if preset in PRESETS:
        back, ahead = PRESETS[preset]
        return midnight(today - timedelta(days=back)), midnight(today + timedelta(days=ahead))
    if "since" not in query and "until" not in query:  # the two newest days that are there
        newest = pacific_day(now - LAG)
        return midnight(newest - timedelta(days=2)), midnight(newest)
    until = moment(query["until"]) if "until" in query else midnight(today)
    return (moment(query["since"]) if "since" in query else until - 2 * DAY), until


def moment(text: str) -> int:
    """Unix seconds, or a date (midnight in US Pacific), or an ISO moment."""
    if text.lstrip("-").isdigit():
        return int(text)
    try:
        if len(text) == 10:
            return midnight(date.fromisoformat(text))
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(bad_parameter(f"Invalid date: {text}")) from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())


def page_series(world: World, page: Page, asked: Asked) -> list[dict[str, Any]]:
    """The ``data`` of a page's insights; one bad name refuses all."""
    if not page.own:
        raise Refused(PERMISSION_BY_100)
    metrics = _known(world, asked, PAGE_METRICS)
    now = world.now
    series = []
    for metric in metrics:
        for period in metric.periods if asked.period is None else (asked.period,) * (asked.period in metric.periods):
            values = list(_page_values(page, metric, period, asked, now))
            if values:
                series.append(_series(metric.name, period, values, page.id))
    return [] if "insights_empty" in asked.quirks else series


def post_series(world: World, post: Post, figures: Figures, asked: Asked) -> list[dict[str, Any]]:
    """The ``data`` of a post's insights; only the lifetime period exists."""
    metrics = _known(world, asked, POST_METRICS)
    if "insights_empty" in asked.quirks or asked.period not in (None, "lifetime"):
        return []
    series = []
    for metric in metrics:
        value = post_value(figures, metric.part)
        values: list[dict[str, Any]] = [{"value": _bent(value, asked.quirks)}]
        if asked.split and isinstance(value, int):
            values = [{"value": share, asked.split: key} for key, share in _halves(value, asked.quirks)]
        series.append(_series(metric.name, "lifetime", values, post.id))
    return series


def _known(world: World, asked: Asked, catalogue: Mapping[str, Metric]) -> list[Metric]:
    today = datetime.fromtimestamp(world.now, UTC).date()
    found = []
    for name in dict.fromkeys(asked.metrics):
        metric = catalogue.get(name)
        if metric is None or not metric.served(today) or name in world.gone_metrics:
            raise Refused(DEAD_METRIC)
        if asked.split and asked.split not in metric.splits:
            raise Refused(bad_parameter(f"breakdown {asked.split} is not supported for {name}"))
        if not asked.hidden(name):
            found.append(metric)
    return found


def _page_values(page: Page, metric: Metric, period: str, asked: Asked, now: int) -> Iterator[dict[str, Any]]:
    absent = asked.quirks.get("newest_day_absent")
    late = absent is not None and absent["metric"] in (None, metric.name)
    seen_at = now - DAY * absent.get("days", 1) if absent is not None and late else now
    for day in _days(asked):
        closed = midnight(day + timedelta(days=1))
        if closed + LAG > seen_at or (not page.is_published and now - closed > HISTORY_UNPUBLISHED):
            continue
        end = graph_time(closed)
        if not asked.split:
            value = page.days.shown(metric, day, now, period)
            if value is not None:
                yield {"value": _bent(value, asked.quirks), "end_time": end}
            continue
        for part in _parts(asked.quirks):
            value = page.days.shown(metric, day, now, period, asked.split, part)
            if value:
                yield {"value": _bent(value, asked.quirks), "end_time": end, asked.split: part}


def _days(asked: Asked) -> Iterator[date]:
    """The Pacific days whose end lies in (since, until]."""
    day = pacific_day(asked.since)
    while (end := midnight(day + timedelta(days=1))) <= asked.until:
        if end > asked.since:
            yield day
        day += timedelta(days=1)


def _parts(quirks: Quirks) -> tuple[str, ...]:
    missing = quirks.get("breakdown_part_missing")
    return ("0", "1") if missing is None else tuple(part for part in ("0", "1") if part != missing.get("part", "1"))


def _halves(value: int, quirks: Quirks) -> Iterator[tuple[str, int]]:
    for part in _parts(quirks):
        share = value // 5 if part == "1" else value - value // 5
        if share:
            yield part, share


def _bent(value: Value, quirks: Quirks) -> Value:
    if not quirks:
        return value
    if isinstance(value, dict):
        return {} if "insights_empty_dict" in quirks or "insights_zero" in quirks else value
    if "insights_zero" in quirks:
        return 0
    revised = quirks.get("values_revised")
    return value + revised.get("by", 3) if revised is not None else value


def _series(name: str, period: str, values: list[dict[str, Any]], owner: str) -> dict[str, Any]:
    words = name.replace("_", " ").capitalize()
    title = f"Lifetime {words}" if name == "page_follows" else words
    ident = f"{owner}/insights/{name}/{period}"
    return {"name": name, "period": period, "values": values, "title": title, "description": words, "id": ident}
