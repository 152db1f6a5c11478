"""The log of alerts and digests, the rules as they were set, and the rows that are alerted of."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from sqdash.records import Alert

_SAID = "cause, rule, severity, text, page"
# The most important first, and within that what has stood longest.
_ORDER = "CASE severity WHEN 'urgent' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, first_at, alert"


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert that was not cleared: its number in the log, what it says, since when (ISO, UTC)."""

    alert: int
    said: Alert
    first_at: str


def standing(connection: sqlite3.Connection, untold_on: str | None = None) -> list[Standing]:
    """The open alerts, the most important first; those only of which that channel has not told yet."""
    return [
        Standing(number, Alert(*said), first_at)
        for number, first_at, *said in connection.execute(
            f"SELECT alert, first_at, {_SAID} FROM alerts WHERE cleared_at IS NULL AND (?1 IS NULL OR NOT EXISTS "  # noqa: S608
            f"(SELECT 1 FROM alert_sent s WHERE s.alert = alerts.alert AND s.channel = ?1)) ORDER BY {_ORDER}",
            (untold_on,),
        )
    ]


def log(connection: sqlite3.Connection, limit: int, rule: str | None = None) -> list[dict[str, Any]]:
    """The newest lines of the log (of one rule), newest first, with ``told``: the channels that told of it."""
    names = ("alert", "rule", "severity", "text", "page", "first_at", "last_at", "cleared_at", "told")
    return [
        dict(zip(names, row, strict=True))
        for row in connection.execute(
            f"SELECT {', '.join(names[:-1])}, (SELECT group_concat(channel) FROM alert_sent s "  # noqa: S608
            "WHERE s.alert = alerts.alert) FROM alerts WHERE ?1 IS NULL OR rule = ?1 ORDER BY alert DESC LIMIT ?2",
            (rule, limit),
        )
    ]


Digest = dict[str, Any]
DIGEST = ("day", "channel", "at", "state", "count", "attempts", "outcome")


def digest(connection: sqlite3.Connection, day: str, channel: str) -> Digest | None:
    """The day's digest on a channel; None before the first attempt."""
    found = connection.execute(
        f"SELECT {', '.join(DIGEST)} FROM alert_digests WHERE day = ? AND channel = ?",  # noqa: S608
        (day, channel),
    ).fetchone()
    return dict(zip(DIGEST, found, strict=True)) if found else None


def digests(connection: sqlite3.Connection, limit: int) -> list[Digest]:
    """The newest digests; all of them where the limit is -1."""
    query = f"SELECT {', '.join(DIGEST)} FROM alert_digests ORDER BY day DESC, channel LIMIT ?"  # noqa: S608
    return [dict(zip(DIGEST, row, strict=True)) for row in connection.execute(query, (limit,))]


def overdue(connection: sqlite3.Connection, since: str, before: str) -> list[tuple[str, str, str, str | None]]:
    """(id, due on, unit, title) of contributions still planned that were due from ``since`` to the day before
    ``before`` (ISO)."""
    return connection.execute(
        "SELECT contribution_id, due_on, unit, title FROM contributions WHERE closed_revision IS NULL "
        "AND state = 'planned' AND due_on >= ? AND due_on < ? ORDER BY due_on, contribution_id",
        (since, before),
    ).fetchall()


def rejected(connection: sqlite3.Connection, since: str) -> list[tuple[int, str, int, str]]:
    """(batch, file, rows, when) of standing imports since that moment (ISO, UTC) that left rows out."""
    return connection.execute(
        "SELECT batch, file_name, rejected, at FROM imports WHERE rejected > 0 AND undone_revision IS NULL AND at >= ? "
        "ORDER BY batch",
        (since,),
    ).fetchall()
