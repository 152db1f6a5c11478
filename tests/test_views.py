"""What screens and commands ask for: the status contract, boards of any period, the report of a year."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sqdash import fan_view, periods, plan_views, status_view, views
from sqdash.errors import DataError
from sqdash.indicators import INDICATORS
from tests.making import is_one_sentence, put, revisions, row

Copy = Callable[[str], Path]
AS_OF = date(2026, 1, 1)
CONTRACT = {
    "key",
    "label",
    "unit",
    "value",
    "low",
    "high",
    "qualifier",
    "n",
    "coverage",
    "before",
    "target",
    "comparator",
    "norm",
    "state",
    "missing",
    "basis",
    "source",
    "as_of",
}
BESIDE_CONTRACT = {"further_targets", "also", "derived_from", "note", "text", "now"}
STATES = {"reached", "partly", "missed", "on_track", "behind", "no_target", "no_data"}
MISSING = {"not_stated", "no_rows", "not_served", "not_permitted", "not_given"}


def status(store: Path, code: str, as_of: date = AS_OF) -> dict[str, dict[str, Any]]:
    found = status_view.status(views.board(store, periods.parse_period(code), as_of))
    return {found_row["key"]: found_row for found_row in found["indicators"]}


@pytest.mark.parametrize(("fans", "state"), [(12_900, "on_track"), (12_700, "behind"), (13_100, "reached")])
def test_a_period_over_new_year_is_judged_by_the_target_of_the_year_that_runs(
    copy: Copy, fans: int, state: str
) -> None:
    store, of_fans = copy("empty"), {"indicator": "fans", "kind": "target", "definition": 1, "comparator": ">="}
    first = {"valid_from": "2025-01-01", "valid_to": "2025-06-30", "value": 12_000}
    then = {"valid_from": "2025-07-01", "valid_to": "2025-12-31", "value": 13_000}
    put(store, "targets", *(row("targets", n, **of_fans, **dates) for n, dates in enumerate((first, then), 2)))
    put(store, "pages", row("pages", page_id="1", label="本頁", kind="own"))
    days = {"2024-12-31": 11_000, "2025-11-30": fans}
    stock = {"page_id": "1", "day_zone": "Asia/Taipei", "measure": "fans"}
    put(store, "page_days", *(row("page_days", n, day=d, value=v, **stock) for n, (d, v) in enumerate(days.items(), 2)))
    board = views.board(store, periods.parse_period("2025-07-01..2026-06-30"), date(2025, 11, 30))
    assert board.results["fans"].state == state  # 12,831 are due
    assert fan_view.load(store, board).pace


@pytest.mark.parametrize("until", [None, "2026-12-31"])
def test_a_target_of_more_years_is_that_of_the_year_that_runs_in_a_period_over_new_year_too(
    copy: Copy, until: str | None
) -> None:
    store, dates = copy("empty"), {"valid_from": "2025-01-01", "valid_to": until}
    given = {"kind": "target", "definition": 1, "comparator": ">=", **dates}
    values = {"fans": 13_000, "training_sessions": 60}
    put(
        store,
        "targets",
        *(row("targets", n, indicator=k, value=v, **given) for n, (k, v) in enumerate(values.items(), 2)),
    )
    put(store, "pages", row("pages", page_id="1", label="本頁", kind="own"))
    days = {"2024-12-31": 11_000, "2025-11-30": 11_050}
    stock = {"page_id": "1", "day_zone": "Asia/Taipei", "measure": "fans"}
    put(store, "page_days", *(row("page_days", n, day=d, value=v, **stock) for n, (d, v) in enumerate(days.items(), 2)))
    held = {"activity_id": "a", "kind": "training", "held_on": "2025-09-01", "title": "講習", "sessions": 1}
    put(store, "activities", row("activities", **held))
    half, over = (
        views.board(store, periods.parse_period(code), date(2025, 11, 30))
        for code in ("114H2", "2025-07-01..2026-06-30")
    )
    for key in values:
        one, other = half.results[key], over.results[key]
        assert one.applied
        assert other.applied
        assert (other.state, other.applied.due) == (one.state, one.applied.due) == ("behind", one.applied.due)
    assert fan_view.load(store, over).pace == fan_view.load(store, half).pace


# --- contract


@pytest.mark.parametrize("kind", ["empty", "report", "demo"])
@pytest.mark.parametrize("code", ["101", "103", "104", "103H2", "103-06", "2014-06-10..2014-12-31"])
def test_status_has_the_contracts_keys_for_every_indicator_of_any_period(made: Copy, kind: str, code: str) -> None:
    found = status_view.status(views.board(made(kind), periods.parse_period(code), AS_OF))
    assert set(found) == {"as_of", "revision", "indicators", "period", "locked_at"}
    assert found["locked_at"] is None
    assert (found["as_of"], found["revision"], found["period"]) == ("2026-01-01", revisions(made(kind)), code)
    assert [r["key"] for r in found["indicators"]] == [indicator.key for indicator in INDICATORS]
    for r in found["indicators"]:
        assert set(r) == CONTRACT | BESIDE_CONTRACT
        assert r["state"] in STATES
        assert (r["missing"] in MISSING) if r["state"] == "no_data" else (r["missing"] is None)
        assert (r["value"], r["low"], r["high"]).count(None) == 3 or r["state"] != "no_data"
        assert r["basis"] in ((None,) if r["state"] == "no_data" else ("computed", "reported"))
        assert r["comparator"] in (None, ">=", ">")
        assert (r["source"] is None) == (r["basis"] is None and not r["coverage"])
        assert r["before"] is None or set(r["before"]) == {"low", "high", "qualifier"}
        assert r["value"] is None or (r["low"] is None and r["high"] is None)
    assert json.loads(json.dumps(found, ensure_ascii=False, allow_nan=False)) == found


def test_whole_numbers_are_whole_in_json(made: Copy) -> None:
    found = status(made("report"), "103")
    assert repr(found["fans"]["value"]) == "16300"
    assert repr(found["fans"]["target"]) == "13000"
    assert repr(found["likes_per_post"]["before"]["low"]) == "30"
    assert repr(found["satisfaction_branch"]["value"]) == "90.8"


def test_a_computed_figure_says_over_what_and_beside_which_reported_one(made: Copy) -> None:
    found = status(made("demo"), "103")["training_sessions"]
    assert (found["value"], found["basis"]) == (55, "computed")
    assert (found["coverage"]["reported"], found["coverage"]["counted"]) == (55, found["n"])
    assert found["coverage"]["first"] < found["coverage"]["last"]


# --- years


def test_the_default_year_of_a_fresh_store_is_103(made: Copy) -> None:
    assert views.default_year(made("report")) == 103


def test_the_default_year_is_the_newest_with_any_row(made: Copy, copy: Copy) -> None:
    assert views.default_year(made("demo")) == 104
    store = copy("report")
    put(store, "petitions", row("petitions", month="2016-01", received=1, closed=1))
    assert views.default_year(store) == 105


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2015, 12, 31), 103),
        (date(2016, 1, 1), 105),
        (date(2017, 1, 1), 105),
        (date(2013, 1, 1), 102),
        (date(2012, 1, 1), 105),
    ],
)
def test_what_is_planned_for_a_year_to_come_is_not_the_default_before_it_begins(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, today: date, year: int
) -> None:
    store = copy("report")
    given = {"indicator": "fans", "kind": "target", "definition": 1, "comparator": ">=", "value": 20000}
    put(store, "targets", row("targets", valid_from="2016-01-01", **given))
    monkeypatch.setattr(periods, "today", lambda: today)
    assert views.default_year(store) == year


def test_the_default_year_as_of_a_past_day_is_one_that_had_begun_by_then(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, then = copy("report"), periods.today()
    given = {"indicator": "fans", "kind": "target", "definition": 1, "comparator": ">=", "value": 20000}
    put(store, "targets", row("targets", valid_from=f"{then.year + 1}-01-01", **given))
    monkeypatch.setattr(periods, "today", lambda: date(then.year + 1, 1, 1))
    assert views.default_year(store) == then.year + 1 - periods.ROC_OFFSET
    assert views.default_year(store, known=then) == 103


def test_the_default_year_of_an_empty_store_is_this_year(made: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "today", lambda: date(2026, 3, 1))
    assert views.default_year(made("empty")) == 115


def test_the_first_roc_year_has_a_status_too(made: Copy) -> None:
    assert {r["state"] for r in status(made("report"), "1").values()} == {"no_data"}


# --- boards


def test_a_board_is_as_of_today_unless_told_otherwise(made: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "today", lambda: date(2014, 6, 30))
    assert views.board(made("report"), periods.year_period(103)).as_of == date(2014, 6, 30)


def test_half_years_and_quarters_add_up_to_the_year(made: Copy) -> None:
    year = status(made("demo"), "104")
    for codes in (("104H1", "104H2"), ("104Q1", "104Q2", "104Q3", "104Q4")):
        parts = [status(made("demo"), code) for code in codes]
        for key in (
            "training_sessions",
            "outreach_events",
            "press_releases",
            "petitions_received",
            "phone_test_people",
        ):
            values = [part[key]["value"] for part in parts]
            assert sum(values) == year[key]["value"], (key, values)


def test_fans_of_a_half_year_are_its_last_value_and_of_the_year_the_second_halfs(made: Copy) -> None:
    store = made("demo")
    year, second, quarter = (status(store, code)["fans"] for code in ("103", "103H2", "103Q4"))
    assert year["value"] == second["value"] == quarter["value"] == 16_300
    assert status(store, "103H1")["fans"]["value"] < 16_300


def test_a_mean_of_a_half_year_is_over_its_own_posts(made: Copy) -> None:
    store = made("demo")
    first, second, year = (status(store, code)["likes_per_post"] for code in ("104H1", "104H2", "104"))
    assert first["n"] + second["n"] == year["n"]
    whole = (first["value"] * first["n"] + second["value"] * second["n"]) / year["n"]
    assert whole == pytest.approx(year["value"])


def test_half_a_year_of_a_report_that_states_years_has_no_rows_rather_than_half_the_figure(made: Copy) -> None:
    found = status(made("report"), "103H1")
    assert (found["training_sessions"]["value"], found["training_sessions"]["missing"]) == (None, "no_rows")
    assert status(made("report"), "103H2")["fans"]["value"] == 16_300


def test_a_board_has_the_same_period_a_year_earlier(made: Copy) -> None:
    board = views.board(made("demo"), periods.parse_period("104Q2"), AS_OF)
    earlier = views.board(made("demo"), periods.parse_period("103Q2"), AS_OF)
    assert board.before == earlier.results
    assert (board.kind, board.revision) == ("demonstration", revisions(made("demo")))


def test_posts_whose_figures_nobody_gave_are_not_given_rather_than_no_posts(copy: Copy) -> None:
    store = copy("report")
    posts = [
        row("posts", post_id=f"xiaoanxin_{n}", page_id="xiaoanxin", published_at=f"2015-03-0{n}T09:00:00+08:00")
        for n in (1, 2)
    ]
    put(store, "posts", *posts)
    for code in ("104", "104-03", "2015-03-01..2015-03-20"):
        found = status(store, code)["likes_per_post"]
        assert (found["value"], found["state"], found["missing"], found["n"]) == (None, "no_data", "not_given", 0), code


def test_a_mark_of_the_lead_unit_makes_the_rows_count(copy: Copy) -> None:
    store = copy("report")
    key = {"indicator": "fan_events", "period_from": "2014-01-01", "period_to": "2014-12-31"}
    assert status(store, "103")["fan_events"]["value"] == 2
    put(store, "ledger_marks", row("ledger_marks", **key, state="partial"))
    assert status(store, "103")["fan_events"]["value"] == 2
    put(store, "ledger_marks", row("ledger_marks", **key, state="complete"))
    found = status(store, "103")["fan_events"]
    assert (found["value"], found["basis"], found["coverage"]["reported"]) == (1, "computed", 2)


# --- report


def test_the_report_of_a_year_without_a_plan_is_one_sentence(made: Copy) -> None:
    with pytest.raises(DataError, match="沒有 104 年度的計畫") as raised:
        plan_views.report(made("report"), 104)
    assert is_one_sentence(raised.value)


def test_the_report_and_the_status_have_the_same_figures(made: Copy) -> None:
    board = views.board(made("report"), periods.year_period(103), AS_OF)
    for method in plan_views.report(made("report"), 103, AS_OF).methods:
        for result in method.indicators:
            assert result == board.results[result.key]
