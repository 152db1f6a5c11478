"""Workbooks read in a process of their own: the cells they give, the sentences they cost, and how the process ends."""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.importers import workbooks
from sqdash.importers.numbers import UNCALCULATED
from sqdash.importers.sheet import MOST_ROWS, Sheet
from sqdash.importers.sources import Bytes
from tests.importers import workbook_files as files

DAMAGED = "a.xlsx 無法讀取，可能已損壞，請以試算表軟體開啟後另存再上傳。"
TOO_LARGE = "a.xlsx 展開後超過記憶體上限，請刪去多餘的列與欄，或分成幾個檔案再上傳。"
TOO_SLOW = "a.xlsx 讀取超過時間上限，請刪去多餘的列與欄，或分成幾個檔案再上傳。"
XLS_NOTE = "XLS 舊格式不會顯示計算錯誤或尚未計算的公式，請核對空白處，或另存為 XLSX 或 ODS 再上傳。"


def read(data: bytes, sheet: str | None = None) -> Sheet:
    return workbooks.read(Bytes("a.xlsx", data), sheet)


def rows(data: bytes) -> list[tuple[int, list[str]]]:
    return list(read(data).rows)


def refusal(data: bytes, sheet: str | None = None) -> str:
    with pytest.raises(DataError) as caught:
        list(read(data, sheet).rows)
    return str(caught.value)


# --- what a workbook is


def test_xlsx_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "上傳.xls"
    path.write_bytes(files.xlsx_rows([["辦理場次", 55]]))
    sheet = workbooks.read(Bytes(path))
    assert (sheet.kind, sheet.encoding, sheet.sheet, sheet.notes) == ("xlsx", "xlsx", "Sheet1", [])
    assert list(sheet.rows) == [(1, ["辦理場次", "55"])]


def test_ods_is_read() -> None:
    sheet = read(files.ods(("活動", [["辦理場次", 55]]), ("備份", [["x"]])))
    assert (sheet.kind, sheet.encoding, sheet.sheet) == ("ods", "ods", "活動")
    assert sheet.notes == ["另有工作表「備份」未讀取，要讀取請改選工作表。"]
    assert list(sheet.rows) == [(1, ["辦理場次", "55"])]


