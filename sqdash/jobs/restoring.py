"""Putting a backup in the store's place, or on an empty machine: proved beside the store first, then swapped in."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from sqdash import periods
from sqdash.errors import BackupError, StoreBusy, StoreTooNew, StoreUnusable
from sqdash.jobs import backup, backup_folder, backup_manifest
from sqdash.jobs.backup_folder import POOL
from sqdash.jobs.backup_manifest import Manifest
from sqdash.jobs.entries import reason_of
from sqdash.store import copying, database, gate, originals, swapping
from sqdash.store.copying import Facts
from sqdash.store.swapping import Standing

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, or would be (``revision`` None).

    ``facts`` are the backup's, brought up to date; ``standing`` is what stood there; ``kept`` is the backup made of it,
    ``aside`` where a damaged file was moved; ``missing`` counts imported files that the backup does not have.
    """

    file: Path
    manifest: Manifest | None
    facts: Facts
    standing: Standing
    missing: int
    revision: int | None = None
    kept: Path | None = None
    aside: Path | None = None
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """In words, for a command and the screen."""
        at = f"（{periods.roc_moment(self.manifest.moment)} 備份）" if self.manifest else ""
        what = f"「{self.file.parent.name if self.manifest else self.file.name}」{at}"
        if self.revision is None:
            return f"{what}完好，可以還原；這次沒有變更任何資料。"
        return f"已還原{what}，現在是修訂 {self.revision:,}。"


@dataclass(frozen=True, slots=True)
class _Source:
    file: Path
    manifest: Manifest | None
    pool: Path


def restore(store: Path, given: Path, *, by: str, reason: str, dry_run: bool = False) -> Restored:
    """Put the backup (its folder, or the file in it) in the store's place; whatever fails leaves the store as it was.

    What stands is backed up first; a damaged file is set aside instead. ``dry_run`` proves the backup and stops.
    """
    why = reason_of(reason, of="還原備份")
    source = _find(given)
    with swapping.place(store) as folder:
        successor = folder / store.name
        _bring(source, successor)
        facts = copying.facts(successor)
        stood = _file(store)
        standing = swapping.standing(store)
        _require_kind(store, standing, facts)
        done = Restored(source.file, source.manifest, facts, standing, _missing(store, source))
        if dry_run:
            return done
        if standing == "whole":
            database.require_writable(store)  # a rename would pass over the mark that somebody put on the file
        for _ in range(_TRIES):
            kept = backup.make(store, why="restore", by=by) if standing == "whole" else None
            with gate.lock(store):
                if _file(store) != stood:
                    raise StoreBusy("資料庫的檔案剛剛被換過，還原沒有開始，請再試一次。")
                if kept and _moved(store, kept.backup.manifest):
                    continue  # a change came between: it is backed up too
                return _swap(store, source, successor, done, kept, by, why)
    raise StoreBusy("資料庫一直有新的變更，還原沒有開始，請先停止擷取與匯入後再試。")


def _file(store: Path) -> tuple[int, int] | None:
    """Which file stands at the path; None for none."""
    return database.identity(store) if store.exists() else None


def _find(given: Path) -> _Source:
    """The copy that is meant by a backup's folder, its manifest, its copy, or a bare copy of a store."""
    folder = given if given.is_dir() else given.parent
    file = folder / backup_manifest.STORE if given.is_dir() or given.name == backup_manifest.FILE else given
    if not file.exists():
        raise BackupError(f"找不到備份「{given}」，請指定備份的資料夾或其中的 {backup_manifest.STORE}。")
    known = file.name == backup_manifest.STORE and (folder / backup_manifest.FILE).exists()
    return _Source(file, backup_manifest.read(folder) if known else None, folder.parent / POOL)


