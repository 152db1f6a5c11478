"""Locking a published year, so that its report prints the same for ever, and unlocking it with a reason."""

from __future__ import annotations

from pathlib import Path

from sqdash.errors import DataError
from sqdash.jobs import entries
from sqdash.store import asof, locks
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME


def lock(store: Path, year: int, *, reason: str, by: str) -> int:
    """Lock a ROC year that has a plan; the batch. Nothing that the report of the year prints can change after."""
    with asof.reading(store) as connection:
        if year in locks.locked(connection):
            raise DataError(f"{year} 年度已經鎖定，不必再鎖定。")
        if not any(rows.current(connection, BY_NAME["plan_years"], "year = ?", (year,))):
            raise DataError(f"資料庫裡沒有 {year} 年度的計畫，請改選有計畫的年度再鎖定。")
    return _enter(store, year, "locked", reason, by)


def unlock(store: Path, year: int, *, reason: str, by: str) -> int:
    """Open a locked ROC year again, with the reason; the batch."""
    with asof.reading(store) as connection:
        if year not in locks.locked(connection):
            raise DataError(f"{year} 年度沒有鎖定，不必解除。")
    return _enter(store, year, "open", reason, by)


def _enter(store: Path, year: int, state: str, reason: str, by: str) -> int:
    what = "鎖定年度" if state == "locked" else "解除鎖定"
    given = {"year": str(year), "state": state, "note": entries.reason_of(reason, of=what)}
    return entries.enter(store, BY_NAME["year_locks"], given, reason=reason, by=by)
