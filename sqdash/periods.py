"""ROC years, periods and calendar days.

A ROC year is the Western year − 1911. Stored dates are ISO; people read 103 年 11 月 22 日 or 103/11/22.
Calendar days are Asia/Taipei's. Knows no store and no screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from sqdash.errors import PeriodError
from sqdash.patterns import later
from sqdash.written import Written

TAIPEI = ZoneInfo("Asia/Taipei")
PACIFIC = ZoneInfo("America/Los_Angeles")
STORED_IN = timezone(timedelta(hours=8))
"""The offset of moments in the store: Taipei's since 1980, without the summer times before."""
ROC_OFFSET = 1911
_DAYS = 10_000  # a year of days is written in several places of a page, in each rerun

PeriodKind = Literal["year", "half", "quarter", "month", "free"]

_YEAR = later(r"([0-9]{1,3})")
_PART = later(r"([0-9]{1,3})(H[12]|Q[1-4]|-[0-9]{2})")
_FREE = later(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")
_ROC_DAY = later(r"([0-9]{1,3})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_ISO_DAY = later(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of whole Taipei days, both ends included.

    ``code`` is what a URL carries: ``103``, ``103H1``, ``103Q3``, ``103-06`` or
    ``2014-06-10..2014-12-31``.
    """

    start: date
    end: date
    kind: PeriodKind = "free"

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise PeriodError(f"期間的結束日 {roc_date(self.end)} 早於開始日 {roc_date(self.start)}，請對調。")

    @property
    def roc_year(self) -> int:
        """ROC year of the first day."""
        return self.start.year - ROC_OFFSET

    @property
    def code(self) -> str:
        """``103``, ``103H1``, ``103Q2``, ``103-06`` or ``2014-06-10..2014-12-31``: how it is named in addresses."""
        match self.kind:
            case "year":
                return str(self.roc_year)
            case "half":
                return f"{self.roc_year}H{1 if self.start.month == 1 else 2}"
            case "quarter":
                return f"{self.roc_year}Q{(self.start.month + 2) // 3}"
            case "month":
                return f"{self.roc_year}-{self.start.month:02d}"
        return f"{self.start.isoformat()}..{self.end.isoformat()}"

    @property
    def label(self) -> str:
        """What a person reads: 103 年, 103 年上半年, 103 年第 3 季, 103 年 6 月, 103/06/10–103/12/31."""
        year = f"{self.roc_year} 年"
        match self.kind:
            case "year":
                return year
            case "half":
                return year + ("上半年" if self.start.month == 1 else "下半年")
            case "quarter":
                return f"{year}第 {(self.start.month + 2) // 3} 季"
            case "month":
                return f"{year} {self.start.month} 月"
        return f"{roc_day(self.start)}–{roc_day(self.end)}"

    @property
    def stored(self) -> tuple[str, str]:
        """Its first and its last day as the store has days (ISO)."""
        return self.start.isoformat(), self.end.isoformat()

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def months(self) -> tuple[str, ...]:
        """Every calendar month touched, as ``2014-06``."""
        first, last = _month_number(self.start), _month_number(self.end)
        return tuple(f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(first, last + 1))

    @property
    def whole_months(self) -> int:
        """How many calendar months lie wholly inside."""
        first = _month_number(self.start) + (self.start.day > 1)
        last = _month_number(self.end) - (self.end.day < days_in(self.end.year, self.end.month))
        return max(0, last - first + 1)

    @property
    def cuts_months(self) -> bool:
        """Whether it begins or ends within a month."""
        return len(self.months) != self.whole_months

    def beats(self, every_months: int | None, every_days: int | None) -> int:
        """How many beats of a rhythm fit: of every so many days, or of whole months."""
        return self.days // every_days if every_days else self.whole_months // (every_months or 1)

    def contains(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day <= self.end

    def nearest(self, day: date) -> date:
        """The day, or the one of the period that is next to it."""
        return min(self.end, max(day, self.start))

    def overlap(self, start: date, end: date) -> int:
        """Number of days shared with the span from start to end."""
        return max(0, (min(self.end, end) - max(self.start, start)).days + 1)

    def until(self, day: date) -> Period | None:
        """The part of it that has been by the end of the day; None where it has not begun."""
        if day >= self.end:
            return self
        return Period(self.start, day) if day >= self.start else None

    def previous(self) -> Period:
        """The same period one year earlier (29 February becomes 28)."""
        if self.kind == "free":
            return Period(_year_before(self.start), _year_before(self.end))
        end = _year_before(self.end)
        last = days_in(end.year, end.month)
        return Period(_year_before(self.start), end.replace(day=last), self.kind)


def days_in(year: int, month: int) -> int:
    """How many days a month of a Western year has."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _year_before(day: date) -> date:
    if day.year <= 1912:
        raise PeriodError("民國 1 年之前沒有資料，請選較晚的期間。")
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _western(roc_year: int) -> int:
    if not 1 <= roc_year <= 999:
        raise PeriodError(f"民國年「{roc_year}」不在 1 至 999 之間，請輸入例如 103。")
    return roc_year + ROC_OFFSET


def _span(roc_year: int, first: int, last: int, kind: PeriodKind) -> Period:
    year = _western(roc_year)
    return Period(date(year, first, 1), date(year, last, days_in(year, last)), kind)


def year_period(roc_year: int) -> Period:
    """The calendar year; :class:`PeriodError` outside 1–999."""
    return _span(roc_year, 1, 12, "year")


def month_period(month: str) -> Period:
    """The period of a month written ``2014-06``."""
    year, number = int(month[:4]), int(month[5:])
    return _span(year - ROC_OFFSET, number, number, "month")


def parse_period(code: str) -> Period:
    """Read a period's code (see :class:`Period`); :class:`PeriodError` says what is accepted."""
    text = code.strip()
    try:
        if found := _YEAR.fullmatch(text):
            return year_period(int(found[1]))
        if found := _PART.fullmatch(text):
            return _parse_part(int(found[1]), found[2])
        if found := _FREE.fullmatch(text):
            return span(iso_day(found[1]), iso_day(found[2]))
    except ValueError as error:
        raise _unreadable(code) from error
    raise _unreadable(code)


def begun(years: Iterable[int], day: date) -> list[int]:
    """Those of the ROC years that have begun by the day: what is planned for a year to come is no reason to look at it
    yet."""
    return [year for year in years if year + ROC_OFFSET <= day.year]


def span(start: date, end: date) -> Period:
    """The period from start to end; a whole year, half, quarter or month is that, not a free span."""
    free = Period(start, end)
    if start.year == end.year and start.day == 1:
        for part in parts_of_year(free.roc_year):
            if (part.start, part.end) == (start, end):
                return part
    return free


def iso_day(text: str) -> date:
    """Exactly ``2014-11-22``, in a ROC year; ``ValueError`` or :class:`PeriodError` otherwise."""
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(text)
    day = date.fromisoformat(text)
    _western(day.year - ROC_OFFSET)
    return day


def _unreadable(code: str) -> PeriodError:
    return PeriodError(f"看不懂期間「{code[:40]}」，請用 103、103H1、103Q3、103-06 或 2014-06-10..2014-12-31。")


def _parse_part(roc_year: int, part: str) -> Period:
    number = int(part[1:])
    match part[0]:
        case "H":
            return _span(roc_year, number * 6 - 5, number * 6, "half")
        case "Q":
            return _span(roc_year, number * 3 - 2, number * 3, "quarter")
    if not 1 <= number <= 12:
        raise ValueError(part)
    return _span(roc_year, number, number, "month")


def parts_of_year(roc_year: int) -> Iterator[Period]:
    """The year, its halves, quarters and months: what a period picker offers."""
    yield year_period(roc_year)
    for part in ("H1", "H2", "Q1", "Q2", "Q3", "Q4", *(f"-{m:02d}" for m in range(1, 13))):
        yield _parse_part(roc_year, part)


@lru_cache(maxsize=_DAYS)
def parse_day(text: str) -> date:
    """Read ``2014-11-22`` or ``103/11/22`` (also with - or .); :class:`PeriodError` otherwise."""
    clean = text.strip()
    try:
        if found := _ROC_DAY.fullmatch(clean):
            return date(_western(int(found[1])), int(found[3]), int(found[4]))
        return iso_day(clean)
    except ValueError as error:
        raise PeriodError(f"看不懂日期「{text[:40]}」，請用 103/11/22 或 2014-11-22。") from error


@lru_cache(maxsize=_DAYS)
def roc_day(day: date) -> str:
    """103/11/22, for tables."""
    return Written(f"{day.year - ROC_OFFSET}/{day.month:02d}/{day.day:02d}", day)


def roc_day_of(text: str) -> str:
    """:func:`roc_day` of a day as the store has it."""
    return roc_day(parse_day(text))


def roc_date(day: date) -> str:
    """103 年 11 月 22 日, for prose."""
    return f"{day.year - ROC_OFFSET} 年 {day.month} 月 {day.day} 日"


def roc_month(month: str) -> str:
    """``2014-06`` as 103/06, for axes and tables."""
    return f"{int(month[:4]) - ROC_OFFSET}/{month[5:]}"


def roc_moment(moment: datetime) -> str:
    """103/11/22 09:05 in Taipei."""
    local = moment.astimezone(TAIPEI)
    return Written(f"{roc_day(local.date())} {local:%H:%M}", moment)


def zone(name: str) -> ZoneInfo | None:
    """The time zone of that IANA name; None for none. All of them begin with a capital: others are a machine's own."""
    try:
        return ZoneInfo(name) if name[:1].isupper() else None
    except (KeyError, ValueError, OSError):  # KeyError: ZoneInfoNotFoundError
        return None


def stored(moment: datetime) -> str:
    """An aware moment as rows of data keep it: ISO, seconds, +08:00."""
    return moment.astimezone(STORED_IN).isoformat(timespec="seconds")


def noted(moment: datetime) -> str:
    """An aware moment as book-keeping keeps it: ISO, seconds, UTC."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present Taipei day."""
    return now().astimezone(TAIPEI).date()


def first_whole_day(begin: datetime) -> date:
    """The first Taipei day that begins at an aware moment or after it."""
    local = begin.astimezone(TAIPEI)
    return local.date() + timedelta(days=local.time() != time())


def days_between(start: date, end: date) -> Iterator[date]:
    """Each day from start to end, both included."""
    for offset in range((end - start).days + 1):
        yield start + timedelta(days=offset)
