"""Rules that the values of one row must keep together; the store's schema holds them too.

They are checked here as well, so that a preview names the row before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqdash import periods
from sqdash.indicators import BY_KEY, COUNTED, SURVEYED
from sqdash.records import Value

# Table → (first, last, what a person is told): the first must not come after the last.
_ORDERED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "readings": (
        ("low", "high", "的下限高於上限，請對調。"),
        ("period_from", "period_to", "的期間結束早於開始，請對調。"),
    ),
    "facts": (("low", "high", "的下限高於上限，請對調。"),),
    "targets": (("valid_from", "valid_to", "的失效日早於生效日，請改正。"),),
    "explanations": (("period_from", "period_to", "的期間結束早於開始，請對調。"),),
    "ledger_marks": (("period_from", "period_to", "的期間結束早於開始，請對調。"),),
    "activities": (("held_on", "ended_on", "的結束日早於開始日，請對調。"),),
    "surveys": (("held_from", "held_to", "的調查迄日早於起日，請對調。"),),
}
LONGEST_TOPIC = 40
"""Characters of a post's topic: it is a heading of a group, not a text."""
_PAST = {
    "petitions": "month",
    "checks": "checked_on",
    "contributions": "submitted_on",
    "meeting_decisions": "done_on",
}
"""Columns of what has happened: a day or month to come is a slip."""
_EXCEEDING = "的辦結件數多於受理件數，若不含先前受理的案件，請更正。"
_TO_COME = "的日期還沒到，到了那一天才計入；若不是排定的，請更正。"
_WHOLE = 100  # percent
_OFF_SATISFACTION = "滿意度須在 0 至 100 之間，請改正。"
_SURVEYED = {one.key: f"「{one.label}」" for one in SURVEYED}
_FARTHEST = "是一年以後的日期，請檢查年份。"
_ON_FACEBOOK = {
    "posts": ("published_at",),
    "posts_file": ("published_at", "observed_at"),
    "snapshots": ("observed_at",),
    "page_days": ("day",),
    "fan_days": ("day",),
}
"""Columns of what Facebook has seen: nothing is older than it, and nothing is still to come."""
EARLIEST = "2004-02-04"
"""Facebook's first day."""
TOO_EARLY = "早於 Facebook 啟用的 93/02/04，請檢查。"
_NO_ZONE = "不是時區的名稱，請用 America/Los_Angeles 或 Asia/Taipei 之類的名稱。"
_CLOCKS_APART = timedelta(minutes=10)
"""How far the clock of the machine that wrote a file may be ahead of this one's."""


class Broken(NamedTuple):
    """A rule that a row breaks: the column to look at, the reason with its remedy, the code of the import log."""

    column: str
    why: str
    code: str = "rule"


def has(table: str) -> bool:
    """Whether the table has any rule."""
    return table in _ORDERED or table in _PAST or table in _ON_FACEBOOK or table in _BESIDE


def doubts(table: str, columns: Mapping[str, Sequence[Value]], now: datetime) -> dict[str, list[int]]:
    """What is taken and yet worth a look: what is to be said behind the rows → their places. ``now`` is aware."""
    if table == "petitions":  # cases of an earlier month may be among those closed
        pairs = zip(columns["received"], columns["closed"], strict=True)
        return {
            _EXCEEDING: [i for i, (a, b) in enumerate(pairs) if isinstance(a, int) and isinstance(b, int) and b > a]
        }
    if table == "activities":  # may be planned, or its year a slip
        today = now.astimezone(periods.TAIPEI).date().isoformat()
        return {_TO_COME: [i for i, day in enumerate(columns.get("held_on", ())) if str(day or "") > today]}
    return {}


def surely_kept(table: str, columns: Mapping[str, Sequence[Value]], now: datetime) -> bool:
    """Whether a look at whole columns shows that no row breaks a rule: each row by itself takes its time, and files of
    posts and their figures have a million."""
    if table not in _ON_FACEBOOK or not all(name is None or _zone(name) for name in set(columns.get("day_zone", ()))):
        return False
    latest = _latest(now)
    for name in _ON_FACEBOOK[table]:
        given = [str(at) for at in columns.get(name, ()) if at is not None]
        if given and not EARLIEST <= min(given) <= max(given) <= latest[: len(given[0])]:
            return False
    return True


