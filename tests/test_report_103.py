"""The content of the opening data: every figure of the year-103 report, its plan and its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sqdash import periods, plan_views, status_view, views
from sqdash.indicators import INDICATORS
from sqdash.jobs import entries
from sqdash.report import binding
from sqdash.report.tree import NOT_REPORTED, ReportTree
from sqdash.store import database
from sqdash.store.queries import plan
from sqdash.store.queries.plan import PlanRows
from sqdash.tables import BY_NAME
from tests.making import current

Copy = Callable[[str], Path]
Row = dict[str, Any]
AS_OF = date(2026, 1, 1)


def rows_of(store: Path, year: int) -> dict[str, Row]:
    found = status_view.status(views.board(store, periods.year_period(year), AS_OF))
    return {row["key"]: row for row in found["indicators"]}


@pytest.fixture(scope="session")
def status(made: Copy) -> dict[str, Row]:
    return rows_of(made("report"), 103)


@pytest.fixture(scope="session")
def report(made: Copy) -> ReportTree:
    return plan_views.report(made("report"), 103, AS_OF)


@pytest.fixture(scope="session")
def rows(made: Copy) -> PlanRows:
    with database.reading(made("report")) as connection:
        found = plan.load(connection, 103)
    assert found is not None
    return found


# --- figures

# key: (value, low, high, qualifier), before, (target, comparator, is it a norm), state
REPORTED: dict[str, tuple[Any, Any, Any, str]] = {
    "fans": ((16_300, None, None, "已達"), None, (13_000, ">=", False), "reached"),
    "likes_per_post": ((None, 60, 70, None), (30, 50, "約"), (100, ">", False), "missed"),
    "reach_per_post": ((None, 700, 800, "約"), (300, 400, None), (1_000, ">", False), "missed"),
    "training_sessions": ((55, None, None, None), None, None, "no_target"),
    "seminars": ((12, None, None, None), None, None, "no_target"),
    "outreach_events": ((60, None, None, None), None, None, "no_target"),
    "company_visits": ((8, None, None, None), None, None, "no_target"),
    "press_releases": ((30, None, None, None), None, None, "no_target"),
    "improvement_reports": ((14, None, None, None), None, None, "no_target"),
    "metrology_day_seminars": ((2, None, None, None), None, None, "no_target"),
    "phone_tests": ((12, None, None, None), None, (3, ">=", False), "reached"),
    "phone_test_people": ((264, None, None, None), None, None, "no_target"),
    "satisfaction_branch": ((90.8, None, None, None), None, None, "no_target"),
    "satisfaction_counter": ((94.4, None, None, None), None, None, "no_target"),
    "satisfaction_taxi_meter": ((94.3, None, None, None), None, None, "no_target"),
    "surveys_held": ((3, None, None, None), None, None, "no_target"),
    "petitions_received": ((209, None, None, None), None, None, "no_target"),
    "petitions_closed": ((209, None, None, None), None, None, "no_target"),
    "petition_closure_rate": ((100, None, None, None), None, None, "no_target"),
    "agreements_signed": ((2, None, None, None), None, None, "no_target"),
    "association_meetings": ((2, None, None, None), None, None, "no_target"),
    "wifi_hotspots": ((5, None, None, None), None, None, "no_target"),
    "disclosure_items": ((14, None, None, None), None, None, "no_target"),
    "forum_categories": ((11, None, None, None), None, None, "no_target"),
    "youtube_videos": ((7, None, None, None), None, None, "no_target"),
    "participation_channels": ((2, None, None, None), None, None, "no_target"),
    "fan_events": ((2, None, None, None), None, None, "no_target"),
    "fans_gained_events": ((1_000, None, None, "約"), None, None, "no_target"),
    "fans_gained_promotion": ((3_000, None, None, "約"), None, None, "no_target"),
    "innovation_items": ((8, None, None, None), None, None, "no_target"),
}
# key: (expected count or None, comparator) of the norm
NOT_STATED = {
    "six_s_audits": (6, ">="),
    "wifi_checks": (365, ">="),
    "web_review_rounds": (6, ">="),
    "review_meetings": (None, ">="),
}


def test_every_indicator_is_either_stated_or_said_not_to_be(status: dict[str, Row]) -> None:
    assert set(status) == {indicator.key for indicator in INDICATORS}
    assert set(REPORTED) | set(NOT_STATED) <= set(status)
    assert len(set(REPORTED) | set(NOT_STATED)) == 34


@pytest.mark.parametrize("key", REPORTED)
def test_a_reported_figure_stands_as_the_report_states_it(status: dict[str, Row], key: str) -> None:
    (value, low, high, qualifier), before, target, state = REPORTED[key]
    row = status[key]
    assert (row["value"], row["low"], row["high"], row["qualifier"]) == (value, low, high, qualifier)
    assert row["before"] == (before and dict(zip(("low", "high", "qualifier"), before, strict=True)))
    found = (row["target"], row["comparator"], bool(row["norm"])) if row["comparator"] else None
    assert found == target
    assert (row["state"], row["missing"], row["basis"]) == (state, None, "reported")
    assert (row["target"] is None) == (target is None)


@pytest.mark.parametrize("key", NOT_STATED)
def test_what_the_report_does_not_state_is_neither_nought_nor_a_guess(status: dict[str, Row], key: str) -> None:
    row = status[key]
    figure = (row["value"], row["low"], row["high"], row["qualifier"], row["n"], row["before"])
    assert figure == (None,) * 6
    assert (row["state"], row["missing"], row["basis"]) == ("no_data", "not_stated", None)
    assert (row["target"], row["comparator"], bool(row["norm"])) == (*NOT_STATED[key], True)


def test_every_figure_names_the_place_in_the_report(status: dict[str, Row]) -> None:
    for key in REPORTED:
        assert re.fullmatch(r"readings\.csv 第 \d+ 列（構面[一二三].*）", status[key]["source"]), key
    assert {status[key]["source"] for key in NOT_STATED} == {None}


def test_figures_have_the_day_or_the_words_the_report_gives_them(status: dict[str, Row]) -> None:
    stated = {key: row["as_of"] for key, row in status.items() if row["as_of"]}
    assert stated == {
        "fans": "2014-12-31",
        "likes_per_post": "計畫執行完畢",
        "reach_per_post": "計畫執行完畢",
    }


def test_what_else_the_report_says_stands_beside_the_figure(status: dict[str, Row]) -> None:
    over = {"low": None, "high": None, "qualifier": "逾"}
    assert {key: row["also"] for key, row in status.items() if row["also"]} == {
        "fans": [{**over, "value": 16_000, "as_of": "103 年 12 月底前", "note": None}],
        "reach_per_post": [{**over, "value": 1_000, "as_of": None, "note": "個別貼文"}],
    }
    assert {key: row["further_targets"] for key, row in status.items() if row["further_targets"]} == {
        "fans": [
            {"target": 16_000, "comparator": ">=", "note": "成果說明稱為「預期目標」，未載明出自何項計畫"},
        ]
    }


def test_figures_that_the_report_only_implies_name_the_sentence(status: dict[str, Row]) -> None:
    assert {key: row["derived_from"] for key, row in status.items() if row["derived_from"]} == {
        "phone_tests": "由「每個月辦理 1 次」推得",
        "petition_closure_rate": "由「103 年共辦理 209 件人民陳情案件，均已辦結」推得",
    }


def test_the_rows_entered_so_far_stand_beside_the_reported_figures(status: dict[str, Row]) -> None:
    assert {key: row["coverage"] for key, row in status.items() if row["coverage"]} == {
        "surveys_held": {"ledger": 3, "rows": 3},
        "satisfaction_branch": {"ledger": None, "rows": 1},
        "satisfaction_counter": {"ledger": None, "rows": 1},
        "satisfaction_taxi_meter": {"ledger": None, "rows": 1},
        "agreements_signed": {"ledger": 2, "rows": 2},
        "association_meetings": {"ledger": 2, "rows": 2},
        "fan_events": {"ledger": 1, "rows": 1},
        "innovation_items": {"ledger": 8, "rows": 8},
    }


def test_improvement_reports_run_from_the_tenth_of_june(made: Copy) -> None:
    board = views.board(made("report"), periods.year_period(103), AS_OF)
    assert board.results["improvement_reports"].note == "自 103 年 6 月 10 日起"


def test_year_102_has_its_six_audits_and_nothing_else(made: Copy) -> None:
    found = rows_of(made("report"), 102)
    audits = found.pop("six_s_audits")
    assert (audits["value"], audits["state"], audits["basis"]) == (6, "reached", "reported")
    assert (audits["target"], audits["comparator"], bool(audits["norm"])) == (6, ">=", True)
    assert {(row["value"], row["low"], row["high"], row["state"]) for row in found.values()} == {
        (None, None, None, "no_data")
    }


def test_the_two_targets_that_were_missed_have_their_reasons(made: Copy) -> None:
    board = views.board(made("report"), periods.year_period(103), AS_OF)
    assert {key: len(reasons) for key, reasons in board.reasons.items()} == {"likes_per_post": 3, "reach_per_post": 1}
    likes = "".join(board.reasons["likes_per_post"])
    assert all(word in likes for word in ("獎勵", "多樣", "可讀", "美編"))
    assert "按讚" in board.reasons["reach_per_post"][0]


# --- plan


def test_the_plan_has_48_methods_in_three_dimensions_and_seven_strategies(report: ReportTree) -> None:
    assert [len(dimension.strategies) for dimension in report.dimensions] == [2, 2, 3]
    assert [len(s.methods) for d in report.dimensions for s in d.strategies] == [8, 16, 10, 6, 2, 2, 4]
    assert len(report.methods) == 48
    assert [dimension.label for dimension in report.dimensions] == ["優質便民服務", "資訊流通服務", "創新增值服務"]


def test_methods_are_numbered_within_their_group(report: ReportTree) -> None:
    found = [[(m.group or "")[:2], m.number] for d in report.dimensions for s in d.strategies for m in s.methods]
    expected = [
        (f"{group}.", f"({n})")
        for groups in ((4, 4), (6, 3, 3, 1, 3), (3, 4, 3), (4, 2))
        for group, count in enumerate(groups, 1)
        for n in range(1, count + 1)
    ]
    expected += [("", f"{n}.") for count in (2, 2, 4) for n in range(1, count + 1)]
    lone = expected.index(("4.", "(1)"))
    assert found[lone][0] == "4."  # the only method of its group
    assert [tuple(f) for n, f in enumerate(found) if n != lone] == [e for n, e in enumerate(expected) if n != lone]


CODES = {
    "第四課": ["section-4"],
    "第六課": ["section-6"],
    "第一課至第六課": [f"section-{n}" for n in range(1, 7)],
    "嘉辦": ["chiayi"],
    "斗辦": ["douliu"],
    "人事室": ["personnel"],
    "資訊室": ["it-office"],
    "秘書室(研考)": ["secretariat-rdec"],
    "秘書室(事務)": ["secretariat-affairs"],
    "各單位": ["all-units"],
    "報驗單位": ["inspection-application-units"],
    "檢驗單位": ["testing-units"],
}
SIX, EVERY, OFFICES = "第六課", "第一課至第六課", ("嘉辦", "斗辦")
RDEC, AFFAIRS, IT = "秘書室(研考)", "秘書室(事務)", "資訊室"
PRINTED = {
    **dict.fromkeys(("1.1.1.1", "1.1.1.3", "1.1.1.4", "1.2.1.2", "1.2.1.6", "1.2.2.1"), (SIX, *OFFICES)),
    **dict.fromkeys(("1.1.1.2", "1.2.3.2", "1.2.5.3"), (EVERY, *OFFICES)),
    **dict.fromkeys(("1.1.2.1", "1.1.2.2", "1.1.2.3", "1.2.1.5"), (SIX, IT)),
    "1.1.2.4": ("報驗單位", "檢驗單位"),
    "1.2.1.1": (EVERY, *OFFICES, AFFAIRS),
    "1.2.1.3": (SIX, *OFFICES, "第四課"),
    "1.2.1.4": (SIX, *OFFICES, AFFAIRS),
    "1.2.2.2": ("各單位", RDEC),
    "1.2.2.3": ("各單位", "人事室"),
    "1.2.3.1": (EVERY, RDEC),
    "1.2.3.3": (EVERY,),
    "1.2.4.1": (RDEC, SIX, "第四課"),
    "1.2.5.1": (RDEC,),
    "1.2.5.2": (RDEC, EVERY, *OFFICES),
    **{f"2.1.{group}.{n}": (SIX, IT) for group, count in ((1, 3), (2, 4), (3, 3)) for n in range(1, count + 1)},
    **dict.fromkeys(("2.2.1.1", "2.2.1.2"), (EVERY, *OFFICES, IT)),
    **dict.fromkeys(("2.2.1.3", "2.2.1.4"), (IT, EVERY, *OFFICES)),
    **dict.fromkeys(("2.2.2.1", "2.2.2.2"), (RDEC, IT, EVERY, *OFFICES)),
    **{f"3.{s}.0.{n}": (SIX, RDEC) for s, count in ((1, 2), (2, 2), (3, 4)) for n in range(1, count + 1)},
}


def test_lead_units_are_kept_as_printed(report: ReportTree) -> None:
    assert {method.method: method.units for method in report.methods} == PRINTED


def test_lead_units_as_printed_expand_to_the_stored_codes(rows: PlanRows) -> None:
    stored: dict[str, list[str]] = {}
    for unit in rows.method_units:
        stored.setdefault(unit["method"], []).append(unit["unit"])
    assert stored == {method: [code for name in printed for code in CODES[name]] for method, printed in PRINTED.items()}
    assert Counter(unit["role"] for unit in rows.method_units) == {"lead": len(rows.method_units) - 1, "compile": 1}
    assert next(u["printed"] for u in rows.method_units if u["role"] == "compile") == "人事室"


def test_the_twelve_implementing_units_are_those_of_the_report(report: ReportTree, made: Copy) -> None:
    assert report.units == (
        *(f"第{n}課" for n in "一二三四五六"),
        "人事室",
        "政風室",
        "主計室",
        "秘書室",
        "嘉義辦事處",
        "斗六辦事處",
    )
    members = [m["member"] for m in current(made("report"), "unit_members") if m["collective"] == "all-units"]
    implementing = [u["unit"] for u in current(made("report"), "units") if u["implementing"]]
    assert sorted(members) == sorted(implementing)


def test_the_report_rests_on_four_documents(report: ReportTree) -> None:
    assert [(base["issued_on"], base["document_no"], base["act"]) for base in report.legal_bases] == [
        ("2007-07-23", "院授研展字第09600152471號", "函頒"),
        ("2013-01-14", "經研字第10204500360號", "修正"),
        ("2014-02-19", "經標秘字第10390003950號", "訂定"),
        ("2014-02-25", "經標南秘字第10390001370號", "訂定"),
    ]


def test_the_third_dimension_names_its_measure_and_its_units(report: ReportTree) -> None:
    assert [(d.measure, d.units) for d in report.dimensions] == [
        (None, None),
        (None, None),
        ("小安心粉絲專頁深化應用服務計畫", "第六課及秘書室(研考)"),
    ]


# --- words


def test_exactly_two_methods_have_no_result_of_their_own(report: ReportTree) -> None:
    assert NOT_REPORTED == "成果報告未就本項單獨陳報"
    assert [method.method for method in report.methods if method.result == NOT_REPORTED] == ["3.2.0.2", "3.3.0.4"]
    assert [method.method for method in report.methods if NOT_REPORTED in method.result] == ["3.2.0.2", "3.3.0.4"]


def test_results_of_the_third_dimension_belong_to_its_strategies(report: ReportTree, rows: PlanRows) -> None:
    assert [len(strategy.results) for strategy in report.dimensions[2].strategies] == [4, 3, 8]
    assert {len(s.results) for d in report.dimensions[:2] for s in d.strategies} == {0}
    owners = Counter(text["owner"] for text in rows.result_texts)
    assert owners == {
        **{method.method: 1 for method in report.methods[:40]},
        "3.1": 4,
        "3.2": 3,
        "3.3": 8,
    }


def test_no_placeholder_is_left_in_any_text(report: ReportTree) -> None:
    texts = [m.result for m in report.methods] + [t for d in report.dimensions for s in d.strategies for t in s.results]
    assert [text for text in texts if "{" in text or "}" in text] == []
    assert [text for text in texts if not text.strip()] == []


# What each placeholder of the texts has to read.
FIGURES = {
    "improvement_reports": "14 場次",
    "six_s_audits.last_year": "6 次",
    "wifi_hotspots": "5 處",
    "phone_tests": "12 次",
    "phone_test_people": "264 人次",
    "training_sessions": "55 場次",
    "seminars": "12 場次",
    "outreach_events": "60 場次",
    "company_visits": "8 場次",
    "press_releases": "30 則",
    "metrology_day_seminars": "2 場次",
    "agreements_signed": "2 件",
    "association_meetings": "2 場次",
    "surveys_held": "3 項",
    "satisfaction_branch": "90.8%",
    "satisfaction_counter": "94.4%",
    "satisfaction_taxi_meter": "94.3%",
    "petitions_received": "209 件",
    "petitions_closed": "209 件",
    "petition_closure_rate": "100%",
    "disclosure_items": "14 項",
    "forum_categories": "11 類",
    "participation_channels": "2 項",
    "youtube_videos": "7 支",
    "fans": "已達 16,300 人",
    "fans.also": "逾 16,000 人",
    "fans.target": "13,000 人",
    "fan_events": "2 場次",
    "fans_gained_events": "約 1,000 人",
    "fans_gained_promotion": "約 3,000 人",
    "likes_per_post": "60–70 人",
    "likes_per_post.before": "約 30–50 人",
    "likes_per_post.target": "100 人",
    "reach_per_post": "約 700–800 人",
    "reach_per_post.before": "300–400 人",
    "reach_per_post.also": "逾 1,000 人",
    "reach_per_post.target": "1,000 人",
    "innovation_items": "8 項",
    "virtual_account_since": "102 年",
    "virtual_account_extended": "103 年度",
    "taxi_meter_validity_before": "1 年",
    "taxi_meter_validity_from": "102 年 7 月",
    "taxi_meter_validity": "2 年",
    "oil_meter_validity": "2 年",
    "six_s_year": "102 年",
    "six_s_prizes": "1 座",
    "promotion_kinds": "4 項",
    "foundation_since": "74 年",
    "donation_monthly": "100 或 200 元",
    "safety_course_year": "104 年",
    "accessibility_year": "102 年度",
    "accessibility_counted_from": "101 年度",
    "accessibility_points": "15 分",
    "web_filing_survey_year": "102 年度",
    "reach_growth": "一倍以上",
    "handover_stages": "3 階段",
    "team_adjusted_over": "半年",
}


def test_every_figure_in_a_bound_text_is_the_stores(report: ReportTree, rows: PlanRows) -> None:
    bound = {m.method: (m.result,) for m in report.methods}
    bound |= {f"3.{n}": s.results for n, s in enumerate(report.dimensions[2].strategies, 1)}
    used = set()
    for text in rows.result_texts:
        names = [match[0][1:-1] for match in binding.PLACEHOLDER.finditer(text["text"])]
        used.update(names)
        expected = binding.PLACEHOLDER.sub(lambda match: FIGURES[match[0][1:-1]], text["text"])
        assert bound[text["owner"]][text["number"] - 1] == expected
    assert used == set(FIGURES)
    assert {fact["fact"] for fact in rows.facts} < used


def test_a_text_follows_the_store_when_a_figure_changes(copy: Copy) -> None:
    from sqdash.jobs import entries
    from sqdash.tables import BY_NAME

    store = copy("report")
    texts = {"indicator": "training_sessions", "period_from": "2014-01-01", "period_to": "2014-12-31"}
    texts |= {"moment": "result", "ordinal": "1", "value": "56", "basis": "reported", "source_place": "更正函"}
    entries.enter(store, BY_NAME["readings"], texts, reason="更正", by="x")
    found = {m.method: m.result for m in plan_views.report(store, 103, AS_OF).methods}
    assert found["1.2.2.3"].endswith("教育訓練 56 場次。")


def test_each_method_carries_the_indicators_that_measure_it(report: ReportTree) -> None:
    found = {m.method: [r.key for r in m.indicators] for m in report.methods if m.indicators}
    assert {key for keys in found.values() for key in keys} == {*REPORTED, *NOT_STATED}
    assert found["1.2.3.1"] == ["seminars", "outreach_events", "company_visits", "press_releases"]
    assert found["3.1.0.2"][:3] == ["fans", "likes_per_post", "reach_per_post"]
    assert len(found) == 16


# --- further tables


def test_activities_are_the_dated_ones_of_the_report(made: Copy) -> None:
    found = {(a["kind"], a["held_on"]): a["partner"] for a in current(made("report"), "activities")}
    assert found == {
        ("agreement", "2014-08-06"): "崑山科技大學",
        ("agreement", "2014-11-27"): "嘉南藥理大學",
        ("association_meeting", "2014-02-27"): "雲林縣計程車客運商業同業公會",
        ("association_meeting", "2014-03-24"): "雲林加油站同業公會",
        ("fan_event", "2014-11-22"): "家扶基金會-南高雄家扶中心",
    }


def test_the_eight_innovation_items_have_their_states(made: Copy) -> None:
    found = {item["number"]: item["state"] for item in current(made("report"), "innovation_items")}
    assert found == {
        **dict.fromkeys((1, 2, 6, 8), "done"),
        4: "strengthened",
        7: "continuing",
        **dict.fromkeys((3, 5), "not_enough"),
    }


def test_milestones_and_marks_are_those_of_the_report(made: Copy) -> None:
    store = made("report")
    assert [m["happened_on"] for m in current(store, "milestones")] == ["2014-06-10", None, "2014-11-26", None]
    assert [(r["label"], r["level"], r["obtained_year"]) for r in current(store, "recognitions")] == [
        ("無障礙標章", "A+", 102),
        ("總局商品安全形象代言人", None, None),
    ]
    assert len(current(store, "site_sections")) == 12


def test_the_page_and_its_benchmark_are_known(made: Copy) -> None:
    found = {page["label"]: page["kind"] for page in current(made("report"), "pages")}
    assert found == {"小安心": "own", "小勞男孩向前行": "benchmark"}


def test_the_closure_rate_follows_its_parts(copy: Copy) -> None:
    store = copy("report")
    texts = dict.fromkeys(BY_NAME["readings"].names, "")
    texts |= {"indicator": "petitions_closed", "period_from": "2014-01-01", "period_to": "2014-12-31"}
    texts |= {"moment": "result", "ordinal": "1", "value": "200", "basis": "reported", "source_place": "更正函"}
    entries.enter(store, BY_NAME["readings"], texts, reason="更正", by="測試員")
    found = {row["key"]: row for row in status_view.status(views.board(store, periods.year_period(103)))["indicators"]}
    assert found["petition_closure_rate"]["value"] == round(200 / 209 * 100, 6)
