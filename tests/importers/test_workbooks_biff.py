"""What an XLS sheet says beyond calamine: failed and never calculated formulas, and when nobody can tell."""

from __future__ import annotations

import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqdash.importers import workbooks_biff
from sqdash.importers.numbers import UNCALCULATED
from sqdash.importers.workbooks_biff import look
from sqdash.importers.workbooks_grid import Refused
from sqdash.importers.workbooks_marks import Looked
from tests.importers import workbook_files as files

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
EMPTY = b"\x03\x00\x00\x00\x00\x00\xff\xff"
"""An empty text: what xlwt stores as the result of every formula, and Excel for ``=""``."""
ZERO = bytes(8)


def error(code: int) -> bytes:
    return bytes([2, 0, code, 0, 0, 0, 0xFF, 0xFF])


def formula(result: bytes, flags: int = 0) -> bytes:
    """A workbook with a formula in C2 that has this result."""
    made = files.xls(lambda book: book.add_sheet("活動").write(1, 2, xlwt.Formula("A1+A2")))
    assert made.count(EMPTY + b"\x00\x00") == 1
    return made.replace(EMPTY + b"\x00\x00", result + struct.pack("<H", flags))


def with_record(data: bytes, kind: int, body: bytes, *, sheet: bool) -> bytes:
    """The workbook with one of its records (WRITEACCESS; DELTA of the sheet) made into another."""
    old = struct.pack("<HH", 0x0010, 8) if sheet else struct.pack("<HH", 0x005C, 112)
    assert data.count(old) == 1
    at, size = data.index(old), struct.unpack("<H", old[2:])[0]
    return data[:at] + struct.pack("<HH", kind, size) + body.ljust(size, b"\x00") + data[at + 4 + size :]


def looked(data: bytes, path: Path, sheet: str = "活動") -> Looked | None:
    path.write_bytes(data)
    return look(path, sheet)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.xls"


# --- errors


@pytest.mark.parametrize(("code", "text"), ERRORS.items())
def test_a_formula_that_failed_is_its_error(code: int, text: str, path: Path) -> None:
    assert looked(formula(error(code)), path) == Looked({2: {2: text}}, sure=True)


@pytest.mark.parametrize(("code", "text"), ERRORS.items())
def test_an_error_without_a_formula_is_its_text(code: int, text: str, path: Path) -> None:
    made = files.xls(lambda book: book.add_sheet("活動").row(6).set_cell_error(255, code))
    assert looked(made, path) == Looked({7: {255: text}}, sure=True)


def test_an_error_that_nobody_knows_is_a_formula_without_a_result(path: Path) -> None:
    assert looked(formula(error(0x2B)), path) == Looked({2: {2: UNCALCULATED}}, sure=True)


def test_truth_values_are_no_errors(path: Path) -> None:
    made = files.xls(lambda book: book.add_sheet("活動").row(0).set_cell_boolean(0, True))
    assert looked(made, path) == Looked({}, sure=True)


@pytest.mark.parametrize(
    "result",
    [struct.pack("<d", 12.5), b"\x00\x00\x00\x00\x00\x00\xff\xff", b"\x01\x00\x00\x00\x00\x00\xff\xff"],
    ids=["number", "text", "truth value"],
)
def test_a_result_is_no_mark(result: bytes, path: Path) -> None:
    assert looked(formula(result), path) == Looked({}, sure=True)


def test_each_sheet_has_its_own_marks(path: Path) -> None:
    def fill(book: xlwt.Workbook) -> None:
        book.add_sheet("甲").row(0).set_cell_error(0, 0x07)
        book.add_sheet("Ä2").row(1).set_cell_error(1, 0x2A)
        book.add_sheet("c").write(0, 0, "#N/A")

    made = files.xls(fill)
    assert looked(made, path, "甲") == Looked({1: {0: "#DIV/0!"}}, sure=True)
    assert looked(made, path, "Ä2") == Looked({2: {1: "#N/A"}}, sure=True)
    assert looked(made, path, "c") == Looked({}, sure=True)
    assert looked(made, path, "d") is None


# --- formulas never calculated

_UNCALCED, _RECALCID = 0x005E, 0x01C1


