"""The one page for the director's meeting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sqdash.figures import State
from sqdash.report import summary
from sqdash.report.document import Paragraph, Table
from tests.making import put, row
from tests.report import papers
from tests.report.papers import texts_of

Copy = Callable[[str], Path]


def said(store: Path, period: str) -> list[str]:
    return [
        block.text for block in summary.build(papers.material(store, period)).blocks if isinstance(block, Paragraph)
    ]


def test_the_year_names_what_was_missed(made: Copy) -> None:
    page = summary.build(papers.material(made("report")))
    assert page.title == "103 年服務品質成果摘要"
    first, _, last = [block for block in page.blocks if isinstance(block, Table)]
    assert [row[:4] for row in texts_of(first)] == [
        ["粉絲人數", "達標", "已達 16,300 人", "目標 13,000，超出 3,300（125%）"],
        ["每篇平均按讚", "未達", "60–70 人", "目標超過 100，每篇還差 30 以上"],
        ["每篇平均觸及", "未達", "約 700–800 人", "目標超過 1,000，每篇還差 200 以上"],
    ]
    assert [row[0].split("\n")[0] for row in texts_of(last)] == ["每篇平均按讚", "每篇平均觸及"]


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        ("103H1", "設有目標的 7 項指標都沒有資料，無法判斷是否達成。"),
        ("103Q4", "設有目標且有資料的 1 項指標都已達到或在進度內；另有 5 項沒有資料，無法判斷。"),
    ],
)
def test_what_has_no_figure_has_reached_nothing(made: Copy, period: str, sentence: str) -> None:
    assert sentence in said(made("report"), period)


def test_where_nothing_is_aimed_at_nothing_is_reached(copy: Copy) -> None:
    store = copy("empty")
    put(store, "plan_years", row("plan_years", year=103, title="103 年度", goal="目標"))
    assert "沒有指標設有目標。" in said(store, "103")


@pytest.mark.parametrize(
    ("fans_are", "sentence"),
    [
        (None, "設有目標的 1 項指標，原目標都尚未確認適用於新定義，無法判斷是否達成。"),
        ("reached", "設有目標的指標都已達到或在進度內；另有 1 項的原目標尚未確認適用於新定義，不判斷。"),
        (
            "no_data",
            "設有目標的 1 項指標都沒有資料，無法判斷是否達成；另有 1 項的原目標尚未確認適用於新定義，不判斷。",
        ),
    ],
)
def test_a_target_that_nobody_has_confirmed_is_neither_reached_nor_none(
    made: Copy, fans_are: State | None, sentence: str
) -> None:
    given = papers.material(made("report"))
    fans, reach = (given.results[key] for key in ("fans", "reach_per_post"))
    known = {"reach_per_post": reach._replace(state="no_target", applied=None, unconfirmed=reach.applied)}
    if fans_are:
        known["fans"] = fans._replace(state=fans_are)
    assert summary.none_short(replace(given, results=known)) == sentence


def test_what_has_no_figure_is_counted_and_listed_so_that_names_stay_apart(made: Copy) -> None:
    listed = said(made("report"), "103Q4")[-1]
    assert listed.startswith("沒有資料的指標（31 項）：每篇平均按讚；每篇平均觸及；教育訓練；座談、說明、研討會；")
