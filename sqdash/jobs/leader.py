"""One process at a time pulls into a store, and one backs it up at intervals: the leader of a task holds a file lock.

Beside the lock it says who it is.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from sqdash import periods
from sqdash.errors import AnotherLeads, StoreError

Task = Literal["pull", "backup"]
_DOING: dict[Task, str] = {"pull": "擷取", "backup": "定時備份"}
_LOOKED_AT = 1.0
"""Seconds to try for the lock: whoever only asks who leads holds it for a moment too."""


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads: process, machine, since when (UTC) and every how many seconds it does its task (None: once)."""

    pid: int
    host: str
    since: datetime
    every: float | None


def _lock_file(store: Path, task: Task) -> Path:
    return Path(f"{store}.{task}.lock")


def _note_file(store: Path, task: Task) -> Path:
    return Path(f"{store}.{task}.json")


@contextmanager
def leading(store: Path, every: float | None = None, task: Task = "pull") -> Iterator[None]:
    """Lead while the block runs; :class:`AnotherLeads` when another process does. The lock ends with the process."""
    lock = FileLock(_lock_file(store, task), timeout=_LOOKED_AT)
    try:
        lock.acquire()
    except Timeout:
        raise AnotherLeads(_sentence(current(store, task), task)) from None
    except OSError as error:
        raise StoreError(f"無法在「{store.parent}」建立鎖定檔，請檢查資料夾權限。") from error
    note = _note_file(store, task)
    try:
        since = periods.noted(periods.now())
        about = {"pid": os.getpid(), "host": socket.gethostname(), "since": since, "every": every}
        with suppress(OSError):  # who leads is worth knowing, but the lock decides
            note.write_text(json.dumps(about), "utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def current(store: Path, task: Task = "pull") -> Leader | None:
    """Who leads, if somebody does and says so."""
    lock = FileLock(_lock_file(store, task), timeout=0)
    if not _lock_file(store, task).exists():
        return None
    try:
        with lock:
            return None
    except (Timeout, OSError):
        pass
    try:
        said = json.loads(_note_file(store, task).read_text("utf-8"))
        every = said["every"]
        return Leader(
            int(said["pid"]),
            str(said["host"]),
            datetime.fromisoformat(said["since"]),
            None if every is None else float(every),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Leader(0, "", periods.now(), None)


def broken_off(store: Path, running: Callable[[], bool]) -> bool:
    """Whether the newest run, which never said how it ended, was broken off: nobody pulls. ``running`` says whether it
    has said so yet; it is asked again, since a run may end between two looks."""
    return running() and current(store) is None and running()


def _sentence(leader: Leader | None, task: Task) -> str:
    who = (
        f"程序 {leader.pid}（{leader.host}，自 {periods.roc_moment(leader.since)} 起）"
        if leader and leader.pid
        else "另一個程序"
    )
    return f"{who}正在{_DOING[task]}這個資料庫，這次沒有動作，請等它結束或先停止它。"


def wish(store: Path) -> None:
    """Ask the leader to pull now rather than at its time."""
    _wish_file(store).touch()


def take_wish(store: Path) -> bool:
    """Whether somebody asked since the last time."""
    try:
        _wish_file(store).unlink()
    except OSError:
        return False
    return True


def _wish_file(store: Path) -> Path:
    return Path(f"{store}.pull.wish")
