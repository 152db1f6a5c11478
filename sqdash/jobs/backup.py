"""Making backups: by hand, at intervals, and before what could go wrong."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqdash import __version__, periods
from sqdash.errors import BackupError, StoreError, StoreUnusable
from sqdash.jobs import backup_folder, backup_manifest, backup_rules
from sqdash.jobs.backup_folder import MAKING, POOL, Backup, Places
from sqdash.jobs.backup_manifest import FILE, STORE, Manifest
from sqdash.store import copying, database, originals, swapping, wholeness

SPARE = 1.2
"""A backup is begun only where this many times its size is free."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made; ``second`` is why the second folder has no copy (None: it has one, or there is none)."""

    backup: Backup
    second: str | None


def make(store: Path, *, why: str, by: str, to: Places | None = None) -> Made:
    """Back the store up as it stands, then remove what the rule says; ``why`` is a key of ``backup_manifest.WHYS``.

    :class:`BackupError` where it could not be made, :class:`StoreUnusable` where the store is damaged; the folder is
    then as it was. A second folder that fails never stops the first.
    """
    to = to or backup_folder.places(store)
    database.inspect_file(store)
    with _in_words(to.first), backup_folder.alone(to.first):
        swapping.clear_leftovers(store)
        made = _make(store, why, by, to.first)
        _prune(to.first)
        second = _second(made, to)
    return Made(made, second)


def moved(store: Path, folder: Path) -> bool:
    """Whether the store changed since its newest good backup, or has none."""
    last, found = newest(store, folder), copying.state(store)
    return last is None or (last.manifest.revision, last.manifest.audited) != (found.revision, found.audited)


def newest(store: Path, folder: Path) -> Backup | None:
    """The newest good backup of this very store; None for none. A restore test that failed makes a backup no good."""
    found = copying.state(store)
    ours = (
        one
        for one in backup_folder.good(folder)
        if one.manifest.born == found.born and one.manifest.revision <= found.revision
    )
    return next(ours, None)


def before(store: Path, what: str, *, why: str, by: str) -> None:
    """Back up before something that could go wrong, unless the newest backup has all that stands.

    :class:`BackupError` says that ``what`` (升級資料庫, 匯入) was not begun: going on would be a change without a way
    back, and the remedy takes a minute.
    """
    try:
        if why == "migration" or moved(store, backup_folder.places(store).first):
            make(store, why=why, by=by)
    except BackupError as error:
        raise BackupError(f"{what}前的備份沒有完成，因此沒有{what}：{error}") from error


def before_import(store: Path, *, by: str) -> None:
    """As :func:`before`, where the store is real and has something in it."""
    found = copying.state(store)
    if found.revision and found.kind == "real":
        before(store, "匯入", why="import", by=by)


