"""The audit log: lines by day, person, action and words, newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqdash import periods
from sqdash.people import HERE

_LINE = "l.id, l.at, l.by, l.address, l.action, l.subject, ifnull(l.detail, ''), l.revision, i.batch, i.file_name"
_WORDS = (
    "l.subject || ' ' || ifnull(l.detail, '') || ' ' || l.by || ' ' || ifnull(l.address, '') || ' ' || "
    "ifnull((SELECT f.file_name FROM imports f WHERE f.revision = l.revision AND l.action = 'import'), '')"
)
"""All that a line is read by: a batch is known to people by its file."""
_FROM = "FROM audit_log l LEFT JOIN imports i ON i.revision = l.revision"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: of the Taipei days from ``first`` to ``last`` (both included), by that person, of that action, with
    these words somewhere. None or empty: all. :class:`PeriodError` where the last day is before the first."""

    first: date | None = None
    last: date | None = None
    by: str | None = None
    action: str | None = None
    text: str = ""

    def __post_init__(self) -> None:
        if self.first and self.last:
            periods.Period(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``at`` is aware; ``address`` is None where it was not recorded yet, empty for a command; ``batch`` and
    ``file`` are those of the revision, where the change was one."""

    id: int
    at: datetime
    by: str
    address: str | None
    action: str
    subject: str
    detail: str
    revision: int | None
    batch: int | None
    file: str | None

    @property
    def utc(self) -> str:
        """``2014-11-22T01:05:09Z``."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def taipei(self) -> str:
        """103/11/22 09:05:09 in Taipei."""
        return f"{periods.roc_moment(self.at)}:{self.at:%S}"

    @property
    def origin(self) -> str:
        """From where, in words."""
        if self.address is None:
            return "未記錄"
        return "本機" if self.address == HERE else self.address or "命令列"


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines and how many there are in all."""

    lines: tuple[Line, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Choices:
    """Who and which actions are in the log."""

    people: tuple[str, ...]
    actions: tuple[str, ...]


def lines(connection: sqlite3.Connection, wanted: Wanted, *, page: int, size: int) -> Page:
    """Page 1 has the newest ``size`` lines."""
    where, values = _where(wanted)
    total = connection.execute(f"SELECT count(*) FROM audit_log l{where}", values).fetchone()[0]  # noqa: S608
    found = connection.execute(
        f"SELECT {_LINE} {_FROM}{where} ORDER BY l.id DESC LIMIT ? OFFSET ?",
        (*values, size, (max(page, 1) - 1) * size),
    )
    return Page(tuple(_line(row) for row in found), int(total))


def stream(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[Line]:
    """All wanted lines, newest first."""
    where, values = _where(wanted)
    yield from map(_line, connection.execute(f"SELECT {_LINE} {_FROM}{where} ORDER BY l.id DESC", values))


def choices(connection: sqlite3.Connection) -> Choices:
    """Distinct people and actions in order."""
    people, actions = (
        tuple(one for (one,) in connection.execute(f"SELECT DISTINCT {column} FROM audit_log ORDER BY 1"))  # noqa: S608
        for column in ("by", "action")
    )
    return Choices(people, actions)


def _line(row: tuple[Any, ...]) -> Line:
    return Line(row[0], datetime.fromisoformat(row[1]), *row[2:])


def _where(wanted: Wanted) -> tuple[str, list[str]]:
    parts: list[tuple[str, list[str]]] = []
    if wanted.first:
        parts.append(("l.at >= ?", [_midnight(wanted.first)]))
    if wanted.last:
        parts.append(("l.at < ?", [_midnight(wanted.last + timedelta(days=1))]))
    if wanted.by:
        parts.append(("l.by = ?", [wanted.by]))
    if wanted.action:
        parts.append(("l.action = ?", [wanted.action]))
    for word in wanted.text.split():
        parts.append((f"{_WORDS} LIKE ? ESCAPE '\\'", [f"%{_literal(word)}%"]))
    where = " AND ".join(part for part, _ in parts)
    return (f" WHERE {where}" if where else ""), [value for _, values in parts for value in values]


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _midnight(day: date) -> str:
    """The UTC moment at which a Taipei day begins, as lines have it."""
    return datetime.combine(day, time(), periods.TAIPEI).astimezone(UTC).isoformat(timespec="milliseconds")
