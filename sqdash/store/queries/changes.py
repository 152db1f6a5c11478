"""When figures and texts came to be what they are: revisions, to tell a text that is older than its figures."""

from __future__ import annotations

import sqlite3

from sqdash.indicators import INDICATORS
from sqdash.periods import Period

# For each dated ledger: the column of its day, and the column of its kind ("" where every row counts).
_LEDGERS = {
    "activities": ("held_on", "kind"),
    "checks": ("checked_on", "kind"),
    "surveys": ("held_to", "indicator"),
    "petitions": ("month || '-01'", ""),
    "page_days": ("day", "measure"),
}
Spans = dict[str, tuple[int, int]]


def figures(connection: sqlite3.Connection, period: Period) -> Spans:
    """Indicator → (first revision that brought a figure of the period, the newest that changed one).

    Figures of posts move with every pull and print as they stand; they are left out.
    """
    start, end = period.start.isoformat(), period.end.isoformat()
    found: Spans = {}
    for key, first, last in connection.execute(
        "SELECT indicator, min(opened_revision), max(max(opened_revision), ifnull(max(closed_revision), 0)) "
        "FROM readings WHERE period_from = ? AND period_to = ? AND moment = 'result' GROUP BY indicator",
        (start, end),
    ):
        found[key] = (first, last)
    for table, (day, kind) in _LEDGERS.items():
        spans = _ledger(connection, table, day, kind, start, end)
        for indicator in INDICATORS:
            ledger = indicator.ledger
            if ledger and ledger.table == table and (span := spans.get(ledger.kind if kind else "")):
                known = found.get(indicator.key, span)
                found[indicator.key] = min(known[0], span[0]), max(known[1], span[1])
    return found


def _ledger(connection: sqlite3.Connection, table: str, day: str, kind: str, start: str, end: str) -> Spans:
    group = kind or "''"
    return {
        name: (first, last)
        for name, first, last in connection.execute(
            f"SELECT {group}, min(opened_revision), max(max(opened_revision), ifnull(max(closed_revision), 0)) "  # noqa: S608
            f"FROM {table} WHERE {day} BETWEEN ? AND ? GROUP BY 1",
            (start, end),
        )
    }


def texts(connection: sqlite3.Connection, year: int) -> dict[tuple[str, int], int]:
    """(owner, number) → the revision that brought the words of a current text of the ROC year."""
    return {
        (owner, number): revision
        for owner, number, revision in connection.execute(
            "SELECT owner, number, opened_revision FROM result_texts WHERE year = ? AND closed_revision IS NULL",
            (year,),
        )
    }
