"""Ids, and how to tell those that Excel damaged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.importers.ids import damaged_column, is_post_number


@pytest.mark.parametrize("text", ["1", "122100000000000123", "100064000000001_122100000000000123"])
def test_digits_and_a_pair_of_them_are_ids(text: str) -> None:
    assert is_post_number(text)


@pytest.mark.parametrize("text", ["", "1.2E+17", "12a", "_1", "1_", "1_2_3", "１２", "①", "-1", "pfbid02", "1" * 21])
def test_anything_else_is_none(text: str) -> None:
    assert not is_post_number(text)


@pytest.mark.parametrize(
    "text", ["1.16883E+15", "1E+17", "1.60060000000000E+15", "1600600000000000", "122100000000000000"]
)
def test_trap_excel_s_forms_of_a_long_number_are_damaged_ids(text: str) -> None:
    assert damaged_column([text]) == [True]


def test_short_ids_are_never_damaged() -> None:
    assert damaged_column(["100000000000000", "10", ""]) == [False, False, False]


def test_zeros_at_the_end_of_every_long_id_are_no_chance() -> None:
    assert damaged_column(["1221000000123400", "1221000000567800", "1221000000111100"]) == [True] * 3
    assert damaged_column(["1221000000123400", "1221000000567812"]) == [False, False]


def test_six_zeros_are_certain_whatever_the_other_ids_are() -> None:
    intact = "122100000000000123"
    assert damaged_column([intact, "122100000001000000", "122100000012300000"]) == [False, True, False]


def test_one_id_may_end_in_a_zero() -> None:
    assert damaged_column(["1221000000123410"]) == [False]


def test_post_of_a_pair_is_looked_at() -> None:
    assert damaged_column(["1_122100000000000000", "1_122100000000000123"]) == [True, False]


@given(st.lists(st.integers(10**15, 10**18 - 1).filter(lambda n: n % 1000), min_size=2))
def test_intact_ids_are_never_called_damaged(numbers: list[int]) -> None:
    texts = [str(number) for number in numbers if str(number)[15:].strip("0")]
    assert damaged_column(texts) == [False] * len(texts)


@given(st.lists(st.integers(10**15, 10**18 - 1), min_size=3))
def test_ids_that_went_through_excel_are_always_told(numbers: list[int]) -> None:
    texts = [str(number)[:15] + "0" * (len(str(number)) - 15) for number in numbers]
    assert damaged_column(texts) == [True] * len(texts)
