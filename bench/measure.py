"""Timing: two things in turn, A B A B …, after a warm-up; each figure as minimum, median and maximum."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """Seconds of a measure and of its floor, run by run."""

    name: str
    floor: str
    seconds: list[float]
    floor_seconds: list[float]

    @property
    def median(self) -> float:
        """Seconds of the measure in the middle."""
        return statistics.median(self.seconds)

    @property
    def ratio(self) -> float:
        """Median of the pairwise ratios."""
        pairs = zip(self.seconds, self.floor_seconds, strict=True)
        return statistics.median(a / b for a, b in pairs)

    def line(self) -> str:
        """One printed line."""
        floor = f"floor {self.floor}: {_spread(self.floor_seconds)}"
        return f"{self.name}: {_spread(self.seconds)}; {floor}; × {self.ratio:.2f}"


def _spread(seconds: list[float]) -> str:
    return "/".join(f"{1000 * s:.1f}" for s in (min(seconds), statistics.median(seconds), max(seconds))) + " ms"


def compare(
    name: str, measured: Callable[[], object], floor: str, floored: Callable[[], object], runs: int = 15
) -> Outcome:
    """Run both in turn."""
    ours, theirs = [], []
    for run in range(runs + 1):
        first, second = _timed(measured), _timed(floored)
        if run:  # the first is the warm-up
            ours.append(first)
            theirs.append(second)
    return Outcome(name, floor, ours, theirs)


def _timed(thing: Callable[[], object]) -> float:
    start = time.perf_counter()
    thing()
    return time.perf_counter() - start
