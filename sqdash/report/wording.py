"""Turns of phrase of the report's form, for documents and screens alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqdash import periods

_DIGITS = "一二三四五六七八九"
_FORMAL = "壹貳參肆伍陸柒捌玖"


def numeral(number: int) -> str:
    """1 to 99 in Chinese: 三, 十, 十二, 四十; other numbers, which only a file can bring, in digits."""
    if not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else _DIGITS[tens - 1] + "十"
    return ten + (_DIGITS[ones - 1] if ones else "")


def formal(number: int) -> str:
    """1 to 9 in the numerals of a document's chapters: 壹, 貳."""
    return _FORMAL[number - 1]


def legal_base(base: Mapping[str, Any]) -> str:
    """What a plan rests on, in one sentence: who, when, under what number, and the title."""
    day = periods.roc_date(periods.parse_day(base["issued_on"]))
    act = {"函頒": "函頒", "修正": "函修正之", "訂定": "函訂定之"}.get(base["act"], f"函{base['act']}")
    return f"{base['issuer']} {day}{base['document_no']}{act}「{base['title']}」"
