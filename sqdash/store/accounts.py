"""Writing accounts, sessions and failed sign-ins, each inside an open change.

Nothing here takes a revision: no screen shows other figures because somebody signed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqdash.store.gate import Change
from sqdash.store.queries import accounts as queries

Why = Literal["signed_out", "everywhere", "disabled", "role", "password", "restored"]
"""Why a session was ended before its time."""


def add(change: Change, *, name: str, shown: str, role: str, unit: str | None, password_hash: str, now: str) -> None:
    """A new account whose password must be changed; the name must be free."""
    change.connection.execute(
        "INSERT INTO accounts (name, shown, role, unit, hash, must_change, idle_from, password_at, made_at, made_by) "
        "VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
        (name, shown, role, unit, password_hash, now, now, now, change.by),
    )
    change.note()


def take_over(change: Change, people: queries.People, changes: Sequence[tuple[object, ...]] = ()) -> None:
    """Have the accounts of the store that this one replaces: nobody to whom the door was closed is let in again, no
    password counts that was changed. An account that only this store knows stays as it is.

    ``changes``: the audit log's lines of how they became so; those that this store lacks come with them, for whose a
    batch is rests on them.
    """
    connection, (whole, past) = change.connection, people
    connection.executemany(
        f"INSERT INTO accounts ({', '.join(queries.WHOLE)}) VALUES ({', '.join('?' * len(queries.WHOLE))}) "  # noqa: S608
        f"ON CONFLICT (name) DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in queries.WHOLE[1:])}",
        whole,
    )
    of_name = "(SELECT account FROM accounts WHERE name = ?)"
    connection.executemany(f"DELETE FROM account_passwords WHERE account = {of_name}", ((one[0],) for one in whole))  # noqa: S608
    connection.executemany(f"INSERT INTO account_passwords (account, hash, at) VALUES ({of_name}, ?, ?)", past)  # noqa: S608
    known = set(queries.changes(connection))
    connection.executemany(
        "INSERT INTO audit_log (at, by, action, subject, detail, address) VALUES (?, ?, ?, ?, ?, ?)",
        [line for line in changes if line not in known],
    )
    change.note()


def set_password(change: Change, account: int, password_hash: str, *, must_change: bool, keep: int, now: str) -> None:
    """The account's password, and the present one among the ``keep`` that stay known as past."""
    connection = change.connection
    connection.execute(
        "INSERT INTO account_passwords (account, hash, at) SELECT account, hash, ? FROM accounts WHERE account = ?",
        (now, account),
    )
    connection.execute(
        "DELETE FROM account_passwords WHERE account = ?1 AND rowid NOT IN "
        "(SELECT rowid FROM account_passwords WHERE account = ?1 ORDER BY rowid DESC LIMIT ?2)",
        (account, keep),
    )
    connection.execute(
        "UPDATE accounts SET hash = ?, must_change = ?, password_at = ? WHERE account = ?",
        (password_hash, must_change, now, account),
    )
    change.note()


def rehash(change: Change, account: int, old_hash: str, new_hash: str) -> None:
    """The same password under today's parameters, unless it was changed meanwhile."""
    change.connection.execute(
        "UPDATE accounts SET hash = ? WHERE account = ? AND hash = ?", (new_hash, account, old_hash)
    )
    change.note()


def describe(change: Change, account: int, *, shown: str, role: str, unit: str | None) -> None:
    """What the account says of the person."""
    change.connection.execute(
        "UPDATE accounts SET shown = ?, role = ?, unit = ? WHERE account = ?", (shown, role, unit, account)
    )
    change.note()


def set_disabled(change: Change, account: int, reason: str | None, *, now: str) -> None:
    """Disable for a reason, or enable (None): then the time without a sign-in counts from now."""
    change.connection.execute(
        "UPDATE accounts SET disabled = ?1, idle_from = CASE WHEN ?1 IS NULL THEN ?2 ELSE idle_from END "
        "WHERE account = ?3",
        (reason, now, account),
    )
    change.note()


def open_session(change: Change, account: int, digest: str, *, how: str, address: str, now: str, ends: str) -> None:
    """A session under the digest of its token."""
    change.connection.execute(
        "INSERT INTO sessions (token, account, how, made_at, seen_at, ends_at, address) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (digest, account, how, now, now, ends, address),
    )
    change.connection.execute("UPDATE accounts SET idle_from = ?1, last_seen = ?1 WHERE account = ?2", (now, account))
    change.note()


def touch(change: Change, digest: str, *, now: str) -> None:
    """The session's person did something."""
    change.connection.execute(
        "UPDATE accounts SET last_seen = ?1 WHERE account = (SELECT account FROM sessions WHERE token = ?2)",
        (now, digest),
    )
    change.connection.execute("UPDATE sessions SET seen_at = ? WHERE token = ? AND ended_at IS NULL", (now, digest))
    change.note()


def end_session(change: Change, digest: str, *, now: str) -> None:
    """Signed out; nothing where the session has ended already."""
    change.connection.execute(
        "UPDATE sessions SET ended_at = ?, why = 'signed_out' WHERE token = ? AND ended_at IS NULL", (now, digest)
    )
    change.note()


def end_sessions(change: Change, account: int | None, why: Why, *, now: str) -> int:
    """End all sessions of an account, or of everybody (None); how many were open and not over by themselves."""
    cursor = change.connection.execute(
        "UPDATE sessions SET ended_at = ?1, why = ?2 WHERE ended_at IS NULL AND ends_at > ?1 "
        "AND (?3 IS NULL OR account = ?3)",
        (now, why, account),
    )
    change.note()
    return cursor.rowcount


def forget_sessions(change: Change, before: str) -> None:
    """Remove sessions that were over by then; who signed in when stays in the audit log."""
    change.connection.execute("DELETE FROM sessions WHERE ends_at < ?", (before,))


def set_failures(change: Change, kind: str, subject: str, failures: int, *, now: str, until: str | None) -> None:
    """How many sign-ins of a name or an address failed, and until when it is locked."""
    change.connection.execute(
        "INSERT INTO sign_in_failures (kind, subject, failures, last_at, locked_until) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (kind, subject) DO UPDATE SET failures = ?3, last_at = ?4, locked_until = ?5",
        (kind, subject, failures, now, until),
    )
    change.note()


def forget_failures(change: Change, kind: str, subject: str) -> None:
    """Nothing is held against a name any more."""
    change.connection.execute("DELETE FROM sign_in_failures WHERE kind = ? AND subject = ?", (kind, subject))
    change.note()


def forget_old_failures(change: Change, before: str) -> None:
    """Remove failures that count no more, so that trying names fills nothing."""
    change.connection.execute("DELETE FROM sign_in_failures WHERE last_at < ?", (before,))


def name_desk(change: Change, shown: str, unit: str | None, *, now: str) -> None:
    """Who sits at the one desk."""
    change.connection.execute(
        "INSERT INTO desk (one, shown, unit, at) VALUES (1, ?1, ?2, ?3) "
        "ON CONFLICT (one) DO UPDATE SET shown = ?1, unit = ?2, at = ?3",
        (shown, unit, now),
    )
    change.note()
