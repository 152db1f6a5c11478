"""ODS cells by their declared types, repeats and spans."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odfdo import Cell

from sqdash.importers import workbooks_ods
from sqdash.importers.numbers import UNCALCULATED
from sqdash.importers.workbooks_grid import Grid, Refused
from tests.importers import workbook_files as files

FORMULA = 'table:formula="of:=1/0"'


def read(data: bytes, sheet: str | None = None) -> Grid:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return workbooks_ods.read(packed, sheet)


def cells(xml: str) -> list[str]:
    """The one row's cells after a first ``x``, which is left out."""
    first = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    return next(iter(read(files.ods_cells(first + xml)).rows))[1][1:]


def refusal(data: bytes, sheet: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        list(read(data, sheet).rows)
    return str(caught.value)


def test_values_of_every_type() -> None:
    moment = datetime(2014, 11, 22, 9, 5)
    row = ["0943201436", 1040604, Decimal("1.5"), True, date(2014, 11, 22), moment, timedelta(hours=9, minutes=5)]
    shown = ["0943201436", "1040604", "1.5", "1", "2014-11-22", "2014-11-22 09:05:00", "09:05:00"]
    assert list(read(files.ods(("T", [row]))).rows) == [(1, shown)]


def test_a_percentage_is_what_the_cell_shows() -> None:
    assert list(read(files.ods(("T", [[Cell(0.908, cell_type="percentage")]]))).rows) == [(1, ["90.8%"])]


def test_a_currency_is_its_number() -> None:
    assert list(read(files.ods(("T", [[Cell(123, cell_type="currency", currency="TWD")]]))).rows) == [(1, ["123"])]


def test_a_number_of_sixteen_digits_looks_damaged() -> None:
    assert cells('<table:table-cell office:value-type="float" office:value="1600600000000000"/>') == [
        "1.60060000000000E+15"
    ]


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        (f"<table:table-cell {FORMULA}/>", [UNCALCULATED]),
        (f'<table:table-cell {FORMULA} office:value-type="float"/>', [UNCALCULATED]),
        (f'<table:table-cell {FORMULA} office:value-type="float" office:value="0"/>', ["0"]),
        (f'<table:table-cell {FORMULA} office:value-type="string" office:string-value=""/>', []),
    ],
)
def test_formulas_never_calculated_are_neither_blank_nor_zero(xml: str, shown: list[str]) -> None:
    assert cells(xml) == shown


@pytest.mark.parametrize(
    ("types", "said"),
    [
        ('office:value-type="string" office:string-value="" calcext:value-type="error"', "#DIV/0!"),
        ('office:value-type="float" office:value="0"', "Err:502"),
        ('office:value-type="float" office:value="0"', "#REF!"),
    ],
)
def test_a_failed_formula_is_neither_blank_nor_zero(types: str, said: str) -> None:
    assert cells(f"<table:table-cell {FORMULA} {types}><text:p>{said}</text:p></table:table-cell>") == [said]


def test_text_keeps_its_blanks_and_line_breaks_and_leaves_comments_out() -> None:
    comment = "<office:annotation><text:p>note</text:p></office:annotation>"
    said = (
        '<text:p>a<text:s text:c="3"/>b<text:tab/></text:p><text:p>c<text:line-break/><text:span>d</text:span></text:p>'
    )
    assert cells(f'<table:table-cell office:value-type="string">{comment}{said}</table:table-cell>') == [
        "a   b\t\nc\nd"
    ]


def test_text_without_a_type_is_not_lost() -> None:
    assert cells("<table:table-cell><text:p>備註</text:p></table:table-cell>") == ["備註"]


@pytest.mark.parametrize(("stated", "shown"), [("2014-11-22T00:00:00", "2014-11-22"), ("2014-11", "2014-11")])
def test_a_date_as_stated(stated: str, shown: str) -> None:
    assert cells(f'<table:table-cell office:value-type="date" office:date-value="{stated}"/>') == [shown]


@pytest.mark.parametrize(("said", "shown"), [("2014/11/22 00:00", "2014-11-22 00:00:00"), ("103/11/22", "2014-11-22")])
def test_midnight_is_a_time_where_the_cell_shows_it(said: str, shown: str) -> None:
    stated = 'office:value-type="date" office:date-value="2014-11-22"'
    assert cells(f"<table:table-cell {stated}><text:p>{said}</text:p></table:table-cell>") == [shown]


