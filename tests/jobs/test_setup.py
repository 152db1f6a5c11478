"""Making a store: real with the year-103 rows, empty, or a demonstration; the kinds never mix."""

from __future__ import annotations

import csv
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sqdash import demo
from sqdash.errors import DataError, StoreError, StoreMissing, StoreUnusable
from sqdash.jobs import backup, export, restoring, setup, upload, way_out
from sqdash.store import database, gate, save
from sqdash.store.queries import base
from sqdash.tables import TABLES
from tests.faults import older
from tests.making import beside, current, is_one_sentence, looking, row
from tests.making import put as put_rows

Copy = Callable[[str], Path]
FILES = sorted(setup.REPORT_FOLDER.glob("*.csv"))


def rows_of(path: Path) -> dict[str, int]:
    return {table.name: len(found) for table in TABLES if (found := current(path, table.name))}


def shipped() -> dict[str, int]:
    found = {}
    for file in FILES:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            found[file.stem] = sum(1 for _ in csv.DictReader(opened))
    return found


def test_a_real_store_holds_every_row_of_every_year_103_file(made: Copy) -> None:
    assert rows_of(made("report")) == shipped()
    assert shipped()["methods"] == 48


def test_each_year_103_file_is_its_own_batch_and_every_table_has_a_home(made: Copy) -> None:
    with looking(made("report")) as connection:
        batches = connection.execute("SELECT kind, file_name, by, rows = added FROM imports ORDER BY batch").fetchall()
        kind = base.kind(connection)
    assert sorted(batches) == [("file", file.name, setup.BY, 1) for file in FILES]
    assert kind == "real"


def test_a_fresh_store_holds_no_post_and_no_page_day(made: Copy) -> None:
    assert not {"posts", "snapshots", "page_days"} & set(rows_of(made("report")))


def test_an_empty_store_holds_nothing_but_what_it_is(made: Copy) -> None:
    path = made("empty")
    assert rows_of(path) == {}
    with looking(path) as connection:
        assert (base.kind(connection), base.revision(connection)) == ("real", 0)


def test_a_demonstration_holds_the_year_103_rows_and_the_generated_ones(made: Copy) -> None:
    path = made("demo")
    wanted = shipped()
    for table, rows in demo.generate().items():
        wanted[table] = wanted.get(table, 0) + len(rows)
    assert rows_of(path) == wanted
    with looking(path) as connection:
        assert base.kind(connection) == "demonstration"
        kinds = connection.execute("SELECT kind, count(*) FROM imports GROUP BY kind").fetchall()
    assert kinds == [("file", len(FILES)), ("generated", len(demo.generate()))]


@pytest.mark.parametrize("kind", ["empty", "report", "demo"])
def test_making_a_store_that_is_there_does_nothing(copy: Copy, kind: str) -> None:
    path = copy(kind)
    before = path.read_bytes()
    assert setup.init(path, demonstration=kind == "demo") is False
    assert path.read_bytes() == before
    assert beside(path) == {path.name}


@pytest.mark.parametrize(("kind", "asked", "words"), [("report", True, "正式資料庫"), ("demo", False, "示範資料庫")])
def test_a_store_of_the_other_kind_is_refused(copy: Copy, kind: str, asked: bool, words: str) -> None:
    path = copy(kind)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match=f"是{words}，不能當作") as raised:
        setup.init(path, demonstration=asked)
    assert is_one_sentence(raised.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"text" * 100, b"SQLite format 3\x00" + bytes(100)])
def test_a_file_that_is_no_store_is_never_taken_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(content)
    with pytest.raises(StoreError) as raised:
        setup.init(path)
    assert is_one_sentence(raised.value)
    assert path.read_bytes() == content
    assert beside(path) == {"store.db"}


