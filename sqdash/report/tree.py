"""The annual report as a tree, made from a year's plan and results; every writer prints this."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqdash.errors import DataError
from sqdash.figures import Result
from sqdash.report import binding
from sqdash.store.queries.plan import PlanRows

NOT_REPORTED = "成果報告未就本項單獨陳報"
NO_TEXT = "尚未填寫"


@dataclass(frozen=True, slots=True)
class MethodNode:
    """One method: its number and group as printed, units as printed, bound result, indicators' results.

    ``unit_codes`` also holds the members of a collective that leads it. ``own``: the result is the method's own text,
    not one of its strategy.
    """

    method: str
    number: str
    group: str | None
    label: str
    units: tuple[str, ...]
    unit_codes: frozenset[str]
    result: str
    indicators: tuple[Result, ...]
    own: bool = False


@dataclass(frozen=True, slots=True)
class StrategyNode:
    """One strategy; ``results`` are texts that belong to it rather than to a method, ``unlinked`` those of them that
    no method rests on."""

    strategy: str
    label: str
    number: int
    methods: tuple[MethodNode, ...]
    results: tuple[str, ...]
    unlinked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DimensionNode:
    """One dimension; ``measure`` and ``units`` are printed above the third one's table."""

    number: int
    label: str
    service_class: str | None
    measure: str | None
    units: str | None
    strategies: tuple[StrategyNode, ...]


@dataclass(frozen=True, slots=True)
class ReportTree:
    """The whole report of a ROC year."""

    year: int
    title: str
    goal: str
    legal_bases: tuple[dict[str, Any], ...]
    units: tuple[str, ...]
    dimensions: tuple[DimensionNode, ...]
    notes: Mapping[str, str] = field(default_factory=dict)
    """Indicator → management's note on its figure of the year."""
    period: str = ""
    """The period's code of which the figures are: 103, 103H2, 103Q3, 103-06; those within texts are the year's."""
    as_of: date | None = None
    """The Taipei day on which the figures are judged."""
    locked: bool = False
    """Whether the year is locked: then this is the store as it was at the lock, whatever came later."""

    @property
    def owners(self) -> frozenset[str]:
        """The methods and strategies that are printed: who can hold a text."""
        return frozenset(m.method for m in self.methods) | {s.strategy for d in self.dimensions for s in d.strategies}

    @property
    def methods(self) -> tuple[MethodNode, ...]:
        """Every method, in the order of the report."""
        return tuple(m for d in self.dimensions for s in d.strategies for m in s.methods)

    def methods_of(self, plan: PlanRows, text: tuple[str, int]) -> list[MethodNode]:
        """The methods whose result the text (owner, number) is; all of the strategy's for a text of which no method
        has made its own."""
        resting = {r["method"] for r in plan.result_links if (r["owner"], r["number"]) == text}
        if not resting:
            resting = {row["method"] for row in plan.methods if row["strategy"] == text[0]}
        return [m for m in self.methods if m.method == text[0] or m.method in resting]


Figures = tuple[Mapping[str, Result], Mapping[str, Result]]
"""Results of a period and of the same period a year earlier."""


def build(plan: PlanRows, results: Mapping[str, Result], whole_year: Figures, units: list[str]) -> ReportTree:
    """The tree; a text that binds something unknown says so in its own place.

    ``results``: of the period printed. Texts are written for the year, so they bind the figures of ``whole_year``.
    """
    facts = {row["fact"]: row for row in plan.facts}
    texts: dict[str, dict[int, str]] = defaultdict(dict)
    for row in plan.result_texts:
        try:
            text = binding.bind(row["text"], *whole_year, facts)
        except DataError as error:  # one bad text must not take the whole report with it
            text = f"（{error}）"
        texts[row["owner"]][row["number"]] = text
    methods = _methods(plan, results, texts)
    strategies: dict[int, list[StrategyNode]] = defaultdict(list)
    alone = unlinked(plan)
    for row in plan.strategies:
        code = row["strategy"]
        own = texts[code]
        left = tuple(text for number, text in own.items() if (code, number) in alone)
        strategies[row["dimension"]].append(
            StrategyNode(code, row["label"], row["number"], tuple(methods[code]), tuple(own.values()), left)
        )
    return ReportTree(
        year=plan.year["year"],
        title=plan.year["title"],
        goal=plan.year["goal"],
        legal_bases=tuple(plan.legal_bases),
        units=tuple(units),
        dimensions=tuple(
            DimensionNode(
                d["dimension"],
                d["label"],
                d["service_class"],
                d["measure"],
                d["units_printed"],
                tuple(strategies[d["dimension"]]),
            )
            for d in plan.dimensions
        ),
    )


def unlinked(plan: PlanRows) -> frozenset[tuple[str, int]]:
    """The texts (owner, number) of strategies that no method shows: one with a text of its own shows that."""
    strategies, owners = {row["strategy"] for row in plan.strategies}, {row["owner"] for row in plan.result_texts}
    linked = {(row["owner"], row["number"]) for row in plan.result_links if row["method"] not in owners}
    return frozenset(
        key
        for row in plan.result_texts
        if (key := (row["owner"], row["number"])) not in linked and key[0] in strategies
    )


def _methods(
    plan: PlanRows, results: Mapping[str, Result], texts: Mapping[str, dict[int, str]]
) -> dict[str, list[MethodNode]]:
    """Strategy → its methods in printing order."""
    groups = {(g["strategy"], g["number"]): f"{g['number']}. {g['label']}" for g in plan.groups}
    units, links, keys = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in plan.method_units:
        units[row["method"]].append(row)
    for row in plan.result_links:
        links[row["method"]].append(texts.get(row["owner"], {}).get(row["number"], NO_TEXT))
    for row in plan.method_indicators:
        keys[row["method"]].append(row["indicator"])
    strategies_with_results = {s["strategy"] for s in plan.strategies if texts.get(s["strategy"])}
    found: dict[str, list[MethodNode]] = defaultdict(list)
    for m in plan.methods:
        mine = list(texts.get(m["method"], {}).values())
        own = mine or list(dict.fromkeys(links[m["method"]]))
        nothing = NOT_REPORTED if m["strategy"] in strategies_with_results else NO_TEXT
        found[m["strategy"]].append(
            MethodNode(
                method=m["method"],
                number=m["number"],
                group=groups.get((m["strategy"], m["group_number"])),
                label=m["label"],
                units=tuple(dict.fromkeys(u["printed"] for u in units[m["method"]])),
                unit_codes=frozenset(
                    code for u in units[m["method"]] for code in (u["unit"], *plan.members.get(u["unit"], ()))
                ),
                result="\n".join(own) if own else nothing,
                indicators=tuple(results[key] for key in keys[m["method"]] if key in results),
                own=bool(mine),
            )
        )
    return found
