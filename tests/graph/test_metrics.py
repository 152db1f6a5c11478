"""Names of metrics are data: which to ask now follows from dates and from what was found out before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sqdash.graph.metrics import CANDIDATES, Known, Level, wanted
from sqdash.tables import MEASURES, POST_MEASURES
from tests.graph.clocks import START

WEEK = timedelta(days=7)


def names(level: Level, statuses: dict[tuple[str, str], Known] | None = None, now: datetime = START) -> list[str]:
    return [candidate.metric for candidate in wanted(level, statuses or {}, now)]


def test_measures_are_ours_and_never_metas_names() -> None:
    ours = {"page": {name for name, _ in MEASURES}, "post": {name for name, _ in POST_MEASURES}}
    for candidate in CANDIDATES:
        assert candidate.measure in ours[candidate.level]
        assert candidate.metric not in ours[candidate.level]


def test_every_page_measure_has_a_candidate_but_clicks_on_links_which_meta_does_not_count_for_a_page() -> None:
    """``page_total_actions`` counts the button, not links: it is another figure."""
    assert {c.measure for c in CANDIDATES if c.level == "page"} == {name for name, _ in MEASURES} - {"link_clicks"}


def test_no_metric_stands_for_two_measures() -> None:
    keys = [(candidate.metric, candidate.period) for candidate in CANDIDATES]
    assert len(keys) == len(set(keys))


def test_a_measure_counted_in_two_ways_says_so() -> None:
    definitions = {candidate.metric: candidate.definition for candidate in CANDIDATES}
    assert definitions["page_daily_follows_unique"] != definitions["page_daily_follows"]
    assert definitions["page_impressions_unique"] == "reach"
    assert definitions["page_total_media_view_unique"] == "viewers"
    assert definitions["page_media_view"] == "views"
    assert definitions["page_impressions"] == "impressions"


def test_after_june_2026_the_old_names_are_not_asked() -> None:
    assert names("post") == ["post_total_media_view_unique", "post_media_view", "post_clicks"]
    assert names("page") == [
        "page_follows",
        "page_daily_follows_unique",
        "page_daily_unfollows_unique",
        "page_total_media_view_unique",
        "page_media_view",
        "page_post_engagements",
        "page_views_total",
        "page_video_views",
    ]


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        (datetime(2025, 11, 15, 7, 59, tzinfo=UTC), {"page_fans", "page_impressions", "page_impressions_unique"}),
        (datetime(2025, 11, 15, 8, 0, tzinfo=UTC), {"page_impressions_unique"}),
        (datetime(2026, 6, 15, 6, 59, tzinfo=UTC), {"page_impressions_unique"}),
        (datetime(2026, 6, 15, 7, 0, tzinfo=UTC), set()),
    ],
)
def test_a_name_is_asked_until_its_last_pacific_day(now: datetime, asked: set[str]) -> None:
    old = {"page_fans", "page_impressions", "page_impressions_unique"}
    assert old & set(names("page", now=now)) == asked


@pytest.mark.parametrize("status", ["not_served", "not_permitted"])
def test_a_refused_metric_gives_way_to_the_next(status: str) -> None:
    statuses = {("post_clicks", "lifetime"): Known(status, START - timedelta(days=6))}  # type: ignore[arg-type]
    assert [n for n in names("post", statuses) if "click" in n] == ["post_clicks_by_type"]


@pytest.mark.parametrize("status", ["ok", "empty", "error"])
def test_any_other_status_keeps_it(status: str) -> None:
    statuses = {("post_clicks", "lifetime"): Known(status, START)}  # type: ignore[arg-type]
    assert [n for n in names("post", statuses) if "click" in n] == ["post_clicks"]


def test_a_metric_that_is_silent_for_14_days_is_asked_besides_its_stand_in() -> None:
    def asked(since: datetime) -> list[str]:
        return [n for n in names("post", {("post_clicks", "lifetime"): Known("empty", START, since)}) if "click" in n]

    assert asked(START - 2 * WEEK) == ["post_clicks", "post_clicks_by_type"]
    assert asked(START - 2 * WEEK + timedelta(seconds=1)) == ["post_clicks"]
    assert asked(START + timedelta(days=1)) == ["post_clicks"]  # noted by a clock that was ahead


def test_after_a_week_the_refused_one_is_asked_besides_its_stand_in() -> None:
    statuses = {("post_clicks", "lifetime"): Known("not_served", START - WEEK)}
    assert [n for n in names("post", statuses) if "click" in n] == ["post_clicks", "post_clicks_by_type"]


def test_a_refusal_noted_by_a_clock_ahead_of_time_does_not_hold() -> None:
    statuses = {("post_clicks", "lifetime"): Known("not_served", START + timedelta(days=1))}
    assert "post_clicks" in names("post", statuses)


def test_when_every_candidate_is_refused_the_measure_is_not_asked() -> None:
    dead = Known("not_served", START)
    statuses = {("post_clicks", "lifetime"): dead, ("post_clicks_by_type", "lifetime"): dead}
    assert [n for n in names("post", statuses) if "click" in n] == []


def test_a_status_of_another_period_says_nothing() -> None:
    assert "post_clicks" in names("post", {("post_clicks", "day"): Known("not_served", START)})
