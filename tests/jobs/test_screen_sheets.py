"""Tables as screens show them, read back from the files: what was read there, exact values, types, names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import odfdo
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sqdash import formats, periods
from sqdash.figures import Interval
from sqdash.jobs import screen_sheets, sheets
from sqdash.jobs.sheet_shapes import Kind
from sqdash.written import Written

DAY, AT = date(2014, 11, 22), datetime(2014, 11, 22, 1, 5, tzinfo=UTC)
ROWS: Sequence[Mapping[str, Any]] = (
    {
        "編號": "007",
        "日期": periods.roc_day(DAY),
        "時間": periods.roc_moment(AT),
        "人次": 35,
        "平均": formats.number(67.28, 1),
        "結果": formats.with_unit(formats.interval(Interval(low=30, high=50, qualifier="約")), "人"),
        "備註": "=1+1",
    },
    {
        "編號": "100064000000001",
        "日期": "未陳報",
        "時間": None,
        "人次": None,
        "平均": "—",
        "結果": formats.with_unit(formats.number(16_300), "人"),
        "備註": None,
    },
)
HEAD = [
    "編號", "日期", "日期（民國）", "時間", "時間（民國）", "人次",
    "平均", "平均（數值）", "結果", "結果（數值）", "結果（下限）", "結果（上限）", "備註",
]  # fmt: skip
NINE = datetime(2014, 11, 22, 9, 5)


def columns(rows: Sequence[Mapping[str, Any]], figures: Sequence[str] = ()) -> dict[str, list[Any]]:
    """Heading → cells of the sheet made of the rows."""
    made = screen_sheets.sheet("表", rows, figures)
    return {column.heading: [row[at] for row in made.rows] for at, column in enumerate(made.columns)}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_is_shown_comes_back_with_its_exact_value_beside_it(kind: Kind) -> None:
    data = sheets.write([screen_sheets.sheet("活動/清單", ROWS)], kind)
    page = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    assert page.name == "活動 清單"
    assert page.to_python() == [
        HEAD,
        ["007", DAY, "103/11/22", NINE, "103/11/22 09:05", 35, "67.3", 67.28, "約 30–50 人", "", 30, 50, "=1+1"],
        ["100064000000001", "", "未陳報", "", "", "", "—", "", "16,300 人", 16_300, "", "", ""],
    ]


def test_types_and_formats_as_excel_reads_them() -> None:
    data = sheets.write([screen_sheets.sheet("活動", ROWS)], "xlsx")
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page.freeze_panes == "A2"
    assert [cell.data_type for cell in page[2]] == ["s", "d", "s", "d", "s", "n", "s", "n", "s", "n", "n", "n", "s"]
    assert (page["A2"].number_format, page["B2"].number_format) == ("@", "yyyy-mm-dd")


def test_types_as_an_open_document_has_them() -> None:
    data = sheets.write([screen_sheets.sheet("活動", ROWS)], "ods")
    document = odfdo.Document(io.BytesIO(data))
    (table,) = document.body.tables
    assert [cell.type for cell in table.get_row(1).traverse()][:6] == [
        "string", "date", "string", "date", "string", "float",
    ]  # fmt: skip
    assert b"VerticalSplitPosition" in zipfile.ZipFile(io.BytesIO(data)).read("settings.xml")
    assert table.get_cell((12, 1)).formula is None


def test_figures_become_numbers_and_ids_and_words_stay_texts() -> None:
    rows = (
        {"編號": "100064000000001", "內容": "1,200", "篇數": "1,200"},
        {"編號": "007", "內容": "二", "篇數": "-3.5"},
        {"編號": "12", "內容": None, "篇數": "—"},
    )
    assert columns(rows, ("篇數",)) == {
        "編號": ["100064000000001", "007", "12"],
        "內容": ["1,200", "二", None],
        "篇數": [1_200, -3.5, "—"],
    }


@given(st.one_of(st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9).map(lambda value: round(value, 1))))
def test_what_is_shown_as_a_figure_is_that_number_in_the_file(value: float) -> None:
    assert columns([{"數": formats.number(value, 1)}]) == columns([{"數": str(formats.number(value, 1))}], ("數",))
    assert columns([{"數": formats.number(value, 1)}]) == {"數": [value]}


@given(st.floats(-1e9, 1e9))
def test_no_rounding_is_lost(value: float) -> None:
    found = columns([{"數": formats.number(value, 1)}])
    assert (found.get("數（數值）") or found["數"]) == [value]


def test_shown_numbers_stay_one_column_only_where_all_are_exact() -> None:
    assert columns([{"均": formats.number(1.25, 1)}, {"均": formats.number(2.0, 1)}]) == {
        "均": ["1.2", "2"],
        "均（數值）": [1.25, 2],
    }


def test_truth_and_days_without_words_are_written_for_people() -> None:
    assert columns([{"是": True, "日": DAY, "時": AT}]) == {
        "是": ["是"],
        "日": [DAY],
        "日（民國）": ["103/11/22"],
        "時": [NINE],
        "時（民國）": ["103/11/22 09:05"],
    }


def test_days_among_numbers_are_shown_as_they_read() -> None:
    assert columns([{"值": periods.roc_day(DAY)}, {"值": formats.number(5)}]) == {"值": ["103/11/22", "5"]}


def test_rows_may_lack_columns() -> None:
    assert columns([{"甲": "1"}, {"乙": 2}]) == {"甲": ["1", None], "乙": [None, 2]}


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_a_table_without_rows_is_an_empty_file(kind: Kind) -> None:
    assert sheets.write([screen_sheets.sheet("", [])], kind)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_sheets_have_names_of_their_own_that_workbooks_take(kind: Kind) -> None:
    long = "粉絲人數[甲]:*?/\\'" + "很長" * 20
    made = [screen_sheets.sheet(title, [{"甲": 1}]) for title in (long, long, "Ab", "aB", "", "😀" * 20)]
    names = CalamineWorkbook.from_filelike(io.BytesIO(screen_sheets.book(made, kind))).sheet_names
    assert names[:2] == ["粉絲人數 甲 " + "很長" * 12, "粉絲人數 甲 " + "很長" * 11 + " 2"]
    assert names[2:] == ["Ab", "aB 2", "表", "😀" * 15]
    assert all(len(name.encode("utf-16-le")) <= 62 for name in names)


def test_the_csv_is_an_archive_of_guarded_files_with_marks_in_order() -> None:
    made = [
        screen_sheets.sheet("一/二", [{"備註": "=1+1", "數": 5}]),
        screen_sheets.sheet("三", [{"日": Written("x", DAY)}]),
    ]
    data = screen_sheets.book(made, "csv")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "00_一_二.csv": "\ufeff備註,數\r\n'=1+1,5\r\n".encode(),
            "01_三.csv": "\ufeff日,日（民國）\r\n2014-11-22,x\r\n".encode(),
        }
    assert screen_sheets.book(made, "csv") == data
