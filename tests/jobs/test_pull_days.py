"""Meta's days: revised and late ones, gaps, windows; metrics that die, come back or are not for us."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from sqdash import periods
from sqdash.graph.insights import midnight
from sqdash.store.queries import pulls as queries
from tests.fake_graph import PAGE_ID
from tests.jobs.pulling import NEWEST, PAGE_DAYS, Desk, desk, true_days
from tests.making import looking

Copy = Callable[[str], Path]
FIRST = NEWEST - timedelta(days=729)
UNIQUE, PLAIN = "page_daily_follows_unique", "page_daily_follows"


def newest(at: Desk) -> date:
    """The last whole Pacific day by the job's clock."""
    return at.clock.now().astimezone(periods.PACIFIC).date() - timedelta(days=1)


def is_true(at: Desk, measure: str) -> None:
    """Every day that Meta shows is there as it is; days that Meta has forgotten meanwhile may be there too."""
    shown, got = true_days(at.world, measure, FIRST, newest(at)), at.days(measure)
    assert {day: got.get(day) for day in shown} == shown, measure
    assert all(day < min(shown) for day in set(got) - set(shown)), measure


def windows(at: Desk, since: int = 0) -> list[tuple[str, int, int]]:
    """(metrics, since, until) of the insights calls of the page."""
    return [
        (seen.query["metric"], int(seen.query["since"]), int(seen.query["until"]))
        for seen in at.server.requests_seen[since:]
        if seen.path.endswith("/insights") and "_" not in seen.path.split("/")[2]
    ]


# --- values that move


def test_values_that_meta_puts_right_are_put_right(at: Desk) -> None:
    at.pull()
    low = at.days("views")[NEWEST]
    assert low < at.world.truth.page_day_final("page_media_view", NEWEST)
    at.later(days=3)
    at.pull()
    assert at.days("views")[NEWEST] == at.world.truth.page_day_final("page_media_view", NEWEST)


def test_a_day_before_the_look_back_is_left_as_it_is(at: Desk) -> None:
    at.pull()
    at.server.scenarios.on("values_revised", by=1000)
    at.clock.move(60)
    at.pull()
    before, after = true_days(at.world, "views", FIRST, NEWEST), at.days("views")
    moved = {day for day, value in after.items() if value != before[day]}
    assert moved == {NEWEST - timedelta(days=n) for n in range(7)}
    assert {after[day] - before[day] for day in moved} == {1000}


def test_a_newest_day_that_is_late_comes_when_it_is_there(at: Desk) -> None:
    at.server.scenarios.on("newest_day_absent", days=2)
    assert at.pull().state == "done"
    assert max(at.days("views")) == NEWEST - timedelta(days=2)
    at.server.scenarios.clear()
    at.later(hours=6)
    at.pull()
    is_true(at, "views")


@pytest.mark.parametrize("away", [2, 20, 200])
def test_after_days_without_a_pull_nothing_is_missing_or_stale(at: Desk, away: int) -> None:
    """Also what was not final, or not there, when it was read last."""
    at.server.scenarios.on("newest_day_absent", days=2)
    at.pull()
    at.server.scenarios.clear()
    at.later(days=away)
    assert at.pull().state == "done"
    for measure in PAGE_DAYS:
        is_true(at, measure)


def test_days_of_two_years_ago_stay_when_meta_forgets_them(at: Desk) -> None:
    at.pull()
    old = at.days("views")[FIRST]
    at.later(days=40)
    at.pull()
    assert at.days("views")[FIRST] == old
    assert len(at.days("views")) == 770


# --- windows


def test_the_history_is_asked_for_in_windows_on_pacific_midnights(at: Desk) -> None:
    at.pull()
    asked = windows(at)
    midnights = {midnight(FIRST + timedelta(days=n)) for n in range(732)}
    assert {edge for _, since, until in asked for edge in (since, until)} <= midnights
    assert max(until - since for _, since, until in asked) <= 90 * 86_400 + 3600
    spans = sorted((since, until) for _, since, until in asked)
    assert [until for _, until in spans[:-1]] == [since for since, _ in spans[1:]]
    assert (spans[0][0], spans[-1][1]) == (midnight(FIRST), midnight(NEWEST + timedelta(days=1)))


