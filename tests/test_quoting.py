"""Cells that stay text in a spreadsheet, and come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash.quoting import guard, unguard


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+886", "-3", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "\ufeff=1", "＝1", "＋1", "－1", "＠a", "'=1"],
)
def test_a_cell_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["", "安心", "3-1", "a=b", "'安心'", "'", "103/11/22", " 一"])
def test_a_harmless_cell_is_left(text: str) -> None:
    assert guard(text) == text


@given(st.text(alphabet=st.sampled_from("'=+-@ \t\n＝安a\ufeff"), max_size=8) | st.text(max_size=20))
@settings(deadline=None)
def test_every_text_comes_back_exactly(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).lstrip(" \ufeff").startswith(("=", "+", "-", "@", "＝"))
