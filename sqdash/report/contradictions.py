"""Numbers typed by hand beside a unit that say something else than the store: pointed out, never refused.

A number is compared with the indicators of its method that have the same unit; what any of them states (figure, ends
of an interval, before, target, last year) or a fact of that unit states is fine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqdash import formats
from sqdash.figures import Interval, Result
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.report.binding import PLACEHOLDER

_UNITS = sorted({indicator.unit for indicator in INDICATORS}, key=len, reverse=True)
# A day of a month or the third of something is no amount. A comma within a number stands before three digits; any other
# one, which is broad in the text, ends what is said before the number.
_TYPED = re.compile(
    r"(?<![0-9.])(?!(?<=[0-9],)[0-9]{3}(?![0-9]))(?<![月第])(?<![月第] )"
    r"((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)"
    rf"\s*({'|'.join(map(re.escape, _UNITS))})"
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A number as typed with its unit, and what the store says of the indicator: ``placeholder`` would say it."""

    typed: str
    key: str
    stored: str

    @property
    def placeholder(self) -> str:
        """What binds the figure in a text."""
        return f"{{{self.key}}}"

    @property
    def sentence(self) -> str:
        """What is wrong and what to do."""
        label = BY_KEY[self.key].label
        return f"文字寫「{self.typed}」，資料庫的{label}是 {self.stored}，請核對，或改用 {self.placeholder}。"


def find(
    text: str,
    indicators: Sequence[Result],
    last_year: Mapping[str, Result],
    facts: Iterable[Mapping[str, Any]] = (),
) -> tuple[Contradiction, ...]:
    """What in the text contradicts the indicators of its method, in the text's order, each once."""
    plain = unicodedata.normalize("NFKC", PLACEHOLDER.sub("", text))
    stated = ((fact["unit"], fact[end]) for fact in facts for end in ("value", "low", "high"))
    fine = {(unit, float(value)) for unit, value in stated if value is not None}
    found: dict[str, Contradiction] = {}
    for match in _TYPED.finditer(plain):
        value, unit = float(match[1].replace(",", "")), match[2]
        same = [result for result in indicators if BY_KEY[result.key].unit == unit and result.figure]
        known = {v for result in same for v in _stated(result, last_year.get(result.key))}
        if same and value not in known and (unit, value) not in fine:
            found.setdefault(match[0], Contradiction(match[0], same[0].key, formats.figure_with_unit(same[0])))
    return tuple(found.values())


def _stated(result: Result, last_year: Result | None) -> Iterable[float]:
    """Every number that is said of the indicator, as it is shown."""
    places = formats.decimals_of(result)
    intervals = [result.figure, result.before, *(reading.stated for reading in result.also)]
    intervals += [Interval(applied.value) for applied in (result.applied, *result.further) if applied]
    intervals += [last_year.figure] if last_year else []
    for stated in intervals:
        for value in (stated.value, stated.low, stated.high) if stated else ():
            if value is not None:
                yield value
                yield round(value, places)
