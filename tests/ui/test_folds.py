"""What is folded away is not drawn before somebody asks, and stays once it was."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests import blocks


def page() -> None:  # run by itself, without this module's names
    from sqdash.ui import folds

    folds.notes("怎麼算的", ["月底減月初", "*不推估*"], key="method", icon=":material/calculate:")
    folds.notes("出處", ["報告"], key="sources")


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
    assert said(app.run()) == [["月底減月初", "*不推估*"]]


def test_what_was_unfolded_stays_when_it_is_folded_again() -> None:
    app = AppTest.from_function(page)
    app.session_state["fold_method"] = True
    app.run()
    app.session_state["fold_method"] = False
    assert said(app.run()) == [["月底減月初", "*不推估*"]]