def test_rows_that_a_filter_hides_are_read_and_told() -> None:
    note = "第 3、5 列在檔案裡是隱藏或篩選掉的，仍一併讀取，不要的請刪去後再上傳。"

    def xlsx(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row in range(5):
            sheet.write(row, 0, f"第 {row} 列")
        for row in (2, 4, 6):  # the last one is empty
            sheet.set_row(row, None, None, {"hidden": True})

    def xls(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("T")
        for row in range(5):
            sheet.write(row, 0, f"第 {row} 列")
        for row in (2, 4, 6):
            sheet.row(row).hidden = True

    for data in (files.xlsx(xlsx), files.xls(xls)):
        found = read(data)
        assert (found.notes, len(list(found.rows))) == ([note], 5)


def test_xls_is_read() -> None:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("活動")
        sheet.write(1, 1, date(2014, 11, 22), xlwt.easyxf(num_format_str="[$-404]e/m/d"))
        sheet.write(1, 2, 1040604)
        sheet.write(1, 3, "0943201436")
        sheet.write(1, 4, 1600600000000000)
        sheet.write_merge(2, 3, 1, 2, "合併")
        hidden = book.add_sheet("藏")
        hidden.write(0, 0, "x")
        hidden.visibility = 1

    sheet = read(files.xls(fill))
    assert (sheet.kind, sheet.encoding, sheet.sheet, sheet.notes) == ("xls", "xls", "活動", [])
    assert sheet.merged == ((3, 1, 4, 2),)
    first = ["", "2014-11-22", "1040604", "0943201436", "1.60060000000000E+15"]
    assert list(sheet.rows) == [(2, first), (3, ["", "合併"])]


def failing() -> bytes:
    """An XLS with a formula in B1 that failed, one in B2 never calculated and a sheet of nothing but a failure."""

    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("活動")
        sheet.write(0, 0, "a")
        sheet.write(0, 1, xlwt.Formula("1/0"))
        sheet.write(1, 1, xlwt.Formula("1+1"))
        book.add_sheet("乙").row(4).set_cell_error(0, 0x2A)

    never = b"\x03\x00\x00\x00\x00\x00\xff\xff\x00\x00"
    return files.xls(fill).replace(never, b"\x02\x00\x07\x00\x00\x00\xff\xff\x00\x00", 1)


def test_formulas_of_an_xls_that_failed_or_were_never_calculated_are_neither_blank_nor_zero() -> None:
    sheet = read(failing())
    assert list(sheet.rows) == [(1, ["a", "#DIV/0!"]), (2, ["", UNCALCULATED])]
    assert sheet.notes == []
    assert list(read(failing(), "乙").rows) == [(5, ["#N/A"])]


def test_an_xls_whose_formulas_cannot_be_checked_says_so() -> None:
    """LibreOffice's flag on a formula that gives 0 is also that of programs that never calculate."""
    made = failing().replace(b"\x03\x00\x00\x00\x00\x00\xff\xff\x00\x00", bytes(8) + b"\x02\x00", 1)
    sheet = read(made)
    assert sheet.notes == [XLS_NOTE]
    assert list(sheet.rows) == [(1, ["a", "#DIV/0!"]), (2, ["", "0"])]


def test_an_xls_that_cannot_be_walked_over_is_read_and_says_so() -> None:
    """Its sheet claims to be of an older version than the workbook, which calamine does not mind."""
    made = failing().replace(b"\x09\x08\x10\x00\x00\x06\x10\x00", b"\x09\x08\x10\x00\x00\x05\x10\x00", 1)
    sheet = read(made)
    assert (sheet.notes, list(sheet.rows)) == ([XLS_NOTE], [(1, ["a"])])


# --- cells


def test_values_of_every_type() -> None:
    made = files.by_openpyxl(
        {
            "A1": "0943201436",
            "B1": "'0943201436",
            "C1": True,
            "D1": 0.29,
            "E1": date(2014, 11, 22),
            "F1": datetime(2014, 11, 22, 9, 5),
            "G1": clock(9, 5),
            "H1": timedelta(hours=30),
            "I1": " 總計 \n",
        }
    )
    shown = ["0943201436", "'0943201436", "1", "0.29", "2014-11-22", "2014-11-22 09:05:00", "09:05:00", "30:00:00"]
    assert rows(made) == [(1, [*shown, " 總計 \n"])]


@pytest.mark.parametrize("code", ["[$-404]e/m/d", '[$-404]ggge"年"m"月"d"日"', "[$-404]e", "[$-404]gge.mm.dd", 27, 36])
def test_a_date_cell_that_shows_roc_and_holds_a_western_date(code: str | int) -> None:
    assert rows(files.formatted(code, 41965)) == [(1, ["2014-11-22"])]


def test_roc_dates_typed_as_numbers() -> None:
    assert rows(files.xlsx_rows([[1040604, 10305, 103]])) == [(1, ["1040604", "10305", "103"])]


def test_an_id_stored_as_a_number_looks_damaged() -> None:
    assert rows(files.xlsx_rows([[1600600000000000]])) == [(1, ["1.60060000000000E+15"])]


def test_a_percentage_is_what_the_cell_shows() -> None:
    assert rows(files.formatted("0.0%", 0.908)) == [(1, ["90.8%"])]


def test_formulas_never_calculated_are_neither_blank_nor_zero() -> None:
    made = files.by_openpyxl({"A1": "合計", "C1": "=SUM(A2:A3)", "A2": 1, "A9": "=A2"})
    assert rows(made) == [(1, ["合計", "", UNCALCULATED]), (2, ["1"]), (9, [UNCALCULATED])]


def test_a_formula_that_failed_is_its_error_and_never_blank() -> None:
    made = files.xlsx(lambda book: book.add_worksheet().write_formula("B2", "=1/0", None, "#DIV/0!"))
    assert rows(made) == [(2, ["", "#DIV/0!"])]


def test_a_sheet_of_nothing_but_formulas_never_calculated_is_not_empty() -> None:
    assert rows(files.by_openpyxl({"B3": "=1+1"})) == [(3, ["", UNCALCULATED])]


def test_rows_keep_their_numbers_and_columns_when_a_table_begins_further_down() -> None:
    assert rows(files.by_openpyxl({"C3": "a", "C6": "b"})) == [(3, ["", "", "a"]), (6, ["", "", "b"])]


def test_merged_ranges_are_given_and_only_their_first_cell_has_a_value() -> None:
    sheet = read(files.by_openpyxl({"A1": "標題", "A2": "x"}, lambda made: made.merge_cells("A1:C1")))
    assert sheet.merged == ((1, 0, 1, 2),)
    assert list(sheet.rows) == [(1, ["標題"]), (2, ["x"])]


def test_a_formatted_but_empty_column_at_the_end_is_no_reason_to_refuse() -> None:
    def style(made: Any) -> None:
        made["XFD2"].number_format = "0.0"
        made["A1048576"].number_format = "0.0"

    assert rows(files.by_openpyxl({"A1": "a", "A2": 1}, style)) == [(1, ["a"]), (2, ["1"])]


def test_empty_texts_far_out_are_no_reason_to_refuse() -> None:
    empty = "<is><t></t></is></c>"
    made = files.sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" t="inlineStr">{empty}</row>')
    assert rows(made) == [(1, ["1"])]


_VALUES = st.one_of(
    st.integers(-(10**14), 10**14), st.text(st.characters(categories=("L", "N", "P"), max_codepoint=0xFFFF), max_size=8)
)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.lists(_VALUES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_table_comes_back(table: list[list[int | str]]) -> None:
    there = {(n, c): str(v) for n, row in enumerate(table, 1) for c, v in enumerate(row) if v != ""}
    if there:
        read_back = rows(files.xlsx_rows([list(row) for row in table]))
        assert {(n, c): cell for n, row in read_back for c, cell in enumerate(row) if cell} == there


# --- sheets


def three_sheets() -> bytes:
    def fill(book: Any) -> None:
        book.add_worksheet("空")
        hidden = book.add_worksheet("藏")
        hidden.write("A1", "h")
        hidden.hide()
        book.add_worksheet("甲").write("A1", "a")
        book.add_worksheet("乙").write("A1", "b")

    return files.xlsx(fill)


def test_the_first_visible_sheet_with_cells_is_read_and_the_others_are_named() -> None:
    sheet = read(three_sheets())
    assert (sheet.sheet, sheet.notes) == ("甲", ["另有工作表「乙」未讀取，要讀取請改選工作表。"])
    assert list(sheet.rows) == [(1, ["a"])]


@pytest.mark.parametrize(("name", "cell"), [("乙", "b"), ("藏", "h")])
def test_a_sheet_asked_for_by_name_is_read(name: str, cell: str) -> None:
    sheet = read(three_sheets(), name)
    assert (sheet.sheet, list(sheet.rows)) == (name, [(1, [cell])])


def test_a_sheet_that_is_not_there_is_refused_with_the_names_of_the_others() -> None:
    assert refusal(three_sheets(), "丁") == "a.xlsx 沒有工作表「丁」，請改選「空」、「甲」、「乙」其中之一。"


@pytest.mark.parametrize("sheet", [None, "Sheet1"])
def test_no_sheet_with_content_is_refused(sheet: str | None) -> None:
    assert refusal(files.xlsx_rows([]), sheet) == "a.xlsx 沒有任何有內容的工作表，請確認是否選錯檔案。"


# --- what is refused


def test_too_many_rows_are_refused_before_the_first_is_given() -> None:
    far = files.sheet_xml(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{MOST_ROWS + 2}"><c><v>1</v></c></row>')
    with pytest.raises(DataError, match=r"^a\.xlsx 超過 200,000 列，請分成幾個檔案再上傳。$"):
        next(read(far).rows)


def test_too_many_columns_are_refused() -> None:
    assert refusal(files.xlsx_rows([["x"] * 2_001])) == "a.xlsx 超過 2,000 欄，請刪去不需要的欄再上傳。"


def test_a_file_over_100_mb_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_BYTES", 1_000_000)
    assert refusal(bytes(1_000_001)) == "a.xlsx 超過 1 MB，請分成幾個檔案再上傳。"


def test_a_bomb_costs_a_sentence_within_two_seconds() -> None:
    bomb = files.replaced(files.xlsx_rows([["a"]]), {files.SHEET_XML: bytes(50_000_000)})
    began = time.monotonic()
    assert refusal(bomb) == "a.xlsx 解開後超過 300 MB 或大得不合理，不是一般的資料表，請確認來源。"
    assert time.monotonic() - began < 2


def test_declared_sizes_that_lie_cost_a_sentence() -> None:
    blanks = b"<worksheet><sheetData>" + b" " * 30_000_000 + b"</sheetData></worksheet>"
    made = files.replaced(files.xlsx_rows([["a"]]), {files.SHEET_XML: blanks})
    lie = made.replace(len(blanks).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lie != made
    assert refusal(lie) == DAMAGED


def test_two_cells_in_opposite_corners_cost_a_sentence() -> None:
    made = files.sheet_xml(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    assert refusal(made) == TOO_LARGE


def test_an_entity_that_grows_without_end_costs_a_sentence() -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "haha">{entities}]>'
    cell = '<row><c t="e"><v>&e9;</v></c></row>'
    xml = f"{doctype}<worksheet><sheetData>{cell}</sheetData></worksheet>"
    assert refusal(files.replaced(files.xlsx_rows([["a"]]), {files.SHEET_XML: xml.encode()})) == DAMAGED


@pytest.mark.parametrize("part", ["xl/workbook.xml", files.SHEET_XML])
def test_a_damaged_part_costs_a_sentence(part: str) -> None:
    assert refusal(files.replaced(files.xlsx_rows([["a"]]), {part: b"<not<xml"})) == DAMAGED


def test_an_xls_whose_sectors_run_in_a_circle_is_damaged_and_not_too_large() -> None:
    made = bytearray(files.xls(lambda book: book.add_sheet("T").write(0, 0, "a")))
    (table,) = struct.unpack_from("<I", made, 76)  # the first sector of the FAT
    at = 512 * (table + 1)
    made[at : at + 512] = struct.pack("<128I", *([1] * 128))  # after every sector comes the second one
    assert refusal(bytes(made)) == DAMAGED


def test_a_damaged_xls_costs_a_sentence() -> None:
    made = files.xls(lambda book: book.add_sheet("T").write(0, 0, "a"))
    assert refusal(made[:600] + made[-1_000:]) == DAMAGED


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="無法讀取檔案"):
        workbooks.read(Bytes(tmp_path / "missing.xlsx"))


# --- the process


class Started(list[subprocess.Popen[bytes]]):
    """Every child that was started."""

    def all_ended(self) -> bool:
        return bool(self) and all(child.poll() is not None for child in self)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Started:
    """Children are noted down, and private copies go to a directory of the test."""
    children = Started()

    def start(*given: Any, **options: Any) -> subprocess.Popen[bytes]:
        children.append(real(*given, **options))
        return children[-1]

    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return children


@pytest.fixture
def acting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Puts a few lines of Python in the place of the child."""

    def act(source: str) -> None:
        (tmp_path / "stand_in.py").write_text(f"import sys, time, os, signal\n{source}\n", "utf-8")
        monkeypatch.setattr(workbooks, "_ROOT", tmp_path)
        monkeypatch.setattr(workbooks, "_CHILD", "stand_in")

    return act


HEAD = """print('{"kind": "xlsx", "sheet": "S", "others": [], "merged": []}', flush=True)\n"""


def test_the_process_and_the_private_copy_end_with_the_last_row(started: Started, tmp_path: Path) -> None:
    assert rows(files.xlsx_rows([["a"]])) == [(1, ["a"])]
    assert started.all_ended()
    assert list(tmp_path.iterdir()) == []


def test_the_process_ends_when_the_reader_stops_early(started: Started, tmp_path: Path) -> None:
    sheet = read(files.xlsx_rows([[n, "x" * 200] for n in range(20_000)]))
    assert next(sheet.rows)[0] == 1
    del sheet
    assert started.all_ended()
    assert list(tmp_path.iterdir()) == []


def test_the_process_ends_when_no_row_is_asked_for(started: Started, tmp_path: Path) -> None:
    read(files.xlsx_rows([["a"]]))
    assert started.all_ended()
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_leaves_nothing_behind(started: Started, tmp_path: Path) -> None:
    refusal(files.packed({"a.csv": b"a"}))
    assert started.all_ended()
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_read_in_place_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xlsx").write_bytes(files.xlsx_rows([["a"]]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "mkstemp", lambda **_: pytest.fail("copied"))
    assert list(workbooks.read(Bytes(Path("a.xlsx"))).rows) == [(1, ["a"])]
    assert (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ("sys.exit(3)", TOO_LARGE),
        ("raise RuntimeError", DAMAGED),
        ("sys.stdout.write('[1, [\"cut'); sys.stdout.flush(); os._exit(1)", DAMAGED),
    ],
)
def test_a_process_that_dies_between_rows_costs_a_sentence(acting: Any, ending: str, sentence: str) -> None:
    acting(HEAD + "print('[1, [\"a\"]]', flush=True)\n" + ending)
    sheet = read(b"PK\x03\x04")
    assert next(sheet.rows) == (1, ["a"])
    with pytest.raises(DataError) as caught:
        next(sheet.rows)
    assert str(caught.value) == sentence


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
@pytest.mark.parametrize(("number", "sentence"), [("SIGABRT", TOO_LARGE), ("SIGXCPU", TOO_SLOW), ("SIGSEGV", DAMAGED)])
def test_a_process_that_is_killed_costs_a_sentence(acting: Any, number: str, sentence: str) -> None:
    acting(f"os.kill(os.getpid(), signal.{number})")
    assert refusal(b"PK\x03\x04") == sentence


def test_what_the_process_complained_of_goes_with_the_error_and_not_on_a_screen(acting: Any) -> None:
    acting("raise RuntimeError('why')")
    with pytest.raises(DataError) as caught:
        read(b"PK\x03\x04")
    assert "RuntimeError: why" in str(caught.value.__cause__)
    assert str(caught.value) == DAMAGED


def test_a_process_that_says_nothing_is_ended_in_time(acting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_SECONDS", 0.3)
    acting("time.sleep(60)")
    began = time.monotonic()
    assert refusal(b"PK\x03\x04") == TOO_SLOW
    assert time.monotonic() - began < 10


def test_the_readers_own_time_does_not_count(acting: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_SECONDS", 0.6)
    acting(HEAD + "for n in range(1, 4): print(f'[{n}, [\"a\"]]', flush=True)\ntime.sleep(0.1)")
    seen = 0
    for _ in read(b"PK\x03\x04").rows:
        time.sleep(0.4)
        seen += 1
    assert seen == 3


@pytest.mark.skipif(sys.platform != "linux", reason="the bound on memory holds on Linux")
def test_memory_is_bounded() -> None:
    made = files.sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="150000"><c r="ALL150000"><v>1</v></c></row>')
    assert refusal(made) == TOO_LARGE


def test_the_process_loads_no_screen_and_no_store() -> None:
    probe = (
        "import sys, sqdash.importers.workbooks_child; print(*({'pandas', 'streamlit', 'sqlite3'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", probe], cwd=workbooks._ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == ""
