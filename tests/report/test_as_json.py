"""The contract of ``report --format json``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sqdash import plan_views
from sqdash.report import as_json
from tests.making import put, row
from tests.report import papers

Copy = Callable[[str], Path]


@pytest.fixture(scope="module")
def written(made: Copy) -> dict[str, Any]:
    return as_json.write(plan_views.report(made("report"), 103, date(2026, 1, 1)))


def methods(written: dict[str, Any]) -> list[dict[str, Any]]:
    return [m for d in written["dimensions"] for s in d["strategies"] for m in s["methods"]]


def test_the_report_has_the_contracts_keys_at_every_level(written: dict[str, Any]) -> None:
    assert set(written) == {"year", "title", "dimensions"} | {
        "goal",
        "legal_bases",
        "units",
        "period",
        "text_period",
        "as_of",
        "locked",
        "notes",
    }
    for dimension in written["dimensions"]:
        assert set(dimension) == {"label", "strategies"} | {"service_class", "measure", "units"}
        for strategy in dimension["strategies"]:
            assert set(strategy) == {"label", "methods"} | {"results"}
    for method in methods(written):
        assert set(method) == {"number", "group", "label", "units", "result", "indicators"}
        for indicator in method["indicators"]:
            assert set(indicator) == {"key", "label", "figure", "state"}


def test_the_report_says_whose_and_of_which_year_it_is(written: dict[str, Any]) -> None:
    assert (written["year"], written["title"]) == (
        103,
        "經濟部標準檢驗局臺南分局 103 年度提升服務品質執行績效與成果",
    )
    assert written["period"] == "103"
    assert written["goal"].startswith("推動國家標準最適化")
    assert (len(written["legal_bases"]), len(written["units"])) == (4, 12)
    assert written["legal_bases"][0] == {
        "number": 1,
        "issuer": "行政院",
        "issued_on": "2007-07-23",
        "document_no": "院授研展字第09600152471號",
        "title": "政府服務創新精進方案",
        "act": "函頒",
    }


@pytest.mark.parametrize(("period", "fans"), [("103H1", "無資料"), ("103Q4", "已達 16,300 人")])
def test_a_shorter_period_is_named_and_has_its_own_figures(made: Copy, period: str, fans: str) -> None:
    found = as_json.write(papers.material(made("report"), period).tree)
    assert (found["year"], found["period"]) == (103, period)
    assert {i["figure"] for m in methods(found) for i in m["indicators"] if i["key"] == "fans"} == {fans}


def test_a_method_stands_with_its_units_as_printed_its_result_and_its_figures(written: dict[str, Any]) -> None:
    [found] = [m for m in methods(written) if m["label"].startswith("注重電話禮貌")]
    assert found == {
        "number": "(2)",
        "group": "2. 提高服務行為友善性與專業性",
        "label": "注重電話禮貌，不定期進行禮貌測試，每 4 個月至少測試 1 次。",
        "units": ["各單位", "秘書室(研考)"],
        "result": "依「電話禮貌測試機制」執行計畫逐月施測，全年 12 次、受測 264 人次，並由主管督導同仁應對。",
        "indicators": [
            {"key": "phone_tests", "label": "電話禮貌測試", "figure": "12 次", "state": "reached"},
            {"key": "phone_test_people", "label": "電話禮貌測試人次", "figure": "264 人次", "state": "no_target"},
        ],
    }


def test_methods_of_the_third_dimension_have_no_group_and_rest_on_their_strategys_results(
    written: dict[str, Any],
) -> None:
    assert [m["group"] for m in methods(written)[40:]] == [None] * 8
    [strategy, *_] = written["dimensions"][2]["strategies"]
    assert [method["result"] for method in strategy["methods"]] == [
        strategy["results"][0],
        "\n".join(strategy["results"][1:]),
    ]


def test_the_report_is_plain_json(written: dict[str, Any]) -> None:
    assert json.loads(json.dumps(written, ensure_ascii=False, allow_nan=False)) == written


def test_a_plan_without_results_yet_says_they_are_not_written(copy: Copy) -> None:
    store = copy("report")
    year = {"year": 104}
    put(store, "plan_years", row("plan_years", **year, title="104 年度", goal="目標"))
    put(store, "dimensions", row("dimensions", **year, dimension=1, label="構面"))
    put(store, "strategies", row("strategies", **year, strategy="1.1", dimension=1, number=1, label="策略"))
    method = {"method": "m", "strategy": "1.1", "number": "(1)", "label": "方法", "position": 1}
    put(store, "methods", row("methods", **year, **method))
    put(store, "method_indicators", row("method_indicators", **year, method="m", indicator="seminars", position=1))
    found = as_json.write(plan_views.report(store, 104, date(2026, 1, 1)))
    assert found["legal_bases"] == []
    assert methods(found) == [
        {
            "number": "(1)",
            "group": None,
            "label": "方法",
            "units": [],
            "result": "尚未填寫",
            "indicators": [{"key": "seminars", "label": "座談、說明、研討會", "figure": "未陳報", "state": "no_data"}],
        }
    ]