def test_a_run_that_died_goes_on_where_it_stopped(at: Desk) -> None:
    at.server.scenarios.on("token_expired", after=5)
    at.pull()
    at.server.scenarios.clear()
    seen = len(at.server.requests_seen)
    at.pull()
    before, after = windows(at)[:-1], windows(at, seen)
    asked_before = {(since, until) for _, since, until in windows(at) if (_, since, until) not in after}
    assert len(asked_before) >= 4
    assert len(before) + 1 == len(windows(at))
    assert not asked_before & {(since, until) for _, since, until in after[1:]}
    is_true(at, "views")


# --- metrics that are refused


def test_a_metric_that_dies_keeps_its_rows_and_says_since_when(at: Desk) -> None:
    at.pull()
    before = at.days("views")
    at.world.gone_metrics.add("page_media_view")
    at.later(days=1)
    done = at.pull()
    died = at.clock.now().isoformat(timespec="seconds")
    assert done.state == "done"
    assert at.days("views") == before
    assert 0 not in set(at.days("views").values()) - set(before.values())
    state = at.states()["page_media_view"]
    assert (state.status, state.since, state.checked_at) == ("not_served", died, died)
    assert state.ok_at == "2026-11-24T04:00:00+00:00"
    assert state.detail is not None
    assert "page_media_view" in state.detail
    for measure in set(PAGE_DAYS) - {"views"}:
        is_true(at, measure)


def test_a_dead_metric_is_asked_again_after_a_week_and_not_before(at: Desk) -> None:
    at.pull()
    at.world.gone_metrics.add("page_media_view")
    at.later(days=1)
    at.pull()
    since = at.states()["page_media_view"].since
    seen = len(at.server.requests_seen)
    at.later(days=6)
    at.pull()
    assert all("page_media_view" not in metrics.split(",") for metrics, *_ in windows(at, seen))
    at.later(days=1)
    at.pull()
    assert any("page_media_view" in metrics.split(",") for metrics, *_ in windows(at, seen))
    state = at.states()["page_media_view"]
    assert (state.status, state.since) == ("not_served", since)
    assert state.checked_at == at.clock.now().isoformat(timespec="seconds")


def test_a_metric_that_comes_back_fills_its_gap(at: Desk) -> None:
    at.pull()
    at.world.gone_metrics.add("page_media_view")
    at.later(days=1)
    at.pull()
    at.world.gone_metrics.clear()
    at.later(days=25)
    at.pull()
    at.later(hours=1)
    at.pull()
    assert at.states()["page_media_view"].status == "ok"
    is_true(at, "views")


def test_one_metric_that_the_token_may_not_read_spoils_no_other(at: Desk) -> None:
    at.server.scenarios.on("metric_refused", metric="page_views_total")
    assert at.pull().state == "done"
    assert at.states()["page_views_total"].status == "not_permitted"
    assert at.days("page_visits") == {}
    for measure in set(PAGE_DAYS) - {"page_visits"}:
        is_true(at, measure)


def test_a_metric_left_out_without_a_word_is_empty_and_not_0(at: Desk) -> None:
    at.server.scenarios.on("metric_left_out", metric="page_views_total")
    assert at.pull().state == "done"
    assert at.states()["page_views_total"].status == "empty"
    assert at.days("page_visits") == {}


def test_a_metric_that_was_left_out_once_is_whole_when_it_is_there(at: Desk) -> None:
    at.server.scenarios.on("metric_left_out", metric="page_views_total")
    at.pull()
    assert at.days("page_visits") == {}
    at.server.scenarios.clear()
    for _ in range(2):
        at.later(hours=1)
        at.pull()
    assert at.days("page_visits") == true_days(at.world, "page_visits", FIRST, newest(at)) != {}


