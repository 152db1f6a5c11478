"""Counts, measures and stated figures as people write them. Strict: what is not surely a number is refused.

Zero is zero and "not given" is None, never one for the other. Knows one cell and its column's units; no files, no
tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Context, Decimal
from typing import NamedTuple

from sqdash.importers.cells import CellError
from sqdash.importers.folding import UNCALCULATED, folded, refuse_formula
from sqdash.patterns import later

__all__ = ["NOT_GIVEN", "UNCALCULATED", "decimal", "not_given", "percentage", "stated", "whole", "whole_column"]

NOT_GIVEN = frozenset(
    {"", "-", "--", "---", "—", "——", "–", "\u2212", "/", "//", "n/a", "n.a.", "na", "undefined", "null", "none"}
    | {"未填", "未提供", "未陳報", "無資料", "不適用"}
)
"""Words for "not given", after NFKC and casefold. ``#N/A`` is none of them: it is a formula's error."""

_MOST_DIGITS = 15  # a spreadsheet keeps no more
_EXACT = Context(prec=200)
_LONGEST = 100  # characters, well within the precision above
_PLACES = Decimal("0.000001")  # undoes 205.70999999999998
_AMOUNT = later(
    r"(?P<sign>[+\-\u2212])?(?P<digits>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)[ ]*(?P<rest>.*)",
    re.DOTALL,
)
_SCALES = {"千": 3, "K": 3, "k": 3, "萬": 4, "百萬": 6, "M": 6, "億": 8}
_SCALED = later(rf"(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})[ ]*(?P<unit>.*)", re.DOTALL)


class _Amount(NamedTuple):
    value: Decimal
    percent: bool


def not_given(text: str) -> bool:
    """Whether the cell says that there is no value."""
    return folded(text).casefold() in NOT_GIVEN


def whole(text: str, *, units: Sequence[str] = (), wan: bool = False) -> int | None:
    """A count, 0 or more; None for not given. ``units`` may follow the number; ``wan`` lets 1.2萬 and 3K count.

    :class:`CellError` "not_number", "not_whole", "negative", "percent", "abbreviation", "wrong_unit", "too_large",
    "uncalculated".
    """
    amount = _amount(text, units, wan)
    if amount is None:
        return None
    if amount.percent:
        raise CellError("這一欄是數量，不是百分比，請填數量。", "percent")
    if amount.value < 0:
        raise CellError("不能是負數，請改為 0 或正整數。", "negative")
    if amount.value != amount.value.to_integral_value(context=_EXACT):
        raise CellError("須為整數，請改為不含小數的數字。", "not_whole")
    return int(amount.value)


def decimal(text: str, *, units: Sequence[str] = (), percent: bool = False, wan: bool = False) -> float | None:
    """A number to six places; None for not given. ``percent`` lets a ``%`` follow: 27.26% is 27.26.

    :class:`CellError` as :func:`whole`, but neither "negative" nor "not_whole".
    """
    amount = _amount(text, units, wan)
    if amount is None:
        return None
    if amount.percent and not percent:
        raise CellError("這一欄不是百分比，請只填數字。", "percent")
    return float(amount.value.quantize(_PLACES, context=_EXACT)) + 0.0  # + 0.0 makes -0.0 zero


def percentage(text: str, *, units: Sequence[str] = (), wan: bool = False) -> float | None:
    """:func:`decimal` of a share in percent; "share" for 0.944, which may be 94.4 % or what it says: nobody guesses."""
    value = decimal(text, units=units, percent=True, wan=wan)
    _refuse_share(value, folded(text))
    return value


def _refuse_share(value: float | None, said: str) -> None:
    if value is not None and 0 < value <= 1 and "%" not in said:
        raise CellError("無法判斷是比例還是百分比，請寫成百分比，例如 94.4%。", "share")


def _amount(text: str, units: Sequence[str], wan: bool) -> _Amount | None:
    plain = folded(text)
    if plain.casefold() in NOT_GIVEN:
        return None
    refuse_formula(plain)
    found = _AMOUNT.fullmatch(plain)
    if not found:
        raise _not_number()
    rest, scale = _unscaled(found["rest"], units, wan)
    if rest and rest != "%":
        _refuse_unit(rest, units)
    digits = found["digits"].replace(",", "")
    if len(digits) > _LONGEST:
        raise _too_large()
    value = Decimal(digits).scaleb(scale, _EXACT)
    if value >= 10**_MOST_DIGITS:
        raise _too_large()
    negative = found["sign"] not in (None, "+")
    return _Amount(-value if negative and value else value, rest == "%" and "%" not in units)


