"""Does the newest backup restore? It is put into a folder of its own, proved, and its results are worked out anew."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

from sqdash import __version__, periods
from sqdash.errors import BackupError, SqdashError, StoreError
from sqdash.jobs import backup, backup_folder, backup_manifest, backup_state, restoring
from sqdash.jobs.backup_folder import MAKING, Backup
from sqdash.jobs.backup_state import Noted
from sqdash.store import copying, database

_MOVED = ("revisions", "audit_log")
"""Restoring adds lines to these, and lines that are old by now leave the log: counted as the copy was brought."""


def due(store: Path, folder: Path) -> bool:
    """Whether there is a backup of the store, and no test has been made today (Taipei)."""
    last, today = backup_state.tested(folder, store), periods.today()
    return backup.newest(store, folder) is not None and (
        last is None or last.at.astimezone(periods.TAIPEI).date() != today
    )


def run(store: Path, folder: Path | None = None) -> Noted:
    """Test the newest backup, note what came of it; :class:`BackupError` where there is none."""
    place = folder or backup_folder.places(store).first
    newest = _newest(store, place)
    if newest is None:
        raise BackupError(f"「{place}」裡還沒有備份可以測試，請先備份一次。")
    with backup_folder.alone(place):
        begun = time.monotonic()
        try:
            found, good = _prove(newest, place), True
        except SqdashError as error:
            found, good = f"還原測試沒有通過：{error}", False
        took = int((time.monotonic() - begun) * 1000)
        at = periods.now().isoformat(timespec="milliseconds")
        said = {"at": at, "backup": newest.name, "good": good, "found": found, "milliseconds": took}
        backup_folder.note(place, newest.manifest.born, tested=said)
    noted = backup_state.tested(place, store)
    if noted is None:
        raise BackupError(f"還原測試的結果無法寫入「{place}」，請檢查資料夾權限與磁碟空間。")
    return noted


def _newest(store: Path, place: Path) -> Backup | None:
    """The newest backup of the store, one that failed its last test as well; of any store where this one is gone or
    damaged and cannot say which it is."""
    found = backup_folder.listed(place)
    try:
        born = copying.state(store).born
    except StoreError:
        return next(iter(found), None)
    return next((one for one in found if one.manifest.born == born), None)


def _prove(newest: Backup, place: Path) -> str:
    manifest = newest.manifest
    with tempfile.TemporaryDirectory(prefix=MAKING, dir=place, ignore_cleanup_errors=True) as folder:
        store = Path(folder) / "test" / "store.db"
        restored = restoring.restore(store, newest.folder, by="還原測試", reason="還原測試")
        database.quick_check(store)
        counts = copying.facts(store).counts | {name: restored.facts.counts.get(name) for name in _MOVED}
        if {name: counts.get(name) for name in manifest.counts} != dict(manifest.counts):
            raise BackupError("還原後的列數與備份清單不符。")
        missing = f"，缺 {restored.missing:,} 個原始檔" if restored.missing else ""
        rows = sum(manifest.counts.values())
        return f"還原完好，{rows:,} 列相符，{_results(store, newest)}{missing}。"


def _results(store: Path, newest: Backup) -> str:
    then = newest.manifest.results
    if then is None or (then.program, then.schema) != (__version__, database.SCHEMA_VERSION):
        return "備份與現在的程式版本不同，指標結果沒有比對"
    now = backup_manifest.results(store, then.schema, as_of=date.fromisoformat(then.as_of), year=then.year)
    if now != then:
        raise BackupError(f"還原後 {then.year} 年度的指標結果與備份時不同。")
    return f"{then.year} 年度指標結果相同"
