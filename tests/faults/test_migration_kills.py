"""A migration that is killed, from whatever older version, leaves a store of a version with every row; the next run
ends as one that nobody killed.

Each step from one version to the next is a transaction of its own, so what is left may be any of the versions between,
whole.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sqdash.jobs import backup, backup_folder, setup, upload
from sqdash.store import copying, database, gate
from tests.faults import older
from tests.faults.further import one_version_further
from tests.faults.killing import killed, moments, needs_fork
from tests.faults.shares import Share
from tests.faults.standing import standing
from tests.jobs.meta_files import export, post, seen
from tests.making import BY

pytestmark = needs_fork
Copy = Callable[[str], Path]
NEW = database.SCHEMA_VERSION


@pytest.fixture
def today(copy: Copy) -> Path:
    """A store of today's version with the report's rows and some posts."""
    store = copy("report")
    upload.import_file(store, export(*(post(n) for n in range(1, 30))), by=BY, answers=seen(20, year=2015))
    return store


@pytest.fixture
def schemas(tmp_path: Path) -> dict[int, list[tuple[str, str]]]:
    """Version → what its schema says."""
    found = {}
    for version in range(1, NEW + 1):
        path = tmp_path / f"schema-{version}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            older.lay(connection, version)
        found[version] = older.schema_of(path)
    return found


def fresh(store: Path, folder: Path) -> Path:
    folder.mkdir()
    return Path(shutil.copy(store, folder / "sqdash.db"))


def test_a_killed_migration_leaves_a_whole_version_and_the_next_run_completes_it(
    today: Path,
    schemas: dict[int, list[tuple[str, str]]],
    tmp_path: Path,
    share: Share,
    tell: Callable[..., None],
) -> None:
    kills, left = 0, {"old": 0, "between": 0, "new": 0}
    versions = older.VERSIONS[share.number :: share.of]
    each = round(12 * share.whole) or 3
    for version in versions:
        old = tmp_path / f"old-{version}.db"
        older.make(old, version, today)
        before = copying.facts(old)
        assert (before.schema, before.counts["readings"], before.counts["posts"]) == (version, 35, 29)
        whole = fresh(old, tmp_path / f"whole-{version}")
        for moment in moments(lambda: setup.init(whole), each, share.luck):  # noqa: B023
            store = fresh(old, tmp_path / "kill")
            ended = killed(lambda: setup.init(store), moment)  # noqa: B023 - run at once
            after = copying.facts(store)
            assert older.schema_of(store) == schemas[after.schema]
            assert (after.revision, after.counts.items() >= before.counts.items()) == (before.revision, True)
            backups = backup_folder.listed(backup_folder.places(store).first)
            assert [one.manifest.schema for one in backups] == [version] * len(backups)
            assert backups or after.schema == version  # nothing is migrated without one
            assert after.schema == NEW or not ended.done
            setup.init(store)
            assert standing(store) == standing(whole)
            kills += ended.killed
            left["old" if after.schema == version else "new" if after.schema == NEW else "between"] += 1
            shutil.rmtree(store.parent)
    tell(kills=kills, versions=len(versions), **{f"left_{name}": count for name, count in left.items()})
    assert left["old"]


def test_what_happens_within_one_step_is_the_old_version_or_the_new_one(
    today: Path, tmp_path: Path, share: Share, tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = copying.facts(today)
    kills, left = 0, [0, 0]
    with monkeypatch.context() as later:
        one_version_further(later)
        whole = fresh(today, tmp_path / "whole")
        for moment in moments(lambda: gate.migrate(whole, lambda: None), share(10, 100), share.luck):
            store = fresh(today, tmp_path / "kill")
            ended = killed(lambda: gate.migrate(store, lambda: None), moment)  # noqa: B023 - run at once
            after = copying.facts(store)
            assert after.schema in (NEW, NEW + 1)
            assert (after.revision, after.counts) == (before.revision, before.counts)
            gate.migrate(store, lambda: None)
            assert standing(store) == standing(whole)
            kills, left[after.schema - NEW] = kills + ended.killed, left[after.schema - NEW] + 1
            shutil.rmtree(store.parent)
    tell(kills=kills, old=left[0], new=left[1])


def test_a_migration_without_a_backup_is_not_begun(today: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = today.read_bytes()
    backup_folder.places(today).first.parent.write_text("a file where the folder should be")
    with monkeypatch.context() as later:
        one_version_further(later)
        with pytest.raises(backup.BackupError, match="升級資料庫前的備份沒有完成，因此沒有升級資料庫：") as raised:
            setup.init(today)
    assert str(raised.value).count("。") == 1
    assert today.read_bytes() == before
