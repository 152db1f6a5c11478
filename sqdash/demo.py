"""Generated rows for a demonstration store: years 103 and 104, the same for the same seed.

They agree with what the year-103 report states and stand beside its rows (two agreements, two association
meetings, the fair of November, three surveys): totals here leave room for those. Nothing in them is a fact.
Every row is a tuple in the catalogue's column order.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise
from typing import NamedTuple

from sqdash.periods import ROC_OFFSET, TAIPEI, days_between, month_period, year_period
from sqdash.records import Row, Value

Cells = tuple[Value, ...]
People = tuple[int, int] | None

PAGE, BENCHMARK = "demo-xiaoanxin", "demo-benchmark"
NOTE, PLACE = "示範", "示範資料"
YEARS = (2014, 2015)
RDEC, IT, AFFAIRS = "secretariat-rdec", "it-office", "secretariat-affairs"
LEADS = ("section-1", "section-2", "section-3", "section-4", "section-5", "section-6", "chiayi", "douliu")
LAST_MOMENT = datetime(2015, 12, 31, 23, 59, 59, tzinfo=TAIPEI)

FANS_END_2014, CAMPAIGN, CAMPAIGN_FROM = 16_300, 3_000, date(2014, 8, 1)
FAIR = (date(2014, 11, 22), 390)  # a row of the report's own; only the fans it brought are generated
FAN_EVENTS = (
    (date(2014, 7, 14), "小安心線上有獎徵答", "線上", 610),
    (date(2015, 3, 14), "小安心春季有獎徵答", "線上", 380),
    (date(2015, 7, 18), "暑期親子園遊會設攤推廣", "社區活動中心", 420),
    (date(2015, 11, 21), "愛心義賣園遊會設攤推廣", "公益園遊會場", 400),
)

# Mean likes and reach per post of each month, at the last observation.
MEANS: dict[int, tuple[tuple[float, float], ...]] = {
    2014: ((34, 318), (36, 330), (39, 342), (41, 355), (44, 368), (46, 380))
    + ((62, 715), (63, 730), (65, 742), (66, 755), (67, 768), (68, 780)),
    2015: ((72, 815), (73, 835), (75, 855), (78, 870), (80, 890), (83, 910))
    + ((85, 930), (88, 950), (91, 970), (93, 990), (102, 1_015), (106, 1_035)),
}

TYPES = {"相片": (50, 1.1), "連結": (25, 0.85), "影片": (10, 1.35), "文字": (15, 0.75)}  # how often, how well
TOPICS = {
    "商品安全": (35, 1.15),
    "度量衡": (20, 0.9),
    "節慶叮嚀": (15, 1.1),
    "活動訊息": (20, 1),
    "新聞澄清": (10, 0.9),
}
SENTENCES = """
商品安全 選購{}三個重點：看標示、看商品安全標章、看保固說明。
商品安全 {}買回家先別急著用，花兩分鐘看完說明書，安全多一分。
商品安全 家裡的{}用了幾年？外觀破損或有異狀就先停用。
商品安全 上網買{}，先看賣家有沒有寫清楚廠商名稱、地址與警語。
度量衡 {}準不準，看檢定合格標示最清楚。
度量衡 小安心帶你看{}怎麼檢定，一張圖就懂。
度量衡 {}多久要重新檢定一次？留言猜猜看，答案明天揭曉。
節慶叮嚀 {}到了，採買應景商品別忘了看標示。
節慶叮嚀 {}出門前，先把不用的電器插頭拔下來。
節慶叮嚀 {}小叮嚀：延長線不要串接，也不要壓在地毯下。
活動訊息 這個星期小安心到{}設攤，現場有獎徵答等你來！
活動訊息 {}見！帶孩子一起來認識商品安全標章。
活動訊息 活動花絮：謝謝{}的大小朋友熱情參與。
新聞澄清 網路流傳「{}」？小安心查證後說明給你聽。
新聞澄清 「{}」是真的嗎？先看清楚來源，再決定要不要轉傳。
""".strip().splitlines()
THINGS = {
    "商品安全": "捕蚊燈 延長線 電暖器 除濕機 電鍋 吹風機 行動電源 安全帽 兒童玩具 嬰兒床",
    "度量衡": "計程車計費表 加油機 電子秤 水量計 電量計",
    "活動訊息": "社區活動中心 國小校園 黃昏市場 親子園遊會 圖書館",
    "新聞澄清": "有標章就不用看標示 延長線越粗越安全 行動電源放車上沒關係 便宜的秤一定不準",
}
FEASTS = "年貨採買 春節假期 春季換季 清明連假 母親節 端午節 暑假 中元普渡 中秋節 重陽節 入冬換季 耶誕節"
# Starts and ends that a careless screen or export would take for markup or a formula.
STARTS = ("", "", "", "", "", "💡 ", "🔌 ", "=3 分鐘看懂= ", "<b>小提醒</b> ", "*安心報報* ", "@大家 ", "+1 安心 ")
ENDS = ("", "", "", "\n分享給需要的朋友 👍", "\n# 安心生活", "\n\n還想知道什麼？留言告訴我們。")


class _Kind(NamedTuple):
    """Activities of one kind: what they add up to in 103 and 104, and how a row looks (``most`` sessions)."""

    totals: tuple[int, int]
    titles: tuple[str, ...]
    places: tuple[str | None, ...] = (None,)
    most: int = 1
    people: People = None
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

COMPLETE = """
fans likes_per_post reach_per_post training_sessions seminars outreach_events company_visits press_releases
improvement_reports metrology_day_seminars six_s_audits phone_tests phone_test_people surveys_held
petitions_received petitions_closed agreements_signed association_meetings wifi_checks web_review_rounds fan_events
"""
COMPLETE_104 = COMPLETE + "satisfaction_branch satisfaction_counter satisfaction_taxi_meter review_meetings"


def generate(seed: int = 103) -> dict[str, list[Row]]:
    """Rows by table name, numbered as in a file under its heading; the same seed gives the same rows."""
    rng = random.Random(seed)  # noqa: S311 - made-up figures, nothing secret
    posts, snapshots = _posts(rng)
    made: dict[str, Iterable[Cells]] = {
        "targets": _targets(),
        "readings": _readings(),
        "explanations": _explanations(),
        "activities": _activities(rng),
        "surveys": _surveys(),
        "petitions": _petitions(rng),
        "checks": _checks(rng),
        "ledger_marks": _marks(),
        "pages": (
            (PAGE, "own", "小安心（示範）", None, None, PLACE),
            (BENCHMARK, "benchmark", "標竿專頁（示範）", None, None, PLACE),
        ),
        "posts": posts,
        "snapshots": snapshots,
        "page_days": _page_days(rng),
    }
    return {table: [Row(number, cells) for number, cells in enumerate(rows, 2)] for table, rows in made.items()}


# --- fan page


def _posts(rng: random.Random) -> tuple[list[Cells], list[Cells]]:
    """Posts in order of publishing, and their snapshots; the reach of every fiftieth was not given."""
    posts: list[Cells] = []
    snapshots: list[Cells] = []
    for month, (likes, reach) in [(f"{y}-{m:02d}", means) for y in YEARS for m, means in enumerate(MEANS[y], 1)]:
        moments = _moments(rng, month)
        drafts = [_post(rng, len(posts) + nth, at) for nth, at in enumerate(moments, 1)]
        posts += [post for post, _ in drafts]
        liked = _with_mean([weight for _, weight in drafts], likes + rng.uniform(-0.8, 0.8))
        seen = [w**0.7 * rng.uniform(0.8, 1.2) if not str(p[0]).endswith(("25", "75")) else 0 for p, w in drafts]
        reached = _with_mean(seen, reach + rng.uniform(-8, 8))
        for (post, _), at, a, b in zip(drafts, moments, liked, reached, strict=True):
            snapshots += _snapshots(rng, post[0], at, a or 0, b)
    return posts, snapshots


def _moments(rng: random.Random, month: str) -> list[datetime]:
    """18–28 moments of a month: mostly workdays, office hours and some evenings; each is seen a day later."""
    period = month_period(month)
    days = list(days_between(period.start, min(period.end, LAST_MOMENT.date() - timedelta(days=2))))
    chosen = rng.choices(days, [5 if day.weekday() < 5 else 1 for day in days], k=rng.randint(18, 28))
    return sorted(
        datetime.combine(day, time(rng.randint(18, 21) if rng.random() < 0.2 else rng.randint(8, 17)), TAIPEI)
        + timedelta(seconds=rng.randrange(3600))
        for day in chosen
    )


def _post(rng: random.Random, number: int, at: datetime) -> tuple[Cells, float]:
    """A post, and how well it does."""
    kind = rng.choices(list(TYPES), [often for often, _ in TYPES.values()])[0]
    topic = rng.choices(list(TOPICS), [often for often, _ in TOPICS.values()])[0]
    thing = rng.choice(THINGS[topic].split()) if topic in THINGS else FEASTS.split()[at.month - 1]
    sentence = rng.choice([text for about, text in map(str.split, SENTENCES) if about == topic])
    message = rng.choice(STARTS) + sentence.format(thing) + rng.choice(ENDS)
    link = f"https://www.facebook.com/{PAGE}/posts/{number}"
    boosted = int(at.date() >= CAMPAIGN_FROM and rng.random() < 0.05)
    weight = rng.lognormvariate(0, 0.35) * TYPES[kind][1] * TOPICS[topic][1] * (1 + 0.7 * boosted)
    unit = rng.choice((*LEADS, RDEC))
    post = (f"{PAGE}_{number}", PAGE, at.isoformat(), kind, message, link, topic, unit, boosted)
    return post, weight * (1.2 if at.hour >= 18 else 1)


def _with_mean(weights: Sequence[float], mean: float) -> list[int | None]:
    """Whole numbers in proportion, their mean within a half of the one asked; None for no weight."""
    scale = mean * sum(1 for weight in weights if weight) / sum(weights)
    return [round(weight * scale) if weight else None for weight in weights]


def _snapshots(rng: random.Random, post: Value, at: datetime, likes: int, reach: int | None) -> Iterator[Cells]:
    """Observations about 1, 7 and 28 days later, as far as the data goes; the last has the whole figures."""
    moments = [at + timedelta(days=days, minutes=rng.randrange(180)) for days in (1, 7, 28)]
    moments = [moment for moment in moments if moment <= LAST_MOMENT]
    comments, shares, clicks = (likes * rng.uniform(*span) for span in ((0.02, 0.12), (0.02, 0.1), (0.3, 0.8)))
    parts = (rng.uniform(0.55, 0.75), rng.uniform(0.85, 0.97), 1.0)
    for index, moment in enumerate(moments, 1):
        part = 1.0 if index == len(moments) else parts[index - 1]
        reactions = int(likes * part)  # a like was the only reaction in these years
        few = (int(comments * part), int(shares * part))
        seen = None if reach is None else int(reach * part)
        yield post, moment.isoformat(), reactions, reactions, *few, seen, None, None, None, int(clicks * part)


def _page_days(rng: random.Random) -> Iterator[Cells]:
    for day, fans in _fans(rng):
        yield PAGE, day.isoformat(), TAIPEI.key, "fans", fans
    for index in range(24):
        first = date(YEARS[index // 12], index % 12 + 1, 1)
        yield BENCHMARK, first.isoformat(), TAIPEI.key, "fans", 30_000 + 410 * index + rng.randint(-150, 150)


def _fans(rng: random.Random) -> Iterator[tuple[date, int]]:
    """Each day's fans: steady growth, a campaign and a jump after each event, with a little noise."""
    opening, days = 10_900 + rng.randint(-25, 25), list(days_between(date(2013, 12, 31), LAST_MOMENT.date()))
    gains = dict.fromkeys(days, 0.0)
    jumps = [(day, gain) for day, _, _, gain in FAN_EVENTS] + [FAIR]
    known = opening + CAMPAIGN + sum(gain for day, gain in jumps if day.year == 2014)
    _gain(rng, gains, date(2014, 1, 1), 365, FANS_END_2014 - known)
    _gain(rng, gains, CAMPAIGN_FROM, 153, CAMPAIGN)
    _gain(rng, gains, date(2015, 1, 1), 365, 1_500 + rng.randint(-40, 40))
    for day, gain in jumps:
        _gain(rng, gains, day, 7, gain, fade=0.55)
    exact = {days[0], date(2014, 12, 31), days[-1]}
    for day, fans in zip(days, accumulate(gains.values()), strict=True):
        yield day, round(opening + fans) + (0 if day in exact else rng.randint(-3, 2))


