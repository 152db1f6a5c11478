"""Putting another file in the store's place: at every moment the old store or the new one stands there, whole."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from sqdash.errors import StoreBusy, StoreError, StoreUnusable
from sqdash.store import accounts, alerts, copying, database, gate, originals
from sqdash.store.copying import Outlasting

Standing = Literal["nothing", "whole", "damaged"]
_QUIET_WITHIN = 30.0


def standing(store: Path) -> Standing:
    """What is at the path. Raises where it is not ours to replace: a folder, another program's file, a newer store."""
    if not store.exists() and not store.is_symlink():
        return "nothing"
    if store.is_dir() or database.is_foreign(store):
        database.inspect_file(store)
    try:
        copying.facts(store)
        copying.check(store)
    except StoreUnusable:
        return "damaged"
    return "whole"


@contextmanager
def place(store: Path) -> Iterator[Path]:
    """A folder beside the store to make its successor in; :class:`StoreBusy` while another restore is at work."""
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        real = store.resolve()  # a link stays one: what it leads to is replaced
        with _alone(store, 1.0):
            _clear(store)
            with tempfile.TemporaryDirectory(
                prefix=f".{store.name}.", suffix=".restoring", dir=real.parent, ignore_cleanup_errors=True
            ) as folder:
                yield Path(folder)
    except Timeout:
        raise StoreBusy("另一個程序正在還原這個資料庫，請等它結束後再試。") from None
    except OSError as error:
        raise StoreError(f"無法在「{store.parent}」準備還原，請檢查資料夾權限與磁碟空間；資料庫沒有變更。") from error


def clear_leftovers(store: Path) -> None:
    """Remove what a killed restore left beside the store, unless one is at work."""
    try:
        with _alone(store, 0.0):
            _clear(store)
    except (Timeout, OSError):
        return


def _alone(store: Path, seconds: float) -> FileLock:
    return FileLock(f"{store}.restore.lock", timeout=seconds)


def _clear(store: Path) -> None:
    ours = re.compile(rf"\.{re.escape(store.name)}\.[^.]+\.restoring")
    for sibling in store.resolve().parent.iterdir():
        if ours.fullmatch(sibling.name):
            shutil.rmtree(sibling, ignore_errors=True)
    for left in originals.folder(store).glob(".making-*"):
        left.unlink(missing_ok=True)


def prepare(successor: Path, *, after: int, outlasting: Outlasting, by: str, reason: str, subject: str) -> int:
    """Make a checked copy the store's next state: a revision past ``after``, an audit line, nobody signed in, and
    what outlasts the store that it replaces."""
    with gate.write(successor, by=by, reason=reason) as change:
        change.after = after
        change.connection.execute("DELETE FROM sessions")
        alerts.take_over(change, outlasting.digests)
        accounts.take_over(change, outlasting.people, outlasting.changes)
        revision = change.revision
        change.audit("restore", subject, reason)
    with closing(sqlite3.connect(successor, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    copying.flush(successor)
    return revision


def swap(successor: Path, store: Path, found: Standing) -> Path | None:
    """Replace the store; the caller holds the write lock. Where a damaged file was set aside, which name it has now."""
    store, aside = store.resolve(), None
    if found == "whole":
        _settle(store)
    elif found == "damaged":
        aside = _set_aside(store)
    else:
        database.move_journals(store, database.aside(store))
    try:
        os.replace(successor, store)
    except PermissionError as error:  # Windows, while somebody has the file open
        raise StoreBusy(f"資料庫「{store}」正被開啟，無法換上備份，請關閉儀表板後再試；資料庫沒有變更。") from error
    copying.flush(store.parent)
    return aside


def _settle(store: Path) -> None:
    """Leave nothing beside the store that SQLite would apply to its successor: a killed writer's journal, a WAL."""
    give_up = time.monotonic() + _QUIET_WITHIN
    while True:
        try:
            with closing(sqlite3.connect(store, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")  # rolls a hot journal back
                connection.execute("ROLLBACK")
                # Going there by PERSIST has SQLite remove a journal that was never synced, too; refused while a WAL
                # has readers.
                connection.execute("PRAGMA journal_mode = PERSIST")
                connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
        if not any(Path(f"{store}{end}").exists() for end in database.JOURNALS):
            return
        if time.monotonic() > give_up:
            raise StoreBusy("資料庫一直有人在讀取，等了 30 秒仍無法換上備份，請稍後再試；資料庫沒有變更。")
        time.sleep(0.05)


def _set_aside(store: Path) -> Path:
    """Keep a damaged file under another name, with what belongs to it, while it still stands at its own."""
    aside = database.aside(store)
    try:
        os.link(store, aside)
    except OSError:  # a file system without hard links
        shutil.copy2(store, aside)
    copying.flush(aside)
    database.move_journals(store, aside)
    return aside
