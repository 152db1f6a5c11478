"""Copies of a store: the same rows, proved; of any version; nobody writes meanwhile."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sqdash.errors import BackupError, StoreError, StoreUnusable
from sqdash.store import copying, database
from tests.making import is_one_sentence, looking, put, row

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[2]


def test_a_copy_is_what_the_store_is(store: Path, tmp_path: Path) -> None:
    found = copying.copy(store, tmp_path / "copy.db")
    copying.prove(tmp_path / "copy.db", found)
    assert found == copying.facts(store) == copying.facts(tmp_path / "copy.db")
    assert (found.schema, found.kind, found.revision) == (database.SCHEMA_VERSION, "real", 23)
    assert found.counts["readings"] > 0
    with looking(store) as one, looking(tmp_path / "copy.db") as other:
        assert sorted(one.iterdump()) == sorted(other.iterdump())


def test_a_state_is_told_without_counting(store: Path) -> None:
    found = copying.facts(store)
    assert copying.state(store) == copying.State(found.kind, found.born, found.revision, found.audited)


def test_what_is_copied_stays_byte_for_byte(store: Path, tmp_path: Path) -> None:
    before = store.read_bytes()
    copying.copy(store, tmp_path / "copy.db")
    assert store.read_bytes() == before


def test_a_copy_with_other_rows_is_refused(store: Path, tmp_path: Path) -> None:
    found = copying.copy(store, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.execute("DELETE FROM readings")
        connection.commit()
    with pytest.raises(BackupError, match="內容不符") as raised:
        copying.prove(tmp_path / "copy.db", found)
    assert is_one_sentence(raised.value)


def test_a_copy_that_is_damaged_is_refused(store: Path, tmp_path: Path) -> None:
    found = copying.copy(store, tmp_path / "copy.db")
    content = (tmp_path / "copy.db").read_bytes()
    (tmp_path / "copy.db").write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupError, match="內容不符"):
        copying.prove(tmp_path / "copy.db", found)


def test_an_older_store_is_copied_as_it_is(store: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA user_version = 8")
        connection.execute("DROP TABLE contributions")
        connection.commit()
    found = copying.copy(store, tmp_path / "copy.db")
    assert found.schema == database.inspect_file(tmp_path / "copy.db") == 8
    assert "contributions" not in found.counts


def test_a_damaged_store_is_no_store_to_copy(store: Path, tmp_path: Path) -> None:
    content = bytearray(store.read_bytes())
    content[4096 * 3 : 4096 * 40] = bytes(4096 * 37)
    store.write_bytes(content)
    with pytest.raises(StoreUnusable, match="已損壞"):
        copying.copy(store, tmp_path / "copy.db")


def test_the_first_change_after_a_state_is_known_by_revision_and_by_audit_line(store: Path) -> None:
    found = copying.facts(store)
    assert copying.changed_after(store, found.revision, found.audited) is None
    put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    with looking(store) as connection:
        (at,) = connection.execute("SELECT at FROM revisions WHERE revision = 24").fetchone()
    first = copying.changed_after(store, found.revision, found.audited)
    assert first is not None
    assert first.isoformat(timespec="milliseconds") == at
    assert copying.changed_after(store, 24, found.audited) is not None
    assert copying.changed_after(store, 24, copying.facts(store).audited) is None


FULL = """
import resource, signal, sys
from pathlib import Path
from sqdash.store import copying
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    copying.copy(Path(sys.argv[1]), Path(sys.argv[2]))
except Exception as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on file size")
def test_a_disk_that_takes_no_more_is_said_and_the_store_is_as_it_was(store: Path, tmp_path: Path) -> None:
    before = store.read_bytes()
    command = [sys.executable, "-c", FULL, str(store), str(tmp_path / "copy.db"), str(len(before) // 2)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert done.stdout.startswith("StoreError 磁碟空間不足或無法寫入")
    assert store.read_bytes() == before


def test_nobody_writes_while_a_store_is_held_still(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqdash.store.gate.WAIT_SECONDS", 0.1)
    with copying.still(store), pytest.raises(StoreError, match="正在寫入"):
        put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))


def test_a_store_that_nobody_can_write_is_still_without_a_lock(store: Path) -> None:
    store.chmod(0o444)
    with copying.still(store):
        assert not Path(f"{store}.write.lock").exists()
