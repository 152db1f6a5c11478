"""How numbers, dates, units and words are written on a screen: the rules of the house, each as what breaks it.

Half-width digits with thousands commas, "%" attached, a real minus, an en dash in a range, years of the Republic with
two digits a month and day, full-width punctuation after Chinese, words as Taiwan uses them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_HAN = "\u4e00-\u9fff"
_UNITS = "人|篇|次|件|場|則|項|列|天|日|分|筆|元|處|支|%"
_ELSEWHERE = "信息|默認|視頻|用戶|軟件|服務器|屏幕|菜單|刷新|文件夾|鏈接|激活|導出|導入|數據庫|點擊|登陸|賬號"

BROKEN_BY: Mapping[str, str] = {
    "full-width digit or percent": r"[０-９％]",
    "blank before percent": r"\d\s%",
    "half-width punctuation after Chinese": rf"[{_HAN}][,;:!?]",
    "hyphen for a minus": r"(?<![\w/.\-~:+)])-\d",
    "hyphen or tilde for a range": r"(?<![\w/.:\-])\d[\d,.]*\s?[-~～]\s?\d[\d,.]*(?![\w/:\-])",
    "western date": r"(?<![\w/.:\-])(?:19|20)\d\d(?:\s?[/年]\s?\d|-\d\d-\d\d(?!T[\d:]+Z))",
    "one digit for a month or a day": r"(?<![\d/])1\d\d/(?:\d(?!\d)|\d\d/\d(?!\d))",
    "no thousands comma": rf"(?<![\w/.,:#\-])(?<!第 )\d{{4,}}\s?(?:{_UNITS})",
    "ten thousands for a figure": r"\d\s?萬",
    "dots for an ellipsis": r"\.\.\.|。。",
    "words of elsewhere": _ELSEWHERE,
    "the office writes 臺南": "台南",
    "foreign quotation marks": '[“”"]',
    "two blanks": r"\S  +\S",
}
"""Rule → the pattern of what breaks it."""
_PATTERNS = {rule: re.compile(pattern) for rule, pattern in BROKEN_BY.items()}


def broken(texts: Iterable[str]) -> list[str]:
    """Each rule that a text breaks, with the place."""
    return [
        f"{rule}: {found[0]!r} in {text[:50]!r}"
        for text in dict.fromkeys(texts)
        for rule, pattern in _PATTERNS.items()
        if (found := pattern.search(text))
    ]
