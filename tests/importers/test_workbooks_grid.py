"""The bounds that every workbook's rows keep, and the words of a refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.importers import workbooks_grid
from sqdash.importers.sheet import MOST_CELL, MOST_COLUMNS, MOST_ROWS
from sqdash.importers.workbooks_grid import Refused, Row, bounded, named, place, unknown


def refusal(rows: list[Row]) -> str:
    with pytest.raises(Refused) as caught:
        list(bounded(rows))
    return str(caught.value)


def test_blank_rows_and_empty_cells_at_the_end_are_left_out() -> None:
    rows = [(1, ["a", "", "b", "", ""]), (2, ["", ""]), (3, []), (4, ["", "c"])]
    assert list(bounded(rows)) == [(1, ["a", "", "b"]), (4, ["", "c"])]


@given(st.lists(st.lists(st.sampled_from(["", "x", " "]), max_size=6), max_size=6))
def test_what_holds_something_stays_where_it_was(table: list[list[str]]) -> None:
    there = {(n, c): cell for n, row in enumerate(table, 1) for c, cell in enumerate(row) if cell}
    kept = list(bounded(enumerate([list(row) for row in table], 1)))
    assert {(n, c): cell for n, row in kept for c, cell in enumerate(row) if cell} == there
    assert all(row[-1] for _, row in kept)


def test_the_heading_and_two_hundred_thousand_rows_are_taken_and_one_more_is_not() -> None:
    assert list(bounded([(MOST_ROWS + 1, ["x"])])) == [(MOST_ROWS + 1, ["x"])]
    assert refusal([(MOST_ROWS + 2, ["x"])]) == "超過 200,000 列，請分成幾個檔案再上傳。"


def test_two_thousand_columns_are_taken_and_one_more_is_not() -> None:
    assert len(next(bounded([(1, ["x"] * MOST_COLUMNS)]))[1]) == MOST_COLUMNS
    assert refusal([(1, ["x"] * (MOST_COLUMNS + 1))]) == "超過 2,000 欄，請刪去不需要的欄再上傳。"


def test_a_formatted_but_empty_column_at_the_end_is_no_reason_to_refuse() -> None:
    assert list(bounded([(1, ["x"] + [""] * 16_383)])) == [(1, ["x"])]


def test_a_cell_over_64_kb_is_refused_with_its_place() -> None:
    assert len(next(bounded([(1, ["x" * MOST_CELL])]))[1][0]) == MOST_CELL
    assert refusal([(7, ["", "x" * (MOST_CELL + 1)])]) == "第 7 列第 2 欄超過 64 KB，請縮短後再上傳。"


def test_a_row_of_many_long_cells_is_refused() -> None:
    assert refusal([(7, ["x" * MOST_CELL] * 31)]) == "第 7 列的文字超過 2,000,000 字，請縮短後再上傳。"


def test_too_many_cells_in_all_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks_grid, "MOST_CELLS", 3)
    assert refusal([(1, ["x", "x"]), (2, ["x", "x"])]) == "超過 3 個儲存格，請分成幾個檔案再上傳。"


def test_a_text_is_placed_beyond_the_rows_end() -> None:
    cells = ["a"]
    place(cells, 3, "d")
    assert cells == ["a", "", "", "d"]


def test_sheet_names_are_shown_harmlessly_and_not_without_end() -> None:
    assert named(["甲", "乙\u202e\n"]) == "「甲」、「乙」"
    assert named([str(n) for n in range(12)]).endswith("「9」等 12 個")
    assert str(unknown("丙", ["甲", "乙"])) == "沒有工作表「丙」，請改選「甲」、「乙」其中之一。"
