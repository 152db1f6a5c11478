"""What is alerted of: each rule's sentence, thresholds, switches, order, causes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sqdash import formats
from sqdash.analysis import alerts
from sqdash.analysis.alerts import DEFAULTS, Facts, Late, LeftOut, Overdue, Page, Year
from sqdash.analysis.attention import Item
from sqdash.figures import Applied, Interval, Result, Source, Target
from sqdash.periods import year_period
from sqdash.records import Alert
from sqdash.tables import ALERT_RULES
from sqdash.ui import menu

TODAY = date(2026, 11, 24)
SOURCE = Source(1, "x.csv", 2, None, "x", "2026-01-01T00:00:00+00:00")
GOAL = Target("fans", "target", 1, date(2014, 1, 1), None, ">=", 13000.0, None, None, None, None, SOURCE)
FANS = Result("fans", Interval(value=9750.0), "missed", None, "computed", Applied(GOAL, 13000.0, True))


def year(kind: str, state: str = "missed") -> Year:
    item = Item(kind, "fans", "粉絲人數截至 115/11/01，已 23 天沒有更新", "", (), "fans")  # type: ignore[arg-type]
    return Year(year_period(115), (item,), {"fans": FANS._replace(state=state)})  # type: ignore[arg-type]


def found(facts: Facts, **changed: float) -> list[Alert]:
    rules = DEFAULTS | {key: replace(DEFAULTS[key], threshold=value) for key, value in changed.items()}
    return list(alerts.found(facts, rules))


def one(facts: Facts, **changed: float) -> Alert:
    (alert,) = found(facts, **changed)
    return alert


def test_a_missed_indicator_is_urgent_and_names_the_gap_and_the_page() -> None:
    assert one(Facts(TODAY, (year("missed"),))) == Alert(
        "missed:fans:115",
        "missed",
        "urgent",
        "115 年粉絲人數未達：目標 13,000，還差 3,250，請到「粉絲人數」看原因並訂下一步。",
        "fans",
    )


@pytest.mark.parametrize(("percent", "alerted"), [(0, True), (25, True), (25.1, False)])
def test_an_indicator_behind_by_less_than_the_threshold_is_not_alerted_of(percent: float, alerted: bool) -> None:
    given = found(Facts(TODAY, (year("behind", "behind"),)), behind=percent)
    assert [a.cause for a in given] == (["behind:fans:115"] if alerted else [])


def test_a_stale_figure_leads_to_the_sources() -> None:
    alert = one(Facts(TODAY, (year("stale"),)))
    assert (alert.severity, alert.page) == ("notice", "sources")
    assert alert.text == "粉絲人數截至 115/11/01，已 23 天沒有更新，請到「資料來源」檢查擷取或上傳匯出檔。"


@pytest.mark.parametrize("kind", ["partly", "unstated"])
def test_what_the_overview_alone_says_is_not_alerted_of(kind: str) -> None:
    assert found(Facts(TODAY, (year(kind),))) == []


@pytest.mark.parametrize(
    ("left", "severity"), [(15, None), (14, "warning"), (4, "warning"), (3, "urgent"), (0, "urgent")]
)
def test_a_token_is_alerted_of_in_time(left: int, severity: str | None) -> None:
    given = found(Facts(TODAY, pages=(Page("7", "小安心", days_left=left),)))
    assert [(a.cause, a.severity) for a in given] == ([("token:7:expires", severity)] if severity else [])


def test_a_token_that_does_not_serve_is_another_cause_than_one_that_ends() -> None:
    alert = one(Facts(TODAY, pages=(Page("7", "小安心", fault="已失效"),)))
    assert alert.cause == "token:7:invalid"
    assert alert.text == "專頁「小安心」的權杖已失效，擷取因此停止或不完整，請到「資料來源」換上新的權杖。"


def test_a_page_without_a_name_is_alerted_of_by_its_number() -> None:
    alert = one(Facts(TODAY, pages=(Page("7", formats.nameless_page("7"), fault="已失效"),)))
    assert alert.text.startswith("專頁 7 的權杖已失效，")


def test_a_threshold_beyond_the_runs_looked_at_is_met_by_all_of_them() -> None:
    facts = Facts(TODAY, pages=(Page("7", "小安心", failures=alerts.RUNS, error="無法連線。"),))
    assert [alert.rule for alert in found(facts, pull=alerts.RUNS + 5)] == ["pull"]


@pytest.mark.parametrize(("failures", "alerted"), [(0, False), (1, False), (2, True), (9, True)])
def test_one_failed_pull_is_no_alert(failures: int, alerted: bool) -> None:
    given = found(Facts(TODAY, pages=(Page("7", "小安心", failures=failures, error="無法連線。"),)))
    said = "專頁「小安心」最近幾次擷取都沒有成功（無法連線），請到「資料來源」查看擷取紀錄。"
    assert [a.text for a in given] == ([said] if alerted else [])


def test_each_late_source_of_a_page_is_a_cause() -> None:
    late = (
        Late("counts", "粉絲與追蹤人數", "已 3 天未更新", "115/11/21"),
        Late("days", "每日數據", "已落後 5 天", "115/11/18"),
    )
    given = found(Facts(TODAY, pages=(Page("7", "小安心", late),)))
    assert [a.cause for a in given] == ["stale:counts:7", "stale:days:7"]
    assert given[0].text == (
        "專頁「小安心」的粉絲與追蹤人數已 3 天未更新（最新 115/11/21），請到「資料來源」檢查擷取或上傳匯出檔。"
    )


@pytest.mark.parametrize(
    ("due", "days", "alerted"),
    [
        (date(2026, 11, 24), 0, False),
        (date(2026, 11, 23), 0, True),
        (date(2026, 11, 21), 3, False),
        (date(2026, 11, 20), 3, True),
        (date(2025, 11, 22), 0, False),
    ],
)
def test_a_contribution_is_overdue_the_day_after_and_not_for_ever(due: date, days: int, alerted: bool) -> None:
    given = found(Facts(TODAY, overdue=(Overdue("c1", due, "第一課", "度量衡"),)), overdue=days)
    assert [a.cause for a in given] == (["overdue:c1"] if alerted else [])


def test_an_overdue_contribution_names_unit_title_and_day() -> None:
    alert = one(Facts(TODAY, overdue=(Overdue("c1", date(2026, 11, 20), "第一課", "度量衡"),)))
    assert alert.text == "第一課「度量衡」應於 115/11/20 供稿，已逾期 4 天，請供稿，或到「供稿與審稿」取消後重排。"


@pytest.mark.parametrize(("age", "alerted"), [(0, True), (7, True), (8, False)])
def test_rows_left_out_are_told_for_a_week(age: int, alerted: bool) -> None:
    given = found(Facts(TODAY, left_out=(LeftOut(12, "十月.csv", 3, age),)))
    said = "批次 12「十月.csv」有 3 列未採用，請到「資料登錄與上傳」的匯入紀錄看原因，更正後重傳。"
    assert [a.text for a in given] == ([said] if alerted else [])


def test_the_urgent_come_first_and_a_rule_that_is_off_says_nothing() -> None:
    facts = Facts(
        TODAY,
        (year("missed"),),
        (Page("7", "x", days_left=9),),
        left_out=(LeftOut(1, "a", 1, 0),),
        overdue=(Overdue("c", date(2026, 11, 1), "u", ""),),
    )
    assert [a.rule for a in found(facts)] == ["missed", "token", "overdue", "rejected"]
    off = DEFAULTS | {"token": replace(DEFAULTS["token"], enabled=False)}
    assert [a.rule for a in alerts.found(facts, off)] == ["missed", "overdue", "rejected"]


def test_a_rule_that_was_set_counts_and_an_empty_threshold_is_the_default() -> None:
    rows = [
        {"rule": "token", "enabled": 1, "threshold": 30.0},
        {"rule": "behind", "enabled": 0, "threshold": None},
        {"rule": "missed", "enabled": 1, "threshold": 5.0},
    ]
    given = alerts.in_force(rows)
    assert (given["token"].threshold, given["behind"].threshold, given["missed"].threshold) == (30.0, 0, None)
    assert [key for key, rule in given.items() if not rule.enabled] == ["behind"]


def test_every_rule_of_the_catalogue_has_a_default() -> None:
    assert list(DEFAULTS) == [key for key, _ in ALERT_RULES]


@pytest.mark.parametrize(
    ("years", "today", "judged"),
    [
        ([], TODAY, []),
        ([103], TODAY, [103]),
        ([115, 114], date(2026, 3, 31), [115, 114]),
        ([115, 114], date(2026, 4, 1), [115]),
        ([115, 113], date(2026, 1, 2), [115]),
        ([116, 115], date(2026, 11, 24), [115]),
        ([116, 115], date(2027, 1, 1), [116, 115]),
        ([188, 115, 114], date(2026, 3, 31), [115, 114]),
        ([116], date(2026, 11, 24), []),
    ],
)
def test_the_newest_year_that_has_begun_is_judged_and_the_year_before_until_its_last_figures_are_in(
    years: list[int], today: date, judged: list[int]
) -> None:
    assert alerts.judged_years(years, today) == judged


def test_an_alert_that_the_list_says_already_is_not_said_again() -> None:
    judged = year("missed")
    alert = one(Facts(TODAY, (judged,)))
    assert alerts.not_shown([alert], judged.items, year_period(115)) == []
    assert alerts.not_shown([alert], judged.items, year_period(114)) == [alert]


def test_texts_from_outside_are_one_short_line() -> None:
    assert alerts.one_line("a\r\nBcc: x\u202eb\u200b") == "a Bcc: x b"
    assert alerts.one_line("字" * 41) == "字" * 39 + "…"


@pytest.mark.parametrize("page", alerts._PAGES)
def test_pages_are_named_as_in_the_menu(page: str) -> None:
    assert alerts._PAGES[page] == menu.entry(page).title


def test_a_target_that_waits_for_a_new_definition_is_a_matter_of_the_page_and_no_alert() -> None:
    item = Item("unconfirmed", "fans", "粉絲人數：目標尚未確認", "", (), "settings")
    one = Year(year_period(115), (item,), {"fans": FANS._replace(state="no_target")})
    assert found(Facts(TODAY, (one,))) == []
