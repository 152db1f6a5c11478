"""Small tables as files that people open: XLSX, ODS and CSV, with formats that keep what is typed as it is typed.

A text stays a text, whatever it begins with, and the same table is the same bytes. Knows no template and no store;
:mod:`sqdash.jobs.sheets_xlsx` and :mod:`sqdash.jobs.sheets_ods` know the two workbook formats.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqdash import packed

Kind = Literal["xlsx", "ods", "csv"]
Cell = str | int | float | date | datetime | None
Style = Literal["text", "number", "day", "moment"]
MADE = datetime(2015, 1, 1)
"""What a file's properties say of when it was made: a constant, so that its bytes never change."""
CHOOSE = "這一欄只收清單裡的詞，請從清單挑選。"
_MOST_TEXT = 32_767  # UTF-16 units that Excel takes in a cell
_CUT = "…（內容過長，以下未列）"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, width in half-width characters, and what may stand in it.

    ``text``: what is typed stays as it is typed; else numbers stay numbers. ``days``: its cells are days, or Taipei
    moments without a zone, and show as ISO. ``required`` colours the heading, ``note`` is its comment. ``words``: the
    list to choose from; ``words_at`` is where the workbook has it in cells, as ``'sheet'!$C$5:$C$9``: a must for a list
    of more than 255 characters, which Excel's rule does not hold.
    """

    heading: str
    width: int = 14
    text: bool = True
    required: bool = False
    note: str = ""
    words: tuple[str, ...] = ()
    words_at: str = ""
    days: Literal["", "day", "moment"] = ""

    @property
    def style(self) -> Style:
        """How its cells are formatted."""
        return self.days or ("text" if self.text else "number")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the headings, then ``rows`` as wide as these.

    ``blank`` rows below are there to be filled in; ``faint`` rows are examples in grey; ``wrap`` breaks long texts.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    blank: int = 0
    faint: bool = False
    wrap: bool = False


def legal(text: str) -> str:
    """The text as a file can hold it and a cell can show it: no control characters; what is too long says so."""
    clean = packed.legal(text)
    if len(clean) * 2 <= _MOST_TEXT or len(units := clean.encode("utf-16-le")) <= _MOST_TEXT * 2:
        return clean
    return units[: (_MOST_TEXT - len(_CUT)) * 2].decode("utf-16-le", "ignore") + _CUT


def width(*texts: str, least: int = 10, most: int = 40) -> int:
    """Half-width characters that show the longest of the texts; a Chinese character is two."""
    longest = max((sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text) for text in texts), default=0)
    return min(most, max(least, longest + 2))
