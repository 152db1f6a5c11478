"""What a month owes the ledgers that people fill in: what is due, what is in, what is missing.

Rules, each tested:

* A rhythm is the branch's, as the count it expects is: an entry by any unit fulfils it for all that lead it.
* Every N months means once in each window of N whole months, as a count is expected: within the calendar year from the
  first month that the rhythm holds wholly (from January in later years). It is due in the window's last month and may
  be entered before; what is left of a year, or of the rhythm's own dates, is too short for a beat and owes nothing.
* Every N days means one day with an entry for every N days of the month, up to today; a second entry on the same day
  does not stand in for another day.
* Petitions are due for each month once it has ended, at the latest on the 10th of the next. The plan states no
  deadline: this one is assumed, and said on the screen.
* The rhythm in force on the month's last day counts. Where it has ended and nothing of its kind followed, the office
  goes on as before until someone says otherwise: it is carried on and labelled 沿用.
* A rhythm without a count began on a day that was not stated; within its dates nothing is owed before the first entry.
* Where the lead unit has marked the ledger complete, what is missing did not happen and cannot be entered any more.
* Without a rhythm nothing is due. Entries dated after today do not count yet.

Knows no store and no screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

from sqdash.analysis.targets import MAIN, in_force
from sqdash.figures import Mark, Target
from sqdash.indicators import Indicator
from sqdash.periods import ROC_OFFSET, Period, month_period

State = Literal["done", "missing", "overdue", "marked", "open", "rest", "later", "unknown", "none"]
LedgerDay = tuple[str, str, str | None, date, int]
"""Table, kind, unit (None: not given), day and how many rows it has."""
LedgerEnds = tuple[str, str, str | None, date, date]
"""Table, kind, unit and the first and last day of older rows."""
PETITION_DAY = 10
_BY_PEOPLE = frozenset({"activities", "checks", "surveys", "petitions"})


class Entered(NamedTuple):
    """Rows of an indicator's ledger of one day and unit; a month's petitions stand on its first day."""

    unit: str | None
    day: date
    rows: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something is due.

    ``counted`` is False where the start was not stated; ``carried`` is the ROC year whose rhythm goes on;
    ``deadline_day`` is the day of the month after the window (0: the window's last day).
    """

    words: str
    every_months: int | None
    every_days: int | None
    since: date
    until: date | None = None
    counted: bool = True
    carried: int | None = None
    deadline_day: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One month of one indicator for one unit.

    ``owed`` and ``lacking`` count beats of the branch, ``have`` what all units entered in ``span`` (the window or
    the days judged), ``own`` what the unit, or nobody by name, entered in the month: rows, or days for a daily rhythm.
    """

    state: State
    owed: int
    own: int
    have: int
    lacking: int
    span: Period
    deadline: date
    rhythm: Rhythm | None

    @property
    def chased(self) -> bool:
        """Whether someone still has to enter something."""
        return self.state in ("missing", "overdue")


@dataclass(frozen=True, slots=True)
class Book:
    """All that is known of one indicator's entries; ``older`` are (unit, first day, last day) before ``entered``."""

    indicator: Indicator
    targets: tuple[Target, ...] = ()
    marks: tuple[Mark, ...] = ()
    entered: tuple[Entered, ...] = ()
    older: tuple[tuple[str | None, date, date], ...] = ()

    @property
    def begun(self) -> date | None:
        """The day of the first entry of any unit."""
        return min([*(first for _, first, _ in self.older), *(e.day for e in self.entered)], default=None)

    def newest(self, unit: str, day: date) -> date | None:
        """The last day up to ``day`` with an entry of the unit or without a unit."""
        old = (last for who, _, last in self.older if who in (unit, None))
        new = (e.day for e in self.entered if e.unit in (unit, None) and e.day <= day)
        return max([*old, *new], default=None)


def by_people(indicator: Indicator) -> bool:
    """Whether its figures are entered row by row; posts and page days come by file or pull."""
    return indicator.ledger is not None and indicator.ledger.table in _BY_PEOPLE


def book(
    indicator: Indicator,
    days: Iterable[LedgerDay],
    older: Iterable[LedgerEnds] = (),
    targets: tuple[Target, ...] = (),
    marks: tuple[Mark, ...] = (),
) -> Book:
    """The indicator's own part of what the ledgers hold; a ledger without a kind takes every row of its table."""
    entered = tuple(Entered(*row[2:]) for row in days if _holds(indicator, row[0], row[1]))
    return Book(
        indicator, targets, marks, entered, tuple(row[2:] for row in older if _holds(indicator, row[0], row[1]))
    )


def _holds(indicator: Indicator, table: str, kind: str) -> bool:
    ledger = indicator.ledger
    return ledger is not None and ledger.table == table and ledger.kind in ("", kind)


_PETITIONS = Rhythm(f"每月（陳情件數），次月 {PETITION_DAY} 日前", 1, None, date.min, deadline_day=PETITION_DAY)


def rhythm(indicator: Indicator, known: Iterable[Target], day: date) -> Rhythm | None:
    """The rhythm of an indicator on a day; one that has ended and was not followed is carried on."""
    if indicator.ledger and indicator.ledger.table == "petitions":
        return _PETITIONS
    known = tuple(known)
    beating = [t for t in known if t.kind in MAIN and t.has_rhythm]
    if now := in_force(beating, day, MAIN, None):
        return _of_target(now)
    ended = [t for t in beating if t.valid_to and t.valid_to < day]
    last = max(ended, key=lambda t: t.valid_to or date.min, default=None)
    if last is None or last.valid_to is None or in_force(known, day, frozenset({last.kind}), None):
        return None
    return _of_target(last, carried=last.valid_to.year - ROC_OFFSET)


