"""What is alerted of: rules over what is already known, each alert with a cause that stays the same while it lasts.

States come from :mod:`sqdash.analysis.attention`, ages from :mod:`sqdash.freshness`, and what is known of tokens and
pulls from whoever asks; nothing is judged twice. Texts from outside are cut to one short line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqdash import formats, periods
from sqdash.analysis.attention import Item
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.periods import ROC_OFFSET, Period, roc_day
from sqdash.records import Alert, Severity
from sqdash.tables import ALERT_RULES

LABELS = dict(ALERT_RULES)
SEVERITIES: dict[Severity, str] = {"urgent": "緊急", "warning": "注意", "notice": "知悉"}
"""The most important first."""
OVERDUE_DAYS = 366
"""A contribution due longer ago than that is history, and nobody is reminded of it."""
YEAR_IS_OVER_DAYS = 90
"""So long after its end the year before is judged beside the newest one: its last figures come in then."""
URGENT_TOKEN_DAYS = 3
RUNS = 10
"""The last so many pulls of a page are looked at; a threshold beyond them is met when all of them failed."""
_PAGES = {
    "fans": "粉絲人數",
    "posts": "貼文成效",
    "activities": "活動與訓練",
    "service": "服務品質",
    "plan": "計畫與成果",
    "settings": "設定",
}
"""Where an indicator is looked at, as the menu names it."""
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Rule:
    """How a rule is set. ``threshold`` None: the rule knows none. ``unit`` is the threshold's; ``asks`` says when
    the rule speaks."""

    key: str
    threshold: float | None = None
    unit: str = ""
    asks: str = ""
    enabled: bool = True

    @property
    def label(self) -> str:
        """What a person reads for its kind."""
        return LABELS[self.key]


DEFAULTS: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule("missed", asks="年度指標未達時提醒"),
        Rule("behind", 0, "%", "與目標的差距至少占目標的百分之幾才提醒"),
        Rule("stale", asks="數字或來源超過各自的更新期限時提醒"),
        Rule("overdue", 0, "天", "逾期超過幾天才提醒"),
        Rule("rejected", 7, "天", "匯入後幾天內提醒"),
        Rule("pull", 2, "次", f"連續幾次未成才提醒，最多 {RUNS} 次"),
        Rule("token", 14, "天", "到期前幾天開始提醒"),
    )
}
"""What holds where nobody set a rule, in the order of the catalogue."""


def in_force(rows: Iterable[Mapping[str, object]]) -> dict[str, Rule]:
    """The rules with what people set (rows of ``alert_rules``); an empty threshold is the default one."""
    found = dict(DEFAULTS)
    for row in rows:
        default = DEFAULTS[str(row["rule"])]
        given = row["threshold"]
        threshold = float(given) if isinstance(given, int | float) and default.threshold is not None else None
        found[default.key] = Rule(
            default.key,
            default.threshold if threshold is None else threshold,
            default.unit,
            default.asks,
            bool(row["enabled"]),
        )
    return found


@dataclass(frozen=True, slots=True)
class Year:
    """What needs attention in one judged year, with the results it was judged by."""

    period: Period
    items: tuple[Item, ...]
    results: Mapping[str, Result]


@dataclass(frozen=True, slots=True)
class Late:
    """A page's source that is older than its own rule allows: its key, its name, the word for its age, the newest."""

    source: str
    what: str
    word: str
    newest: str


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of one page that is pulled.

    ``failures`` runs in a row did not succeed, the last because of ``error``. ``fault`` is the word for a token that
    does not serve, None for one that does; ``days_left`` until it ends, None where it has no end or none is known.
    """

    page: str
    name: str
    late: tuple[Late, ...] = ()
    failures: int = 0
    error: str = ""
    fault: str | None = None
    days_left: int | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """A contribution that was planned and due on a day before today."""

    contribution: str
    due_on: date
    unit: str
    title: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An import that left rows out; ``age`` in days."""

    batch: int
    file: str
    rows: int
    age: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is judged, as of a Taipei day."""

    today: date
    years: tuple[Year, ...] = ()
    pages: tuple[Page, ...] = ()
    overdue: tuple[Overdue, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def found(facts: Facts, rules: Mapping[str, Rule]) -> tuple[Alert, ...]:
    """Every alert, the most important first; none of a rule that is off."""
    everything = [
        *(alert for year in facts.years for alert in _of_year(year, rules)),
        *(alert for page in facts.pages for alert in _of_page(page, rules)),
        *(_of_overdue(one, facts.today) for one in facts.overdue if _days_over(one, facts.today, rules)),
        *(_of_left_out(one) for one in facts.left_out if one.age <= (rules["rejected"].threshold or 0)),
    ]
    severities = list(SEVERITIES)
    kept = (alert for alert in everything if rules[alert.rule].enabled)
    return tuple(sorted(kept, key=lambda alert: severities.index(alert.severity)))


def judged_years(years: Sequence[int], today: date) -> list[int]:
    """The ROC years whose indicators are alerted of: the newest that has begun and has anything in it (targets for a
    year to come must not silence the present one); soon after its end, also the one before."""
    begun = periods.begun(years, today)
    if not begun:
        return []
    newest = max(begun)
    end = date(newest - 1 + ROC_OFFSET, 12, 31)
    before = newest - 1 in years and 0 <= (today - end).days <= YEAR_IS_OVER_DAYS
    return [newest, newest - 1] if before else [newest]


def cause_of(kind: str, key: str, roc_year: int) -> str:
    """The cause of an alert about an indicator, as it stands among what needs attention."""
    return f"{kind}:{key}:{roc_year}"


def not_shown(alerts: Iterable[Alert], items: Iterable[Item], period: Period) -> list[Alert]:
    """The alerts that a list of what needs attention in a period does not say already."""
    said = {cause_of(item.kind, item.key, period.roc_year) for item in items}
    return [alert for alert in alerts if alert.cause not in said]


def _of_year(year: Year, rules: Mapping[str, Rule]) -> Iterator[Alert]:
    for item in year.items:
        result = year.results[item.key]
        cause = cause_of(item.kind, item.key, year.period.roc_year)
        subject = f"{year.period.label}{BY_KEY[item.key].label}"
        where = f"請到「{_PAGES[item.page]}」"
        if item.kind == "missed":
            text = f"{subject}{formats.state(result)}：{formats.gap(result)}，{where}看原因並訂下一步。"
            yield Alert(cause, "missed", "urgent", text, item.page)
        elif item.kind == "behind" and _share_missing(result) >= (rules["behind"].threshold or 0):
            text = f"{subject}{formats.state(result)}：{formats.gap(result)}，{where}看缺口在哪裡。"
            yield Alert(cause, "behind", "warning", text, item.page)
        elif item.kind == "stale":
            yield Alert(cause, "stale", "notice", f"{item.text}，請到「資料來源」檢查擷取或上傳匯出檔。", "sources")


def _share_missing(result: Result) -> float:
    """By how many percent of the target the figure falls short of it."""
    goal = result.applied.value if result.applied else None
    if not goal or result.figure is None:
        return 100.0
    return max(0.0, (goal - result.figure.bounds[0]) / goal * 100)


def _of_page(page: Page, rules: Mapping[str, Rule]) -> Iterator[Alert]:
    whose = formats.page(one_line(page.name))
    mend = "請到「資料來源」換上新的權杖。"
    if page.fault is not None:
        text = f"{whose}的權杖{page.fault}，擷取因此停止或不完整，{mend}"
        yield Alert(f"token:{page.page}:invalid", "token", "urgent", text, "sources")
    elif page.days_left is not None and page.days_left <= (rules["token"].threshold or 0):
        severity: Severity = "urgent" if page.days_left <= URGENT_TOKEN_DAYS else "warning"
        text = f"{whose}的權杖剩 {page.days_left:,} 天到期，{mend}"
        yield Alert(f"token:{page.page}:expires", "token", severity, text, "sources")
    if page.failures >= min(max(1.0, rules["pull"].threshold or 0), RUNS):
        why = f"（{one_line(page.error, 80).rstrip('。')}）" if page.error else ""
        text = f"{whose}最近幾次擷取都沒有成功{why}，請到「資料來源」查看擷取紀錄。"
        yield Alert(f"pull:{page.page}", "pull", "warning", text, "sources")
    for late in page.late:
        text = f"{whose}的{late.what}{late.word}（最新 {late.newest}），請到「資料來源」檢查擷取或上傳匯出檔。"
        yield Alert(f"stale:{late.source}:{page.page}", "stale", "warning", text, "sources")


def _days_over(one: Overdue, today: date, rules: Mapping[str, Rule]) -> bool:
    return (rules["overdue"].threshold or 0) < (today - one.due_on).days <= OVERDUE_DAYS


def _of_overdue(one: Overdue, today: date) -> Alert:
    title = f"「{one_line(one.title)}」" if one.title else ""
    days = (today - one.due_on).days
    due = f"{one_line(one.unit)}{title}應於 {roc_day(one.due_on)} 供稿，已逾期 {days:,} 天"
    text = f"{due}，請供稿，或到「供稿與審稿」取消後重排。"
    return Alert(f"overdue:{one.contribution}", "overdue", "warning", text, "editorial")


def _of_left_out(one: LeftOut) -> Alert:
    what = f"批次 {one.batch}「{one_line(one.file)}」有 {one.rows:,} 列未採用"
    text = f"{what}，請到「資料登錄與上傳」的匯入紀錄看原因，更正後重傳。"
    return Alert(f"rejected:{one.batch}", "rejected", "notice", text, "upload")


def one_line(text: str, most: int = _LONGEST) -> str:
    """A text from outside as a part of a sentence: one line, no signs that cannot be seen, cut where it is long."""
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    line = " ".join(seen.split())
    return line if len(line) <= most else line[: most - 1] + "…"
