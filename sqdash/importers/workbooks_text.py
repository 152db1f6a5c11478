"""From a workbook's typed value to the text of its cell: what a person would have typed, without a loss that is hidden.

A number of 16 digits or more has already lost some (a spreadsheet keeps 15), so it comes as 1.60060000000000E+15, which
the check for damaged ids knows. Knows no file format.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Value = str | int | float | bool | date | datetime | time | timedelta

MIDNIGHT = " 00:00:00"
"""What a day gets behind it where its cell shows the time of day."""
_EXACT = 1e15
_DURATION = re.compile(r"PT([0-9]{1,6})H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]+)?S")
_EPOCH = datetime(1899, 12, 30)  # day 0 of the 1900 system for every day since March 1900
_EPOCH_1904 = datetime(1904, 1, 1)


def text(value: Value) -> str:
    """Text as it is; 1 or 0; digits without ``.0``; ISO day, with a time that is not midnight; HH:MM:SS."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return number(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, timedelta):
        return duration(value)
    return value.isoformat() if isinstance(value, date) else duration(_since_midnight(value))


def number(value: float) -> str:
    """1040604 for 1040604.0; repr for a fraction; E-notation from 16 digits on, whose last ones are lost."""
    if value % 1 != 0:  # so are inf and nan
        return repr(value)
    return str(int(value)) if -_EXACT < value < _EXACT else f"{value:.14E}"


def percent(value: float) -> str:
    """What a cell formatted as percentage shows, with all its digits: 0.908 is 90.8%."""
    shown = f"{Decimal(repr(value)) * 100:f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) + "%"


def moment(value: datetime) -> str:
    """2014-11-22 at midnight, else 2014-11-22 09:05:00; a serial number's fractions are rounded to the second."""
    if value.microsecond >= 500_000 and value < datetime.max.replace(microsecond=0):
        value += timedelta(seconds=1)
    if value.time().replace(microsecond=0) == time.min:
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="seconds")


def duration(value: timedelta) -> str:
    """HH:MM:SS, with more than 24 hours where there are (30:05:00)."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def iso_duration(value: str) -> str:
    """HH:MM:SS for ``PT30H05M00S``, in which ODF states a time; anything else as it is."""
    found = _DURATION.fullmatch(value)
    return f"{int(found[1]):02d}:{int(found[2]):02d}:{int(found[3]):02d}" if found else value


def serial_day(value: float, *, since_1904: bool) -> str:
    """The day of a spreadsheet's serial number; as :func:`number` where there is no such day."""
    try:
        return moment((_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(days=value))
    except OverflowError:
        return number(value)


def serial_midnight(value: float, *, since_1904: bool) -> str:
    """The day of a serial number that shows its time, which is midnight: 2014-11-22 00:00:00."""
    day = serial_day(value, since_1904=since_1904)
    return day if day == number(value) else f"{day}{MIDNIGHT}"


def _since_midnight(value: time) -> timedelta:
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
