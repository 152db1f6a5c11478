"""How things stand with a page: sources against their rules, what Meta does not give, where a source changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sqdash.jobs import page_state, tokens
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from sqdash.store.pulls import MetricState
from tests.fake_graph import BENCHMARK_ID, PAGE_ID
from tests.jobs.pulling import START, Desk
from tests.making import put, row

ENDED = {page_state.STATUS["until"]}
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
OK = MetricState(
    "page_media_view", "day", "views", "ok", "2026-11-01T00:00:00+00:00", NOW.isoformat(), NOW.isoformat(),
    "2026-01-01", "2026-11-22",
)  # fmt: skip


def test_the_default_page_comes_first_then_those_with_tokens_then_the_stores(at: Desk) -> None:
    put(at.store, "pages", row("pages", page_id=BENCHMARK_ID, kind="benchmark", label="標竿"))
    tokens.keep(at.store, "777", "EAA")
    found = page_state.pages(at.store, GraphSettings(page_id=PAGE_ID, token_text=Secret("EAA")))
    assert found == {PAGE_ID: f"專頁 {PAGE_ID}", "777": "專頁 777", BENCHMARK_ID: "標竿"}
    assert page_state.pages(Path(at.store), GraphSettings(page_id="my.page")) == {
        "777": "專頁 777",
        BENCHMARK_ID: "標竿",
    }


def test_counts_of_a_page_that_is_pulled_are_due_each_day(at: Desk) -> None:
    newest = [
        {"measure": "fans", "day_zone": "Asia/Taipei", "day": "2026-11-22", "file_name": "a.csv", "by": "甲"},
        {"measure": "fans", "day_zone": "America/Los_Angeles", "day": "2026-11-24", "file_name": "b", "by": "乙"},
    ]
    fans, followers = page_state.counts(newest, NOW, pulled=True)
    assert (fans.fresh.word, fans.newest, fans.brought_by) == ("已 2 天未更新", "115/11/22", "a.csv（甲）")
    assert (followers.fresh.word, followers.newest) == ("尚無資料", "—")
    assert page_state.counts(newest, NOW, pulled=False)[0].fresh.word == "2 天前更新"


def test_after_a_pull_every_served_measure_has_its_line(at: Desk) -> None:
    at.pull()
    found = page_state.facts(at.store, PAGE_ID, 10)
    assert (found["kind"], len(found["runs"]), found["gone"]) == ("own", 1, [])
    assert page_state.listed(found["read"], timedelta(minutes=30), NOW).level == "fresh"
    late = page_state.listed(found["read"], timedelta(minutes=30), NOW + timedelta(hours=2))
    assert late.word == "已 2 小時未更新"


def test_refused_metrics_say_since_when_and_when_they_are_tried_again() -> None:
    gone = replace(OK, metric="page_video_views", measure="video_views", status="not_served", detail="Meta 不提供。")
    broken = replace(OK, metric="page_views_total", measure="page_visits", status="error")
    found = {one.metric: one for one in page_state.unserved([OK, gone, broken], NOW)}
    assert found["page_video_views"] == page_state.Unserved(
        "影片觀看", "page_video_views", "✖ Meta 停供", "115/11/01", "115/12/01 12:00", "Meta 不提供。"
    )
    assert (found["page_views_total"].status, found["page_views_total"].again) == ("◑ 讀取時出錯", "每次擷取")
    assert "page_media_view" not in found


def test_a_metric_whose_newest_day_is_too_old_for_its_source_is_stale_on_the_screen_and_as_json(at: Desk) -> None:
    at.server.scenarios.on("newest_day_absent", days=3, metric="page_media_view")
    done = at.pull()
    states = page_state.facts(at.store, PAGE_ID, 1)["states"]
    told = {one["metric"]: one for one in done.as_json["metrics"]}
    assert told.keys() == {state.metric for state in states}
    since = START.isoformat()
    assert told["page_media_view"] == {
        "metric": "page_media_view", "period": "day", "measure": "views", "status": "stale", "since": since,
        "checked_at": since, "newest": "2026-11-19", "detail": None,
    }  # fmt: skip
    over = {"post_impressions", "post_impressions_unique"}
    assert {told[name]["status"] for name in over} == {"not_served"}
    assert {one["status"] for name, one in told.items() if name not in {"page_media_view", *over}} == {"ok"}
    (shown,) = (one for one in page_state.unserved(states, NOW) if one.status not in ENDED)
    assert shown == page_state.Unserved("瀏覽次數", "page_media_view", "◐ 沒有新數值", "115/11/20", "每次擷取", "")
    assert at.states()["page_media_view"].status == "ok"


def test_a_metric_that_nobody_asked_for_lately_is_not_said_to_be_stale() -> None:
    """That no pull was made is no fault of the metric."""
    assert page_state.unserved([OK], NOW + timedelta(days=90)) == page_state.unserved([], NOW + timedelta(days=90))


def test_refused_metrics_in_a_run_as_json(at: Desk) -> None:
    at.world.gone_metrics.add("page_video_views")
    told = {one["metric"]: one for one in at.pull().as_json["metrics"]}["page_video_views"]
    assert (told["status"], told["newest"]) == ("not_served", None)
    assert "page_video_views" in told["detail"]


def test_what_meta_ended_for_everybody_is_told_from_its_day_on() -> None:
    ended = {one.metric: one.since for one in page_state.unserved([], NOW)}
    assert ended["page_impressions_unique"] == "115/06/15"
    assert ended["page_fans"] == "114/11/15"
    before = {one.metric for one in page_state.unserved([], datetime(2026, 1, 1, tzinfo=UTC))}
    assert "page_impressions_unique" not in before
    assert "page_fans" in before


def test_what_meta_ended_for_everybody_is_said_once_and_never_to_be_tried_again(at: Desk) -> None:
    at.pull()
    found = page_state.unserved(list(at.states().values()), NOW)
    shown = [one for one in found if one.metric == "post_impressions_unique"]
    assert [(one.status, one.since, one.again) for one in shown] == [(page_state.STATUS["until"], "115/06/15", "—")]


@pytest.mark.parametrize("status", ["ok", "error", "not_permitted", "not_served"])
def test_what_meta_ended_is_never_to_be_tried_again_however_it_stood_before(status: str) -> None:
    stood = replace(OK, metric="page_impressions", measure="impressions", status=status)
    found = [one for one in page_state.unserved([stood], NOW) if one.metric == "page_impressions"]
    assert [(one.status, one.since, one.again) for one in found] == [(page_state.STATUS["until"], "114/11/15", "—")]


ENDED_DAYS = {"粉絲人數（Meta 日）", "觸及人數", "曝光次數"}


@pytest.mark.parametrize(
    ("metric", "measure", "label"),
    [("page_follows", "followers", "追蹤人數（Meta 日）"), ("page_video_views", "video_views", "影片觀看")],
)
def test_days_of_what_is_refused_are_not_waited_for(metric: str, measure: str, label: str) -> None:
    stood = replace(OK, metric=metric, measure=measure)
    assert page_state.given_up([stood], NOW) == ENDED_DAYS
    assert page_state.given_up([replace(stood, status="not_permitted")], NOW) == ENDED_DAYS | {label}


def test_days_of_what_another_metric_still_gives_are_waited_for() -> None:
    new = replace(OK, metric="page_daily_follows_unique", measure="new_followers", status="not_served")
    assert page_state.given_up([new], NOW) == ENDED_DAYS | {"新增追蹤"}
    assert page_state.given_up([new, replace(new, metric="page_daily_follows", status="ok")], NOW) == ENDED_DAYS


def test_a_post_metric_that_is_refused_says_nothing_of_the_pages_days() -> None:
    post = replace(OK, metric="post_media_view", period="lifetime", status="not_permitted")
    assert page_state.given_up([OK, post], NOW) == ENDED_DAYS


def test_another_metric_behind_a_measure_is_a_break() -> None:
    unique, plain = "page_daily_follows_unique", "page_daily_follows"
    feeds = {
        ("day", "new_followers"): [("2024-11-24", unique), ("2026-07-01", plain)],
        ("day", "views"): [("2024-11-24", "page_media_view")],
    }
    assert [one.sentence for one in page_state.breaks(feeds)] == [
        "「新增追蹤」自 115/07/01 起改取自 page_daily_follows，"
        "之前為 page_daily_follows_unique，算法不同，不可相接比較。"
    ]
