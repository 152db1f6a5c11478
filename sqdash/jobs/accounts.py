"""Accounts: making, changing, disabling them, and who sits at the desk of a machine without sign-in.

What concerns a session (signing in and out, one's own password) is in :mod:`sqdash.jobs.sessions`, who has an account
in :mod:`sqdash.jobs.account_list`; both are offered here too. Every change is a line in the audit log; passwords are in
none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqdash import people, periods
from sqdash.errors import AccountError, DataError
from sqdash.jobs import attempts, names, passwords
from sqdash.jobs.account_list import Account, Session, account, all_accounts, has_admin, known, person, sessions
from sqdash.jobs.entries import reason_of
from sqdash.jobs.sessions import (
    NOBODY,
    Opened,
    Seen,
    change_password,
    disabled_if_unused,
    open_session,
    person_of,
    replace_password,
    seen,
    sign_in,
    sign_out,
)
from sqdash.store import accounts, gate
from sqdash.store.database import Connection
from sqdash.store.gate import Change
from sqdash.store.marked import Marked
from sqdash.store.queries import accounts as queries
from sqdash.store.queries.accounts import AccountRow

__all__ = [
    "Account",
    "Opened",
    "Seen",
    "Session",
    "account",
    "add",
    "admit",
    "all_accounts",
    "change",
    "change_password",
    "desk",
    "disable",
    "enable",
    "has_admin",
    "name_desk",
    "person",
    "reset_password",
    "seen",
    "sessions",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
]


def add(store: Path, name: str, *, shown: str, role: people.Role | str, unit: str | None, by: str) -> str:
    """Make an account; its first password, which is random, is shown once and must be changed at the first sign-in."""
    name, shown, role = names.account_name(name), names.shown_name(shown), _role(role)
    first = passwords.first()
    kept = passwords.hashed(first)
    with gate.write(store, by=by, reason=f"新增帳號 {name}") as begun:
        if queries.by_name(begun.connection, name):
            raise AccountError(f"已經有帳號「{name}」，請改用別的名稱。")
        unit = _checked(begun.connection, None, shown, role, unit)
        now = periods.noted(periods.now())
        accounts.add(begun, name=name, shown=shown, role=role, unit=unit, password_hash=kept, now=now)
        begun.audit("add account", name, _described(shown, role, unit))
    return first


def reset_password(store: Path, name: str, *, by: str) -> str:
    """A new first password, as of :func:`add`; the account's sessions end and its lock is lifted."""
    first = passwords.first()
    kept = passwords.hashed(first)
    with _changing(store, name, by, "重設密碼") as (begun, account):
        replace_password(begun, account, kept, must_change=True)
        attempts.forget(begun, account.name)
        begun.audit("reset password", account.name)
    return first


def change(
    store: Path,
    name: str,
    *,
    by: str,
    shown: str | None = None,
    role: people.Role | str | None = None,
    unit: str | None = None,
) -> None:
    """Change what is given (an empty ``unit`` takes the unit away). Another role ends the account's sessions. The last
    enabled admin stays one."""
    with _changing(store, name, by, "變更帳號") as (begun, account):
        new_shown = account.shown if shown is None else names.shown_name(shown)
        new_role = _role(account.role if role is None else role)
        new_unit = _checked(
            begun.connection, account.account, new_shown, new_role, account.unit if unit is None else unit
        )
        before, after = (account.shown, account.role, account.unit), (new_shown, new_role.value, new_unit)
        if before == after:
            return
        if new_role != account.role:
            if account.role == people.Role.ADMIN:
                _require_other_admin(begun.connection, account)
            accounts.end_sessions(begun, account.account, "role", now=periods.noted(periods.now()))
        accounts.describe(begun, account.account, shown=new_shown, role=new_role, unit=new_unit)
        begun.audit("change account", account.name, f"{_described(*before)} → {_described(*after)}")


def unchanged(person: people.Person, before: str, since: str) -> bool:
    """Whether an account had the person's name and unit between two changes of it, as the audit log tells of them
    (empty: there was none)."""
    alike = [_described(person.shown, role, person.unit) for role in people.ROLES]
    return (not before or before.endswith(tuple(f" → {one}" for one in alike))) and (
        not since or since.startswith(tuple(f"{one} → " for one in alike))
    )


def disable(store: Path, name: str, *, reason: str, by: str) -> None:
    """Let nobody in under this account, whose sessions end; the last enabled admin stays enabled."""
    why = _reason(reason)
    with _changing(store, name, by, "停用帳號") as (begun, account):
        if account.disabled:
            raise AccountError(f"帳號「{account.name}」已經停用，不必再停用。")
        if account.role == people.Role.ADMIN:
            _require_other_admin(begun.connection, account)
        now = periods.noted(periods.now())
        accounts.set_disabled(begun, account.account, why, now=now)
        accounts.end_sessions(begun, account.account, "disabled", now=now)
        begun.audit("disable account", account.name, why)


