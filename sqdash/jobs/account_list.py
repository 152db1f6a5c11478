"""Who has an account, and which of its sessions go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqdash import people, periods
from sqdash.errors import AccountError
from sqdash.jobs import attempts, names
from sqdash.jobs.sessions import person_of
from sqdash.store import database
from sqdash.store.database import Connection
from sqdash.store.queries import accounts as queries
from sqdash.store.queries.accounts import AccountRow


@dataclass(frozen=True, slots=True)
class Account:
    """An account as administrators see it; moments are aware. ``disabled`` is the reason, ``unit`` the unit's code."""

    name: str
    shown: str
    role: people.Role
    unit: str | None
    unit_name: str | None
    must_change: bool
    disabled: str | None
    locked_until: datetime | None
    last_seen: datetime | None
    made_at: datetime

    @property
    def state(self) -> str:
        """In words: whether the person can sign in, and if not why."""
        if self.disabled:
            return f"已停用：{self.disabled}"
        if self.locked_until:
            return f"鎖定至 {periods.roc_moment(self.locked_until)}"
        return "可用，須變更首次密碼" if self.must_change else "可用"


@dataclass(frozen=True, slots=True)
class Session:
    """A session that goes on; moments are aware. Nothing here lets anyone in."""

    made: datetime
    seen: datetime
    ends: datetime
    address: str


def person(store: Path, name: str, *, how: people.How, address: str = "") -> people.Person | None:
    """Who an enabled account is for, where somebody else has made sure that they are that person; None for no such."""
    with database.reading(store) as connection:
        account = queries.by_name(connection, names.folded(name))
    return person_of(account, how, address) if account and not account.disabled else None


def all_accounts(store: Path) -> list[Account]:
    """Every account by name."""
    now = periods.now()
    with database.reading(store) as connection:
        return [_account(connection, row, now) for row in queries.every(connection)]


def account(store: Path, name: str) -> Account:
    """One account; :class:`AccountError` for an unknown name."""
    with database.reading(store) as connection:
        return _account(connection, known(connection, name), periods.now())


def has_admin(store: Path) -> bool:
    """Whether there is an enabled admin."""
    with database.reading(store) as connection:
        return queries.other_admins(connection, 0) > 0


def sessions(store: Path, name: str) -> list[Session]:
    """The sessions of an account that have neither ended nor run out, newest first."""
    with database.reading(store) as connection:
        account = known(connection, name)
        found = queries.sessions(connection, account.account, periods.noted(periods.now()))
    moment = datetime.fromisoformat
    return [Session(moment(s.made_at), moment(s.seen_at), moment(s.ends_at), s.address) for s in found]


def known(connection: Connection, name: str) -> AccountRow:
    """The account's row, by its name however it is written; :class:`AccountError` for an unknown one."""
    account = queries.by_name(connection, names.folded(name))
    if not account:
        said = "".join(sign if sign.isprintable() else " " for sign in name[: names.MOST])
        raise AccountError(f"沒有帳號「{said.strip()}」，請檢查名稱。")
    return account


def _account(connection: Connection, row: AccountRow, now: datetime) -> Account:
    subject = attempts.subjects(row.name, "")["name"]
    return Account(
        name=row.name,
        shown=row.shown,
        role=people.Role(row.role),
        unit=row.unit,
        unit_name=row.unit_name,
        must_change=bool(row.must_change),
        disabled=row.disabled,
        locked_until=attempts.locked_until(connection, "name", subject, now),
        last_seen=datetime.fromisoformat(row.last_seen) if row.last_seen else None,
        made_at=datetime.fromisoformat(row.made_at),
    )
