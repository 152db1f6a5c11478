"""How much could be lost if the store broke now, and what the last restore test and second copy came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqdash import periods
from sqdash.errors import StoreError
from sqdash.jobs import backup, backup_folder
from sqdash.jobs.backup_folder import Backup
from sqdash.store import copying

MOST_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Loss:
    """``minutes`` since the first change (``since``) that the newest good backup does not have; 0 and None for none.

    ``needed`` is False for a demonstration, which can be made again.
    """

    minutes: int
    since: datetime | None
    newest: Backup | None
    needed: bool

    @property
    def good(self) -> bool:
        """Whether no more than an hour's changes could be lost."""
        return not self.needed or self.minutes <= MOST_MINUTES

    @property
    def sentence(self) -> str:
        """In words, for a screen or the check."""
        last = f"最近一次備份 {periods.roc_moment(self.newest.manifest.moment)}" if self.newest else "還沒有備份"
        if not self.needed and self.newest is None:
            return "示範資料可以重新產生，不必備份。"
        if self.since is None:
            return f"{last}，之後沒有變更，現在不會遺失任何資料。"
        lost = f"最多會遺失 {self.minutes:,} 分鐘的變更" if self.minutes else "最多會遺失不到 1 分鐘的變更"
        return f"{last}；資料庫如果現在損毀，{lost}。"


def could_be_lost(store: Path, folder: Path | None = None, now: datetime | None = None) -> Loss:
    """The one function that says it; raises as reading the store does."""
    newest = backup.newest(store, folder or backup_folder.places(store).first)
    has = (newest.manifest.revision, newest.manifest.audited) if newest else (0, 0)
    since = copying.changed_after(store, *has)
    passed = (now or periods.now()) - since if since else timedelta(0)
    kind = newest.manifest.kind if newest else copying.state(store).kind
    return Loss(max(0, int(passed.total_seconds() // 60)), since, newest, kind == "real")


@dataclass(frozen=True, slots=True)
class Noted:
    """What a restore test or a second copy came to: ``found`` is a sentence."""

    at: datetime
    backup: str
    good: bool
    found: str


def tested(folder: Path, store: Path) -> Noted | None:
    """The newest restore test of the store's backups; of any store's where it cannot say which it is. None for none."""
    return _newest(folder, "tested", store)


def second(folder: Path, store: Path) -> Noted | None:
    """The last copy into the second folder, as :func:`tested`."""
    return _newest(folder, "second", store)


def of_one_disk(store: Path, folder: Path) -> bool:
    """Whether both are lost together: so it is where a share is not mounted and its empty place was written to."""
    try:
        return folder.stat().st_dev == store.stat().st_dev
    except OSError:
        return False


def _newest(folder: Path, what: str, store: Path) -> Noted | None:
    said = backup_folder.noted(folder, what)
    born = _born(store) if said else ""
    found = [noted for of, one in said.items() if born in ("", of) or not of if (noted := _noted(one))]
    return max(found, key=lambda one: one.at, default=None)


def _born(store: Path) -> str:
    try:
        return copying.state(store).born
    except StoreError:
        return ""


def _noted(said: Mapping[str, Any]) -> Noted | None:
    try:
        at, backup_name = datetime.fromisoformat(said["at"]), str(said["backup"])
        if "error" in said:  # of a second copy
            return Noted(at, backup_name, said["error"] is None, said["error"] or "第二份已寫入。")
        return Noted(at, backup_name, bool(said["good"]), str(said["found"]))
    except (KeyError, TypeError, ValueError):
        return None