def broken(table: str, row: Mapping[str, Value], now: datetime) -> Broken | None:
    """The first rule that the row breaks; ``now`` is aware."""
    if table in _ON_FACEBOOK:
        return _unseen(table, row, now)
    today = now.astimezone(periods.TAIPEI).date()
    return _ahead(table, row, today) or contradictory(table, row)


def _unseen(table: str, row: Mapping[str, Value], now: datetime) -> Broken | None:
    """A time that Facebook cannot have seen, or a day of a zone that there is not."""
    zone = row.get("day_zone")
    if zone is not None and not _zone(zone):
        return Broken("day_zone", _NO_ZONE, "unknown_zone")
    latest = _latest(now, zone)
    for column in _ON_FACEBOOK[table]:
        at = str(row.get(column) or latest)
        if at < EARLIEST:
            return Broken(column, TOO_EARLY, "before_facebook")
        if at > latest[: len(at)]:
            what = "日子" if len(at) == len(EARLIEST) else "時間"
            return Broken(column, f"是還沒到的{what}，請檢查。", "future")
    return None


def _zone(name: Value) -> ZoneInfo | None:
    return periods.zone(str(name))


def _latest(now: datetime, zone: Value = None) -> str:
    """The present as rows have it, by Taipei's clock or that of a zone where the next day has begun already."""
    soon, there = now + _CLOCKS_APART, _zone(zone)
    here = periods.stored(soon)
    return max(here, soon.astimezone(there).isoformat(timespec="seconds")) if there else here


def _ahead(table: str, row: Mapping[str, Value], today: date) -> Broken | None:
    """What has happened, or is planned, and lies too far ahead."""
    column = _PAST.get(table, "")
    if (day := str(row.get(column) or "")) > today.isoformat()[: len(day)]:
        return Broken(column, "還沒到，請檢查年份與月份。")
    farthest = (today + timedelta(days=366)).isoformat()
    for column in ("held_on", "ended_on") if table == "activities" else ():
        if str(row.get(column) or "") > farthest:
            return Broken(column, _FARTHEST)
    undated = table == "readings" and row.get("moment") == "result" and not row.get("as_of")
    if undated and str(row.get("period_to") or "") > today.isoformat():  # it would count in nothing until then
        return Broken("as_of", "期間還沒結束，請填這個數字是到哪一天的。")
    return None


def combines(table: str) -> bool:
    """Whether the table has a rule about values beside each other, which may come from several files."""
    return table in _ORDERED or table in _BESIDE


def contradictory(table: str, row: Mapping[str, Value]) -> Broken | None:
    """Values that cannot stand beside each other, or at all."""
    for first, last, why in _ORDERED.get(table, ()):
        a, b = row.get(first), row.get(last)
        if a is not None and b is not None and a > b:  # type: ignore[operator]
            return Broken(last, why.removeprefix("的"))
    return _BESIDE[table](row) if table in _BESIDE else None


def _off_reading(row: Mapping[str, Value]) -> Broken | None:
    """No figure at all, or one that what is measured cannot have: a person's statement counts before any ledger."""
    figures = {name: row.get(name) for name in ("value", "low", "high")}
    if all(figure is None for figure in figures.values()):
        return Broken("value", "沒有值也沒有上下限，請至少填一個。")
    indicator = BY_KEY.get(str(row.get("indicator")))
    for name, figure in figures.items():
        if not isinstance(figure, int | float):
            continue
        if figure < 0:
            return Broken(name, "不能是負數，請改正。")
        if indicator and indicator.group == "satisfaction" and indicator.unit == "%" and figure > _WHOLE:
            return Broken(name, _OFF_SATISFACTION)
        if indicator and indicator.is_whole and figure != int(figure):
            return Broken(name, f"「{indicator.label}」以{indicator.unit}計，須為整數，請改正。")
    return None


