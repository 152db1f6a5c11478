"""The word after a change: it stays long enough to be read, whatever redraws the page meanwhile."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from sqdash.ui import forms


def page() -> None:
    import streamlit as st

    from sqdash.ui import forms

    forms.said()
    if st.button("存入"):
        forms.done("已存入。")
    if st.button("再存"):
        forms.done("又存入。")
    st.button("重畫")


def words(app: AppTest) -> list[str]:
    return [one.value for one in app.success]


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the page, to be moved by hand."""
    told = [100.0]
    monkeypatch.setattr(forms, "_seconds", lambda: told[0])
    return told


def test_the_word_for_a_change_stays_through_redraws_and_goes_after_8_seconds(seconds: list[float]) -> None:
    app = AppTest.from_function(page).run()
    assert words(app) == []
    app.button[0].click().run()
    assert words(app) == ["已存入。"]
    for seconds[0] in (100.5, 107.9):
        assert words(app.button[2].click().run()) == ["已存入。"]
    seconds[0] = 108.0
    assert words(app.button[2].click().run()) == []
    assert words(app.run()) == []


def test_the_word_is_not_said_on_another_page(seconds: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    at = ["http://127.0.0.1/settings"]
    monkeypatch.setattr(forms, "_where", lambda: at[0])
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert words(app.run()) == ["已存入。"]
    at[0] = "http://127.0.0.1/upload"
    assert words(app.run()) == []
    at[0] = "http://127.0.0.1/settings"
    assert words(app.run()) == []


def test_the_next_change_has_its_own_word_for_as_long(seconds: list[float]) -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    seconds[0] = 107.0
    assert words(app.button[1].click().run()) == ["又存入。"]
    seconds[0] = 114.0
    assert words(app.run()) == ["又存入。"]
    seconds[0] = 115.0
    assert words(app.run()) == []
