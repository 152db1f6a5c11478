"""Locked years: what would change the plan, texts, targets, readings or words of one is refused at the write gate.

Looked at once per change, before it is committed, so that no way in (file, entry, strike, undoing) can go past it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqdash.errors import YearLocked
from sqdash.periods import ROC_OFFSET
from sqdash.tables import BY_NAME, TABLES, Table

_OF_YEAR = tuple(table for table in TABLES if "year" in table.names and table.name not in ("surveys", "year_locks"))
_OF_PERIOD = tuple(BY_NAME[name] for name in ("readings", "explanations", "figure_notes"))


def locked(connection: sqlite3.Connection, revision: int | None = None) -> dict[int, int]:
    """Locked ROC year → the revision that locked it, as of which its report reads the store; also as of a revision."""
    return dict(
        connection.execute(
            "SELECT year, opened_revision FROM main.year_locks WHERE state = 'locked' AND opened_revision <= ?1 "
            "AND (closed_revision IS NULL OR closed_revision > ?1)",
            (2**62 if revision is None else revision,),
        )
    )


def require_open(connection: sqlite3.Connection, revision: int) -> None:
    """:class:`YearLocked` when the open change touches a year that was locked before it, or takes a lock back."""
    _require_kept(connection, revision)
    for year, since in locked(connection).items():
        if since != revision and (label := next(_touched(connection, revision, year), None)):
            raise YearLocked(f"{year} 年度已鎖定，不能變更{label}，請先到計畫與成果的年度分頁解除鎖定並寫明原因。")


def _require_kept(connection: sqlite3.Connection, revision: int) -> None:
    """A lock that stands may only give way to a person's unlocking with a note: the one that takes its place (locked
    once more) would move the revision that the report reads, a file or a strike gives no reason."""
    for year, state, closed_as, unlocked in connection.execute(
        "SELECT l.year, l.state, l.closed_as, n.state = 'open' AND i.kind = 'entry' AND ifnull(n.note, '') <> '' "
        "FROM year_locks l LEFT JOIN year_locks n ON n.year = l.year AND n.closed_revision IS NULL "
        "LEFT JOIN imports i ON i.batch = n.batch WHERE l.closed_revision = ? AND l.opened_revision <> ?",
        (revision, revision),
    ):
        if closed_as == "undone":
            raise YearLocked("年度的鎖定不能用還原批次變更，請到計畫與成果的年度分頁鎖定或解除鎖定並寫明原因。")
        if state == "locked" and not unlocked:
            raise YearLocked(f"{year} 年度已鎖定，不能另外變更鎖定，請先到計畫與成果的年度分頁解除鎖定並寫明原因。")


def _touched(connection: sqlite3.Connection, revision: int, year: int) -> Iterator[str]:
    """Labels of the tables whose content for the year differs before and after the revision."""
    first, last = f"{year + ROC_OFFSET:04d}-01-01", f"{year + ROC_OFFSET:04d}-12-31"
    for table in _OF_YEAR:
        if _differs(connection, table, revision, "year = ?", (year,)):
            yield table.label
    for table in _OF_PERIOD:
        within = "period_from <= ? AND period_to >= ?"
        values: tuple[str, ...] = (last, first)
        if table.name == "readings":  # one of a day of the year is a figure of the year, whatever period it is for
            within, values = f"({within} OR as_of BETWEEN ? AND ?)", (last, first, first, last)
        if _differs(connection, table, revision, within, values):
            yield table.label
    where = "valid_from <= ? AND ifnull(valid_to, '9999') >= ?"
    if _differs(connection, BY_NAME["targets"], revision, where, (last, first), last):
        yield BY_NAME["targets"].label


def _differs(
    connection: sqlite3.Connection,
    table: Table,
    revision: int,
    where: str,
    values: tuple[object, ...],
    until: str | None = None,
) -> bool:
    """Whether the rows that the change closed say something else than those it opened. ``until``: an end after that
    day is as good as any, so that a target without an end may be ended after the year."""
    ends = f"min(ifnull(valid_to, '9999'), '{until}')" if until else ""
    columns = ", ".join(ends if until and name == "valid_to" else name for name in table.names)
    source = f"SELECT {columns} FROM {table.name} WHERE {where}"  # noqa: S608
    gone = f"{source} AND closed_revision = ? AND opened_revision <> ?"
    come = f"{source} AND opened_revision = ? AND closed_revision IS NULL"
    here = (*values, revision, revision)
    for one, other, given in (
        (gone, come, (*here, *values, revision)),
        (come, gone, (*values, revision, *here)),
    ):
        if connection.execute(f"{one} EXCEPT {other} LIMIT 1", given).fetchone():
            return True
    return False
