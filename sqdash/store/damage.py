"""What is said of a store in which SQLite found damage, or that is not there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sqdash.errors import SettingsError, StoreMissing, StoreUnusable
from sqdash.store import marks
from sqdash.store.marks import Mark

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
        _met[path] = (marks.of(path), found or "讀取時發現")
    what = f"（{found}）" if found else ""
    error = StoreUnusable(f"資料庫「{path}」已損壞{what}，為免顯示錯誤的數字已停止讀取，請停止使用，{way(path)}。")
    error.damage = found or "讀取時發現"
    return error


def met(path: Path) -> str:
    """The damage that this process met in the file that stands there now; empty for none."""
    if path not in _met:
        return ""
    seen, found = _met[path]
    return found if marks.of(path).follows(seen) else ""