def test_answers_without_any_day_are_made_good_later(at: Desk) -> None:
    at.server.scenarios.on("insights_empty")
    at.pull()
    assert at.days("views") == {}
    at.server.scenarios.clear()
    for _ in range(2):
        at.later(hours=1)
        at.pull()
    for measure in PAGE_DAYS:
        is_true(at, measure)


def test_no_insights_at_all_is_said_of_every_metric(at: Desk) -> None:
    at.world.tokens[at.world.token].scopes.discard("read_insights")
    done = at.pull()
    assert done.state == "done"
    page_metrics = [state for state in at.states().values() if state.period == "day"]
    assert {state.status for state in page_metrics} == {"not_permitted"}
    assert {row["day_zone"] for row in at.rows("page_days")} == {"Asia/Taipei"}
    assert len(at.rows("posts")) == 60


# --- metrics that fall silent

VIEWS = "page_media_view"


def spans_of(at: Desk, metric: str, since: int) -> list[int]:
    """Of how many days the metric was asked, call by call."""
    return [round((until - begun) / 86_400) for names, begun, until in windows(at, since) if metric in names.split(",")]


def run_after(at: Desk, **span: float) -> list[int]:
    """A run after so long: the spans of days that were asked of the views."""
    at.later(**span)
    seen = len(at.server.requests_seen)
    assert at.pull().state == "done"
    return spans_of(at, VIEWS, seen)


def silence(at: Desk, metric: str) -> None:
    """One pull while the metric serves, one a day later when it does no more."""
    at.pull()
    at.server.scenarios.on("metric_left_out", metric=metric)
    at.later(days=1)
    at.pull()


def test_a_metric_that_stays_silent_is_asked_for_the_newest_days_and_weekly_for_all(at: Desk) -> None:
    silence(at, VIEWS)
    assert set(run_after(at, days=13)) == {7 + 14}
    assert set(run_after(at, days=1)) == {7 + 15}
    assert set(run_after(at, hours=1)) == {7}
    assert set(run_after(at, days=6, hours=22)) == {7}
    assert set(run_after(at, hours=1)) == {7 + 22}
    assert at.states()[VIEWS].status == "empty"


def test_however_long_a_metric_is_silent_a_quiet_run_costs_the_same(at: Desk) -> None:
    silence(at, VIEWS)
    costs = []
    for _ in range(3):
        at.later(days=120)
        at.pull()
        at.later(minutes=30)
        calls = at.server.calls
        at.pull()
        costs.append(at.server.calls - calls)
    assert max(costs[1:]) <= costs[0] <= 12


def test_when_a_silent_metric_speaks_again_all_its_days_come(at: Desk) -> None:
    silence(at, VIEWS)
    run_after(at, days=30)
    at.server.scenarios.clear()
    run_after(at, hours=1)
    assert at.states()[VIEWS].status == "ok"
    is_true(at, "views")


def test_days_that_come_late_come_while_the_newest_stay_away(at: Desk) -> None:
    silence(at, VIEWS)
    run_after(at, days=30)
    at.server.scenarios.clear()
    at.server.scenarios.on("newest_day_absent", days=20, metric=VIEWS)
    run_after(at, hours=1)
    assert max(at.days("views")) == NEWEST
    run_after(at, days=5)
    shown = true_days(at.world, "views", FIRST, newest(at) - timedelta(days=20))
    known = at.days("views")
    assert {day: known.get(day) for day in shown} == shown
    assert max(known) == max(shown)


def test_a_metric_that_gives_only_its_old_days_is_silent_too(at: Desk) -> None:
    at.pull()
    at.server.scenarios.on("newest_day_absent", days=13, metric=VIEWS)
    at.later(days=13)
    at.pull()
    assert at.states()[VIEWS].status == "ok"
    at.server.scenarios.on("newest_day_absent", days=14, metric=VIEWS)
    at.later(days=1)
    at.pull()
    state = at.states()[VIEWS]
    assert (state.status, state.since) == ("empty", at.clock.now().isoformat(timespec="seconds"))
    assert state.filled_to == NEWEST.isoformat()
    at.server.scenarios.on("newest_day_absent", days=100, metric=VIEWS)
    at.later(days=85)
    at.pull()
    assert at.states()[VIEWS].since == state.since
    assert set(run_after(at, hours=1)) == {7}


