"""Which character set a file is in: decided in the stated order, asked where it is not sure."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.importers.encodings import decode

OFFICE = "業務推廣活動,場次,日期\r\n第一課校園宣導,3,103/11/22\r\n斗六辦事處座談會,12,103/12/01\r\n"


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp950", "cp950"),
    ],
)
def test_an_office_file_in_any_usual_encoding_reads_right(codec: str, named: str) -> None:
    found = decode(OFFICE.encode(codec))
    assert (found.text, found.encoding, found.sure, found.unreadable) == (OFFICE, named, True, 0)


def test_user_defined_characters_are_kept_as_windows_maps_them_and_counted() -> None:
    data = (OFFICE * 3).encode("cp950") + b"\xfa\x40\xfe\xfe\x8e\x40\x81\x40"
    found = decode(data)
    assert found.encoding == "cp950"
    assert found.sure
    assert found.text == OFFICE * 3 + "\ue000\ue310\ue311\ueeb8"
    assert found.unreadable == 4


def test_western_text_is_not_called_chinese() -> None:
    found = decode("página;niño;corazón\nSão;más;él\n".encode("cp1252"))
    assert not found.sure
    assert "cp1252" in found.candidates


def test_mainland_text_is_not_taken_for_big5_silently() -> None:
    assert not decode("这是简体中文的文件内容测试，数据与报告".encode("gbk")).sure


def test_too_few_han_characters_are_asked_about() -> None:
    assert not decode("a,b\n活動,1\n".encode("cp950")).sure


def test_the_persons_answer_is_obeyed() -> None:
    found = decode("a,b\n活動,1\n".encode("cp950"), "big5")
    assert (found.text, found.encoding, found.sure) == ("a,b\n活動,1\n", "cp950", True)


def test_a_wrong_answer_says_where_it_fails() -> None:
    with pytest.raises(DataError) as caught:
        decode(OFFICE.encode("cp950"), "utf-8")
    assert str(caught.value) == "檔案不是 UTF-8（含 BOM）：第 1 個位元組無法解讀，請改選編碼或重新匯出。"


def test_an_unknown_encoding_name_is_refused() -> None:
    with pytest.raises(DataError, match="不支援編碼「klingon」"):
        decode(b"a", "klingon")


def test_bytes_of_no_known_set_are_refused() -> None:
    with pytest.raises(DataError, match="無法辨認"):
        decode(b"\xff\x81\x81\x8d\x00")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200))
@settings(deadline=None)
def test_every_utf8_text_reads_as_itself(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode("utf-8")).text == text


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_no_bytes_cause_anything_but_a_sentence(data: bytes) -> None:
    with contextlib.suppress(DataError):
        assert isinstance(decode(data).text, str)
