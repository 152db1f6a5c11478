"""The report in the office's form, whatever file it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sqdash.errors import DataError
from sqdash.indicators import BY_KEY
from sqdash.report import appendix, contents, wording
from sqdash.report.document import WIDTH, Chart, Document, Paragraph, Point, Table
from tests.making import is_one_sentence, put, row
from tests.report import papers
from tests.report.papers import texts_of

Copy = Callable[[str], Path]


@pytest.fixture(scope="module")
def paper(made: Copy) -> Document:
    return papers.paper(made("report"))


def tables(paper: Document) -> list[Table]:
    return [block for block in paper.blocks if isinstance(block, Table)]


def headings(paper: Document) -> list[str]:
    kinds = ("heading", "subheading", "appendix")
    return [block.text for block in paper.blocks if isinstance(block, Paragraph) and block.style in kinds]


def test_the_chapters_stand_in_the_forms_order(paper: Document) -> None:
    assert paper.title == "經濟部標準檢驗局臺南分局 103 年度提升服務品質執行績效與成果"
    assert headings(paper) == [
        "壹、計畫依據",
        "貳、計畫目標",
        "參、實施對象",
        "肆、執行策略及方法",
        "構面一、優質便民服務（第1類：第一線服務機關）",
        "構面二、資訊流通服務（第1類：第一線服務機關）",
        "構面三、創新增值服務（第1類：第一線服務機關）",
        "附錄一、指標總表",
        "附錄二、粉絲專頁圖表",
        "附錄三、未達目標的原因與下一步",
    ]


def test_the_legal_bases_read_as_the_form_has_them(paper: Document) -> None:
    said = [block.text for block in paper.blocks if isinstance(block, Paragraph)]
    assert "一、行政院 96 年 7 月 23 日院授研展字第09600152471號函頒「政府服務創新精進方案」。" in said
    assert "二、經濟部 102 年 1 月 14 日經研字第10204500360號函修正之「提升服務品質實施計畫」。" in said
    assert "創新服務措施：小安心粉絲專頁深化應用服務計畫" in said
    assert "主辦單位：第六課及秘書室(研考)" in said


def test_each_dimension_has_its_table_of_the_methods(paper: Document) -> None:
    one, two, three = tables(paper)[:3]
    assert [table.head for table in (one, two, three)] == [contents.FOUR, contents.FOUR, contents.THREE]
    assert [len(table.rows) for table in (one, two, three)] == [24, 16, 8]
    assert [row[0].rows for table in (one, two, three) for row in table.rows if row[0]] == [8, 16, 10, 6, 2, 2, 4]
    assert all(round(sum(table.widths), 6) == WIDTH for table in tables(paper)[:4])
    assert [table.breaks for table in (one, two, three)] == [False, False, True]


def test_a_method_stands_under_its_group_with_units_and_result(paper: Document) -> None:
    rows = texts_of(tables(paper)[0])
    assert rows[0][:3] == [
        "(一)推動便捷、透明之服務流程，提供高效率之服務",
        "1. 提升服務流程便捷性\n(1) 設置全功能櫃檯，提供整合服務。",
        "第六課\n嘉辦\n斗辦",
    ]
    [phone] = [row for row in rows if "注重電話禮貌" in row[1]]
    assert phone[3] == "(2) 依「電話禮貌測試機制」執行計畫逐月施測，全年 12 次、受測 264 人次，並由主管督導同仁應對。"


def test_a_group_that_is_one_method_is_numbered_once(paper: Document) -> None:
    [row] = [row for row in texts_of(tables(paper)[0]) if "服務滿意度調查" in row[1]]
    assert row[1].startswith("4. 提高民眾滿意度\n辦理服務滿意度調查，")
    assert row[3].startswith("4. 全年完成 3 項民意調查")


def test_results_of_an_innovative_strategy_stand_once_beside_its_methods(paper: Document) -> None:
    three = tables(paper)[2]
    assert [row[2].rows for row in three.rows if row[2]] == [2, 2, 4]
    assert [len(row[2].lines) for row in three.rows if row[2]] == [4, 3, 8]


def test_every_reported_figure_has_its_place_in_the_appendix(paper: Document) -> None:
    found = {row[0]: row for row in texts_of(tables(paper)[3])}
    assert found["粉絲人數"] == [
        "粉絲人數",
        "13,000",
        "已達 16,300 人\n（陳報值）",
        "無資料",
        "達標",
        "103/12/31",
        found["粉絲人數"][6],
    ]
    assert "readings.csv" in found["粉絲人數"][6]
    assert found["每篇平均按讚"][2:5] == ["60–70 人\n（陳報值）", "無資料", "未達"]
    assert found["6S 稽核"][1:5] == ["規律每 2 個月 1 次（6 次）", "未陳報", "6 次", "未陳報"]
    stated = {row[0]: row[2].split("\n")[0] for row in found.values() if len(row) > 2 and row[2]}
    wanted = {"教育訓練": "55 場次", "業務推廣活動": "60 場次", "分局服務滿意度": "90.8%", "人民陳情受理": "209 件"}
    assert {name: stated[name] for name in wanted} == wanted


def test_charts_state_the_finding_and_their_figures_stand_behind(paper: Document) -> None:
    charts = [block for block in paper.blocks if isinstance(block, Chart)]
    assert [chart.title for chart in charts] == [
        "粉絲人數：已達 16,300 人，目標 13,000，超出 3,300（達成率 125%）",
        "每篇平均按讚：60–70 人，目標超過 100，每篇還差 30 以上",
        "每篇平均觸及：約 700–800 人，目標超過 1,000，每篇還差 200 以上",
    ]
    points = [(p.label, p.low, p.high) for p in charts[1].points]
    assert points == [("計畫執行前", 30.0, 50.0), ("計畫執行完畢", 60.0, 70.0)]
    for chart in charts:
        [behind] = [table for table in tables(paper) if table.name == chart.title]
        assert texts_of(behind) == [[point.label, point.words] for point in chart.points]
        assert behind.whole
        assert all(point.words in chart.alt for point in chart.points)


def test_a_year_of_months_is_drawn_as_columns_and_a_month_without_posts_is_no_nought(made: Copy) -> None:
    given = papers.material(made("report"))
    fans = (None, 100.0, 200.0, *[None] * 9)
    chart = appendix.chart_of(replace(given, fans=fans), "fans")
    assert chart.upright
    assert [(p.label, p.words, p.low) for p in chart.points[:3]] == [
        ("1 月", "無資料", None),
        ("2 月", "100", 100.0),
        ("3 月", "200", 200.0),
    ]
    paper = contents.build(replace(given, fans=fans))
    [behind] = [table for table in tables(paper) if table.name == chart.title]
    assert behind.head == ("期間", "粉絲人數（人）") * 2
    assert texts_of(behind)[:2] == [["1 月", "無資料", "7 月", "無資料"], ["2 月", "100", "8 月", "無資料"]]
    assert len(behind.rows) == 6


@pytest.mark.parametrize(("months", "rows"), [(5, 5), (6, 3), (11, 6)])
def test_figures_of_many_months_stand_in_two_halves(months: int, rows: int) -> None:
    points = tuple(Point(f"{month} 月", str(month), month, month) for month in range(1, months + 1))
    behind = texts_of(appendix._behind(Chart("t", "a", "人", points, upright=True), BY_KEY["fans"]))
    assert len(behind) == rows
    said = [cell for row in behind for cell in row if cell]
    assert sorted(said) == sorted(text for point in points for text in (point.label, point.words))


def test_a_missed_target_has_its_reasons_and_says_that_no_next_step_is_set(paper: Document) -> None:
    rows = texts_of(tables(paper)[-1])
    assert [row[0].split("\n")[0] for row in rows] == ["每篇平均按讚", "每篇平均觸及"]
    assert rows[0][2].split("\n")[0] == "(一)尚未建立投稿的獎勵辦法。"
    assert [row[3] for row in rows] == ["待訂", "待訂"]


def test_a_half_year_says_so_in_its_title(made: Copy) -> None:
    found = contents.build(papers.material(made("report"), "103H1"))
    assert found.title.endswith("執行績效與成果（103 年上半年）")
    notes = [block.text for block in found.blocks if isinstance(block, Paragraph) and block.style == "note"]
    assert notes[0] == (
        "各項文字為 103 年度全年所寫，其中由資料庫帶入的數字是 103 年上半年的；"
        "只有全年數字的指標在此顯示未陳報或無資料。"
    )


def test_a_demonstration_is_marked_and_a_real_store_is_not(made: Copy, paper: Document) -> None:
    assert papers.paper(made("demo")).mark == "示範資料，不是正式成果"
    assert paper.mark == ""


def test_a_year_without_a_plan_is_one_sentence(made: Copy) -> None:
    for kind, period in (("empty", "103"), ("report", "104")):
        with pytest.raises(DataError) as caught:
            papers.material(made(kind), period)
        assert is_one_sentence(caught.value)


def test_a_methods_own_text_beside_texts_of_its_strategy_is_printed_too(copy: Copy) -> None:
    store = copy("report")
    put(store, "result_texts", row("result_texts", year=103, owner="3.2.0.2", number=1, text="知識網已成範例。"))
    three = tables(papers.paper(store))[2]
    (cell,) = [c for r in three.rows for c in r if c and any("知識網已成範例。" in line for line in c.lines)]
    assert cell.lines[-1] == "執行方法 2. 知識網已成範例。"
    assert [line[:2] for line in cell.lines[:-1]] == ["1.", "2.", "3."]


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (9, "九"), (10, "十"), (99, "九十九"), (100, "100")])
def test_a_number_that_a_file_may_bring_never_breaks_a_document(number: int, said: str) -> None:
    assert wording.numeral(number) == said
