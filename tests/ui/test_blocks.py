"""Blocks of HTML: what is given as text stays text, and a table says what its columns are."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from streamlit.testing.v1 import AppTest

from sqdash.ui import blocks
from tests.blocks import read

HOSTILE = "<img src=x onerror=f()> \"'&lt; </p><script>f()</script> %s"
BLOCKS: dict[str, Callable[[str], Markup]] = {
    "line": lambda text: blocks.line(text, dim=True),
    "heading": lambda text: blocks.heading(3, text),
    "head": lambda text: blocks.head(text, blocks.badge("✔", "green")),
    "badge": lambda text: blocks.line(blocks.badge(text, "red")),
    "colored": lambda text: blocks.line(blocks.colored(text, "blue")),
    "small": lambda text: blocks.line(blocks.small(text), blocks.small("人", "gray")),
    "strong": lambda text: blocks.line(blocks.strong(text)),
    "marks": lambda text: blocks.marks(blocks.small(text, "gray")),
    "listed": lambda text: blocks.listed(blocks.line(text)),
    "prose": blocks.prose,
    "heading of a table": lambda text: blocks.table({text: ["1"]}, alt="x"),
    "cell": lambda text: blocks.table({"欄": [text]}, alt=text, right=["欄"]),
    "whole": lambda text: blocks.line(blocks.whole(blocks.colored(text, "green"))),
    "boxes": lambda text: blocks.boxes([blocks.box(blocks.line(text))], 3),
    "thirds": lambda text: blocks.thirds(blocks.box(blocks.low(blocks.line(text)), key=text)),
    "beside": lambda text: blocks.beside(blocks.line(text), blocks.line("右")),
    "days": lambda text: blocks.days([(blocks.line(text), True)], 5),
    "link": lambda text: blocks.onward(blocks.link(text, text, icon=text)),
    "section_head": lambda text: blocks.section_head(text, blocks.link("./fans", text)),
    "more": lambda text: blocks.more(text, blocks.line(text)),
    "matters": lambda text: blocks.matters([blocks.line(text)]),
    "picture": lambda text: blocks.picture("<svg/>", alt=text),
}


@pytest.mark.parametrize("make", BLOCKS.values(), ids=BLOCKS)
def test_text_that_looks_like_markup_is_shown_as_it_is(make: Callable[[str], Markup]) -> None:
    found = read(make(HOSTILE))
    said = [
        *found.lines,
        *found.pictures,
        *(text for rows in found.tables for row in rows for text in (*row, *row.values())),
    ]
    assert any(HOSTILE in text for text in said)
    assert "<script" not in make(HOSTILE)
    assert make(HOSTILE).count("<img") == make("x").count("<img")


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\0\r")), min_size=2, max_size=2), max_size=4))
def test_any_cell_reads_as_it_was_given(rows: list[list[str]]) -> None:
    columns = {"甲": [row[0] for row in rows], "乙": [row[1] for row in rows]}
    (found,) = read(blocks.table(columns, alt="兩欄")).tables
    assert [list(row.values()) for row in found] == rows


def test_a_table_says_its_name_the_headings_of_its_columns_and_how_they_stand() -> None:
    made = blocks.table(
        {"狀態": ["✔ 完成"], "說明": ["一行放不下的說明在這裡"], "數": ["1,234"]},
        alt="進度",
        right=["數"],
        whole=["狀態"],
    )
    assert made == (
        '<div class="sq-table"><table aria-label="進度"><thead><tr><th scope="col" class="sq-whole">狀態</th>'
        '<th scope="col" class="sq-text">說明</th><th scope="col" class="sq-right sq-whole">數</th></tr></thead>'
        '<tbody><tr><td class="sq-whole">✔ 完成</td><td class="sq-text">一行放不下的說明在這裡</td>'
        '<td class="sq-right sq-whole">1,234</td></tr></tbody></table></div>'
    )


def test_a_cell_that_stays_whole_keeps_its_own_lines() -> None:
    """What stands below a figure, such as how it was measured, would else make its column as broad as both."""
    assert ".sq .sq-whole{white-space:pre}" in blocks.style()


@pytest.mark.parametrize(("columns", "kinds"), [(4, ["", ""]), (5, ["sq-whole", "sq-text"])])
def test_a_table_of_many_columns_is_moved_sideways_and_not_set_a_sign_a_line(columns: int, kinds: list[str]) -> None:
    texts = ["八個字還不必換行", "九個字就可以換行了", *["是"] * 3][:columns]
    made = blocks.table({str(at): [text] for at, text in enumerate(texts)}, alt="表")
    assert re.findall(r'<td class="([^"]*)">', made) == kinds + ["sq-whole"] * (columns - 2)


def test_a_word_is_not_set_upright_beside_a_long_text() -> None:
    made = blocks.table(
        {"欄": ["名稱", "主辦單位"], "原因": ["這一欄必填，請補上。"] * 2, "內容": ["五個字的話"] * 2}, alt="表"
    )
    assert re.findall(r'<td class="([^"]*)">', made)[:3] == ["sq-whole", "", ""]


def test_a_column_whose_texts_are_mostly_long_has_more_room_than_one_with_a_long_remark() -> None:
    long = "一格裡有二十一個字的說明要占好幾行才放得下"
    made = blocks.table(
        {"甲": [long, long, "—"], "乙": [long, "", ""], **{str(at): ["1"] * 3 for at in range(3)}}, alt="表"
    )
    assert re.findall(r'<td class="([^"]*)">', made)[:2] == ["sq-text sq-wide", "sq-text sq-long"]


def test_a_table_that_a_narrow_screen_has_room_for_is_not_made_wider_by_a_long_text() -> None:
    made = blocks.table({"甲": ["一格裡有二十一個字的說明要占好幾行才放得下"], "乙": ["是"]}, alt="表", whole=["乙"])
    assert re.findall(r'<td class="([^"]*)">', made) == ["sq-text", "sq-whole"]


def test_small_cards_stand_side_by_side_each_with_its_lines() -> None:
    some = blocks.box(blocks.line("教育訓練"), blocks.heading(4, "55")), blocks.box(blocks.line("新聞稿"), key="press")
    made = blocks.boxes(some, 4)
    assert read(made).boxes == [["教育訓練", "55"], ["新聞稿"]]
    assert read(made).cards == {"press": ["新聞稿"]}
    assert made.startswith('<div class="sq-boxes sq-of-4">')


def test_a_link_says_where_it_leads_and_what_is_folded_away_what_it_is() -> None:
    way = blocks.link("./posts?period=104&slot=a", blocks.colored("✖", "red"), " 未達", icon="arrow_forward")
    assert way == (
        '<a class="sq-link" href="./posts?period=104&amp;slot=a" data-icon="arrow_forward">'
        '<span class="sq-red">✖</span> 未達</a>'
    )
    found = read(blocks.more("其餘 2 項", blocks.matters([blocks.line(way)], [blocks.line("二")])))
    assert (found.folds, found.links) == (["其餘 2 項"], {"✖ 未達": "./posts?period=104&slot=a"})


def test_columns_of_unlike_length_are_no_table() -> None:
    with pytest.raises(ValueError, match="zip"):
        blocks.table({"甲": ["1"], "乙": []}, alt="x")


def test_blocks_are_one_element_and_none_where_there_is_nothing() -> None:
    def page() -> None:
        from markupsafe import Markup

        from sqdash.ui import blocks

        blocks.draw()
        blocks.draw(Markup(""))
        blocks.draw(blocks.heading(2, "名稱"), blocks.line("第一行"), blocks.line("第二行"))

    (drawn,) = AppTest.from_function(page).run().get("html")
    assert read(drawn.value).lines == ["名稱", "第一行", "第二行"]


def test_the_colours_are_the_themes() -> None:
    rules = blocks.style()
    assert ".sq-red{color:light-dark(#801650,#f3a3cc)}" in rules
    assert ".sq-badge.sq-green{background:light-dark(#eef7f6,#12332f)}" in rules
    assert "None" not in rules
