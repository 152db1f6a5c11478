"""Files of the catalogue's own format: CSV whose headings are a table's columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sqdash import importers
from sqdash.errors import BadCell, DataError, FileNotRecognised
from sqdash.importers import native
from sqdash.quoting import guard
from sqdash.records import KEEP, Row
from sqdash.tables import BY_NAME, TABLES, Table

PETITIONS, PAGES, CHECKS = BY_NAME["petitions"], BY_NAME["pages"], BY_NAME["checks"]
HEAD = "month,received,closed,source_place"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('",\n\t='), min_size=1, max_size=20)


def parse(text: str, table: Table = PETITIONS) -> list[Row]:
    return importers.parse("a.csv", text.encode(), table)


def values(text: str, table: Table = PETITIONS) -> list[tuple[object, ...]]:
    return [row.values for row in parse(text, table)]


def refused(text: str, table: Table = PETITIONS) -> str:
    with pytest.raises(DataError) as caught:
        parse(text, table)
    assert not isinstance(caught.value, BadCell)
    return str(caught.value)


def outcome(data: bytes) -> tuple[list[Row], str]:
    """The rows, or the sentence that refuses the file."""
    try:
        return importers.parse("a.csv", data, PETITIONS), ""
    except DataError as error:
        return [], str(error)


def bad_cell(text: str, table: Table = PETITIONS) -> BadCell:
    with pytest.raises(BadCell) as caught:
        parse(text, table)
    return caught.value


def written(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([head, *rows])
    return out.getvalue()


# --- which table a file is for


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_all_columns_name_their_table_in_any_order(table: Table) -> None:
    assert native.identify(table.names) is table
    assert native.identify(table.names[::-1]) is table


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_required_columns_and_key_suffice(table: Table) -> None:
    assert native.identify([c.name for c in table.columns if c.required or c.key]) is table


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_unknown_heading_names_no_table(table: Table) -> None:
    assert native.identify([*table.names, "unheard_of"]) is None


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_doubled_heading_names_no_table(table: Table) -> None:
    assert native.identify([*table.names, table.names[-1]]) is None


@pytest.mark.parametrize("head", [[], [""], ["month"], ["month", "received"], ["Month", "received", "closed"]])
def test_headings_without_all_required_columns_name_no_table(head: list[str]) -> None:
    assert native.identify(head) is None


def test_file_of_a_table_is_recognised() -> None:
    assert importers.identify("a.csv", f"{HEAD}\n".encode()) is PETITIONS


@pytest.mark.parametrize("text", ["", "\n", "a,b\n1,2\n", "month;received;closed\n", f"{HEAD},month\n"])
def test_file_of_no_table_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(FileNotRecognised) as caught:
        importers.identify("b.csv", text.encode())
    assert str(caught.value) == "b.csv 的欄名不是任何一種已知格式，請對照範本的欄名後再試。"


# --- what a file may look like


def test_row_has_its_number_and_values_in_the_table_s_order() -> None:
    assert parse("closed,month,received\n5,2014-01,6\n") == [Row(2, ("2014-01", 6, 5, KEEP))]


def test_headings_may_be_a_subset_and_the_rest_is_not_given() -> None:
    assert values("month,received,closed\n2014-01,6,5\n") == [("2014-01", 6, 5, KEEP)]


def test_spaces_around_headings_and_figures_are_passed_over() -> None:
    assert native.headings("a.csv", b" month , received,closed ") == ["month", "received", "closed"]
    assert values(" month , received,closed \n 2014-01 , 6,5 \n") == [("2014-01", 6, 5, KEEP)]


def test_spaces_around_text_are_kept() -> None:
    assert values("month,received,closed,source_place\n2014-01,6,5, 一 \n") == [("2014-01", 6, 5, " 一 ")]


def test_byte_order_mark_is_passed_over() -> None:
    assert native.headings("a.csv", b"\xef\xbb\xbf" + HEAD.encode()) == HEAD.split(",")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ending_is_read(end: str) -> None:
    text = end.join([HEAD, "2014-01,6,5,甲", "2014-02,0,0,", ""])
    assert parse(text) == [Row(2, ("2014-01", 6, 5, "甲")), Row(3, ("2014-02", 0, 0, None))]


def test_last_line_may_lack_its_ending() -> None:
    assert values(f"{HEAD}\n2014-01,6,5,甲") == [("2014-01", 6, 5, "甲")]


def test_quoted_cell_keeps_commas_quotes_and_lines() -> None:
    assert values(f'{HEAD}\n2014-01,6,5,"甲,""乙""\r\n丙"\n') == [("2014-01", 6, 5, '甲,"乙"\r\n丙')]


def test_empty_lines_are_passed_over_and_counted() -> None:
    assert [row.number for row in parse(f"{HEAD}\n\n2014-01,6,5,\n\n2014-02,6,5,\n")] == [3, 5]


def test_row_after_a_cell_of_several_lines_is_counted_as_a_row() -> None:
    assert [row.number for row in parse(f'{HEAD}\n2014-01,6,5,"a\nb"\n2014-02,6,5,\n')] == [2, 3]


def test_headings_alone_give_no_rows() -> None:
    assert parse(f"{HEAD}\n") == []


# --- what is refused as a whole


def test_file_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        importers.parse("a.csv", f"{HEAD}\n2014-01,6,5,甲\n".encode("big5"), PETITIONS)
    assert str(caught.value) == "a.csv 不是 UTF-8 編碼，請另存為 UTF-8 的 CSV 再試。"


def test_nul_is_refused() -> None:
    assert refused(f"{HEAD}\n2014-01,6,5,a\x00b\n") == "a.csv 含有 NUL 位元組，不是文字檔，請重新匯出。"


@pytest.mark.parametrize("cell", ['"甲', '"甲"乙'])
def test_unclosed_or_stray_quote_is_refused_with_its_line(cell: str) -> None:
    sentence = "a.csv 第 3 行的引號或分隔不完整，請重新匯出。"
    assert refused(f"{HEAD}\n2014-01,6,5,\n2014-02,6,5,{cell}\n") == sentence


@pytest.mark.parametrize(("line", "count"), [("2014-01,6,5", 3), ("2014-01,6,5,甲,乙", 5), ("2014-01", 1)])
def test_short_or_long_row_is_refused(line: str, count: int) -> None:
    sentence = f"a.csv 第 3 列有 {count} 欄，應為 4 欄，請檢查逗號與引號。"
    assert refused(f"{HEAD}\n2014-02,6,5,\n{line}\n") == sentence


def test_second_row_of_a_key_is_refused_naming_both() -> None:
    text = f"{HEAD}\n2014-01,6,5,\n2014-02,6,5,\n 2014-01,7,7,別處\n"
    assert refused(text) == "a.csv 第 4 列與第 2 列的鍵值相同，請刪去重複的一列。"


def test_key_whose_optional_part_is_empty_is_still_a_key() -> None:
    head = "unit,valid_from,label,kind,implementing,position"
    text = f"{head}\nu1,,甲,unit,1,1\nu1,2014-01-01,乙,unit,1,2\n"
    assert len(parse(text, BY_NAME["units"])) == 2
    assert refused(f"{text}u1,,丙,unit,1,3\n", BY_NAME["units"]).startswith("a.csv 第 4 列與第 2 列的鍵值相同")


# --- what is refused for one cell


def test_bad_cell_names_file_row_column_value_and_reason() -> None:
    error = bad_cell(f"{HEAD}\n2014-01,6,5,\n2014-02, 1O ,5,\n")
    assert (error.file, error.row, error.column, error.value) == ("a.csv", 3, "received", "1O")
    assert error.reason == "須為 0 或正整數，不含逗號與單位。"
    assert str(error) == "a.csv 第 3 列「received」的值「1O」無法採用：須為 0 或正整數，不含逗號與單位。"


def test_empty_required_cell_is_named() -> None:
    assert str(bad_cell(f"{HEAD}\n2014-01,,5,\n")) == "a.csv 第 2 列「received」的值「」無法採用：這一欄必填，請補上。"


def test_missing_required_column_is_named() -> None:
    assert (error := bad_cell("month,received\n2014-01,6\n")).column == "closed"
    assert error.reason == "這一欄必填，請補上。"


def test_first_bad_cell_counts() -> None:
    error = bad_cell(f"{HEAD}\n2014-01,x,y,\n2014-13,6,5,\n")
    assert (error.row, error.column) == (2, "received")


def test_choice_may_be_written_as_word_and_is_stored_as_code() -> None:
    assert parse("check_id,kind,checked_on\nc1,6S 稽核,2014-01-02\n", CHECKS)[0].values[1] == "six_s"


@pytest.mark.parametrize("cell", ["", "  ", "\u3000"])
def test_required_text_of_nothing_but_spaces_is_as_if_empty(cell: str) -> None:
    error = bad_cell(f"page_id,kind,label\np1,own,{cell}\n", PAGES)
    assert (error.column, error.reason) == ("label", "這一欄必填，請補上。")


# --- whatever the file


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6, unique_by=lambda row: row[0]))
@example([('"', "=1+1")])
@settings(deadline=None)
def test_any_text_written_as_csv_reads_back(rows: list[tuple[str, str]]) -> None:
    rows = [(page, label) for page, label in rows if page.strip() and label.strip()]
    text = written(["page_id", "kind", "label"], [(guard(page), "own", guard(label)) for page, label in rows])
    assert [(v[0], v[2]) for v in values(text, PAGES)] == rows


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: f"{HEAD}\n{t}".encode()))
@example(b'"' + b"x" * 200_000)
@settings(deadline=None, max_examples=300)
def test_whatever_the_file_is_it_is_read_or_refused_in_one_sentence(data: bytes) -> None:
    rows, sentence = outcome(data)
    assert (sentence == "") or (sentence.startswith("a.csv ") and sentence.endswith("。"))
    assert [row.number for row in rows] == sorted({row.number for row in rows})
