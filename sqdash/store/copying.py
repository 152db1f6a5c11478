"""Copying a store whole, and looking at a copy: what it is, what it holds, whether it is sound.

Works on any schema version: a store is copied before it is brought up to date.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqdash.errors import BackupError, StoreUnusable
from sqdash.store import damage, database, gate, soundness
from sqdash.store.queries import accounts, alerts, base

COUNTED = (
    *("revisions", "imports", "audit_log", "posts", "snapshots", "page_days", "activities", "readings"),
    *("targets", "result_texts", "contributions"),
)
"""The main tables, whose rows are counted in store and copy; an old schema may lack some."""


@dataclass(frozen=True, slots=True)
class State:
    """Which store it is and which state of it; costs a few look-ups however large it is."""

    kind: str
    born: str
    revision: int
    audited: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a store is and holds. ``born`` tells one store from another, ``revision`` and ``audited`` (the newest line
    of the audit log) one state from another; ``originals`` are the hashes of its files."""

    schema: int
    kind: str
    born: str
    revision: int
    audited: int
    changed_at: str
    counts: dict[str, int]
    originals: tuple[str, ...]


def state(path: Path) -> State:
    """Look at a store of any version as :func:`facts` does, without counting."""
    with _reading(path) as connection:
        return State(base.kind(connection), base.born(connection), base.revision(connection), base.audited(connection))


def facts(path: Path) -> Facts:
    """Look at a store of any version; typed :class:`StoreError` where it is none, or a damaged one."""
    with _reading(path) as connection:
        return _facts(connection)


@dataclass(frozen=True, slots=True)
class Outlasting:
    """What of a store stays as it is when a backup takes its place: the digests of alerts that it sent, or was sending,
    its accounts, and the audit log's lines of what was changed of them (at, by, action, subject, detail, address)."""

    digests: Sequence[alerts.Digest] = ()
    people: accounts.People = ((), ())
    changes: Sequence[tuple[object, ...]] = ()


def outlasting(path: Path) -> Outlasting:
    """The same of a store of any version."""
    with _reading(path) as connection:
        tables = base.tables(connection)
        return Outlasting(
            alerts.digests(connection, -1) if "alert_digests" in tables else (),
            accounts.people(connection) if "accounts" in tables else ((), ()),
            accounts.changes(connection) if "accounts" in tables else (),
        )


def changed_after(store: Path, revision: int, audited: int) -> datetime | None:
    """When the store first changed after that state; None where it has not."""
    with database.reading(store) as connection:
        at = base.changed_after(connection, revision, audited)
    return datetime.fromisoformat(at) if at else None


def copy(store: Path, target: Path) -> Facts:
    """Copy the store as it stands into a new file; what it was. The caller holds the store still (:func:`still`).

    :class:`StoreUnusable` where the store is damaged. Writers wait for this alone; see :func:`prove`.
    """
    with _reading(store) as connection:
        found = _facts(connection)
        connection.execute("VACUUM INTO ?", (str(target),))
    return found


def prove(target: Path, found: Facts) -> None:
    """Have the copy reach the disk and prove it: SQLite's check, what it is, its rows. Else :class:`BackupError`.

    What is worked out of posts is as it stood in the store, which every look at the store and a restore work out anew.
    """
    flush(target)
    try:
        check(target, derived=False)
        same = facts(target) == found
    except StoreUnusable:  # its sentence would name the hidden copy, and speak of the store as damaged
        same = False
    if not same:
        raise BackupError("資料庫的副本與原檔內容不符，這次備份作廢，請檢查備份資料夾所在的磁碟後再試。")


def still(store: Path) -> AbstractContextManager[None]:
    """Nobody writes while the block runs. A store that nobody can write needs no lock."""
    return gate.lock(store) if database.writable(store) else nullcontext()


def check(path: Path, *, derived: bool = True) -> None:
    """Read everything, of any schema version; :class:`StoreUnusable` for damage or a value that is not as stored.
    ``derived`` as in :func:`soundness.fault`."""
    with _reading(path) as connection:
        database.require_sound(connection, path)
        if found := soundness.fault(connection, derived=derived):
            raise damage.damaged(path, found)


def flush(path: Path) -> None:
    """Have a file or folder reach the disk before anything relies on it."""
    if path.is_dir() and os.name == "nt":  # folders cannot be opened there
        return
    opened = os.open(path, os.O_RDONLY if path.is_dir() or os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a store of any version; where possible one that may roll back what a killed writer left."""
    database.inspect_file(path)
    mode = "rw" if database.writable(path) else "ro"
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    with (
        database.translated(path),
        closing(sqlite3.connect(uri, uri=True, timeout=database.BUSY_SECONDS, isolation_level=None)) as connection,
    ):
        yield connection


def _facts(connection: sqlite3.Connection) -> Facts:
    tables = base.tables(connection)
    return Facts(
        schema=base.schema(connection),
        kind=base.kind(connection),
        born=base.born(connection),
        revision=base.revision(connection),
        audited=base.audited(connection),
        changed_at=base.changed_at(connection),
        counts={name: base.count(connection, name) for name in COUNTED if name in tables},
        originals=tuple(base.hashes(connection)),
    )
