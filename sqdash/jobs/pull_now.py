"""A pull now, asked for at the screen: by the process that pulls at intervals, else by one started for it.

The token goes to that process as every setting does, never as an argument. What it prints stays in a file beside the
store until the next one is started.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqdash import settings as all_settings
from sqdash.errors import SettingsError, StoreError
from sqdash.jobs import leader, page_state, sources
from sqdash.settings import GraphSettings
from sqdash.store import database
from sqdash.store.queries import base
from sqdash.store.queries import pulls as queries

PATIENCE = 45.0
"""Seconds after which a run that has not begun is not waited for any more."""
_LONGEST_WORD = 300
_started: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Asked:
    """``how`` the pull was asked for, ``after`` which run it comes, ``at`` when by the monotonic clock."""

    how: Literal["wished", "started", "running"]
    after: int
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Progress:
    """The page's run so far (None before it begins), whether it is over, and then what to say."""

    run: Mapping[str, Any] | None
    over: bool = False
    sentence: str = ""
    good: bool = False


def ask(store: Path, page_id: str, settings: GraphSettings, *, by: str) -> Asked:
    """Have all pages pulled now; :class:`SettingsError` where none is set up, or the store is a demonstration."""
    with database.reading(store) as connection:
        if base.kind(connection) == "demonstration":
            raise SettingsError("示範資料庫不擷取真實數據，請改用正式資料庫。")
        last = queries.runs(connection, page_id, 1)
    after = int(last[0]["pull"]) if last else 0
    sources.targets(store, settings)
    who = leader.current(store)
    if who and who.every is not None:
        leader.wish(store)
        return Asked("wished", after)
    if who:
        running = bool(last) and last[0]["state"] == "running"
        return Asked("running", after - 1 if running else after)
    _start(store, by)
    return Asked("started", after)


def _log_of(store: Path) -> Path:
    return Path(f"{store}.pull.log")


def _start(store: Path, by: str) -> None:
    named = "=".join(("--by", by))  # in one word: a name may begin like an option
    command = [sys.executable, "-X", "utf8", "-m", "sqdash", "pull", "--db", str(store.resolve()), named]
    try:
        with open(os.open(_log_of(store), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as log:
            child = subprocess.Popen(  # noqa: S603 - our own program
                command,
                cwd=all_settings.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
                | getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
    except OSError as error:
        raise StoreError("無法啟動擷取程序，請檢查資料夾權限，或在命令列執行 python -m sqdash pull。") from error
    _started[store] = child
    threading.Thread(target=child.wait, name="pull-now", daemon=True).start()  # or it would stay a zombie


def progress(store: Path, page_id: str, asked: Asked) -> Progress:
    """How far the pull is that was asked for."""
    with database.reading(store) as connection:
        last = queries.runs(connection, page_id, 1)
    run = last[0] if last and last[0]["pull"] > asked.after else None
    if run and run["state"] != "running":
        return Progress(run, True, _result(run), run["state"] == "done")
    child = _started.get(store) if asked.how == "started" else None
    if child and child.poll() is not None:
        return Progress(run, True, _printed(store))
    if run and sources.broken_off(store, page_id):
        return Progress(run, True, "擷取中途中斷，已存入的部分保留，請再按「立即更新」。")
    if run is None and time.monotonic() - asked.at > PATIENCE:
        return Progress(None, True, "擷取程序還沒有開始擷取這個專頁，請稍後再看擷取紀錄。")
    return Progress(run)


def _result(run: Mapping[str, Any]) -> str:
    state, parts = run["state"], run["parts"]
    added, changed = (sum(part[name] for part in parts) for name in ("added", "changed"))
    moved = f"新增 {added:,} 列、變更 {changed:,} 列" if added or changed else "沒有新的變動"
    if state == "done":
        return f"擷取完成：{moved}。{page_state.lacking([run])}"
    why = f"：{run['error'].rstrip('。')}" if run["error"] else ""
    return f"擷取{sources.STATES[state]}（{moved}）{why}。"


def _printed(store: Path) -> str:
    """The last sentence that the process said of why it ended."""
    try:
        lines = _log_of(store).read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    said = lines[-1].strip()[:_LONGEST_WORD] if lines else ""
    return (
        said
        if said.endswith("。")
        else "擷取程序沒有完成就結束了，請稍後再試，或在命令列執行 python -m sqdash pull 查看原因。"
    )


def limited_until(runs: Sequence[Mapping[str, Any]], now: datetime) -> datetime | None:
    """When Meta's limit on the page ends, by its last run; None where there is none."""
    at = runs[0]["resume_at"] if runs else None
    resume = datetime.fromisoformat(at) if at else None
    return resume if resume and resume > now else None
