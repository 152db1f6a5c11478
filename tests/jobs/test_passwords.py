"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import AccountError
from sqdash.jobs import passwords
from tests.making import is_one_sentence
from tests.people_store import hashing_fast

REAL = passwords.hasher
NAMES = ("chen", "陳大文")


@pytest.fixture(autouse=True)
def real_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that keeps people's passwords."""
    monkeypatch.setattr(passwords, "hasher", REAL)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "密碼至少要 12 個字元，請加長，例如用幾個不相干的詞。"),
        ("elevenchars", "密碼至少要 12 個字元，請加長，例如用幾個不相干的詞。"),
        ("x" * 11 + "y" * 246, "密碼最多 256 個字元，請縮短。"),
        ("a" * 12, "密碼不能只有同一個字元，請改用別的密碼。"),
        ("aAaAaAaAaAaA", "密碼不能只有同一個字元，請改用別的密碼。"),
        ("chenchenchen", "密碼不能是帳號或姓名，請改用別的密碼。"),
        ("ＣＨＥＮchenChen", "密碼不能是帳號或姓名，請改用別的密碼。"),
        ("陳大文陳大文陳大文陳大文", "密碼不能是帳號或姓名，請改用別的密碼。"),
        ("with a \n break", "密碼裡有無法輸入的控制字元，請重新輸入。"),
        ("half a \ud800 sign", "密碼裡有無法輸入的控制字元，請重新輸入。"),
    ],
)
def test_a_password_that_may_not_be_chosen_is_refused_with_the_reason(password: str, sentence: str) -> None:
    with pytest.raises(AccountError) as raised:
        passwords.require(password, names=NAMES)
    assert str(raised.value) == sentence
    assert is_one_sentence(raised.value)


SHORT = "密碼至少要 12 個字元，請加長，例如用幾個不相干的詞。"


def refusal(password: str) -> str | None:
    """Why the password may not be chosen, None where it may."""
    try:
        passwords.require(password, names=NAMES)
    except AccountError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    "password", ["twelve chars", "121212121212", "chen 3 chen 4", "x" * 11 + "y" * 245, "一二三四五六七八九十甲乙"]
)
def test_length_is_all_that_is_asked(password: str) -> None:
    assert [refusal(password), refusal(password[:11])] == [None, SHORT]


def test_a_password_is_kept_as_argon2id_with_64_mib_and_3_passes() -> None:
    kept = passwords.hashed("twelve chars")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(kept, "twelve chars")
    assert not passwords.fits(kept, "twelve chars ")
    assert not passwords.outdated(kept)


def test_a_hash_of_other_parameters_is_outdated_and_still_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.MonkeyPatch.context() as before, hashing_fast(before):
        kept = passwords.hashed("twelve chars")
    assert passwords.outdated(kept)
    assert passwords.fits(kept, "twelve chars")


@pytest.mark.parametrize("kept", ["", "$argon2id$v=19$m=8,t=1,p=1$", "plain"])
def test_what_is_no_hash_fits_nothing(kept: str) -> None:
    assert not passwords.fits(kept, "")


def test_the_same_signs_of_another_keyboard_are_the_same_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with hashing_fast(monkeypatch):
        assert passwords.fits(passwords.hashed("Ｐａｓｓ é 12345"), "Pass e\u0301 12345")


@given(st.text(), st.text())
def test_a_password_fits_itself_and_no_other(one: str, other: str) -> None:
    with pytest.MonkeyPatch.context() as fast, hashing_fast(fast):
        kept = passwords.hashed(one)
        assert passwords.fits(kept, one)
        same = passwords._bytes(one) == passwords._bytes(other)
        assert passwords.fits(kept, other) is same


def test_a_text_as_long_as_a_book_costs_what_the_longest_password_costs() -> None:
    assert len(passwords._bytes("字" * 10_000_000)) == 3 * 4 * passwords.MOST


def test_first_passwords_can_be_read_out_and_never_repeat() -> None:
    made = {passwords.first() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}", one) for one in made)
    for one in made:
        passwords.require(one, names=NAMES)
