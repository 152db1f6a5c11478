"""The fan page: pages, holidays, posts, their figures, days of a page, the rota and its decisions, rules of topics."""

from __future__ import annotations

from sqdash.tables.shape import PLACE, Table, key, may, must
from sqdash.tables.words import CONTRIBUTION_STATES, MEASURES, PAGE_KINDS, POST_MEASURES

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

TABLES: tuple[Table, ...] = (
    Table(
        "pages",
        "粉絲專頁",
        (
            key("page_id", "專頁編號"),
            must("kind", "種類", choices=PAGE_KINDS),
            must("label", "名稱"),
            may("url", "網址"),
            may("note", "備註"),
            PLACE,
        ),
    ),
    Table("holidays", "假日", (key("day", "日期", "date"), must("label", "名稱"), must("working", "補行上班", "flag"))),
    Table(
        "posts",
        "貼文",
        (
            key("post_id", "貼文編號"),
            must("page_id", "專頁編號"),
            must("published_at", "發布時間", "moment"),
            may("type", "類型"),
            may("message", "內容"),
            may("permalink", "連結"),
            may("topic", "主題"),
            may("unit", "供稿單位"),
            may("boosted", "付費推廣", "flag"),
            may("published_text", "發布時間原文"),
        ),
    ),
    Table(
        "snapshots",
        "貼文數據",
        (
            key("post_id", "貼文編號"),
            key("observed_at", "觀測時間", "moment"),
            *(may(name, label, "int") for name, label in POST_MEASURES),
        ),
    ),
    Table(
        "page_days",
        "專頁每日數據",
        (
            key("page_id", "專頁編號"),
            key("day", "日期", "date"),
            key("day_zone", "日界時區"),
            key("measure", "數據", choices=MEASURES),
            must("value", "值", "int"),
        ),
    ),
    Table(
        "contributions",
        "供稿",
        (
            key("contribution_id", "編號"),
            must("due_on", "供稿日", "date"),
            must("unit", "供稿單位"),
            may("title", "主題"),
            may("role", "承辦角色"),
            must("state", "狀態", choices=CONTRIBUTION_STATES),
            may("post_id", "貼文編號"),
            may("note", "備註"),
            PLACE,
            may("submitted_on", "實際供稿日", "date"),
        ),
    ),
    Table(
        "meeting_decisions",
        "審稿會議決議",
        (
            key("meeting", "會議編號"),
            key("number", "順序", "int"),
            must("decision", "決議"),
            may("contribution_id", "供稿編號"),
            may("unit", "主辦單位"),
            may("due_on", "期限", "date"),
            may("done_on", "完成日", "date"),
            PLACE,
        ),
    ),
    Table("topic_rules", "主題規則", (key("topic", "主題"), key("phrase", "貼文裡的詞句"), may("note", "備註"))),
)
