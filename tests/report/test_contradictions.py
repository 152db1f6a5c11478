"""Numbers typed beside a unit that say something else than the store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash import periods, plan_views, views
from sqdash.figures import Interval
from sqdash.report import binding, contradictions

Made = Callable[[str], Path]


def find(made: Made, text: str, *keys: str) -> list[tuple[str, str, str]]:
    board = views.board(made("report"), periods.year_period(103))
    found = contradictions.find(text, [board.results[key] for key in keys], board.before)
    return [(one.typed, one.placeholder, one.stored) for one in found]


def test_another_number_beside_the_indicators_unit_is_pointed_out_once(made: Made) -> None:
    assert find(made, "辦理 50 場次，全年共 50 場次。", "training_sessions") == [
        ("50 場次", "{training_sessions}", "55 場次")
    ]


def test_what_the_store_has_is_told_as_the_placeholder_would_say_it(made: Made) -> None:
    reach = views.board(made("report"), periods.year_period(103)).results["reach_per_post"]._replace(definition=2)
    (found,) = contradictions.find("觸及 500 人", [reach], {})
    assert found.stored == binding.bind(found.placeholder, {"reach_per_post": reach}, {}, {})


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("全年辦理教育訓練，50 場次。", "50 場次"),
        ("全年,50 場次", "50 場次"),
        ("１，０５５場次", "1,055場次"),
        ("第 3，50 場次", "50 場次"),
    ],
)
def test_a_number_behind_a_comma_is_one_of_its_own_unless_the_comma_is_within_it(
    made: Made, text: str, typed: str
) -> None:
    assert [one[0] for one in find(made, text, "training_sessions")] == [typed]


@pytest.mark.parametrize(
    "text",
    [
        "辦理 55 場次。",
        "辦理５５場次。",
        "辦理 {training_sessions}。",
        "共 3 項。",  # a unit of no indicator of the method
        "第 50 場",  # no unit of ours
        "第 50 場次起改為線上。",  # which one, not how many
        "第50場次",
        "第 1,050 場次起改為線上。",
    ],
)
def test_what_agrees_or_is_of_another_unit_is_left_alone(made: Made, text: str) -> None:
    assert find(made, text, "training_sessions") == []


@pytest.mark.parametrize(
    ("text", "key", "typed"),
    [
        ("共 50 場。", "training_sessions", "50 場"),
        ("共 5 場地、5 場所", "training_sessions", None),
        ("辦理 50 餘場次", "training_sessions", None),
        ("辦理 40 餘場次", "training_sessions", "40 餘場次"),
        ("辦理 54 多場", "training_sessions", "54 多場"),
        ("受理 200 餘案", "petitions_received", None),
        ("受理 208 案", "petitions_received", "208 案"),
        ("3 案例", "petitions_received", None),
        ("新聞稿 25 篇", "press_releases", "25 篇"),
        ("粉絲 1.6 萬人", "fans", None),
        ("粉絲 1.7 萬多人", "fans", "1.7 萬多人"),
        ("粉絲 1 萬 6 千餘人", "fans", None),
        ("粉絲 1萬8,000人", "fans", "1萬8,000人"),
        ("粉絲 18 千人", "fans", "18 千人"),
        ("每 4 個月至少測試 1 次", "phone_tests", None),
        ("每月測試，共 11 次", "phone_tests", "11 次"),
        ("每月測試共 11 次", "phone_tests", "11 次"),
    ],
)
def test_a_number_is_read_as_people_write_it(made: Made, text: str, key: str, typed: str | None) -> None:
    assert [one[0] for one in find(made, text, key)] == ([typed] if typed else [])


def test_the_ends_of_an_interval_and_what_was_before_are_fine(made: Made) -> None:
    assert find(made, "由 30–50 人成長至 60–70 人，目標 100 人。", "likes_per_post") == []
    assert find(made, "每篇 90 人", "likes_per_post") == [("90 人", "{likes_per_post}", "60–70 人")]


def test_people_and_attendances_are_two_units(made: Made) -> None:
    assert find(made, "測試 264 人次、264 人。", "phone_test_people") == []
    assert find(made, "測試 260人次", "phone_test_people") == [("260人次", "{phone_test_people}", "264 人次")]


def test_the_sentence_names_both_figures_and_the_remedy(made: Made) -> None:
    board = views.board(made("report"), periods.year_period(103))
    (one,) = contradictions.find("54 場次", [board.results["training_sessions"]], board.before)
    assert one.sentence == ("文字寫「54 場次」，資料庫的教育訓練是 55 場次，請核對，或改用 {training_sessions}。")


def test_the_shipped_texts_contradict_nothing(made: Made) -> None:
    desk = plan_views.desk(made("report"), 103)
    found = [
        one
        for method in desk.tree.methods
        for key, text in desk.texts.items()
        if key[0] == method.method
        for one in contradictions.find(text, method.indicators, desk.board.before, desk.facts.values())
    ]
    assert found == []


def test_a_day_of_a_month_is_no_number_of_days(made: Made) -> None:
    board = views.board(made("report"), periods.year_period(103))
    checks = board.results["wifi_checks"]._replace(figure=Interval(365.0))
    assert contradictions.find("自 11 月 22 日起，11月22日", [checks], board.before) == ()
    assert [one.typed for one in contradictions.find("測試 122 日", [checks], board.before)] == ["122 日"]


def test_a_fact_that_is_none_at_all_is_said_rightly(made: Made) -> None:
    board = views.board(made("report"), periods.year_period(103))
    nothing = {"unit": "件", "value": 0.0, "low": None, "high": None}
    closed = [board.results["petitions_closed"]]
    assert contradictions.find("逾期 0 件", closed, board.before, [nothing]) == ()
    assert [one.typed for one in contradictions.find("逾期 0 件", closed, board.before)] == ["0 件"]
