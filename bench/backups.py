"""What a backup, its test and a restore cost, beside a plain copy of the file; and how long writers have to wait."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from unittest import mock

from bench import posts_file
from bench.measure import compare
from sqdash import periods
from sqdash.importers.base import Answers
from sqdash.importers.sources import Bytes
from sqdash.jobs import backup, backup_folder, backup_manifest, restore_test, restoring, setup, upload
from sqdash.store import copying

MANY, RUNS = 100_000, 5
SEEN = datetime(2026, 11, 1, 8, tzinfo=periods.TAIPEI)


def main(folder: Path) -> None:
    """Make a store of 100,000 posts and a demonstration, measure, print."""
    many, demo = folder / "many" / "sqdash.db", folder / "few" / "demo.db"
    for store in (many, demo):
        store.parent.mkdir()
    setup.init(many)
    posts_file.write(folder / "many.csv", MANY)
    upload.import_file(many, Bytes(folder / "many.csv"), by="bench", answers=Answers(observed_at=SEEN))
    setup.init(demo, demonstration=True)
    for name, store in ((f"{MANY:,} posts", many), ("demonstration", demo)):
        _measure(name, store, folder)


def _measure(name: str, store: Path, folder: Path) -> None:
    print(f"{name}: {store.stat().st_size / 1e6:.1f} MB", flush=True)
    plain = folder / "plain.db"

    def floor() -> None:
        shutil.copyfile(store, plain)
        copying.flush(plain)

    def held() -> None:
        with copying.still(store):
            (folder / "held.db").unlink(missing_ok=True)
            found = copying.copy(store, folder / "held.db")
            backup_manifest.results(store, found.schema)

    made = backup.make(store, why="hand", by="bench").backup
    first = backup_folder.places(store).first
    with mock.patch.object(backup, "_prune"):  # the one that is restored stays
        for what, job in (
            ("backup", lambda: backup.make(store, why="hand", by="bench")),
            ("of that, writers wait", held),
            (
                "restore, with the backup of what stands",
                lambda: restoring.restore(store, made.folder, by="b", reason="b"),
            ),
            ("restore test", lambda: restore_test.run(store, first)),
        ):
            print(compare(f"  {what}", job, "plain copy, synced", floor, RUNS).line(), flush=True)
