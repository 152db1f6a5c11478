"""What a packed file is, told from its directory, and what is refused before anything is unpacked."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest

from sqdash.importers import workbooks_packed
from sqdash.importers.sheet import XLS_MAGIC
from sqdash.importers.workbooks_grid import Refused
from sqdash.importers.workbooks_packed import kind
from tests.importers import workbook_files as files

OVERSIZED = "解開後超過 300 MB 或大得不合理，不是一般的資料表，請確認來源。"
PROTECTED = "有密碼保護，請先移除密碼再上傳。"
ARCHIVE = "是壓縮檔但不是試算表，請先解開，再上傳其中的檔案。"
DOCUMENT = "是文件檔，不是試算表，請把其中的表格貼到試算表另存後再上傳。"
PICTURES = "是簡報檔，不是試算表，請把其中的表格貼到試算表另存後再上傳。"
DAMAGED = "的壓縮內容已損壞，請重新匯出再上傳。"
NO_BOOK = "是舊格式檔案，但找不到其中的活頁簿，不是試算表或已損壞，請以試算表軟體另存為 XLSX 或 ODS 再上傳。"
OLD = XLS_MAGIC + bytes(504)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(Refused) as caught:
        kind(path)
    return str(caught.value)


def utf16(name: str) -> bytes:
    return f"{name}\0".encode("utf-16-le")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (files.xlsx_rows([["a"]]), "xlsx"),
        (files.by_openpyxl({"A1": "a"}), "xlsx"),
        (files.ods(("T", [["a"]])), "ods"),
        (files.xls(lambda book: book.add_sheet("T").write(0, 0, "a")), "xls"),
    ],
)
def test_a_workbook_is_told_by_its_content(stored: Path, data: bytes, expected: str) -> None:
    stored.write_bytes(data)
    assert kind(stored) == expected


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"a.csv": b"a,b"}, ARCHIVE),
        ({"../../evil.csv": b"a,b"}, ARCHIVE),
        ({"inner.zip": files.packed({"a.csv": b"a"})}, ARCHIVE),
        ({"word/document.xml": b"<w/>"}, DOCUMENT),
        ({"ppt/presentation.xml": b"<p/>"}, PICTURES),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, DOCUMENT),
        ({"mimetype": b"application/vnd.oasis.opendocument.presentation"}, PICTURES),
        ({"xl/workbook.bin": b""}, "是二進位活頁簿（XLSB），請另存為 XLSX 或 ODS 再上傳。"),
    ],
)
def test_something_else_that_is_packed_is_named(stored: Path, parts: dict[str, bytes], sentence: str) -> None:
    assert refusal(stored, files.packed(parts)) == sentence


def test_a_bomb_is_refused_at_once_and_nothing_is_unpacked(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = files.replaced(files.xlsx_rows([["a"]]), {files.SHEET_XML: bytes(20_000_000)})
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("unpacked"))
    began = time.monotonic()
    assert refusal(stored, data) == OVERSIZED
    assert time.monotonic() - began < 2


def test_the_declared_sizes_together_are_bounded(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks_packed, "MOST_UNPACKED", 1_000)
    assert refusal(stored, files.xlsx_rows([["a"]])) == OVERSIZED


def test_a_table_that_packs_well_is_no_bomb(stored: Path) -> None:
    stored.write_bytes(files.xlsx_rows([["辦理場次", row, row % 7, "參加人次"] for row in range(20_000)]))
    assert kind(stored) == "xlsx"


def test_too_many_parts_are_refused(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks_packed, "MOST_PARTS", 5)
    assert refusal(stored, files.packed({f"{n}.xml": b"" for n in range(6)})) == OVERSIZED


def test_a_directory_of_a_million_names_is_not_even_listed(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = files.packed({f"{n:060000}": b"" for n in range(50)})
    monkeypatch.setattr(zipfile, "ZipInfo", lambda *_: pytest.fail("listed"))
    assert refusal(stored, data) == OVERSIZED


def test_a_zip_with_a_password_is_protected(stored: Path) -> None:
    data = bytearray(files.xlsx_rows([["a"]]))
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag of the directory's first entry
    assert refusal(stored, bytes(data)) == PROTECTED


def test_an_encrypted_ods_is_protected(stored: Path) -> None:
    manifest = b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    data = files.replaced(files.ods(("T", [["a"]])), {"META-INF/manifest.xml": manifest})
    assert refusal(stored, data) == PROTECTED


def test_an_encrypted_xlsx_is_an_old_compound_file_and_protected(stored: Path) -> None:
    assert refusal(stored, OLD + utf16("EncryptedPackage")) == PROTECTED


@pytest.mark.parametrize("between", [b"", b"\x86\x00\x00\x00"])
def test_an_xls_with_a_password_is_protected(stored: Path, between: bytes) -> None:
    data = files.xls(lambda book: book.add_sheet("T").write(0, 0, "a"))
    after = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    protected = between + b"\x2f\x00"  # what Excel writes right behind the workbook's first record
    assert refusal(stored, data[:after] + protected + data[after + len(protected) :]) == PROTECTED


def test_an_old_word_document_is_not_taken_for_a_workbook(stored: Path) -> None:
    assert refusal(stored, OLD + utf16("WordDocument")) == NO_BOOK


def test_an_xls_that_is_cut_off_may_have_lost_where_its_workbook_is(stored: Path) -> None:
    assert refusal(stored, files.xls(lambda book: book.add_sheet("T").write(0, 0, "a"))[:2_000]) == NO_BOOK


@pytest.mark.parametrize("keep", [4, 100, 2_000])
def test_a_cut_off_file_is_damaged(stored: Path, keep: int) -> None:
    assert refusal(stored, files.xlsx_rows([["a"]])[:keep]) == DAMAGED


def test_a_damaged_mimetype_is_damaged(stored: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")
    assert refusal(stored, out.getvalue().replace(b"mimetypeapplication", b"mimetypeApplication")) == DAMAGED
