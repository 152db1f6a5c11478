"""What became of a text: the state is of the words that were reviewed."""

from __future__ import annotations

import pytest

from sqdash.report import reviews


def test_a_text_that_nobody_reviewed_is_a_draft() -> None:
    assert reviews.standing("成果", None) == reviews.Standing("draft")


@pytest.mark.parametrize(("state", "words"), [("draft", "草稿"), ("submitted", "已送審"), ("approved", "已核定")])
def test_the_state_of_the_words_that_were_reviewed(state: str, words: str) -> None:
    found = reviews.standing("成果", {"state": state, "digest": reviews.digest("成果"), "note": "看過"})
    assert (found.state, found.words, found.note) == (state, words, "看過")


def test_other_words_are_a_draft_that_says_what_they_were() -> None:
    found = reviews.standing("新成果", {"state": "approved", "digest": reviews.digest("成果"), "note": None})
    assert (found.state, found.words) == ("draft", "草稿（已核定後內容已變更）")


def test_words_that_return_are_as_they_were_reviewed() -> None:
    review = {"state": "approved", "digest": reviews.digest("成果"), "note": None}
    assert reviews.standing("成果", review).state == "approved"
