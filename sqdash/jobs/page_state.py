"""How things stand with one page: which pages there are, how new each source is, what Meta does not give and why.

Times are judged against each source's own rule; see :mod:`sqdash.freshness`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqdash import formats, freshness, periods
from sqdash.freshness import Freshness
from sqdash.graph import metrics
from sqdash.jobs import metric_states, tokens
from sqdash.settings import GraphSettings
from sqdash.store import database
from sqdash.store.pulls import MetricState
from sqdash.store.queries import page_sources
from sqdash.store.queries import pulls as queries
from sqdash.tables import MEASURES, POST_MEASURES

USUAL = timedelta(minutes=30)
"""How often pages are pulled where no process at intervals says otherwise."""
STATUS = {
    "not_served": "✖ Meta 停供",
    "not_permitted": "✖ 權杖沒有權限",
    "error": "◑ 讀取時出錯",
    "stale": "◐ 沒有新數值",
    "until": "✖ Meta 已對所有專頁停供",
}
"""Why a metric gives nothing, as people read it."""
Newest = Sequence[Mapping[str, Any]]


def pages(store: Path, settings: GraphSettings) -> dict[str, str]:
    """Page id → name of the pages that Facebook can know, the default page first."""
    with database.reading(store) as connection:
        known = {page: name for page, _, name in queries.pages(connection)}
    first = [settings.page_id] if settings.page_id and settings.page_id.isdecimal() else []
    return {
        page: known.get(page, formats.nameless_page(page))
        for page in dict.fromkeys([*first, *tokens.pages(store), *known])
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One source: how new it is, its newest day or moment in words, and what brought it; ``day`` is that day."""

    label: str
    fresh: Freshness
    newest: str
    brought_by: str = ""
    metric: str = ""
    day: date | None = None


def measure_label(measure: str, zone: str = "", *, post: bool = False) -> str:
    """Our word for a measure; Meta's days of what is also counted by Taipei days say so."""
    label = dict(POST_MEASURES if post else MEASURES).get(measure, measure)
    return f"{label}（Meta 日）" if zone == periods.PACIFIC.key and measure in ("fans", "followers") else label


def counts(newest: Newest, now: datetime, *, pulled: bool) -> list[Line]:
    """Fans and followers as counted each Taipei day; of a page that is not pulled, as files bring them."""
    today = now.astimezone(periods.TAIPEI).date()
    late = freshness.SNAPSHOT_DAYS if pulled else freshness.FIGURE_DAYS
    by_measure = {row["measure"]: row for row in newest if row["day_zone"] == periods.TAIPEI.key}
    found = []
    for measure in ("fans", "followers"):
        row = by_measure.get(measure)
        day = date.fromisoformat(row["day"]) if row else None
        fresh = freshness.of_day(day, today, late)
        found.append(Line(measure_label(measure), fresh, periods.roc_day(day) if day else "—", _who(row)))
    return found


def meta_days(newest: Newest, states: Iterable[MetricState], now: datetime) -> list[Line]:
    """Each measure of Meta's Pacific days that was ever served or brought by a file."""
    today = now.astimezone(periods.PACIFIC).date()
    served: dict[str, str] = {}
    for state in sorted(states, key=lambda s: s.filled_to or ""):
        if state.period == "day" and state.status in ("ok", "empty"):
            served[state.measure] = state.metric
    by_measure = {row["measure"]: row for row in newest if row["day_zone"] == periods.PACIFIC.key}
    lines = []
    for measure, _ in MEASURES:
        row = by_measure.get(measure)
        if row is None and measure not in served:
            continue
        day = date.fromisoformat(row["day"]) if row else None
        text = periods.roc_day(day) if day else "—"
        fresh = freshness.of_meta_day(day, today)
        label = measure_label(measure, periods.PACIFIC.key)
        lines.append(Line(label, fresh, text, _who(row), served.get(measure, ""), day))
    return lines


def _who(row: Mapping[str, Any] | None) -> str:
    return f"{row['file_name']}（{row['by']}）" if row else ""


@dataclass(frozen=True, slots=True)
class Unserved:
    """A metric that gives nothing: since when, and when it is tried again: a moment, each run or never (—)."""

    label: str
    metric: str
    status: str
    since: str
    again: str
    why: str


