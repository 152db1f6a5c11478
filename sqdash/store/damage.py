"""What tells one state of a store's file from another, and what is said of a file in which SQLite found damage or
that is not there."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from sqdash.errors import SettingsError, StoreMissing, StoreUnusable


class Mark(NamedTuple):
    """What tells one state of a file from another: device, number, size, time of the last change (ns), and SQLite's
    own counter of changes."""

    device: int
    number: int
    size: int
    changed: int
    counter: int

    def follows(self, earlier: Mark) -> bool:
        """Whether this is the earlier file as it was, or as SQLite wrote on it: its counter then went on.

        With a write-ahead log the counter may stand still, and says nothing.
        """
        from sqdash.store import database  # which opens files, and says by this module what is wrong with them

        if self[:2] != earlier[:2]:
            return False
        return (
            self == earlier
            or self.counter > earlier.counter
            or (self.counter == earlier.counter and database.JOURNAL == "wal")
        )


def mark(path: Path) -> Mark:
    """The mark of the file that stands there now; :class:`StoreError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            header = file.read(28)
    except OSError as error:
        raise StoreUnusable(f"無法讀取資料庫「{path}」，請檢查檔案權限。") from error
    counter = int.from_bytes(header[24:28], "big")
    return Mark(about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, counter)


_met: dict[Path, tuple[Mark, str]] = {}
ways_out: list[Callable[[Path], str]] = []
"""What may be done about a damaged store, as a clause; the first that knows one is asked (see ``jobs.way_out``)."""


def way(path: Path) -> str:
    """What may be done about the store that is damaged or gone, as a clause."""
    return next((words for ask in ways_out if (words := ask(path))), "還原備份")


def missing(path: Path) -> StoreMissing:
    """The error for a store that is not there: it says who named its path, and what to do."""
    import shlex

    from sqdash import settings  # few stores are missing, and no command should wait for it

    try:
        chosen = settings.load().db
    except SettingsError:
        chosen = None
    if path != chosen:
        make = shlex.join(["python", "-m", "sqdash", "init", "--db", str(path)])
        return StoreMissing(f"找不到資料庫「{path}」，請改正路徑，或執行 {make} 建立。")
    if path != settings.STORE:
        what = f"找不到設定 SQDASH_DB 所指的資料庫「{path}」"
        return StoreMissing(f"{what}，請改正設定，或執行 python -m sqdash init 建立。")
    error = StoreMissing(
        f"沒有指定資料庫，預設位置「{path}」也沒有資料庫，請執行 python3 run.py 或 python -m sqdash init 建立，"
        "或指定資料庫的位置。"
    )
    error.option = "db"
    return error


def damaged(path: Path, found: str = "") -> StoreUnusable:
    """The error for a store in which SQLite found damage. From now on :func:`met` tells of it while this file stands
    there."""
    found = " ".join(found.split())[:80]
    with suppress(StoreUnusable):
        _met[path] = (mark(path), found or "讀取時發現")
    what = f"（{found}）" if found else ""
    error = StoreUnusable(f"資料庫「{path}」已損壞{what}，為免顯示錯誤的數字已停止讀取，請停止使用，{way(path)}。")
    error.damage = found or "讀取時發現"
    return error


def met(path: Path) -> str:
    """The damage that this process met in the file that stands there now; empty for none."""
    if path not in _met:
        return ""
    seen, found = _met[path]
    return found if mark(path).follows(seen) else ""
