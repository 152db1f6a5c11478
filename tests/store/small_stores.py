"""Small hand-made stores: pages with their days, and what the queries give of a period."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqdash.figures import Evidence, LedgerFigure
from sqdash.periods import parse_period
from sqdash.records import Row
from sqdash.store.queries import evidence
from tests.making import add, row

Copy = Callable[[str], Path]


def at(memory: sqlite3.Connection, code: str) -> Evidence:
    return evidence.load(memory, parse_period(code))


def add_pages(memory: sqlite3.Connection, **kinds: str) -> None:
    add(memory, "pages", *(row("pages", page_id=page, kind=kind, label=page) for page, kind in kinds.items()))


def fans(page: str, day: str, value: int, at: int = 2) -> Row:
    return row("page_days", at=at, page_id=page, day=day, day_zone="Asia/Taipei", measure="fans", value=value)


def reading(indicator: str, value: float, **more: Any) -> Row:
    given_values = {"period_from": "2014-01-01", "period_to": "2014-12-31", "moment": "result", "ordinal": 1}
    given_values |= {"basis": "reported", "source_place": "某處", "value": value} | more
    return row("readings", indicator=indicator, **given_values)


def figures(found: LedgerFigure | None) -> tuple[Any, ...] | None:
    """A ledger's figure without its sources; days as text."""
    if found is None:
        return None
    days = (day.isoformat() if day else None for day in (found.first, found.last))
    return (found.value, found.rows, found.not_given, *days)


def add_numbered(memory: sqlite3.Connection, table: str, key: str, *given_rows: dict[str, Any]) -> int:
    """Rows with keys r-1, r-2 … and row numbers of a file."""
    made_rows = [row(table, at=n + 1, **{key: f"r-{n}"}, **values) for n, values in enumerate(given_rows, 1)]
    return add(memory, table, *made_rows)