def _bring(source: _Source, successor: Path) -> None:
    """Copy the backup beside the store, prove it, bring it up to date; :class:`BackupError` says what is wrong."""
    shown = source.file
    size = shown.stat().st_size
    if size == 0:
        raise BackupError(f"備份「{shown}」是 0 位元組的空檔，資料庫沒有變更，請改選另一個備份。")
    free, need = shutil.disk_usage(successor.parent).free, int(size * backup.SPARE)
    if free < need:
        raise BackupError(
            f"磁碟只剩 {free / 1e6:,.1f} MB，還原至少需要 {need / 1e6:,.1f} MB，請清出空間後再試；資料庫沒有變更。"
        )
    shutil.copyfile(shown, successor)
    if source.manifest and backup_manifest.digest(successor) != source.manifest.sha256:
        raise BackupError(f"備份「{shown}」與清單的 SHA-256 不符，已損壞或被改過，資料庫沒有變更，請改選另一個備份。")
    try:
        copying.facts(successor)
        copying.check(successor)
        gate.migrate(successor, lambda: None)  # only the copy: the backup itself stays as it is
    except StoreTooNew:
        raise BackupError(f"備份「{shown}」是較新的程式做的，資料庫沒有變更，請改用較新的程式還原。") from None
    except StoreUnusable as error:
        raise BackupError(f"備份「{shown}」{_wrong(shown)}，資料庫沒有變更，請改選另一個備份。") from error


def _wrong(file: Path) -> str:
    with file.open("rb") as opened:
        sqlite = opened.read(16).startswith(b"SQLite format 3")
    if not sqlite:
        return "不是資料庫檔案"
    return "是別的程式的資料庫" if database.is_foreign(file) else "已損壞或不完整"


def _require_kind(store: Path, standing: Standing, facts: Facts) -> None:
    if standing == "whole" and copying.state(store).kind != facts.kind:
        words = ("示範資料", "正式資料") if facts.kind == "demonstration" else ("正式資料", "示範資料")
        raise BackupError(f"這個備份是{words[0]}，而「{store}」是{words[1]}，不能互相取代，請改指另一個資料庫。")


def _missing(store: Path, source: _Source) -> int:
    """How many of the files that the backup once had can be found neither with it nor beside the store."""
    wanted = source.manifest.originals if source.manifest else ()
    beside = originals.folder(store)
    return sum(not (source.pool / name).is_file() and not (beside / name).is_file() for name in wanted)


def _moved(store: Path, manifest: Manifest) -> bool:
    found = copying.state(store)
    return (found.revision, found.audited) != (manifest.revision, manifest.audited)


def _swap(
    store: Path, source: _Source, successor: Path, done: Restored, kept: backup.Made | None, by: str, why: str
) -> Restored:
    notes = []
    if source.manifest:
        backup.keep_originals(source.pool, originals.folder(store), source.manifest.originals)
    name = source.file.parent.name if source.manifest else source.file.name
    after = max([kept.backup.manifest.revision if kept else 0, _newest_known(store)])
    revision = swapping.prepare(
        successor,
        after=after,
        outlasting=copying.outlasting(store) if done.standing == "whole" else copying.Outlasting(),
        by=by,
        reason=f"還原備份 {name}：{why}",
        subject=f"backup {name}",
    )
    old_accounts = done.standing != "whole" and bool(copying.outlasting(successor).people[0])
    aside = swapping.swap(successor, store, done.standing)
    if aside:
        notes.append(f"原來的檔案已損壞，無法先備份，已移到「{aside}」，沒有刪除。")
    if old_accounts:
        notes.append("帳號與密碼是備份當時的，備份之後停用的帳號與換過的密碼，請再停用與重設一次。")
    if done.missing:
        notes.append(f"有 {done.missing:,} 個當時的原始檔不在備份裡，數字不受影響，但不能再下載。")
    if kept and kept.second:
        notes.append(f"還原前的備份沒有第二份：{kept.second}")
    return replace(done, revision=revision, kept=kept.backup.folder if kept else None, aside=aside, notes=tuple(notes))


def _newest_known(store: Path) -> int:
    """The highest revision that any backup of the store has: where the store is damaged, screens may have seen it."""
    known = backup_folder.listed(backup_folder.places(store).first)
    return max((one.manifest.revision for one in known), default=0)
