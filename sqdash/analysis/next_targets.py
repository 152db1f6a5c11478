"""Targets proposed for a new year from the last one's targets and results; a person edits them before saving."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqdash import formats
from sqdash.analysis.targets import meets
from sqdash.figures import Result, Target
from sqdash.indicators import BY_KEY


@dataclass(frozen=True, slots=True)
class Proposal:
    """A target to propose: as the last one was, with the value and why; ``name`` is its alone: the indicator, or with
    kind and definition where that one has another target besides."""

    name: str
    target: Target
    value: float | None
    why: str


def propose(
    targets: Iterable[Target], results: Mapping[str, Result], last_day: date, named: str = ""
) -> list[Proposal]:
    """One for each target and norm that holds on the last day of its year; further targets belong to their own year.

    A target that was reached is proposed at what was reached, in two figures, where that is higher; a missed one stays.
    ``named``: what its year is called where that is not the one before.
    """
    first, then = (named, f" {named}") if named else ("去年", "去年")
    found: list[Proposal] = []
    standing = (t for t in targets if t.valid_to is None or t.valid_to >= last_day)
    last = {(t.indicator, t.kind, t.definition): t for t in sorted(standing, key=lambda t: t.valid_from)}
    for _, target in sorted(last.items()):
        if target.kind == "further":
            continue
        result = results[target.indicator]
        text = formats.figure_as_measured(result)
        value, why = target.value, f"{first} {text}，沿用{then}的目標"
        if target.kind == "norm":
            why = f"規律{target.words or ''}，沿用"
        elif target.value is not None and result.state == "reached" and result.figure and not target.every_months:
            low, decimals = result.figure.bounds[0], BY_KEY[target.indicator].decimals
            reached = _two_figures(low, decimals)
            if not meets(low, target.comparator, reached):  # what must be exceeded is not met by what it was
                reached = _two_figures(math.nextafter(low, 0.0), decimals)
            if reached > target.value:
                value, why = reached, f"{first} {text}，已達標，提高到{then}的水準"
        alone = target.indicator not in {one.name for one in found}
        name = target.indicator if alone else f"{target.indicator}.{target.kind}.{target.definition}"
        found.append(Proposal(name, target, value, why))
    return found


def _two_figures(value: float, decimals: int) -> float:
    """16,300 as 16,000; rates keep their decimals."""
    if decimals or value < 100:
        return float(math.floor(value * 10**decimals) / 10**decimals)
    step = math.pow(10, math.floor(math.log10(value)) - 1)
    return float(math.floor(value / step) * step)
