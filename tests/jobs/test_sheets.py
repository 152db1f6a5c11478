"""Files of sheets: what any reader may rely on, whatever stands in the cells."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import date, datetime
from xml.sax.saxutils import escape

import odfdo
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from sqdash.importers import workbooks
from sqdash.importers.sources import Bytes
from sqdash.jobs import sheet_shapes, sheets
from sqdash.jobs.sheet_shapes import Column, Kind, Sheet

TEXTS = ("  前後有空白 ", "兩\n行", "定位\t鍵", "a  b", "_x0041_", "&<>\"'", "=1+1", "𠮷野家", "x\x00y\x1f")


def test_a_text_comes_back_from_a_workbook_blank_for_blank() -> None:
    rows = tuple((text, 1.5) for text in TEXTS)
    sheet = Sheet("資料", (Column("甲"), Column("乙", text=False)), rows)
    for kind in ("xlsx", "ods"):
        read = list(workbooks.read(Bytes(f"x.{kind}", sheets.write([sheet], kind))).rows)
        assert read[0] == (1, ["甲", "乙"])
        assert [cells for _, cells in read[1:]] == [[sheet_shapes.legal(text), "1.5"] for text in TEXTS]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_does_not_tell_when_it_was_made(kind: Kind) -> None:
    data = sheets.write([Sheet("資料", (Column("甲", note="說明", words=("是",)),), (("x",),), blank=5)], kind)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = packed.read("docProps/core.xml" if kind == "xlsx" else "meta.xml").decode()
    assert "2015-01-01T00:00:00" in properties
    assert "fr-FR" not in properties


def test_an_ods_names_its_kind_in_its_first_part_and_lists_the_parts_it_has() -> None:
    data = sheets.write([Sheet("資料", (Column("甲"),), ())], "ods")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert packed.read(first) == b"application/vnd.oasis.opendocument.spreadsheet"
        root = ET.fromstring(packed.read("META-INF/manifest.xml"))  # noqa: S314 - made here
        listed = {entry.attrib[f"{root.tag.split('}')[0]}}}full-path"] for entry in root}
        assert listed - {"/"} == set(packed.namelist()) - {"mimetype", "META-INF/manifest.xml"}


def test_a_csv_holds_the_first_sheet_only() -> None:
    first = Sheet("一", (Column("甲"), Column("乙", text=False)), (("a,b", 2), (None, None)))
    data = sheets.write([first, Sheet("二", (Column("丙"),), ())], "csv")
    assert data == '\ufeff甲,乙\r\n"a,b",2\r\n,\r\n'.encode()


@given(st.text(st.characters()))
def test_whatever_is_legal_is_xml_and_stays_as_it_is(text: str) -> None:
    legal = sheet_shapes.legal(text)
    assert (ET.fromstring(f"<a>{escape(legal)}</a>").text or "") == legal  # noqa: S314 - made here
    assert sheet_shapes.legal(legal) == legal


def test_illegal_signs_leave_a_square_and_overlong_texts_are_cut() -> None:
    assert sheet_shapes.legal("a\x00b\ud800c\r\nd\re\ufffe") == "a□b□c\nd\ne□"
    assert sheet_shapes.legal("字" * 40_000) == "字" * 32_755 + "…（內容過長，以下未列）"
    assert sheet_shapes.legal("𠮷" * 16_384) == "𠮷" * 16_377 + "…（內容過長，以下未列）"


def test_a_text_as_long_as_the_report_takes_is_whole() -> None:
    assert sheet_shapes.legal("字" * 20_000) == "字" * 20_000


def test_a_column_is_as_wide_as_its_texts_within_bounds() -> None:
    assert sheet_shapes.width("活動名稱", "商品檢驗法規研習") == 18
    assert (sheet_shapes.width(), sheet_shapes.width("字" * 90)) == (10, 40)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_days_are_cells_that_can_be_reckoned_with_and_show_as_iso(kind: Kind) -> None:
    columns = (Column("日", text=False, days="day"), Column("時", text=False, days="moment"))
    rows = ((date(2014, 11, 22), datetime(2014, 11, 22, 9, 5)), (None, None), (date(1899, 12, 31), None))
    data = sheets.write([Sheet("資料", columns, rows)], kind)
    read = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert read[1] == [date(2014, 11, 22), datetime(2014, 11, 22, 9, 5)]
    assert read[3][0] == ("1899-12-31" if kind == "xlsx" else date(1899, 12, 31))  # Excel's calendar begins later
    if kind == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(data)).active
        assert [cell.number_format for cell in page[2]] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    else:
        (table,) = odfdo.Document(io.BytesIO(data)).body.tables
        assert [cell.type for cell in table.get_row(1).traverse()] == ["date", "date"]


def test_days_in_a_csv_are_iso() -> None:
    columns = (Column("日", text=False, days="day"), Column("時", text=False, days="moment"))
    data = sheets.write([Sheet("資料", columns, ((date(2014, 11, 22), datetime(2014, 11, 22, 9, 5)),))], "csv")
    assert data.decode("utf-8-sig") == "日,時\r\n2014-11-22,2014-11-22 09:05\r\n"
