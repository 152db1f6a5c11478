"""A refusal is told in its own sentence and ends what it stood in; any other end passes."""

from __future__ import annotations

import pytest
import streamlit as st

from sqdash.errors import DataError
from sqdash.ui import refusals


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sentences: list[str] = []
    monkeypatch.setattr(st, "error", sentences.append)
    return sentences


def test_a_refusal_ends_what_is_within_and_is_told_as_plain_text(told: list[str]) -> None:
    done = []
    with refusals.told():
        done.append("asked")
        if done:
            raise DataError("「*甲*」不能存入，請改正。")
        done.append("done")
    assert done == ["asked"]
    assert told == [r"「\*甲\*」不能存入，請改正。"]


def test_what_is_no_refusal_passes(told: list[str]) -> None:
    with pytest.raises(ZeroDivisionError), refusals.told():
        raise ZeroDivisionError
    with refusals.told():
        pass
    assert told == []
