"""From what people type to the form in which a value is stored: ROC dates, thousands marks, full width, units.

A slip is an error with its reason, never a guess: ``105/525`` and month 17 are refused, ``12/10/11`` cannot be
decided, six digits may be a day or a month. The strict readers of :mod:`cells` come after.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from sqdash.importers.cells import CellError
from sqdash.periods import ROC_OFFSET
from sqdash.tables import Column

NOT_GIVEN = frozenset({"", "-", "--", "—", "－", "//", "/", "n/a", "na", "undefined", "null", "none", "未填", "無資料"})
_YES, _NO = (
    frozenset({"1", "是", "有", "y", "yes", "true", "正常", "v", "✓"}),
    frozenset({"0", "否", "無", "n", "no", "false", "異常", "x"}),
)
_UNITS = ("人次", "人數", "人", "場次", "場", "件", "則", "篇", "次", "項", "份", "%")
_NOISE = re.compile(r"^(中華民國|民國)|[（(](?:星期|週)?[一二三四五六日][)）]|\s+")
_YMD = re.compile(r"(\d{1,4})(?:年|[/.-])(\d{1,2})(?:月|[/.-])(\d{1,2})日?")
_MDY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DIGITS = re.compile(r"\d{7,8}")
_MONTH = re.compile(r"(\d{2,4})(?:年|[/.-])(\d{1,2})月?")
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?$")
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|[+-]?\.\d+")


def normal(column: Column, text: str) -> str:
    """The text in stored form, or empty for "not given"; :class:`CellError` says what cannot be read.

    Text columns keep their characters; only an Excel apostrophe or ``="…"`` around them is taken off.
    """
    unwrapped = _unwrapped(text)
    if column.type == "text" and not column.choices:
        return "" if unwrapped.strip().lower() in NOT_GIVEN and not column.required else unwrapped.strip()
    plain = unicodedata.normalize("NFKC", unwrapped).strip()
    if plain.lower() in NOT_GIVEN:
        return ""
    if column.choices:
        return _choice(column, plain)
    match column.type:
        case "date":
            return day(plain).isoformat()
        case "month":
            return month(plain)
        case "int" | "number":
            return number(plain)
        case "year":
            return year(plain)
        case "flag":
            return _flag(plain)
    return plain


def _unwrapped(text: str) -> str:
    stripped = text.strip()
    if len(stripped) > 3 and stripped.startswith('="') and stripped.endswith('"'):
        return stripped[2:-1]
    return stripped[1:] if stripped.startswith("'") and len(stripped) > 1 else text


def _choice(column: Column, plain: str) -> str:
    """The stored word whose shown form is the same after NFKC; anything else is left to be refused."""
    for stored, shown in column.choices:
        if plain.casefold() == unicodedata.normalize("NFKC", shown).casefold():
            return stored
    return plain


def _western(year: int, digits: str) -> int:
    """Four digits are Western, up to three ROC."""
    return year if len(digits) == 4 else year + ROC_OFFSET


def day(text: str) -> date:
    """A day in any form that offices use; see the module for what is refused."""
    clean = _NOISE.sub("", _MIDNIGHT.sub("", text))
    try:
        if found := _MDY.fullmatch(clean):
            return date(int(found[3]), int(found[1]), int(found[2]))
        if found := _YMD.fullmatch(clean):
            if len(found[1]) <= 2 and "年" not in clean and int(found[1]) <= 31:
                raise CellError("年、月、日的順序無法判斷，請寫成 103/11/22。")
            return date(_western(int(found[1]), found[1]), int(found[2]), int(found[3]))
        if _DIGITS.fullmatch(clean):
            head = clean[:-4]
            return date(_western(int(head), head), int(clean[-4:-2]), int(clean[-2:]))
    except ValueError as error:
        if isinstance(error, CellError):
            raise
        raise CellError("沒有這一天，請檢查月份與日期。") from None
    raise CellError("不是看得懂的日期，請寫成 103/11/22。")


def month(text: str) -> str:
    """A month as ``2014-11``."""
    clean = _NOISE.sub("", text)
    found = _MONTH.fullmatch(clean) or re.fullmatch(r"(\d{3})(\d{2})", clean)
    if not found:
        raise CellError("不是看得懂的月份，請寫成 103/11。")
    number_ = int(found[2])
    if not 1 <= number_ <= 12:
        raise CellError("沒有這個月份，請改成 1 至 12 月。")
    return f"{_western(int(found[1]), found[1]):04d}-{number_:02d}"


def year(text: str) -> str:
    """A ROC year; a Western one is turned into it."""
    clean = re.sub(r"年度?$", "", _NOISE.sub("", text))
    if not re.fullmatch(r"\d{2,4}", clean):
        raise CellError("須為民國年，例如 103。")
    return str(int(clean) - ROC_OFFSET if len(clean) == 4 else int(clean))


def number(text: str) -> str:
    """A number without thousands marks and unit; words such as 1.2萬 are refused."""
    clean = text.replace(" ", "")
    for unit in _UNITS:
        clean = clean.removesuffix(unit)
    if not _NUMBER.fullmatch(clean):
        if re.fullmatch(r"[\d.,]+[萬億KkMm]", clean):
            raise CellError("請寫出完整數字，不用萬或 K。")
        raise CellError("不是數字，請只填數字。")
    clean = clean.replace(",", "").removeprefix("+")
    whole = re.fullmatch(r"(-?\d+)\.0*", clean)
    return whole[1] if whole else clean.replace("-.", "-0.") if clean.startswith("-.") else clean.zfill(1)


def _flag(text: str) -> str:
    if text.casefold() in _YES:
        return "1"
    if text.casefold() in _NO:
        return "0"
    raise CellError("只能是「是」或「否」。")
