"""The own pages' figures of a day: which page counts, its last value in a period and before its year."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqdash.figures import LedgerFigure, Opening
from sqdash.freshness import FIGURE_DAYS
from sqdash.indicators import INDICATORS, Indicator
from sqdash.periods import Period
from sqdash.store.queries.sources import Batches, source


class Own(NamedTuple):
    """The own pages: id → name; and measure → the one of which it counts in a period (None where none has it)."""

    names: Mapping[str, str]
    counting: Mapping[str, str | None]


def own(connection: sqlite3.Connection, period: Period) -> Own:
    """The own pages as a period shows them."""
    names = "SELECT page_id, label FROM pages WHERE kind = 'own' AND closed_revision IS NULL"
    measures = {i.ledger.kind for i in INDICATORS if i.ledger and i.ledger.table == "page_days"}
    counting = {measure: own_page(connection, measure, period.end.isoformat()) for measure in measures}
    return Own(dict(connection.execute(names).fetchall()), counting)


def own_page(connection: sqlite3.Connection, measure: str, day: str) -> str | None:
    """The own page with the newest figure up to the day; of several whose figures are not stale beside it the first by
    its id, so that a pull that failed, or has not come yet today, puts no other page's figure in its place."""
    found = connection.execute(
        "WITH own AS (SELECT p.page_id, (SELECT max(d.day) FROM page_days d WHERE d.page_id = p.page_id "
        "AND d.measure = ? AND d.day <= ? AND d.closed_revision IS NULL) AS newest FROM pages p "
        "WHERE p.kind = 'own' AND p.closed_revision IS NULL) SELECT page_id FROM own "
        "ORDER BY newest >= (SELECT date(max(newest), ?) FROM own) DESC, page_id LIMIT 1",
        (measure, day, f"-{FIGURE_DAYS} days"),
    ).fetchone()
    return found[0] if found else None


def _has_days(connection: sqlite3.Connection, page: str | None, measure: str, until: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM page_days WHERE page_id = ? AND measure = ? AND day <= ? AND closed_revision IS NULL LIMIT 1",
        (page, measure, until),
    )
    return found.fetchone() is not None


def load(
    connection: sqlite3.Connection, indicators: Iterable[Indicator], period: Period, pages: Own, batches: Batches
) -> dict[str, LedgerFigure]:
    """The last value inside the period; a stock is never added up, and one of several own pages counts."""
    found = {}
    for indicator in indicators:
        measure = indicator.ledger.kind if indicator.ledger else ""
        page = pages.counting[measure]
        last = connection.execute(
            "SELECT value, day, batch, source_row FROM page_days WHERE page_id = ? AND measure = ? "
            "AND day BETWEEN ? AND ? AND closed_revision IS NULL "
            "ORDER BY day DESC, day_zone = 'Asia/Taipei' DESC LIMIT 1",
            (page, measure, *period.stored),
        ).fetchone()
        if last:
            day = date.fromisoformat(last[1])
            found[indicator.key] = LedgerFigure(
                last[0],
                1,
                0,
                day,
                day,
                (source(batches, last[2], last[3]),),
                page=pages.names.get(page or "", "") if len(pages.names) > 1 else "",
            )
    return found


def opening(connection: sqlite3.Connection, period: Period, pages: Own) -> dict[str, Opening]:
    """The last known value of the year before the period's, per last-value indicator: a day's or a reading's. What is
    older says nothing of how a year began.

    Days are those of the page whose figures the period has; another's only where that page has none so early.
    """
    first, eve = (date(period.start.year - 1, *day).isoformat() for day in ((1, 1), (12, 31)))
    found: dict[str, Opening] = {}
    for indicator in INDICATORS:
        if indicator.rollup != "last" or not indicator.ledger or indicator.ledger.table != "page_days":
            continue
        measure = indicator.ledger.kind
        page = pages.counting[measure]
        if not _has_days(connection, page, measure, eve):
            page = own_page(connection, measure, eve)
        for query, values in (
            (
                "SELECT day, value FROM page_days WHERE page_id = ? AND measure = ? AND day BETWEEN ? AND ? "
                "AND closed_revision IS NULL ORDER BY day DESC, day_zone = 'Asia/Taipei' DESC LIMIT 1",
                (page, measure, first, eve),
            ),
            (
                "SELECT as_of, value FROM readings WHERE indicator = ? AND moment = 'result' AND as_of BETWEEN ? AND ? "
                "AND value IS NOT NULL AND closed_revision IS NULL ORDER BY as_of DESC LIMIT 1",
                (indicator.key, first, eve),
            ),
        ):
            if row := connection.execute(query, values).fetchone():
                one, known = Opening(float(row[1]), date.fromisoformat(row[0])), found.get(indicator.key)
                if known is None or one.day > known.day:
                    found[indicator.key] = one
    return found
