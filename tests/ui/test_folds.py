"""What is folded away is not drawn before somebody asks, and stays once it was."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests import blocks


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
