"""From a cell's text to a stored value, by the column's type. Strict: what is not understood is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from sqdash import indicators, periods
from sqdash.errors import PeriodError
from sqdash.records import Value
from sqdash.tables import Column

_INT = re.compile(r"[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_MONTH = re.compile(r"(19(1[2-9]|[2-9][0-9])|2[0-9]{3})-(0[1-9]|1[0-2])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MAX_TEXT = 65_536
EIGHT_HOURS = timezone(timedelta(hours=8))  # Taipei since 1980, without the summer times before


class CellError(ValueError):
    """Why a cell cannot be taken: one clause in Chinese, with the remedy.

    ``code`` is the same for all cells refused for the same cause, so that they can be counted together.
    """

    def __init__(self, reason: str, code: str = "value") -> None:
        super().__init__(reason)
        self.code = code


def read(column: Column, text: str) -> Value:
    """The stored value; None for an empty cell. :class:`CellError` says why not."""
    if not text.strip():
        if column.required:
            raise CellError("這一欄必填，請補上。")
        return None
    if len(text) > MAX_TEXT:
        raise CellError("超過 64 KB，請縮短。")
    if column.choices:
        return _choice(column, text)
    value = _READERS[column.type](text)
    if column.name == "indicator" and value not in indicators.BY_KEY:
        raise CellError("沒有這個指標代碼，請對照指標表。")
    return value


def _choice(column: Column, text: str) -> str:
    for stored, shown in column.choices:
        if text in (stored, shown):
            return stored
    raise CellError(f"只能是{'、'.join(shown for _, shown in column.choices)}之一。")


def _text(text: str) -> str:
    if CONTROL.search(text):
        raise CellError("含有控制字元，請刪除。")
    return text


def _int(text: str) -> int:
    if not _INT.fullmatch(text):
        raise CellError("須為 0 或正整數，不含逗號與單位。")
    return int(text)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise CellError("須為數字，例如 90.8，不含逗號與單位。")
    return float(text)


def _date(text: str) -> str:
    try:
        return periods.iso_day(text).isoformat()
    except (ValueError, PeriodError):
        raise CellError("須為日期，例如 2014-11-22。") from None


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise CellError("須為帶時區的時間，例如 2014-11-22T09:00:00+08:00。")
    try:
        return moment.astimezone(EIGHT_HOURS).isoformat(timespec="seconds")
    except OverflowError:
        raise CellError("須為帶時區的時間，例如 2014-11-22T09:00:00+08:00。") from None


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise CellError("須為月份，例如 2014-11。")
    return text


def _year(text: str) -> int:
    if len(text) > 3 or not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 999:
        raise CellError("須為民國年，例如 103。")
    return int(text)


def _flag(text: str) -> int:
    if text not in ("0", "1"):
        raise CellError("只能是 0 或 1。")
    return int(text)


_READERS: dict[str, Callable[[str], Value]] = {
    "text": _text,
    "int": _int,
    "number": _number,
    "date": _date,
    "moment": _moment,
    "month": _month,
    "year": _year,
    "flag": _flag,
}
