"""What needs attention, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from sqdash.analysis import attention
from sqdash.analysis.attention import Item
from sqdash.figures import Applied, Interval, Result, Source, State, Target
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.periods import parse_period

Texts = Mapping[str, tuple[str, ...]]
AFTER, RUNNING = date(2015, 3, 1), date(2014, 6, 30)


def goal(key: str, value: float, comparator: Any = ">=", **given: Any) -> Applied:
    dates = {"kind": "target", "valid_from": date(2014, 1, 1), "valid_to": date(2014, 12, 31), "words": None}
    rest = {"definition": 1, "every_months": None, "every_days": None, "note": None, "source": Source(1, "t.csv")}
    return Applied(Target(indicator=key, comparator=comparator, value=value, **{**dates, **rest, **given}), value, True)


def result(key: str, value: float | None, state: State, applied: Applied | None = None, **more: Any) -> Result:
    figure = None if value is None else Interval(value)
    return Result(key, figure, state, applied=applied, **{"missing": None, "basis": "computed", **more})


def items(
    *results: Result,
    reasons: Texts | None = None,
    steps: Texts | None = None,
    units: Texts | None = None,
    as_of: date = AFTER,
    locked: int | None = None,
) -> tuple[Item, ...]:
    by_key = {r.key: r for r in results}
    return attention.items(by_key, reasons or {}, steps or {}, units or {}, parse_period("103"), as_of, locked=locked)


MISSED = result("likes_per_post", 65, "missed", goal("likes_per_post", 100, ">"))
NORM = goal("six_s_audits", 6, kind="norm", words="每 2 個月 1 次")


def stale(key: str = "fans", as_of: date | None = date(2014, 6, 22), **more: Any) -> Result:
    return result(key, 12000, "on_track", goal(key, 13000), as_of=as_of, **more)


# --- missed, behind, partly


def test_missed_target_says_gap_reasons_next_steps_and_units() -> None:
    found = items(
        MISSED,
        reasons={"likes_per_post": ("沒有獎勵。", "內容少變化")},
        steps={"likes_per_post": ("找美編。",)},
        units={"likes_per_post": ("第一課", "秘書室")},
    )
    detail = "目標超過 100，每篇還差 35 以上。原因：沒有獎勵；內容少變化。下一步：找美編。"
    assert found == (Item("missed", "likes_per_post", "每篇平均按讚未達", detail, ("第一課", "秘書室"), "posts"),)


def test_missing_reason_and_next_step_are_asked_for() -> None:
    assert items(MISSED)[0].detail == "目標超過 100，每篇還差 35 以上。原因待填。下一步待訂。"


@pytest.mark.parametrize(
    ("state", "text"), [("missed", "粉絲人數未達"), ("behind", "粉絲人數落後"), ("partly", "粉絲人數部分達標")]
)
def test_states_that_fall_short_need_attention(state: State, text: str) -> None:
    found = items(result("fans", 12000, state, goal("fans", 13000)))
    assert [(i.kind, i.text, i.page) for i in found] == [(state, text, "fans")]


@pytest.mark.parametrize("state", ["reached", "on_track", "no_target"])
def test_states_that_are_well_need_none(state: State) -> None:
    assert items(result("fans", 12000, state, goal("fans", 13000))) == ()


# --- not stated


def test_norm_without_figures_is_named_with_its_rhythm() -> None:
    found = items(result("six_s_audits", None, "no_data", NORM, missing="not_stated"), units={"six_s_audits": ("甲",)})
    assert found == (
        Item("unstated", "six_s_audits", "6S 稽核：103 年未陳報", "規律每 2 個月 1 次（6 次）", ("甲",), "service"),
    )


def test_target_without_rows_is_named_as_without_rows() -> None:
    found = items(result("fans", None, "no_data", goal("fans", 13000), missing="no_rows"))
    assert [(i.text, i.detail) for i in found] == [("粉絲人數：103 年無資料", "目標 13,000")]


def test_figure_that_the_report_does_not_state_is_named_without_a_target() -> None:
    found = items(result("wifi_hotspots", None, "no_data", missing="not_stated"))
    assert [(i.kind, i.text, i.detail, i.page) for i in found] == [
        ("unstated", "無線熱點：103 年未陳報", "", "service"),
    ]


@pytest.mark.parametrize("missing", ["no_rows", "not_given", "not_served", "not_permitted"])
def test_absence_that_nothing_was_expected_of_needs_none(missing: str) -> None:
    assert items(result("wifi_hotspots", None, "no_data", missing=missing)) == ()


# --- gone stale


def test_last_value_of_a_running_period_goes_stale_after_seven_days() -> None:
    assert items(stale(as_of=date(2014, 6, 23)), as_of=RUNNING) == ()
    found = items(stale(), units={"fans": ("甲",)}, as_of=RUNNING)
    assert found == (Item("stale", "fans", "粉絲人數截至 103/06/22，已 8 天沒有更新", "", ("甲",), "fans"),)


def test_period_that_is_over_does_not_go_stale() -> None:
    assert items(stale(), as_of=AFTER) == ()


@pytest.mark.parametrize("more", [{"basis": "reported"}, {"as_of": None}])
def test_figure_that_is_reported_or_has_no_day_does_not_go_stale(more: dict[str, Any]) -> None:
    assert items(stale(**more), as_of=RUNNING) == ()


@pytest.mark.parametrize("key", ["training_sessions", "six_s_audits"])
def test_what_does_not_come_in_day_by_day_does_not_go_stale(key: str) -> None:
    assert items(stale(key), as_of=RUNNING) == ()


@pytest.mark.parametrize("key", ["likes_per_post", "reach_per_post"])
def test_posts_that_nobody_observed_for_a_week_are_stale(key: str) -> None:
    assert [(item.kind, item.key) for item in items(stale(key), as_of=RUNNING)] == [("stale", key)]


@pytest.mark.parametrize("key", ["satisfaction_branch", "satisfaction_counter", "satisfaction_taxi_meter"])
def test_survey_held_once_does_not_go_stale_in_a_week(key: str) -> None:
    assert items(stale(key), as_of=RUNNING) == ()


def test_figure_that_is_behind_is_not_also_called_stale() -> None:
    found = items(result("fans", 9000, "behind", goal("fans", 13000), as_of=date(2014, 1, 5)), as_of=RUNNING)
    assert [i.kind for i in found] == ["behind"]


# --- order and pages


def test_worst_comes_first_and_within_a_kind_the_given_order_holds() -> None:
    found = items(
        stale(),
        result("six_s_audits", None, "no_data", NORM, missing="not_stated"),
        result("reach_per_post", 950, "partly", goal("reach_per_post", 1000)),
        result("press_releases", 3, "behind", goal("press_releases", 30)),
        result("training_sessions", 3, "missed", goal("training_sessions", 30)),
        MISSED,
        as_of=RUNNING,
    )
    assert [i.key for i in found] == [
        "training_sessions",
        "likes_per_post",
        "press_releases",
        "reach_per_post",
        "six_s_audits",
        "fans",
    ]


@pytest.mark.parametrize("key", [i.key for i in INDICATORS])
def test_every_indicator_is_mended_on_the_page_of_its_group(key: str) -> None:
    found = items(result(key, 1, "missed", goal(key, 2)))
    assert [i.page for i in found] == ["fans" if key.startswith("fan") else attention.PAGE_OF_GROUP[BY_KEY[key].group]]


def test_nothing_known_needs_no_attention() -> None:
    assert items() == ()


# --- a target of another definition


def unconfirmed(**more: Any) -> Result:
    first = goal("reach_per_post", 1_000, ">")
    return result("reach_per_post", 681.6, "no_target", unconfirmed=first, definition=2, **more)


def test_target_that_nobody_confirmed_for_a_new_definition_is_named_with_what_to_do() -> None:
    (found,) = items(unconfirmed(), units={"reach_per_post": ("第六課",)})
    assert (found.kind, found.text) == ("unconfirmed", "每篇平均觸及：目標尚未確認適用於瀏覽者")
    assert found.detail == (
        "原目標超過 1,000 以觸及訂定，現以瀏覽者計，所以不判斷；"
        "仍適用時，請到「設定」的「目標與規律」以定義版本 2 再登錄一次。"
    )
    assert (found.units, found.page) == (("第六課",), "settings")


def test_in_a_locked_year_it_says_that_the_lock_must_come_off_first() -> None:
    (found,) = items(unconfirmed(), locked=103)
    assert "仍適用時，請先解除 103 年度的鎖定，再到「設定」的「目標與規律」以定義版本 2 再登錄一次。" in found.detail


def test_it_does_not_hide_that_the_figure_has_gone_stale() -> None:
    found = items(unconfirmed(as_of=date(2014, 6, 1)), as_of=RUNNING)
    assert [item.kind for item in found] == ["unconfirmed", "stale"]