def test_repeated_cells_and_rows_are_written_out_and_empty_ones_only_counted() -> None:
    empty = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    five = '<table:table-cell office:value-type="float" office:value="5" table:number-columns-repeated="2"/>'
    twice = f'<table:table-row table:number-rows-repeated="2"><table:table-cell/>{five}</table:table-row>'
    last = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    grid = read(files.ods_xml(f'<table:table table:name="T">{empty}{twice}{last}</table:table>'))
    assert list(grid.rows) == [(4, ["", "5", "5"]), (5, ["", "5", "5"])]


def test_rows_that_are_hidden_and_hold_something_are_told() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    rows = (
        f"<table:table-row>{cell}</table:table-row>"
        f'<table:table-row table:visibility="filter">{cell}</table:table-row>'
        f'<table:table-row table:visibility="collapse" table:number-rows-repeated="2">{cell}</table:table-row>'
        '<table:table-row table:visibility="collapse"><table:table-cell/></table:table-row>'
    )
    assert read(files.ods_xml(f'<table:table table:name="T">{rows}</table:table>')).hidden == [2, 3, 4]


def test_rows_repeated_without_end_are_refused() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="5"/>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    data = files.ods_xml(f'<table:table table:name="T">{row}</table:table>')
    assert refusal(data) == "超過 200,000 列，請分成幾個檔案再上傳。"


def test_columns_repeated_without_end_are_refused_only_when_they_hold_something() -> None:
    repeated = 'table:number-columns-repeated="16384"'
    full = f'<table:table-cell office:value-type="float" office:value="5" {repeated}/>'
    assert refusal(files.ods_cells(full)) == "超過 2,000 欄，請刪去不需要的欄再上傳。"
    assert cells(f'<table:table-cell {repeated} table:style-name="ce1"/>') == []


def test_merged_ranges_are_given_and_only_their_first_cell_has_a_value() -> None:
    spans = 'table:number-columns-spanned="2" table:number-rows-spanned="3"'
    merged = f'<table:table-cell office:value-type="string" {spans}><text:p>m</text:p></table:table-cell>'
    grid = read(files.ods_cells(f"<table:table-cell/>{merged}<table:covered-table-cell/>"))
    assert grid.merged == [(1, 1, 3, 2)]
    assert list(grid.rows) == [(1, ["", "m"])]


def test_the_first_sheet_with_content_is_read_and_the_others_are_named() -> None:
    data = files.ods(("空", []), ("甲", [["a"]]), ("乙", [["b"]]))
    grid = read(data)
    assert (grid.name, grid.others, list(grid.rows)) == ("甲", ["乙"], [(1, ["a"])])
    grid = read(data, "乙")
    assert (grid.name, grid.others, list(grid.rows)) == ("乙", ["甲"], [(1, ["b"])])


def test_a_hidden_sheet_is_read_only_when_it_is_asked_for() -> None:
    hidden = '<style:table-properties table:display="false"/>'
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = f"<table:table-row>{cell}</table:table-row>"
    data = files.ods_xml(
        f'<table:table table:name="藏" table:style-name="h">{row}</table:table>'
        f'<table:table table:name="甲">{row}</table:table>',
        f'<style:style style:name="h" style:family="table">{hidden}</style:style>',
    )
    assert (read(data).name, read(data).others) == ("甲", [])
    assert read(data, "藏").name == "藏"


def test_no_such_sheet_and_no_content() -> None:
    data = files.ods(("空", []), ("甲", [["a"]]))
    assert refusal(data, "丙") == "沒有工作表「丙」，請改選「空」、「甲」其中之一。"
    assert refusal(data, "空") == "沒有任何有內容的工作表，請確認是否選錯檔案。"
    assert refusal(files.ods(("空", []))) == "沒有任何有內容的工作表，請確認是否選錯檔案。"


_WORDS = st.text(st.characters(categories=("L", "N", "P"), max_codepoint=0xFFFF), max_size=8)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(_WORDS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_table_of_words_comes_back(table: list[list[str]]) -> None:
    there = {(n, c): word for n, row in enumerate(table, 1) for c, word in enumerate(row) if word}
    if there:
        rows = list(read(files.ods(("T", [list(row) for row in table]))).rows)
        assert {(n, c): word for n, row in rows for c, word in enumerate(row) if word} == there
