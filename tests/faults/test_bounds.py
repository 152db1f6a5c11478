"""Hostile, broken and oversized files through the whole import: one sentence each, nothing written."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import DataError
from sqdash.importers.sources import Bytes
from sqdash.jobs import export as exporting
from sqdash.jobs import upload
from tests.importers.workbook_files import SHEET_XML, by_openpyxl, ods_cells, xlsx_rows
from tests.jobs.meta_files import HEAD, export, key, post, seen
from tests.making import beside, current, is_one_sentence

Copy = Callable[[str], Path]
BY = "測試員"
HEADINGS = "day,label,working\n"
LINE = "2014-01-01,元旦,0\n"


def refusal(store: Path, name: str, data: bytes) -> str:
    """The one sentence; looking and importing say the same, and nothing is written."""
    before = store.read_bytes(), beside(store)
    said = []
    for attempt in (
        lambda: upload.require_accepted(upload.look(store, Bytes(name, data)).outcome, skip_rejected=True),
        lambda: upload.import_file(store, Bytes(name, data), by=BY, skip_rejected=True),
    ):
        with pytest.raises(DataError) as raised:
            attempt()
        said.append(str(raised.value))
    assert said[0] == said[1]
    assert is_one_sentence(said[0])
    assert (store.read_bytes(), beside(store)) == before
    return said[0]


def columns(count: int) -> bytes:
    """A table of so many unknown headings, and a row."""
    return ",".join(f"欄{chr(0x4E00 + n)}" for n in range(count)).encode() + b"\n" + b",".join([b"x"] * count) + b"\n"


def bomb(part: str, made: bytes) -> bytes:
    """A workbook that unpacks to 400 MB of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in archive.namelist():
            with packed.open(name, "w", force_zip64=True) as written:
                written.write(b"<?xml version='1.0'?><a>" if name == part else archive.read(name))
                for _ in range(400 if name == part else 0):
                    written.write(b" " * 1_000_000)
    return out.getvalue()


FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "NUL bytes": (
        "x.csv",
        lambda: (HEADINGS + "2014-01-01,元\x00旦,0\n").encode(),
        "x.csv 含有 NUL 位元組，不是文字檔，請重新匯出。",
    ),
    "an unclosed quote": (
        "x.csv",
        lambda: (HEADINGS + '2014-01-01,"元旦,0\n').encode(),
        "x.csv 第 2 行起的引號沒有結束，請檢查引號是否成對。",
    ),
    "an unclosed quote before many lines": (
        "x.csv",
        lambda: (HEADINGS + '2014-01-01,"元旦,0\n' + LINE * 50_000).encode(),
        "x.csv 第 2 行起有超過 64 KB 的儲存格，請檢查引號是否成對，或縮短內容。",
    ),
    "1,000,000 columns": (
        "x.csv",
        lambda: (",".join(f"c{n}" for n in range(1_000_000)) + "\n").encode(),
        "x.csv 有一行超過 2 MB，不像資料表，請確認檔案是否選錯或重新匯出。",
    ),
    "1,000,000 empty columns": (
        "x.csv",
        lambda: (HEADINGS[:-1] + "," * 1_000_000 + "\n" + LINE).encode(),
        "x.csv 第 1 列有 1,000,003 欄，超過上限 2,000 欄，請確認分隔符號。",
    ),
    "a zip bomb of an XLSX": (
        "x.xlsx",
        lambda: bomb(SHEET_XML, xlsx_rows([["day", "label", "working"]])),
        "x.xlsx 解開後超過 300 MB 或大得不合理，不是一般的資料表，請確認來源。",
    ),
    "a zip bomb of an ODS": (
        "x.ods",
        lambda: bomb("content.xml", ods_cells("")),
        "x.ods 解開後超過 300 MB 或大得不合理，不是一般的資料表，請確認來源。",
    ),
    "an unknown table of 201 columns": (
        "x.csv",
        lambda: columns(201),
        "x.csv 有 201 欄，不是已知的格式，未知的表最多 200 欄，請刪去不需要的欄。",
    ),
    "an unknown table of 200 columns": (
        "x.csv",
        lambda: columns(200),
        "x.csv 的欄名不是任何一種已知格式，請對照範本的欄名，或指定每一欄的意思。",
    ),
    "200,001 rows": (
        "x.csv",
        lambda: (HEADINGS + LINE * 200_001).encode(),
        "x.csv 超過 200,000 列，請分成幾個檔案。",
    ),
    "a cell of more than 64 KB": (
        "x.csv",
        lambda: (HEADINGS + "2014-01-01," + "長" * 66_000 + ",0\n").encode(),
        "x.csv 第 2 行起有超過 64 KB 的儲存格，請檢查引號是否成對，或縮短內容。",
    ),
    "more than 100 MB": (
        "x.csv",
        lambda: b"a" * 100_000_001,
        "x.csv 有 100 MB，超過上限 100 MB，請分成幾個檔案。",
    ),
    "nothing at all": ("x.csv", lambda: b"", "x.csv 是空的檔案，請確認是否選錯。"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_beyond_the_bounds_is_one_sentence_and_nothing_is_written(store: Path, kind: str) -> None:
    name, make, sentence = FILES[kind]
    assert refusal(store, name, make()) == sentence


@pytest.mark.parametrize("name", ["../../x.csv", "..\\..\\x.csv", "/etc/x.csv", "C:\\x.csv", "a\nb\x1b[31m/x.csv"])
def test_a_name_like_a_path_is_shown_without_it(store: Path, name: str) -> None:
    assert refusal(store, name, b"") == "x.csv 是空的檔案，請確認是否選錯。"


def test_a_known_export_of_1738_columns_is_read_by_name(store: Path) -> None:
    head = [*HEAD, *(f"Metric {n} by country" for n in range(1_738 - len(HEAD)))]
    outcome = upload.import_file(store, export(post(1), head=head), by=BY, answers=seen(1))
    assert outcome.added == 1
    assert any(note.startswith("1,725 個欄位沒有用到：") for note in outcome.notes)
    assert [p["post_id"] for p in current(store, "posts")] == [key(1)]


# --- formulas: never worked out, never let out

TRAINING = "類別,日期,名稱,人次\n"
FORMULA = '=HYPERLINK("http://elsewhere.example","x")'


def test_a_formula_where_a_text_belongs_stays_text_and_is_guarded_when_it_leaves(store: Path, tmp_path: Path) -> None:
    quoted = '"' + FORMULA.replace('"', '""') + '"'
    upload.import_file(store, Bytes("x.csv", f"{TRAINING}教育訓練,103/06/10,{quoted},3\n".encode()), by=BY)
    assert FORMULA in {activity["title"] for activity in current(store, "activities")}
    exporting.export(store, tmp_path / "out")
    with (tmp_path / "out" / "activities.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = [line["title"] for line in csv.DictReader(file)]
    assert f"'{FORMULA}" in titles
    assert FORMULA not in titles


def test_a_formula_where_a_number_belongs_is_refused(store: Path) -> None:
    sentence = refusal(store, "x.csv", f"{TRAINING}教育訓練,103/06/10,研習,=1+1\n".encode())
    assert sentence == "x.csv 第 2 列「人次」的值「=1+1」無法採用：不是數字，請只填數字，例如 1234。"


@pytest.mark.parametrize("column", ["C2", "D2"], ids=["text", "number"])
def test_a_formula_that_was_never_calculated_is_refused_and_never_zero(store: Path, column: str) -> None:
    cells = dict(zip(("A1", "B1", "C1", "D1"), TRAINING.strip().split(","), strict=True))
    cells |= {"A2": "教育訓練", "B2": "103/06/10", "C2": "研習", "D2": 3}
    sentence = refusal(store, "x.xlsx", by_openpyxl(cells | {column: "=1+1"}))
    assert "第 2 列" in sentence
    assert "沒有算過的公式" in sentence
