"""The tables that people fill in: which headings each column is known by, units, examples, notes.

The first heading of a column is the one that our own templates print; the catalogue's column name is always
accepted too, so that exported files come back. Knows headings only; :mod:`sqdash.importers.ledgers` reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqdash.importers.headings import fold
from sqdash.indicators import INDICATORS
from sqdash.records import Value
from sqdash.tables import BY_NAME, MEASURES, POST_MEASURES, Column, Table

Derive = Callable[[Mapping[str, Value]], str]
COUNT_UNITS = ("次", "個", "人", "則", "篇", "件")


@dataclass(frozen=True, slots=True)
class Spec:
    """How a table is known in files.

    ``headings``: column → headings, the template's own first. ``telling``: headings of which one at least must be
    there, ``foreign`` those of which none may. ``defaults``: column → text where the file has no such column or
    leaves it empty. ``units``: column → words that may follow its numbers. ``derive``: makes the key where the file
    gives none, so that the same row is the same key again. ``examples`` and ``notes`` go into the templates.
    """

    name: str
    label: str
    table: Table
    headings: Mapping[str, tuple[str, ...]]
    telling: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    derived: str | None = None
    derive: Derive | None = None
    examples: tuple[Mapping[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def required(self) -> frozenset[str]:
        """Columns without which no row can be read."""
        given = {self.derived, *self.defaults}
        return frozenset(c.name for c in self.table.columns if c.required and c.name not in given)

    def folded(self, column: str) -> tuple[str, ...]:
        """Every heading of a column, folded, the template's own first."""
        return tuple(fold(name) for name in (*self.headings.get(column, ()), column))


def _digest(*parts: Value) -> str:
    return hashlib.sha256("\x1f".join(str(part or "") for part in parts).encode()).hexdigest()[:10]


def _activity(row: Mapping[str, Value]) -> str:
    return f"{row['kind']}-{row['held_on']}-{_digest(row['title'])}"  # what is added later must not make it another


def _check(row: Mapping[str, Value]) -> str:
    return f"{row['kind']}-{row['checked_on']}-{_digest(row.get('place'))}"  # several places may be tested in a day


def _survey(row: Mapping[str, Value]) -> str:
    return f"{row['year']}-survey-{_digest(row['title'])}"


def _contribution(row: Mapping[str, Value]) -> str:
    return f"{row['due_on']}-{row['unit']}-{_digest(row.get('title'))}"


_ID_NOTE = (
    "編號可空白：系統依類別、日期與名稱（查核依地點）自動編號，再上傳一次不會重複；同日同名確有兩筆時，請自填不同編號。"
)
_DATE_NOTE = "日期可寫 103/11/22、1031122、103年11月22日、103.11.22 或 2014-11-22。"
_UNIT_NOTE = "單位填名稱或簡稱，例如 第六課、嘉辦、秘書室(研考)。"

# The posts file and the fan days are laid out for people; reading splits them into the store's tables.
_POST_TABLE = Table(
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
        Column("page_id", "專頁編號"),
        *(Column(name, label, "int") for name, label in MEASURES),
    ),
)

