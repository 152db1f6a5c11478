"""What one cell may say as a date: every form that offices write, with all its readings.

Knows one cell at a time. Which reading counts is decided for the whole column, in :mod:`sqdash.importers.dates`.

Rules: a year of three digits, or of one or two before 年, / or ., is ROC; of four, Western. Digits alone: 8 Western,
7 ROC, 6 ROC day or Western month, 5 ROC month or Excel serial, 3 ROC year. Excel serials count from 1899-12-30; those
before 1955 are none here: they begin like the ROC years below 201, and no file has dates that old.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from sqdash.importers.cells import CellError
from sqdash.importers.date_parts import BEFORE_ROC, Precision, Said
from sqdash.importers.folding import folded, refuse_formula
from sqdash.patterns import later
from sqdash.periods import ROC_OFFSET

Kind = Literal["sure", "short", "five", "six", "slash"]
"""sure: one reading; short: a year of one or two digits that may as well be a day; the others are ambiguous."""

_SERIAL_ORIGIN = date(1899, 12, 30)
_FIRST_SERIAL = 20_090  # 1955-01-01
_LARGEST_DAY = 31
_LONGEST = 80  # characters: no date is longer, and no form need look at a whole caption


class Cell(NamedTuple):
    """The readings of a cell by order (roc, western, serial, month_first, day_first). None at all: undecidable."""

    kind: Kind
    readings: dict[str, Said]


# --- what surrounds a date

_WEEKDAY = later(r"\((?:星期|週|周)?[一二三四五六日天]\)|(?:星期|週|周)[一二三四五六日天]")
_BEFORE_ROC = later(r"民國?前")
_TIME = later(
    r"(?:[ t]|(?=[上下]午))(?P<half>上午|下午)?(?P<hour>[01]?[0-9]|2[0-3])"
    r":(?P<rest>[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?)(?P<end>am|pm)?"
)
_YEAR_FIRST = later(r"[0-9]{4}[-/.]")


def clean(text: str) -> str:
    """The date alone: in lower case, without blanks, weekday and time; :class:`CellError` for a date 民國前.

    A time is dropped where it is midnight or follows a date that starts with a Western year.
    """
    plain = folded(text)
    refuse_formula(plain)
    if len(plain) > _LONGEST:
        return plain
    spaced = re.sub(r"(?<![0-9]) | (?![0-9])", "", " ".join(plain.casefold().split()))
    if _BEFORE_ROC.search(spaced):
        raise CellError(BEFORE_ROC, "year_zero")
    bare = _without_time(_WEEKDAY.sub("", spaced))
    bare = re.sub(r"(?:西元|公元)(?=[0-9]{4})", "", bare.replace("中華民國", "民國"))
    return re.sub(r"^([0-9]{3,8})\.0$", r"\1", bare)


def _without_time(text: str) -> str:
    found = _TIME.search(text)
    if not found or found.end() != len(text):
        return text
    morning = found["half"] == "上午" or found["end"] == "am"
    evening = found["half"] == "下午" or found["end"] == "pm"
    midnight = int(found["hour"]) == (12 if morning and found["hour"] == "12" else 0) and not evening
    if (midnight and not found["rest"].strip("0:.")) or _YEAR_FIRST.match(text):
        return text[: found.start()]
    return text


# --- the forms

Found = re.Match[str]


def _written(found: Found, name: str) -> int | None:
    return int(found[name]) if found[name] else None


def _sure(year: int | None, month: int | None = None, day: int | None = None) -> Cell:
    return Cell("sure", {"": Said(year, month, day)})


def _year_in_words(found: Found, precision: Precision) -> Cell | None:
    """103年11月22日, 民國103年, 105年度, 92年7月, 2014年11月, 97Y06M."""
    western = len(found["y"]) == 4
    if western and found["roc"]:
        return None
    year = int(found["y"]) + (0 if western else ROC_OFFSET)
    return _sure(year, _written(found, "m"), _written(found, "d"))


def _year_by_mark(found: Found, precision: Precision) -> Cell | None:
    """103/11/22, 103.09.22, 2016-8-3, 103/05."""
    digits, mark, day = found["y"], found["mark"], _written(found, "d")
    month = int(found["m"])
    if len(digits) == 4 and found["roc"]:
        return None
    if day is None and mark == "." and len(found["m"]) == 1:
        return Cell("short", {})  # a spreadsheet makes 103.1 of 103.10
    if len(digits) > 2:
        return _sure(int(digits) + (ROC_OFFSET if len(digits) == 3 else 0), month, day)
    if found["roc"] or int(digits) == 0 or (mark != "-" and int(digits) > _LARGEST_DAY):
        return _sure(int(digits) + ROC_OFFSET, month, day)
    if day is not None:
        return Cell("short", {"roc": Said(int(digits) + ROC_OFFSET, month, day)} if mark != "-" else {})
    if mark != "/":
        return None
    return _sure(None, int(digits), month) if precision == "day" else _short_month(int(digits), month)


def _short_month(year: int, month: int) -> Cell:
    return Cell("short", {"roc": Said(year + ROC_OFFSET, month)})


def _year_last(found: Found, precision: Precision) -> Cell:
    """9/1/2025."""
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    return Cell("slash", {"month_first": Said(year, first, second), "day_first": Said(year, second, first)})


def _month_and_day(found: Found, precision: Precision) -> Cell:
    """6月12日, 6月份."""
    return _sure(None, int(found["m"]), _written(found, "d"))


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _english(found: Found, precision: Precision) -> Cell:
    """August 19, Aug 19, Aug 19, 2025."""
    return _sure(_written(found, "y"), _MONTHS.index(found["m"][:3]) + 1, int(found["d"]))


def _serial(found: Found, precision: Precision) -> Cell | None:
    """41955.5: a serial that carries a time."""
    return Cell("five", readings) if (readings := _from_serial(int(found["n"]))) else None


def _from_serial(number: int) -> dict[str, Said]:
    """The reading as a serial number, none where it is too old for one."""
    if number < _FIRST_SERIAL:
        return {}
    day = _SERIAL_ORIGIN + timedelta(days=number)
    return {"serial": Said(day.year, day.month, day.day)}


def _digits(found: Found, precision: Precision) -> Cell | None:
    """1051128, 20141122, 10305, 103, 41955."""
    digits = found["n"]
    roc = _roc_digits(digits, precision, marked=bool(found["roc"]))
    if found["roc"] or len(digits) in (1, 2, 3, 7):
        return Cell("sure", {"": roc}) if roc else None
    match len(digits):
        case 8:
            return _sure(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        case 6:
            western = Said(int(digits[:4]), int(digits[4:]))
            return Cell("six", {"roc": roc, "western": western} if roc else {"western": western})
        case 5 if roc:
            return Cell("five", {"roc": roc} | _from_serial(int(digits)))
    return _sure(int(digits))  # four digits: a Western year


def _roc_digits(digits: str, precision: Precision, *, marked: bool) -> Said | None:
    """Digits as an ROC year, month or day. Six digits are a day only where days are wanted or 民國 is written."""
    match len(digits):
        case 7:
            return Said(int(digits[:3]) + ROC_OFFSET, int(digits[3:5]), int(digits[5:]))
        case 6 if marked or precision == "day":
            return Said(int(digits[:2]) + ROC_OFFSET, int(digits[2:4]), int(digits[4:]))
        case 5:
            return Said(int(digits[:3]) + ROC_OFFSET, int(digits[3:]))
        case 3:
            return Said(int(digits) + ROC_OFFSET)
        case 1 | 2 if marked or precision == "year":
            return Said(int(digits) + ROC_OFFSET)
    return None


_ROC = r"(?P<roc>民國)?"
_NAMES = "|".join((*_MONTHS, "january|february|march|april|june|july|august|sept|september|october|november|december"))
_FORMS: tuple[tuple[re.Pattern[str], Callable[[Found, Precision], Cell | None]], ...] = tuple(
    (later(pattern, re.ASCII), build)
    for pattern, build in (
        (_ROC + r"(?P<n>\d{1,8})", _digits),
        (_ROC + r"(?P<y>\d{1,4})(?P<mark>[-/.])(?P<m>\d{1,2})(?:(?P=mark)(?P<d>\d{1,2}))?", _year_by_mark),
        (_ROC + r"(?P<y>\d{1,4})年度?(?:(?P<m>\d{1,2})(?:月份?(?:(?P<d>\d{1,2})[日號]?)?)?)?", _year_in_words),
        (_ROC + r"(?P<y>\d{1,3})y(?P<m>\d{1,2})m(?P<d>)", _year_in_words),
        (r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})", _year_last),
        (r"(?P<m>\d{1,2})月(?:份|(?P<d>\d{1,2})[日號]?)?", _month_and_day),
        (rf"(?P<m>{_NAMES})\.?(?P<d>\d{{1,2}})(?:,(?P<y>\d{{4}}))?", _english),
        (r"(?P<n>[1-9]\d{4})\.\d+", _serial),
    )
)


def shape(bare: str, precision: Precision) -> Cell | None:
    """The readings of a cleaned cell in a column of that precision; None if it is no date (a range is none)."""
    for pattern, build in _FORMS:
        if found := pattern.fullmatch(bare):
            return build(found, precision)
    return None


# --- ranges

_BETWEEN = later(r"(.+?)(?:[~〜∼–—―─至到])(.+)")
_BY_POINT = later(r"([0-9]{1,2})\.([0-9]{1,2})")
_NUMBER_ONLY = later(r"([0-9]{1,2})(?:日|號|月|月份)?")


def span(bare: str, precision: Precision) -> tuple[Cell, Cell] | None:
    """First and last of a range such as 103/6/10-12, 6/10~6/12 or 104年11-12月; None if it is none."""
    parts = _halves(bare)
    left = shape(parts[0], precision) if parts else None
    if not parts or not left:
        return None
    right = _completed(left, parts[1]) or shape(parts[1], precision)
    return (left, _with_year_of(left, right)) if right and _parts(left) == _parts(right) else None


def _parts(cell: Cell) -> set[tuple[bool, bool]]:
    """Whether month and day are written: a range from a year to a day is none."""
    return {(said.month is None, said.day is None) for said in cell.readings.values()}


def _halves(bare: str) -> tuple[str, str] | None:
    if found := _BETWEEN.fullmatch(bare):
        return found[1], found[2]
    parts = bare.split("-")
    if len(parts) == 1:
        return None
    # Two whole dates have as many hyphens on each side; otherwise the last one stands before the end.
    at = len(parts) // 2 if len(parts) in (2, 6) else -1
    return "-".join(parts[:at]), "-".join(parts[at:])


def _completed(left: Cell, right: str) -> Cell | None:
    """An end that is a bare day or month, or both with a point between them: the rest is the start's."""
    whole = {order: said for order, said in left.readings.items() if said.day is not None}
    if (found := _BY_POINT.fullmatch(right)) and whole:
        month, day = int(found[1]), int(found[2])
        return Cell(left.kind, {order: said._replace(month=month, day=day) for order, said in whole.items()})
    found = _NUMBER_ONLY.fullmatch(right)
    if not found or any(said.month is None for said in left.readings.values()):
        return None
    number = int(found[1])
    if "月" in right and any(said.day is not None for said in left.readings.values()):
        return None  # 6月10日-12月
    return Cell(
        left.kind,
        {
            order: said._replace(month=number) if said.day is None else said._replace(day=number)
            for order, said in left.readings.items()
        },
    )


def _with_year_of(left: Cell, right: Cell) -> Cell:
    first, last = left.readings.get(""), right.readings.get("")
    if first and last and last.year is None:
        return Cell("sure", {"": last._replace(year=first.year)})
    return right