def _unscaled(rest: str, units: Sequence[str], wan: bool) -> tuple[str, int]:
    """What follows the number without 萬 or K, and their power of ten; :class:`CellError` unless ``wan``."""
    found = None if rest in units else _SCALED.fullmatch(rest)
    if not found or (found["unit"] and found["unit"] not in units):
        return rest, 0
    if not wan:
        raise CellError("請寫出完整數字，不用萬、K 等縮寫。", "abbreviation")
    return found["unit"], _SCALES[found["scale"]]


def _refuse_unit(rest: str, units: Sequence[str]) -> None:
    if rest in {folded(unit) for unit in units}:
        return
    if rest.isalpha() and not units:
        raise CellError("這一欄不寫單位，請只填數字。", "wrong_unit")
    if rest.isalpha():
        raise CellError("單位與這一欄不同，請換算後只填數字。", "wrong_unit")
    raise _not_number()


def _not_number() -> CellError:
    return CellError("不是數字，請只填數字，例如 1234。", "not_number")


def _too_large() -> CellError:
    return CellError("超過 15 位數，請檢查這個數字。", "too_large")


# --- whole columns

_SLOW = later(r"[^0-9\n]|[0-9]{16}")


def whole_column(texts: Sequence[str]) -> list[int | None] | None:
    """:func:`whole` of every cell where all are plain digits or empty; None where any needs a closer look."""
    joined = "\n".join((*texts, ""))
    if _SLOW.search(joined) or joined.count("\n") != len(texts):
        return None
    return [int(text) if text else None for text in texts]


# --- figures as reports state them

_QUALIFIERS = {
    "已達": "已達",
    "達": "已達",
    "超過": "逾",
    "突破": "逾",
    "逾": "逾",
    "大約": "約",
    "約": "約",
}
_ABOUT = later(r"(?:左右|上下)$")
_INTERVAL = later(r"(?P<low>.*[0-9].*?)[ ]*[-–—~〜∼至到][ ]*(?P<high>[^-–—~〜∼至到]+)", re.DOTALL)

Stated = tuple[float | None, float | None, float | None, str | None]


def stated(text: str, units: Sequence[str] = ()) -> Stated:
    """Value, low, high and qualifier of a figure as the office writes it: ``約 30–50``, ``逾 16,000``, ``16,300人``.

    An interval has no value; 超過 and 突破 are 逾, 左右 is 約. :class:`CellError` "interval" where the low end is the
    higher, "not_number" for contradicting qualifiers, otherwise as :func:`decimal`, of percentages as
    :func:`percentage`.
    """
    if not_given(text):
        return None, None, None, None
    plain = folded(text)
    if len(plain) > _LONGEST:
        raise _not_number()
    qualifier, figure = _qualified(plain)
    if ends := _INTERVAL.fullmatch(figure):
        low, high = (_figure(ends[end], units, figure) for end in ("low", "high"))
        if low > high:
            raise CellError("區間的下限大於上限，請對調。", "interval")
        return None, low, high, qualifier
    return _figure(figure, units, figure), None, None, qualifier


def _qualified(plain: str) -> tuple[str | None, str]:
    """The qualifier, in the store's word, and the figure without it."""
    word = next((word for word in _QUALIFIERS if plain.startswith(word)), "")
    figure = plain.removeprefix(word).strip()
    bare = _ABOUT.sub("", figure)
    qualifier = _QUALIFIERS.get(word)
    if bare == figure:
        return qualifier, figure
    if qualifier not in (None, "約"):
        raise CellError("「左右」與「逾」、「已達」不能並用，請擇一。", "not_number")
    return "約", bare.strip()


def _figure(text: str, units: Sequence[str], whole: str) -> float:
    """One figure; of an interval, ``whole``, both ends may have their sign behind the last (80–90%)."""
    percent = "%" in units
    value = decimal(text, units=units, percent=percent)
    if value is None:
        raise _not_number()
    if percent:
        _refuse_share(value, whole)
    return value
