"""A disk that is full: one sentence, nothing half written, and the same again works once there is room.

Room for so many more pages is what SQLite is told (``PRAGMA max_page_count``), from none to enough; files beside the
store are bounded by the process's limit on the size of a file.
"""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sqdash.errors import SqdashError
from sqdash.jobs import backup, backup_folder, entries, export, restoring, upload
from sqdash.store import copying, gate, originals
from sqdash.tables import BY_NAME
from tests.faults import older
from tests.faults.further import one_version_further
from tests.faults.killing import needs_fork
from tests.faults.many import alone
from tests.faults.standing import standing
from tests.jobs.meta_files import export as exported
from tests.jobs.meta_files import post, seen
from tests.jobs.pulling import desk
from tests.making import BY, beside, is_one_sentence

Copy = Callable[[str], Path]
ROOM = (0, 1, 3, 10, 40, 100_000)
"""Pages that are left."""


def said_in(pages: int, job: Callable[[], object]) -> str:
    """What the job says where there is room for so many pages; empty for nothing."""
    try:
        with room_for(pages):
            job()
    except SqdashError as error:
        return str(error)
    return ""


def is_about_the_disk(said: str) -> bool:
    return is_one_sentence(said) and "磁碟" in said


@contextmanager
def room_for(pages: int) -> Iterator[None]:
    """Every database grows by so many pages at most."""
    connect = sqlite3.connect

    def bounded(*given: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **more)
        (now,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {now + pages}")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", bounded)
        yield


def fills_up(store: Path, job: Callable[[Path], object], rooms: tuple[int, ...] = ROOM) -> int:
    """How many of the rooms were too small; with each the job was done whole or not at all, and then again."""
    whole = fresh(store, "whole")
    before = standing(store)
    job(whole)
    after = standing(whole)
    refused = 0
    for pages in rooms:
        tried = fresh(store, f"room-{pages}")
        if said := said_in(pages, lambda: job(tried)):  # noqa: B023 - run at once
            refused += 1
            assert is_about_the_disk(said), said
            assert standing(tried) == before
            assert beside(tried) <= {"sqdash.db", "originals"}
            job(tried)
        assert standing(tried) == after
    return refused


def fresh(store: Path, name: str) -> Path:
    folder = store.parent / f"{store.stem}-{name}"
    folder.mkdir()
    return Path(shutil.copy(store, folder / "sqdash.db"))


def test_an_import(copy: Copy, tell: Callable[..., None]) -> None:
    file = exported(*(post(n) for n in range(1, 200)))
    refused = fills_up(
        copy("report"), lambda store: upload.import_file(store, file, by=BY, answers=seen(20, year=2015))
    )
    tell(refused=refused, done=len(ROOM) - refused)
    assert 0 < refused < len(ROOM)


def test_an_entry(copy: Copy, tell: Callable[..., None]) -> None:
    holidays = [
        {"day": f"2014-{m:02}-{d:02}", "label": "長" * 500, "working": "0"} for m in (1, 2) for d in range(1, 29)
    ]

    def enter(store: Path) -> None:
        entries.enter_all(store, BY_NAME["holidays"], holidays, reason="登錄", by=BY, called="假日")

    refused = fills_up(copy("report"), enter)
    tell(refused=refused, done=len(ROOM) - refused)
    assert 0 < refused < len(ROOM)


@pytest.mark.parametrize("version", [None, 1, 9])
def test_a_migration(
    copy: Copy, tmp_path: Path, version: int | None, monkeypatch: pytest.MonkeyPatch, tell: Callable[..., None]
) -> None:
    """Each step is a transaction of its own, so a store may be left at a version between; its rows are all there."""
    store = copy("report")
    if version is None:
        one_version_further(monkeypatch)
    else:
        older.make(tmp_path / "old.db", version, store)
        store = tmp_path / "old.db"
    rows = copying.facts(store).counts.items()
    whole = fresh(store, "whole")
    gate.migrate(whole, lambda: None)
    refused = 0
    for pages in ROOM:
        tried = fresh(store, f"room-{pages}")
        if said := said_in(pages, lambda: gate.migrate(tried, lambda: None)):  # noqa: B023 - run at once
            refused += 1
            assert is_about_the_disk(said), said
            assert copying.facts(tried).counts.items() >= rows
            gate.migrate(tried, lambda: None)
        assert standing(tried) == standing(whole)
    tell(refused=refused, done=len(ROOM) - refused)
    assert 0 < refused < len(ROOM)


