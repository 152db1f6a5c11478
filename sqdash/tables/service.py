"""What the office did and noted: activities, surveys, petitions, checks, marks, milestones, recognitions."""

from __future__ import annotations

from sqdash.tables.shape import PLACE, YEAR, Table, key, may, must
from sqdash.tables.words import ACTIVITY_KINDS, CHECK_KINDS, INNOVATION_STATES, LEDGER_STATES

TABLES: tuple[Table, ...] = (
    Table(
        "activities",
        "活動紀錄",
        (
            key("activity_id", "編號"),
            must("kind", "類別", choices=ACTIVITY_KINDS),
            must("held_on", "日期", "date"),
            may("ended_on", "結束日", "date"),
            must("title", "名稱"),
            may("unit", "主辦單位"),
            may("sessions", "場次", "int"),
            may("attendees", "人次", "int"),
            may("partner", "合作單位"),
            may("place", "地點"),
            may("note", "備註"),
            PLACE,
        ),
    ),
    Table(
        "surveys",
        "民意調查",
        (
            key("survey_id", "編號"),
            must("year", "年度", "year"),
            must("title", "名稱"),
            may("indicator", "指標"),
            may("held_from", "調查起", "date"),
            may("held_to", "調查迄", "date"),
            may("asked", "發出份數", "int"),
            may("valid", "有效份數", "int"),
            may("satisfaction", "滿意度（%）", "number"),
            may("unit", "主辦單位"),
            PLACE,
        ),
    ),
    Table(
        "petitions",
        "人民陳情",
        (
            key("month", "月份", "month"),
            must("received", "受理件數", "int"),
            must("closed", "辦結件數", "int"),
            PLACE,
        ),
    ),
    Table(
        "checks",
        "查核與測試",
        (
            key("check_id", "編號"),
            must("kind", "類別", choices=CHECK_KINDS),
            must("checked_on", "日期", "date"),
            may("place", "地點或對象"),
            may("people", "人次", "int"),
            may("passed", "正常", "flag"),
            may("unit", "辦理單位"),
            may("note", "備註"),
            PLACE,
        ),
    ),
    Table(
        "ledger_marks",
        "登錄完整註記",
        (
            key("indicator", "指標"),
            key("period_from", "期間起", "date"),
            key("period_to", "期間迄", "date"),
            must("state", "狀態", choices=LEDGER_STATES),
            may("unit", "註記單位"),
            may("note", "備註"),
        ),
    ),
    Table(
        "milestones",
        "重要紀事",
        (
            YEAR,
            key("ordinal", "順序", "int"),
            may("happened_on", "日期", "date"),
            must("title", "名稱"),
            may("detail", "說明"),
            PLACE,
        ),
    ),
    Table(
        "innovation_items",
        "創新運作",
        (
            YEAR,
            key("number", "順序", "int"),
            must("label", "名稱"),
            must("state", "狀態", choices=INNOVATION_STATES),
            may("note", "說明"),
            PLACE,
        ),
    ),
    Table(
        "recognitions",
        "標章與角色",
        (
            YEAR,
            key("ordinal", "順序", "int"),
            must("label", "名稱"),
            may("level", "等級"),
            may("obtained_year", "取得年度", "year"),
            may("note", "說明"),
            PLACE,
        ),
    ),
    Table("site_sections", "嵌入的官網單元", (YEAR, key("position", "順序", "int"), must("label", "名稱"))),
)
