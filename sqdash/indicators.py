"""Every indicator, once: key, label, unit, roll-up, where its rows come from, definition versions.

Keys are a contract with commands, files and texts. The page, the chart, the export, the report and the
command line all read this tuple. Knows no store: ``ledger`` names the table and the rows an indicator is
worked out from, the store's queries do the reading.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from sqdash.errors import DataError

Rollup = Literal["last", "mean_per_post", "sum", "count", "ratio", "attribution"]
Group = Literal["fan_page", "activities", "satisfaction", "petitions", "checks", "information", "innovation"]
COUNTED: frozenset[Rollup] = frozenset({"sum", "count"})
"""Roll-ups of which a rhythm can expect a number."""
GROUPS: dict[Group, str] = {
    "fan_page": "粉絲專頁",
    "activities": "活動與訓練",
    "satisfaction": "服務滿意度",
    "petitions": "人民陳情",
    "checks": "查核與測試",
    "information": "資訊與參與",
    "innovation": "創新運作",
}


class Ledger(NamedTuple):
    """The rows an indicator is worked out from.

    ``table`` with ``kind`` picks the rows (``kind`` is the row's kind, the measure of a page day or post, or
    the survey's indicator); ``measure`` is the column added up, ``""`` to count rows, ``"day"`` to count
    distinct days.
    """

    table: Literal["activities", "checks", "surveys", "petitions", "innovation_items", "posts", "page_days"]
    kind: str = ""
    measure: str = ""

    @property
    def of_year(self) -> bool:
        """Whether its rows are a year's and have no day, so that they tell nothing of a part of it."""
        return self.table == "innovation_items"


class Definition(NamedTuple):
    """One way in which an indicator was measured, from a date on (``since`` None: from the beginning)."""

    version: int
    label: str
    measure: str
    since: date | None = None


class Indicator(NamedTuple):
    """One indicator. More is better for all of them unless ``direction`` is ``none``."""

    key: str
    label: str
    unit: str
    group: Group
    rollup: Rollup
    ledger: Ledger | None = None
    direction: Literal["up", "none"] = "up"
    decimals: int = 0
    parts: tuple[str, str] | None = None
    definitions: tuple[Definition, ...] = ()
    meaning: str = ""

    def way(self, version: int | None) -> Definition | None:
        """The definition of that version; None where there is only one way of measuring."""
        return next((one for one in self.definitions if one.version == version), None)

    @property
    def is_whole(self) -> bool:
        """Whether it counts something, so that no figure of it has a fraction."""
        return not self.decimals and self.rollup not in ("mean_per_post", "ratio")

    @property
    def versions(self) -> str:
        """The ways of measuring it by their numbers: 1 觸及、2 瀏覽者; empty where there is only one."""
        return "、".join(f"{one.version} {one.label}" for one in self.definitions)

    def definition_on(self, day: date) -> Definition | None:
        """The dated definition in force on that day; None where there is only one way of measuring."""
        current = None
        for definition in self.definitions:
            if definition.since is None or definition.since <= day:
                current = definition if definition.since or current is None else current
        return current


_REACH_TO_VIEWERS = date(2026, 6, 15)
"""Meta stopped serving post reach on this day and serves viewers instead (deprecated metrics list, 2026)."""

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "fans", "粉絲人數", "人", "fan_page", "last", Ledger("page_days", "fans"), meaning="期末最後一次的專頁按讚人數"
    ),
    Indicator(
        "likes_per_post",
        "每篇平均按讚",
        "人",
        "fan_page",
        "mean_per_post",
        Ledger("posts", "likes"),
        definitions=(Definition(1, "按讚", "likes"), Definition(2, "心情（按讚未知時）", "reactions")),
        meaning="期間內發布之貼文，最近一次數據的按讚平均",
    ),
    Indicator(
        "reach_per_post",
        "每篇平均觸及",
        "人",
        "fan_page",
        "mean_per_post",
        Ledger("posts", "reach"),
        definitions=(Definition(1, "觸及", "reach"), Definition(2, "瀏覽者", "viewers", _REACH_TO_VIEWERS)),
        meaning="期間內發布之貼文，最近一次數據的觸及平均；人數不相加",
    ),
    Indicator(
        "training_sessions",
        "教育訓練",
        "場次",
        "activities",
        "sum",
        Ledger("activities", "training", "sessions"),
    ),
    Indicator(
        "seminars", "座談、說明、研討會", "場次", "activities", "sum", Ledger("activities", "seminar", "sessions")
    ),
    Indicator(
        "outreach_events", "業務推廣活動", "場次", "activities", "sum", Ledger("activities", "outreach", "sessions")
    ),
    Indicator("company_visits", "企業訪視", "場次", "activities", "sum", Ledger("activities", "visit", "sessions")),
    Indicator("press_releases", "新聞稿", "則", "activities", "count", Ledger("activities", "press_release")),
    Indicator(
        "improvement_reports",
        "業務改善專案報告",
        "場次",
        "activities",
        "sum",
        Ledger("activities", "improvement_report", "sessions"),
    ),
    Indicator(
        "metrology_day_seminars",
        "世界計量日研討會",
        "場次",
        "activities",
        "sum",
        Ledger("activities", "metrology_day", "sessions"),
    ),
    Indicator("six_s_audits", "6S 稽核", "次", "checks", "count", Ledger("checks", "six_s")),
    Indicator("phone_tests", "電話禮貌測試", "次", "checks", "count", Ledger("checks", "phone_test")),
    Indicator(
        "phone_test_people", "電話禮貌測試人次", "人次", "checks", "sum", Ledger("checks", "phone_test", "people")
    ),
    Indicator(
        "satisfaction_branch",
        "分局服務滿意度",
        "%",
        "satisfaction",
        "last",
        Ledger("surveys", "satisfaction_branch", "satisfaction"),
        decimals=1,
    ),
    Indicator(
        "satisfaction_counter",
        "櫃台服務滿意度",
        "%",
        "satisfaction",
        "last",
        Ledger("surveys", "satisfaction_counter", "satisfaction"),
        decimals=1,
    ),
    Indicator(
        "satisfaction_taxi_meter",
        "計程車計費表檢定滿意度",
        "%",
        "satisfaction",
        "last",
        Ledger("surveys", "satisfaction_taxi_meter", "satisfaction"),
        decimals=1,
    ),
    Indicator("surveys_held", "民意調查", "項", "satisfaction", "count", Ledger("surveys")),
    Indicator(
        "petitions_received",
        "人民陳情受理",
        "件",
        "petitions",
        "sum",
        Ledger("petitions", measure="received"),
        direction="none",
    ),
    Indicator(
        "petitions_closed",
        "人民陳情辦結",
        "件",
        "petitions",
        "sum",
        Ledger("petitions", measure="closed"),
        direction="none",
    ),
    Indicator(
        "petition_closure_rate",
        "人民陳情辦結率",
        "%",
        "petitions",
        "ratio",
        decimals=1,
        parts=("petitions_closed", "petitions_received"),
        meaning="辦結件數除以受理件數；沒有受理就沒有比率",
    ),
    Indicator("agreements_signed", "產學合作簽署", "件", "activities", "count", Ledger("activities", "agreement")),
    Indicator(
        "association_meetings",
        "公會會員大會說明",
        "場次",
        "activities",
        "count",
        Ledger("activities", "association_meeting"),
    ),
    Indicator("wifi_hotspots", "無線熱點", "處", "information", "last"),
    Indicator("wifi_checks", "無線網路連線測試", "日", "checks", "count", Ledger("checks", "wifi", "day")),
    Indicator("web_review_rounds", "未更新網頁提報", "次", "checks", "count", Ledger("checks", "web_review")),
    Indicator("disclosure_items", "資訊公開目錄", "項", "information", "last"),
    Indicator("forum_categories", "論壇分類", "類", "information", "last"),
    Indicator("youtube_videos", "業務推廣影片", "支", "information", "last"),
    Indicator("participation_channels", "電子參與途徑", "項", "information", "last"),
    Indicator("fan_events", "粉絲活動", "場次", "fan_page", "count", Ledger("activities", "fan_event")),
    Indicator("fans_gained_events", "活動帶動粉絲", "人", "fan_page", "attribution"),
    Indicator("fans_gained_promotion", "推廣小組帶動粉絲", "人", "fan_page", "attribution"),
    Indicator("review_meetings", "審稿會議", "次", "fan_page", "count", Ledger("activities", "review_meeting")),
    Indicator("innovation_items", "創新運作", "項", "innovation", "count", Ledger("innovation_items")),
)
VERSIONS = "；".join(f"{indicator.label} {indicator.versions}" for indicator in INDICATORS if indicator.definitions)
"""What the numbers of definitions mean, for whoever writes a target."""
SURVEYED = tuple(i for i in INDICATORS if i.ledger and i.ledger.table == "surveys" and i.ledger.kind)
"""The indicators of which a survey gives the figure."""
BY_KEY: dict[str, Indicator] = {indicator.key: indicator for indicator in INDICATORS}


def get(key: str) -> Indicator:
    """The indicator of that key; :class:`DataError` names an unknown one."""
    try:
        return BY_KEY[key]
    except KeyError as error:
        raise DataError(f"沒有代碼為「{key[:60]}」的指標，請對照指標表的代碼。") from error
