"""Every table that a file can carry, once: its columns, their types and its key.

Files in ``data/``, exports and entries on screen use exactly these columns; the store adds its own
book-keeping (batch, row, revisions). Types are those of :class:`Column`; an empty cell is "not given".
This module knows neither files nor SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "int", "number", "date", "moment", "month", "year", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``type``: text; int (whole, 0 or more); number (finite); date (ISO ``2014-11-22``); moment (ISO with
    offset); month (``2014-11``); year (ROC, 103); flag (0 or 1). ``choices`` maps each allowed word to
    what a screen shows for it.
    """

    name: str
    label: str
    type: ColumnType = "text"
    required: bool = False
    key: bool = False
    choices: tuple[tuple[str, str], ...] = ()

    def shown(self, value: object) -> str:
        """What a screen shows for a choice; other values are their own text."""
        return dict(self.choices).get(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Table:
    """One table: ``columns`` in file order; the columns with ``key`` identify a row."""

    name: str
    label: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.key)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; ``KeyError`` if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _key(name: str, label: str, type: ColumnType = "text", choices: tuple[tuple[str, str], ...] = ()) -> Column:
    return Column(name, label, type, required=True, key=True, choices=choices)


def _must(name: str, label: str, type: ColumnType = "text", choices: tuple[tuple[str, str], ...] = ()) -> Column:
    return Column(name, label, type, required=True, choices=choices)


def _may(name: str, label: str, type: ColumnType = "text", choices: tuple[tuple[str, str], ...] = ()) -> Column:
    return Column(name, label, type, choices=choices)


_YEAR = _key("year", "年度", "year")
_PLACE = _may("source_place", "出處")

UNIT_KINDS = (("unit", "單位"), ("sub_unit", "內部分工"), ("collective", "集合名稱"))
UNIT_ROLES = (("lead", "主辦"), ("compile", "彙整"))
TARGET_KINDS = (("target", "目標"), ("further", "進一步目標"), ("norm", "規律"))
COMPARATORS = ((">=", "至少"), (">", "超過"))
MOMENTS = (("result", "結果"), ("before", "計畫執行前"), ("also", "另有陳報"))
BASES = (("reported", "陳報"), ("derived", "由敘述推得"))
EXPLANATIONS = (("reason", "原因"), ("next_step", "下一步"))
LEDGER_STATES = (("complete", "已登錄完整"), ("partial", "登錄中"))
INNOVATION_STATES = (
    ("done", "已完成"),
    ("strengthened", "已加強"),
    ("continuing", "持續辦理"),
    ("not_enough", "已加強，仍不足"),
)
PAGE_KINDS = (("own", "本分局專頁"), ("benchmark", "標竿專頁"), ("unassigned", "未歸類"))
ACTIVITY_KINDS = (
    ("training", "教育訓練"),
    ("seminar", "座談、說明、研討會"),
    ("outreach", "業務推廣活動"),
    ("visit", "企業訪視"),
    ("press_release", "新聞稿"),
    ("improvement_report", "業務改善專案報告"),
    ("metrology_day", "世界計量日研討會"),
    ("agreement", "產學合作簽署"),
    ("association_meeting", "公會會員大會說明"),
    ("fan_event", "粉絲活動"),
    ("review_meeting", "審稿會議"),
    ("other", "其他"),
)
CHECK_KINDS = (
    ("six_s", "6S 稽核"),
    ("phone_test", "電話禮貌測試"),
    ("wifi", "無線網路連線測試"),
    ("web_review", "未更新網頁提報"),
)
CONTRIBUTION_STATES = (
    ("planned", "已排定"),
    ("submitted", "已供稿"),
    ("first_review", "初審"),
    ("meeting", "審稿會議"),
    ("published", "已刊登"),
)
MEASURES = (
    ("fans", "粉絲人數"),
    ("followers", "追蹤人數"),
    ("new_followers", "新增追蹤"),
    ("lost_followers", "取消追蹤"),
    ("reach", "觸及人數"),
    ("viewers", "瀏覽者"),
    ("impressions", "曝光次數"),
    ("views", "瀏覽次數"),
    ("interactions", "互動次數"),
    ("link_clicks", "連結點擊"),
    ("page_visits", "專頁造訪"),
    ("video_views", "影片觀看"),
)
POST_MEASURES = (
    ("likes", "按讚"),
    ("reactions", "心情"),
    ("comments", "留言"),
    ("shares", "分享"),
    ("reach", "觸及"),
    ("viewers", "瀏覽者"),
    ("impressions", "曝光"),
    ("views", "瀏覽"),
    ("clicks", "點擊"),
)

POSTS_FILE = (
    "post_id",
    "page_id",
    "published_at",
    "type",
    "message",
    "permalink",
    "observed_at",
    *(name for name, _ in POST_MEASURES),
)
"""Columns of ``posts.csv``: a post with its newest figures in one row."""

