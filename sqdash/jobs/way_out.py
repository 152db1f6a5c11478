"""What a person is told to do about a damaged store: restore the newest good backup, by its name where there is one."""

from __future__ import annotations

import shlex
from pathlib import Path

from sqdash import periods, settings
from sqdash.errors import SqdashError
from sqdash.jobs import backup_folder
from sqdash.store import damage


def tell() -> None:
    """From now on the sentence about a damaged store names the backup; for each process that people read from."""
    if words not in damage.ways_out:
        damage.ways_out.append(words)


def words(store: Path) -> str:
    """As a clause; the damaged store itself is not asked. A backup that failed its restore test is passed over."""
    try:
        folder = backup_folder.places(store).first
        newest = next(iter(backup_folder.good(folder)), None)
    except (SqdashError, OSError):
        return ""
    if newest is None:
        return "保留檔案並請維護人員搶救（沒有找到備份）"
    at = periods.roc_moment(newest.manifest.moment)
    command = ["python", "-m", "sqdash", "restore", str(newest.folder), *_named(store)]
    return f"還原最近的備份「{newest.name}」（{at}），執行 {shlex.join(command)}"


def _named(store: Path) -> list[str]:
    """The option that names the store, unless a command finds it without: it would restore into another."""
    return [] if settings.load().db.resolve() == store.resolve() else ["--db", str(store)]
