"""Texts that hold figures by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from sqdash.errors import DataError
from sqdash.figures import Applied, Interval, Reading, Result, Source, Target
from sqdash.report import binding

SOURCE = Source(1, "readings.csv")
START, END = date(2014, 1, 1), date(2014, 12, 31)


def applied(key: str, value: float | None) -> Applied:
    return Applied(Target(key, "target", 1, START, END, ">", value, None, None, None, None, SOURCE), value, whole=True)


def also(key: str, stated: Interval) -> Reading:
    return Reading(key, START, END, "also", stated, "reported", None, None, None, SOURCE)


def result(key: str, figure: Interval | None = None, **more: Any) -> Result:
    missing = None if figure else more.pop("missing", "not_stated")
    return Result(key, figure, "no_target", **{"missing": missing, "basis": None, "applied": None, **more})


RESULTS = {
    "fans": result(
        "fans",
        Interval(16300, qualifier="已達"),
        applied=applied("fans", 13000),
        also=(also("fans", Interval(16000, qualifier="逾")), also("fans", Interval(1))),
    ),
    "likes_per_post": result(
        "likes_per_post",
        Interval(low=60, high=70),
        before=Interval(low=30, high=50, qualifier="約"),
        applied=applied("likes_per_post", 100),
    ),
    "training_sessions": result("training_sessions", Interval(55)),
    "satisfaction_branch": result("satisfaction_branch", Interval(90.8), before=Interval(88.2)),
    "six_s_audits": result("six_s_audits"),
    "wifi_checks": result("wifi_checks", missing="no_rows"),
    "review_meetings": result("review_meetings", applied=applied("review_meetings", None)),
}
LAST_YEAR = {**RESULTS, "six_s_audits": result("six_s_audits", Interval(6)), "fans": result("fans")}
FACTS: dict[str, dict[str, Any]] = {}


def fact(**given: Any) -> dict[str, Any]:
    return {"value": None, "low": None, "high": None, "qualifier": None, "text": None, "unit": None, **given}


def bind(text: str, facts: Mapping[str, Mapping[str, Any]] = FACTS) -> str:
    return binding.bind(text, RESULTS, LAST_YEAR, facts)


def refusal(text: str, facts: Mapping[str, Mapping[str, Any]] = FACTS) -> str:
    with pytest.raises(DataError) as caught:
        bind(text, facts)
    return str(caught.value)


# --- indicators


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("{training_sessions}", "55 場次"),
        ("{fans}", "已達 16,300 人"),
        ("{likes_per_post}", "60–70 人"),
        ("{satisfaction_branch}", "90.8%"),
        ("{likes_per_post.before}", "約 30–50 人"),
        ("{satisfaction_branch.before}", "88.2%"),
        ("{fans.target}", "13,000 人"),
        ("{likes_per_post.target}", "100 人"),
        ("{fans.also}", "逾 16,000 人"),
        ("{six_s_audits.last_year}", "6 次"),
    ],
)
def test_placeholder_of_an_indicator_becomes_its_figure(text: str, bound: str) -> None:
    assert bind(text) == bound


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("{six_s_audits}", "未陳報"),
        ("{wifi_checks}", "無資料"),
        ("{training_sessions.before}", "未陳報"),
        ("{training_sessions.also}", "未陳報"),
        ("{fans.last_year}", "未陳報"),
    ],
)
def test_figure_that_is_not_there_becomes_the_word_for_it(text: str, bound: str) -> None:
    assert bind(text) == bound


def test_figures_that_a_text_lacks_are_called_by_name_once_each() -> None:
    facts = {"prizes": fact(label="獎項"), "hall": fact(label="大廳", text="一樓")}
    text = "{six_s_audits}、{training_sessions}、{training_sessions.before}、{fans.last_year}、{prizes}、{hall}"
    named = ("6S 稽核", "教育訓練（計畫執行前）", "粉絲人數（去年）", "獎項")
    assert binding.gaps(f"{text}，{text}", RESULTS, LAST_YEAR, facts) == named
    assert binding.gaps("{likes_per_post.target}與 {gone}", RESULTS, LAST_YEAR, facts) == ()


def test_target_without_a_value_has_no_unit() -> None:
    assert bind("{review_meetings.target}") == "未陳報"


def test_figure_stated_with_a_decimal_keeps_it() -> None:
    results = {"likes_per_post": result("likes_per_post", Interval(66.5), before=Interval(30.5))}
    assert binding.bind("{likes_per_post.before} → {likes_per_post}", results, {}, {}) == "30.5 人 → 66.5 人"


def test_words_around_placeholders_are_kept() -> None:
    text = "辦理 {training_sessions}，按讚由 {likes_per_post.before} 增為 {likes_per_post}。\n{other} 之外"
    facts = {"other": fact(text="甲")}
    assert bind(text, facts) == "辦理 55 場次，按讚由 約 30–50 人 增為 60–70 人。\n甲 之外"


def test_text_without_placeholders_is_kept() -> None:
    assert bind("沒有數字，{} 與 { fans } 也不是代碼。") == "沒有數字，{} 與 { fans } 也不是代碼。"


def test_figure_bound_into_a_text_is_not_read_for_placeholders() -> None:
    assert bind("{other}", {"other": fact(text="{fans}")}) == "{fans}"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{fans} {likes_per_post.before} {known} {fans.last_year}", None),
        ("{fans} {training}。", "{training}"),
        ("{fans.lastyear}", "{fans.lastyear}"),
        ("{known.before}", "{known.before}"),
        ("沒有代碼", None),
        ("辦理｛fans｝", "｛fans｝"),
        ("辦理｛fans}與{fans}", "｛fans}"),
        ("{fans}與{training_sessions，", "{training_sessions"),
        ("{fans}與training_sessions}，", "training_sessions}"),
        ("第 { 1 } 類的 {、}", "{ 1 }"),
        ("單獨的 { 之後", None),
    ],
)
def test_the_first_placeholder_of_nothing_known_is_found(text: str, wrong: str | None) -> None:
    assert binding.unknown(text, {"known"}) == wrong


# --- facts


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (fact(text="102 年 7 月"), "102 年 7 月"),
        (fact(text="100 或 200 元", low=100.0, high=200.0, unit="元"), "100 或 200 元"),
        (fact(value=2.0, unit="年"), "2 年"),
        (fact(value=15.0), "15"),
        (fact(value=0.0, unit="項"), "0 項"),
        (fact(value=94.25, unit="%"), "94.25%"),
        (fact(value=1500.0, qualifier="約", unit="人"), "約 1,500 人"),
        (fact(low=100.0, high=200.0, unit="元"), "100–200 元"),
        (fact(low=3.0, unit="次"), "至少 3 次"),
        (fact(), "未陳報"),
    ],
)
def test_fact_becomes_its_words_or_its_value_with_unit(row: dict[str, Any], text: str) -> None:
    assert bind("{some_fact}", {"some_fact": row}) == text


def test_fact_without_a_value_has_no_unit() -> None:
    assert binding.fact(fact(unit="年")) == "未陳報"


def test_fact_is_written_with_the_decimals_it_has() -> None:
    assert binding.fact(fact(value=90.8, unit="%")) == "90.8%"


def test_indicator_comes_before_a_fact_of_the_same_name() -> None:
    assert bind("{training_sessions}", {"training_sessions": fact(text="甲")}) == "55 場次"


# --- what is not known


@pytest.mark.parametrize("text", ["{nothing}", "{nothing.before}", "{nothing.last_year}", "{press_releases}"])
def test_unknown_placeholder_is_named_in_one_sentence(text: str) -> None:
    assert refusal(f"前{text}後") == f"文字裡的「{text}」不是任何指標或數字的代碼，請從清單挑選。"


@pytest.mark.parametrize("part", ["before", "target", "also", "last_year"])
def test_fact_has_no_parts(part: str) -> None:
    sentence = f"文字裡的「{{some_fact.{part}}}」不是任何指標或數字的代碼，請從清單挑選。"
    assert refusal(f"{{some_fact.{part}}}", {"some_fact": fact(text="甲")}) == sentence


@pytest.mark.parametrize("text", ["{fans.lastyear}", "{fans.}"])
def test_misspelt_placeholder_is_not_printed_as_it_stands(text: str) -> None:
    assert refusal(text) == f"文字裡的「{text}」不是任何指標或數字的代碼，請從清單挑選。"