SPECS: tuple[Spec, ...] = (
    Spec(
        "posts_file",
        "貼文",
        _POST_TABLE,
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
            "貼文編號請以文字格式填寫，避免 Excel 把長編號改成 1.2E+17。",
            _UNIT_NOTE,
        ),
    ),
    Spec(
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
            _DATE_NOTE,
        ),
    ),
    Spec(
        "activities",
        "活動紀錄（活動、訓練、訪視、新聞稿、報告、會議）",
        BY_NAME["activities"],
        {
            "activity_id": ("編號",),
            "kind": ("活動類別", "類別"),
            "held_on": ("活動日期", "日期", "辦理日期", "訓練日期", "訪視日期", "發布日期", "上課日期"),
            "ended_on": ("結束日", "結束日期"),
            "title": ("活動名稱", "名稱", "課程名稱", "訓練名稱", "新聞稿標題", "報告名稱", "會議名稱", "主題"),
            "unit": ("主辦單位", "辦理單位", "承辦單位", "單位"),
            "sessions": ("場次", "辦理場次"),
            "attendees": ("人次", "參加人次", "參與人次", "總參加人次"),
            "partner": ("合作單位",),
            "place": ("地點", "辦理地點"),
            "note": ("備註",),
            "source_place": ("出處",),
        },
        telling=("活動類別", "類別"),
        foreign=("查核類別", "供稿日"),
        units={"sessions": ("場次", "場"), "attendees": ("人次",)},
        derived="activity_id",
        derive=_activity,
        examples=(
            {
                "kind": "教育訓練",
                "held_on": "103/06/10",
                "title": "商品檢驗法規研習",
                "unit": "第六課",
                "sessions": "1",
                "attendees": "35",
                "place": "第一會議室",
            },
            {"kind": "新聞稿", "held_on": "103/06/12", "title": "選購捕蚊燈注意事項", "unit": "第三課"},
        ),
        notes=(_ID_NOTE, _DATE_NOTE, _UNIT_NOTE, "只登錄場次與人次，不登錄參加者姓名、電話或身分證字號。"),
    ),
    Spec(
        "petitions",
        "人民陳情（每月）",
        BY_NAME["petitions"],
        {
            "month": ("月份", "填報月份"),
            "received": ("受理件數", "受理"),
            "closed": ("辦結件數", "辦結"),
            "source_place": ("出處",),
        },
        telling=("受理件數", "受理"),
        units={"received": ("件",), "closed": ("件",)},
        examples=({"month": "103/06", "received": "18", "closed": "18"},),
        notes=("每列一個月；月份可寫 103/06、10306 或 103年6月。只登錄件數，不登錄陳情人。",),
    ),
    Spec(
        "surveys",
        "民意調查",
        BY_NAME["surveys"],
        {
            "survey_id": ("編號",),
            "year": ("年度", "填報年度"),
            "title": ("調查名稱", "名稱"),
            "indicator": ("指標",),
            "held_from": ("調查起",),
            "held_to": ("調查迄",),
            "asked": ("發出份數",),
            "valid": ("有效份數", "樣本數", "有效樣本數"),
            "satisfaction": ("滿意度（%）", "滿意度"),
            "unit": ("主辦單位", "單位"),
            "source_place": ("出處",),
        },
        telling=("調查名稱", "滿意度", "滿意度（%）", "有效份數", "發出份數"),
        units={"asked": ("份",), "valid": ("份",), "satisfaction": ("%",)},
        derived="survey_id",
        derive=_survey,
        examples=(
            {
                "year": "103",
                "title": "櫃台服務滿意度反映調查",
                "indicator": "櫃台服務滿意度",
                "asked": "500",
                "valid": "420",
                "satisfaction": "94.4%",
                "unit": "第六課",
            },
        ),
        notes=("滿意度填百分比，例如 94.4% 或 94.4。", _DATE_NOTE),
    ),
    Spec(
        "checks",
        "查核與測試",
        BY_NAME["checks"],
        {
            "check_id": ("編號",),
            "kind": ("查核類別", "類別"),
            "checked_on": ("查核日期", "日期", "測試日期", "稽核日期"),
            "place": ("地點或對象", "地點", "對象"),
            "people": ("人次", "測試人次"),
            "passed": ("正常", "是否正常"),
            "unit": ("辦理單位", "單位"),
            "note": ("備註",),
            "source_place": ("出處",),
        },
        telling=("查核類別", "查核日期", "測試日期", "稽核日期", "地點或對象", "正常", "是否正常", "測試人次"),
        units={"people": ("人次",)},
        derived="check_id",
        derive=_check,
        examples=(
            {"kind": "電話禮貌測試", "checked_on": "103/06/15", "people": "22", "passed": "是", "unit": "秘書室(研考)"},
            {"kind": "無線網路連線測試", "checked_on": "103/06/16", "place": "第一會議室", "passed": "是"},
        ),
        notes=(_ID_NOTE, _DATE_NOTE, "類別：6S 稽核、電話禮貌測試、無線網路連線測試、未更新網頁提報。"),
    ),
    Spec(
        "readings",
        "陳報值",
        BY_NAME["readings"],
        {
            "indicator": ("指標", "指標名稱"),
            "period_from": ("期間起",),
            "period_to": ("期間迄",),
            "moment": ("時點",),
            "ordinal": ("順序",),
            "value": ("數值", "值"),
            "low": ("下限",),
            "high": ("上限",),
            "qualifier": ("語氣",),
            "as_of": ("截至日",),
            "as_of_words": ("截至（文字）",),
            "basis": ("依據",),
            "note": ("備註",),
            "source_place": ("出處",),
        },
        telling=("期間起", "期間迄"),
        defaults={"moment": "result", "ordinal": "1", "basis": "reported"},
        examples=(
            {
                "indicator": "每篇平均按讚",
                "period_from": "103/01/01",
                "period_to": "103/12/31",
                "moment": "結果",
                "ordinal": "1",
                "value": "60–70",
                "basis": "陳報",
                "source_place": "103 年度成果報告",
            },
        ),
        notes=("數值可寫區間與語氣，例如 約 30–50、逾 1,000、已達 16,300；未陳報請不要填 0。", _DATE_NOTE),
    ),
    Spec(
        "targets",
        "目標與規律",
        BY_NAME["targets"],
        {
            "indicator": ("指標", "指標名稱"),
            "kind": ("目標種類", "種類"),
            "definition": ("定義版本",),
            "valid_from": ("生效日",),
            "valid_to": ("失效日",),
            "comparator": ("比較",),
            "value": ("目標值", "值"),
            "every_months": ("每幾個月",),
            "every_days": ("每幾日",),
            "words": ("說法",),
            "note": ("備註",),
            "source_place": ("出處",),
        },
        telling=("生效日", "比較"),
        units={"value": tuple({i.unit for i in INDICATORS if i.unit != "%"})},
        defaults={"kind": "target", "definition": "1"},
        examples=(
            {
                "indicator": "粉絲人數",
                "kind": "目標",
                "definition": "1",
                "valid_from": "104/01/01",
                "valid_to": "104/12/31",
                "comparator": "至少",
                "value": "18,000",
            },
        ),
        notes=("比較填「至少」或「超過」；規律填每幾個月或每幾日 1 次。", _DATE_NOTE),
    ),
    Spec(
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
        },
        telling=("供稿日", "供稿日期"),
        defaults={"state": "planned"},
        derived="contribution_id",
        derive=_contribution,
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
            _ID_NOTE,
            "承辦角色填職務，不填姓名。狀態：已排定、已供稿、初審、審稿會議、已刊登。",
            _DATE_NOTE,
            _UNIT_NOTE,
        ),
    ),
)
BY_SPEC: dict[str, Spec] = {spec.name: spec for spec in SPECS}
NATIVE: dict[str, Spec] = {
    table.name: BY_SPEC.get(table.name) or Spec(table.name, table.label, table, {})
    for table in (*BY_NAME.values(), _POST_TABLE)
}
"""Every table under its own column names: what exports and ``data/`` have."""
VOCABULARY: frozenset[str] = frozenset(
    name for spec in (*SPECS, *NATIVE.values()) for column in spec.table.columns for name in spec.folded(column.name)
)
