"""Names of accounts and people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import AccountError
from sqdash.jobs import names
from tests.making import is_one_sentence


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Chen", "chen"),
        ("ＣＨＥＮ", "chen"),
        ("  Wang\u3000 Ming ", "wang ming"),
        ("王小明", "王小明"),
        ("STRASSE", "strasse"),
        ("straße", "strasse"),
        ("ｱ", "ア"),
        ("x" * 64, "x" * 64),
    ],
)
def test_names_are_found_however_they_are_typed(given_name: str, kept: str) -> None:
    assert names.account_name(given_name) == kept


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "帳號名稱是空的，請填寫 1 至 64 個字。"),
        (" \t\n", "帳號名稱是空的，請填寫 1 至 64 個字。"),
        ("x" * 65, "帳號名稱超過 64 個字，請縮短。"),
        ("ﷺ" * 4, "帳號名稱超過 64 個字，請縮短。"),  # one sign that stands for eighteen
        ("a\x00b", "帳號名稱含有看不見的控制字元，請重新輸入。"),
        ("a\u202eb", "帳號名稱含有看不見的控制字元，請重新輸入。"),
        ("a\u200bb", "帳號名稱含有看不見的控制字元，請重新輸入。"),
        ("a\ud800", "帳號名稱含有看不見的控制字元，請重新輸入。"),
    ],
)
def test_a_name_that_nobody_can_type_or_read_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(AccountError) as raised:
        names.account_name(name)
    assert str(raised.value) == sentence
    assert is_one_sentence(raised.value)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = names.folded(text)
    assert names.folded(once) == once


@given(st.text(min_size=1, max_size=64))
def test_a_name_that_is_taken_is_found_again_as_typed_and_as_kept(text: str) -> None:
    try:
        kept = names.account_name(text)
    except AccountError:
        return
    assert names.folded(text) == kept == names.folded(kept)
    assert 1 <= len(kept) <= 64


def test_what_colleagues_read_keeps_its_case() -> None:
    assert names.shown_name(" Lin  Mei\n") == "Lin Mei"


@pytest.mark.parametrize("shown", ["系統", "命令列", " 未登入 ", "訪客"])
def test_nobody_goes_by_a_name_of_the_program(shown: str) -> None:
    with pytest.raises(AccountError, match="是程式自己用的名稱") as raised:
        names.shown_name(shown)
    assert is_one_sentence(raised.value)


def test_a_shown_name_is_said_to_be_one() -> None:
    with pytest.raises(AccountError, match=r"^姓名是空的"):
        names.shown_name("")
