"""Who has an account, whose session a token is, who fails to sign in, who sits at the desk."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import NamedTuple

from sqdash.unseen import is_text

# The newest name, and one that is still to come only where there is no other.
_UNIT = (
    "(SELECT u.label FROM units u WHERE u.unit = {}.unit AND u.closed_revision IS NULL "
    "ORDER BY ifnull(u.valid_from, '') <= date('now', '+8 hours') DESC, ifnull(u.valid_from, '') DESC LIMIT 1)"
)
_ACCOUNT = (
    "a.account, a.name, a.shown, a.role, a.unit, " + _UNIT.format("a") + " AS unit_name, a.hash, a.must_change, "
    "a.disabled, a.idle_from, a.last_seen, a.made_at"
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as the store has it; moments are ISO in UTC. ``hash`` does not show itself."""

    account: int
    name: str
    shown: str
    role: str
    unit: str | None
    unit_name: str | None
    hash: str
    must_change: int
    disabled: str | None
    idle_from: str
    last_seen: str | None
    made_at: str

    def __repr__(self) -> str:
        return f"AccountRow({self.name!r})"


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that was not ended; its token's digest is not among it."""

    made_at: str
    seen_at: str
    ends_at: str
    address: str
    how: str


@dataclass(frozen=True, slots=True)
class FailureRow:
    """Failed sign-ins of a name or an address."""

    failures: int
    last_at: str
    locked_until: str | None


class Signed(NamedTuple):
    """Who signed something, and how the unit of an account was called for whoever signed with it then."""

    by: str
    unit_name: str | None


WHOLE = (
    *("name", "shown", "role", "unit", "hash", "must_change", "disabled"),
    *("idle_from", "last_seen", "password_at", "made_at", "made_by"),
)
"""All that is stored of an account but its number, which another store may give to another one."""
People = tuple[tuple[tuple[object, ...], ...], tuple[tuple[object, ...], ...]]
"""Every account (:data:`WHOLE`), and name, hash and moment of every past password, oldest first."""


def people(connection: sqlite3.Connection) -> People:
    """Everybody, as another store of ours would have them."""
    past = "SELECT a.name, p.hash, p.at FROM account_passwords p JOIN accounts a USING (account) ORDER BY p.rowid"
    whole = connection.execute(f"SELECT {', '.join(WHOLE)} FROM accounts ORDER BY account")  # noqa: S608
    return tuple(whole), tuple(connection.execute(past))


CHANGES = ("add account", "change account", "disable account", "enable account", "reset password", "password")
"""Actions of the audit log by which an account became what it is."""


def changes(connection: sqlite3.Connection) -> tuple[tuple[object, ...], ...]:
    """The audit log's lines of those, as another store of ours would have them, oldest first."""
    return tuple(
        connection.execute(
            f"SELECT at, by, action, subject, detail, address FROM audit_log WHERE action IN {CHANGES!r} ORDER BY id"  # noqa: S608
        )
    )


def by_name(connection: sqlite3.Connection, name: str) -> AccountRow | None:
    """The account of that (folded) name; none has a name that is no text."""
    if not is_text(name):
        return None
    row = connection.execute(f"SELECT {_ACCOUNT} FROM accounts a WHERE a.name = ?", (name,)).fetchone()  # noqa: S608
    return AccountRow(*row) if row else None


def signed(connection: sqlite3.Connection, name: str, batch: int) -> list[Signed]:
    """How a batch is signed, and how the account ``name`` last signed in before it (where it was not changed after
    that), each beside the name that the unit of the account had then: both are the account's where it goes by the same
    name and unit since. Nothing for a batch from before there was the account.

    The names are those that the store knew then: a unit may be called today what another was called before, and an
    account may get the name and unit that another had.
    """
    row = connection.execute(
        "SELECT i.by, a.unit, i.revision - 1, i.at FROM imports i JOIN accounts a ON a.name = ? "
        "AND a.made_at < substr(i.at, 1, 19) WHERE i.batch = ?",
        (name, batch),
    ).fetchone()
    if row is None:
        return []
    by, unit, revision, at = row
    last = connection.execute(
        "SELECT l.action, l.by, (SELECT max(r.revision) FROM revisions r WHERE r.at <= l.at), l.at FROM audit_log l "
        "WHERE l.action IN ('sign-in', 'change account') AND l.subject = ? AND l.at <= ? "
        "ORDER BY l.at DESC, l.id DESC LIMIT 1",
        (name, at),
    ).fetchone()
    found = [(by, revision, at), *([last[1:]] if last and last[0] == "sign-in" else [])]
    return [Signed(who, _called(connection, unit, known, then)) for who, known, then in found]


