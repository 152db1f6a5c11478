"""Years in a plan's words, moved on: exactly those that are years near the plan's, in the form they were written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.analysis.later_years import moved


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("預計 103 年粉絲專頁人數達到 13,000 人", "預計 104 年粉絲專頁人數達到 13,000 人"),
        ("103年度計畫", "104年度計畫"),
        ("103-104 年", "104-105 年"),
        ("103–104年度", "104–105年度"),
        ("103、104 及 105 年", "104、105 及 106 年"),
        ("103 年至 104 年", "104 年至 105 年"),
        ("103 至 104 年度", "104 至 105 年度"),
        ("自 103/06/10 起", "自 104/06/10 起"),
        ("103.6.10 至 103.12.31", "104.6.10 至 104.12.31"),
        ("103-06-10", "104-06-10"),
        ("103/06 以前", "104/06 以前"),
        ("103 年 6 月 10 日", "104 年 6 月 10 日"),
        ("較 102 年成長", "較 103 年成長"),
        ("１０３年", "１０４年"),
        ("2014 年", "2015 年"),
        ("2014-06-10", "2015-06-10"),
        ("民國 103", "民國 104"),
        ("民國103年", "民國104年"),
        ("於 103 年底前，103年12月31日", "於 104 年底前，104年12月31日"),
    ],
)
def test_years_near_the_plans_are_moved(old: str, new: str) -> None:
    assert moved(old, 103, 104) == new


@pytest.mark.parametrize(
    "text",
    [
        "辦理 103 場次",
        "第 103 條",
        "自 98 年起",
        "院授研展字第09600152471號",
        "3 年內完成",
        "未來 5 年",
        "電話 06-2264101",
        "1,103 年",
        "達成 103%",
        "103/104 比率",
        "版本 1.103.2",
        "",
    ],
)
def test_what_is_no_year_of_the_plan_stays(text: str) -> None:
    assert moved(text, 103, 104) == text


def test_a_leap_day_becomes_a_day_that_there_is() -> None:
    assert moved("105/02/29", 105, 106) == "106/02/28"
    assert moved("105 年 2 月 29 日、2016年02月29日", 105, 106) == "106 年 2 月 28 日、2017年02月28日"
    assert moved("１０５年２月２９日、１０５ 年０２月２９日", 105, 106) == "１０６年２月２８日、１０６ 年０２月２８日"
    assert moved("105 年 2 月 29 日", 105, 109) == "109 年 2 月 29 日"
    assert moved("85 年 2 月 29 日", 105, 106) == "85 年 2 月 29 日"
    assert moved("103/02/28", 103, 105) == "105/02/28"
    assert moved("103/13/01 103/02/40", 103, 104) == "103/13/01 103/02/40"


def test_years_move_as_far_as_the_plan_does_and_past_a_hundred() -> None:
    assert moved("99 年與 100 年", 99, 101) == "101 年與 102 年"
    assert moved("103 年", 103, 103) == "103 年"
    assert moved("098 年、099 年", 99, 100) == "099 年、100 年"


@given(st.text(st.sampled_from("0123456789年-/. 度至、民國月日１２字")), st.integers(90, 120), st.integers(0, 5))
def test_only_digits_change_and_moving_by_nothing_changes_nothing(text: str, last: int, on: int) -> None:
    new = moved(text, last, last + on)
    digits = "0123456789０１２３４５６７８９"
    assert [c for c in new if c not in digits] == [c for c in text if c not in digits]
    assert moved(text, last, last) == text
