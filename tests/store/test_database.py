"""Opening the store: what is refused, that refusing changes nothing, and how SQLite's errors read."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sqdash import settings
from sqdash.errors import (
    DataError,
    StoreBusy,
    StoreError,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
    StoreUnusable,
)
from sqdash.store import database, gate
from sqdash.store.queries import base, rows
from sqdash.tables import TABLES
from tests.making import beside, current, is_one_sentence, revisions, row
from tests.making import put as put_rows

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[2]
PAGE = 4096


def patched(path: Path, at: int, data: bytes) -> Path:
    whole = bytearray(path.read_bytes())
    whole[at : at + len(data)] = data
    path.write_bytes(whole)
    return path


def open_to_read(path: Path) -> None:
    with database.reading(path):
        raise AssertionError("was opened")


def open_to_write(path: Path) -> None:
    with gate.write(path, by="測試", reason="測試"):
        raise AssertionError("was opened")


def zero_bytes(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def text_file(path: Path) -> Path:
    path.write_text("這不是資料庫，只是一份夠長的文字檔。" * 20, encoding="utf-8")
    return path


def cut_off_header(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:60])
    return path


def other_program(path: Path) -> Path:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
        connection.execute("INSERT INTO notes VALUES ('重要')")
        connection.commit()
    return path


REFUSED = {
    "zero bytes": (zero_bytes, StoreUnusable, "0 位元組"),
    "text": (text_file, StoreUnusable, "不是資料庫檔案"),
    "cut-off header": (cut_off_header, StoreUnusable, "不是資料庫檔案"),
    "another program's": (other_program, StoreUnusable, "別的程式"),
    "newer": (lambda path: patched(path, 60, (99).to_bytes(4, "big")), StoreTooNew, "99"),
    "older": (lambda path: patched(path, 60, (0).to_bytes(4, "big")), StoreError, "舊版 0"),
}


@pytest.mark.parametrize("attempt", [open_to_read, open_to_write])
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_store_of_ours_is_refused_in_one_sentence_and_stays_as_it_was(
    copy: Copy, name: str, attempt: Callable[[Path], None]
) -> None:
    spoil, kind, words = REFUSED[name]
    path = spoil(copy("empty"))
    before = path.read_bytes()
    with pytest.raises(StoreError) as raised:
        attempt(path)
    assert type(raised.value) is kind
    assert words in str(raised.value)
    assert is_one_sentence(raised.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("attempt", [open_to_read, open_to_write])
def test_a_folder_is_refused_and_nothing_is_put_into_it(tmp_path: Path, attempt: Callable[[Path], None]) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(StoreUnusable, match="是資料夾") as raised:
        attempt(folder)
    assert is_one_sentence(raised.value)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("attempt", [open_to_read, open_to_write])
def test_a_missing_store_is_named_and_not_made(tmp_path: Path, attempt: Callable[[Path], None]) -> None:
    path = tmp_path / "none.db"
    with pytest.raises(StoreMissing) as raised:
        attempt(path)
    make = f"python -m sqdash init --db {path}"
    assert str(raised.value) == f"找不到資料庫「{path}」，請改正路徑，或執行 {make} 建立。"
    assert is_one_sentence(raised.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("attempt", [open_to_read, open_to_write])
def test_a_store_below_what_is_no_folder_is_missing(tmp_path: Path, attempt: Callable[[Path], None]) -> None:
    (tmp_path / "file").write_text("", "ascii")
    with pytest.raises(StoreMissing, match="請改正路徑"):
        attempt(tmp_path / "file" / "none.db")


def test_of_a_missing_store_the_sentence_says_who_named_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "none.db"
    monkeypatch.setenv("SQDASH_DB", str(path))
    set_so = f"找不到設定 SQDASH_DB 所指的資料庫「{path}」，請改正設定，或執行 python -m sqdash init 建立。"
    with pytest.raises(StoreMissing, match=f"^{re.escape(set_so)}$"):
        database.inspect_file(path)
    monkeypatch.delenv("SQDASH_DB")
    monkeypatch.setattr(settings, "STORE", path)
    unnamed = (
        f"沒有指定資料庫，預設位置「{path}」也沒有資料庫，請執行 python3 run.py 或 python -m sqdash init 建立，"
        "或指定資料庫的位置。"
    )
    with pytest.raises(StoreMissing, match=f"^{re.escape(unnamed)}$") as raised:
        database.inspect_file(path)
    assert is_one_sentence(raised.value)
    assert raised.value.in_command == f"{unnamed.removesuffix('。')}（--db）。"


def test_of_a_missing_store_it_is_said_though_the_settings_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQDASH_IDLE_MINUTES", "半小時")
    with pytest.raises(StoreMissing, match="，請改正路徑，或執行"):
        database.inspect_file(tmp_path / "none.db")


def test_both_versions_are_named_when_the_store_is_newer(copy: Copy) -> None:
    path = patched(copy("empty"), 60, (12).to_bytes(4, "big"))
    with pytest.raises(StoreTooNew, match=rf"版本是 12，本程式只認得到 {database.SCHEMA_VERSION}"):
        database.inspect_file(path)


def test_a_store_of_ours_passes_with_its_version(made: Copy) -> None:
    assert database.inspect_file(made("empty")) == database.SCHEMA_VERSION
    assert database.quick_check(made("report")) is None


def test_no_damaged_page_passes_the_check(copy: Copy) -> None:
    path = copy("report")
    whole = path.read_bytes()
    for start in range(PAGE, len(whole), PAGE * 3):
        damaged = patched(path, start, bytes(255 - byte for byte in whole[start : start + PAGE])).read_bytes()
        with pytest.raises(StoreUnusable, match="已損壞"):
            database.quick_check(path)
        assert path.read_bytes() == damaged
        path.write_bytes(whole)


@pytest.mark.parametrize("damage", [b"\xff" * 40, b"\x00" * 40], ids=["ones", "zeros"])
def test_the_sentence_about_damage_stands_on_one_line(copy: Copy, damage: bytes) -> None:
    path = copy("report")
    patched(path, path.stat().st_size // 2, damage * 100)
    with pytest.raises(StoreUnusable, match="還原備份") as raised:
        database.quick_check(path)
    assert is_one_sentence(raised.value)


@pytest.mark.parametrize("kept", [100, PAGE, PAGE * 40, -PAGE, -200, -1])
def test_a_truncated_store_does_not_pass_the_check(copy: Copy, kept: int) -> None:
    path = copy("report")
    path.write_bytes(path.read_bytes()[:kept])
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="已損壞"):
        database.quick_check(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_a_flipped_byte_in_the_header_gives_a_sentence_or_is_harmless(copy: Copy, mask: int) -> None:
    path = copy("report")
    whole = path.read_bytes()
    other: dict[int, str] = {}
    for at in range(100):
        patched(path, at, bytes([whole[at] ^ mask]))
        try:
            database.quick_check(path)
        except StoreError:
            pass
        except Exception as error:
            other[at] = repr(error)
        path.write_bytes(whole)
    assert other == {}


def test_a_schema_that_is_no_text_any_more_is_damage(copy: Copy) -> None:
    path = copy("empty")
    at = path.read_bytes().index(b"CREATE TABLE unit_members") + 13
    patched(path, at, b"a \xfa\xff b")
    with pytest.raises(StoreUnusable, match="已損壞"):
        open_to_read(path)


def test_a_text_that_is_no_text_any_more_is_damage(copy: Copy) -> None:
    path = copy("report")
    at = path.read_bytes().index("小安心".encode())
    patched(path, at, b"\xff\xfe")
    with pytest.raises(StoreUnusable, match="已損壞") as raised:
        read_everything(path)
    assert is_one_sentence(raised.value)


def read_everything(path: Path) -> None:
    with database.reading(path) as connection:
        for table in TABLES:
            list(rows.stream(connection, table))


# --- read only


def test_a_store_marked_read_only_is_read_and_not_written(copy: Copy) -> None:
    path = copy("report")
    before = path.read_bytes()
    path.chmod(0o444)
    with database.reading(path) as connection:
        assert base.kind(connection) == "real"
    with pytest.raises(StoreReadOnly, match="唯讀") as raised:
        open_to_write(path)
    assert is_one_sentence(raised.value)
    assert path.read_bytes() == before


def test_a_store_whose_folder_cannot_be_written_is_not_written(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("empty")
    before = path.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert not database.writable(path)
    with pytest.raises(StoreReadOnly, match="唯讀"):
        open_to_write(path)
    assert path.read_bytes() == before


def test_asking_whether_a_store_can_be_written_leaves_nothing_behind(copy: Copy) -> None:
    path = copy("empty")
    before = path.read_bytes(), beside(path)
    assert database.writable(path)
    assert (path.read_bytes(), beside(path)) == before


IN_READ_ONLY_FOLDER = """
set -e
mount --bind "$1" "$1"
mount -o remount,ro,bind "$1"
exec "$2" -m sqdash {command} --db "$1/empty.db"
"""


def in_read_only_folder(path: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command with the store's folder mounted read-only, in a mount namespace of its own."""
    unshare = shutil.which("unshare")
    can = unshare and os.geteuid() == 0 and subprocess.run([unshare, "-m", "true"], capture_output=True).returncode == 0
    if not can:
        pytest.skip("needs the right to mount")
    script = IN_READ_ONLY_FOLDER.format(command=command)
    return subprocess.run(
        [str(unshare), "-m", "sh", "-c", script, "sh", str(path.parent), sys.executable],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_store_in_a_read_only_folder_is_read_and_not_written(copy: Copy) -> None:
    path = copy("empty")
    put_rows(path, "holidays", row("holidays", day="2026-01-01", label="開國紀念日", working=0))
    assert in_read_only_folder(path, "status --year 103").returncode == 0
    refused = in_read_only_folder(path, "undo 1")
    assert refused.returncode == 1
    assert "權限" in refused.stderr
    assert is_one_sentence(refused.stderr.strip())


# --- journal


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 37, 0), "delete"),
        ((3, 40, 1), "delete"),
        ((3, 44, 5), "delete"),
        ((3, 44, 6), "wal"),
        ((3, 44, 99), "wal"),
        ((3, 45, 0), "delete"),
        ((3, 50, 6), "delete"),
        ((3, 50, 7), "wal"),
        ((3, 51, 0), "delete"),
        ((3, 51, 2), "delete"),
        ((3, 51, 3), "wal"),
        ((3, 52, 0), "wal"),
        ((4, 0, 0), "wal"),
    ],
)
def test_the_write_ahead_log_is_used_only_where_sqlite_has_the_fix(version: tuple[int, int, int], journal: str) -> None:
    assert database.journal_for(version) == journal


