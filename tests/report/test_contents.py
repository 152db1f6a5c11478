"""The report in the office's form, whatever file it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sqdash import views
from sqdash.errors import DataError
from sqdash.indicators import BY_KEY
from sqdash.jobs import entries
from sqdash.periods import parse_period
from sqdash.report import appendix, binding, contents, summary, wording
from sqdash.report.document import WIDTH, Chart, Document, Paragraph, Point, Table
from sqdash.tables import BY_NAME
from tests.making import is_one_sentence, looking, put, row
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
    assert [table.grouped for table in (one, two, three)] == [False, False, True]


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
        "粉絲人數：已達 16,300 人，目標 13,000，超出 3,300（125%）",
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


def posts_with_reactions(store: Path, year: int) -> None:
    """A post in each of two months of which the likes are not known."""
    with looking(store) as connection:
        (page,) = connection.execute("SELECT page_id FROM pages WHERE kind = 'own'").fetchone()
    for month in (3, 4):
        key, at = f"{page}_{month}", f"{year}-{month:02}-05T09:00:00+08:00"
        put(store, "posts", row("posts", post_id=key, page_id=page, published_at=at, message="x"))
        put(store, "snapshots", row("snapshots", post_id=key, observed_at="2025-01-05T09:00:00+08:00", reactions=200))


def test_a_chart_never_draws_another_measure_than_its_figures(store: Path) -> None:
    posts_with_reactions(store, 2014)
    given = papers.material(store)
    assert given.results["likes_per_post"].posts is not None
    chart = appendix.chart_of(given, "likes_per_post")
    assert [point.label for point in chart.points] == ["計畫執行前", "計畫執行完畢"]


def test_what_is_measured_otherwise_says_so_wherever_it_is_printed(store: Path) -> None:
    posts_with_reactions(store, 2015)
    given = papers.material(store, "103")
    period = parse_period("104")
    given = replace(given, period=period, results=views.board(store, period, papers.AS_OF).results)
    said = "以心情（按讚未知時）計"
    assert f"（計算值，2 篇，{said}）" in str(appendix.indicators(given))
    assert appendix.chart_of(given, "likes_per_post").title.startswith(f"每篇平均按讚：200 人（{said}），")
    assert [said in block.title for block in appendix.build(given) if isinstance(block, Chart)] == [False, True, False]
    assert f"200 人（{said}）" in str(summary.build(given))


def test_a_text_and_a_periods_line_say_how_a_figure_is_measured(store: Path) -> None:
    """A text that says likes and binds reactions would else call the one the other."""
    posts_with_reactions(store, 2015)
    given, period = papers.material(store, "103"), parse_period("104")
    results = views.board(store, period, papers.AS_OF).results
    said = "200 人（以心情（按讚未知時）計）"
    assert binding.bind("每篇平均按讚 {likes_per_post}", results, results, {}) == f"每篇平均按讚 {said}"
    assert said in binding.bind("{likes_per_post.last_year}", results, results, {})
    assert said in binding.offers(results, results, {})["{likes_per_post}"]
    node = replace(given.tree.methods[0], indicators=(results["likes_per_post"],))
    assert contents._figures((node,), parse_period("104H1")) == [f"104 年上半年：每篇平均按讚 {said}。"]


def aimed_at_likes(store: Path) -> None:
    """A target of 104 for likes, whose figure of 104 is of reactions: nobody said that it holds for them."""
    posts_with_reactions(store, 2015)
    days = {"valid_from": "2015-01-01", "valid_to": "2015-12-31"}
    target = {"indicator": "likes_per_post", "kind": "target", "definition": 1, "comparator": ">", "value": 100}
    put(store, "targets", row("targets", **target, **days))


def test_a_target_that_does_not_count_for_how_it_is_measured_now_is_said_to_be_there(store: Path) -> None:
    aimed_at_likes(store)
    given, period = papers.material(store, "103"), parse_period("104")
    given = replace(given, period=period, results=views.board(store, period, papers.AS_OF).results)
    said = "未設目標（指標的定義已改變，原目標尚未確認適用於新定義）"
    first = next(block for block in summary.build(given).blocks if isinstance(block, Table))
    assert [cells[3] for cells in texts_of(first)] == ["未設目標", said, "未設目標"]
    assert [cells[1] for cells in texts_of(appendix.indicators(given)) if cells[0] == "每篇平均按讚"] == [said]
    assert appendix.chart_of(given, "likes_per_post").title.endswith(f"人（以心情（按讚未知時）計），{said}")


def test_a_target_that_was_missed_says_how_the_figure_is_measured(made: Callable[[str], Path]) -> None:
    given = papers.material(made("report"))
    missed = given.results["reach_per_post"]._replace(definition=2)
    [(_, state, *_)] = appendix.reason_rows(given, [missed])
    assert state.split("\n")[0] == "未達：約 700–800 人（以瀏覽者計）"


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


HEADS = {
    "103H1": "103 年上半年",
    "103Q3": "103 年第 3 季",
}


@pytest.mark.parametrize("code", HEADS)
def test_a_shorter_period_says_what_is_of_the_whole_year_and_what_is_its_own(made: Copy, code: str) -> None:
    found, label = contents.build(papers.material(made("report"), code)), HEADS[code]
    assert found.title.endswith(f"執行績效與成果（{label}）")
    assert headings(found) == [
        "壹、計畫依據",
        "貳、計畫目標（103 年度全年目標）",
        "參、實施對象",
        "肆、執行策略及方法",
        "構面一、優質便民服務（第1類：第一線服務機關）",
        "構面二、資訊流通服務（第1類：第一線服務機關）",
        "構面三、創新增值服務（第1類：第一線服務機關）",
        f"附錄一、指標總表（{label}）",
        f"附錄二、粉絲專頁圖表（{label}）",
    ]
    notes = [block.text for block in found.blocks if isinstance(block, Paragraph) and block.style == "note"]
    assert notes[0] == (
        f"以下文字是 103 年度全年成果，文中的數字也是全年的；{label}的數字另列一行，以「{label}：」開頭。"
    )
    assert {table.head[-1] for table in tables(found)[:3]} == {"執行績效與成果（103 年度全年文字）"}
    assert [block.title for block in found.blocks if isinstance(block, Chart)] == [
        f"{label}粉絲人數：無資料，目標 13,000",
        f"{label}每篇平均按讚：無資料，目標超過 100",
        f"{label}每篇平均觸及：無資料，目標超過 1,000",
    ]


PHONE = "(2) 依「電話禮貌測試機制」執行計畫逐月施測，全年 12 次、受測 264 人次，並由主管督導同仁應對。"
TRAINING = "(3) 為使各單位同仁更新專業知能，全年辦理教育訓練 55 場次。"
OUTREACH = (
    "(2) 同仁與眷屬自 74 年起成立南檢仁愛基金會，以每月 100 或 200 元不等的捐款扶助學校、學生、醫院及團體，並藉機介紹"
    "分局業務；另配合國際活動舉辦世界計量日研討會 2 場次。產學合作簽署 2 件：崑山科技大學（103 年 8 月 6 日，"
    "「合作意向書」，試行「產官學合作平台」並授「標準與檢驗管理」課程）與嘉南藥理大學（103 年 11 月 27 日，"
    "「合作夥伴聯盟備忘錄」，預計 104 年開「商品安全創意管理」通識課）。103 年 2 月 27 日與 103 年 3 月 24 日並在雲林的"
    "計程車客運、加油站公會會員大會說明業務，共 2 場次。"
)


@pytest.mark.parametrize(
    ("code", "method", "wanted"),
    [
        ("103H1", "注重電話禮貌", [PHONE, "103 年上半年：電話禮貌測試 無資料；電話禮貌測試人次 無資料。"]),
        ("103Q3", "強化機關服務人員", [TRAINING, "103 年第 3 季：教育訓練 2 場次。"]),
        ("103H2", "強化機關服務人員", [TRAINING, "103 年下半年：教育訓練 3 場次。"]),
        (
            "103H1",
            "鼓勵所屬單位參與",
            [OUTREACH, "103 年上半年：世界計量日研討會 無資料；產學合作簽署 無資料；公會會員大會說明 2 場次。"],
        ),
        (
            "103Q3",
            "鼓勵所屬單位參與",
            [OUTREACH, "103 年第 3 季：世界計量日研討會 無資料；產學合作簽署 1 件；公會會員大會說明 無資料。"],
        ),
        ("103H1", "辦理國家標準意見徵求", ["(3) 全年持續協助總局就國家標準確認案徵詢意見。"]),
    ],
)
def test_a_text_of_the_year_keeps_the_years_figures_and_the_periods_stand_below(
    copy: Copy, code: str, method: str, wanted: list[str]
) -> None:
    store = copy("report")
    held = {"sp1": ("2014-07-03", 2), "sp2": ("2014-12-01", 1), "before": ("2013-08-01", 4)}
    put(
        store,
        "activities",
        *(
            row("activities", activity_id=name, kind="training", held_on=day, title="講習", sessions=times)
            for name, (day, times) in held.items()
        ),
    )
    [found] = [r for r in texts_of(tables(contents.build(papers.material(store, code)))[0]) if method in r[1]]
    assert found[3].split("\n") == wanted


def test_figures_of_an_innovative_strategy_follow_its_results_once(made: Copy) -> None:
    three = tables(contents.build(papers.material(made("report"), "103Q4")))[2]
    lasts = [cell.lines[-1] for row in three.rows for cell in row[2:] if cell]
    assert lasts[0] == (
        "103 年第 4 季：粉絲人數 已達 16,300 人；每篇平均按讚 無資料；每篇平均觸及 無資料；"
        "粉絲活動 1 場次；活動帶動粉絲 無資料；推廣小組帶動粉絲 無資料。"
    )
    assert lasts[2] == "103 年第 4 季：創新運作 無資料；審稿會議 無資料。"
    assert three.rows[0][2].lines[1].startswith("2. 103 年 12 月底前粉絲人數逾 16,000 人，高於年度計畫所訂 13,000 人")


def test_the_periods_figures_fill_the_appendix(made: Copy) -> None:
    for code, wanted in (
        ("103H1", ["公會會員大會說明", "未設目標", "2 場次\n（計算值）", "無資料", "未設目標", "103/03/24"]),
        ("103Q3", ["產學合作簽署", "未設目標", "1 件\n（計算值）", "無資料", "未設目標", "103/08/06"]),
    ):
        rows = texts_of(tables(contents.build(papers.material(made("report"), code)))[3])
        [found] = [row for row in rows if row[0] == wanted[0]]
        assert found[:6] == wanted


def test_the_whole_year_says_nothing_of_periods(paper: Document) -> None:
    said = [line for table in tables(paper)[:3] for row in texts_of(table) for cell in row for line in cell.split("\n")]
    assert not [line for line in said if line.startswith("103 年：")]
    assert [table.head[-1] for table in tables(paper)[:3]] == ["執行績效與成果"] * 3


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


def of_method(store: Path, label: str) -> list[str]:
    """The lines of a method's result as printed."""
    [found] = [row for table in tables(papers.paper(store))[:2] for row in texts_of(table) if label in row[1]]
    return found[3].split("\n")


