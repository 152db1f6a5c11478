"""Takes off what programs and keyboards put around a value: full width, blanks, Excel's marks of forced text.

Shared by dates and numbers; knows neither.
"""

from __future__ import annotations

import unicodedata

from sqdash.importers.cells import CellError
from sqdash.unseen import CONTROL, WITHOUT_WIDTH

UNCALCULATED = "\ue0f0未計算公式"
"""Stands for a formula that its file holds without a result. A private character: nobody types it."""
_FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})


def folded(text: str) -> str:
    """The value in NFKC, without outer blanks and signs that have no width (as Windows puts them into the days that it
    shows), and without a leading apostrophe or ``="…"`` around it.

    NFKC also turns signs such as ``①`` and ``²`` into digits, which would make ``3²`` 32: text with one of them
    stays as it is, so that no reader of digits takes it.
    """
    bare = text.strip()
    plain = _unwrapped(bare if bare.isascii() else WITHOUT_WIDTH.sub("", bare).strip())
    if plain.isascii() or any(_only_looks_like_digits(sign) for sign in plain):
        return plain
    return _unwrapped(unicodedata.normalize("NFKC", plain).strip())


def _unwrapped(text: str) -> str:
    if len(text) > 3 and text.startswith('="') and text.endswith('"'):
        return text[2:-1].strip()
    return text[1:].strip() if text.startswith("'") else text


def _only_looks_like_digits(sign: str) -> bool:
    if sign.isascii() or unicodedata.category(sign) == "Nd":
        return False
    return any("0" <= part <= "9" for part in unicodedata.normalize("NFKC", sign))


def visible(text: str) -> str:
    """A cell as a message shows it: what cannot be seen is a box, and a formula without a result has only its words."""
    return CONTROL.sub("□", text.replace(UNCALCULATED, UNCALCULATED[1:]))


def refuse_formula(plain: str) -> None:
    """:class:`CellError` for a formula without a result ("uncalculated") or with an error as its result."""
    if plain == UNCALCULATED:
        raise CellError("這一格是沒有算過的公式，請用試算表開啟並存檔後再上傳。", "uncalculated")
    if plain.upper() in _FORMULA_ERRORS:
        raise CellError("這一格是公式錯誤，請在試算表改正後再上傳。", "not_number")
