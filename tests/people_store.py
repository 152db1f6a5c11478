"""Accounts to test with: a clock that is told the time, hashes that are made fast, what stands in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from sqdash import periods
from sqdash.jobs import accounts, passwords
from tests.making import looking

BY = "系統管理員"
PASSWORD = "correct horse battery"
ADDRESS = "192.0.2.7"


@dataclass
class Clock:
    """What :func:`periods.now` answers."""

    at: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Hasher:
    """Argon2id with the least parameters, which counts what is asked of it."""

    real: PasswordHasher = field(default_factory=lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    hashed: int = 0
    verified: int = 0

    def hash(self, password: bytes) -> str:
        self.hashed += 1
        return self.real.hash(password)

    def verify(self, kept: str, password: bytes) -> bool:
        self.verified += 1
        return self.real.verify(kept, password)

    def check_needs_rehash(self, kept: str) -> bool:
        return self.real.check_needs_rehash(kept)


def tell_time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock for everything that asks the time."""
    clock = Clock()
    monkeypatch.setattr(periods, "now", lambda: clock.at)
    return clock


@contextmanager
def hashing_fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hasher]:
    """Passwords are hashed by the counting hasher."""
    hasher = Hasher()
    monkeypatch.setattr(passwords, "hasher", lambda: hasher)
    passwords.dummy.cache_clear()
    yield hasher
    passwords.dummy.cache_clear()


def account(store: Path, name: str, *, role: str = "admin", unit: str | None = None, password: str = PASSWORD) -> str:
    """An account that has changed its first password; the password."""
    first = accounts.add(store, name, shown=f"{name} 先生", role=role, unit=unit, by=BY)
    opened = accounts.sign_in(store, name, first, address=ADDRESS)
    accounts.sign_out(store, accounts.change_password(store, opened.token, first, password).token)
    return password


def rows(store: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a query finds in the file."""
    with looking(store) as connection:
        return connection.execute(query, values).fetchall()


def audited(store: Path, *actions: str) -> list[tuple[Any, ...]]:
    """(by, address, action, subject, detail) of the lines of these actions (none: of all), oldest first."""
    marks = f"WHERE action IN ({', '.join('?' * len(actions))})" if actions else ""
    return rows(store, f"SELECT by, address, action, subject, detail FROM audit_log {marks} ORDER BY id", *actions)
