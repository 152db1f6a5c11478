"""Sessions of a store moved back in time, as nobody can wait for them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from sqdash import periods

LEFT = timedelta(minutes=20)


def make_idle(store: Path, name: str, ago: timedelta = LEFT) -> str:
    """The account's sessions as if its person had done nothing since then; the moment, as the store has it."""
    moment = periods.noted(periods.now() - ago)
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(
            "UPDATE sessions SET seen_at = ?1, made_at = min(made_at, ?1) "
            "WHERE account = (SELECT account FROM accounts WHERE name = ?2)",
            (moment, name),
        )
    return moment


def seen_at(store: Path, name: str) -> str:
    """When the account's person was last active in any session."""
    with closing(sqlite3.connect(store)) as connection:
        found = connection.execute(
            "SELECT max(seen_at) FROM sessions WHERE account = (SELECT account FROM accounts WHERE name = ?)", (name,)
        ).fetchone()
    return str(found[0])
