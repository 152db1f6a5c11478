"""A pull as a whole: what the first one brings, what a quiet one costs, what dies in the middle and goes on."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sqdash import periods
from sqdash.jobs import pull_posts, sources, tokens
from sqdash.secret import Secret
from tests.fake_graph import BENCHMARK_ID, PAGE_ID
from tests.jobs.pulling import (
    NEWEST,
    PAGE_DAYS,
    START,
    UNKNOWN_OF_POSTS,
    Desk,
    desk,
    settings,
    true_days,
    true_figures,
    true_posts,
)
from tests.making import is_one_sentence

Copy = Callable[[str], Path]


def holds_the_truth(at: Desk, first: date, newest: date) -> None:
    """Every row of the page is as the world says it is now."""
    assert at.rows("posts") == true_posts(at.world)
    assert at.figures() == {post.id: true_figures(at.world, post.id) for post in at.world.truth.posts()}
    for measure in PAGE_DAYS:
        assert at.days(measure) == true_days(at.world, measure, first, newest), measure


# --- the first pull


def test_a_first_pull_brings_all_that_there_is(at: Desk) -> None:
    done = at.pull()
    assert (done.state, done.error, done.retries) == ("done", None, 0)
    holds_the_truth(at, NEWEST - timedelta(days=729), NEWEST)
    assert len(at.days("followers")) == 730
    (page,) = at.rows("pages")
    said = {"page_id": PAGE_ID, "kind": "own", "label": "示範分局", "url": "https://www.facebook.com/example.branch"}
    assert page == dict.fromkeys(page) | said


def test_counts_of_today_stand_under_taipeis_day(at: Desk) -> None:
    at.pull()
    today = START.astimezone(periods.TAIPEI).date()
    assert at.days("fans", "Asia/Taipei") == {today: at.world.truth.fans()}
    assert at.days("followers", "Asia/Taipei") == {today: at.world.truth.followers()}
    assert at.days("fans") == {}  # Meta has no history of fans any more


def test_nothing_is_drawn_from_what_is_not_given(at: Desk) -> None:
    at.pull()
    rows = at.rows("snapshots")
    assert {row[name] for row in rows for name in UNKNOWN_OF_POSTS} == {None}
    assert {row["measure"] for row in at.rows("page_days")} == {*PAGE_DAYS, "fans"}


def test_zeros_and_posts_without_shares_are_0(at: Desk) -> None:
    at.pull()
    figures = at.figures()
    for name in ("shares", "comments", "likes"):
        zeros = [post.id for post in at.world.truth.posts() if getattr(at.world.truth.figures(post.id), name) == 0]
        assert zeros, name
        assert {figures[post][name] for post in zeros} == {0}
    quiet = [day for day, value in true_days(at.world, "interactions", date(2024, 11, 23), NEWEST).items() if not value]
    assert quiet
    assert {at.days("interactions")[day] for day in quiet} == {0}


@pytest.mark.parametrize(
    "start", [datetime(2026, 3, 12, 4, tzinfo=UTC), datetime(2026, 11, 5, 4, tzinfo=UTC)], ids=["spring", "autumn"]
)
def test_the_days_of_a_change_of_the_clocks_are_there_once(copy: Copy, start: datetime) -> None:
    with desk(copy("empty"), start=start, posts=3) as at:
        assert at.pull().state == "done"
        for measure in ("views", "followers"):
            newest = start.astimezone(periods.PACIFIC).date() - timedelta(days=1)
            assert at.days(measure) == true_days(at.world, measure, newest - timedelta(days=729), newest)


def test_a_run_is_written_down(at: Desk) -> None:
    done = at.pull()
    (run,) = at.runs()
    assert (run["state"], run["calls"], run["batch"]) == ("done", done.calls, done.batch)
    assert run["calls"] == at.server.calls
    assert (run["asked_version"], run["answered_version"], run["kind"], run["error"]) == ("v25.0", "v25.0", None, None)
    assert [part["part"] for part in run["parts"]] == ["page", "token", *["days"] * 9, "posts"]
    assert sum(part["added"] for part in run["parts"]) == done.added
    assert at.ask("SELECT added FROM imports WHERE batch = ?", done.batch) == [done.added]


def test_progress_is_told_part_by_part(at: Desk) -> None:
    told: list[tuple[str, int]] = []
    done = at.pull(progress=lambda part, number: told.append((part, number)))
    assert [number for _, number in told] == list(range(1, len(done.parts) + 1))
    assert [told[0][0], told[1][0], told[2][0], told[-1][0]] == ["專頁人數", "權杖狀態", "每日數據", "貼文"]


def test_since_bounds_the_list_of_posts(at: Desk) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    at.pull(since=start)
    wanted = {post.id for post in at.world.truth.posts() if post.created >= start.timestamp()}
    assert {row["post_id"] for row in at.rows("posts")} == wanted
    assert 0 < len(wanted) < 60
    at.later(minutes=30)
    at.pull()  # the list was never read whole
    assert len(at.rows("posts")) == 60


@pytest.mark.parametrize(
    ("start", "covered"),
    [
        (datetime(2026, 6, 1, tzinfo=periods.TAIPEI), "2026-06-01"),
        (datetime(2026, 6, 1, 0, 0, 1, tzinfo=periods.TAIPEI), "2026-06-02"),
        (datetime(2026, 5, 31, 16, tzinfo=UTC), "2026-06-01"),
    ],
)
def test_since_covers_from_the_first_day_that_was_listed_whole(at: Desk, start: datetime, covered: str) -> None:
    at.pull(since=start)
    assert at.ask("SELECT day_from || '..' || day_to FROM coverage") == [f"{covered}..2026-11-23"]


def test_a_version_that_is_over_is_said(at: Desk) -> None:
    at.server.scenarios.on("older_version", version="v22.0")
    done = at.pull()
    assert done.state == "done"
    assert len(done.notes) == 1
    assert "v22.0" in done.notes[0]
    assert is_one_sentence(done.notes[0])


# --- a quiet one


@pytest.mark.parametrize("posts", [120, 2000])
def test_a_quiet_pull_costs_few_calls_however_many_posts(copy: Copy, posts: int) -> None:
    with desk(copy("empty"), posts=posts, new_post_every=10**9) as at:
        at.pull()
        at.later(hours=13)
        calls = at.server.calls
        assert at.pull().state == "done"
        assert at.server.calls - calls <= 12


def test_a_pull_that_finds_nothing_new_makes_no_revision(at: Desk) -> None:
    at.pull()
    revision, rows = at.revision(), at.contents()
    at.clock.move(1800)  # the world stands still
    done = at.pull()
    assert (done.state, done.added, done.changed) == ("done", 0, 0)
    assert at.contents() == rows
    assert at.revision() == revision


def test_a_young_post_that_stands_still_costs_no_new_row(at: Desk) -> None:
    at.pull()
    rows = len(at.rows("snapshots"))
    for _ in range(3):
        at.clock.move(1800)
        assert at.pull().state == "done"
    assert len(at.rows("snapshots")) == rows


def test_new_and_changed_posts_come_with_the_next_pull(at: Desk) -> None:
    at.pull()
    at.later(days=4)
    at.pull()
    assert at.rows("posts") == true_posts(at.world)
    assert len(at.rows("posts")) > 60


# --- several pages


def test_of_a_benchmark_page_only_public_counts_are_asked(at: Desk) -> None:
    done = at.pull(BENCHMARK_ID, kind="benchmark", public=True)
    assert (done.state, done.calls, len(done.parts)) == ("done", 1, 1)
    assert [(row["page_id"], row["kind"]) for row in at.rows("pages")] == [(BENCHMARK_ID, "benchmark")]
    assert {row["measure"]: row["value"] for row in at.rows("page_days")} == {
        "fans": at.world.truth.fans(BENCHMARK_ID),
        "followers": at.world.truth.followers(BENCHMARK_ID),
    }
    assert at.rows("posts") == []


def test_a_page_that_does_not_exist_fails_with_a_sentence(at: Desk) -> None:
    done = at.pull("999")
    assert (done.state, done.kind, done.parts) == ("failed", "DeadObject", [])
    assert is_one_sentence(done.error)
    assert at.runs("999")[0]["state"] == "failed"


# --- what dies in the middle


@pytest.mark.parametrize("after", [1, 2, 6, 10, 11, 12])
def test_a_token_that_dies_half_way_loses_nothing(copy: Copy, after: int) -> None:
    store = copy("empty")
    with desk(store) as at:
        at.server.scenarios.on("token_expired", after=after)
        died = at.pull()
        assert (died.state, died.kind) == ("failed", "TokenError")
        assert died.error is not None
        assert "過期" in died.error
        calls = at.server.calls
        assert at.runs()[0]["state"] == "failed"
        if after > 3:
            assert at.days("views")  # what came before stays
        at.server.scenarios.clear()
        assert at.pull().state == "done"
        holds_the_truth(at, NEWEST - timedelta(days=729), NEWEST)
        assert at.server.calls <= 2 * 13
        assert calls == after + 1


def test_a_dead_token_stops_everything_at_once(at: Desk) -> None:
    at.world.tokens.clear()
    done = at.pull()
    assert (done.state, done.kind, done.parts) == ("failed", "TokenError", [])
    assert at.server.calls == done.calls <= 2


@pytest.mark.parametrize("after", [0, 1, 5, 11])
def test_at_a_limit_a_run_ends_with_the_time_to_resume(copy: Copy, after: int) -> None:
    with desk(copy("empty")) as at:
        at.server.scenarios.on("page_limit", regain=19, after=after)
        done = at.pull()
        assert (done.state, done.kind, done.resume_at) == ("limited", "LimitReached", "2026-11-24T04:19:00+00:00")
        assert done.calls == after + 1
        (run,) = at.runs()
        assert (run["state"], run["resume_at"]) == ("limited", "2026-11-24T04:19:00+00:00")


def test_a_passing_fault_costs_a_wait_and_no_row(at: Desk) -> None:
    at.server.scenarios.on("server_error", once=True)
    done = at.pull()
    assert (done.state, done.retries) == ("done", 1)
    assert done.waited > 0
    holds_the_truth(at, NEWEST - timedelta(days=729), NEWEST)


def test_insights_that_stay_away_do_not_keep_posts_away(at: Desk) -> None:
    at.server.scenarios.on("server_error", edge="page_insights")
    done = at.pull()
    assert (done.state, done.kind) == ("partly", "Transient")
    assert is_one_sentence(done.error)
    assert at.rows("posts") == true_posts(at.world)
    at.server.scenarios.clear()
    at.pull()
    holds_the_truth(at, NEWEST - timedelta(days=729), NEWEST)


def test_a_list_that_turns_in_a_circle_is_a_part_that_failed(at: Desk) -> None:
    at.server.scenarios.on("repeated_cursor")
    done = at.pull()
    assert done.state == "partly"
    assert done.parts[-1]["state"] == "error"
    assert is_one_sentence(done.parts[-1]["detail"])
    at.server.scenarios.clear()
    at.pull()
    holds_the_truth(at, NEWEST - timedelta(days=729), NEWEST)


def test_a_crash_marks_the_run_and_is_not_swallowed(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(pull_posts, "listed", crash)
    with pytest.raises(RuntimeError):
        at.pull()
    assert at.runs()[0]["state"] == "broken"
    assert at.days("views")
    monkeypatch.undo()
    assert at.pull().state == "done"
    holds_the_truth(at, NEWEST - timedelta(days=729), NEWEST)


def test_a_broken_run_does_not_bar_a_clock_that_was_set_back(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(pull_posts, "listed", killed)
    monkeypatch.setattr("sqdash.jobs.pull_record.Record.end", killed)
    with pytest.raises(RuntimeError):
        at.pull()
    monkeypatch.undo()
    assert at.runs()[0]["state"] == "running"
    at.clock.moment -= timedelta(hours=2)
    assert at.pull().state == "done"
    assert [run["state"] for run in at.runs()] == ["done", "broken"]


def test_an_app_that_meta_does_not_take_is_not_taken_for_a_dead_token(copy: Copy) -> None:
    with desk(copy("empty"), posts=5, app_secret="s3cret") as at:
        given = settings(at.server, app_id="123456", app_secret=Secret("s3cret"))
        (done,) = sources.pull_all(at.store, given, by="x", clock=at.clock)
        assert done.state == "partly"
        (token,) = [part for part in done.parts if part["part"] == "token"]
        assert token["state"] == "error"
        assert "SQDASH_GRAPH_APP_ID" in str(token["detail"])
        assert is_one_sentence(token["detail"])
        assert len(at.rows("posts")) == 5


# --- our clock


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(901, "慢 15 分鐘"), (-901, "快 15 分鐘"), (-7200, "快 2 小時"), (400 * 86_400, "慢 400 天")],
)
def test_with_a_clock_that_is_wrong_nothing_is_pulled(at: Desk, ahead: int, words: str) -> None:
    at.server.scenarios.on("dated", seconds=ahead)
    done = at.pull()
    assert (done.state, done.kind, at.server.calls) == ("failed", "ClockWrong", 1)
    assert done.error == f"本機的時鐘比 Meta {words}，擷取的數據會記錯日期，這次沒有擷取，請先校正本機的時間。"
    assert is_one_sentence(done.error)
    (run,) = at.runs()
    assert (run["state"], run["error"], run["parts"]) == ("failed", done.error, [])
    assert at.rows("page_days") == at.rows("posts") == []


@pytest.mark.parametrize("ahead", [900, -900, 0])
def test_a_clock_that_is_a_little_off_is_good_enough(copy: Copy, ahead: int) -> None:
    with desk(copy("empty"), posts=1) as at:
        at.server.scenarios.on("dated", seconds=ahead)
        assert at.pull().state == "done"


def test_a_number_that_meta_answers_with_another_page_brings_nothing_and_says_which(at: Desk) -> None:
    at.pull()
    at.world.pages["99"] = at.world.page  # as a number that was given up for another, which goes on answering
    before, revision = at.contents(), at.revision()
    done = at.pull("99")
    assert (done.state, done.kind, done.batch) == ("failed", "GraphSetup", None)
    assert done.error == f"編號 99 是專頁 {PAGE_ID} 的另一個名稱，請改用 {PAGE_ID} 設定專頁與權杖。"
    assert (at.contents(), at.revision()) == (before, revision)


def test_a_token_that_was_replaced_by_hand_is_looked_at_in_the_next_run(at: Desk) -> None:
    file = tokens.keep(at.store, PAGE_ID, at.world.token)
    os.utime(file, times=(START.timestamp(), START.timestamp()))

    def looked() -> bool:
        at.later(hours=1)
        return "token" in [part["part"] for part in at.pull().parts]

    assert [looked(), looked()] == [True, False]
    at.later(minutes=1)
    now = at.clock.now().timestamp()
    os.utime(file, times=(now, now))
    assert [looked(), looked()] == [True, False]
