"""Timing: two things in turn, A B A B …, after a warm-up; each figure as minimum, median and maximum."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """Minimum, median and maximum of one figure, in ``unit`` (ms, MB or %)."""

    least: float
    median: float
    most: float
    unit: str = "ms"

    def __str__(self) -> str:
        return "/".join(f"{value:.1f}" for value in (self.least, self.median, self.most)) + f" {self.unit}"


@dataclass(frozen=True, slots=True)
class Goal:
    """The most that the ``ratio`` to the floor, or else the figure's ``median``, may be."""

    most: float
    of: str = "ratio"

    def __str__(self) -> str:
        return f"at most × {self.most:g}" if self.of == "ratio" else f"at most {self.most:g} in the {self.of}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a part: a figure, the floor beside it, their ratio, and the goal."""

    name: str
    figure: Spread
    floor: str = ""
    floor_figure: Spread | None = None
    ratio: float | None = None
    goals: tuple[Goal, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether every goal is met; None without any."""
        if not self.goals:
            return None
        return all(self._of(goal) <= goal.most for goal in self.goals)

    def _of(self, goal: Goal) -> float:
        figure = self.figure.most if goal.of == "most" else self.figure.median
        return figure if goal.of != "ratio" or self.ratio is None else self.ratio

    def __str__(self) -> str:
        beside = f"; floor {self.floor}: {self.floor_figure}; × {self.ratio:.2f}" if self.ratio is not None else ""
        if self.met is None:
            return f"{self.name}: {self.figure}{beside}"
        wanted = " and ".join(map(str, self.goals))
        return f"{self.name}: {self.figure}{beside}; goal {wanted}: {'met' if self.met else 'MISSED'}"


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

    def finding(self, *goals: Goal) -> Finding:
        """The same with its goals, in milliseconds."""
        return Finding(self.name, spread(self.seconds), self.floor, spread(self.floor_seconds), self.ratio, goals)

    def line(self) -> str:
        """One printed line."""
        return str(self.finding())


def spread(seconds: list[float]) -> Spread:
    """Seconds as milliseconds."""
    return Spread(1000 * min(seconds), 1000 * statistics.median(seconds), 1000 * max(seconds))


def compare(
    name: str, measured: Callable[[], object], floor: str, floored: Callable[[], object], runs: int = 15
) -> Outcome:
    """Run both in turn."""
    return compare_taken(name, lambda: taken(measured), floor, lambda: taken(floored), runs)


def compare_taken(
    name: str, measured: Callable[[], float], floor: str, floored: Callable[[], float], runs: int = 15
) -> Outcome:
    """Run both in turn, each of which says how many seconds it took."""
    ours, theirs = [], []
    for run in range(runs + 1):
        first, second = measured(), floored()
        if run:  # the first is the warm-up
            ours.append(first)
            theirs.append(second)
    return Outcome(name, floor, ours, theirs)


def taken(thing: Callable[[], object]) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    thing()
    return time.perf_counter() - start
