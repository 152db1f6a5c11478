"""People with real accounts and sessions, to stand before screens that are run without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sqdash.entrance import COOKIE
from sqdash.jobs import accounts
from sqdash.people import Role
from sqdash.ui import who

ADDRESS = "192.0.2.7"
ADMIN, REVIEWER, VIEWER = "admin", "reviewer", "viewer"
OWN, OTHER = "own", "other"
OUT, DISABLED = "out", "disabled"
NOBODY, PUBLIC = "nobody", "public"
PEOPLE: dict[str, tuple[Role, str | None]] = {
    ADMIN: (Role.ADMIN, None),
    REVIEWER: (Role.REVIEWER, "secretariat-rdec"),
    VIEWER: (Role.VIEWER, "section-6"),
    OWN: (Role.EDITOR, "section-6"),
    OTHER: (Role.EDITOR, "personnel"),
    OUT: (Role.ADMIN, None),
    DISABLED: (Role.ADMIN, None),
}
BY = "命令列"
PASSWORD = "一個夠長的密碼 number 1"


def settle(store: Path) -> dict[str, str]:
    """Give the store an account of every kind; name → the token of its session (one ended, one of a disabled one)."""
    tokens = {NOBODY: "", PUBLIC: ""}
    for name, (role, unit) in PEOPLE.items():
        tokens[name] = arrived(store, name, f"{name} 的人", unit, role)
    accounts.sign_out(store, tokens[OUT])
    accounts.disable(store, DISABLED, reason="離職", by=BY)
    return tokens


def arrived(store: Path, name: str, shown: str, unit: str | None, role: Role = Role.EDITOR) -> str:
    """A new account whose person has signed in for the first time; the token of the session."""
    first = accounts.add(store, name, shown=shown, role=role, unit=unit, by=BY)
    opened = accounts.sign_in(store, name, first, address=ADDRESS)
    return accounts.change_password(store, opened.token, first, PASSWORD).token


@dataclass
class Door:
    """Who stands before the screens of this test."""

    monkeypatch: pytest.MonkeyPatch
    tokens: dict[str, str] = field(default_factory=dict)
    name: str = NOBODY

    def stands(self, name: str) -> None:
        """From now on it is that person."""
        self.name = name
        self.monkeypatch.setenv("SQDASH_SIGN_IN", "1")
        self.monkeypatch.setenv("SQDASH_PUBLIC_VIEWING", "1" if name == PUBLIC else "0")
        token = self.tokens[name]
        carried = who.Evidence({COOKIE: token} if token else {}, {}, ADDRESS)
        self.monkeypatch.setattr(who, "_evidence", lambda: carried)

    def drawn_for(self, name: str) -> None:
        """Screens are drawn as for that person whoever stands there: the right was taken after the drawing."""
        with pytest.MonkeyPatch.context():
            before = self.name
            self.stands(name)
            known = who._look()
            self.stands(before)
        self.monkeypatch.setattr(who, "_known", lambda: known)
        self.monkeypatch.setattr(who, "begin", lambda: known.person)