def test_a_pull(copy: Copy, tell: Callable[..., None]) -> None:
    """What was committed part by part before the disk was full stays, and the next pull ends as any other."""
    store = copy("empty")
    with desk(fresh(store, "whole"), posts=15) as at:
        at.pull()
        wanted = at.contents()
    refused = 0
    rooms = (0, 2, 20, 60)
    for pages in rooms:
        with desk(fresh(store, f"room-{pages}"), posts=15) as at:
            if said := said_in(pages, at.pull):
                refused += 1
                assert is_about_the_disk(said), said
            standing(at.store)
            at.clock.move(60)
            assert at.pull().state == "done"
            assert at.contents() == wanted
    tell(refused=refused, done=len(rooms) - refused)
    assert refused


# --- files beside the store


def said_with(most: int, job: Callable[[], object]) -> str:
    """What the job says where no file may grow beyond so many bytes; empty for nothing."""

    def bounded() -> str:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        try:
            job()
        except SqdashError as error:
            return str(error)
        return ""

    return str(alone(bounded))


@needs_fork
@pytest.mark.parametrize("most", [0, 20_000, 300_000])
def test_a_backup(store: Path, most: int) -> None:
    before = standing(store)
    said = said_with(most, lambda: backup.make(store, why="hand", by=BY))
    assert is_about_the_disk(said), said
    assert standing(store) == before
    folder = backup_folder.places(store).first
    assert backup_folder.listed(folder) == backup_folder.broken(folder) == []
    assert {path.name for path in folder.iterdir()} <= {".lock"}
    assert copying.facts(backup.make(store, why="hand", by=BY).backup.file) == copying.facts(store)


@needs_fork
@pytest.mark.parametrize("most", [0, 20_000, 300_000])
def test_a_restore(store: Path, most: int) -> None:
    chosen = backup.make(store, why="hand", by=BY).backup
    entries.enter(
        store, BY_NAME["holidays"], {"day": "2014-01-01", "label": "元旦", "working": "0"}, reason="登錄", by=BY
    )
    before, files = standing(store), beside(store)
    said = said_with(most, lambda: restoring.restore(store, chosen.folder, by=BY, reason="試還原"))
    assert is_about_the_disk(said), said
    assert (standing(store), beside(store)) == (before, files)
    restoring.restore(store, chosen.folder, by=BY, reason="再還原")
    assert standing(store)["holidays"] == []


def test_an_import_whose_original_cannot_be_kept(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = exported(*(post(n) for n in range(1, 30)))
    before, files = standing(store), beside(store)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfileobj", full)
        with pytest.raises(SqdashError) as raised:
            upload.import_file(store, file, by=BY, answers=seen(20, year=2015))
    assert is_about_the_disk(str(raised.value))
    assert standing(store) == before
    assert beside(store) - files <= {"originals"}
    assert list(originals.folder(store).iterdir()) == []
    assert upload.import_file(store, file, by=BY, answers=seen(20, year=2015)).added == 29


@needs_fork
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_tables_that_are_exported(store: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    go: dict[str, Callable[[], object]] = {
        "csv": lambda: export.export(store, out),
        "xlsx": lambda: export.workbook(store, out, "xlsx"),
        "ods": lambda: export.workbook(store, out, "ods"),
    }
    said = said_with(2_000, go[kind])
    assert is_about_the_disk(said), said
    go[kind]()
    assert [path.name for path in out.iterdir() if path.name.startswith(".")] == []
