"""What is known about figures and what is worked out of them: crosses borders between store, analysis and screens.

Apart from :mod:`sqdash.records`, because what takes files in needs none of it and starts sooner without.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from sqdash.periods import Period

State = Literal["reached", "partly", "missed", "on_track", "behind", "no_target", "no_data"]

Missing = Literal["not_stated", "no_rows", "not_served", "not_permitted", "not_given"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure came from: its batch, the file (or entry) and row, and the place in the document."""

    batch: int
    file_name: str
    row: int | None = None
    place: str | None = None
    by: str = ""
    at: str = ""

    @property
    def text(self) -> str:
        """The file, the row and the place in it, as a person reads it."""
        row = f" 第 {self.row} 列" if self.row else ""
        place = f"（{self.place}）" if self.place else ""
        return f"{self.file_name}{row}{place}"


@dataclass(frozen=True, slots=True)
class Interval:
    """A stated figure: a value, or low and high; ``qualifier`` as the source has it (約, 逾, 已達)."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    qualifier: str | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest the statement allows; 逾 means strictly more, without an upper end."""
        if self.value is not None:
            if self.qualifier == "逾":
                return math.nextafter(self.value, math.inf), math.inf
            return self.value, self.value
        low = float("-inf") if self.low is None else self.low
        return low, float("inf") if self.high is None else self.high


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure that a report or a person states for a period."""

    indicator: str
    period_from: date
    period_to: date
    moment: Literal["result", "before", "also"]
    stated: Interval
    basis: Literal["reported", "derived"]
    as_of: date | None
    as_of_words: str | None
    note: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator should reach between two dates; a norm is a practice with a rhythm.

    ``value`` None: the rhythm is known but not the count to expect. ``every_months`` or ``every_days``
    give the expected count of any period.
    """

    indicator: str
    kind: Literal["target", "further", "norm"]
    definition: int
    valid_from: date
    valid_to: date | None
    comparator: Literal[">=", ">"]
    value: float | None
    every_months: int | None
    every_days: int | None
    words: str | None
    note: str | None
    source: Source

    @property
    def has_rhythm(self) -> bool:
        """Whether it expects a count of any period."""
        return bool(self.every_months or self.every_days)


@dataclass(frozen=True, slots=True)
class LedgerFigure:
    """What the rows of a ledger give for a period.

    ``value`` None means there are no rows (or none with the column given); ``rows`` counts rows,
    ``not_given`` those without the column. ``page`` names the own page whose days they are, where there are several.
    """

    value: float | None
    rows: int
    not_given: int
    first: date | None
    last: date | None
    sources: tuple[Source, ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True)
class PostFigure:
    """One post measure over the posts published in a period.

    ``posts`` all of them, ``n`` those with the figure, ``total`` its sum, ``counts`` how many posts had each
    value, ``months`` (month, n, total) in order, ``observed_to`` the newest observation (ISO).
    """

    measure: str
    posts: int
    n: int
    total: int
    counts: tuple[tuple[int, int], ...]
    months: tuple[tuple[str, int, int], ...]
    observed_to: str | None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class DayFigure:
    """A stock of people on one day: ``zone`` is where that day begins and ends (IANA name), ``way`` how it came in.

    ``way`` is a file's format, or ``entry``, ``pull``, ``generated``; ``origin`` names the file (or entry) and row.
    """

    day: date
    value: int
    zone: str
    way: str
    origin: str = ""


class Opening(NamedTuple):
    """The value with which a stock goes into a year, and the day of the year before of which it was known."""

    value: float
    day: date


@dataclass(frozen=True, slots=True)
class FanActivity:
    """What a page's fans were won with: its title and its first and last day."""

    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Mark:
    """A lead unit's word that an indicator's ledger is complete (or not) for a span."""

    period_from: date
    period_to: date
    complete: bool
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about every indicator for one period, as the store has it."""

    readings: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)
    targets: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    marks: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    ledgers: Mapping[str, LedgerFigure] = field(default_factory=dict)
    posts: Mapping[str, PostFigure] = field(default_factory=dict)
    opening: Mapping[str, Opening] = field(default_factory=dict)
    """Last known value of the calendar year before the period's, for indicators that are a last value."""
    post_count: int = 0
    """Own pages' posts published in the period, whatever figures they have."""
    refused: Mapping[str, Missing] = field(default_factory=dict)
    """Measures of posts that a page with posts of the period does not get from Meta, and why."""
    report_years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Applied:
    """The target or norm that applies to a period: its value there and where it came from."""

    target: Target
    value: float | None
    whole: bool
    """Whether the period judged is the target's own; otherwise the state is one of pace."""
    beats: tuple[tuple[Period, int], ...] = ()
    """Of a rhythm: parts of the period in which one rhythm holds, and the count that it expects there."""
    line: tuple[tuple[Period, float], ...] = ()
    """Of a last value or sum: the target's own days and value, after those of the ones it follows within its year."""
    due: float | None = None
    """Of a sum over a part of the target's days, or one that is behind: what is due of it there by the day judged."""


class Result(NamedTuple):
    """An indicator worked out for a period. See design of states and bases in ``analysis.results``."""

    key: str
    figure: Interval | None
    state: State
    missing: Missing | None
    basis: Literal["computed", "reported", "derived"] | None
    applied: Applied | None
    unconfirmed: Applied | None = None
    """The target that holds for the first definition, where the figure is measured by another for which nobody has
    confirmed it: it judges nothing."""
    further: tuple[Applied, ...] = ()
    before: Interval | None = None
    also: tuple[Reading, ...] = ()
    reading: Reading | None = None
    ledger: LedgerFigure | None = None
    posts: PostFigure | None = None
    definition: int | None = None
    n: int | None = None
    expected_n: int | None = None
    median: float | None = None
    opening: Opening | None = None
    """The last known value of the calendar year before the period's, for a last value."""
    over_target: float | None = None
    """Share (0–1) of posts that meet the target."""
    as_of: date | None = None
    as_of_words: str | None = None
    note: str | None = None
    """What must be known of the figure itself."""
    sources: tuple[Source, ...] = ()
    unaimed: str | None = None
    """Why no target judges the figure although there is one, in words: it is ``unconfirmed``, or a rhythm whose beat is
    longer than the period."""