# In an order in which each table's references point to rows of earlier ones.
TABLES: tuple[Table, ...] = (
    Table(
        "units",
        "單位",
        (
            _key("unit", "代碼"),
            Column("valid_from", "名稱生效日", "date", key=True),
            _may("valid_to", "名稱失效日", "date"),
            _must("label", "名稱"),
            _may("short", "簡稱"),
            _must("kind", "種類", choices=UNIT_KINDS),
            _may("parent", "上層單位"),
            _must("implementing", "實施對象", "flag"),
            _must("position", "順序", "int"),
        ),
    ),
    Table("unit_members", "集合所含單位", (_key("collective", "集合"), _key("member", "單位"))),
    Table(
        "plan_years",
        "年度計畫",
        (_YEAR, _must("title", "標題"), _must("goal", "計畫目標"), _PLACE),
    ),
    Table(
        "legal_bases",
        "計畫依據",
        (
            _YEAR,
            _key("number", "順序", "int"),
            _must("issuer", "發文機關"),
            _must("issued_on", "日期", "date"),
            _must("document_no", "文號"),
            _must("title", "名稱"),
            _must("act", "方式"),
        ),
    ),
    Table(
        "dimensions",
        "構面",
        (
            _YEAR,
            _key("dimension", "構面", "int"),
            _must("label", "名稱"),
            _may("service_class", "機關類別"),
            _may("measure", "創新服務措施"),
            _may("units_printed", "主辦單位（印出）"),
        ),
    ),
    Table(
        "strategies",
        "執行策略",
        (
            _YEAR,
            _key("strategy", "策略代碼"),
            _must("dimension", "構面", "int"),
            _must("number", "順序", "int"),
            _must("label", "名稱"),
        ),
    ),
    Table(
        "plan_groups",
        "項",
        (_YEAR, _key("strategy", "策略代碼"), _key("number", "順序", "int"), _must("label", "名稱")),
    ),
    Table(
        "methods",
        "執行方法",
        (
            _YEAR,
            _key("method", "方法代碼"),
            _must("strategy", "策略代碼"),
            _may("group_number", "項", "int"),
            _must("number", "編號"),
            _must("label", "名稱"),
            _must("position", "順序", "int"),
        ),
    ),
    Table(
        "method_units",
        "方法主辦單位",
        (
            _YEAR,
            _key("method", "方法代碼"),
            _key("position", "順序", "int"),
            _must("printed", "印出名稱"),
            _must("unit", "單位"),
            _must("role", "角色", choices=UNIT_ROLES),
        ),
    ),
    Table(
        "facts",
        "文中數字",
        (
            _YEAR,
            _key("fact", "代碼"),
            _must("label", "名稱"),
            _may("value", "值", "number"),
            _may("low", "下限", "number"),
            _may("high", "上限", "number"),
            _may("qualifier", "語氣"),
            _may("text", "文字"),
            _may("unit", "單位"),
            _PLACE,
        ),
    ),
    Table(
        "result_texts",
        "績效與成果",
        (_YEAR, _key("owner", "方法或策略代碼"), _key("number", "順序", "int"), _must("text", "內容"), _PLACE),
    ),
    Table(
        "result_links",
        "方法所依成果",
        (_YEAR, _key("method", "方法代碼"), _key("owner", "策略代碼"), _key("number", "成果順序", "int")),
    ),
    Table(
        "method_indicators",
        "方法指標",
        (_YEAR, _key("method", "方法代碼"), _key("indicator", "指標"), _must("position", "順序", "int")),
    ),
    Table(
        "targets",
        "目標與規律",
        (
            _key("indicator", "指標"),
            _key("kind", "種類", choices=TARGET_KINDS),
            _key("definition", "定義版本", "int"),
            _key("valid_from", "生效日", "date"),
            _may("valid_to", "失效日", "date"),
            _must("comparator", "比較", choices=COMPARATORS),
            _may("value", "值", "number"),
            _may("every_months", "每幾個月", "int"),
            _may("every_days", "每幾日", "int"),
            _may("words", "說法"),
            _may("note", "備註"),
            _PLACE,
        ),
    ),
    Table(
        "readings",
        "陳報值",
        (
            _key("indicator", "指標"),
            _key("period_from", "期間起", "date"),
            _key("period_to", "期間迄", "date"),
            _key("moment", "時點", choices=MOMENTS),
            _key("ordinal", "順序", "int"),
            _may("value", "值", "number"),
            _may("low", "下限", "number"),
            _may("high", "上限", "number"),
            _may("qualifier", "語氣"),
            _may("as_of", "截至日", "date"),
            _may("as_of_words", "截至（文字）"),
            _must("basis", "依據", choices=BASES),
            _may("note", "備註"),
            _must("source_place", "出處"),
        ),
    ),
    Table(
        "explanations",
        "原因與下一步",
        (
            _key("indicator", "指標"),
            _key("period_from", "期間起", "date"),
            _key("period_to", "期間迄", "date"),
            _key("kind", "種類", choices=EXPLANATIONS),
            _key("ordinal", "順序", "int"),
            _must("text", "內容"),
            _may("unit", "填寫單位"),
            _PLACE,
        ),
    ),
    Table(
        "activities",
        "活動紀錄",
        (
            _key("activity_id", "編號"),
            _must("kind", "類別", choices=ACTIVITY_KINDS),
            _must("held_on", "日期", "date"),
            _may("ended_on", "結束日", "date"),
            _must("title", "名稱"),
            _may("unit", "主辦單位"),
            _may("sessions", "場次", "int"),
            _may("attendees", "人次", "int"),
            _may("partner", "合作單位"),
            _may("place", "地點"),
            _may("note", "備註"),
            _PLACE,
        ),
    ),
    Table(
        "surveys",
        "民意調查",
        (
            _key("survey_id", "編號"),
            _must("year", "年度", "year"),
            _must("title", "名稱"),
            _may("indicator", "指標"),
            _may("held_from", "調查起", "date"),
            _may("held_to", "調查迄", "date"),
            _may("asked", "發出份數", "int"),
            _may("valid", "有效份數", "int"),
            _may("satisfaction", "滿意度（%）", "number"),
            _may("unit", "主辦單位"),
            _PLACE,
        ),
    ),
    Table(
        "petitions",
        "人民陳情",
        (
            _key("month", "月份", "month"),
            _must("received", "受理件數", "int"),
            _must("closed", "辦結件數", "int"),
            _PLACE,
        ),
    ),
    Table(
        "checks",
        "查核與測試",
        (
            _key("check_id", "編號"),
            _must("kind", "類別", choices=CHECK_KINDS),
            _must("checked_on", "日期", "date"),
            _may("place", "地點或對象"),
            _may("people", "人次", "int"),
            _may("passed", "正常", "flag"),
            _may("unit", "辦理單位"),
            _may("note", "備註"),
            _PLACE,
        ),
    ),
    Table(
        "ledger_marks",
        "登錄完整註記",
        (
            _key("indicator", "指標"),
            _key("period_from", "期間起", "date"),
            _key("period_to", "期間迄", "date"),
            _must("state", "狀態", choices=LEDGER_STATES),
            _may("unit", "註記單位"),
            _may("note", "備註"),
        ),
    ),
    Table(
        "milestones",
        "重要紀事",
        (
            _YEAR,
            _key("ordinal", "順序", "int"),
            _may("happened_on", "日期", "date"),
            _must("title", "名稱"),
            _may("detail", "說明"),
            _PLACE,
        ),
    ),
    Table(
        "innovation_items",
        "創新運作",
        (
            _YEAR,
            _key("number", "順序", "int"),
            _must("label", "名稱"),
            _must("state", "狀態", choices=INNOVATION_STATES),
            _may("note", "說明"),
            _PLACE,
        ),
    ),
    Table(
        "recognitions",
        "標章與角色",
        (
            _YEAR,
            _key("ordinal", "順序", "int"),
            _must("label", "名稱"),
            _may("level", "等級"),
            _may("obtained_year", "取得年度", "year"),
            _may("note", "說明"),
            _PLACE,
        ),
    ),
    Table("site_sections", "嵌入的官網單元", (_YEAR, _key("position", "順序", "int"), _must("label", "名稱"))),
    Table(
        "pages",
        "粉絲專頁",
        (
            _key("page_id", "專頁編號"),
            _must("kind", "種類", choices=PAGE_KINDS),
            _must("label", "名稱"),
            _may("url", "網址"),
            _may("note", "備註"),
            _PLACE,
        ),
    ),
    Table(
        "holidays", "假日", (_key("day", "日期", "date"), _must("label", "名稱"), _must("working", "補行上班", "flag"))
    ),
    Table(
        "posts",
        "貼文",
        (
            _key("post_id", "貼文編號"),
            _must("page_id", "專頁編號"),
            _must("published_at", "發布時間", "moment"),
            _may("type", "類型"),
            _may("message", "內容"),
            _may("permalink", "連結"),
            _may("topic", "主題"),
            _may("unit", "供稿單位"),
            _may("boosted", "付費推廣", "flag"),
            _may("published_text", "發布時間原文"),
        ),
    ),
    Table(
        "snapshots",
        "貼文數據",
        (
            _key("post_id", "貼文編號"),
            _key("observed_at", "觀測時間", "moment"),
            *(_may(name, label, "int") for name, label in POST_MEASURES),
        ),
    ),
    Table(
        "page_days",
        "專頁每日數據",
        (
            _key("page_id", "專頁編號"),
            _key("day", "日期", "date"),
            _key("day_zone", "日界時區"),
            _key("measure", "數據", choices=MEASURES),
            _must("value", "值", "int"),
        ),
    ),
    Table(
        "contributions",
        "供稿",
        (
            _key("contribution_id", "編號"),
            _must("due_on", "供稿日", "date"),
            _must("unit", "供稿單位"),
            _may("title", "主題"),
            _may("role", "承辦角色"),
            _must("state", "狀態", choices=CONTRIBUTION_STATES),
            _may("post_id", "貼文編號"),
            _may("note", "備註"),
            _PLACE,
        ),
    ),
)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
