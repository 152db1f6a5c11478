"""Locked years: what would change the plan, texts, targets, readings or words of one is refused at the write gate.

Looked at once per change, before it is committed, so that no way in (file, entry, strike, undoing) can go past it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from typing import NamedTuple

from sqdash import periods
from sqdash.errors import YearLocked
from sqdash.periods import ROC_OFFSET, Period
from sqdash.store.turns import Turns, set_beside
from sqdash.tables import BY_NAME, TABLES, Table

Moved = tuple[str, str]
"""Two queries with all columns of a table: the rows that go and those that come."""
_OF_YEAR = tuple(table for table in TABLES if "year" in table.names and table.name not in ("surveys", "year_locks"))
_OF_PERIOD = tuple(BY_NAME[name] for name in ("explanations", "figure_notes"))
_READINGS = BY_NAME["readings"]
"""A result of a day of the year is a figure of the year, whatever period it is for."""
_NOT_UNDONE = "年度的鎖定不能用還原批次變更，請到計畫與成果的年度分頁鎖定或解除鎖定並寫明原因。"
HELD = frozenset(table.name for table in (*_OF_YEAR, *_OF_PERIOD, _READINGS, BY_NAME["targets"]))
"""Names of the tables whose rows of a locked year cannot change."""


def locked(connection: sqlite3.Connection, revision: int | None = None) -> dict[int, int]:
    """Locked ROC year → the revision that locked it, as of which its report reads the store; also as of a revision."""
    return dict(
        connection.execute(
            "SELECT year, opened_revision FROM main.year_locks WHERE state = 'locked' AND opened_revision <= ?1 "
            "AND (closed_revision IS NULL OR closed_revision > ?1)",
            (2**62 if revision is None else revision,),
        )
    )


class Lock(NamedTuple):
    """A lock that stands: the ROC year, the revision as of which its figures are read, and the moment (ISO)."""

    year: int
    revision: int
    at: str

    @property
    def day(self) -> date:
        """The Taipei day of the lock, the last on which the year's figures are judged."""
        return datetime.fromisoformat(self.at).astimezone(periods.TAIPEI).date()


def of_period(connection: sqlite3.Connection, period: Period, revision: int | None = None) -> Lock | None:
    """The lock of the year that the period is, or is a part of; None for a span of two: nobody published that."""
    if period.start.year != period.end.year:
        return None
    if (since := locked(connection, revision).get(period.roc_year)) is None:
        return None
    (at,) = connection.execute("SELECT at FROM main.revisions WHERE revision = ?", (since,)).fetchone()
    return Lock(period.roc_year, since, at)


def require_open(connection: sqlite3.Connection, revision: int) -> None:
    """:class:`YearLocked` when the open change touches a year that was locked before it, or takes a lock back."""
    _require_kept(connection, revision)

    def moved(table: Table) -> Moved:
        one = f"SELECT * FROM {table.name} WHERE"  # noqa: S608
        return (
            f"{one} closed_revision = {revision} AND opened_revision <> {revision}",
            f"{one} opened_revision = {revision} AND closed_revision IS NULL",
        )

    for year, since in locked(connection).items():
        if since != revision and (label := next(_touched(connection, moved, year), None)):
            raise YearLocked(_sentence(year, label))


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
            raise YearLocked(_NOT_UNDONE)
        if state == "locked" and not unlocked:
            raise YearLocked(f"{year} 年度已鎖定，不能另外變更鎖定，請先到計畫與成果的年度分頁解除鎖定並寫明原因。")


def refusal(
    connection: sqlite3.Connection,
    moved: Callable[[Table], Moved | None],
    beside: sqlite3.Connection | None = None,
) -> str | None:
    """Why rows that are not stored yet would be refused, in a sentence; None where no locked year is touched.

    ``beside``: the database that answers the queries, where that is another one.
    """
    for year in locked(connection):
        if label := next(_touched(beside or connection, moved, year), None):
            return _sentence(year, label)
    return None


def foretold(connection: sqlite3.Connection, turns: Turns) -> str:
    """What :func:`require_open` would say of changes of rows by undoing; "" for nothing."""
    if any(turn.now and turn.now != turn.then for turn in turns.get("year_locks", {}).values()):
        return _NOT_UNDONE
    touched = {name: found for name in HELD if (found := turns.get(name))}
    if not touched:
        return ""
    with closing(sqlite3.connect(":memory:")) as beside:
        for name, found in touched.items():
            set_beside(beside, name, f"{name}_now", (turn.now for turn in found.values()))
            set_beside(beside, name, f"{name}_then", (turn.then for turn in found.values()))

        def moved(table: Table) -> Moved | None:
            one = f"SELECT * FROM {table.name}"  # noqa: S608
            return (f"{one}_now", f"{one}_then") if table.name in touched else None

        return refusal(connection, moved, beside) or ""


def _sentence(year: int, label: str) -> str:
    return f"{year} 年度已鎖定，不能變更{label}，請先到計畫與成果的年度分頁解除鎖定並寫明原因。"


def _touched(connection: sqlite3.Connection, moved: Callable[[Table], Moved | None], year: int) -> Iterator[str]:
    """Labels of the tables whose content for the year differs between what goes and what comes."""
    first, last = f"{year + ROC_OFFSET:04d}-01-01", f"{year + ROC_OFFSET:04d}-12-31"
    within = "period_from <= ? AND period_to >= ?"
    valid = "valid_from <= ? AND ifnull(valid_to, '9999') >= ?"
    for tables, where, values, until in (
        (_OF_YEAR, "year = ?", (year,), None),
        (_OF_PERIOD, within, (last, first), None),
        (
            (_READINGS,),
            f"({within} OR (moment = 'result' AND as_of BETWEEN ? AND ?))",
            (last, first, first, last),
            None,
        ),
        ((BY_NAME["targets"],), valid, (last, first), last),
    ):
        for table in tables:
            pair = moved(table)
            if pair and _differs(connection, table, pair, where, values, until):
                yield table.label


def _differs(
    connection: sqlite3.Connection,
    table: Table,
    moved: Moved,
    where: str,
    values: tuple[object, ...],
    until: str | None,
) -> bool:
    """Whether the rows that go say something else than those that come. ``until``: an end after that day is as good as
    any, so that a target without an end may be ended after the year."""
    ends = f"min(ifnull(valid_to, '9999'), '{until}')" if until else ""
    columns = ", ".join(ends if until and name == "valid_to" else name for name in table.names)
    gone, come = (f"SELECT {columns} FROM ({rows}) WHERE {where}" for rows in moved)  # noqa: S608
    return any(
        connection.execute(f"{one} EXCEPT {other} LIMIT 1", (*values, *values)).fetchone()
        for one, other in ((gone, come), (come, gone))
    )
