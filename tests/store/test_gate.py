"""The write gate: every change whole or not at all, one after the other, with its revision; and how a store is made."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from sqdash.errors import StoreBusy, StoreError, StoreUnusable
from sqdash.jobs import setup
from sqdash.store import copying, database, gate, save
from sqdash.store.queries import base
from sqdash.tables import BY_NAME, TABLES
from tests.jobs.test_restoring import kill_a_writer
from tests.making import BY, beside, current, is_one_sentence, looking, put, put_in, revisions, row

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[2]
MONTH = "2014-01"


def counted(store: Path) -> dict[str, int]:
    """How many rows, of every version, each table has."""
    with looking(store) as connection:
        names = [n for (n,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def received(store: Path) -> int:
    [found] = current(store, "petitions")
    return int(found["received"])


def add_one(store: Path) -> None:
    """Read a figure, then write it one higher."""
    with gate.write(store, by=BY, reason="加一") as change:
        (now,) = change.connection.execute(
            "SELECT received FROM petitions WHERE month = ? AND closed_revision IS NULL", (MONTH,)
        ).fetchone()
        put_in(change, "petitions", row("petitions", month=MONTH, received=now + 1, closed=0))


# --- revisions


def test_the_revision_grows_by_one_with_each_committed_change(copy: Copy) -> None:
    store = copy("empty")
    for n in range(1, 4):
        put(store, "petitions", row("petitions", month=MONTH, received=n, closed=0))
        with database.reading(store) as connection:
            assert base.revision(connection) == n
    with looking(store) as connection:
        assert connection.execute("SELECT revision, by, reason FROM revisions").fetchall() == [
            (n, BY, "放入") for n in (1, 2, 3)
        ]


def test_a_change_has_one_revision_however_much_it_does(copy: Copy) -> None:
    store = copy("empty")
    with gate.write(store, by=BY, reason="多列") as change:
        assert not change.changed
        batch = save.open_batch(change, kind="file", format="petitions", file_name="多列.csv")
        assert change.changed
        save.put(change, BY_NAME["petitions"], [row("petitions", month=MONTH, received=1, closed=1)], batch)
        save.put(change, BY_NAME["holidays"], [row("holidays", day="2014-01-01", label="元旦", working=0)], batch)
        assert change.revision == 1
    assert revisions(store) == 1


def test_a_change_that_changes_nothing_leaves_no_revision_and_no_byte(copy: Copy) -> None:
    store = copy("report")
    before = store.read_bytes()
    with gate.write(store, by=BY, reason="只看") as change:
        change.audit("look", "nothing")
        assert not change.changed
    assert store.read_bytes() == before


def half_a_change(store: Path, error: type[BaseException]) -> None:
    with gate.write(store, by=BY, reason="半途") as change:
        put_in(change, "petitions", row("petitions", month=MONTH, received=1, closed=1))
        change.audit("half", "done")
        raise error("stop")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_takes_everything_back(copy: Copy, error: type[BaseException]) -> None:
    store = copy("report")
    before = store.read_bytes(), counted(store)
    with pytest.raises(error):
        half_a_change(store, error)
    assert counted(store) == before[1]
    assert store.read_bytes() == before[0]


def test_a_change_after_a_failed_one_goes_through(copy: Copy) -> None:
    store = copy("empty")
    with pytest.raises(ValueError, match="stop"):
        half_a_change(store, ValueError)
    put(store, "petitions", row("petitions", month=MONTH, received=2, closed=2))
    assert (received(store), revisions(store)) == (2, 1)


def change_that_does_not_fit(store: Path) -> None:
    with gate.write(store, by=BY, reason="滿") as change:
        pages = change.connection.execute("PRAGMA page_count").fetchone()[0]
        change.connection.execute(f"PRAGMA max_page_count = {pages}")
        days = (f"2014-01-{d:02}" for d in range(1, 6))
        put_in(change, "holidays", *(row("holidays", day=day, label="長" * 9000, working=0) for day in days))


def test_a_full_disk_changes_nothing_and_says_so(copy: Copy) -> None:
    store = copy("empty")
    before = counted(store)
    with pytest.raises(StoreError, match="磁碟空間不足") as raised:
        change_that_does_not_fit(store)
    assert is_one_sentence(raised.value)
    assert counted(store) == before
    database.quick_check(store)
    put(store, "petitions", row("petitions", month=MONTH, received=2, closed=2))
    assert received(store) == 2


# --- one after the other


def test_four_threads_that_read_then_write_lose_no_change(copy: Copy) -> None:
    store = copy("empty")
    put(store, "petitions", row("petitions", month=MONTH, received=0, closed=0))
    errors: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(25):
                add_one(store)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (received(store), revisions(store)) == (100, 101)


def test_a_reader_sees_the_state_before_or_after_a_change_and_never_a_mix(copy: Copy) -> None:
    store = copy("empty")
    months = [f"2014-{m:02}" for m in range(1, 13)]
    put(store, "petitions", *(row("petitions", month=m, received=0, closed=0) for m in months))
    stop, seen = threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            with database.reading(store) as connection:
                states = [
                    connection.execute(
                        "SELECT received FROM petitions WHERE month = ? AND closed_revision IS NULL", (m,)
                    )
                    for m in months
                ]
                seen.add((base.revision(connection), *{found.fetchone()[0] for found in states}))

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(1, 21):
        put(store, "petitions", *(row("petitions", month=m, received=n, closed=0) for m in months))
    stop.set()
    reader.join()
    assert seen
    assert {state for state in seen if len(state) != 2 or state[0] != state[1] + 1} == set()


def test_nobody_else_can_begin_to_write_once_a_change_has_begun(copy: Copy) -> None:
    """Not even a program that does not know the lock file, and before the first row is written."""
    store = copy("empty")
    with (
        gate.write(store, by=BY, reason="只讀") as change,
        closing(sqlite3.connect(store, timeout=0, isolation_level=None)) as other,
    ):
        assert not change.changed
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_a_writer_that_waits_too_long_says_so_and_changes_nothing(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    store = copy("empty")
    before = store.read_bytes()
    monkeypatch.setattr(gate, "WAIT_SECONDS", 0.05)
    with FileLock(f"{store}.write.lock"), pytest.raises(StoreBusy, match="另一個程序正在寫入") as raised:
        put(store, "petitions", row("petitions", month=MONTH, received=1, closed=1))
    assert is_one_sentence(raised.value)
    assert store.read_bytes() == before
    put(store, "petitions", row("petitions", month=MONTH, received=1, closed=1))
    assert received(store) == 1


def test_the_gate_is_free_again_when_its_holder_was_killed(copy: Copy) -> None:
    store = copy("empty")
    code = (
        "import os, pathlib, signal, sys\nfrom sqdash.store import gate\n"
        "with gate.write(pathlib.Path(sys.argv[1]), by='x', reason='x') as change:\n"
        "    change.revision\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(store)], cwd=ROOT).returncode == -signal.SIGKILL
    put(store, "petitions", row("petitions", month=MONTH, received=1, closed=1))
    assert (received(store), revisions(store)) == (1, 1)


# --- audit log


def test_the_audit_log_can_only_grow(copy: Copy) -> None:
    store = copy("report")
    put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        before = connection.execute("SELECT * FROM audit_log").fetchall()
        assert len(before) > 20
        for statement in ("UPDATE audit_log SET by = 'x'", "DELETE FROM audit_log"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
        assert connection.execute("SELECT * FROM audit_log").fetchall() == before


def test_an_audit_line_names_who_what_and_the_revision_on_one_line(copy: Copy) -> None:
    store = copy("empty")
    with gate.write(store, by=BY, reason="記一筆") as change:
        assert change.revision == 1
        change.audit("import", "檔名\n偽造的一行\r\n", "a\tb")
    with looking(store) as connection:
        found = connection.execute("SELECT by, action, subject, detail, revision FROM audit_log").fetchall()
    assert found == [(BY, "import", "檔名 偽造的一行", "a b", 1)]


# --- making a store


def nothing(_: Path) -> None:
    pass


@pytest.mark.parametrize("content", [b"", b"\xe9\x87\x8d\xe8\xa6\x81"])
def test_making_a_store_never_overwrites(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "there.db"
    path.write_bytes(content)
    with pytest.raises(StoreUnusable, match="不會覆寫") as raised:
        gate.create(path, "real", nothing)
    assert is_one_sentence(raised.value)
    assert path.read_bytes() == content
    assert beside(path) == {"there.db"}


def test_a_journal_of_a_store_that_is_gone_is_not_applied_to_a_new_one(copy: Copy) -> None:
    path = copy("report")
    kill_a_writer(path)
    path.unlink()
    assert setup.init(path)
    copying.check(path)
    assert [one.name.split("-")[-1] for one in path.parent.glob(f"{path.name}.damaged-*")] == ["journal"]


def test_a_file_that_appears_while_a_store_is_made_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with pytest.raises(StoreUnusable, match="另一個程序建立") as raised:
        gate.create(path, "real", lambda _: path.write_bytes(b"theirs") and None)
    assert is_one_sentence(raised.value)
    assert path.read_bytes() == b"theirs"
    assert beside(path) == {"store.db"}


@pytest.mark.parametrize("name", ["store.db", "我的 資料庫.db", "store[1].db", "store*.db"])
def test_a_new_store_stands_alone_in_its_folder_whatever_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / "new" / "folder" / name
    gate.create(path, "real", nothing)
    assert beside(path) == {name}
    with looking(path) as connection:
        found = dict(connection.execute("SELECT name, value FROM store_info"))
    assert set(found) == {"kind", "made_at", "made_by"}
    assert found["kind"] == "real"


def test_nothing_is_left_when_filling_fails(tmp_path: Path) -> None:
    def fill(making: Path) -> None:
        put(making, "petitions", row("petitions", month=MONTH, received=1, closed=1))
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        gate.create(tmp_path / "store.db", "real", fill)
    assert beside(tmp_path / "store.db") == set()


def test_making_a_store_leaves_one_alone_that_another_process_is_making_under_a_longer_name(tmp_path: Path) -> None:
    def fill(_: Path) -> None:
        gate.create(tmp_path / "store.db", "real", nothing)

    gate.create(tmp_path / "store.db.copy", "real", fill)
    assert beside(tmp_path / "store.db") == {"store.db", "store.db.copy"}


def test_a_store_cannot_be_made_inside_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="無法在") as raised:
        gate.create(tmp_path / "file" / "store.db", "real", nothing)
    assert is_one_sentence(raised.value)


def test_a_disk_that_fills_up_while_a_store_is_made_gives_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    code = "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))\n"
    code += "from sqdash.cli import main\nsys.exit(main(['init', '--db', sys.argv[1]]))"
    path = tmp_path / "store.db"
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert done.returncode == 1
    assert is_one_sentence(done.stderr.strip())
    assert beside(path) == set()


KILLED_INIT = """
import os, pathlib, signal, sys
from sqdash.jobs import setup, upload
from sqdash.store import gate
left = int(sys.argv[2])
real = upload.import_file
def import_file(*given, **named):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    return real(*given, **named)
upload.import_file = import_file
gate._publish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
setup.init(pathlib.Path(sys.argv[1]))
"""


@pytest.mark.parametrize("files", [0, 1, 10, 22, 1000])
def test_making_a_store_that_is_killed_on_the_way_leaves_no_store(tmp_path: Path, files: int) -> None:
    path = tmp_path / "store.db"
    killed = subprocess.run([sys.executable, "-c", KILLED_INIT, str(path), str(files)], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert not path.exists()
    assert setup.init(path)
    assert beside(path) == {"store.db"}
    found = counted(path)
    assert found["readings"] == 35
    assert {table.name for table in TABLES if not found[table.name]} == {
        "petitions",
        "checks",
        "ledger_marks",
        "holidays",
        "posts",
        "snapshots",
        "page_days",
        "contributions",
        "meeting_decisions",
        "alert_rules",
        "topic_rules",
        "text_reviews",
        "year_locks",
        "figure_notes",
    }