def test_days_before_a_page_was_there_do_not_make_its_metrics_silent(copy: Copy) -> None:
    with desk(copy("empty"), posts=2) as at:
        at.world.page.is_published = False  # Meta keeps five days of such a page
        at.pull()
        assert {state.status for state in at.states().values() if state.period == "day"} == {"ok"}


# --- a stand-in


def fed(at: Desk) -> list[tuple[str, str]]:
    """From which day on which metric gave the new followers."""
    with looking(at.store) as connection:
        return queries.feeds(connection, PAGE_ID)["day", "new_followers"]


def test_the_next_one_stands_in_for_a_metric_that_is_silent_until_it_speaks_again(at: Desk) -> None:
    silence(at, UNIQUE)
    before = at.days("new_followers")
    at.later(days=13)
    at.pull()
    assert at.days("new_followers") == before
    at.later(days=1)
    at.pull()
    stood_in = {day: value for day, value in at.days("new_followers").items() if day not in before}
    since, last = NEWEST + timedelta(days=1), max(stood_in)
    assert stood_in == dict(at.world.truth.page_days(PLAIN, since, last))
    assert [name for _, name in fed(at)] == [UNIQUE, PLAIN]  # and not the first again from tomorrow on
    at.server.scenarios.clear()
    for _ in range(2):
        at.later(days=2)
        at.pull()
    got = at.days("new_followers")
    assert {day: got[day] for day in before} == before
    feeds = fed(at)
    assert [name for _, name in feeds] == [UNIQUE, PLAIN, UNIQUE]
    assert [day for day, _ in feeds][1] == since.isoformat()
    took_over = date.fromisoformat(feeds[2][0])
    ours = {day: value for day, value in got.items() if day >= took_over}
    assert ours
    assert ours == dict(at.world.truth.page_days(UNIQUE, took_over, max(ours)))
    seen = len(at.server.requests_seen)
    at.later(hours=1)
    at.pull()
    assert spans_of(at, PLAIN, seen) == []


def test_a_stand_in_gives_the_days_from_the_death_on(at: Desk) -> None:
    at.pull()
    before = at.days("new_followers")
    at.world.gone_metrics.add(UNIQUE)
    at.later(days=2)
    for _ in range(2):
        at.later(hours=1)
        at.pull()
    got = at.days("new_followers")
    assert {day: got[day] for day in before} == before  # what the other one gave stays as it is
    since = NEWEST + timedelta(days=1)
    stood_in = {
        day: value for day, value in at.world.truth.page_days(PLAIN, since, newest(at)) if isinstance(value, int)
    }
    assert stood_in
    assert {day: got[day] for day in got if day >= since} == stood_in


def test_the_first_choice_takes_over_again_when_it_is_back(at: Desk) -> None:
    at.world.gone_metrics.add(UNIQUE)
    at.pull()
    at.later(hours=1)
    at.pull()
    stood_in = at.days("new_followers")
    assert stood_in
    at.world.gone_metrics.clear()
    at.later(days=8)
    at.pull()
    assert (at.states()[UNIQUE].status, at.states()[PLAIN].status) == ("ok", "ok")
    at.later(days=1)
    seen = len(at.server.requests_seen)
    at.pull()
    asked = {name for metrics, *_ in windows(at, seen) for name in metrics.split(",")}
    assert UNIQUE in asked
    assert PLAIN not in asked
    week = {newest(at) - timedelta(days=n) for n in range(2, 9)}
    assert week <= set(at.days("new_followers"))


def test_a_page_of_a_few_days_has_no_days_before(copy: Copy) -> None:
    with desk(copy("empty"), posts=2) as at:
        at.world.page.is_published = False  # Meta keeps five days of such a page
        assert at.pull().state == "done"
        assert 4 <= len(at.days("views")) <= 5
