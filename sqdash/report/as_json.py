"""The report as JSON: the contract of ``report --format json``."""

from __future__ import annotations

from typing import Any

from sqdash import formats
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.report.tree import MethodNode, ReportTree


def write(tree: ReportTree) -> dict[str, Any]:
    """A tree of plain values; a method's ``units`` are as the report prints them."""
    return {
        "year": tree.year,
        "title": tree.title,
        "goal": tree.goal,
        "legal_bases": [
            {name: base[name] for name in ("number", "issuer", "issued_on", "document_no", "title", "act")}
            for base in tree.legal_bases
        ],
        "units": list(tree.units),
        "period": tree.period,
        "text_period": str(tree.year),
        "as_of": tree.as_of.isoformat() if tree.as_of else None,
        "locked": tree.locked,
        "notes": dict(tree.notes),
        "dimensions": [
            {
                "label": dimension.label,
                "service_class": dimension.service_class,
                "measure": dimension.measure,
                "units": dimension.units,
                "strategies": [
                    {
                        "label": strategy.label,
                        "results": list(strategy.results),
                        "methods": [_method(method) for method in strategy.methods],
                    }
                    for strategy in dimension.strategies
                ],
            }
            for dimension in tree.dimensions
        ],
    }


def _method(method: MethodNode) -> dict[str, Any]:
    return {
        "number": method.number,
        "group": method.group,
        "label": method.label,
        "units": list(method.units),
        "result": method.result,
        "indicators": [_indicator(result) for result in method.indicators],
    }


def _indicator(result: Result) -> dict[str, Any]:
    indicator = BY_KEY[result.key]
    return {
        "key": result.key,
        "label": indicator.label,
        "figure": formats.figure_as_measured(result),
        "state": result.state,
    }