def blank_half(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(8192) + whole[len(whole) // 2 + 8192 :])


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "blank pages": (blank_half, "已損壞"),
    "cut": (lambda path: os.truncate(path, path.stat().st_size // 2), "已損壞"),
    "no header": (lambda path: path.write_bytes(bytes(100) + path.read_bytes()[100:]), "不是資料庫檔案"),
    "no bytes": (lambda path: path.write_bytes(b""), "0 位元組"),
    "gone": (Path.unlink, "不見了"),
}


@pytest.mark.parametrize("spoil", DAMAGE)
def test_a_store_that_was_damaged_or_lost_is_left_alone_and_its_backup_named(copy: Copy, spoil: str) -> None:
    path = copy("report")
    made = backup.make(path, why="hand", by="測試").backup
    way_out.tell()
    DAMAGE[spoil][0](path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(StoreError, match=DAMAGE[spoil][1]) as raised:
        setup.init(path)
    assert f"還原最近的備份「{made.name}」" in str(raised.value)
    assert f"python -m sqdash restore {made.folder}" in str(raised.value)
    assert is_one_sentence(raised.value)
    assert (path.read_bytes() if path.exists() else None) == before
    restoring.restore(path, made.folder, by="測試", reason="照那一句話做")
    assert setup.init(path) is False
    assert rows_of(path) == shipped()


def test_an_older_store_that_is_damaged_is_not_migrated(made: Copy, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    older.make(path, older.VERSIONS[-1], made("report"))
    blank_half(path)
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="已損壞"):
        setup.init(path)
    assert path.read_bytes() == before


def test_a_lost_store_is_begun_anew_once_its_backups_are_moved_away(copy: Copy, tmp_path: Path) -> None:
    path = copy("empty")
    backup.make(path, why="hand", by="測試")
    path.unlink()
    with pytest.raises(StoreMissing, match="請先移走備份資料夾"):
        setup.init(path, empty=True)
    (tmp_path / "backups").rename(tmp_path / "earlier")
    assert setup.init(path, empty=True) is True


def test_a_demonstration_is_made_again_whatever_backups_it_had(copy: Copy) -> None:
    path = copy("demo")
    backup.make(path, why="hand", by="測試")
    path.unlink()
    assert setup.init(path, demonstration=True) is True


def test_a_link_to_nowhere_is_not_followed_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.symlink_to(tmp_path / "nowhere.db")
    with pytest.raises(StoreError):
        setup.init(path)
    assert path.is_symlink()
    assert list(tmp_path.iterdir()) == [path]


def test_a_program_without_its_year_103_files_says_so_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "REPORT_FOLDER", tmp_path / "none")
    with pytest.raises(DataError, match="找不到 103 年度資料") as raised:
        setup.init(tmp_path / "store.db")
    assert is_one_sentence(raised.value)
    assert beside(tmp_path / "store.db") == set()


# --- generated rows never get into a real store


def open_generated(path: Path) -> None:
    with gate.write(path, by="x", reason="x") as change:
        save.open_batch(change, kind="generated", format="holidays", file_name="產生")


def page(page_id: str) -> Any:
    return row("pages", page_id=page_id, kind="own", label="專頁")


def post(page_id: str) -> Any:
    return row("posts", post_id="x_1", page_id=page_id, published_at="2014-01-01T00:00:00+08:00")


def page_day(page_id: str) -> Any:
    return row("page_days", page_id=page_id, day="2014-01-01", day_zone="Asia/Taipei", measure="fans", value=1)


def test_a_real_store_refuses_a_generated_batch(copy: Copy) -> None:
    path = copy("empty")
    before = path.read_bytes()
    with pytest.raises(sqlite3.IntegrityError, match="generated rows"):
        open_generated(path)
    assert path.read_bytes() == before
    open_generated(copy("demo"))


@pytest.mark.parametrize("make", [page, post, page_day])
def test_a_real_store_refuses_rows_of_a_generated_page_whatever_their_batch(
    copy: Copy, make: Callable[[str], Any]
) -> None:
    path = copy("empty")
    table = {page: "pages", post: "posts", page_day: "page_days"}[make]
    for name in ("demo-page", "demo-"):
        with pytest.raises(DataError, match="示範資料") as raised:
            put_rows(path, table, make(name))
        assert "generated rows" in str(raised.value.__cause__)
    assert rows_of(path) == {}
    put_rows(path, table, make("democracy"))
    assert rows_of(path) == {table: 1}


@pytest.mark.parametrize("kind", ["empty", "demo"])
def test_the_kind_of_a_store_cannot_be_changed(copy: Copy, kind: str) -> None:
    path = copy(kind)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="kind"):
        connection.execute("UPDATE store_info SET value = 'other' WHERE name = 'kind'")
    database.quick_check(path)


def test_no_exported_row_of_a_demonstration_gets_into_a_real_store(made: Copy, copy: Copy, tmp_path: Path) -> None:
    """Every table that the generator fills: its file is refused whole, so the real store stays as it was."""
    export.export(made("demo"), tmp_path)
    real = copy("report")
    before = real.read_bytes()
    for table in demo.generate():
        with pytest.raises(DataError):
            upload.import_file(real, tmp_path / f"{table}.csv", by="測試員")
    assert real.read_bytes() == before