def test_a_writing_connection_has_the_journal_and_the_safety_asked_for(copy: Copy) -> None:
    with closing(database.connect(copy("empty"), write=True)) as connection:
        found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")}
        assert found == {"journal_mode": database.JOURNAL, "synchronous": 2}
        assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_a_reading_connection_cannot_write(copy: Copy) -> None:
    with (
        pytest.raises(StoreReadOnly),
        database.reading(copy("empty")) as connection,
    ):
        connection.execute("INSERT INTO revisions (at, by, reason) VALUES ('2026-01-01T00:00:00+00:00', '', '')")


KILLED_WRITER = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = DELETE")
connection.execute("PRAGMA cache_size = 5")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE holidays SET label = 'half written'")
connection.execute("INSERT INTO revisions (at, by, reason) VALUES ('2026-01-01T00:00:00+00:00', 'x', 'x')")
for _ in range(400):
    connection.execute("INSERT INTO audit_log (at, by, action, subject) VALUES ('', '', '', ?)", ("x" * 3000,))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_reader_recovers_a_store_whose_writer_was_killed_in_the_middle(copy: Copy) -> None:
    path = copy("empty")
    put_rows(path, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    before = path.read_bytes()
    journal = path.with_name(path.name + "-journal")
    killed = subprocess.run([sys.executable, "-c", KILLED_WRITER, str(path)], capture_output=True)
    assert killed.returncode == -9, killed.stderr
    assert journal.exists()
    assert path.read_bytes() != before
    with database.reading(path) as connection:
        assert base.revision(connection) == 1
    assert not journal.exists()
    assert current(path, "holidays") == [{"day": "2014-01-01", "label": "元旦", "working": 0}]
    database.quick_check(path)
    put_rows(path, "holidays", row("holidays", day="2014-02-28", label="和平紀念日", working=0))
    assert revisions(path) == 2


# --- SQLite's errors


@pytest.mark.parametrize(
    ("raised", "kind", "words"),
    [
        (sqlite3.OperationalError("database or disk is full"), StoreError, "磁碟空間不足"),
        (sqlite3.DatabaseError("database disk image is malformed"), StoreUnusable, "已損壞"),
        (sqlite3.DatabaseError("file is not a database"), StoreUnusable, "已損壞"),
        (sqlite3.OperationalError("disk I/O error"), StoreError, "無法寫入"),
        (sqlite3.OperationalError("attempt to write a readonly database"), StoreReadOnly, "唯讀"),
        (sqlite3.OperationalError("database is locked"), StoreBusy, "另一個程式"),
        (sqlite3.OperationalError("unable to open database file"), StoreError, "資料庫"),
        (sqlite3.OperationalError("unsupported file format"), StoreUnusable, "還原備份"),
    ],
    ids=lambda value: str(value).replace(" ", "-") if isinstance(value, Exception) else "",
)
def test_an_error_of_sqlite_reads_as_a_sentence(raised: Exception, kind: type[StoreError], words: str) -> None:
    with pytest.raises(StoreError) as found, database.translated(Path("/data/store.db")):
        raise raised
    assert type(found.value) is kind
    assert words in str(found.value)
    assert is_one_sentence(found.value)
    assert found.value.__cause__ is raised


def test_errors_of_ours_and_of_others_pass_unchanged(tmp_path: Path) -> None:
    for error in (DataError("一句話。"), KeyError("name")):
        with pytest.raises(type(error)) as found, database.translated(tmp_path):
            raise error
        assert found.value is error


def hold(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


def test_a_reader_says_so_when_another_program_keeps_the_file_locked(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy("empty")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.02)
    with closing(hold(path)), pytest.raises(StoreBusy) as raised:
        open_to_read(path)
    assert is_one_sentence(raised.value)


def test_a_writer_says_so_when_another_program_keeps_the_file_locked(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy("empty")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.02)
    with closing(hold(path)), pytest.raises(StoreBusy) as raised:
        open_to_write(path)
    assert is_one_sentence(raised.value)
