"""Numbers typed by hand beside a unit that say something else than the store: pointed out, never refused.

A number is compared with the indicators of its method that have the same unit; what any of them states (figure, ends
of an interval, before, target, last year) or a fact of that unit states is fine.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqdash import formats
from sqdash.figures import Interval, Result
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.report.binding import PLACEHOLDER
from sqdash.report.tree import Figures, ReportTree
from sqdash.store.queries.plan import PlanRows

_UNITS = sorted({indicator.unit for indicator in INDICATORS}, key=len, reverse=True)
# What people count in instead of the unit, and what follows where it is another word: 場地 and 案例 count nothing.
_COUNTERS = {"場": ("場次", "所地域合館"), "案": ("件", "件例由號類"), "篇": ("則", "章幅"), "天": ("日", "")}
_COUNTED = [re.escape(unit) for unit in _UNITS] + [
    word + (f"(?![{others}])" if others else "") for word, (_, others) in _COUNTERS.items()
]
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
# A day of a month or the third of something is no amount. A comma within a number stands before three digits; any other
# one, which is broad in the text, ends what is said before the number.
_TYPED = re.compile(
    r"(?<![0-9.萬])(?!(?<=[0-9],)[0-9]{3}(?![0-9]))(?<![月第])(?<![月第] )"
    rf"(?P<number>{_NUMBER})\s*(?:(?P<tens>萬)\s*(?P<rest>{_NUMBER})?)?\s*(?P<thousand>千)?"
    rf"\s*(?P<more>[餘多])?\s*(?P<unit>{'|'.join(_COUNTED)})"
)
# A rhythm, such as the name of a method has it: 每 4 個月至少測試 1 次.
_RHYTHM = re.compile(r"每\s*[0-9]*\s*個?(?:月|季|半年|年|週|周|日|天)[^，。；、,;\n共計達]*$")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A number as typed with its unit, and what the store says of the indicator: ``placeholder`` would say it."""

    typed: str
    key: str
    stored: str
    among: frozenset[str] = frozenset()
    """The indicators of that unit of which it may be meant to be one."""

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
        unit = _COUNTERS[match["unit"]][0] if match["unit"] in _COUNTERS else match["unit"]
        same = [result for result in indicators if BY_KEY[result.key].unit == unit and result.figure]
        known = {v for result in same for v in _stated(result, last_year.get(result.key))}
        known |= {value for of, value in fine if of == unit}
        if same and not any(map(_meant(match), known)) and not _RHYTHM.search(plain, 0, match.start()):
            stored = formats.figure_as_measured(same[0])
            among = frozenset(result.key for result in same)
            found.setdefault(match[0], Contradiction(match[0], same[0].key, stored, among))
    return tuple(found.values())


def of_texts(built: ReportTree, plan: PlanRows, whole_year: Figures) -> dict[tuple[str, int], frozenset[str]]:
    """Each text (owner, number) with the indicators of which it says by hand something else than the store."""
    found = {}
    for row in plan.result_texts:
        key = (row["owner"], row["number"])
        shown = [result for method in built.methods_of(plan, key) for result in method.indicators]
        found[key] = frozenset().union(*(one.among for one in find(row["text"], shown, whole_year[1], plan.facts)))
    return found


def _meant(match: re.Match[str]) -> Callable[[float], bool]:
    """Whether a number of the store may be what was typed: 1.6 萬 is 16,300 in two figures, 60 餘 any from 60 to 69."""
    scale = 10_000 if match["tens"] else 1_000 if match["thousand"] else 1
    value = _number(match["number"]) * scale
    last = match["number"]
    if match["rest"]:
        last, scale = match["rest"], 1_000 if match["thousand"] else 1
        value += _number(last) * scale
    whole, _, decimals = last.replace(",", "").partition(".")
    step = scale / 10 ** len(decimals)
    if match["more"]:
        step *= 1 if decimals else 10 ** (len(whole) - len(whole.rstrip("0") or whole))
        return lambda stored: value <= stored < value + step
    if scale > 1:
        return lambda stored: abs(stored - value) < step
    return lambda stored: stored == value


def _number(text: str) -> float:
    return float(text.replace(",", ""))


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