def _off_target(row: Mapping[str, Value]) -> Broken | None:
    if isinstance(value := row.get("value"), int | float) and value < 0:
        return Broken("value", "目標不可小於 0，請改正。")
    indicator, version = BY_KEY.get(str(row.get("indicator"))), row.get("definition")
    ways = indicator.definitions if indicator else ()
    if indicator and ways and isinstance(version, int) and not indicator.way(version):  # it would judge nothing
        return Broken("definition", f"這項指標沒有這個定義版本，請改填 {indicator.versions} 之一。")
    return _off_beat(row)


def _below_nought(row: Mapping[str, Value]) -> Broken | None:
    if isinstance(limit := row.get("threshold"), int | float) and limit < 0:
        return Broken("threshold", "門檻不可小於 0，請改正。")
    return None


def _submitted_early(row: Mapping[str, Value]) -> Broken | None:
    if row.get("state") == "planned" and row.get("submitted_on"):
        return Broken("submitted_on", "狀態仍是「已排定」，請改狀態，或清空實際供稿日。")
    return None


def _no_topic(row: Mapping[str, Value]) -> Broken | None:
    if len(str(row.get("topic") or "")) > LONGEST_TOPIC:  # no post could be given it
        return Broken("topic", f"超過 {LONGEST_TOPIC} 個字，請縮短。")
    return None


def _off_survey(row: Mapping[str, Value]) -> Broken | None:
    asked, valid = row.get("asked"), row.get("valid")
    if isinstance(asked, int) and isinstance(valid, int) and valid > asked:
        return Broken("valid", f"多於發出份數 {asked:,}，請改正其中之一。")
    if isinstance(share := row.get("satisfaction"), int | float) and not 0 <= share <= _WHOLE:
        return Broken("satisfaction", _OFF_SATISFACTION)
    if (indicator := row.get("indicator")) and indicator not in _SURVEYED:  # it would count in nothing
        names = "、".join(_SURVEYED.values())
        return Broken("indicator", f"不是由調查得出的指標，只能是{names}之一，不屬於這些時請留空白。")
    return None


def _off_beat(row: Mapping[str, Value]) -> Broken | None:
    """A rhythm that is none, or that its indicator or the number beside it cannot have: a figure is compared with the
    count that the rhythm expects, and anything else that is typed would be stored and count in nothing."""
    months, days = row.get("every_months"), row.get("every_days")
    for column, every in (("every_months", months), ("every_days", days)):
        if every == 0:
            return Broken(column, "規律須為 1 以上，沒有規律請留空白。")
    if months and days:
        return Broken("every_days", "每幾個月與每幾日只能填一個，請清空另一個。")
    if not (months or days):
        return None
    indicator = BY_KEY.get(str(row.get("indicator")))
    if indicator and indicator.rollup not in COUNTED:
        return Broken("every_months" if months else "every_days", "這項指標不是計次的，沒有規律可言，請留空白。")
    first, last, value = (row.get(name) for name in ("valid_from", "valid_to", "value"))
    if value is None or not (first and last) or first != f"{str(last)[:4]}-01-01" or not str(last).endswith("-12-31"):
        return None
    year = periods.year_period(int(str(last)[:4]) - periods.ROC_OFFSET)
    count = year.beats(int(months) if months else None, int(days) if days else None)
    if value == count or not count:
        return None
    return Broken("value", f"與規律不合，這個規律一年是 {count:,} 次（日），請改填 {count}，或清空規律。")


_BESIDE: Mapping[str, Callable[[Mapping[str, Value]], Broken | None]] = {
    "readings": _off_reading,
    "targets": _off_target,
    "alert_rules": _below_nought,
    "contributions": _submitted_early,
    "topic_rules": _no_topic,
    "surveys": _off_survey,
}
"""Table → what its values must not be by themselves or beside each other; days in their order are in ``_ORDERED``."""