def _gain(rng: random.Random, gains: dict[date, float], first: date, days: int, total: int, fade: float = 1) -> None:
    """Spread exactly ``total`` over the days, unevenly, less and less where it fades."""
    weights = [rng.uniform(0.4, 1.6) * fade**index for index in range(days)]
    for index, weight in enumerate(weights):
        gains[first + timedelta(days=index)] += total * weight / sum(weights)


# --- ledgers


def _activities(rng: random.Random) -> Iterator[Cells]:
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


def _checks(rng: random.Random) -> Iterator[Cells]:
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


def _petitions(rng: random.Random) -> Iterator[Cells]:
    """Each month closes what it received and what was still open, but for a few that stay open."""
    for year, total, left in ((103, 209, 0), (104, 197, 2)):
        still_open = [rng.randint(0, 3) for _ in range(11)]
        kept = pairwise((0, *still_open, left))
        for month, received, (before, after) in zip(year_period(year).months, _split(rng, total), kept, strict=True):
            yield month, received, received + before - after, PLACE


def _surveys() -> Iterator[Cells]:
    for name, title, unit, month, asked, valid, satisfaction in (
        ("branch", "分局服務滿意度調查", RDEC, "2015-09", 600, 552, 91.6),
        ("counter", "櫃台服務滿意度調查", "section-6", "2015-10", 400, 371, 94.9),
        ("taxi_meter", "計程車計費表檢定服務滿意度調查", "section-4", "2015-11", 300, 268, 93.8),
    ):
        survey, held = f"demo-104-{name.replace('_', '-')}", (f"{month}-01", f"{month}-30")
        yield survey, 104, title, f"satisfaction_{name}", *held, asked, valid, satisfaction, unit, PLACE


