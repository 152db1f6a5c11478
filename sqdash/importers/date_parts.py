"""Year, month and day of one date: whether the calendar has it, its stored form, its form on screen.

Knows nothing of how dates are written.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from sqdash.importers.cells import CellError
from sqdash.periods import ROC_OFFSET, days_in, roc_day, roc_month

Precision = Literal["day", "month", "year"]

EXAMPLES: dict[Precision, str] = {"day": "103/11/22", "month": "103/11", "year": "103"}
"""How a column of that precision may be written, for whoever is told to."""
UNREADABLE: dict[Precision, str] = {
    "day": f"不是看得懂的日期，請寫成 {EXAMPLES['day']}。",
    "month": f"不是看得懂的月份，請寫成 {EXAMPLES['month']}。",
    "year": f"不是看得懂的年度，請寫成 {EXAMPLES['year']}。",
}
UNDECIDED: dict[Precision, str] = {
    "day": f"年、月、日的順序無法判斷，請寫成 {EXAMPLES['day']}。",
    "month": f"無法判斷是哪一年的哪個月，請寫成 {EXAMPLES['month']}。",
    "year": f"無法判斷是哪一年，請寫成 {EXAMPLES['year']}。",
}
BEFORE_ROC = "民國元年以前的日期不能採用，請改填民國年，例如 103/11/22。"


class Said(NamedTuple):
    """A date as written: Western year, month, day; None is not written, and nothing is checked yet."""

    year: int | None
    month: int | None = None
    day: int | None = None


def fault(said: Said, precision: Precision) -> CellError | None:
    """What is wrong with a date for a column of that precision; for "year", whether the calendar has it."""
    if said.year is None:
        return CellError(f"沒有年份，請寫成 {EXAMPLES[precision]}。", "undecidable_date")
    if said.year <= ROC_OFFSET:
        return CellError(BEFORE_ROC, "year_zero")
    if said.year > ROC_OFFSET + 999:
        return CellError(UNREADABLE[precision], "not_date")
    return _outside_calendar(said.year, said.month, said.day) or _too_coarse(said, precision)


def _outside_calendar(year: int, month: int | None, day: int | None) -> CellError | None:
    if month is not None and not 1 <= month <= 12:
        return CellError("沒有這個月份，請改成 1 至 12 月。", "no_such_day")
    if day is not None and not 1 <= day <= days_in(year, month or 1):
        return CellError("沒有這一天，請檢查月與日。", "no_such_day")
    return None


def _too_coarse(said: Said, precision: Precision) -> CellError | None:
    if precision == "day" and said.day is None:
        missing = "月與日" if said.month is None else "日"
        return CellError(f"缺少{missing}，請寫成 103/11/22。", "missing_day")
    if precision == "month" and said.month is None:
        return CellError("缺少月份，請寫成 103/11。", "not_date")
    return None


def stored(said: Said, precision: Precision) -> str:
    """A checked date in the form of the store; finer parts than the precision are left away."""
    year, month, day = said.year or 0, said.month or 1, said.day or 1
    if precision == "year":
        return str(year - ROC_OFFSET)
    whole = date(year, month, day).isoformat()
    return whole if precision == "day" else whole[:7]


def shown(said: Said, precision: Precision) -> str:
    """103/11/22, 103/11 or 103 年: as fine as it is written and the column needs."""
    if said.month is None or precision == "year":
        return f"{(said.year or 0) - ROC_OFFSET} 年"
    if said.day is None or precision == "month":
        return roc_month(stored(said, "month"))
    return roc_day(date.fromisoformat(stored(said, "day")))
