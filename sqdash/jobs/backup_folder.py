"""Where a store's backups are, which there are, and what was noted of them.

A folder holds one folder a backup (the store's copy and its manifest), ``originals`` (the imported files by hash,
shared by all of them) and ``state.json`` (what tests and second copies came to, of each store: stores of one name may
share the folder). A backup appears whole or not at all.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sqdash import settings
from sqdash.errors import BackupError
from sqdash.jobs import backup_manifest
from sqdash.jobs.backup_manifest import Manifest
from sqdash.store import copying

POOL = "originals"
MAKING = ".making-"
_NAME = re.compile(r"[0-9]{8}T[0-9]{9}Z-[a-z]+")
_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Places:
    """A store's folder of backups, and a second one that gets a copy of each (None: there is none)."""

    first: Path
    second: Path | None = None

    @property
    def one(self) -> bool:
        """Whether the second is the first under another name: then no copy of it is anywhere else."""
        return self.second is not None and self.second.resolve() == self.first.resolve()


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is whole as far as its manifest says."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """What the backup is called: its folder's name."""
        return self.folder.name

    @property
    def file(self) -> Path:
        """The copy of the store in it."""
        return self.folder / backup_manifest.STORE


def places(store: Path) -> Places:
    """As set, or ``backups`` beside the store; in each a folder with the store's name."""
    given = settings.load().backups
    first = given.folder or store.parent / "backups"
    return Places(first / store.name, given.second / store.name if given.second else None)


def listed(folder: Path) -> list[Backup]:
    """The backups in a folder, the newest first; what has no readable manifest is not among them.

    Of one store the newest is that of its newest state: a clock that was ahead for a while would otherwise have an old
    state be the one to restore for years.
    """
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if _NAME.fullmatch(path.name) and (path / backup_manifest.STORE).is_file():
            try:
                found.append(Backup(path, backup_manifest.read(path)))
            except BackupError:
                continue
    found.sort(key=lambda one: (one.manifest.moment, one.name))
    states: dict[str, list[Backup]] = {}
    for one in sorted(found, key=lambda one: (one.manifest.revision, one.manifest.audited)):
        states.setdefault(one.manifest.born, []).append(one)
    return [states[one.manifest.born].pop() for one in reversed(found)]


def good(folder: Path) -> list[Backup]:
    """As :func:`listed`, without one that a restore test found bad. Reads no store: the first is what to restore where
    the store is damaged."""
    bad = {said.get("backup") for said in noted(folder, "tested").values() if said.get("good") is False}
    return [one for one in listed(folder) if one.name not in bad]


def broken(folder: Path) -> list[str]:
    """Names of backups whose manifest or store copy cannot be read; they are never removed by themselves."""
    good = {one.name for one in listed(folder)}
    names = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    return sorted(name for name in names if _NAME.fullmatch(name) and name not in good)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else makes, tests or removes backups in the folder while the block runs; it is made where it is missing.

    What a killed process left half made is cleared away. :class:`BackupError` after 30 s.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=_WAIT_SECONDS):
            for left in [*folder.glob(f"{MAKING}*"), *(folder / POOL).glob(f"{MAKING}*")]:
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)
            yield
    except Timeout:
        raise BackupError("另一個程序正在備份，等了 30 秒仍未結束，請稍後再試。") from None


def noted(folder: Path, what: str) -> dict[str, Mapping[str, Any]]:
    """Store (as its manifest's ``born`` tells it) → what was noted last; none where nothing was, or where it cannot be
    read. Under "" is what was noted before stores were told apart."""
    said = _state(folder).get(what)
    if not isinstance(said, dict):
        return {}
    found = {"": said} if "at" in said else said
    return {born: one for born, one in found.items() if isinstance(one, dict)}


def note(folder: Path, born: str, **what: object) -> None:
    """Note something of a store beside what is there; the caller is alone in the folder."""
    told = {
        name: {**{of: one for of, one in noted(folder, name).items() if of}, born: said} for name, said in what.items()
    }
    making = folder / f"{MAKING}state.json"
    making.write_text(json.dumps({**_state(folder), **told}, ensure_ascii=False, indent=2), "utf-8")
    copying.flush(making)
    making.replace(folder / "state.json")


def _state(folder: Path) -> Mapping[str, Any]:
    try:
        said = json.loads((folder / "state.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
