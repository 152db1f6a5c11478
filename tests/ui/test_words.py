"""Rows as people read them: what each is known by, and what changes in it."""

from __future__ import annotations

from typing import Any

import pytest

from sqdash.tables import BY_NAME, TABLES
from sqdash.ui.words import Words

WORDS = Words({"section-6": "第六課", "chiayi": "嘉義辦事處"}, {"100064": "小安心"})
ACTIVITY = {
    "activity_id": "training-2014-06-10-0a1b2c",
    "kind": "training",
    "held_on": "2014-06-10",
    "title": "量測課程",
}
POST = {"post_id": "100064_1", "published_at": "2014-11-22T09:05:00+08:00"}


@pytest.mark.parametrize(
    ("table", "row", "name"),
    [
        ("activities", ACTIVITY, "量測課程、103/06/10、教育訓練"),
        ("activities", ACTIVITY | {"unit": "section-6"}, "量測課程、103/06/10、教育訓練、第六課"),
        ("checks", {"check_id": "x", "kind": "six_s", "checked_on": "2014-06-10", "place": None}, "103/06/10、6S 稽核"),
        ("petitions", {"month": "2014-07"}, "103/07"),
        ("units", {"unit": "section-6", "valid_from": "2014-01-01", "label": "第六組"}, "第六組、103/01/01"),
        ("holidays", {"day": "2014-02-28"}, "103/02/28"),
        (
            "readings",
            {
                "indicator": "fans",
                "period_from": "2014-01-01",
                "period_to": "2014-12-31",
                "moment": "result",
                "ordinal": 1,
            },
            "粉絲人數、103/01/01、103/12/31、結果、1",
        ),
        (
            "contributions",
            {"contribution_id": "x", "due_on": "2014-07-05", "unit": "chiayi", "title": "度量衡"},
            "103/07/05、嘉義辦事處、度量衡",
        ),
        (
            "page_days",
            {"page_id": "100064", "day": "2014-07-05", "day_zone": "Asia/Taipei", "measure": "fans"},
            "小安心、103/07/05、粉絲人數",
        ),
        ("posts", POST | {"message": "商品\n安全", "permalink": "https://x/1"}, "商品 安全"),
        ("snapshots", POST | {"message": None, "permalink": "https://x/1"}, "https://x/1"),
        ("snapshots", POST | {"message": "字" * 41}, "字" * 40 + "…"),
        ("posts", POST, "103/11/22 09:05 的貼文"),
    ],
)
def test_a_row_is_named_by_what_a_person_knows(table: str, row: dict[str, Any], name: str) -> None:
    assert WORDS.name(BY_NAME[table], row) == name


@pytest.mark.parametrize(
    ("table", "row", "column", "pair", "said"),
    [
        ("activities", ACTIVITY, "kind", ("training", "seminar"), "類別 教育訓練 → 座談、說明、研討會"),
        ("activities", ACTIVITY, "unit", ("section-6", None), "主辦單位 第六課 → 未填"),
        ("activities", ACTIVITY, "held_on", ("2014-06-10", "2014-06-11"), "日期 103/06/10 → 103/06/11"),
        ("activities", ACTIVITY, "attendees", (None, 1035), "人次 未填 → 1,035 人次"),
        ("petitions", {"month": "2014-07"}, "received", (20, 25), "受理件數 20 件 → 25 件"),
        ("checks", {}, "passed", (0, 1), "正常 否 → 是"),
        ("surveys", {}, "satisfaction", (90.8, 94.25), "滿意度（%） 90.8% → 94.25%"),
        ("readings", {"indicator": "fans"}, "value", (16300.0, 16400.0), "值 16,300 人 → 16,400 人"),
        ("readings", {"indicator": "satisfaction_branch"}, "low", (None, 90.8), "下限 未填 → 90.8%"),
        ("readings", {"indicator": "fans"}, "value", (1234567.0, 1234568.0), "值 1,234,567 人 → 1,234,568 人"),
        ("facts", {"unit": "人"}, "value", (5.0, 6.0), "值 5 人 → 6 人"),
        ("snapshots", POST, "reach", (901, 1990), "觸及 901 → 1,990"),
        (
            "posts",
            POST,
            "published_at",
            ("2014-11-22T09:05:00+08:00", "2014-11-22T10:05:00+08:00"),
            "發布時間 103/11/22 09:05 → 103/11/22 10:05",
        ),
        (
            "posts",
            POST,
            "message",
            ("頭" * 50 + "甲尾", "頭" * 50 + "乙尾"),
            f"內容 …{'頭' * 8}甲尾 → …{'頭' * 8}乙尾",
        ),
        ("posts", POST, "message", (None, "乙" * 50), f"內容 未填 → {'乙' * 40}…"),
    ],
)
def test_old_and_new_are_written_alike(
    table: str, row: dict[str, Any], column: str, pair: tuple[Any, Any], said: str
) -> None:
    assert WORDS.change(BY_NAME[table], row, column, pair) == said


def test_a_units_own_code_stays_a_code_and_other_columns_name_the_unit() -> None:
    said = [WORDS.value(BY_NAME["units"].column(name), "section-6") for name in ("unit", "parent")]
    assert [*said, WORDS.value(BY_NAME["unit_members"].column("member"), "chiayi")] == [
        "section-6",
        "第六課",
        "嘉義辦事處",
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_has_a_name_for_its_rows_and_words_for_its_choices(table: Any) -> None:
    samples = {"date": "2014-06-10", "month": "2014-06", "moment": POST["published_at"], "year": 103, "text": "甲"}
    row = {c.name: c.choices[0][0] if c.choices else samples.get(c.type, 1) for c in table.columns}
    row |= {"indicator": "fans"} if "indicator" in row else {}
    said = [WORDS.name(table, row), *(WORDS.change(table, row, name, (row[name], None)) for name in row)]
    assert not [text for text in said if "2014" in text or any(f" {key} " in text for key, _ in _choices(table))]


def _choices(table: Any) -> list[tuple[str, str]]:
    return [choice for column in table.columns for choice in column.choices if choice[0] != choice[1]]


@pytest.mark.parametrize(
    ("table", "search", "codes"),
    [
        ("activities", "第六", (("unit", ("section-6",)),)),
        ("activities", "推廣", (("kind", ("outreach",)),)),
        ("page_days", "小安", (("page_id", ("100064",)),)),
        ("targets", "平均觸及", (("indicator", ("reach_per_post",)),)),
        ("checks", "6s", (("kind", ("six_s",)),)),
        ("units", "第六課", (("parent", ("section-6",)),)),  # its own row has the name itself
        ("activities", "", ()),
    ],
)
def test_what_is_looked_for_stands_for_the_codes_that_are_called_so(
    table: str, search: str, codes: tuple[object, ...]
) -> None:
    assert WORDS.codes(BY_NAME[table], search) == codes