@pytest.mark.parametrize(
    ("result", "flags", "found"),
    [
        (EMPTY, 0, Looked({2: {2: UNCALCULATED}}, sure=True)),  # xlwt
        (ZERO, 3, Looked({2: {2: UNCALCULATED}}, sure=True)),  # to be calculated always, and on load
        (EMPTY, 3, Looked({2: {2: UNCALCULATED}}, sure=True)),
        (EMPTY, 2, Looked({}, sure=False)),  # LibreOffice calculated it; others write the same without
        (ZERO, 2, Looked({}, sure=False)),
        (ZERO, 0, Looked({}, sure=False)),
        (struct.pack("<d", 1), 3, Looked({}, sure=True)),
    ],
)
def test_formula_without_a_result_is_told_by_its_writer_s_flags(
    result: bytes, flags: int, found: Looked, path: Path
) -> None:
    assert looked(formula(result, flags), path) == found


@pytest.mark.parametrize("result", [EMPTY, ZERO])
def test_an_empty_text_and_a_zero_that_excel_calculated_are_values(result: bytes, path: Path) -> None:
    made = with_record(formula(result), _RECALCID, struct.pack("<HHI", _RECALCID, 0, 1), sheet=False)
    assert looked(made, path) == Looked({}, sure=True)
    made = with_record(formula(EMPTY), _RECALCID, struct.pack("<HHI", _RECALCID, 0, 0), sheet=False)
    assert looked(made, path) == Looked({2: {2: UNCALCULATED}}, sure=True)


def test_sheet_that_was_saved_before_it_was_calculated_says_so(path: Path) -> None:
    for result, marks in ((ZERO, {2: {2: UNCALCULATED}}), (struct.pack("<d", 1), {})):
        made = with_record(formula(result, 2), _UNCALCED, b"", sheet=True)
        assert looked(made, path) == Looked(marks, sure=False)


# --- what a format shows


def written(*cells: tuple[float, str], since_1904: bool = False) -> bytes:
    """A workbook with these numbers in column A, each under its format."""

    def fill(book: xlwt.Workbook) -> None:
        book.dates_1904 = since_1904
        sheet = book.add_sheet("活動")
        for row, (value, code) in enumerate(cells):
            sheet.write(row, 0, value, xlwt.easyxf(num_format_str=code))

    return files.xls(fill)


@pytest.mark.parametrize(
    ("value", "code", "mark"),
    [
        (41965, "yyyy/m/d h:mm", "2014-11-22 00:00:00"),
        (41965, "m/d/yy h:mm", "2014-11-22 00:00:00"),  # which files name by its number alone
        (41965, '[$-404]e"年"m"月"d"日" hh:mm', "2014-11-22 00:00:00"),
        (41965, "[$-404]e", "2014-11-22"),
        (0.908, "0.0%", "90.8%"),
        (1, "0%", "100%"),
        (-0.25, "0%", "-25%"),
        (2_000_000_000.5, "0%", "200000000050%"),
    ],
)
def test_what_its_format_shows_of_a_number_is_its_text(value: float, code: str, mark: str, path: Path) -> None:
    assert looked(written((7, "0"), (value, code)), path) == Looked({2: {0: mark}}, sure=True)


@pytest.mark.parametrize(("value", "code"), [(41965.5, "yyyy/m/d h:mm"), (41965, "yyyy/m/d"), (0.9, "0.00")])
def test_what_calamine_gives_whole_is_no_mark(value: float, code: str, path: Path) -> None:
    assert looked(written((value, code)), path) == Looked({}, sure=True)


def test_midnight_in_a_workbook_that_counts_from_1904(path: Path) -> None:
    made = written((40503, "yyyy/m/d h:mm"), since_1904=True)
    assert looked(made, path) == Looked({1: {0: "2014-11-22 00:00:00"}}, sure=True)


def test_the_result_of_a_formula_is_shown_by_its_format_too(path: Path) -> None:
    percent = xlwt.easyxf(num_format_str="0.0%")
    made = files.xls(lambda book: book.add_sheet("活動").write(1, 2, xlwt.Formula("A1/A2"), percent))
    data = made.replace(EMPTY + b"\x00\x00", struct.pack("<dH", 0.908, 0))
    assert looked(data, path) == Looked({2: {2: "90.8%"}}, sure=True)


