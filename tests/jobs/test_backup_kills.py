"""A backup, a restore or a migration that is killed leaves the old state or the new one; the next run clears up."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils import Migrations
from sqlite_utils.db import Database

from sqdash.jobs import backup, backup_folder, restoring, setup, upload
from sqdash.store import copying, database, digests, originals, schema
from tests.jobs.killing import killed_at, moments
from tests.jobs.test_upload import write_file
from tests.making import BY, beside, looking

Copy = Callable[[str], Path]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs fork and kill")


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--kills"))


@pytest.fixture
def changed(copy: Copy, tmp_path: Path) -> Path:
    """A store with an imported file, whose original is kept."""
    (tmp_path / "made").mkdir()
    store = Path(shutil.copy(copy("report"), tmp_path / "made" / "sqdash.db"))
    upload.import_file(store, write_file(tmp_path, "假日.csv", "day,label,working", "2014-01-01,元旦,0"), by=BY)
    return store


def fresh(store: Path, folder: Path) -> Path:
    """A copy of everything the store's folder has."""
    shutil.copytree(store.parent, folder)
    return folder / store.name


def sound(store: Path) -> copying.Facts:
    with looking(store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return copying.facts(store)


def hidden(folder: Path) -> list[str]:
    """What is left half made in a folder and those below it."""
    return sorted(path.name for path in folder.rglob(".*") if path.name != ".lock")


def test_a_killed_backup_is_there_whole_or_not_at_all(changed: Path, tmp_path: Path, kills: int) -> None:
    before = sound(changed)
    (sha256,) = (path.name for path in originals.folder(changed).iterdir())
    counted = fresh(changed, tmp_path / "counted")
    done = 0
    for n, step in enumerate(moments(lambda: backup.make(counted, why="hand", by=BY), kills)):
        store = fresh(changed, tmp_path / f"kill-{n}")
        assert not killed_at(lambda: backup.make(store, why="hand", by=BY), step)  # noqa: B023 - run at once
        assert sound(store) == before
        folder = backup_folder.places(store).first
        for one in backup_folder.listed(folder):
            done += 1
            assert copying.facts(one.file) == before
            assert (folder / "originals" / sha256).is_file()
        assert backup_folder.broken(folder) == []
        backup.make(store, why="hand", by=BY)
        assert hidden(store.parent) == []
    assert done < kills


def test_a_killed_restore_leaves_the_old_store_or_the_new_one(changed: Path, tmp_path: Path, kills: int) -> None:
    chosen = backup.make(changed, why="hand", by=BY).backup
    upload.import_file(changed, write_file(tmp_path, "b.csv", "day,label,working", "2014-02-28,和平紀念日,0"), by=BY)
    shutil.rmtree(originals.folder(changed))
    before = sound(changed)

    def restore(store: Path) -> Callable[[], object]:
        folder = backup_folder.places(store).first / chosen.name
        return lambda: restoring.restore(store, folder, by=BY, reason="試還原")

    outcomes = set()
    for n, step in enumerate(moments(restore(fresh(changed, tmp_path / "counted")), kills)):
        store = fresh(changed, tmp_path / f"kill-{n}")
        assert not killed_at(restore(store), step)
        after = sound(store)
        new = after.revision == before.revision + 1
        outcomes.add(new)
        if new:
            assert after.counts["imports"] == before.counts["imports"] - 1
            assert len(list(originals.folder(store).glob("?" * 64))) == 1
            restore(store)()
        else:
            assert after == before
            assert (
                restoring.restore(
                    store, backup_folder.places(store).first / chosen.name, by=BY, reason="再還原"
                ).facts.revision
                == chosen.manifest.revision
            )
        assert hidden(store.parent) == []
        assert {name for name in beside(store) if not name.endswith(".lock")} == {"sqdash.db", "backups", "originals"}
    assert outcomes == {False, True}


def one_version_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program whose schema is one version further."""
    further = Migrations("sqdash")
    further._migrations = list(schema.migrations._migrations)
    version = database.SCHEMA_VERSION + 1

    @further()
    def m999_further(db: Database) -> None:
        for n in range(20):
            db.execute(f"CREATE TABLE further_{n} (name TEXT NOT NULL) STRICT")
            db.execute(f"INSERT INTO further_{n} SELECT label FROM methods")
        db.execute("ALTER TABLE readings ADD COLUMN further TEXT")
        db.execute(f"PRAGMA user_version = {version}")
        digests.lay(db.conn)

    monkeypatch.setattr(schema, "migrations", further)
    for module in (schema, database):
        monkeypatch.setattr(module, "SCHEMA_VERSION", version)


def test_a_killed_migration_leaves_the_old_version_or_the_new_one_and_a_backup(
    changed: Path, tmp_path: Path, kills: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sound(changed)
    old = database.SCHEMA_VERSION
    with monkeypatch.context() as later:
        one_version_further(later)
        counted = fresh(changed, tmp_path / "counted")
        for n, step in enumerate(moments(lambda: setup.init(counted), kills)):
            store = fresh(changed, tmp_path / f"kill-{n}")
            assert not killed_at(lambda: setup.init(store), step)  # noqa: B023 - run at once
            after = sound(store)
            assert after.schema in (old, old + 1)
            assert (after.revision, after.counts) == (before.revision, before.counts)
            backups = backup_folder.listed(backup_folder.places(store).first)
            assert [one.manifest.schema for one in backups] == [old] * len(backups)
            assert backups or after.schema == old  # nothing is migrated without one
            setup.init(store)
            assert sound(store).schema == old + 1
    shutil.copy(changed, tmp_path / "old.db")
    with looking(tmp_path / "old.db") as connection:
        assert connection.execute("SELECT count(*) FROM methods").fetchone() == (48,)


def test_a_migration_without_a_backup_is_not_begun(changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = changed.read_bytes()
    backup_folder.places(changed).first.parent.write_text("a file where the folder should be")
    with monkeypatch.context() as later:
        one_version_further(later)
        with pytest.raises(backup.BackupError, match="升級資料庫前的備份沒有完成，因此沒有升級資料庫：") as raised:
            setup.init(changed)
    assert str(raised.value).count("。") == 1
    assert changed.read_bytes() == before