def changed_around(connection: sqlite3.Connection, name: str, batch: int) -> tuple[str, str]:
    """What the audit log says of the last change of the account before a batch, and of the first one since; "" for
    none."""
    lines = (
        "SELECT l.detail FROM audit_log l JOIN imports i ON i.batch = ? WHERE l.action = 'change account' "
        "AND l.subject = ? AND l.at {} i.at ORDER BY l.at {order}, l.id {order} LIMIT 1"
    )
    before, since = (
        connection.execute(lines.format(which, order=order), (batch, name)).fetchone()
        for which, order in (("<=", "DESC"), (">", "ASC"))
    )
    return before[0] if before else "", since[0] if since else ""


def _called(connection: sqlite3.Connection, unit: str | None, revision: int, at: str) -> str | None:
    """The name of the unit at that moment (ISO, UTC), as the store knew it at that revision."""
    row = connection.execute(
        "SELECT label FROM units WHERE unit = ?1 AND opened_revision <= ?2 AND ifnull(closed_revision, ?2 + 1) > ?2 "
        "ORDER BY ifnull(valid_from, '') <= date(?3, '+8 hours') DESC, ifnull(valid_from, '') DESC LIMIT 1",
        (unit, revision, at),
    ).fetchone()
    return str(row[0]) if row else None


def every(connection: sqlite3.Connection) -> list[AccountRow]:
    """All accounts by name."""
    return [AccountRow(*row) for row in connection.execute(f"SELECT {_ACCOUNT} FROM accounts a ORDER BY a.name")]  # noqa: S608


def by_token(connection: sqlite3.Connection, digest: str) -> tuple[SessionRow, AccountRow] | None:
    """The session of a token's digest and its account, unless the session was ended."""
    row = connection.execute(
        f"SELECT s.made_at, s.seen_at, s.ends_at, s.address, s.how, {_ACCOUNT} FROM sessions s "  # noqa: S608
        "JOIN accounts a ON a.account = s.account WHERE s.token = ? AND s.ended_at IS NULL",
        (digest,),
    ).fetchone()
    return (SessionRow(*row[:5]), AccountRow(*row[5:])) if row else None


def sessions(connection: sqlite3.Connection, account: int, now: str) -> list[SessionRow]:
    """The account's sessions that have not ended by then, newest first."""
    return [
        SessionRow(*row)
        for row in connection.execute(
            "SELECT made_at, seen_at, ends_at, address, how FROM sessions WHERE account = ? AND ended_at IS NULL "
            "AND ends_at > ? ORDER BY made_at DESC, token",
            (account, now),
        )
    ]


def failures(connection: sqlite3.Connection, kind: str, subject: str) -> FailureRow | None:
    """What is known of failed sign-ins of a ``name`` (its digest) or an ``address``."""
    row = connection.execute(
        "SELECT failures, last_at, locked_until FROM sign_in_failures WHERE kind = ? AND subject = ?", (kind, subject)
    ).fetchone()
    return FailureRow(*row) if row else None


def other_admins(connection: sqlite3.Connection, account: int) -> int:
    """How many enabled admins there are besides this account (0: besides none)."""
    found = connection.execute(
        "SELECT count(*) FROM accounts WHERE role = 'admin' AND disabled IS NULL AND account <> ?", (account,)
    ).fetchone()
    return int(found[0])


def past_passwords(connection: sqlite3.Connection, account: int) -> list[str]:
    """Hashes of the passwords before the present one, newest first."""
    return [
        kept
        for (kept,) in connection.execute(
            "SELECT hash FROM account_passwords WHERE account = ? ORDER BY rowid DESC", (account,)
        )
    ]


def unit_of(connection: sqlite3.Connection, given: str) -> str | None:
    """The code of the unit that is meant by its code or its name; None for none, or where several go by that name."""
    known = {
        (unit, name)
        for unit, label, short in connection.execute(
            "SELECT unit, label, short FROM units WHERE closed_revision IS NULL"
        )
        for name in (unit, label, short)
    }
    if (given, given) in known:
        return given
    meant = {unit for unit, name in known if name == given}
    return meant.pop() if len(meant) == 1 else None


def unit_called(connection: sqlite3.Connection, unit: str | None) -> str | None:
    """The name under which people of the unit sign today."""
    row = connection.execute(f"SELECT {_UNIT.format('a')} FROM (SELECT ? AS unit) a", (unit,)).fetchone()  # noqa: S608
    return str(row[0]) if row[0] else None


def desk(connection: sqlite3.Connection) -> tuple[str, str | None, str | None] | None:
    """(shown, unit, unit's label) of who sits at the desk, as they said."""
    row = connection.execute(f"SELECT d.shown, d.unit, {_UNIT.format('d')} FROM desk d").fetchone()  # noqa: S608
    return (row[0], row[1], row[2]) if row else None