def given_up(states: Sequence[MetricState], now: datetime) -> set[str]:
    """The labels of :func:`meta_days` of which no new day is to be waited for: all that Meta had of the measure is
    ended or refused."""
    over = {one.metric for one in metrics.ended("page", now)}
    days = [state for state in states if state.period == "day" and state.metric not in over]
    refused = {state.measure for state in days if metric_states.shown(state) in STATUS}
    served = {state.measure for state in days if metric_states.shown(state) not in STATUS}
    ended = {one.measure for one in metrics.CANDIDATES if one.metric in over}
    return {measure_label(measure, periods.PACIFIC.key) for measure in (ended | refused) - served}


def unserved(states: Sequence[MetricState], now: datetime) -> list[Unserved]:
    """What Meta does not give: what was refused, what has no new days, and what Meta ended for everybody."""
    over = {one.metric for level in ("page", "post") for one in metrics.ended(level, now)}
    given_by_none = [
        (state, STATUS[told])
        for state in states
        if (told := metric_states.shown(state)) in STATUS and state.metric not in over
    ]
    found = [
        Unserved(
            _called(state.measure, post=state.period == metrics.LIFETIME),
            state.metric,
            word,
            periods.roc_day(_not_since(state)),
            _again(state),
            state.detail or "",
        )
        for state, word in given_by_none
    ]
    return found + [
        Unserved(
            _called(candidate.measure, post=candidate.level == "post"),
            candidate.metric,
            STATUS["until"],
            periods.roc_day(candidate.until),
            "—",
            "",
        )
        for candidate in metrics.CANDIDATES
        if candidate.until and candidate.metric in over
    ]


def _called(measure: str, *, post: bool) -> str:
    """A measure where those of the page and of posts stand in one list: both have a reach."""
    return f"貼文{measure_label(measure, post=True)}" if post else measure_label(measure)


def _again(state: MetricState) -> str:
    if not metrics.refused(state.status) or state.metric in metric_states.FIELDS:
        return "每次擷取"
    return periods.roc_moment(datetime.fromisoformat(state.checked_at) + metrics.PROBE_AGAIN)


def _not_since(state: MetricState) -> date:
    """The first day without a figure: Meta's day after the newest, or the day on which it was found out."""
    if state.filled_to and metric_states.shown(state) == "stale":
        return date.fromisoformat(state.filled_to) + timedelta(days=1)
    return datetime.fromisoformat(state.since).astimezone(periods.TAIPEI).date()


def lacking(runs: Sequence[Mapping[str, Any]]) -> str:
    """What Meta left out of its answers to the newest run that read any, or that another version gave them; else
    nothing."""
    read = next((run for run in runs if run["state"] in ("done", "partly")), None)
    return next((part["detail"] for part in (read["parts"] if read else ()) if part["part"] == "answers"), "")


@dataclass(frozen=True, slots=True)
class Break:
    """Another metric of Meta's behind the same measure: before and after are not to be joined."""

    label: str
    before: str
    after: str
    since: str

    @property
    def sentence(self) -> str:
        """For people."""
        return f"「{self.label}」自 {self.since} 起改取自 {self.after}，之前為 {self.before}，算法不同，不可相接比較。"


def breaks(feeds: Mapping[tuple[str, str], Sequence[tuple[str, str]]]) -> list[Break]:
    """Where the metric behind a measure changed, each measure's in the order of time; ``feeds`` as the store has it."""
    return [
        Break(
            measure_label(measure, post=period == metrics.LIFETIME),
            before,
            after,
            periods.roc_day(date.fromisoformat(day)),
        )
        for (period, measure), named in feeds.items()
        for (_, before), (day, after) in pairwise(named)
    ]


def listed(read: Mapping[str, Any], every: timedelta, now: datetime) -> Freshness:
    """When the page's posts were last listed, against twice the interval."""
    at = read["listed_at"]
    return freshness.of_moment(datetime.fromisoformat(at) if at else None, now, 2 * every)


def facts(store: Path, page_id: str, runs: int) -> dict[str, Any]:
    """What pulls noted of a page, in one read: ``kind``, ``states``, ``feeds``, ``read``, ``runs`` (newest first),
    ``gone``."""
    with database.reading(store) as connection:
        known = page_sources.label(connection, page_id)
        return {
            "kind": known[0] if known else None,
            "states": queries.states(connection, page_id),
            "feeds": queries.feeds(connection, page_id),
            "read": queries.page_read(connection, page_id),
            "runs": queries.runs(connection, page_id, runs),
            "gone": queries.gone(connection, page_id, 50),
        }
