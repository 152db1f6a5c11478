"""Activities, checks, petitions and surveys."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from sqdash.demo.material import AFFAIRS, FAN_EVENTS, IT, LEADS, PLACE, RDEC, YEARS, Cells
from sqdash.periods import ROC_OFFSET, days_between, year_period


class _Kind(NamedTuple):
    """Activities of one kind: what they add up to in 103 and 104, and how a row looks (``most`` sessions)."""

    totals: tuple[int, int]
    titles: tuple[str, ...]
    places: tuple[str | None, ...] = (None,)
    most: int = 1
    people: tuple[int, int] | None = None
    units: tuple[str, ...] = LEADS
    partner: str | None = None


_HALLS = ("分局大禮堂", "分局會議室", "嘉義辦事處會議室", "斗六辦事處會議室")
_COURSES = ("為民服務禮儀訓練", "商品檢驗法規訓練", "度量衡檢定實務訓練", "資訊安全訓練", "民眾意見處理訓練")
_NEWS = ("公布市售商品檢查結果", "節慶商品選購提醒", "度量衡器檢查說明", "服務措施公告")
_OUTREACH = ("商品安全宣導", "度量衡知識推廣", "校園安心教室", "社區安心講座")
_OUTSIDE = ("社區活動中心", "轄區國小", "黃昏市場", "圖書館")
_REPORTS = ("簡化申辦流程改善報告", "縮短處理時間改善報告")
ACTIVITIES = {
    "training": _Kind((55, 58), _COURSES, _HALLS, 3, (15, 60), (*LEADS, "personnel", RDEC)),
    "seminar": _Kind((12, 13), ("商品檢驗說明會", "商品標示座談會", "度量衡器業者座談會"), _HALLS, 2, (30, 120)),
    "outreach": _Kind((60, 64), _OUTREACH, _OUTSIDE, 2, (40, 260)),
    "visit": _Kind((8, 10), ("家電業者訪視", "玩具業者訪視", "衡器業者訪視"), ("業者廠區",), people=(4, 12)),
    "press_release": _Kind((30, 33), _NEWS, most=0),
    "improvement_report": _Kind((14, 16), _REPORTS, _HALLS, people=(12, 30)),
    "metrology_day": _Kind((2, 2), ("世界計量日研討會",), _HALLS[:1], people=(60, 120), units=("section-4",)),
    "agreement": _Kind((0, 1), ("合作備忘錄簽署",), ("合作學校",), 0, units=(RDEC,), partner="合作學校（示範）"),
    "association_meeting": _Kind((0, 2), ("公會會員大會說明",), units=("section-4",), partner="同業公會（示範）"),
}
SPANS = {
    (2014, "improvement_report"): ("2014-06-10", "2014-12-31"),
    (2014, "metrology_day"): ("2014-05-19", "2014-05-21"),
    (2015, "metrology_day"): ("2015-05-18", "2015-05-21"),
}
FIXED_HOLIDAYS = frozenset({"01-01", "02-28", "04-04", "04-05", "05-01", "10-10"})
NEW_YEAR_HOLIDAYS = ((date(2014, 1, 30), date(2014, 2, 4)), (date(2015, 2, 18), date(2015, 2, 23)))


def activities(rng: random.Random) -> Iterator[Cells]:
    """All activities in the order of their days; the numbers in their ids count within year and kind."""
    made: list[Cells] = [cells for year in YEARS for kind in ACTIVITIES for cells in _of_kind(rng, year, kind)]
    for day, title, place, fans in FAN_EVENTS:
        people = None if place == "線上" else fans
        made.append(("fan_event", day.isoformat(), None, title, RDEC, 1, people, None, place, None, PLACE))
    for month in year_period(103).months[6:] + year_period(104).months:
        held_on, title = _workday(rng, f"{month}-20", f"{month}-28"), f"{int(month[5:])} 月審稿會議"
        people = rng.randint(8, 14)
        made.append(("review_meeting", held_on, None, title, RDEC, 1, people, None, _HALLS[1], None, PLACE))
    counted: dict[str, int] = {}
    for cells in sorted(made, key=lambda cells: str(cells[1])):
        name = f"demo-{int(str(cells[1])[:4]) - ROC_OFFSET}-{str(cells[0]).replace('_', '-')}"
        counted[name] = counted.get(name, 0) + 1
        yield f"{name}-{counted[name]:02d}", *cells


def _of_kind(rng: random.Random, year: int, kind: str) -> Iterator[Cells]:
    """Rows, without their ids, whose sessions (or, without sessions, whose number) add up to the total."""
    how = ACTIVITIES[kind]
    left = how.totals[YEARS.index(year)]
    while left:
        sessions = min(rng.randint(1, how.most or 1), left)
        left -= sessions
        day = _workday(rng, *SPANS.get((year, kind), (f"{year}-01-01", f"{year}-12-31")))
        people = sessions * rng.randint(*how.people) if how.people and rng.random() > 0.15 else None
        head = (kind, day, None, rng.choice(how.titles), rng.choice(how.units), sessions if how.most else None)
        yield *head, people, how.partner, rng.choice(how.places), None, PLACE


def _workday(rng: random.Random, first: str, last: str) -> str:
    days = days_between(date.fromisoformat(first), date.fromisoformat(last))
    return rng.choice([day for day in days if day.weekday() < 5 and not _holiday(day)]).isoformat()


def _holiday(day: date) -> bool:
    return f"{day:%m-%d}" in FIXED_HOLIDAYS or any(first <= day <= last for first, last in NEW_YEAR_HOLIDAYS)


def checks(rng: random.Random) -> Iterator[Cells]:
    """6S audits, telephone tests, daily WiFi tests and web page reviews of both years."""
    for year, people, missing, down, rounds in ((103, 264, 0, 3, 6), (104, 280, 4, 2, 5)):
        months = year_period(year).months
        for month in months[1::2]:
            yield _check("six_s", _workday(rng, f"{month}-05", f"{month}-25"), "洽公與辦公環境", AFFAIRS)
        for month, tested in zip(months, _split(rng, people), strict=True):
            yield _check("phone_test", _workday(rng, f"{month}-05", f"{month}-25"), "各單位", RDEC, tested)
        days = list(days_between(year_period(year).start, year_period(year).end))
        days = sorted(rng.sample(days, len(days) - missing))
        failed = rng.sample(days, down)
        for day in days:
            yield _check("wifi", day.isoformat(), "各無線熱點", IT, None, int(day not in failed))
        for month in months[1::2][:rounds]:
            yield _check("web_review", _workday(rng, f"{month}-05", f"{month}-25"), "分局網站", IT)


def _check(kind: str, day: str, place: str, unit: str, people: int | None = None, passed: int | None = 1) -> Cells:
    check = f"demo-{kind.replace('_', '-')}-{day}"
    return check, kind, day, place, people, passed, unit, None, PLACE


def _split(rng: random.Random, total: int, parts: int = 12) -> list[int]:
    """Whole numbers near total / parts that add up to the total."""
    cuts = [round(total * i / parts) + (rng.randint(-2, 2) if 0 < i < parts else 0) for i in range(parts + 1)]
    return [after - before for before, after in pairwise(cuts)]


def petitions(rng: random.Random) -> Iterator[Cells]:
    """Each month closes what it received and what was still open, but for a few that stay open."""
    for year, total, left in ((103, 209, 0), (104, 197, 2)):
        still_open = [rng.randint(0, 3) for _ in range(11)]
        kept = pairwise((0, *still_open, left))
        for month, received, (before, after) in zip(year_period(year).months, _split(rng, total), kept, strict=True):
            yield month, received, received + before - after, PLACE


def surveys() -> Iterator[Cells]:
    """The three surveys of 104; those of 103 are the report's own."""
    for name, title, unit, month, asked, valid, satisfaction in (
        ("branch", "分局服務滿意度調查", RDEC, "2015-09", 600, 552, 91.6),
        ("counter", "櫃台服務滿意度調查", "section-6", "2015-10", 400, 371, 94.9),
        ("taxi_meter", "計程車計費表檢定服務滿意度調查", "section-4", "2015-11", 300, 268, 93.8),
    ):
        survey, held = f"demo-104-{name.replace('_', '-')}", (f"{month}-01", f"{month}-30")
        yield survey, 104, title, f"satisfaction_{name}", *held, asked, valid, satisfaction, unit, PLACE
