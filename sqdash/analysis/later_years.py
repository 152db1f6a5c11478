"""Years in the words of a plan, moved on to a later year: proposed to a person, who changes or leaves each.

What is moved: years with 年 behind them (also ranges such as 103-104 年), days and months as 103/06/10 or 103/06, all
of ROC or western years, from the year before the plan's to nine years after it. An older year tells of the past
(自 98 年起) and stays; so does a number that is not a year (103 人, 第 103 條).
"""

from __future__ import annotations

import re

from sqdash.periods import ROC_OFFSET, days_in

_BEFORE, _AFTER = 1, 9
_N = "[0-9０-９]{2,4}"
_ALONE = r"(?<![0-9０-９./,-])"
_JOIN = r"\s*[-–—~～〜－、至到及和與]\s*"
_YEARS = re.compile(rf"{_ALONE}{_N}(?:{_JOIN}{_N})*(?=\s*年(?!齡|資|以上|以下|內|之內|前|來))")
_NUMBER = re.compile(_N)
_SAID = re.compile(r"(?<=民國)(\s*)([0-9０-９]{2,3})(?![0-9０-９年])")
_DAYS = re.compile(rf"{_ALONE}({_N})([/.-])([0-9]{{1,2}})(?:\2([0-9]{{1,2}}))?(?![0-9０-９./-]|\s*年)")
_LEAP_DAY = re.compile(rf"({_N})(\s*年\s*[0０]?[2２]\s*月\s*[2２])([9９])(?=\s*日)")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def moved(text: str, last: int, year: int) -> str:
    """The text of the plan of ROC year ``last`` with its years moved on as far as ``year`` is from it."""

    def later(digits: str) -> str:
        return _later(digits, last, year)

    def years(found: re.Match[str]) -> str:
        return _NUMBER.sub(lambda one: later(one[0]), found[0])

    text = _DAYS.sub(lambda found: _day(found, later(found[1])), text)
    text = _YEARS.sub(years, text)
    if year != last:
        text = _LEAP_DAY.sub(_in_prose, text)
    return _SAID.sub(lambda found: found[1] + later(found[2]), text)


def _is_year(digits: str, last: int) -> bool:
    """Whether the number is a year near the plan's, of either count."""
    number = int(digits)
    roc = number - ROC_OFFSET if len(digits) == 4 else number
    return last - _BEFORE <= roc <= last + _AFTER


def _later(digits: str, last: int, year: int) -> str:
    """The year moved, in the width it was written in; any other number as it is."""
    if year == last or not _is_year(digits, last):
        return digits
    text = str(int(digits) + year - last).zfill(len(digits))  # forms have 099 beside 100
    return text if digits.isascii() else text.translate(_WIDE)


def _western(digits: str) -> int:
    """The Western year of a number of either count."""
    return int(digits) + (0 if len(digits) == 4 else ROC_OFFSET)


def _in_prose(found: re.Match[str]) -> str:
    """29 February in the words of its year, which may have moved to one that has none."""
    if days_in(_western(found[1]), 2) == 29:
        return found[0]
    return f"{found[1]}{found[2]}{'8' if found[3].isascii() else '８'}"


def _day(found: re.Match[str], new: str) -> str:
    """A day or month with its ``new`` year; 29 February becomes 28 where that has none."""
    digits, sign, month, day = found.groups()
    if new == digits or not 1 <= int(month) <= 12 or (day is None and (sign != "/" or len(month) < 2)):
        return found[0]
    if day is None:
        return f"{new}{sign}{month}"
    most = days_in(_western(new), int(month))
    if not 1 <= int(day) <= 31 or (int(day) > most and int(day) != 29):
        return found[0]
    return f"{new}{sign}{month}{sign}{min(int(day), most) if int(day) > most else day}"
