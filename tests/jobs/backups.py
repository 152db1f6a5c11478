"""Stores that are backed up: small changes, and what can be spoilt in a backup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqdash.jobs import backup, backup_folder, backup_manifest
from sqdash.jobs.backup_folder import Backup
from tests.making import BY, put, row


def change(store: Path, day: int = 1) -> None:
    """One more holiday, the ``day``-th of January 2014."""
    put(store, "holidays", row("holidays", day=f"2014-01-{day:02}", label="元旦", working=0))


def backed_up(store: Path, why: str = "hand") -> Backup:
    return backup.make(store, why=why, by=BY).backup


def folder_of(store: Path) -> Path:
    return backup_folder.places(store).first


def names(folder: Path) -> set[str]:
    """What stands in a folder of backups, but for its lock."""
    return {path.name for path in folder.iterdir()} - {".lock"}


def respell(one: Backup, **said: Any) -> None:
    """Have the manifest say something else."""
    path = one.folder / backup_manifest.FILE
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | said), "utf-8")
