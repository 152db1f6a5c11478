"""CSV and TSV as rows of text cells: what is read as what, and in which words a hostile or broken file is refused."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import DataError, Question, Unanswered
from sqdash.importers import texts
from sqdash.importers.sources import Bytes

Rows = list[tuple[int, list[str]]]


def rows(text: str | bytes, encoding: str | None = None) -> Rows:
    data = text.encode() if isinstance(text, str) else text
    return list(texts.read(Bytes("a.csv", data), encoding).rows)


def refusal(data: str | bytes) -> str:
    with pytest.raises(DataError) as caught:
        rows(data)
    return str(caught.value)


# --- rows


def test_rows_are_numbered_from_one_and_cells_stay_text() -> None:
    assert rows("post_id,likes\n0123,１２\n") == [(1, ["post_id", "likes"]), (2, ["0123", "１２"])]


def test_blank_rows_are_left_out_but_counted() -> None:
    assert rows("a,b\n\n,\n　 , \n1,2\n") == [(1, ["a", "b"]), (5, ["1", "2"])]


def test_row_with_an_empty_first_cell_is_not_blank() -> None:
    assert rows("a,b\n,2\n") == [(1, ["a", "b"]), (2, ["", "2"])]


def test_a_caption_over_several_lines_is_one_row() -> None:
    assert rows('a,b\n"一\n二 ""三""",2\n3,4\n') == [(1, ["a", "b"]), (2, ['一\n二 "三"', "2"]), (3, ["3", "4"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_trap_line_ends_of_every_kind(end: str) -> None:
    assert rows(end.join(("a,b", '1,"x', 'y"', "3,4"))) == [(1, ["a", "b"]), (2, ["1", "x\ny"]), (3, ["3", "4"])]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_trap_signs_that_split_lines_elsewhere_are_text(sign: str) -> None:
    assert rows(f"a,b\n一{sign}二,2\n") == [(1, ["a", "b"]), (2, [f"一{sign}二", "2"])]


cell = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.lists(cell, min_size=2, max_size=4), min_size=1), st.sampled_from(",;\t"))
def test_what_csv_writes_reads_back(table: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["甲", "乙"])
    writer.writerows(table)
    wanted = [(number, row) for number, row in enumerate(table, 2) if "".join(row).strip()]
    assert rows(f"sep={separator}\n{out.getvalue()}") == [(2, ["甲", "乙"]), *((n + 1, row) for n, row in wanted)]


def test_rows_are_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100)
    sheet = texts.read(Bytes(path))
    assert next(sheet.rows) == (1, ["a", "b"])
    assert next(sheet.rows) == (2, ["1", "2"])
    assert sum(1 for _ in sheet.rows) == 99


# --- separators


@pytest.mark.parametrize(
    ("first", "separator"), [("sep=,", ","), ("sep=;", ";"), ('"sep=,"', ","), ("SEP=|", "|"), ("sep=\t", "\t")]
)
def test_first_line_that_declares_the_separator_is_obeyed_and_counted(first: str, separator: str) -> None:
    text = f'{first}\n"Facebook follows"\n"Date"{separator}"Primary"\n'
    assert rows(text) == [(2, ["Facebook follows"]), (3, ["Date", "Primary"])]


def test_meta_page_series_in_utf_16_reads_below_its_separator_line() -> None:
    text = 'sep=,\n"Facebook follows"\n"Date","Primary"\n"2025-09-20T00:00:00","20"\n\n'
    sheet = texts.read(Bytes("Follows.csv", text.encode("utf-16")))
    assert (sheet.kind, sheet.encoding) == ("csv", "utf-16")
    assert list(sheet.rows) == [
        (2, ["Facebook follows"]),
        (3, ["Date", "Primary"]),
        (4, ["2025-09-20T00:00:00", "20"]),
    ]


@pytest.mark.parametrize("line", ["sep=", "sep=,,", "sep=ab", "separator", "sep=a"])
def test_first_line_that_declares_nothing_is_a_row(line: str) -> None:
    assert rows(f"{line}\na\n") == [(1, next(csv.reader([line]))), (2, ["a"])]


@pytest.mark.parametrize(("separator", "kind"), [(",", "csv"), (";", "csv"), ("\t", "tsv")])
def test_commonest_separator_is_taken(separator: str, kind: str) -> None:
    sheet = texts.read(Bytes("a.txt", f"a{separator}b\n1{separator}2\n".encode()))
    assert sheet.kind == kind
    assert list(sheet.rows) == [(1, ["a", "b"]), (2, ["1", "2"])]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("編號\t說明\n1\t好, 很好, 非常好, 太好\n2\t一, 二\n", ["編號", "說明"]),
        ("a;b;c\n1,5;2,5;3,5\n4,5;6,5;7,5\n", ["a", "b", "c"]),
        ('a,b\n"x;y;z;w",2\n"x;y;z;w",2\n', ["a", "b"]),
        ('a,b\n"1\t\t\t\n2\t\t\t\n",3\n', ["a", "b"]),
        ("103 年報表, 臺南\n單位\t場次\t人次\n第六課\t3\t1\n", ["103 年報表, 臺南"]),
        ('說明\t高\n5" 管\t1, 2, 3\n6" 管\t1, 2, 3\n', ["說明", "高"]),
        ("Page;Type;A, B\n1;Photo;2\n", ["Page", "Type", "A, B"]),
    ],
)
def test_captions_full_of_commas_do_not_choose_the_separator(text: str, first: list[str]) -> None:
    assert rows(text)[0] == (1, first)


