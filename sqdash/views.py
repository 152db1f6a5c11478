"""What a screen, a report or a command asks for: the store's queries joined with the analysis, once.

Every caller gets its figures from :func:`board`, so two screens can never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqdash import formats, periods
from sqdash.analysis import attention, results
from sqdash.figures import Evidence, Result
from sqdash.periods import Period
from sqdash.store import asof, database, locks
from sqdash.store.queries import base, evidence, plan


@dataclass(frozen=True, slots=True)
class Board:
    """All indicators of a period and of the same period a year earlier, with what needs attention.

    ``day`` is the one asked about, ``as_of`` that on which the results are judged: of a locked year no later than its
    lock's, while ``now`` moves on with ``day``.
    """

    period: Period
    day: date
    as_of: date
    revision: int
    kind: str
    results: Mapping[str, Result]
    before: Mapping[str, Result]
    units: Mapping[str, tuple[str, ...]]
    reasons: Mapping[str, tuple[str, ...]]
    next_steps: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str] = field(default_factory=dict)
    """Indicator → management's note on its figure of the period."""
    lock: locks.Lock | None = None
    """Of a locked year everything above is as its lock found it."""
    now: Mapping[str, Result] = field(default_factory=dict)
    """Of a locked year: what is otherwise today, by indicator."""

    @property
    def attention(self) -> tuple[attention.Item, ...]:
        """What is behind and why, the most important first."""
        locked = self.lock.year if self.lock else None
        return attention.items(
            self.results, self.reasons, self.next_steps, self.units, self.period, self.as_of, locked=locked
        )


def board(store: Path, period: Period, as_of: date | None = None, known: date | None = None) -> Board:
    """The board of a period as judged on a Taipei day (today unless given).

    ``known``: what the store knew at the end of that past day, judged on it unless another is given. A locked year,
    or a part of one, is shown as its lock found it and judged no later than on the lock's day.
    """
    revision = asof.revision_on(store, known) if known else None
    day = as_of or known or periods.today()
    with asof.of_period(store, period, revision) as (connection, lock):
        found = board_at(store, connection, period, day, lock, revision)
    return replace(found, now=_otherwise(store, found, day, revision)) if lock else found


def board_at(
    store: Path,
    connection: database.Connection,
    period: Period,
    day: date,
    lock: locks.Lock | None,
    revision: int | None = None,
) -> Board:
    """The board of a period as this connection of :func:`sqdash.store.asof.of_period` sees the store."""
    start, end = period.stored
    written = plan.explanations(connection, start, end)
    judged = min(lock.day, day) if lock else day
    worked = as_locked(store, lock, period, judged) if lock else work_out(connection, period, judged)
    return Board(
        period=period,
        day=day,
        as_of=judged,
        revision=base.revision(connection),
        kind=base.kind(connection),
        results=worked,
        before=year_before(store, connection, period, judged, lock.revision if lock else revision),
        units=plan.lead_units(connection, period.roc_year),
        reasons=_texts(written, "reason"),
        next_steps=_texts(written, "next_step"),
        notes=plan.figure_notes(connection, start, end),
        lock=lock,
    )


def work_out(connection: database.Connection, period: Period, day: date) -> Mapping[str, Result]:
    """Every indicator's result of a period, judged on a day, as the connection sees the store."""
    return results.work_out_all(period, evidence.load(connection, period, day), day)


@lru_cache(maxsize=256)
def as_locked(store: Path, lock: locks.Lock, period: Period, day: date) -> Mapping[str, Result]:
    """The results as the lock found them: never others for the same lock, slow to find where posts changed since."""
    with asof.reading(store, lock.revision) as connection:
        return work_out(connection, period, day)


def year_before(
    store: Path, connection: database.Connection, period: Period, day: date, revision: int | None
) -> Mapping[str, Result]:
    """The same period a year earlier, as its own screen shows it; before ROC year 1 there is nothing.

    ``revision``: the one that the connection sees, None for the store as it is.
    """
    if period.roc_year <= 1:
        return results.work_out_all(period, Evidence(), day)
    earlier = period.previous()
    if lock := locks.of_period(connection, earlier, revision):
        return as_locked(store, lock, earlier, min(lock.day, day))
    if own := locks.of_period(connection, period, revision):  # what it was compared with when it was locked
        return as_locked(store, own, earlier, day)
    return work_out(connection, earlier, day)


def _otherwise(store: Path, locked: Board, day: date, revision: int | None) -> Mapping[str, Result]:
    """The results of a locked year that read otherwise as the store is (or was after the revision)."""
    with asof.reading(store, revision) as connection:
        found = work_out(connection, locked.period, day)
    return {key: now for key, now in found.items() if formats.differ(locked.results[key], now)}


def _texts(written: Mapping[tuple[str, str], list[dict[str, Any]]], kind: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(row["text"] for row in rows) for (key, k), rows in written.items() if k == kind}


def default_year(store: Path, known: date | None = None) -> int:
    """The ROC year to open with, see :func:`newest_year`. ``known``: as of the end of that past day."""
    with asof.reading(store, asof.revision_on(store, known) if known else None) as connection:
        return newest_year(base.years(connection), known)


def newest_year(years: Sequence[int], day: date | None = None) -> int:
    """Of the years that have anything, newest first, the first that has begun by the day (today unless given); the
    first of all where none has, the day's own where there is none."""
    by = day or periods.today()
    return next(iter([*periods.begun(years, by), *years]), by.year - periods.ROC_OFFSET)
