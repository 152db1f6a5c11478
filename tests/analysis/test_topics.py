"""Which topic a text proposes, and by which phrase."""

from __future__ import annotations

import pytest

from sqdash.analysis import topics
from sqdash.analysis.topics import Proposal, Rule

RULES = (Rule("商品安全", "電鍋"), Rule("度量衡", "電子秤"), Rule("活動訊息", "FB 直播"), Rule("商品安全", "小電子秤"))


@pytest.mark.parametrize(
    ("text", "proposal"),
    [
        ("家裡的電鍋用了幾年？", Proposal("商品安全", "電鍋")),
        ("今晚ｆｂ　直播", Proposal("活動訊息", "FB 直播")),
        ("電子秤準不準", Proposal("度量衡", "電子秤")),
        ("小電子秤也要檢定", Proposal("商品安全", "小電子秤", ("度量衡",))),  # the longer phrase says more
        ("電鍋與電子秤", Proposal("度量衡", "電子秤", ("商品安全",))),
        ("電 鍋", None),
        ("", None),
        (None, None),
    ],
)
def test_the_longest_phrase_in_the_text_proposes_its_topic(text: str | None, proposal: Proposal | None) -> None:
    assert topics.propose(text, RULES) == proposal


def test_a_phrase_of_blanks_fits_nothing() -> None:
    assert topics.propose("任何 文字", (Rule("商品安全", "　 "),)) is None


def test_only_posts_that_some_rule_fits_are_proposed_for() -> None:
    assert topics.propose_all([("1", "電鍋"), ("2", "早安"), ("3", None)], RULES) == {"1": Proposal("商品安全", "電鍋")}
