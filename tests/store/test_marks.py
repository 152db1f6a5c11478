"""A file's mark: what it vouches for, and which states of a file follow one another."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sqdash.errors import StoreUnusable
from sqdash.store import database, marks

Copy = Callable[[str], Path]


def test_the_mark_of_a_store_is_another_after_each_commit_and_else_the_same(copy: Copy) -> None:
    path = copy("report")
    found = [marks.vouching(path)]
    with database.reading(path) as connection:
        connection.execute("SELECT count(*) FROM posts").fetchone()
    assert marks.vouching(path) == found[0] is not None
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(3):
            connection.execute("DELETE FROM desk")
            connection.execute("INSERT INTO desk (one, shown, at) VALUES (1, '某人', '2026-03-02T01:00:00.000+00:00')")
            connection.commit()
            found.append(marks.vouching(path))
    assert len(set(found)) == 4


def test_where_commits_go_to_another_file_first_a_store_has_no_mark(copy: Copy, tmp_path: Path) -> None:
    path = copy("report")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
    assert marks.vouching(path) is None
    assert marks.vouching(tmp_path / "none.db") is None
    path.write_bytes(b"")
    assert marks.vouching(path) is None


def commit(path: Path, journal: str = "") -> marks.Mark:
    with closing(sqlite3.connect(path)) as connection:
        if journal:
            connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("DELETE FROM desk")
        connection.execute("INSERT INTO desk (one, shown, at) VALUES (1, '某人', '2026-03-02T01:00:00.000+00:00')")
        connection.commit()
    return marks.of(path)


def test_what_sqlite_wrote_on_follows_whatever_its_journal(copy: Copy) -> None:
    path = copy("report")
    found = [marks.of(path), *(commit(path, journal) for journal in ("delete", "delete", "wal", "wal", "delete"))]
    assert [mark.counted for mark in found] == [True, True, True, False, False, True]
    assert all(later.follows(earlier) for later, earlier in zip(found[1:], found, strict=False))
    assert not found[1].follows(found[2])


@pytest.mark.parametrize(("at", "value"), [(5000, b"x"), (18, b"\x02\x02")])
def test_what_anything_else_wrote_on_does_not_follow(copy: Copy, at: int, value: bytes) -> None:
    path = copy("report")
    before = marks.of(path)
    with path.open("r+b") as file:
        file.seek(at)
        file.write(value)
    os.utime(path, (1, 1))
    assert not marks.of(path).follows(before)


def test_another_file_does_not_follow(copy: Copy, made: Copy) -> None:
    path = copy("report")
    before = marks.of(path)
    other = path.with_name("other")
    other.write_bytes(made("report").read_bytes())
    other.replace(path)
    commit(path)
    assert not marks.of(path).follows(before)


def test_a_file_that_cannot_be_read_has_no_mark(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable):
        marks.of(tmp_path / "none.db")
