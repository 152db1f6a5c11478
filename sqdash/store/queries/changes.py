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
    "innovation_items": ("printf('%d-01-01', year + 1911)", ""),
    "page_days": ("day", "measure"),
}
Spans = dict[str, tuple[int, int]]
_SPAN = (
    "min(opened_revision), max(max(opened_revision), "
    "ifnull(max(CASE WHEN closed_revision <= :until THEN closed_revision END), 0))"
)
_NOW = 2**62


def figures(connection: sqlite3.Connection, period: Period, until: int | None = None) -> Spans:
    """Indicator → (first revision that brought a figure of the period, the newest that changed one).

    ``until``: of the revisions up to that one, whatever the connection sees. Figures of posts move with every pull and
    print as they stand; they are left out.
    """
    of: dict[str, str | int] = {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "until": _NOW if until is None else until,
    }
    found: Spans = {}
    for key, first, last in connection.execute(
        f"SELECT indicator, {_SPAN} FROM main.readings WHERE period_from = :start AND period_to = :end "  # noqa: S608
        "AND moment = 'result' AND opened_revision <= :until GROUP BY indicator",
        of,
    ):
        found[key] = (first, last)
    for table, (day, kind) in _LEDGERS.items():
        spans = _ledger(connection, table, day, kind, of)
        for indicator in INDICATORS:
            ledger = indicator.ledger
            if ledger and ledger.table == table and (span := spans.get(ledger.kind if kind else "")):
                known = found.get(indicator.key, span)
                found[indicator.key] = min(known[0], span[0]), max(known[1], span[1])
    return found


def _ledger(connection: sqlite3.Connection, table: str, day: str, kind: str, of: dict[str, str | int]) -> Spans:
    return {
        name: (first, last)
        for name, first, last in connection.execute(
            f"SELECT {kind or repr('')}, {_SPAN} FROM main.{table} "  # noqa: S608
            f"WHERE {day} BETWEEN :start AND :end AND opened_revision <= :until GROUP BY 1",
            of,
        )
    }


def facts(connection: sqlite3.Connection, year: int, until: int | None = None) -> Spans:
    """Fact of the ROC year → (first revision that brought it, the newest that changed it); ``until`` as above."""
    query = f"SELECT fact, {_SPAN} FROM main.facts WHERE year = :year AND opened_revision <= :until GROUP BY fact"  # noqa: S608
    of = {"year": year, "until": _NOW if until is None else until}
    return {fact: (first, last) for fact, first, last in connection.execute(query, of)}


def texts(connection: sqlite3.Connection, year: int) -> dict[tuple[str, int], int]:
    """(owner, number) → the revision that brought the words of a current text of the ROC year."""
    return {
        (owner, number): revision
        for owner, number, revision in connection.execute(
            "SELECT owner, number, opened_revision FROM result_texts WHERE year = ? AND closed_revision IS NULL",
            (year,),
        )
    }
