"""Texts of a plan that name its year, targets or units: what each would say in a new year, for a person to look at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqdash.analysis import later_years
from sqdash.analysis.next_targets import Proposal
from sqdash.errors import DataError
from sqdash.indicators import BY_KEY, INDICATORS
from sqdash.tables import BY_NAME
from sqdash.unseen import CONTROL

_UNITS = "|".join(map(re.escape, sorted({one.unit for one in INDICATORS}, key=len, reverse=True)))
_AMOUNT = re.compile(
    rf"(?<![0-9０-９.,，])(?P<number>[0-9０-９](?:[,，]?[0-9０-９])*(?:\.[0-9]+)?)(?=\s*(?P<unit>{_UNITS}))"
)
_SEPARATOR = re.compile("[,，]")
_GROUPED = 1_000
"""From here on a number is written in groups of three, or is in a text that does not group."""
_WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")
LONGEST = 2_000
"""Characters of a text of the plan."""
_TEXTS = (
    ("plan_years", "goal", "計畫目標"),
    ("dimensions", "label", "構面"),
    ("dimensions", "measure", "創新服務措施"),
    ("dimensions", "units_printed", "創新服務措施主辦單位"),
    ("strategies", "label", "執行策略"),
    ("plan_groups", "label", "項"),
    ("methods", "label", "執行方法"),
)
"""Texts that may name the year or units, besides the words of targets. Legal bases have a number and a day of their own
and stay."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text with years, targets or units in it: ``name`` is its alone, ``what`` is what a person calls it, ``new`` is
    proposed."""

    name: str
    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A target that is proposed at another value than the last one's."""

    old: float
    new: float
    unit: str

    def written(self, old: str) -> str:
        """The new value as the text writes the old one."""
        new = f"{self.new:,.10g}" if _SEPARATOR.search(old) or self.old < _GROUPED else f"{self.new:.10g}"
        return new if old.isascii() else new.translate(_WIDE)


def with_targets(text: str, changes: Sequence[Changed]) -> str:
    """The text with the new value of each target where it names the old one with its unit; none is changed twice."""
    new = {(one.old, one.unit): one for one in reversed(changes)}

    def number(found: re.Match[str]) -> str:
        changed = new.get((float(_SEPARATOR.sub("", found[0])), found["unit"]))
        return changed.written(found[0]) if changed else found[0]

    return _AMOUNT.sub(number, text) if new else text


def of_plan(
    rows_of: Callable[[str], Iterator[dict[str, Any]]],
    last: int,
    year: int,
    units: Callable[[str], tuple[str, bool]],
    targets: Mapping[str, Sequence[Changed]],
) -> Iterator[Label]:
    """Every text of the plan of ``last`` whose years would move, that names a target of its method which is another by
    ``year``, or prints units which are, in the plan's order. ``rows_of`` gives a table's rows of the plan; ``units``
    gives a text with the names of units by then, and whether it names one that has ended; ``targets`` are those that
    change, by method."""
    for table, column, what in _TEXTS:
        for row in rows_of(table):
            old = row[column] or ""
            new, gone = later_years.moved(old, last, year), False
            if table == "methods":
                new = with_targets(new, targets.get(row["method"], ()))
            if column == "units_printed":
                new, gone = units(new)
            if new != old or gone:
                which = ".".join(str(row[key]) for key in BY_NAME[table].key if key != "year")
                yield Label(_name(table, column, row), f"{what} {which}".strip(), old, new)


def of_leads(shared: Sequence[str]) -> Iterator[Label]:
    """The names of several units in one under which a unit that has ended is printed: which they are then, a person
    says."""
    for printed in shared:
        yield Label(_of_printed(printed), "主辦單位的印出名稱", printed, printed)


def of_targets(proposals: Sequence[Proposal], last: int, year: int) -> Iterator[Label]:
    """The words of the targets proposed, where their years would move."""
    for one in proposals:
        old = one.target.words or ""
        if (new := later_years.moved(old, last, year)) != old:
            yield Label(of_target(one), f"{BY_KEY[one.target.indicator].label}目標的說法", old, new)


def of_target(proposal: Proposal) -> str:
    """The name of the words of a proposed target."""
    return f"targets/words/{proposal.name}"


def told(table: str, row: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, str]:
    """The columns of a row for which a person said another text; ``labels`` are texts by name."""
    if table == "method_units":
        return {"printed": labels.get(_of_printed(row["printed"]), row["printed"])}
    return {c: labels[n] for t, c, _ in _TEXTS if t == table and (n := _name(t, c, row)) in labels}


def checked(label: Label, text: str) -> str:
    """The text as a file of it would be taken; :class:`DataError` otherwise."""
    clean = text.replace("\r\n", "\n").strip()
    if not clean:
        raise DataError(f"{label.what}是空的，請填寫，或改回原來的文字。")
    if len(clean) > LONGEST:
        raise DataError(f"{label.what}有 {len(clean):,} 字，最多 {LONGEST:,} 字，請縮短。")
    if CONTROL.search(clean):
        raise DataError(f"{label.what}裡有看不見的控制字元，請刪去。")
    return clean


def _of_printed(printed: str) -> str:
    return f"method_units/printed/{printed}"


def _name(table: str, column: str, row: Mapping[str, Any]) -> str:
    """What a text of a row is called, whatever the year."""
    return "/".join((table, column, *(str(row[key]) for key in BY_NAME[table].key if key != "year")))
