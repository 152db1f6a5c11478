"""Each rule of style catches what breaks it, and lets pass what is written as the house writes."""

from __future__ import annotations

import pytest

from tests.browser.style_rules import BROKEN_BY, broken

BAD = {
    "full-width digit or percent": ("１２ 篇", "90％"),
    "blank before percent": ("90.8 %",),
    "half-width punctuation after Chinese": ("達標, 進度內", "原因:待填", "請稍候!"),
    "hyphen for a minus": ("減少 -4", "-4"),
    "hyphen or tilde for a range": ("30-50", "約 700 ~ 800", "30～50"),
    "western date": ("2014/06/10", "2014 年 6 月", "2014-06-10", "2014-06-10T08:00:00+08:00"),
    "one digit for a month or a day": ("103/6/10", "103/06/1", "103/6"),
    "no thousands comma": ("1461 列", "16300人", "1000%"),
    "ten thousands for a figure": ("1.6 萬", "3萬"),
    "dots for an ellipsis": ("讀取中...", "。。"),
    "words of elsewhere": ("默認值", "請點擊", "軟件"),
    "the office writes 臺南": ("台南分局",),
    "foreign quotation marks": ("按“存入”", '按"存入"'),
    "two blanks": ("目標  達標",),
}
GOOD = (
    "19,026 人",
    "90.8%",
    "達成率 106%，超出 1,026",
    "減少 4",
    "\u22124",
    "約 700–800",
    "103/06/10",
    "103/06",
    "103 年 6 月 10 日",
    "示範資料：專頁每日數據 第 1462 列",
    "2026-11-29T06:51:33Z",
    "readings.csv 第 5 列",
    "104 年　粉絲數截至 104/12/31",
    "115/11/29 14:51:33",
    "讀取中…",
    "（研考）「存入」",
    "https://www.facebook.com/p/5",
    "plan-103-06",
)


def test_every_rule_has_its_bad_examples() -> None:
    assert set(BAD) == set(BROKEN_BY)


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in BAD.items() for text in texts])
def test_what_breaks_a_rule_is_found_with_its_place(rule: str, text: str) -> None:
    assert [found for found in broken([f"甲 {text}"]) if found.startswith(f"{rule}: ")] != []


def test_what_is_written_as_the_house_writes_passes() -> None:
    assert broken(GOOD) == []
