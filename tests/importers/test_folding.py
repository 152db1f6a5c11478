"""What is taken off around a value before it is read, and what is left as it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.importers.cells import CellError
from sqdash.importers.folding import UNCALCULATED, folded, refuse_formula


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (" 12 ", "12"),
        ("\u300012\u3000", "12"),
        ("１，２３４", "1,234"),
        ("１２％", "12%"),
        ("１０３／１１／２２", "103/11/22"),
        ("𝟏𝟐", "12"),
        ("'0943201436", "0943201436"),
        ("＇103", "103"),
        ('="103/06/10"', "103/06/10"),
        ('=" 103 "', "103"),
        ('=""', '=""'),
        ("=1+1", "=1+1"),
        ("\u200e2014/\u200e11/\u200e22", "2014/11/22"),
        ("\ufeff12\u200b ", "12"),
        ("\u200b", ""),
        ("", ""),
    ],
)
def test_marks_of_programs_and_keyboards_are_taken_off(text: str, plain: str) -> None:
    assert folded(text) == plain


@pytest.mark.parametrize("text", ["①", "103/①/2", "3²", "½", "㋀", "１②"])
def test_trap_signs_that_nfkc_makes_digits_of_stay_as_they_are(text: str) -> None:
    assert folded(text) == text


@given(st.text())
def test_no_digit_appears_that_was_not_a_digit(text: str) -> None:
    assert sum(c.isdecimal() for c in folded(text)) <= sum(unicodedata.category(c) == "Nd" for c in text)


@pytest.mark.parametrize("text", ["#N/A", "#n/a", "#REF!", "#DIV/0!", "#VALUE!"])
def test_error_of_a_formula_is_refused(text: str) -> None:
    with pytest.raises(CellError, match=r"^這一格是公式錯誤，請在試算表改正後再上傳。$"):
        refuse_formula(text)


def test_marker_of_an_uncalculated_formula_survives_folding_and_is_refused() -> None:
    with pytest.raises(CellError, match=r"^這一格是沒有算過的公式，請用試算表開啟並存檔後再上傳。$") as caught:
        refuse_formula(folded(UNCALCULATED))
    assert caught.value.code == "uncalculated"


def refusal(text: str) -> str | None:
    """The code under which the text is refused, None where it is taken."""
    try:
        refuse_formula(text)
    except CellError as error:
        return error.code
    return None


@pytest.mark.parametrize("text", ["#1 103/11/22", "#NAME", "N/A", "", "#"])
def test_other_text_is_no_formula(text: str) -> None:
    assert refusal(text) is None
