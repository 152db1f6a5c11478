"""Which rows are data whatever their words say, which are none, and that odd files cost no minutes."""

from __future__ import annotations

import time
from typing import Any

import pytest
import xlsxwriter

from sqdash.errors import DataError
from sqdash.importers import data_rows, numbers
from tests.importers.reading import Read, read_file
from tests.importers.workbook_files import xlsx

HEAD = "活動名稱,類別,活動日期,主辦單位,參加人次"
ROW = "研習,教育訓練,103/06/10,第六課,35"


def read(*rows: str, head: str = HEAD) -> Read:
    return read_file("a.csv", "\n".join([head, *rows]))


def titles(read: Read) -> list[str]:
    return list(map(str, read.column("activities", "title")))


# --- words of totals, notes and headings in a row of data


@pytest.mark.parametrize("title", ["平均", "合計", "說明：新制", "※加開場", "承辦人：研習"])
def test_trap_complete_row_is_data_whatever_its_first_text(title: str) -> None:
    found = read(ROW, f"{title},教育訓練,103/06/11,第六課,9")
    assert (titles(found), found.findings.notes) == (["研習", title], [])


@pytest.mark.parametrize("row", ["合計,,,,35", "合計,教育訓練,,,35", "合計,教育訓練,共計,,35"])
def test_total_without_a_day_is_left_out(row: str) -> None:
    assert read(ROW, row).findings.notes == ["略過合計：第 3 列。"]


def test_trap_each_column_is_added_up_once_however_many_totals_a_file_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    whole = numbers.whole

    def counted(text: str, **how: Any) -> int | None:
        asked.append(text)
        return whole(text, **how)

    monkeypatch.setattr(data_rows.numbers, "whole", counted)
    months = [f"{year}/{month:02d},7,7" for year in range(90, 103) for month in range(1, 13)]
    found = read(*(line for month in months for line in (month, "合計,7,7")), head="月份,受理件數,辦結件數")
    assert asked.count("7") == 2 * 2 * len(months)  # two columns: each cell in its sum, and each total once
    assert found.findings.warnings[0] == "第 3 列的合計「受理件數」是 7，各列相加是 1,092，請確認有沒有漏列。"
    assert found.findings.warnings[6:] == ["另有 306 處合計也與各列相加不符。"]


def test_trap_total_of_an_office_s_number_in_the_column_of_months_is_no_month() -> None:
    found = read_file("a.csv", "月份,受理件數,辦結件數\n103/06,1,1\n(888800)總計,1,1\n")
    assert (found.refused, found.findings.notes) == ([], ["略過合計：第 3 列。"])


def test_example_is_left_out_though_complete() -> None:
    assert read("（範例）課,教育訓練,103/06/09,第六課,9", ROW).findings.notes == ["略過範例：第 2 列。"]


# --- another table


@pytest.mark.parametrize("blank", ["", ",,,,"])
def test_trap_texts_below_a_blank_row_are_another_table_only_with_two_known_headings(blank: str) -> None:
    found = read(ROW, blank, "捕蚊燈,新聞稿,某日,第一課,", ROW.replace("研習", "二"))
    assert (titles(found), found.findings.warnings) == (["研習", "二"], [])
    assert found.refused == [("not_date", 4, "活動日期", "某日")]
    found = read(ROW, blank, "月份,受理件數,,,", ROW.replace("研習", "二"))
    assert (titles(found), found.refused) == (["研習"], [])
    assert found.findings.warnings == ["第 4 列起是另一個表格，沒有讀取；需要時請另存成一個檔案。"]


def test_complete_row_below_a_blank_row_is_data() -> None:
    assert titles(read(ROW, "", ROW.replace("研習", "二"))) == ["研習", "二"]


# --- sentences below the table


def test_single_text_between_rows_of_data_is_refused_and_below_them_a_remark() -> None:
    found = read(ROW, "以上已核對", ROW.replace("研習", "二"), "以上已核對", "合計,,,,70", "以上已核對")
    assert [cell[1] for cell in found.refused] == [3, 3]
    assert found.findings.notes == ["略過表格外的文字：第 5、7 列。", "略過合計：第 6 列。"]


def test_trap_twenty_thousand_remarks_take_no_minutes() -> None:
    began = time.perf_counter()
    found = read(ROW, *["以上已核對"] * 20_000)
    assert (titles(found), time.perf_counter() - began < 5) == (["研習"], True)


# --- headings that are not what they seem


@pytest.mark.parametrize("words", ["預計", "男"])
def test_trap_figure_of_a_part_is_not_stored_as_the_whole(words: str) -> None:
    found = read(f"{ROW},60", head=f"{HEAD.replace('參加人次', f'參加人次（{words}）')},參加人次")
    assert found.column("activities", "attendees") == [60]
    assert found.findings.notes == [f"1 個欄位沒有用到：「參加人次（{words}）」。"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_trap_attendees_by_sex_over_two_lines_are_not_stored_as_the_whole(kind: str) -> None:
    upper, lower = ["活動類別", "活動日期", "活動名稱", "主辦單位", "參加人次", ""], ["", "", "", "", "男", "女"]
    row = ["教育訓練", "103/06/10", "研習", "第六課", "20", "15"]

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for column, text in enumerate(upper[:4]):
            sheet.merge_range(0, column, 1, column, text)
        sheet.merge_range(0, 4, 0, 5, upper[4])
        sheet.write_row(1, 4, lower[4:])
        sheet.write_row(2, 0, row)

    text = "\n".join(",".join(cells) for cells in (upper, lower, row))
    found = read_file(f"a.{kind}", xlsx(fill) if kind == "xlsx" else text)
    assert (titles(found), found.refused) == (["研習"], [])
    assert "attendees" not in found.rows["activities"][0]
    assert found.findings.notes == ["2 個欄位沒有用到：「參加人次 男」、「參加人次 女」。"]


# --- merged cells


def merged(rows: int, ranges: int, last: int) -> bytes:
    """Days below one another, and the unit's column merged ``ranges`` times from the first of them to ``last``."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD.split(","))
        for number in range(1, rows + 1):
            sheet.write_row(number, 0, [f"課 {number}", "教育訓練", "103/06/10"])
        sheet.write(1, 3, "第六課")
        sheet.merge.extend([(1, 3, last, 3)] * ranges)

    return xlsx(fill)


def test_trap_overlapping_merges_to_the_last_row_of_a_sheet_walk_only_rows_that_exist() -> None:
    began = time.perf_counter()
    found = read_file("a.xlsx", merged(3, 200, 1_048_575))
    assert (found.column("activities", "unit"), time.perf_counter() - began < 5) == (["s6"] * 3, True)


def test_trap_merges_over_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_rows, "_MOST_FILLED", 20)
    assert len(read_file("a.xlsx", merged(3, 10, 3)).rows["activities"]) == 3
    with pytest.raises(DataError) as caught:
        read_file("a.xlsx", merged(3, 11, 3))
    assert str(caught.value) == "a.xlsx 合併儲存格涵蓋超過 20 格，請取消合併並逐列填寫後再上傳。"