def test_a_text_of_a_strategy_that_no_method_rests_on_follows_the_first_methods(copy: Copy) -> None:
    store = copy("report")
    before = of_method(store, "設置全功能櫃檯")
    texts = ("全年便捷服務獲民眾肯定。", "另有 {training_sessions}。")
    put(
        store,
        "result_texts",
        *(row("result_texts", year=103, owner="1.1", number=at, text=text) for at, text in enumerate(texts, 1)),
    )
    after = ["本項策略的成果：", "1. 全年便捷服務獲民眾肯定。", "2. 另有 55 場次。"]
    assert of_method(store, "設置全功能櫃檯") == [*before, *after]
    put(store, "result_links", row("result_links", year=103, method="1.1.1.1", owner="1.1", number=1))
    assert of_method(store, "設置全功能櫃檯") == [*before, *after], "a method with its own text shows that alone"


def test_a_linked_text_of_a_strategy_stands_with_its_method_only(copy: Copy) -> None:
    store = copy("report")
    entries.strike(store, BY_NAME["result_texts"], (103, "1.1.1.3", 1), reason="改列策略", by="研考")
    put(store, "result_texts", row("result_texts", year=103, owner="1.1", number=1, text="志工帶路。"))
    put(store, "result_links", row("result_links", year=103, method="1.1.1.3", owner="1.1", number=1))
    assert of_method(store, "走動式服務") == ["(3) 志工帶路。"]
    assert len(of_method(store, "設置全功能櫃檯")) == 1


def test_a_strategy_without_methods_is_printed_with_its_texts(copy: Copy) -> None:
    store = copy("report")
    put(
        store,
        "strategies",
        row("strategies", year=103, strategy="2.9", dimension=2, number=9, label="新策略"),
        row("strategies", year=103, strategy="3.9", dimension=3, number=9, label="創新策略"),
    )
    put(store, "result_texts", row("result_texts", year=103, owner="2.9", number=1, text="已有成果。"))
    _, two, three = tables(papers.paper(store))[:3]
    assert texts_of(two)[-1] == ["(九)新策略", "未列執行方法", "", "1. 已有成果。"]
    assert texts_of(three)[-1] == ["(九)創新策略", "未列執行方法", "尚未填寫"]


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (9, "九"), (10, "十"), (99, "九十九"), (100, "100")])
def test_a_number_that_a_file_may_bring_never_breaks_a_document(number: int, said: str) -> None:
    assert wording.numeral(number) == said
