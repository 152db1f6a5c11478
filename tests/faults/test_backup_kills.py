"""A backup or a restore that is killed leaves the old state or the new one; the next run clears up."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.jobs import backup, backup_folder, restoring, upload
from sqdash.store import copying, originals
from tests.faults.killing import killed, moments, needs_fork
from tests.faults.shares import Share
from tests.jobs.files import write_file
from tests.making import BY, beside, looking

Copy = Callable[[str], Path]
pytestmark = needs_fork


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
    found = copying.facts(store)  # takes back what a killed writer had begun to write
    with looking(store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return found


def hidden(folder: Path) -> list[str]:
    """What is left half made in a folder and those below it."""
    return sorted(path.name for path in folder.rglob(".*") if path.name != ".lock")


def test_a_killed_backup_is_there_whole_or_not_at_all(
    changed: Path, tmp_path: Path, share: Share, tell: Callable[..., None]
) -> None:
    before = sound(changed)
    (sha256,) = (path.name for path in originals.folder(changed).iterdir())
    counted = fresh(changed, tmp_path / "counted")
    kills = made = 0
    for moment in moments(lambda: backup.make(counted, why="hand", by=BY), share(25, 100), share.luck):
        store = fresh(changed, tmp_path / "kill")
        ended = killed(lambda: backup.make(store, why="hand", by=BY), moment)  # noqa: B023 - run at once
        assert sound(store) == before
        folder = backup_folder.places(store).first
        there = backup_folder.listed(folder)
        assert there or not ended.done
        for one in there:
            assert copying.facts(one.file) == before
            assert (folder / "originals" / sha256).is_file()
        assert backup_folder.broken(folder) == []
        backup.make(store, why="hand", by=BY)
        assert hidden(store.parent) == []
        kills, made = kills + ended.killed, made + len(there)
        shutil.rmtree(store.parent)
    tell(kills=kills, made_all_the_same=made)
    assert made < share(25, 100)


def test_a_killed_restore_leaves_the_old_store_or_the_new_one(
    changed: Path, tmp_path: Path, share: Share, tell: Callable[..., None]
) -> None:
    chosen = backup.make(changed, why="hand", by=BY).backup
    upload.import_file(changed, write_file(tmp_path, "b.csv", "day,label,working", "2014-02-28,和平紀念日,0"), by=BY)
    shutil.rmtree(originals.folder(changed))
    before = sound(changed)

    def restore(store: Path) -> Callable[[], restoring.Restored]:
        folder = backup_folder.places(store).first / chosen.name
        return lambda: restoring.restore(store, folder, by=BY, reason="試還原")

    kills, outcomes = 0, [0, 0]
    for moment in moments(restore(fresh(changed, tmp_path / "counted")), share(25, 100), share.luck):
        store = fresh(changed, tmp_path / "kill")
        ended = killed(restore(store), moment)
        after = sound(store)
        new = after.revision == before.revision + 1
        kills, outcomes[new] = kills + ended.killed, outcomes[new] + 1
        if new:
            assert after.counts["imports"] == before.counts["imports"] - 1
            assert len(list(originals.folder(store).glob("?" * 64))) == 1
            restore(store)()
        else:
            assert after == before
            assert not ended.done
            assert restore(store)().facts.revision == chosen.manifest.revision
        assert hidden(store.parent) == []
        assert {name for name in beside(store) if not name.endswith(".lock")} == {"sqdash.db", "backups", "originals"}
        shutil.rmtree(store.parent)
    tell(kills=kills, old=outcomes[0], new=outcomes[1])
    assert all(outcomes)