def test_one_column_needs_no_separator() -> None:
    assert rows("人數\n12\n") == [(1, ["人數"]), (2, ["12"])]


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp950"])
def test_heading_is_the_same_in_every_encoding(encoding: str) -> None:
    sheet = texts.read(Bytes("a.csv", "貼文編號,觸及人數\n1,2\n".encode(encoding)))
    assert (sheet.encoding, sheet.notes) == (encoding, [])
    assert list(sheet.rows) == [(1, ["貼文編號", "觸及人數"]), (2, ["1", "2"])]


def test_user_defined_characters_are_kept_and_told() -> None:
    data = ("單位,地點與名稱\n" * 3).encode("cp950") + b"1,\xfa\x40\xfb\xf5\n"
    sheet = texts.read(Bytes("a.csv", data))
    assert sheet.notes == ["檔案有 2 個造字無法辨認，已以 □ 保留原碼。"]
    assert list(sheet.rows)[3] == (4, ["1", "\ue000\ue130"])


def test_undecided_encoding_is_asked_with_the_first_lines_of_each_reading() -> None:
    with pytest.raises(Unanswered) as caught:
        rows("ciudad,página\nMálaga,1\n".encode("cp1252"))
    assert caught.value.in_command == "a.csv 需要先回答：文字編碼無法確定，請以 --encoding 指定（cp1252、cp950、gbk）。"
    assert caught.value.questions == (
        Question(
            "encoding",
            "文字編碼無法確定",
            (
                ("cp1252", "西歐（Windows-1252）：ciudad,página ／ Málaga,1"),
                ("cp950", "CP950（Big5）：ciudad,p墔ina ／ M嫮aga,1"),
                ("gbk", "GBK（簡體中文）：ciudad,p醙ina ／ M醠aga,1"),
            ),
        ),
    )


def test_answered_encoding_is_used() -> None:
    assert rows("ciudad,página\n".encode("cp1252"), "cp1252") == [(1, ["ciudad", "página"])]


# --- what is no table


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\r\x00\n\x00"])
def test_empty_file_is_refused(data: bytes) -> None:
    assert refusal(data) == "a.csv 是空的檔案，請確認是否選錯。"


def test_pdf_is_refused() -> None:
    assert refusal(b"%PDF-1.7\n\x00") == "a.csv 是 PDF，不是資料表，請改用原始的試算表或 CSV。"


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html><body><table>",
        "\ufeff\r\n<HTML>".encode(),
        "<html><td>各業受僱員工</td>".encode("cp950"),
        "<table border=1>".encode("utf-16"),
        b"<!-- made by a program --><table>",
        b"<html>" + b"<td>1</td>" * 300_000,
    ],
)
def test_trap_an_xls_that_is_a_page_of_html(data: bytes) -> None:
    assert refusal(data) == "a.csv 的內容是 HTML 網頁表格，請以試算表軟體開啟後另存為 XLSX 或 ODS。"


def test_xml_is_refused() -> None:
    wanted = "a.csv 的內容是 XML，不是 CSV，請以試算表軟體開啟後另存為 XLSX 或 ODS。"
    assert refusal('<?xml version="1.0"?><Workbook>') == wanted


def test_a_caption_that_mentions_html_is_data() -> None:
    assert rows("說明\n<table> 好用\n") == [(1, ["說明"]), (2, ["<table> 好用"])]


def test_nul_bytes_are_refused() -> None:
    assert refusal(b"a,b\n1,\x00\n") == "a.csv 含有 NUL 位元組，不是文字檔，請重新匯出。"


# --- bounds


def test_more_than_the_most_bytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as stream:
        stream.truncate(100_500_001)  # sparse: takes no room
    with pytest.raises(DataError) as caught:
        texts.read(Bytes(path))
    assert str(caught.value) == "big.csv 有 101 MB，超過上限 100 MB，請分成幾個檔案。"


@pytest.mark.parametrize("count", [2_000, 2_001])
def test_columns_are_bounded(count: int) -> None:
    text = ",".join("a" * count) + "\n"
    if count == 2_000:
        assert len(rows(text)[0][1]) == 2_000
    else:
        assert refusal(text) == "a.csv 第 1 列有 2,001 欄，超過上限 2,000 欄，請確認分隔符號。"


