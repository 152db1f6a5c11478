"""What every reader of a cell shares."""

from __future__ import annotations

import pytest

from sqdash.importers.cells import CellError
from sqdash.unseen import CONTROL


@pytest.mark.parametrize("text", ["a\x00b", "\x07", "a\x0bb", "\x0c", "\x1b[31m", "\x7f"])
def test_control_characters_are_found(text: str) -> None:
    assert CONTROL.search(text)


@pytest.mark.parametrize("text", ["第一行\n第二行", "a\tb", "a\r\nb", " 前後有空白 ", "１０３", "=1+1", "🎉", "\u2028"])
def test_lines_tabs_and_any_other_text_are_no_control_characters(text: str) -> None:
    assert not CONTROL.search(text)


def test_refusal_has_its_reason_as_text_and_a_code_to_count_it_by() -> None:
    error = CellError("超過 15 位數。", "too_large")
    assert (str(error), error.code) == ("超過 15 位數。", "too_large")
