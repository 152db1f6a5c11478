"""What the tests of faults counted: said at the end of a run, whichever process ran them, and added to a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

Counts = dict[str, float]
PROPERTY = "counts"


def options(parser: pytest.Parser) -> None:
    """How long the tests of faults are, and where their counts go."""
    parser.addoption("--long", action="store_true", help="the long forms, which take hours")
    parser.addoption("--share", type=float, default=1.0, metavar="PART", help="so much of the long forms, 0.2 a fifth")
    parser.addoption("--counts", type=Path, metavar="FILE", help="add a JSON line of counts a test to FILE")


def gathered(reports: Iterable[pytest.TestReport]) -> dict[str, Counts]:
    """Test → its counts over all its parts: numbers of things added up, measures (floats) at their highest."""
    found: dict[str, Counts] = {}
    for report in reports:
        test = report.nodeid.partition("[")[0]
        for name, counts in report.user_properties:
            if name == PROPERTY and isinstance(counts, dict):
                known = found.setdefault(test, {})
                for key, value in counts.items():
                    before = known.get(key, 0)
                    known[key] = max(before, value) if isinstance(value, float) else before + value
    return found


def lines(found: dict[str, Counts]) -> Iterator[str]:
    """One line a test, in the order of their names."""
    for test, counts in sorted(found.items()):
        yield f"{test}: {', '.join(_said(*count) for count in counts.items())}"


def _said(what: str, value: float) -> str:
    words = what.replace("_", " ")
    return f"{words} {value:.3f}" if isinstance(value, float) else f"{words} {value:,}"


def add_to(path: Path, found: dict[str, Counts], *, long: bool) -> None:
    """One JSON line a test."""
    with path.open("a", encoding="utf-8") as file:
        for test, counts in sorted(found.items()):
            file.write(json.dumps({"test": test, "long": long, "counts": counts}, ensure_ascii=False) + "\n")
