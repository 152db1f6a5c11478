"""Failed sign-ins: counted by name and by address, and when a name or an address is locked.

Unknown names are counted and locked like known ones, so that a lock tells nothing. Under the name stands a digest of 24
bits only: whoever types a password into the field of the name leaves nothing that could be traced back.
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timedelta

from sqdash import periods
from sqdash.errors import SignInRefused
from sqdash.jobs import names
from sqdash.store import accounts
from sqdash.store.database import Connection
from sqdash.store.gate import Change
from sqdash.store.queries import accounts as queries

LOCK = timedelta(minutes=15)
"""How long a lock holds, and how long ago a failure still counts."""
MOST = {"name": 5, "address": 20}
"""Failures within :data:`LOCK` of each other that lock."""


def subjects(name: str, address: str) -> dict[str, str]:
    """What failures of a sign-in are counted under: kind → subject. An unknown address is not counted."""
    digest = hashlib.sha256(names.folded(name).encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return {"name": digest} | ({"address": _network(address)} if address else {})


def _network(address: str) -> str:
    """The address; of an IPv6 address the 64 bits of its network, in which one machine may take any number."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def locked_until(connection: Connection, kind: str, subject: str, now: datetime) -> datetime | None:
    """When a name or an address may be tried again; None where it may be now.

    A lock longer than any that is made was noted by a clock that was ahead, and does not count.
    """
    found = queries.failures(connection, kind, subject)
    until = datetime.fromisoformat(found.locked_until) if found and found.locked_until else None
    return until if until and now < until <= now + LOCK else None


def require_open(connection: Connection, counted: dict[str, str], now: datetime) -> None:
    """:class:`SignInRefused` where the name or the address is locked."""
    found = [locked_until(connection, kind, subject, now) for kind, subject in counted.items()]
    if until := max((one for one in found if one), default=None):
        raise refused(until)


def refused(until: datetime) -> SignInRefused:
    """The error of a lock; it names the first whole minute at which one may try again."""
    opens = periods.roc_moment(until + timedelta(seconds=60) - timedelta(microseconds=1))
    return SignInRefused(f"登入失敗次數太多，已暫時鎖定，請於 {opens} 之後再試。", until=until)


def failed(change: Change, counted: dict[str, str], said: str, now: datetime) -> datetime | None:
    """Count a failure of the subjects; when they open again, where this one locked any. ``said``: whose, for the
    audit log."""
    accounts.forget_old_failures(change, periods.noted(now - LOCK))
    latest = None
    for kind, subject in counted.items():
        known = queries.failures(change.connection, kind, subject)
        recent = known is not None and timedelta(0) <= now - datetime.fromisoformat(known.last_at) < LOCK
        count = 1 + (known.failures if known and recent and not known.locked_until else 0)
        until = now + LOCK if count >= MOST[kind] else None
        accounts.set_failures(
            change, kind, subject, count, now=periods.noted(now), until=periods.noted(until) if until else None
        )
        if until:
            latest = until
            whose = said if kind == "name" else "登入位址"
            change.audit("lock", whose, f"{count} 次失敗，鎖定 {LOCK.seconds // 60} 分鐘")
    return latest


def forget(change: Change, name: str) -> None:
    """The person has shown who they are: nothing is held against the name. An address keeps its failures, or whoever
    has an account could go on guessing others'."""
    accounts.forget_failures(change, "name", subjects(name, "")["name"])
