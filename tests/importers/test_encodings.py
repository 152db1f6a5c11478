"""Which character set a file is in, decided on all of it; each trap that turns names into other names has its test."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.importers import encodings
from sqdash.importers.encodings import Decision, decide, sample
from sqdash.importers.sources import Bytes

HEADINGS = "貼文編號,粉絲專頁編號,粉絲專頁名稱,標題,說明,發佈時間,永久連結,貼文類型,日期,瀏覽次數,觸及人數\n"
OFFICE = "單位,辦理場次,參加人次\n第六課,3,120\n秘書室,2,85\n" * 20
SPANISH = "ciudad,página,años\nMálaga,3,120\n"
SIMPLIFIED = "帖子编号,主页编号,标题,说明,发布时间,观看次数,覆盖人数\n活动报名已经开始，请大家参加说明会。\n"


def source(data: bytes) -> Bytes:
    return Bytes("a.csv", data)


def refusal(data: bytes, encoding: str | None = None) -> str:
    with pytest.raises(DataError) as caught:
        decide(source(data), encoding)
    return str(caught.value)


# --- Unicode


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"post_id,likes\n1,2\n", "utf-8"),
        (HEADINGS.encode(), "utf-8"),
        (HEADINGS.encode("utf-8-sig"), "utf-8-sig"),
        (b"\xff\xfe" + HEADINGS.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + HEADINGS.encode("utf-16-be"), "utf-16"),
        (HEADINGS.encode("utf-16-le"), "utf-16-le"),
        (HEADINGS.encode("utf-16-be"), "utf-16-be"),
        ("👍 讚\n".encode(), "utf-8"),
    ],
)
def test_unicode_is_told_by_its_mark_its_nuls_or_its_form(data: bytes, encoding: str) -> None:
    assert decide(source(data)) == Decision(encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_mark_may_have_nuls_on_the_other_side_too(encoding: str) -> None:
    # U+4E00 (一) ends in a NUL byte.
    assert decide(source(("第一課,1\n" * 30).encode(encoding))) == Decision(encoding)


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_any_text_in_utf_8_is_utf_8(text: str) -> None:
    text = text.lstrip("\ufeff")
    assert decide(source(text.encode())) == Decision("utf-8")


@pytest.mark.parametrize(
    "data", [b"a,b\x00\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"\x00" * 100, b"\xef\xbb\xbfa\x00"]
)
def test_nul_bytes_in_what_is_not_utf_16_are_refused(data: bytes) -> None:
    assert refusal(data) == "a.csv 含有 NUL 位元組，不是文字檔，請重新匯出。"


def test_nul_characters_in_utf_16_are_refused() -> None:
    assert refusal("a\x00b".encode("utf-16")) == "a.csv 含有 NUL 位元組，不是文字檔，請重新匯出。"


# --- CP950


def test_trap_charset_guessers_call_a_chinese_heading_row_japanese() -> None:
    assert decide(source((HEADINGS + "1600600000000001,12,345\n" * 50).encode("cp950"))) == Decision("cp950")


def test_trap_big5hkscs_reads_user_defined_characters_as_other_characters() -> None:
    data = OFFICE.encode("cp950") + b"\xa4\xbb\xb1i\xfb\xf5,1,2\n"
    assert data.decode("big5hkscs").splitlines()[-1] == "六張𤒼,1,2"
    assert decide(source(data)) == Decision("cp950", user_defined=1)
    assert sample(source(data), "cp950", rows=61)[-1] == "六張□,1,2"


def test_user_defined_characters_are_counted_to_the_end_of_the_file() -> None:
    data = (OFFICE * 400).encode("cp950") + b"\xfa\x40\x81\x40,1,2\n"
    assert len(data) > 2**18
    assert decide(source(data)) == Decision("cp950", user_defined=2)


def test_trap_a_few_clean_lines_prove_nothing() -> None:
    data = b"id,n\n" * 100_000 + OFFICE.encode("cp950")
    assert decide(source(data)) == Decision("cp950")


@pytest.mark.parametrize("character", "裏碁€恒粧銹墻嫺")
def test_trap_big5_lacks_characters_that_cp950_has(character: str) -> None:
    data = (OFFICE + character).encode("cp950")
    with pytest.raises(UnicodeDecodeError):
        data.decode("big5")
    assert decide(source(data)) == Decision("cp950")


def test_bad_byte_only_at_the_end_is_named_by_its_line() -> None:
    data = OFFICE.encode("cp950")
    assert refusal(data + b"\xff\n") == "a.csv 第 61 行有文字無法以「CP950（Big5）」解讀，請改選編碼或重新匯出。"
    cut = OFFICE.encode()[:-6] + b"\xe5"
    assert refusal(cut) == "a.csv 第 60 行有文字無法以「UTF-8」解讀，請改選編碼或重新匯出。"


def test_line_of_a_bad_byte_is_counted_by_carriage_returns_where_there_are_only_these() -> None:
    data = OFFICE.replace("\n", "\r").encode("cp950") + b"\xff"
    assert refusal(data).startswith("a.csv 第 61 行")


# --- what a person must say


def test_trap_western_accents_decode_as_cp950_without_an_error() -> None:
    data = SPANISH.encode("cp1252")
    assert data.decode("cp950").startswith("ciudad,p墔ina")
    decision = decide(source(data))
    assert (decision.encoding, decision.sure) == ("cp1252", False)
    assert decision.candidates == ("cp1252", "cp950", "gbk")


def test_trap_gbk_text_decodes_as_cp950_once_user_defined_codes_are_allowed() -> None:
    decision = decide(source(SIMPLIFIED.encode("gbk")))
    assert (decision.encoding, decision.sure) == ("gbk", False)


@pytest.mark.parametrize("line", SIMPLIFIED.splitlines())
def test_gbk_text_is_never_taken_for_cp950(line: str) -> None:
    decision = decide(source((line * 30).encode("gbk")))
    assert (decision.sure, decision.candidates[0]) == (False, "gbk")


@pytest.mark.parametrize(("han", "sure"), [("日期場次", False), ("日期與場次", True)])
def test_fewer_than_five_han_characters_are_too_few_to_tell(han: str, sure: bool) -> None:
    decision = decide(source(f"{han},1\n".encode("cp950")))
    assert (decision.encoding, decision.sure) == ("cp950", sure)


@pytest.mark.parametrize(("rare", "sure"), [(1, True), (2, False)])
def test_nine_in_ten_han_characters_must_be_frequent_ones(rare: int, sure: bool) -> None:
    data = ("日期與場次人數單位課"[: 10 - rare] + "乂" * rare).encode("cp950")  # 乂 C940 opens level 2
    assert decide(source(data)).sure is sure


def test_candidates_are_only_those_that_decode() -> None:
    assert decide(source("日本語\n".encode("cp932") + b"\x80\n")).candidates == ("cp1252",)


def test_nothing_that_decodes_is_told_how_to_save() -> None:
    wanted = "a.csv 的文字編碼無法辨認，請在原程式另存為 UTF-8 的 CSV 再上傳。"
    assert refusal(b"\x81\x8d\xff\xfe\x80\n") == wanted


def test_samples_are_the_lines_in_which_candidates_differ() -> None:
    data = ("id,n\n" * 5 + "x" * 60 + SPANISH).encode("cp1252")
    assert sample(source(data), "cp1252") == ["…xxciudad,página,años", "Málaga,3,120"]
    assert sample(source(data), "cp950", rows=1) == ["…xxciudad,p墔ina,a隳s"]


def test_samples_are_short_and_show_nothing_invisible() -> None:
    assert sample(source(("說明" * 40 + "\u202e").encode()), "utf-8") == ["說明" * 20 + "…"]
    assert sample(source("說\u202e明\x1b[1m\n".encode()), "utf-8") == ["說□明□[1m"]


# --- a person's answer


@pytest.mark.parametrize(
    ("answer", "encoding"),
    [("cp950", "cp950"), ("Big5", "cp950"), ("MS950", "cp950"), ("windows-1252", "cp1252"), ("GB2312", "gbk")],
)
def test_answer_is_obeyed_by_any_of_its_names(answer: str, encoding: str) -> None:
    assert decide(source("é中".encode(encoding, "ignore")), answer) == Decision(encoding)


@pytest.mark.parametrize("answer", ["utf8", "UTF-8", "utf_8", "utf-8-sig"])
def test_answer_of_utf_8_holds_with_and_without_a_mark(answer: str) -> None:
    assert decide(source("中".encode()), answer) == Decision("utf-8")
    assert decide(source("中".encode("utf-8-sig")), answer) == Decision("utf-8-sig")


def test_answer_of_utf_16_holds_with_and_without_a_mark() -> None:
    assert decide(source("中".encode("utf-16")), "utf-16-le") == Decision("utf-16")
    assert decide(source("中".encode("utf-16-le")), "utf-16") == Decision("utf-16-le")
    assert decide(source("中".encode("utf-16-be")), "utf-16-be") == Decision("utf-16-be")


def test_answer_that_the_file_contradicts_is_refused_with_the_line() -> None:
    wanted = "a.csv 第 2 行有文字無法以「UTF-8」解讀，請改選編碼或重新匯出。"
    assert refusal(b"id\n" + OFFICE.encode("cp950"), "utf-8") == wanted


def test_answer_counts_user_defined_characters_too() -> None:
    assert decide(source(b"\xfa\x40,1\n"), "big5") == Decision("cp950", user_defined=1)


@pytest.mark.parametrize("answer", ["gb18030", "big5hkscs", "rot13", "紅" * 50])
def test_unknown_answer_is_told_the_names(answer: str) -> None:
    names = "utf-8、utf-8-sig、utf-16、utf-16-le、utf-16-be、cp950、cp1252、gbk"
    assert refusal(b"a", answer) == f"不支援編碼「{answer[:20]}」，請用 {names} 之一。"


def test_every_candidate_has_a_name_to_show() -> None:
    assert {"cp950", "cp1252", "gbk"} <= set(encodings.NAMES)


# --- memory


@pytest.mark.parametrize("encoding", ["utf-8", "cp950"])
def test_memory_does_not_grow_with_the_file(encoding: str) -> None:
    big = source(OFFICE.encode(encoding) * 10_000)
    assert big.size > 8_000_000
    tracemalloc.start()
    try:
        decide(big)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000
