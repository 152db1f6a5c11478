"""Signing in, what a session says, signing out, changing one's own password.

A session ends 8 hours after the sign-in, when its person does nothing for a while, and when the account is disabled or
its role or password changes. Its token is kept nowhere: the store has the SHA-256 of it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqdash import people, periods
from sqdash.errors import AccountError, SignInRefused, StoreError
from sqdash.jobs import attempts, names, passwords
from sqdash.patterns import later
from sqdash.store import accounts, database, gate, marks
from sqdash.store.database import Connection
from sqdash.store.gate import Change
from sqdash.store.marks import Mark
from sqdash.store.queries import accounts as queries
from sqdash.store.queries.accounts import AccountRow, SessionRow

LENGTH = timedelta(hours=8)
IDLE = timedelta(minutes=30)
UNUSED = timedelta(days=180)
"""Time without a sign-in after which an account is disabled."""
NOBODY = "未登入"
_TOUCH = timedelta(minutes=1)
_KEPT = timedelta(days=30)
_CLOCK = timedelta(minutes=5)
"""So much a clock may be set back before its sessions count as those of another clock."""
_TOKEN = later(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened. ``token`` is for the person's cookie and nothing else."""

    token: str = field(repr=False)
    person: people.Person
    must_change: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What a session says. ``ends`` (aware, UTC): when it ends if the person does nothing more."""

    person: people.Person
    must_change: bool
    ends: datetime


def sign_in(store: Path, name: str, password: str, *, address: str) -> Opened:
    """Open a session; :class:`SignInRefused`, the same and after the same work for an unknown name, a wrong password
    and a disabled account, and with the time where the name or the address is locked."""
    passwords.dummy()  # made before anything is known, so that the first unknown name takes no longer
    counted = attempts.subjects(name, address)
    with database.reading(store) as connection:
        attempts.require_open(connection, counted, periods.now())
        account = queries.by_name(connection, names.folded(name))
    right = passwords.fits(account.hash if account else passwords.dummy(), password)
    if account and right and passwords.outdated(account.hash):
        account = _rehashed(store, account, password)
    with _writing(store, NOBODY, "登入", address) as change:
        attempts.require_open(change.connection, counted, periods.now())  # others may have failed meanwhile
        outcome = _let_in(change, account, counted, right=right, address=address)
    if isinstance(outcome, Opened):
        return outcome
    raise outcome


def _let_in(
    change: Change, verified: AccountRow | None, counted: dict[str, str], *, right: bool, address: str
) -> Opened | SignInRefused:
    """A session, or the refusal, which is written down and so must not be raised here."""
    now = periods.now()
    account = queries.by_name(change.connection, verified.name) if verified else None
    if account:
        account = disabled_if_unused(change, account, now)
    if account and verified and right and not account.disabled and account.hash == verified.hash:
        attempts.forget(change, account.name)
        return open_session(change, account, "account", address=address)
    said = account.name if account else "不明帳號"
    why = "沒有這個帳號" if not account else "帳號已停用" if account.disabled else "密碼不正確"
    change.audit("sign-in failed", said, why)
    until = attempts.failed(change, counted, said, now)
    return (
        attempts.refused(until)
        if until
        else SignInRefused("帳號或密碼不正確，或帳號已停用，請重新輸入；忘記密碼請洽系統管理者。")
    )


def disabled_if_unused(change: Change, account: AccountRow, now: datetime) -> AccountRow | None:
    """The account as it is after 180 days without a sign-in; the last enabled admin stays, or nobody could help."""
    unused = now - datetime.fromisoformat(account.idle_from) >= UNUSED
    last_admin = account.role == "admin" and not queries.other_admins(change.connection, account.account)
    if account.disabled or not unused or last_admin:
        return account
    reason = f"超過 {UNUSED.days} 天未登入"
    accounts.set_disabled(change, account.account, reason, now=periods.noted(now))
    accounts.end_sessions(change, account.account, "disabled", now=periods.noted(now))
    change.audit_as("系統", "disable account", account.name, reason)
    return queries.by_name(change.connection, account.name)


def _rehashed(store: Path, account: AccountRow, password: str) -> AccountRow | None:
    """The account with its password hashed under today's parameters."""
    new = passwords.hashed(password)
    with gate.write(store, by=account.name, reason="更新密碼雜湊") as change:
        accounts.rehash(change, account.account, account.hash, new)
        return queries.by_name(change.connection, account.name)


def open_session(change: Change, account: AccountRow, how: people.How, *, address: str) -> Opened:
    """A session of an account that was found to be its person's, with its line in the audit log."""
    now, token = periods.now(), secrets.token_urlsafe(32)
    accounts.forget_sessions(change, periods.noted(now - _KEPT))
    accounts.open_session(
        change,
        account.account,
        _digest(token),
        how=how,
        address=address,
        now=periods.noted(now),
        ends=periods.noted(now + LENGTH),
    )
    person = person_of(account, how, address)
    change.audit_as(person.signature, "sign-in", account.name)
    return Opened(token, person, bool(account.must_change))


def seen(store: Path, token: str, *, address: str = "", touch: bool = True, idle: timedelta = IDLE) -> Seen | None:
    """Whose session a token is; None where it is unknown, ended, over, idle for longer than ``idle`` or its account
    disabled. With ``touch`` it counts as activity, written at most once a minute and only where nobody else writes."""
    if not _TOKEN.fullmatch(token):
        return None
    now = periods.now()
    found = _looked_up(store, _digest(token))
    if not found or found[1].disabled or not _alive(found[0], now, idle):
        return None
    session, account = found
    last = datetime.fromisoformat(session.seen_at)
    if touch and not timedelta(0) <= now - last < _TOUCH and _touched(store, token, now):
        last = now
    person = person_of(account, _HOW[session.how], address or session.address)
    return Seen(person, bool(account.must_change), min(datetime.fromisoformat(session.ends_at), last + idle))


