"""Finding the headings past titles and over two lines, and telling data from what stands around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.importers import headings
from sqdash.importers.base import Answers
from sqdash.importers.headings import Found, Head, fold
from tests.importers.reading import read_file

WORDS = frozenset(fold(word) for word in ("編號", "日期", "名稱", "場次", "人次", "Post ID"))


def find(*rows: str, merged: tuple[tuple[int, ...], ...] = ()) -> Found | None:
    return headings.find([(n, row.split(",")) for n, row in enumerate(rows, 1) if row], WORDS, merged)


def head(*rows: str, merged: tuple[tuple[int, ...], ...] = ()) -> Head:
    found = find(*rows, merged=merged)
    assert found
    return found.head


# --- which row


def test_first_row_with_two_known_headings_is_taken() -> None:
    assert head("編號,日期,其他", "1,2,3").cells == ("編號", "日期", "其他")


@pytest.mark.parametrize("title", ["103 年度活動紀錄", "臺南分局,,單位：場次、人次", "103"])
def test_trap_title_row_above_the_headings_is_no_part_of_them(title: str) -> None:
    found = head(title, "日期,名稱,場次", "103/6/1,甲,1")
    assert (found.number, found.lines, found.cells) == (2, 1, ("日期", "名稱", "場次"))
    assert found.above == ((1, title.split(",")),)


def test_title_and_blank_row_above_the_headings() -> None:
    found = find("103 年度", "", "日期,名稱", "103/6/1,甲")
    assert found
    assert (found.head.number, list(found.rows)) == (3, [(4, ["103/6/1", "甲"])])


def test_signature_does_not_depend_on_the_title_nor_on_the_order() -> None:
    plain = head("日期,名稱", "1,2").signature
    assert head("103 年度", "日期,名稱", "1,2").signature == plain
    assert head("名稱, 日 期", "1,2").signature == plain
    assert head("名稱,日期,場次", "1,2,3").signature != plain


def test_headings_are_searched_in_the_first_rows_only() -> None:
    rows = [f"{n},{n}" for n in range(headings.SEARCHED)]
    matches = [found.matches for found in (find(*rows[1:], "編號,日期"), find(*rows, "編號,日期")) if found]
    assert matches == [2, 0]


def test_a_row_with_a_number_is_no_heading_row() -> None:
    assert head("日期,名稱,3", "編號,日期,名稱", "1,2,3").number == 2


def test_table_without_known_headings_offers_its_first_row_of_texts() -> None:
    found = find("甲,乙", "1,2")
    assert found
    assert (found.matches, found.head.cells, list(found.rows)) == (0, ("甲", "乙"), [(2, ["1", "2"])])


def test_table_of_numbers_has_no_headings() -> None:
    assert find("1,2", "3,4") is None


def test_trap_empty_last_column_of_a_trailing_comma_is_no_column() -> None:
    assert head("編號,日期,名稱,", "1,2,3,").cells == ("編號", "日期", "名稱")


def test_line_break_inside_a_heading_is_a_blank() -> None:
    found = headings.find([(1, ["編\n號", "日期"]), (2, ["1", "2"])], WORDS)
    assert found
    assert (found.head.cells, found.head.at([fold("編號")])) == (("編 號", "日期"), 0)


# --- two lines


def test_trap_headings_over_two_lines_are_known_by_either() -> None:
    found = head("編號,日期,成果,", ",,場次,人次", "1,2,3,4")
    assert (found.number, found.lines) == (2, 2)
    assert [found.at([fold(word)]) for word in ("編號", "日期", "場次", "人次", "成果人次")] == [0, 1, 2, 3, 3]
    assert found.cells == ("編號", "日期", "成果 場次", "成果 人次")


def test_trap_three_lines_a_title_and_two_of_headings() -> None:
    found = head("103 年度", "編號,日期,成果,", ",,場次,人次", "1,2,3,4")
    assert (found.number, found.lines, len(found.above)) == (3, 2, 1)


def test_merged_heading_stands_over_its_own_columns_only() -> None:
    merged = ((1, 2, 1, 3),)
    found = head("編號,日期,成果,,名稱,", ",,場次,人次,,", "1,2,3,4,5,6", merged=merged)
    assert found.cells == ("編號", "日期", "成果 場次", "成果 人次", "名稱")


DIVIDED = ("編號,日期,名稱,人次,", ",,,男,女")


@pytest.mark.parametrize("merged", [(), ((1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4))])
def test_trap_known_heading_that_a_second_line_divides_is_not_its_first_part(
    merged: tuple[tuple[int, ...], ...],
) -> None:
    found = head(*DIVIDED, "1,2,3,4,5", merged=merged)
    assert (found.number, found.lines, found.cells) == (2, 2, ("編號", "日期", "名稱", "人次 男", "人次 女"))
    assert [found.at([fold(word)]) for word in ("名稱", "人次", "人次男")] == [2, None, 3]


def test_trap_headings_merged_over_two_rows_take_both_whatever_stands_in_the_second() -> None:
    merged = ((1, 0, 2, 0), (1, 1, 2, 1))
    found = head("編號,日期,人次", ",,男", "1,2,3", merged=merged)
    assert (found.lines, found.cells) == (2, ("編號", "日期", "人次 男"))


@pytest.mark.parametrize("row", ["甲,某日,某課,,", ",,,,備註", ",,,某,", ",,,3,女"])
def test_row_of_data_with_empty_cells_is_no_second_line(row: str) -> None:
    found = find(DIVIDED[0], row)
    assert found
    assert (found.head.lines, list(found.rows)) == (1, [(2, row.split(","))])


def test_line_of_groups_above_complete_headings_is_a_title() -> None:
    found = head("基本,,成果,", "編號,日期,場次,人次", "1,2,3,4")
    assert (found.number, found.lines, found.cells) == (2, 1, ("編號", "日期", "場次", "人次"))


# --- spelling


@pytest.mark.parametrize("text", ["post id", "ＰＯＳＴ　ＩＤ", " Post  ID ", "\ufeffPost ID", "POST ID"])
def test_headings_fold_alike(text: str) -> None:
    assert fold(text) == fold("Post ID")


@given(st.text())
def test_folding_twice_is_folding_once_for_ascii_and_never_leaves_blanks(text: str) -> None:
    assert not any(sign.isspace() for sign in fold(text))
    assert fold(fold(text)) == fold(text) or not text.isascii()


def test_unit_in_brackets_is_a_further_spelling() -> None:
    assert head("編號,場次（場）,人次(人)", "1,2,3").at([fold("場次")]) == 1


@pytest.mark.parametrize("text", ["人次（人）", "人次(單位：人次)", "人次[份]", "人次（%）", "人次（百分比）"])
def test_a_unit_may_stand_in_brackets(text: str) -> None:
    assert head(f"編號,日期,{text}", "1,2,3").at([fold("人次")]) == 2


@pytest.mark.parametrize("words", ["預計", "男", "上月未結", "organic", "人次男", "人/次"])
def test_trap_words_in_brackets_make_it_another_column(words: str) -> None:
    assert head(f"編號,日期,人次（{words}）", "1,2,3").at([fold("人次")]) is None
    assert head(f"編號,日期,人次（{words}）,人次", "1,2,3,4").at([fold("人次")]) == 3


def test_column_spelled_so_comes_before_one_with_its_unit() -> None:
    assert head("編號,人次(人),人次", "1,2,3").at([fold("人次")]) == 2


@pytest.mark.parametrize("rows", [("編號,日期,人次(人),人次(%)",), ("編號,日期,甲,,乙,", ",,場次,人次,場次,人次")])
def test_trap_columns_that_differ_in_what_is_left_out_are_not_chosen_by_position(rows: tuple[str, ...]) -> None:
    assert head(*rows, "1,2,3,4,5,6").at([fold("人次")]) is None


def test_column_that_stands_twice_is_named_once() -> None:
    assert head("編號,日期,日 期,", "1,2,3").repeated() == ["日期", "日 期"]
    assert head("編號,日期,日期", "1,2,3").repeated() == ["日期"]
    assert head("編號,日期", "1,2").repeated() == []


# --- rows that are no data


@pytest.mark.parametrize(
    "text", ["合計", "總計", " 總 計 ", "(888800)總計", "小計", "平均", "Total", "合計：", "共計", "計"]
)
def test_trap_totals_are_told_by_their_first_text(text: str) -> None:
    assert headings.is_total(["", text, "12"])


@pytest.mark.parametrize("text", ["全年合計", "本年度總計", "103年度合計", "共計", "計"])
def test_a_total_of_the_year_is_one_of_the_whole_table(text: str) -> None:
    assert headings.is_total([text, "12"])
    assert headings.is_grand_total([text, "12"])


PARTS = ["第一季小計", "上半年合計", "1-6月小計", "6月合計", "1~3月累計", "本月共計", "上半年度合計", "103年第1季小計"]
PARTS += ["103年1至6月合計", "103年度上半年合計", "十二月小計", "1月－6月合計", "一至三月份累計"]


@pytest.mark.parametrize("text", PARTS)
def test_a_total_of_a_part_of_the_year_is_no_check(text: str) -> None:
    assert headings.is_total([text, "12"])
    assert not headings.is_grand_total([text, "12"])


@pytest.mark.parametrize("text", ["計量日", "年度計畫", "會計", "合計一場", "6月", "十月合計畫", "月計畫"])
def test_a_text_with_such_a_word_in_it_is_no_total(text: str) -> None:
    assert not headings.is_total([text, "12"])


@pytest.mark.parametrize("text", ["總計畫說明會", "合計一場", "平均", "小計"])
def test_only_totals_of_the_whole_table_are_a_check(text: str) -> None:
    assert not headings.is_grand_total([text, "12"])


@pytest.mark.parametrize(
    "text",
    [
        "註：以上",
        "註1：以上",
        "備註:x",
        "資料來源：分局",
        "說明：",
        "※ 以上",
        "承辦人：",
        "單位主管：",
        "製表日期：",
        "* 註",
    ],
)
def test_trap_notes_and_signatures_below_the_table_are_told(text: str) -> None:
    assert headings.is_note(["", text, ""])


@pytest.mark.parametrize("text", ["註冊商標研習", "說明會", "主管會報", "承辦人研習", ""])
def test_data_is_no_note(text: str) -> None:
    assert not headings.is_note([text, "1"])


# --- end to end


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp950"])
def test_trap_line_ends_and_encodings_of_offices(end: str, encoding: str) -> None:
    rows = ["分局活動紀錄", "類別,活動日期,活動名稱,場次", "教育訓練,103/06/10,商品檢驗法規研習,1", ""]
    found = read_file("a.csv", end.join(rows).encode(encoding), Answers())
    assert found.column("activities", "title") == ["商品檢驗法規研習"]
    assert found.findings.notes == ["欄名在第 2 列，其上的標題列沒有讀取。"]