@pytest.mark.parametrize("count", [200_000, 200_001])
def test_rows_below_the_headings_are_bounded(count: int) -> None:
    text = "a,b\n" + "1,2\n" * count
    if count == 200_000:
        assert rows(text)[-1] == (200_001, ["1", "2"])
    else:
        assert refusal(text) == "a.csv 超過 200,000 列，請分成幾個檔案。"


def test_blank_rows_below_the_table_do_not_count_as_rows() -> None:
    assert rows("a,b\n1,2\n" + ",\n" * 300_000) == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_blank_rows_without_end_are_refused() -> None:
    assert refusal("a\n" + "\n" * 1_100_000) == "a.csv 的空白列超過 1,048,576 列，請刪除空白列再試。"


@pytest.mark.parametrize("length", [65_536, 65_537, 65_538])
def test_cells_are_bounded_but_for_the_apostrophe_of_an_export(length: int) -> None:
    text = "a,b\n1," + "字" * length + "\n"
    if length < 65_538:
        assert len(rows(text)[1][1][1]) == length
    else:
        assert refusal(text) == "a.csv 第 2 行起有超過 64 KB 的儲存格，請檢查引號是否成對，或縮短內容。"


@pytest.mark.parametrize("first", ["", "sep=,\n"])
def test_unclosed_quote_is_told_with_the_line_of_its_row(first: str) -> None:
    line = 4 + bool(first)
    text = first + 'a,b\n"x\ny",2\n"好,3\n4,5\n'
    assert refusal(text) == f"a.csv 第 {line} 行起的引號沒有結束，請檢查引號是否成對。"
    endless = text + "6,7\n" * 20_000
    assert refusal(endless) == f"a.csv 第 {line} 行起有超過 64 KB 的儲存格，請檢查引號是否成對，或縮短內容。"


def test_text_behind_a_closing_quote_is_told_with_its_line() -> None:
    assert refusal('a,b\n"x"y,2\n') == "a.csv 第 2 行的引號後面還有文字，請檢查引號是否成對。"


LONG_LINE = "a.csv 有一行超過 2 MB，不像資料表，請確認檔案是否選錯或重新匯出。"


@pytest.mark.parametrize("end", [b"", b"\n", b"\r", b"\na,b\n"])
def test_line_of_two_megabytes_is_the_longest(end: bytes) -> None:
    longest = (b"b" * 999 + b",") * 1_999 + b"b" * 1_000
    assert len(longest) == 2_000_000
    assert len(rows(b"a,b\n" + longest + end)) == 2 + end.endswith(b"b\n")
    assert refusal(b"a,b\n" + longest + b"c" + end) == LONG_LINE


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a million columns": (lambda: b",".join([b"1"] * 1_200_000), LONG_LINE),
    "nothing but commas": (lambda: b"," * 90_000_000, LONG_LINE),
    "one unclosed quote": (
        lambda: b'a,"' + b"1,2,3,4,5\n" * 8_000_000,
        "a.csv 第 1 行起有超過 64 KB 的儲存格，請檢查引號是否成對，或縮短內容。",
    ),
    "a row of quoted line breaks": (
        lambda: b'"a\n",' * 15_000_000,
        "a.csv 有一列超過 2 MB，請檢查引號是否成對。",
    ),
    "lines of commas": (
        lambda: (b"," * 1_900_000 + b"\n") * 40,
        "a.csv 第 1 列有 1,900,001 欄，超過上限 2,000 欄，請確認分隔符號。",
    ),
    "rows without end": (lambda: b"1,2\n" * 20_000_000, "a.csv 超過 200,000 列，請分成幾個檔案。"),
    "zeros": (lambda: bytes(90_000_000), LONG_LINE),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_file_costs_a_sentence_and_no_more(tmp_path: Path, what: str) -> None:
    make, sentence = HOSTILE[what]
    path = tmp_path / "a.csv"
    path.write_bytes(make())
    started = time.process_time()
    with pytest.raises(DataError) as caught:
        for _ in texts.read(Bytes(path)).rows:
            pass
    assert str(caught.value) == sentence
    assert time.process_time() - started < 2
    assert peak_of(path) < 64_000_000


def peak_of(path: Path) -> int:
    """The most bytes that Python held while the file was read to its end or to its refusal."""
    tracemalloc.start()
    try:
        for _ in texts.read(Bytes(path)).rows:
            pass
    except DataError:
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(("1600600000000001,「說明」" + "好" * 60 + ",12,345\n").encode() * 60_000)
    assert path.stat().st_size > 12_000_000
    assert peak_of(path) < 6_000_000


def test_file_that_shrinks_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("名稱,人數\n".encode() + "臺南,1\n".encode() * 100_000)
    stream = texts.read(Bytes(path)).rows
    next(stream)
    path.write_bytes("名稱,人數\n".encode() + b"\xff" * 2_000_000)
    with pytest.raises(DataError) as caught:
        list(stream)
    assert str(caught.value) == "a.csv 在讀取途中被改動，請存好檔案後再試。"
