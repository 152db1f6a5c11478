"""The director's two slides, read back by the library."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sqdash.errors import SettingsError
from sqdash.report import as_pptx, writers
from tests.making import is_one_sentence
from tests.report import papers

pptx = pytest.importorskip("pptx", reason="the optional library of slides is not installed")
Copy = Callable[[str], Path]
LONG = "很長的一段原因，逐句說明辦理情形與後續規劃，" * 20


def slides(data: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(data)).slides


def cells(slide: Any) -> list[list[list[str]]]:
    """Each table's texts by row."""
    found = [shape.table for shape in slide.shapes if shape.has_table]
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in found]


@pytest.fixture(scope="module")
def data(made: Copy) -> bytes:
    return as_pptx.write(papers.material(made("report")))


def test_the_first_slide_has_the_three_targets_and_the_counts(data: bytes) -> None:
    first, _ = slides(data)
    assert first.shapes.title.text == "103 年服務品質成果摘要"
    targets, counts = cells(first)
    assert targets == [
        ["粉絲專頁目標", "狀態", "成果", "目標與差距"],
        ["粉絲人數", "✔ 達標", "已達 16,300 人", "目標 13,000，超出 3,300（125%）"],
        ["每篇平均按讚", "✖ 未達", "60–70 人", "目標超過 100，每篇還差 30 以上"],
        ["每篇平均觸及", "✖ 未達", "約 700–800 人", "目標超過 1,000，每篇還差 200 以上"],
    ]
    assert counts[1] == ["教育訓練：55 場次", "座談、說明、研討會：12 場次", "業務推廣活動：60 場次"]
    assert len(counts) == 8


def test_the_first_slide_says_how_a_figure_is_measured_and_why_its_target_does_not_count(made: Copy) -> None:
    given = papers.material(made("report"))
    likes = given.results["likes_per_post"]._replace(
        definition=2, state="no_target", applied=None, unaimed="原目標尚未確認"
    )
    first, _ = slides(as_pptx.write(replace(given, results={**given.results, "likes_per_post": likes})))
    assert cells(first)[0][2] == [
        "每篇平均按讚",
        "– 未設目標",
        "60–70 人（以心情（按讚未知時）計）",
        "未設目標（原目標尚未確認）",
    ]


def test_two_lines_of_a_target_push_the_counts_down_and_not_off_the_slide(made: Copy) -> None:
    given, why = papers.material(made("report")), "指標的定義已改變，原目標尚未確認適用於新定義"
    two = {
        key: given.results[key]._replace(definition=2, state="no_target", applied=None, unaimed=why)
        for key in ("likes_per_post", "reach_per_post")
    }
    show = pptx.Presentation(io.BytesIO(as_pptx.write(replace(given, results={**given.results, **two}))))
    aimed, counts = (shape for shape in show.slides[0].shapes if shape.has_table)
    assert aimed.top + aimed.height <= counts.top
    assert counts.top + counts.height <= show.slide_height


def test_the_second_slide_has_what_was_missed_and_why(data: bytes) -> None:
    _, second = slides(data)
    assert second.shapes.title.text == "未達目標、原因與下一步"
    [rows] = cells(second)
    assert rows[0] == ["指標與主辦單位", "狀態與差距", "原因", "下一步"]
    assert [row[1].split("\n")[0] for row in rows[1:]] == ["✖ 未達：60–70 人", "✖ 未達：約 700–800 人"]
    assert [row[3] for row in rows[1:]] == ["待訂", "待訂"]
    said = [shape.text_frame.text for shape in second.shapes if shape.has_text_frame]
    assert said[1] == "沒有資料的指標（4 項）：6S 稽核；無線網路連線測試；未更新網頁提報；審稿會議。"


def test_the_notes_have_the_sources(data: bytes) -> None:
    first, second = (slide.notes_slide.notes_text_frame.text for slide in slides(data))
    lines = first.split("\n")
    assert lines[0] == "資料來源"
    assert lines[1].startswith("粉絲人數 已達 16,300 人：readings.csv 第 2 列")
    assert lines[1].endswith("（103/12/31）")
    assert len(lines) == 2 + 30
    assert lines[-1].startswith("取自資料庫修訂 23（")
    assert "原因：(一)尚未建立投稿的獎勵辦法。(二)" in second


def test_no_shape_leaves_the_slide_and_every_table_is_named(made: Copy) -> None:
    for store, period in (("report", "103"), ("report", "103H1"), ("demo", "104")):
        if store == "demo":
            given = replace(papers.material(made(store)), demonstration=True)
        else:
            given = papers.material(made(store), period)
        show = pptx.Presentation(io.BytesIO(as_pptx.write(given)))
        for slide in show.slides:
            for shape in slide.shapes:
                assert shape.left >= 0
                assert shape.left + shape.width <= show.slide_width
                assert shape.top + shape.height <= show.slide_height
                if shape.has_table:
                    assert shape._element.nvGraphicFramePr.cNvPr.get("descr").startswith(shape.name)


def test_a_demonstration_is_marked_on_both(made: Copy) -> None:
    for slide in slides(as_pptx.write(papers.material(made("demo")))):
        assert "示範資料，不是正式成果" in [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def test_what_has_no_room_is_counted_and_stands_in_the_notes(made: Copy) -> None:
    given = papers.material(made("report"))
    missed = given.results["likes_per_post"]
    many = {
        key: missed._replace(key=key) if at < 12 else result for at, (key, result) in enumerate(given.results.items())
    }
    crowded = replace(given, results=many, reasons=dict.fromkeys(many, (LONG,)))
    _, second = slides(as_pptx.write(crowded))
    [rows] = cells(second)
    shown = len(rows) - 1
    assert 1 <= shown < 12
    assert rows[1][2].endswith("…（全文見備忘稿）")
    said = [shape.text_frame.text for shape in second.shapes if shape.has_text_frame]
    assert said[1].startswith(f"另有 {12 - shown} 項未達目標，見年度報告附錄三。")
    assert second.notes_slide.notes_text_frame.text.count(LONG) == 12


def test_letters_that_no_file_can_hold_and_markup_stay_texts(made: Copy) -> None:
    given = papers.material(made("report"))
    _, second = slides(as_pptx.write(replace(given, reasons={"likes_per_post": ("<b>=cmd()</b>\x00\x1f",)})))
    [rows] = cells(second)
    assert rows[1][2] == "(一)<b>=cmd()</b>□□"


def test_the_same_material_is_the_same_bytes_in_the_words_language(made: Copy, data: bytes) -> None:
    assert as_pptx.write(papers.material(made("report"))) == data
    assert writers.write(papers.material(made("report")), "pptx", summary=True) == data
    show = pptx.Presentation(io.BytesIO(data))
    assert (show.core_properties.title, show.core_properties.language) == ("103 年服務品質成果摘要", "zh-TW")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        slide = packed.read("ppt/slides/slide1.xml").decode()
    assert slide.count('lang="zh-TW"') == slide.count("<a:r>") > 20


def test_without_the_library_it_is_one_sentence(made: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    given = papers.material(made("report"))
    monkeypatch.setitem(sys.modules, "pptx", None)
    with pytest.raises(SettingsError, match=r"requirements-pptx\.txt") as caught:
        as_pptx.write(given)
    assert is_one_sentence(caught.value)