def _of_target(target: Target, carried: int | None = None) -> Rhythm:
    months, days = target.every_months, target.every_days
    every, unit = (days, "日") if days else (months, "個月")
    said = f"每 {every} {unit} 1 次" if every != 1 else ("每日 1 次" if days else "每月 1 次")
    return Rhythm(
        target.words or said,
        None if days else months,
        days,
        target.valid_from,
        None if carried else target.valid_to,
        counted=carried is not None or target.value is not None,
        carried=carried,
    )


def window(found: Rhythm, month: Period) -> Period | None:
    """The months of one beat that hold this month; None where they are cut short by the year or the rhythm's end."""
    year, size = month.start.year, found.every_months or 1
    first = found.since.month + (found.since.day > 1) if found.since.year == year else 1
    start = month.start.month - (month.start.month - first) % size
    if start < first or start + size - 1 > 12:
        return None
    span = Period(date(year, start, 1), month_period(f"{year:04d}-{start + size - 1:02d}").end)
    return None if found.until and found.until < span.end else span


def month_of(kept: Book, month: Period, unit: str, today: date) -> Due:
    """What a calendar month owes, as known today, and what the unit entered in it."""
    found = rhythm(kept.indicator, kept.targets, month.end)
    known = [e for e in kept.entered if e.day <= today]
    own = _count(kept, found, (e for e in known if month.contains(e.day) and e.unit in (unit, None)))
    if found is None:
        return Due("none", 0, own, own, 0, month, month.end, None)
    span = _span(kept, found, month, today)
    if span is None or month.start > today:
        return Due("rest" if month.start <= today else "later", 0, own, own, 0, month, month.end, found)
    have = _count(kept, found, (e for e in known if span.contains(e.day)))
    owed = _owed(found, span, month, today)
    deadline = month.end if found.every_days else span.end + timedelta(days=found.deadline_day)
    due = Due("done", owed, own, have, max(0, owed - have), span, deadline, found)
    return _with_state(kept, due, today)


def _count(kept: Book, found: Rhythm | None, entered: Iterable[Entered]) -> int:
    """Rows; days where days are what counts."""
    by_day = (found and found.every_days) or (kept.indicator.ledger and kept.indicator.ledger.measure == "day")
    entered = list(entered)
    return len({e.day for e in entered}) if by_day else sum(e.rows for e in entered)


def _span(kept: Book, found: Rhythm, month: Period, today: date) -> Period | None:
    """The window of a rhythm of months; the days so far of a rhythm of days."""
    if not found.every_days:
        return window(found, month)
    start = max(month.start, found.since)
    if not found.counted and kept.begun and month.contains(kept.begun):
        start = max(start, kept.begun)
    end = min(month.end, today, found.until or month.end)
    return Period(start, end) if start <= end else None


def _owed(found: Rhythm, span: Period, month: Period, today: date) -> int:
    if found.every_days:
        return span.days // found.every_days
    waits = found.deadline_day and today <= span.end
    return 1 if span.end == month.end and not waits else 0


def _with_state(kept: Book, due: Due, today: date) -> Due:
    not_begun = kept.begun is None or kept.begun > min(due.span.end, today)
    if due.rhythm and not due.rhythm.counted and not_begun:
        return replace(due, state="unknown", owed=0, lacking=0)
    return replace(due, state=_state(kept, due, today))


def _state(kept: Book, due: Due, today: date) -> State:
    if due.have and not due.lacking:
        return "done"
    if not due.owed:
        return "open" if today <= due.span.end else "rest"
    if _marked(kept.marks, due.span):
        return "marked"
    return "overdue" if today > due.deadline else "missing"


def _marked(marks: Iterable[Mark], span: Period) -> bool:
    """Whether one complete mark covers the span and none says otherwise."""
    touching = [mark for mark in marks if span.overlap(mark.period_from, mark.period_to)]
    return all(m.complete for m in touching) and any(
        m.period_from <= span.start and span.end <= m.period_to for m in touching
    )


def tally(dues: Iterable[Due]) -> tuple[int, int, int]:
    """How many indicators are due, how many of them are in, how many lack something."""
    owing = [due for due in dues if due.owed]
    lacking = sum(due.chased for due in owing)
    return len(owing), len(owing) - lacking, lacking


def lacking_before(kept: Book, month: Period, unit: str, today: date) -> int:
    """Beats that are still missing in the earlier months of the year; before January, in those of the last year."""
    last = month.start - timedelta(days=1)
    if last.year <= ROC_OFFSET:
        return 0
    months = Period(date(last.year, 1, 1), last).months
    dues = (month_of(kept, month_period(m), unit, today) for m in months)
    return sum(due.lacking for due in dues if due.chased)


def year_of(
    books: Mapping[str, Book], leads: Iterable[tuple[str, str]], year: Period, today: date
) -> dict[tuple[str, str], tuple[Due, ...]]:
    """(indicator, unit) → the twelve months, for all that have a rhythm in any of them."""
    found = {
        (key, unit): tuple(month_of(books[key], month_period(m), unit, today) for m in year.months)
        for key, unit in leads
        if key in books
    }
    return {pair: months for pair, months in found.items() if any(due.rhythm for due in months)}
