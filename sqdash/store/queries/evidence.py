"""What is known about every indicator for one period: a handful of queries whatever the store's size."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date

from sqdash.figures import Evidence, Interval, Mark, Reading
from sqdash.indicators import INDICATORS
from sqdash.periods import Period
from sqdash.store.queries import ledger_figures, page_figures, post_figures, statements
from sqdash.store.queries.page_figures import Own
from sqdash.store.queries.sources import Batches, load_batches, source


def load(connection: sqlite3.Connection, period: Period, as_of: date | None = None) -> Evidence:
    """All evidence for the period; with ``as_of``, rows and statements about later days are left out."""
    batches = load_batches(connection)
    known = period.until(as_of or period.end)
    pages = page_figures.own(connection, known or period)
    posts, post_count = post_figures.load(connection, known, batches) if known else ({}, 0)
    return Evidence(
        readings=_readings(connection, period, batches, as_of),
        targets=statements.targets(connection, _first_of_year(period), period.end.isoformat(), batches),
        marks=_marks(connection, period, pages, batches),
        ledgers=ledger_figures.load(connection, period, known, pages, batches, as_of) if known else {},
        posts=posts,
        post_count=post_count,
        opening=page_figures.opening(connection, known or period, pages),
        refused=post_figures.refused(connection, known) if known else {},
        report_years=frozenset(
            year for (year,) in connection.execute("SELECT year FROM plan_years WHERE closed_revision IS NULL")
        ),
    )


def _first_of_year(period: Period) -> str:
    """Targets of the year before the period tell where the line of those in it begins."""
    return date(period.start.year, 1, 1).isoformat()


def _readings(
    connection: sqlite3.Connection, period: Period, batches: Batches, as_of: date | None
) -> dict[str, tuple[Reading, ...]]:
    """Statements for the period or dated inside it. One without a day is about the period's last day, or, where it says
    how things stood before, about its first."""
    start, end = period.stored
    found = defaultdict(list)
    for r in connection.execute(
        "SELECT indicator, period_from, period_to, moment, value, low, high, qualifier, basis, as_of, as_of_words, "
        "note, batch, source_row, source_place FROM readings WHERE closed_revision IS NULL "
        "AND ((period_from = ? AND period_to = ?) OR as_of BETWEEN ? AND ?) "
        "AND coalesce(as_of, iif(moment = 'before', period_from, period_to)) <= ? "
        "ORDER BY indicator, moment, ordinal",
        (start, end, start, end, (as_of or date.max).isoformat()),
    ):
        found[r[0]].append(
            Reading(
                r[0],
                date.fromisoformat(r[1]),
                date.fromisoformat(r[2]),
                r[3],
                Interval(*r[4:8]),
                r[8],
                date.fromisoformat(r[9]) if r[9] else None,
                r[10],
                r[11],
                source(batches, *r[12:15]),
            )
        )
    return {key: tuple(rows) for key, rows in found.items()}


def _marks(connection: sqlite3.Connection, period: Period, own: Own, batches: Batches) -> dict[str, tuple[Mark, ...]]:
    found = statements.marks(connection, *period.stored, batches)
    covered = _covered(connection, period, own, batches)
    for indicator in INDICATORS:
        if covered and indicator.ledger and indicator.ledger.table == "posts":
            found[indicator.key] += covered
    return {key: tuple(rows) for key, rows in found.items()}


def _covered(connection: sqlite3.Connection, period: Period, own: Own, batches: Batches) -> list[Mark]:
    """Spans whose posts exports of every own page state whole: nobody has to mark them complete. A page that began
    later has nothing to cover."""
    pages: dict[str, list[Mark]] = {page: [] for page in own.names}
    for page, batch, start, end in connection.execute(
        "SELECT c.page_id, c.batch, c.day_from, c.day_to FROM coverage c JOIN imports i ON i.batch = c.batch "
        "WHERE i.undone_revision IS NULL AND c.day_from <= ? AND c.day_to >= ? ORDER BY c.batch, c.day_from",
        (period.end.isoformat(), period.start.isoformat()),
    ):
        if page in pages:
            mark = Mark(date.fromisoformat(start), date.fromisoformat(end), True, source(batches, batch))
            pages[page].append(mark)
    if not any(pages.values()):
        return []
    spans = [marks for page, marks in pages.items() if marks or _has_posts(connection, page, period.months[-1])]
    common, *others = spans or [[]]
    for marks in others:
        common = [
            Mark(max(a.period_from, b.period_from), min(a.period_to, b.period_to), True, a.source)
            for a in common
            for b in marks
            if max(a.period_from, b.period_from) <= min(a.period_to, b.period_to)
        ]
    return common


def _has_posts(connection: sqlite3.Connection, page: str, until: str) -> bool:
    """Whether it has a post of that month or an earlier one."""
    found = connection.execute(
        "SELECT 1 FROM post_months WHERE measure = 'posts' AND page_id = ? AND month <= ? LIMIT 1", (page, until)
    )
    return found.fetchone() is not None
