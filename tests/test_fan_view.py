"""What the days say of a period, over whole stores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from sqdash import fan_view, views
from sqdash.fan_view import FanView
from sqdash.figures import FanActivity
from sqdash.jobs import entries
from sqdash.periods import parse_period
from sqdash.tables import BY_NAME
from tests.analysis.series import PACIFIC
from tests.making import current, put, row

Made = Callable[[str], Path]


def at(store: Path, code: str, day: str = "2016-06-30") -> FanView:
    return fan_view.load(store, views.board(store, parse_period(code), date.fromisoformat(day)))


def test_the_demonstration_s_year_starts_on_the_eve_and_ends_on_its_last_day(made: Made) -> None:
    view = at(made("demo"), "104")
    (series,) = view.series
    assert (series[0].day, series[0].value) == (date(2014, 12, 31), 16_300)
    assert (series[-1].day, len(series)) == (date(2015, 12, 31), 366)
    assert view.line == ((date(2014, 12, 31), 16_300), (date(2015, 12, 31), 18_000))
    assert [m.month for m in view.months if m.gain is None] == []
    assert sum(m.gain or 0 for m in view.months) == series[-1].value - 16_300
    assert (view.forecast.kind, view.followers) == ("reached", ())


def test_half_a_year_is_forecast_as_it_stood_on_its_last_day(made: Made) -> None:
    view = at(made("demo"), "104H1")
    assert (view.until, view.forecast.kind) == (date(2015, 6, 30), "due")
    assert view.forecast.slope
    assert (view.forecast.slope.n, view.forecast.slope.last) == (90, date(2015, 6, 30))
    assert view.pace
    assert view.pace.day == date(2015, 6, 30)
    result = views.board(made("demo"), parse_period("104H1"), date(2016, 6, 30)).results["fans"]
    assert (result.state == "on_track") == (view.pace.people >= 0)


@pytest.mark.parametrize("code", ["103Q4", "103-12", "2014-12-20..2014-12-31"])
def test_every_part_of_a_year_names_the_day_on_which_the_year_s_target_was_met(made: Made, code: str) -> None:
    whole, part = (at(made("demo"), one).forecast for one in ("103", code))
    assert (part.kind, part.day, part.exact) == (whole.kind, whole.day, whole.exact) == ("reached", part.day, True)


def test_january_s_pace_and_month_use_the_days_of_the_year_before(made: Made) -> None:
    view = at(made("demo"), "104-01")
    assert view.forecast.slope
    assert view.forecast.slope.first == date(2014, 11, 3)
    assert [m.why for m in view.months] == [None]


def test_the_events_of_103_brought_about_what_was_reported(made: Made) -> None:
    view = at(made("demo"), "103")
    assert [a.first for a in view.activities] == [date(2014, 7, 14), date(2014, 11, 22)]
    estimates = [a.estimate for a in view.attributions if a.estimate is not None]
    assert len(estimates) == 2
    assert 900 <= sum(estimates) <= 1_100


def test_an_event_at_the_end_of_a_period_is_worked_out_with_the_days_after_it(made: Made) -> None:
    (found,) = at(made("demo"), "2014-11-01..2014-11-23").attributions
    assert (found.reason, found.window.end) == (None, date(2014, 11, 28))
    assert at(made("demo"), "2014-11-01..2014-11-23", "2014-11-23").attributions[0].reason == "unfinished"


def test_a_correction_of_the_newest_day_is_no_change_of_source(copy: Made) -> None:
    store = copy("demo")
    last = at(store, "104H1", "2015-06-30").days[-1]
    stands = next(r for r in current(store, "page_days") if (r["day"], r["value"]) == ("2015-06-30", last.value))
    texts = {name: str(value) for name, value in stands.items()} | {"value": "17300"}
    entries.enter(store, BY_NAME["page_days"], texts, reason="更正", by="測試員")
    view = at(store, "104H1", "2015-06-30")
    assert (view.days[-1].value, view.days[-1].way) == (17_300, last.way)
    assert view.days[-1].origin.startswith("人工登錄")
    assert (len(view.series), view.forecast.kind) == (1, "due")
    assert view.months[-1].why is None


def test_an_event_says_the_same_whatever_the_period_and_however_long_another_goes_on(copy: Made) -> None:
    store = copy("demo")
    for key, held_on, ended_on in (("long", "2015-01-05", "2015-05-31"), ("late", "2015-05-20", None)):
        values = {"activity_id": key, "held_on": held_on, "ended_on": ended_on, "title": key}
        put(store, "activities", row("activities", kind="fan_event", **values))
    put(
        store,
        "activities",
        row("activities", kind="fan_event", activity_id="x", held_on="2015-04-10", title="四月活動"),
    )
    in_year = {found.activity.title: found for found in at(store, "104").attributions}
    (in_april,) = at(store, "104-04").attributions
    assert in_april == in_year["四月活動"]
    assert "long" in in_april.overlaps
    in_january = next(found for found in at(store, "104-01").attributions if found.activity.title == "long")
    assert in_january == in_year["long"]
    assert "late" in in_january.overlaps


def test_our_page_and_the_benchmark_are_compared_from_the_first_day_of_the_year(made: Made) -> None:
    compared = at(made("demo"), "104").compared
    assert (compared.first, compared.last) == (date(2015, 1, 1), date(2015, 12, 31))
    assert [line.own for line in compared.lines] == [True, False]


def test_year_103_alone_has_no_days_and_says_so(made: Made) -> None:
    view = at(made("report"), "103")
    assert (view.series, view.line, view.pace, view.forecast.reason) == ((), None, None, "no_days")
    assert [(a.activity.title, a.reason) for a in view.attributions] == [("義賣園遊會設攤推廣小安心粉絲團", "no_days")]
    assert [(page.label, page.newest) for page in view.benchmarks] == [("小勞男孩向前行", None)]
    assert view.compared.lines == ()


def test_an_empty_store_has_nothing(made: Made) -> None:
    view = at(made("empty"), "115")
    assert (view.label, view.series, view.activities, view.benchmarks) == ("", (), (), ())
    assert view.forecast.reason == "no_target"


def test_days_of_meta_and_of_taipei_and_followers_are_never_joined(copy: Made) -> None:
    store, first = copy("report"), date(2014, 3, 1)
    days = [(first + timedelta(days=n)).isoformat() for n in range(40)]
    put(
        store,
        "page_days",
        *(
            row(
                "page_days",
                page_id="xiaoanxin",
                day=day,
                day_zone=PACIFIC if n < 20 else "Asia/Taipei",
                measure="fans",
                value=10_000 + n,
            )
            for n, day in enumerate(days)
        ),
        *(
            row("page_days", page_id="xiaoanxin", day=day, day_zone=PACIFIC, measure="followers", value=500)
            for day in days
        ),
        *(  # of pulls now and then
            row("page_days", page_id="xiaoanxin", day=day, day_zone="Asia/Taipei", measure="followers", value=510)
            for day in days[5:30:8]
        ),
    )
    view = at(store, "103H1")
    assert [(series[0].zone, len(series)) for series in view.series] == [(PACIFIC, 20), ("Asia/Taipei", 20)]
    assert [len(series) for series in view.followers] == [40]
    assert {f.value for series in view.series for f in series}.isdisjoint({500, 510})


def test_an_activity_that_lasts_is_worked_out_to_its_own_end(copy: Made) -> None:
    store = copy("demo")
    given = {"activity_id": "長", "kind": "fan_event", "title": "按讚月", "sessions": 1}
    put(store, "activities", row("activities", **given, held_on="2015-09-01", ended_on="2015-09-30"))
    (found,) = at(store, "104-09").attributions
    assert found.activity == FanActivity("按讚月", date(2015, 9, 1), date(2015, 9, 30))
    assert (found.window.end, found.reason) == (date(2015, 10, 6), "few_days")  # 28 days hold no five runs of 36


def test_of_several_own_pages_the_days_are_those_of_the_page_that_the_card_counts(copy: Made) -> None:
    store = copy("empty")
    put(store, "pages", *(row("pages", n, page_id=f"{n}", label=f"頁 {n}", kind="own") for n in (2, 3)))
    days = (("2", "2015-06-30", 12_000), ("3", "2015-12-31", 3_000))
    stock = {"day_zone": "Asia/Taipei", "measure": "fans"}
    put(store, "page_days", *(row("page_days", page_id=p, day=d, value=v, **stock) for p, d, v in days))
    for day, value in (("2015-06-30", 12_000), ("2015-12-31", 3_000)):
        board = views.board(store, parse_period("104"), date.fromisoformat(day))
        figure = board.results["fans"].figure
        assert figure
        assert fan_view.load(store, board).days[-1].value == figure.value == value
