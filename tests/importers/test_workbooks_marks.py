"""What an XLSX sheet says beyond calamine: failed and never calculated formulas, percentages, ROC years."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from sqdash.importers import workbooks_marks
from sqdash.importers.numbers import UNCALCULATED
from sqdash.importers.workbooks_grid import Refused
from sqdash.importers.workbooks_marks import Looked, Marks
from tests.importers import workbook_files as files


def marks(data: bytes, sheet: str = "Sheet1") -> Marks:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return workbooks_marks.read(packed, sheet).marks


def one(rows: str) -> str | None:
    """The mark of A1 when the sheet has these rows."""
    return marks(files.sheet_xml(rows)).get(1, {}).get(0)


def test_formulas_never_calculated_are_found() -> None:
    data = files.by_openpyxl({"A1": 1, "B2": "=SUM(A1:A3)", "C2": "x"})
    assert marks(data, "Sheet") == {2: {1: UNCALCULATED}}


def test_formulas_never_calculated_for_which_a_zero_was_stored_are_found() -> None:
    data = files.xlsx(lambda book: book.add_worksheet().write_formula("A1", "=1+1"))
    assert marks(data) == {1: {0: UNCALCULATED}}


def test_a_calculated_formula_keeps_its_value() -> None:
    data = files.xlsx(lambda book: book.add_worksheet().write_formula("A1", "=1+1", None, 2))
    assert marks(data) == {}


@pytest.mark.parametrize(
    ("cell", "mark"),
    [
        ('<c r="A1"><f>SUM(B1)</f><v></v></c>', UNCALCULATED),
        ('<c r="A1"><f>SUM(B1)</f><v/></c>', UNCALCULATED),
        ('<c r="A1" t="str"><f>SUM(B1)</f></c>', UNCALCULATED),
        ('<c r="A1"><f t="shared" si="0"/></c>', UNCALCULATED),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', None),
        ('<c r="A1"><v>0</v></c>', None),
        ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A"),
        ("<c r='A1' t='e'><f>1/0</f><v>#DIV/0!</v></c>", "#DIV/0!"),
    ],
)
def test_an_empty_text_is_a_value_and_an_error_is_its_text(cell: str, mark: str | None) -> None:
    assert one(f'<row r="1">{cell}</row>') == mark


def test_cells_without_addresses_and_with_prefixed_names_are_found_where_they_stand() -> None:
    rows = (
        '<x:row><x:c><x:v>1</x:v></x:c><x:c t="e"><x:v>#REF!</x:v></x:c></x:row><x:row><x:c><x:f>A1</x:f></x:c></x:row>'
    )
    assert marks(files.sheet_xml(rows, prefix="x")) == {1: {1: "#REF!"}, 2: {0: UNCALCULATED}}


def test_columns_beyond_z_are_counted_right() -> None:
    rows = '<row r="3"><c r="AB3" t="e"><v>#N/A</v></c><c r="XFD3" t="e"><v>#N/A</v></c></row>'
    assert marks(files.sheet_xml(rows)) == {3: {27: "#N/A", 16_383: "#N/A"}}


@pytest.mark.parametrize("code", ["0%", "0.0%", '0.0"分"%', "[Red]0%", 9, 10])
def test_a_percentage_is_what_the_cell_shows(code: str | int) -> None:
    assert marks(files.formatted(code, 0.908)) == {1: {0: "90.8%"}}


@pytest.mark.parametrize(
    "code", ["0", "General", '0"%"', "0.00E+00", '#,##0"e"', "[$-404]e/m/d", "@", "[$-404]G/通用格式"]
)
def test_other_formats_change_nothing(code: str) -> None:
    assert marks(files.formatted(code, 0.908)) == {}


@pytest.mark.parametrize("code", ["[$-404]e", '[$-404]e"年"', '[$-404]ggge"年"', "[$-404]aaaa", "e"])
def test_a_day_shown_as_its_roc_year_is_the_day(code: str) -> None:
    assert marks(files.formatted(code, 41965)) == {1: {0: "2014-11-22"}}


def test_a_day_shown_as_its_roc_year_in_a_workbook_that_counts_from_1904() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"date_1904": True})
    book.add_worksheet().write_number(0, 0, 40503, book.add_format({"num_format": "[$-404]e"}))
    book.close()
    assert marks(out.getvalue()) == {1: {0: "2014-11-22"}}


@pytest.mark.parametrize(
    "code",
    ["yyyy/m/d h:mm", "mm/dd/yyyy hh:mm:ss", '[$-404]e"年"m"月"d"日" hh:mm', "[$-404]yyyy/m/d 上午/下午 hh:mm", 22],
)
def test_midnight_is_a_time_where_the_cell_shows_it(code: str | int) -> None:
    assert marks(files.formatted(code, 41965)) == {1: {0: "2014-11-22 00:00:00"}}
    assert marks(files.formatted(code, 41965.5)) == {}


@pytest.mark.parametrize("code", ["yyyy/m/d", "h:mm", "[h]:mm", "mm:ss", 14, '0.0"h/d"', "d"])
def test_a_day_or_an_hour_alone_is_no_midnight(code: str | int) -> None:
    assert marks(files.formatted(code, 41965)) == {}


def test_midnight_in_a_workbook_that_counts_from_1904() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"date_1904": True})
    book.add_worksheet().write_number(0, 0, 40503, book.add_format({"num_format": 22}))
    book.close()
    assert marks(out.getvalue()) == {1: {0: "2014-11-22 00:00:00"}}


def test_a_workbook_that_does_not_say_where_its_sheet_is_is_refused() -> None:
    data = files.replaced(files.xlsx_rows([["a"]]), {"xl/_rels/workbook.xml.rels": b"<Relationships/>"})
    with pytest.raises(Refused, match="的內部結構不完整，請以試算表軟體開啟後另存再上傳。"):
        marks(data)


def test_a_sign_split_between_two_pieces_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = files.sheet_xml('<row r="1"><c r="A1"><f>B1</f></c></row>')
    for size in range(33, 60):
        monkeypatch.setattr(workbooks_marks, "_CHUNK", size)
        assert marks(data) == {1: {0: UNCALCULATED}}


def test_rows_that_are_hidden_are_told() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row in range(4):
            sheet.write(row, 0, "x")
        for row in (1, 3, 5):
            sheet.set_row(row, None, None, {"hidden": True})

    with zipfile.ZipFile(io.BytesIO(files.xlsx(fill))) as packed:
        assert workbooks_marks.read(packed, "Sheet1") == Looked({}, hidden=(2, 4, 6))
