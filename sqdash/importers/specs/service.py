"""The tables of the office's service: activities, petitions by month, surveys, checks."""

from __future__ import annotations

from collections.abc import Mapping

from sqdash.importers.specs.spec import DATE_NOTE, ID_NOTE, KEPT_NOTE, UNIT_NOTE, Spec, digest
from sqdash.records import Value
from sqdash.tables import BY_NAME

_PEOPLE = ("人次", "人")
"""The first is the columns' own; whoever counts who came writes the second, and there is nothing to convert."""


def _activity(row: Mapping[str, Value]) -> str:
    return f"{row['kind']}-{row['held_on']}-{digest(row['title'])}"  # what is added later must not make it another


def _check(row: Mapping[str, Value]) -> str:
    return f"{row['kind']}-{row['checked_on']}-{digest(row.get('place'))}"  # several places may be tested in a day


def _survey(row: Mapping[str, Value]) -> str:
    return f"{row['year']}-survey-{digest(row['title'])}"


ACTIVITIES = Spec(
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
    units={"sessions": ("場次", "場"), "attendees": _PEOPLE},
    derived="activity_id",
    derive=_activity,
    made_of=("title", "held_on", "kind"),
    kept=("ended_on", "unit", "sessions", "attendees", "partner", "place", "note", "source_place"),
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
    notes=(ID_NOTE, DATE_NOTE, UNIT_NOTE, KEPT_NOTE, "只登錄場次與人次，不登錄參加者姓名、電話或身分證字號。"),
)
PETITIONS = Spec(
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
    kept=("source_place",),
    examples=({"month": "103/06", "received": "18", "closed": "18"},),
    notes=("每列一個月；月份可寫 103/06、10306 或 103年6月。只登錄件數，不登錄陳情人。",),
)
SURVEYS = Spec(
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
    made_of=("title", "year"),
    kept=("indicator", "held_from", "held_to", "asked", "valid", "satisfaction", "unit", "source_place"),
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
    notes=("滿意度填百分比，例如 94.4% 或 94.4。", DATE_NOTE, KEPT_NOTE),
)
CHECKS = Spec(
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
    units={"people": _PEOPLE},
    derived="check_id",
    derive=_check,
    made_of=("checked_on", "kind", "place"),
    kept=("place", "people", "passed", "unit", "note", "source_place"),
    examples=(
        {"kind": "電話禮貌測試", "checked_on": "103/06/15", "people": "22", "passed": "是", "unit": "秘書室(研考)"},
        {"kind": "無線網路連線測試", "checked_on": "103/06/16", "place": "第一會議室", "passed": "是"},
    ),
    notes=(ID_NOTE, DATE_NOTE, KEPT_NOTE, "類別：6S 稽核、電話禮貌測試、無線網路連線測試、未更新網頁提報。"),
)
