"""What a number's format shows that its value alone does not: 90.8% for 0.908, a day for its ROC year, midnight.

calamine gives a number under a format of percentages, or under an ROC year (``[$-404]e``), as it is stored, and a mere
day where midnight is shown; XLSX and XLS write the same codes of formats. Knows no file format.

Source of the rules: ECMA-376 part 1, section 18.8.30 (numFmt).
"""

from __future__ import annotations

import re
from typing import Final, Literal

from sqdash.importers.workbooks_text import percent, serial_day, serial_midnight

Shows = Literal["percent", "year", "moment"]

BUILT_IN: Final = {9: "0%", 10: "0.00%", 22: "m/d/yy h:mm"}
"""Formats that files name by their number alone, as far as they show one of these."""
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def shows(code: str) -> Shows | None:
    """What a format shows, its quotes, colours and later sections left out; None for what its value says itself."""
    shown = _NOT_SHOWN.sub("", code).split(";")[0]
    if "%" in shown:
        return "percent"
    if _is_year(shown):
        return "year"
    return "moment" if _is_moment(shown) else None


def written(value: float, shown: Shows, *, since_1904: bool) -> str | None:
    """The text of such a cell; None for a moment that is not midnight, which calamine gives whole."""
    if shown == "percent":
        return percent(value)
    if shown == "year":
        return serial_day(value, since_1904=since_1904)
    return None if value % 1 else serial_midnight(value, since_1904=since_1904)


def _is_year(code: str) -> bool:
    """``e`` (year), ``gge`` (era and year), ``aaa`` (weekday) alone: letters that calamine takes for no date."""
    letters = re.sub(r"[^a-z]", "", code.lower())
    return ("e" in letters or "aaa" in letters) and set(letters) <= set("ega") and not set(code) & set("0#?%@")


def _is_moment(code: str) -> bool:
    """A day with its hour; an hour alone, or hours that go on counting, are none."""
    letters = code.lower()
    return "h" in letters and any(part in letters for part in "yde") and not set(code) & set("0#?%@")