# --- targets, readings and words of 104

_YEAR_104 = ("2015-01-01", "2015-12-31")


def _targets() -> Iterator[Cells]:
    for indicator, kind, comparator, *rest in (
        ("fans", "target", ">=", 18_000.0, None, None, None),
        ("likes_per_post", "target", ">", 100.0, None, None, None),
        ("reach_per_post", "target", ">", 1_000.0, None, None, None),
        ("training_sessions", "target", ">=", 56.0, None, None, None),
        ("phone_tests", "target", ">=", 3.0, 4, None, "每 4 個月至少 1 次"),
        ("six_s_audits", "norm", ">=", 6.0, 2, None, "每 2 個月 1 次"),
        ("wifi_checks", "norm", ">=", 365.0, None, 1, "每日測試"),
        ("web_review_rounds", "norm", ">=", 6.0, 2, None, "每 2 個月 1 次"),
        ("review_meetings", "norm", ">=", 12.0, 1, None, "每月 1 次"),
    ):
        yield indicator, kind, 1, *_YEAR_104, comparator, *rest, NOTE, PLACE


def _readings() -> Iterator[Cells]:
    for indicator, value, qualifier in (
        ("fans_gained_events", 1_200.0, "約"),
        ("wifi_hotspots", 6.0, None),
        ("disclosure_items", 14.0, None),
        ("forum_categories", 11.0, None),
        ("youtube_videos", 9.0, None),
        ("participation_channels", 2.0, None),
    ):
        yield indicator, *_YEAR_104, "result", 1, value, None, None, qualifier, None, None, "reported", None, PLACE


def _explanations() -> Iterator[Cells]:
    for kind, text in (
        ("reason", "上半年圖文仍以轉貼為主，互動貼文到第四季才增加。"),
        ("next_step", "每月排定兩篇互動貼文，由審稿會議檢討成效。"),
    ):
        yield "likes_per_post", *_YEAR_104, kind, 1, text, RDEC, PLACE


def _marks() -> Iterator[Cells]:
    for year in YEARS:
        for indicator in (COMPLETE_104 if year == 2015 else COMPLETE).split():
            yield indicator, f"{year}-01-01", f"{year}-12-31", "complete", RDEC, NOTE