_Found = tuple[SessionRow, AccountRow]
_known: dict[tuple[Path, str], tuple[Mark, _Found]] = {}
_MOST_KNOWN = 1000


def _looked_up(store: Path, digest: str) -> _Found | None:
    """The session and its account as they stand. A screen asks with each message and for each of its files, and opening
    the store takes milliseconds: what was found holds as long as nobody has committed anything since."""
    mark = marks.vouching(store)
    kept = _known.get((store, digest))
    if mark and kept and kept[0] == mark:
        return kept[1]
    with database.reading(store) as connection:
        found = queries.by_token(connection, digest)
    if mark and found:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[store, digest] = mark, found
    return found


_HOW: dict[str, people.How] = {"account": "account", "oidc": "oidc"}


def _alive(session: SessionRow, now: datetime, idle: timedelta) -> bool:
    made, last, ends = (datetime.fromisoformat(text) for text in (session.made_at, session.seen_at, session.ends_at))
    return made - _CLOCK <= now < min(ends, last + idle)


def _touched(store: Path, token: str, now: datetime) -> bool:
    try:
        with gate.write(store, by=NOBODY, reason="活動", wait=False) as change:
            accounts.touch(change, _digest(token), now=periods.noted(now))
    except StoreError:  # an import is being written, or the disk is read-only: the next activity tries again
        return False
    return True


def sign_out(store: Path, token: str) -> None:
    """End the session of a token; nothing where there is none."""
    if not _TOKEN.fullmatch(token):
        return
    with database.reading(store) as connection:
        found = queries.by_token(connection, _digest(token))
    if not found:
        return
    session, account = found
    by = person_of(account, _HOW[session.how]).signature
    with _writing(store, by, "登出", session.address) as change:
        accounts.end_session(change, _digest(token), now=periods.noted(periods.now()))
        change.audit("sign-out", account.name)


def change_password(store: Path, token: str, old: str, new: str) -> Opened:
    """Set one's own password: all sessions of the account end, a new one is opened. :class:`AccountError` where the old
    one is wrong or the new one may not be chosen; :class:`SignInRefused` without a session, or where the name is locked
    since the old one was wrong too often."""
    now = periods.now()
    with database.reading(store) as connection:
        session, account = _own(connection, token, now)
        counted = attempts.subjects(account.name, "")
        attempts.require_open(connection, counted, now)
        past = [account.hash, *queries.past_passwords(connection, account.account)][: passwords.NOT_AGAIN]
    if not passwords.fits(account.hash, old):
        _wrong_old(store, account, session, counted)
    passwords.require(new, names=(account.name, account.shown))
    if any(passwords.fits(kept, new) for kept in past):
        raise AccountError(f"密碼不能與最近 {passwords.NOT_AGAIN} 次用過的相同，請改用別的密碼。")
    kept = passwords.hashed(new)
    by = person_of(account, "account").signature
    with _writing(store, by, "變更密碼", session.address) as change:
        if _own(change.connection, token, periods.now())[1].hash != account.hash:
            raise SignInRefused("密碼剛才已在別處變更，請重新登入。")
        replace_password(change, account, kept, must_change=False)
        attempts.forget(change, account.name)
        change.audit("password", account.name)
        now_account = queries.by_name(change.connection, account.name) or account
        return open_session(change, now_account, "account", address=session.address)


def _wrong_old(store: Path, account: AccountRow, session: SessionRow, counted: dict[str, str]) -> None:
    by = person_of(account, "account").signature
    with _writing(store, by, "變更密碼", session.address) as change:
        change.audit("password failed", account.name, "目前的密碼不正確")
        until = attempts.failed(change, counted, account.name, periods.now())
    raise attempts.refused(until) if until else AccountError("目前的密碼不正確，請重新輸入。")


def replace_password(change: Change, account: AccountRow, kept: str, *, must_change: bool) -> None:
    """Another password for the account, whose sessions end."""
    now = periods.noted(periods.now())
    accounts.set_password(change, account.account, kept, must_change=must_change, keep=passwords.NOT_AGAIN - 1, now=now)
    accounts.end_sessions(change, account.account, "password", now=now)


def _own(connection: Connection, token: str, now: datetime) -> tuple[SessionRow, AccountRow]:
    """The session of a token and its account; idleness is for whoever let the request in."""
    found = queries.by_token(connection, _digest(token)) if _TOKEN.fullmatch(token) else None
    if not found or found[1].disabled or not _alive(found[0], now, LENGTH):
        raise SignInRefused("登入已結束，請重新登入。")
    return found


def person_of(account: AccountRow, how: people.How, address: str = "") -> people.Person:
    """The person of an account."""
    role = people.Role(account.role)
    return people.Person(account.name, account.shown, role, how, account.unit, account.unit_name, address)


@contextmanager
def _writing(store: Path, by: str, reason: str, address: str) -> Iterator[Change]:
    """A change that the audit log knows to come from the address."""
    before = gate.origin.set(address)
    try:
        with gate.write(store, by=by, reason=reason) as change:
            yield change
    finally:
        gate.origin.reset(before)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