@pytest.mark.parametrize(
    ("short", "mark"),
    [
        (0x3FF00000, "100%"),  # the upper half of 1.0
        (0x3FF00001, "1%"),  # the same, by a hundred
        (2 << 2 | 2, "200%"),  # a whole number
        (250 << 2 | 3, "250%"),
        (-2 << 2 & 0xFFFFFFFF | 2, "-200%"),
    ],
)
def test_a_number_in_four_bytes_is_read_alone_and_in_a_row_of_them(short: int, mark: str, path: Path) -> None:
    made = written((0.5, "0%"))
    at = made.index(struct.pack("<HHHH", 0x027E, 10, 0, 0))
    form = made[at + 8 : at + 10]
    alone = made[: at + 10] + struct.pack("<I", short) + made[at + 14 :]
    assert looked(alone, path) == Looked({1: {0: mark}}, sure=True)
    cells = form + struct.pack("<I", short)
    row = struct.pack("<HHHH", 0x00BD, 18, 0, 3) + cells * 2 + struct.pack("<H", 4)
    end = 512 + 4_096  # xlwt fills its stream up with zeros
    several = made[:at] + row + made[at + 14 : end - len(row) + 14] + made[end:]
    assert looked(several, path) == Looked({1: {3: mark, 4: mark}}, sure=True)


def test_rows_that_are_hidden_are_told(path: Path) -> None:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("活動")
        for row in range(4):
            sheet.write(row, 0, "x")
        for row in (1, 3, 5):
            sheet.row(row).hidden = True

    assert looked(files.xls(fill), path) == Looked({}, hidden=(2, 4, 6))


# --- what cannot be walked over


def test_records_of_what_is_embedded_are_no_cells(path: Path) -> None:
    """A chart is records between a BOF and an EOF of its own, in the midst of the sheet's."""
    cell = struct.pack("<HHHHHBB", 0x0205, 8, 4, 4, 0, 0x2A, 1)
    chart = struct.pack("<HHHH", 0x0809, 4, 0x0600, 0x0020) + cell + struct.pack("<HH", 0x000A, 0)
    made = formula(error(0x07))
    at, end = made.index(struct.pack("<HH", 0x023E, 18)), 512 + 4_096  # xlwt fills its stream up with zeros
    new = chart + cell.replace(b"\x04\x00\x04\x00", b"\x05\x00\x05\x00", 1)
    data = made[:at] + new + made[at : end - len(new)] + made[end:]
    assert looked(data, path) == Looked({2: {2: "#DIV/0!"}, 6: {5: "#N/A"}}, sure=True)


def test_book_of_an_older_version_is_not_walked_over(path: Path) -> None:
    made = formula(error(0x07))
    assert looked(made.replace(b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x10\x00\x00\x05\x05\x00"), path) is None


@pytest.mark.parametrize("name", ["MOST_RECORDS", "MOST_MARKS"])
def test_the_walk_is_bounded(name: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = formula(error(0x07))
    monkeypatch.setattr(workbooks_biff, name, 0)
    assert looked(made, path) is None


def test_a_sheet_said_to_begin_within_another_record_is_not_walked_over(path: Path) -> None:
    made = formula(error(0x07))
    at = made.index(struct.pack("<HH", 0x0085, 12))
    (begin,) = struct.unpack_from("<I", made, at + 4)
    for wrong in (begin + 2, len(made) * 2, 0xFFFFFFFF):
        assert looked(made[: at + 4] + struct.pack("<I", wrong) + made[at + 8 :], path) is None


@pytest.mark.parametrize("further", [2, 4, 3, 0])
def test_a_sheet_that_breaks_off_is_refused(further: int, path: Path) -> None:
    """Rows before the break alone look like a whole table: within a record, its head, or right before the next one."""

    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("活動")
        for row in range(400):
            sheet.write(row, 0, 1.5 + row)

    made = bytearray(files.xls(fill))
    broken = made.index(struct.pack("<HHHH", 0x027E, 10, 380, 0)) - 512
    length = made.index("Workbook".encode("utf-16-le")) + 120
    struct.pack_into("<I", made, length, broken + further)
    with pytest.raises(Refused) as caught:
        looked(bytes(made), path)
    assert str(caught.value) == "的工作表在中途斷掉，檔案已損壞，請以試算表軟體開啟、核對列數後另存再上傳。"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5_631), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6))
def test_whatever_is_broken_nothing_escapes(path: Path, changes: list[tuple[int, bytes]]) -> None:
    made = bytearray(formula(error(0x07)))
    for at, new in changes:
        made[at : at + len(new)] = new
    began = time.monotonic()
    with suppress(Refused):
        found = looked(bytes(made), path)
        assert found is None or isinstance(found, Looked)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("cut", [0, 8, 511, 512, 600, 2_000, -513, -1])
def test_a_file_cut_off_is_not_walked_over(cut: int, path: Path) -> None:
    found = looked(formula(error(0x07))[:cut], path)
    assert found is None or (cut == -1 and found.sure)
