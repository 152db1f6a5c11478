"""What each ledger comes to in a period: events and checks by kind, surveys, petitions, innovations, page days."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqdash.figures import LedgerFigure
from sqdash.indicators import INDICATORS, Indicator
from sqdash.periods import Period, month_period
from sqdash.store.queries import page_figures
from sqdash.store.queries.page_figures import Own
from sqdash.store.queries.sources import Batches, listed_sources, source

# For each dated ledger: its day column and what can be added up.
_DATED = {
    "activities": ("held_on", ("sessions", "attendees")),
    "checks": ("checked_on", ("people",)),
}


def load(
    connection: sqlite3.Connection, period: Period, known: Period, pages: Own, batches: Batches, as_of: date | None
) -> dict[str, LedgerFigure]:
    """Indicator → what its ledger comes to in the part of the period that is ``known``."""
    by_table: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in INDICATORS:
        if indicator.ledger:
            by_table[indicator.ledger.table].append(indicator)
    found: dict[str, LedgerFigure] = {}
    for table in _DATED:
        found |= _dated(connection, table, by_table[table], known, batches)
    found |= _surveys(connection, by_table["surveys"], period, known, batches, as_of)
    found |= _petitions(connection, by_table["petitions"], known, batches)
    found |= _innovations(connection, by_table["innovation_items"], period, batches)
    found |= page_figures.load(connection, by_table["page_days"], known, pages, batches)
    return found


def _dated(
    connection: sqlite3.Connection, table: str, indicators: Iterable[Indicator], period: Period, batches: Batches
) -> dict[str, LedgerFigure]:
    """Rows of a dated ledger by kind: how many, on how many days, and the sums of its columns."""
    day, columns = _DATED[table]
    sums = "".join(f", sum({c}), count({c})" for c in columns)
    by_kind = {
        row[0]: row
        for row in connection.execute(
            f"SELECT kind, count(*), count(DISTINCT {day}), min({day}), max({day}), group_concat(DISTINCT batch){sums} "  # noqa: S608
            f"FROM {table} WHERE closed_revision IS NULL AND {day} BETWEEN ? AND ? GROUP BY kind",
            period.stored,
        )
    }
    found = {}
    for indicator in indicators:
        ledger = indicator.ledger
        if not ledger or ledger.kind not in by_kind:
            continue
        _, rows, days, first, last, listed, *added = by_kind[ledger.kind]
        if ledger.measure in columns:
            at = columns.index(ledger.measure) * 2
            value, missing = added[at], rows - added[at + 1]
        else:
            value, missing = (days if ledger.measure == "day" else rows), 0
        found[indicator.key] = LedgerFigure(
            value, rows, missing, _day(first), _day(last), listed_sources(batches, listed)
        )
    return found


def _surveys(
    connection: sqlite3.Connection,
    indicators: Iterable[Indicator],
    period: Period,
    known: Period,
    batches: Batches,
    as_of: date | None,
) -> dict[str, LedgerFigure]:
    """Surveys of the year that are over (also those without dates, and one that ended after New Year), or those that
    ended inside a shorter period."""
    where, values = "held_to BETWEEN ? AND ?", tuple[object, ...](known.stored)
    if period.kind == "year":
        where, values = "year = ? AND ifnull(held_to, '') <= ?", (period.roc_year, (as_of or date.max).isoformat())
    rows = connection.execute(
        "SELECT indicator, satisfaction, held_to, batch, source_row, source_place FROM surveys "  # noqa: S608
        f"WHERE closed_revision IS NULL AND {where} ORDER BY held_to, survey_id",
        values,
    ).fetchall()
    found = {}
    for indicator in indicators:
        kind = indicator.ledger.kind if indicator.ledger else ""
        mine = [r for r in rows if not kind or r[0] == kind]
        if not mine:
            continue
        sources = tuple(source(batches, *r[3:]) for r in mine)
        days = [d for r in mine if (d := _day(r[2]))]
        first, last = (min(days), max(days)) if days else (None, None)
        if not kind:
            found[indicator.key] = LedgerFigure(len(mine), len(mine), 0, first, last, sources)
            continue
        given = [r for r in mine if r[1] is not None]
        value = given[-1][1] if given else None
        found[indicator.key] = LedgerFigure(value, len(mine), len(mine) - len(given), first, last, sources[-1:])
    return found


def _petitions(
    connection: sqlite3.Connection, indicators: Iterable[Indicator], period: Period, batches: Batches
) -> dict[str, LedgerFigure]:
    """Sums over months that lie wholly inside the period."""
    months = period.months
    rows, received, closed, first, last, listed = connection.execute(
        "SELECT count(*), sum(received), sum(closed), min(month), max(month), group_concat(DISTINCT batch) "
        "FROM petitions WHERE closed_revision IS NULL AND month BETWEEN ? AND ? "
        "AND month || '-01' >= ? AND date(month || '-01', '+1 month', '-1 day') <= ?",
        (months[0], months[-1], *period.stored),
    ).fetchone()
    if not rows:
        return {}
    return {
        indicator.key: LedgerFigure(
            received if indicator.ledger and indicator.ledger.measure == "received" else closed,
            rows,
            0,
            month_period(first).start,
            month_period(last).end,
            listed_sources(batches, listed),
        )
        for indicator in indicators
    }


def _innovations(
    connection: sqlite3.Connection, indicators: Iterable[Indicator], period: Period, batches: Batches
) -> dict[str, LedgerFigure]:
    """The items of the year; they have no day, and so belong to no shorter period."""
    if period.kind != "year":
        return {}
    rows, listed = connection.execute(
        "SELECT count(*), group_concat(DISTINCT batch) FROM innovation_items "
        "WHERE closed_revision IS NULL AND year = ?",
        (period.roc_year,),
    ).fetchone()
    if not rows:
        return {}
    figure = LedgerFigure(rows, rows, 0, None, None, listed_sources(batches, listed))
    return {indicator.key: figure for indicator in indicators}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
