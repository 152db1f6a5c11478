"""The audit log's rules: what a line may hold, and when lines leave.

A line stays at least 183 days, which the table's own trigger holds, and goes when it is older than two years; that
lines went is a line itself. Lines from which views of the past are read (undone and redone batches, whole days) never
go.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from sqdash.patterns import later

KEEP = timedelta(days=731)
"""Two years, a leap day included: what is older leaves."""
LEAST_DAYS = 183
"""No line leaves before, whatever the clock of this program says; the trigger asks SQLite's."""
KEPT = ("undo", "redo", "cover")
"""Actions whose lines :mod:`sqdash.store.asof` reads."""
HIDDEN = "…"

_HINTS = ("token", "bearer", "secret", "proof", "password", "passwd", "pwd", "eaa", "密碼", "權杖")
_RUN = 43
"""Signs in which 256 random bits are written."""
_SECRETS = later(
    r"(?i:\b(?:password|passwd|pwd|token|secret)\b|密碼|權杖)\s*[=:：]\s*\S+"
    r"|\bEAA[A-Za-z0-9]{20,}"
    # 256 random bits, but not the long names that Meta gives its files (Oct-01-2014_Oct-31-2014_…)
    r"|(?<![A-Za-z0-9_-])(?![A-Za-z0-9_-]*-[0-9]{2}-[0-9]{4})(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[A-Z])"
    r"(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{43,}"
)


def clean(text: str) -> str:
    """The text as a line may hold it: one line, no control characters, nothing that looks like a secret."""
    found = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    folded = found.lower()
    if len(found) < _RUN and not any(hint in folded for hint in _HINTS):
        return found
    from sqdash.secret import Redactor  # few lines need it

    return _SECRETS.sub(HIDDEN, Redactor().clean(found))


def rotate(connection: sqlite3.Connection, now: datetime) -> tuple[int, str]:
    """Let lines older than :data:`KEEP` go; how many went and the moment of the last one ("" for none)."""
    gone = (
        f"FROM audit_log WHERE action NOT IN {KEPT!r} AND at GLOB '????-??-??T??:??:??*+00:00' AND at < ? "
        f"AND at < strftime('%Y-%m-%dT%H:%M:%S', 'now', '-{LEAST_DAYS} days')"
    )
    before = ((now - KEEP).isoformat(timespec="milliseconds"),)
    count, last = connection.execute(f"SELECT count(*), ifnull(max(at), '') {gone}", before).fetchone()
    if count:
        connection.execute(f"DELETE {gone}", before)
    return int(count), str(last)