def _make(store: Path, why: str, by: str, folder: Path) -> Backup:
    _require_space(folder, store.stat().st_size)
    with tempfile.TemporaryDirectory(prefix=MAKING, dir=folder, ignore_cleanup_errors=True) as making:
        place = Path(making) / "backup"
        place.mkdir()
        with copying.still(store):
            found = copying.copy(store, place / STORE)
            now = periods.now()
            current = found.schema == database.SCHEMA_VERSION
            results = backup_manifest.results(store, found.schema) if current else None
        _prove(store, place / STORE, found)
        kept, not_kept = keep_originals(originals.folder(store), folder / POOL, found.originals, link=True)
        manifest = Manifest(
            made_at=now.isoformat(timespec="milliseconds"),
            why=why,
            by=by,
            store=store.name,
            kind=found.kind,
            born=found.born,
            revision=found.revision,
            audited=found.audited,
            schema=found.schema,
            changed_at=found.changed_at,
            sha256=backup_manifest.digest(place / STORE),
            size=(place / STORE).stat().st_size,
            counts=found.counts,
            originals=kept,
            not_kept=not_kept,
            program=__version__,
            results=results,
        )
        manifest.write(place)
        return Backup(_publish(place, folder / f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z-{why}"), manifest)


def _prove(store: Path, copy: Path, found: copying.Facts) -> None:
    try:
        copying.prove(copy, found)
    except BackupError:  # a copy is as damaged as its store
        if found.schema == database.SCHEMA_VERSION:
            wholeness.require(store, whole=True)
        raise


def keep_originals(
    source: Path, pool: Path, hashes: Sequence[str], *, link: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Put the files of these hashes into the pool where they are not; which are there then, and which are not.

    A file whose content is not what its name says is not taken. ``link``: a hard link where possible, for no originals
    are ever changed.
    """
    kept: list[str] = []
    missing: list[str] = []
    for name in hashes:
        there = (pool / name).is_file() or _keep(source / name, pool, name, link=link)
        (kept if there else missing).append(name)
    return tuple(kept), tuple(missing)


def _keep(file: Path, pool: Path, name: str, *, link: bool) -> bool:
    if not file.is_file() or backup_manifest.digest(file) != name:
        return False
    pool.mkdir(exist_ok=True)
    making = pool / f"{MAKING}{name}"
    making.unlink(missing_ok=True)
    try:
        if not link:
            raise OSError
        os.link(file, making)
    except OSError:  # another disk, or a file system without hard links
        shutil.copyfile(file, making)
        copying.flush(making)
    making.replace(pool / name)
    return True


def _publish(place: Path, target: Path) -> Path:
    copying.flush(place)
    place.rename(target)
    copying.flush(target.parent)
    return target


def _second(made: Backup, to: Places) -> str | None:
    """Copy a backup to the second folder; why that failed, or None."""
    if to.second is None:
        return None
    try:
        if to.one:  # it would wait for itself
            raise BackupError("第二個備份資料夾就是第一個，請把 SQDASH_BACKUP_COPY 改到另一個磁碟或網路資料夾。")
        with _in_words(to.second), backup_folder.alone(to.second):
            _copy(made, to.first, to.second)
            _prune(to.second)
        failed = None
    except StoreError as error:
        failed = str(error)
    at = periods.now().isoformat(timespec="milliseconds")
    backup_folder.note(to.first, made.manifest.born, second={"at": at, "backup": made.name, "error": failed})
    return failed


def _copy(made: Backup, first: Path, second: Path) -> None:
    _require_space(second, made.manifest.size)
    with tempfile.TemporaryDirectory(prefix=MAKING, dir=second, ignore_cleanup_errors=True) as making:
        place = Path(making) / "backup"
        place.mkdir()
        for name in (STORE, FILE):
            shutil.copyfile(made.folder / name, place / name)
            copying.flush(place / name)
        if backup_manifest.digest(place / STORE) != made.manifest.sha256:
            raise BackupError(f"寫入「{second}」的副本與備份內容不符，請檢查那個資料夾所在的磁碟。")
        keep_originals(first / POOL, second / POOL, made.manifest.originals)
        _publish(place, second / made.name)


def _prune(folder: Path) -> None:
    """Remove what the rule no longer keeps: hidden first, so that none ever stands there half removed.

    Stores of one name may share the folder: a backup of one is none of another.
    """
    of_store: dict[str, list[backup_rules.Made]] = {}
    for one in backup_folder.listed(folder):
        found = backup_rules.Made(one.manifest.moment, one.name, one.manifest.why)
        of_store.setdefault(one.manifest.born, []).append(found)
    now = periods.now()
    for name in [name for known in of_store.values() for name in backup_rules.next_to_go(known, now)]:
        going = folder / f"{MAKING}{name}"
        (folder / name).rename(going)
        shutil.rmtree(going, ignore_errors=True)


def _require_space(folder: Path, size: int) -> None:
    free, need = shutil.disk_usage(folder).free, int(size * SPARE)
    if free < need:
        raise BackupError(
            f"備份資料夾「{folder}」所在的磁碟只剩 {_size(free)}，至少需要 {_size(need)}，"
            "請清出空間，或以設定 SQDASH_BACKUP_DIR 改用別的磁碟。"
        )


def _size(number: int) -> str:
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.1f} MB"


def _why(error: OSError) -> str:
    """What a person can do something about; the system's own words are English."""
    said = {errno.ENOENT: "找不到上層資料夾", errno.EACCES: "沒有權限", errno.EPERM: "沒有權限", errno.EROFS: "唯讀"}
    said |= {errno.ENOSPC: "磁碟已滿", errno.ENOTDIR: "路徑上有一個不是資料夾"}
    known = said.get(error.errno or 0, "")
    return f"（{known}）" if known else ""


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """What the disk says about the folder of backups, as a sentence."""
    try:
        yield
    except OSError as error:
        raise BackupError(
            f"無法把備份寫入「{folder}」{_why(error)}，請檢查資料夾權限與磁碟空間；資料庫沒有變更。"
        ) from error
    except StoreUnusable:
        raise
    except StoreError as error:
        if type(error) is StoreError:  # SQLite could not write the copy
            raise BackupError(f"無法把備份寫入「{folder}」，請檢查磁碟空間；資料庫沒有變更。") from error
        raise
