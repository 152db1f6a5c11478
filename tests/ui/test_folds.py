"""What is folded away is not drawn before somebody asks, and stays once it was."""

from __future__ import annotations

from collections import abc
from itertools import product
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import blocks
from tests.apps import DASHBOARD


def page() -> None:  # run by itself, without this module's names
    from sqdash.ui import blocks, folds

    for label, key, text in (("怎麼算的", "method", "*不推估*"), ("出處", "sources", "報告")):
        place, asked = folds.fold(label, key)
        if asked:
            with place:
                blocks.draw(blocks.line(text))


def said(app: AppTest) -> list[list[str]]:
    return [blocks.read(node.value).lines for node in app.get("html")]


def labels(app: AppTest) -> list[str]:
    return [node.label for node in app.expander]


def test_nothing_is_drawn_before_somebody_unfolds_it() -> None:
    app = AppTest.from_function(page).run()
    assert labels(app) == ["怎麼算的", "出處"]
    assert said(app) == []


def test_what_is_unfolded_is_drawn_and_no_more() -> None:
    app = AppTest.from_function(page)
    app.session_state["fold_method"] = True
    assert said(app.run()) == [["*不推估*"]]


def test_what_was_unfolded_stays_when_it_is_folded_again() -> None:
    app = AppTest.from_function(page)
    app.session_state["fold_method"] = True
    app.run()
    app.session_state["fold_method"] = False
    assert said(app.run()) == [["*不推估*"]]


def tabbed() -> None:
    from collections.abc import Callable

    import streamlit as st

    from sqdash.ui import blocks, folds

    def panel(text: str) -> Callable[[str], None]:
        return lambda more: blocks.draw(blocks.line(text, more))

    name = st.session_state.get("page", "tab")
    folds.tabs({"目標": panel("一"), "單位": panel("二"), "假日": panel("三")}, name, "，")
    st.expander("下載本頁資料", key=f"fold_{folds.FILE}", on_change="rerun")


def opened(**kept: object) -> AppTest:
    app = AppTest.from_function(tabbed)
    for key, value in kept.items():
        app.session_state[key] = value
    return app.run()


def test_of_tabs_the_open_one_is_drawn_and_stays_when_another_is_opened() -> None:
    app = opened()
    assert said(app) == [["一，"]]
    app.session_state["tab"] = "假日"
    assert said(app.run()) == [["一，"], ["三，"]]


def test_a_page_comes_with_the_tab_open_that_was_asked_for() -> None:
    assert said(opened(tab="單位")) == [["二，"]]


def test_a_tab_is_opened_by_the_address_too() -> None:
    app = AppTest.from_function(tabbed)
    app.query_params["tab"] = "單位"
    assert said(app.run()) == [["二，"]]


def test_the_file_of_a_page_has_every_tab_and_so_all_are_drawn_once_it_is_asked_for() -> None:
    app = opened(fold_screen_export=True)
    assert said(app) == [["一，"], ["二，"], ["三，"]]
    app.session_state["fold_screen_export"] = False
    assert said(app.run()) == [["一，"], ["二，"], ["三，"]]


def test_the_tabs_of_another_page_are_not_drawn_for_a_file_that_was_asked_for_on_this_one() -> None:
    app = opened(fold_screen_export=True)
    app.session_state["fold_screen_export"] = False
    app.session_state["page"] = "other"
    assert said(app.run()) == [["一，"]]


@pytest.mark.parametrize(
    ("page", "kind"),
    [*product(("upload", "editorial", "sources", "settings", "admin"), ("demo", "report", "empty")), ("posts", "demo")],
)
def test_every_tab_of_a_page_can_be_opened_one_after_the_other(
    made: abc.Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, page: str, kind: str
) -> None:
    monkeypatch.setenv("SQDASH_DB", str(made(kind)))
    app = AppTest.from_file(str(DASHBOARD), default_timeout=60).run().switch_page(f"pages/{page}.py").run()
    names = [tab.label for tab in app.tabs]
    assert len(names) > 2
    for name in names:
        app.session_state[f"{page}_tab"] = name
        app.run()
        assert [e.value for e in app.exception] == [], name
        (tab,) = (one for one in app.tabs if one.label == name)
        assert len(tab.children) > 0, name
