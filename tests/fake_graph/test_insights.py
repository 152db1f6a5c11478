"""Insights of the page: metrics, periods, days of the Pacific coast."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fake_graph import TOKEN, FakeGraph, HandClock, World
from tests.fake_graph.asking import INSIGHTS, PAGE, Asker, window
from tests.fake_graph.clocks import midnight


def test_only_days_that_end_in_the_window_are_given(ask: Asker, world: World) -> None:
    first, last = date(2026, 10, 29), date(2026, 11, 4)  # summer time ends on 1 November
    got = ask.get(INSIGHTS, metric="page_media_view", period="day", **window(first, last))
    assert got.ends[:3] == ["2026-10-30T07:00:00+0000", "2026-10-31T07:00:00+0000", "2026-11-01T07:00:00+0000"]
    assert got.ends[3:] == [f"2026-11-0{day}T08:00:00+0000" for day in (2, 3, 4, 5)]
    assert got.values == [value for _, value in world.truth.page_days("page_media_view", first, last)]


def test_the_day_that_summer_time_begins(ask: Asker) -> None:
    got = ask.get(INSIGHTS, metric="page_follows", period="day", **window(date(2026, 3, 7), date(2026, 3, 8)))
    assert got.ends == ["2026-03-08T08:00:00+0000", "2026-03-09T07:00:00+0000"]


def test_windows_that_share_a_boundary_share_no_day(ask: Asker) -> None:
    days = [date(2026, 9, 1) + timedelta(days=n) for n in range(5)]
    one = ask.get(INSIGHTS, metric="page_follows", period="day", **window(days[0], days[1]))
    two = ask.get(INSIGHTS, metric="page_follows", period="day", **window(days[2], days[4]))
    both = ask.get(INSIGHTS, metric="page_follows", period="day", **window(days[0], days[4]))
    assert one.ends + two.ends == both.ends
    assert len(both.ends) == 5


def test_93_days_are_the_most(ask: Asker) -> None:
    until = midnight(date(2026, 11, 1))
    ask_for: dict[str, Any] = {"metric": "page_follows", "period": "day", "until": until}
    assert len(ask.get(INSIGHTS, **ask_for, since=until - 8_035_200).values) == 93
    assert "93 days (8035200 s)" in ask.get(INSIGHTS, **ask_for, since=until - 8_035_201).error["message"]
    assert ask.get(INSIGHTS, **ask_for, since=until + 1).error["code"] == 100


def test_without_a_window_the_two_newest_days_come(ask: Asker) -> None:
    assert ask.get(INSIGHTS, metric="page_follows", period="day").ends == [
        "2026-11-22T08:00:00+0000",
        "2026-11-23T08:00:00+0000",
    ]


def test_a_day_appears_late_is_low_at_first_and_then_put_right(ask: Asker, world: World, clock: HandClock) -> None:
    day = date(2026, 11, 24)
    final = world.truth.page_day_final("page_media_view", day)
    assert isinstance(final, int)
    closes = datetime(2026, 11, 25, 8, tzinfo=UTC)

    def shown(hours: int) -> list[Any]:
        clock.moment = closes + timedelta(hours=hours)
        data = ask.get(INSIGHTS, metric="page_media_view", period="day", **window(day, day)).json["data"]
        return [one["value"] for series in data for one in series["values"]]

    assert shown(19) == []
    assert shown(20) == shown(67) == [final - final // 16]
    assert shown(68) == shown(2000) == [final]


def test_two_years_are_kept(ask: Asker) -> None:
    old = date(2024, 11, 24)
    ask_for: dict[str, Any] = {"metric": "page_follows", "period": "day"}
    assert len(ask.get(INSIGHTS, **ask_for, **window(old, old)).values) == 1
    assert ask.get(INSIGHTS, **ask_for, **window(old - timedelta(days=1), old - timedelta(days=1))).json["data"] == []


def test_an_unpublished_page_has_five_days(ask: Asker, world: World) -> None:
    world.page.is_published = False
    got = ask.get(INSIGHTS, metric="page_follows", period="day", **window(date(2026, 11, 1), date(2026, 11, 24)))
    assert got.ends[0] == "2026-11-20T08:00:00+0000"


def test_one_dead_metric_fails_the_call_alone_the_other_is_served(ask: Asker) -> None:
    got = ask.get(INSIGHTS, metric="page_media_view,page_impressions_unique", period="day")
    assert got.error == {
        "message": "(#100) The value must be a valid insights metric",
        "type": "OAuthException",
        "code": 100,
        "fbtrace_id": got.headers["x-fb-trace-id"],
    }
    assert ask.get(INSIGHTS, metric="page_media_view", period="day").status == 200


def test_metrics_die_on_their_day_in_every_version() -> None:
    clock = HandClock(datetime(2026, 6, 14, 23, tzinfo=UTC))
    with FakeGraph(World(clock=clock)) as server:
        ask = Asker(server)
        post = server.world.truth.posts()[-1].id
        for path, metric in (
            (INSIGHTS, "page_impressions_unique"),
            (f"/v25.0/{post}/insights", "post_impressions_unique"),
        ):
            period = "day" if metric.startswith("page") else "lifetime"
            clock.moment = datetime(2026, 6, 14, 23, tzinfo=UTC)
            assert ask.get(path, metric=metric, period=period).status == 200
            clock.moment = datetime(2026, 6, 15, 0, tzinfo=UTC)
            assert ask.get(path, metric=metric, period=period).error["code"] == 100
        ask.link.close()


def test_a_metric_taken_away_by_hand_is_dead_at_once(ask: Asker, world: World) -> None:
    url = f"/v25.0/{world.truth.posts()[-1].id}/insights"
    assert ask.get(url, metric="post_clicks").status == 200
    world.gone_metrics.add("post_clicks")
    assert ask.get(url, metric="post_clicks").error["code"] == 100


def test_without_a_metric_it_is_3001(ask: Asker) -> None:
    got = ask.get(INSIGHTS, period="day").error
    assert (got["code"], got["error_subcode"]) == (3001, 1504028)


def test_without_a_period_the_series_of_all_periods_come(ask: Asker) -> None:
    data = ask.get(INSIGHTS, metric="page_media_view").json["data"]
    assert [(one["name"], one["period"]) for one in data] == [
        ("page_media_view", period) for period in ("day", "week", "days_28")
    ]
    assert ask.get(INSIGHTS, metric="page_follows", period="week").json["data"] == []  # only by day
    assert ask.get(INSIGHTS, metric="page_follows", period="hour").error["code"] == 100


def test_a_week_is_the_sum_of_its_days_but_not_for_unique_counts(ask: Asker, world: World) -> None:
    last = date(2026, 10, 18)
    days = [last - timedelta(days=n) for n in range(7)]
    span = window(last, last)
    views = sum(v for _, v in world.truth.page_days("page_media_view", days[-1], last) if isinstance(v, int))
    assert ask.get(INSIGHTS, metric="page_media_view", period="week", **span).values == [views]
    viewers = [v for _, v in world.truth.page_days("page_total_media_view_unique", days[-1], last)]
    (week,) = ask.get(INSIGHTS, metric="page_total_media_view_unique", period="week", **span).values
    assert max(v for v in viewers if isinstance(v, int)) <= week < sum(v for v in viewers if isinstance(v, int))


def test_dict_metrics_leave_zeros_out(ask: Asker) -> None:
    span = window(date(2026, 8, 1), date(2026, 10, 1))
    values = ask.get(INSIGHTS, metric="page_actions_post_reactions_total", period="day", **span).values
    assert {} in values
    assert all(0 not in value.values() for value in values)
    assert {key for value in values for key in value} <= {"like", "love", "wow", "haha", "sorry", "anger"}


def test_a_breakdown_is_flat_tagged_and_without_empty_parts(ask: Asker, world: World) -> None:
    day, span = date(2026, 10, 1), window(date(2026, 9, 1), date(2026, 10, 1))
    got = ask.get(INSIGHTS, metric="page_media_view", period="day", breakdown="is_from_ads", **span).json
    values = got["data"][0]["values"]
    assert {one["is_from_ads"] for one in values} == {"0", "1"}
    assert all(one["value"] for one in values)
    assert 31 <= len(values) < 62  # days without advertisements have one part
    assert sum(one["value"] for one in values if one["end_time"] == "2026-10-02T07:00:00+0000") == (
        world.truth.page_day("page_media_view", day)
    )
    assert ask.get(INSIGHTS, metric="page_follows", period="day", breakdown="is_from_ads").error["code"] == 100


def test_insights_always_offer_neighbouring_windows_also_of_the_future(ask: Asker) -> None:
    paging = ask.get(INSIGHTS, metric="page_follows", period="day", since=2_000_000_000, until=2_000_086_400).json
    assert paging["data"] == []
    following = parse_qs(urlsplit(paging["paging"]["next"]).query)
    assert (following["since"], following["until"]) == (["2000086400"], ["2000172800"])
    assert following["access_token"] == [TOKEN]


def test_page_follows_of_a_day_is_the_followers_count_of_its_evening(
    ask: Asker, world: World, clock: HandClock
) -> None:
    clock.moment = datetime(2026, 11, 25, 8, tzinfo=UTC)
    evening = ask.get(PAGE, fields="followers_count").json["followers_count"]
    assert evening == world.truth.page_day_final("page_follows", date(2026, 11, 24))


def test_dates_and_the_path_form_are_understood(ask: Asker, world: World) -> None:
    got = ask.get(f"{INSIGHTS}/page_follows/day", since="2018-01-01", until="2018-01-02")
    assert got.json["data"] == []
    got = ask.get(f"{INSIGHTS}/page_follows/day", since="2026-01-01", until="2026-01-02")
    assert got.ends == ["2026-01-02T08:00:00+0000"]
    assert len(ask.get(INSIGHTS, metric="page_follows", period="day", date_preset="last_7d").values) == 6
