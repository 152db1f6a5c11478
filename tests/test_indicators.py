"""Every indicator once: keys, labels and units are a contract."""

from __future__ import annotations

from datetime import date

import pytest

from sqdash import indicators, tables
from sqdash.errors import DataError
from sqdash.indicators import BY_KEY, INDICATORS, Indicator

CONTRACT = [
    ("fans", "粉絲人數", "人", "last"),
    ("likes_per_post", "每篇平均按讚", "人", "mean_per_post"),
    ("reach_per_post", "每篇平均觸及", "人", "mean_per_post"),
    ("training_sessions", "教育訓練", "場次", "sum"),
    ("seminars", "座談、說明、研討會", "場次", "sum"),
    ("outreach_events", "業務推廣活動", "場次", "sum"),
    ("company_visits", "企業訪視", "場次", "sum"),
    ("press_releases", "新聞稿", "則", "count"),
    ("improvement_reports", "業務改善專案報告", "場次", "sum"),
    ("metrology_day_seminars", "世界計量日研討會", "場次", "sum"),
    ("six_s_audits", "6S 稽核", "次", "count"),
    ("phone_tests", "電話禮貌測試", "次", "count"),
    ("phone_test_people", "電話禮貌測試人次", "人次", "sum"),
    ("satisfaction_branch", "分局服務滿意度", "%", "last"),
    ("satisfaction_counter", "櫃台服務滿意度", "%", "last"),
    ("satisfaction_taxi_meter", "計程車計費表檢定滿意度", "%", "last"),
    ("surveys_held", "民意調查", "項", "count"),
    ("petitions_received", "人民陳情受理", "件", "sum"),
    ("petitions_closed", "人民陳情辦結", "件", "sum"),
    ("petition_closure_rate", "人民陳情辦結率", "%", "ratio"),
    ("agreements_signed", "產學合作簽署", "件", "count"),
    ("association_meetings", "公會會員大會說明", "場次", "count"),
    ("wifi_hotspots", "無線熱點", "處", "last"),
    ("wifi_checks", "無線網路連線測試", "日", "count"),
    ("web_review_rounds", "未更新網頁提報", "次", "count"),
    ("disclosure_items", "資訊公開目錄", "項", "last"),
    ("forum_categories", "論壇分類", "類", "last"),
    ("youtube_videos", "業務推廣影片", "支", "last"),
    ("participation_channels", "電子參與途徑", "項", "last"),
    ("fan_events", "粉絲活動", "場次", "count"),
    ("fans_gained_events", "活動帶動粉絲", "人", "attribution"),
    ("fans_gained_promotion", "推廣小組帶動粉絲", "人", "attribution"),
    ("review_meetings", "審稿會議", "次", "count"),
    ("innovation_items", "創新運作", "項", "count"),
]
WITH_LEDGER = [i for i in INDICATORS if i.ledger]


def kinds_of(table: str) -> set[str]:
    """What a ledger's kind may be: the table's kinds, the measures, or for surveys an indicator's key."""
    given = {"posts": tables.POST_MEASURES, "page_days": tables.MEASURES, "activities": tables.ACTIVITY_KINDS}
    if table == "surveys":
        return {"", *BY_KEY}
    if table in ("petitions", "innovation_items"):
        return {""}
    return {kind for kind, _ in given.get(table, tables.CHECK_KINDS)}


def version_on(key: str, day: date) -> tuple[int, str]:
    found = BY_KEY[key].definition_on(day)
    assert found is not None
    return found.version, found.measure


def test_keys_labels_units_and_rollups_are_the_contract_in_its_order() -> None:
    assert [(i.key, i.label, i.unit, i.rollup) for i in INDICATORS] == CONTRACT


def test_labels_name_one_indicator_each() -> None:
    assert len({i.label for i in INDICATORS}) == len(INDICATORS) == len(BY_KEY)


def test_percentages_show_one_decimal_and_nothing_else_does() -> None:
    assert {i.key for i in INDICATORS if i.decimals} == {i.key for i in INDICATORS if i.unit == "%"}
    assert {i.decimals for i in INDICATORS if i.unit == "%"} == {1}


def test_groups_are_all_used_and_named() -> None:
    assert {i.group for i in INDICATORS} == set(indicators.GROUPS)


def test_only_numbers_of_petitions_have_no_direction() -> None:
    assert {i.key for i in INDICATORS if i.direction == "none"} == {"petitions_received", "petitions_closed"}


def test_only_the_closure_rate_is_a_ratio_and_its_parts_come_before_it() -> None:
    ratios = [i for i in INDICATORS if i.parts]
    order = [i.key for i in INDICATORS]
    assert [(i.key, i.parts) for i in ratios] == [("petition_closure_rate", ("petitions_closed", "petitions_received"))]
    assert all(order.index(part) < order.index(i.key) for i in ratios for part in i.parts or ())


@pytest.mark.parametrize("indicator", WITH_LEDGER, ids=lambda i: i.key)
def test_ledger_names_rows_and_a_column_of_the_catalogue(indicator: Indicator) -> None:
    ledger = indicator.ledger
    assert ledger is not None
    countable = {c.name for c in tables.BY_NAME[ledger.table].columns if c.type in ("int", "number")}
    assert ledger.kind in kinds_of(ledger.table)
    assert ledger.measure in {"", "day", *countable}


def test_only_sums_add_up_a_column_of_a_dated_ledger() -> None:
    dated = [i for i in WITH_LEDGER if i.ledger and i.ledger.table in ("activities", "checks", "petitions")]
    added = {i.key for i in dated if i.ledger and i.ledger.measure not in ("", "day")}
    assert added == {i.key for i in dated if i.rollup == "sum"}


def test_no_two_indicators_are_worked_out_from_the_same_rows_in_the_same_way() -> None:
    ledgers = [i.ledger for i in WITH_LEDGER]
    assert len(set(ledgers)) == len(ledgers)


def test_only_likes_and_reach_have_definition_versions() -> None:
    versions = {i.key: [d.version for d in i.definitions] for i in INDICATORS if i.definitions}
    assert versions == {"likes_per_post": [1, 2], "reach_per_post": [1, 2]}


def test_every_definition_measures_a_post_measure() -> None:
    known = {name for name, _ in tables.POST_MEASURES}
    assert {d.measure for i in INDICATORS for d in i.definitions} <= known


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2014, 12, 31), (1, "reach")),
        (date(2026, 6, 14), (1, "reach")),
        (date(2026, 6, 15), (2, "viewers")),
        (date(2030, 1, 1), (2, "viewers")),
    ],
)
def test_reach_is_viewers_from_15_june_2026(day: date, found: tuple[int, str]) -> None:
    assert version_on("reach_per_post", day) == found


@pytest.mark.parametrize("day", [date(2014, 1, 1), date(2026, 6, 15), date(2030, 1, 1)])
def test_likes_are_version_1_on_any_day(day: date) -> None:
    assert version_on("likes_per_post", day) == (1, "likes")


def test_an_indicator_measured_in_one_way_has_no_definition() -> None:
    assert BY_KEY["fans"].definition_on(date(2014, 1, 1)) is None


def test_get_finds_by_key() -> None:
    assert indicators.get("fans") is INDICATORS[0]


@pytest.mark.parametrize(("key", "shown"), [("Fans", "Fans"), ("", ""), ("x" * 200, "x" * 60)])
def test_get_names_an_unknown_key_in_one_sentence(key: str, shown: str) -> None:
    with pytest.raises(DataError) as caught:
        indicators.get(key)
    assert str(caught.value) == f"沒有代碼為「{shown}」的指標，請對照指標表的代碼。"