def enable(store: Path, name: str, *, by: str) -> None:
    """Let the account's person in again; the days without a sign-in count from now."""
    with _changing(store, name, by, "啟用帳號") as (begun, account):
        if not account.disabled:
            raise AccountError(f"帳號「{account.name}」沒有停用，不必啟用。")
        accounts.set_disabled(begun, account.account, None, now=periods.noted(periods.now()))
        attempts.forget(begun, account.name)
        begun.audit("enable account", account.name)


def sign_out_everywhere(store: Path, name: str, *, by: str) -> int:
    """End all sessions of an account; how many there were."""
    with _changing(store, name, by, "登出所有裝置") as (begun, account):
        count = accounts.end_sessions(begun, account.account, "everywhere", now=periods.noted(periods.now()))
        begun.audit("sign-out everywhere", account.name, f"{count} 個登入")
        return count


def admit(store: Path, name: str, *, address: str) -> Opened | None:
    """Open a session of the account of somebody whom an identity provider knows; None where there is no such enabled
    account, or it was not used for so long that it is disabled now."""
    before = gate.origin.set(address)
    try:
        with gate.write(store, by=name, reason="登入") as begun:
            account = queries.by_name(begun.connection, names.folded(name))
            if account:
                account = disabled_if_unused(begun, account, periods.now())
            if account and not account.disabled:
                return open_session(begun, account, "oidc", address=address)
            if account:
                begun.audit_as(NOBODY, "sign-in failed", account.name, "帳號已停用")
                begun.note()
            return None
    finally:
        gate.origin.reset(before)


_desk = Marked(queries.desk, patient=False)


def desk(store: Path) -> people.Person:
    """Who sits at the one desk of a machine without sign-in: as they said, else nobody in particular."""
    found = _desk(store)
    if not found:
        return people.DESK
    shown, unit, unit_name = found
    return people.Person(shown, shown, people.Role.ADMIN, "desk", unit, unit_name)


def name_desk(store: Path, shown: str, unit: str | None, *, by: str) -> None:
    """Say who sits at the desk; what is recorded from then on is marked as said by themselves."""
    shown = names.shown_name(shown)
    with gate.write(store, by=by, reason="填寫使用者") as begun:
        unit = _unit(begun.connection, unit) if unit else None
        accounts.name_desk(begun, shown, unit or None, now=periods.noted(periods.now()))
        begun.audit("desk", shown, unit or "")


@contextmanager
def _changing(store: Path, name: str, by: str, what: str) -> Iterator[tuple[Change, AccountRow]]:
    with gate.write(store, by=by, reason=f"{what} {names.folded(name)}") as begun:
        yield begun, known(begun.connection, name)


def _role(role: people.Role | str) -> people.Role:
    try:
        return people.Role(role)
    except ValueError:
        raise AccountError(f"沒有「{role}」這個角色，請用{'、'.join(people.Role)}其中之一。") from None


def _checked(
    connection: Connection, account: int | None, shown: str, role: people.Role, unit: str | None
) -> str | None:
    """The unit (None for none) of an account that fits together and whose person is told from all others."""
    unit = _unit(connection, unit) if unit else None
    if role == people.Role.EDITOR and unit is None:
        raise AccountError("登錄角色只能登錄本單位的資料，請指定單位。")
    called = queries.unit_called(connection, unit)
    signature = names.folded(people.Person("", shown, role, "account", unit, called).signature)
    for other in queries.every(connection):
        if other.account != account and names.folded(person_of(other, "account").signature) == signature:
            raise AccountError(f"帳號「{other.name}」的姓名與單位相同，紀錄會分不清是誰，請在姓名加註，例如職稱。")
    return unit


def _unit(connection: Connection, given: str) -> str:
    """The unit's code, for its code or its name: who makes accounts by command has no list of codes before them."""
    unit = queries.unit_of(connection, given)
    if unit is None:
        raise AccountError(f"沒有「{given[:40]}」這個單位，請用「設定」畫面所列的單位名稱，或單位的代碼。")
    return unit


def _require_other_admin(connection: Connection, account: AccountRow) -> None:
    if not account.disabled and not queries.other_admins(connection, account.account):
        raise AccountError(f"「{account.name}」是最後一個可用的系統管理帳號，請先新增或啟用另一個。")


def _described(shown: str, role: str, unit: str | None) -> str:
    return f"{shown}，{people.ROLES[people.Role(role)]}，單位 {unit or '無'}"


def _reason(reason: str) -> str:
    try:
        return reason_of(reason, of="停用帳號")
    except DataError as error:
        raise AccountError(str(error)) from None
