"""The tables of the fan page: posts with their newest figures, days of a page, the rota of contributions."""

from __future__ import annotations

from collections.abc import Mapping

from sqdash.importers.specs.spec import DATE_NOTE, ID_NOTE, UNIT_NOTE, Spec, digest
from sqdash.records import Value
from sqdash.tables import BY_NAME, MEASURES, POST_MEASURES, Column, Table

COUNT_UNITS = ("次", "個", "人", "則", "篇", "件")

# The posts file and the fan days are laid out for people; reading splits them into the store's tables.
POST_TABLE = Table(
    "posts_file",
    "貼文與最新數據",
    (
        *(
            Column(name, BY_NAME["posts"].column(name).label, BY_NAME["posts"].column(name).type, required, key)
            for name, required, key in (
                ("post_id", True, True),
                ("page_id", True, False),
                ("published_at", True, False),
                ("type", False, False),
                ("message", False, False),
                ("permalink", False, False),
            )
        ),
        Column("observed_at", "觀測時間", "moment"),
        *(Column(name, label, "int") for name, label in POST_MEASURES),
        Column("topic", "主題"),
        Column("unit", "供稿單位"),
        Column("boosted", "付費推廣", "flag"),
    ),
)
_DAY_TABLE = Table(
    "fan_days",
    "專頁每日數據",
    (
        Column("day", "日期", "date", required=True, key=True),
        Column("page_id", "專頁編號", key=True),
        *(Column(name, label, "int") for name, label in MEASURES),
    ),
)


def _contribution(row: Mapping[str, Value]) -> str:
    return f"{row['due_on']}-{row['unit']}-{digest(row.get('title'))}"


POSTS = Spec(
    "posts_file",
    "貼文",
    POST_TABLE,
    {
        "post_id": ("貼文編號",),
        "page_id": ("專頁編號",),
        "published_at": ("發布時間", "發佈時間"),
        "type": ("類型",),
        "message": ("內容",),
        "permalink": ("連結",),
        "observed_at": ("觀測時間",),
        **{name: (label, f"{label}數") for name, label in POST_MEASURES},
        "topic": ("主題",),
        "unit": ("供稿單位",),
        "boosted": ("付費推廣",),
    },
    telling=("專頁編號",),
    foreign=("粉絲專頁編號", "粉絲專頁名稱"),
    kept=("type", "message", "permalink", "topic", "unit", "boosted"),
    units=dict.fromkeys((name for name, _ in POST_MEASURES), COUNT_UNITS),
    examples=(
        {
            "post_id": "1234567890_101",
            "page_id": "1234567890",
            "published_at": "103/11/22 09:00",
            "type": "相片",
            "message": "選購兒童玩具，請認明商品檢驗標識。",
            "observed_at": "103/12/01 09:00",
            "likes": "86",
            "comments": "4",
            "shares": "11",
            "reach": "920",
            "topic": "商品安全",
            "unit": "第六課",
        },
    ),
    notes=(
        "數字是這篇貼文到「觀測時間」為止的累計；不知道就空白，不要填 0。",
        "類型、內容、連結、主題、供稿單位、付費推廣空白時，已有的照舊。",
        "貼文編號請以文字格式填寫，避免 Excel 把長編號改成 1.2E+17。",
        UNIT_NOTE,
    ),
)
DAYS = Spec(
    "fan_days",
    "粉絲專頁每日數據",
    _DAY_TABLE,
    {
        "day": ("日期",),
        "page_id": ("專頁編號",),
        "fans": ("粉絲人數", "粉絲數", "按讚人數"),
        "followers": ("追蹤人數",),
        **{name: (label,) for name, label in MEASURES if name not in ("fans", "followers")},
    },
    telling=("粉絲人數", "粉絲數", "追蹤人數", "新增追蹤", "專頁造訪"),
    foreign=("貼文編號", "發佈時間", "發布時間"),
    units=dict.fromkeys((name for name, _ in MEASURES), COUNT_UNITS),
    examples=({"day": "103/12/31", "fans": "16,300", "followers": ""},),
    notes=(
        "每列一天；粉絲與追蹤是當日的總人數，不是增加數。專頁編號空白時，上傳時會詢問是哪一個專頁。",
        DATE_NOTE,
    ),
)
CONTRIBUTIONS = Spec(
    "contributions",
    "供稿輪值",
    BY_NAME["contributions"],
    {
        "contribution_id": ("編號",),
        "due_on": ("供稿日", "供稿日期"),
        "unit": ("供稿單位", "單位"),
        "title": ("主題", "稿件主題"),
        "role": ("承辦角色",),
        "state": ("供稿狀態", "狀態"),
        "post_id": ("貼文編號",),
        "note": ("備註",),
        "source_place": ("出處",),
        "submitted_on": ("實際供稿日",),
    },
    telling=("供稿日", "供稿日期"),
    defaults={"state": "planned"},
    derived="contribution_id",
    derive=_contribution,
    made_of=("due_on", "unit", "title"),
    kept=("role", "post_id", "note", "submitted_on"),
    examples=(
        {
            "due_on": "103/07/05",
            "unit": "第一課",
            "title": "認識商品檢驗標識",
            "role": "FB 工作小組",
            "state": "已排定",
        },
    ),
    notes=(
        ID_NOTE,
        "承辦角色填職務，不填姓名。狀態：已排定、已供稿、初審、審稿會議、已刊登。",
        "供稿狀態、承辦角色、貼文編號、備註、實際供稿日空白時，已有的照舊。",
        DATE_NOTE,
        UNIT_NOTE,
    ),
)
