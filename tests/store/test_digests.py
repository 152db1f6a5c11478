"""Digests of rows: every write keeps them true, every changed value is found and told in words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqdash.errors import DataError, StoreUnusable
from sqdash.records import Alert
from sqdash.store import accounts, alerts, digests, gate, pulls, restore, soundness, wholeness
from tests.making import open_copy, put, row
from tests.store.test_rollups import PAGES, STEPS, play

Copy = Callable[[str], Path]
TIME = "2026-01-01T00:00:00.000+00:00"


def writing(store: Path) -> digests.Writer:
    """A copy of the store in memory on a connection that keeps digests."""
    memory = sqlite3.connect(":memory:", isolation_level=None, factory=digests.Writer)
    with closing(open_copy(store)) as source:
        source.backup(memory)
    return memory


def fault(path: Path) -> str:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
        return soundness.fault(connection)


def alter(path: Path, sql: str) -> None:
    """A value changes and no rule of the store knows of it, as a disk would do it, though here by a statement."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        kept = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in kept:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(sql).rowcount
        for _, trigger in kept:
            connection.execute(trigger)


@pytest.fixture
def touched(copy: Copy) -> Path:
    """A store with rows in every table that a write of ours fills."""
    path = copy("report")
    for name in "ab":  # the second confirms the first
        put(path, "pages", row("pages", page_id="p", kind="own", label="甲"), file_name=name)
    put(path, "posts", row("posts", post_id="p_1", page_id="p", published_at="2014-01-31T23:59:59+08:00", message="甲"))
    for likes in (3, 4):
        seen = "2014-02-08T08:00:00+08:00"
        put(path, "snapshots", row("snapshots", post_id="p_1", observed_at=seen, likes=likes), file_name=str(likes))
    with gate.write(path, by="測試", reason="測試") as change:
        accounts.add(change, name="a", shown="甲", role="viewer", unit=None, password_hash="$argon2id$x", now=TIME)
        accounts.open_session(change, 1, "0" * 64, how="account", address="", now=TIME, ends=TIME)
        accounts.set_failures(change, "name", "x", 1, now=TIME, until=None)
        accounts.name_desk(change, "甲", None, now=TIME)
        alerts.put(change, [Alert("c", "missed", "notice", "甲", "overview")], TIME)
        run = pulls.begin(change, "p", TIME, "v25.0")
        pulls.note_part(change, run, "posts", "done", TIME)
        pulls.put_reads(change, "p", [("p_1", TIME, TIME, TIME)])
        pulls.note_listed(change, "p", TIME, whole=True)
    return path


def test_a_new_store_and_one_that_was_written_on_have_true_digests(made: Copy, touched: Path) -> None:
    assert [fault(made(kind)) for kind in ("empty", "report", "demo")] == ["", "", ""]
    assert fault(touched) == ""


def test_a_second_run_an_undo_and_reworded_alerts_leave_them_true(touched: Path) -> None:
    with gate.write(touched, by="測試", reason="再") as change:
        pulls.begin(change, "p", TIME, "v25.0")  # the one before was broken off
        pulls.note_cost(change, 2, calls=3)
        pulls.put_reads(change, "p", [("p_1", TIME, TIME, "2027"), ("p_2", TIME, TIME, "2027")])
        pulls.mark_gone(change, ["p_2"], TIME)
        pulls.ask_again(change, ["p_1"], TIME)
        alerts.put(change, [Alert("c", "missed", "urgent", "乙", "overview")], TIME)
        accounts.touch(change, "0" * 64, now=TIME)
    assert fault(touched) == ""
    with gate.write(touched, by="測試", reason="還原") as change:
        restore.undo(change, 26, "還原")
        alerts.put(change, [], TIME)
    assert fault(touched) == ""


def test_what_is_rolled_back_moves_no_digest(touched: Path) -> None:
    def fail() -> None:
        with gate.write(touched, by="測試", reason="測試") as change:
            accounts.name_desk(change, "乙", None, now=TIME)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with gate.write(touched, by="測試", reason="測試") as change:
        accounts.name_desk(change, "丙", None, now=TIME)
    assert fault(touched) == ""


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE readings SET value = value + 1 WHERE version_id = (SELECT max(version_id) FROM readings WHERE value)",
         r"「.+」修訂 \d+（批次 \d+、.+）的內容與存入時不同"),
        ("UPDATE posts SET message = '乙'", r"「貼文」修訂 26（批次 26、.+）的內容與存入時不同"),
        ("UPDATE snapshots SET closed_reason = '' WHERE closed_reason <> ''",
         r"「.+」修訂 28（.+）終止的列與存入時不同"),
        ("DELETE FROM targets WHERE version_id = 1", r"「目標與規律」修訂 \d+（.+）的內容少了 1 列"),
        ("UPDATE imports SET file_name = '乙' WHERE batch = 26", "「匯入紀錄」批次 26 的內容與存入時不同"),
        ("UPDATE audit_log SET by = '乙' WHERE id = 3", "「稽核紀錄」的內容與存入時不同"),
        ("UPDATE revisions SET reason = '乙' WHERE revision = 3", "「修訂紀錄」的內容與存入時不同"),
        ("UPDATE confirmations SET source_row = 9", "「重複陳述的紀錄」批次 25 的內容與存入時不同"),
        ("UPDATE accounts SET role = 'admin'", "「帳號」的內容與存入時不同"),
        ("UPDATE sessions SET account = 2", "「登入紀錄」的內容與存入時不同"),
        ("UPDATE sign_in_failures SET failures = 2", "「登入失敗紀錄」的內容與存入時不同"),
        ("UPDATE desk SET shown = '乙'", "「使用者姓名」的內容與存入時不同"),
        ("UPDATE alerts SET text = '乙'", "「警示紀錄」的內容與存入時不同"),
        ("UPDATE pulls SET calls = 9", "「擷取紀錄」第 1 次擷取的內容與存入時不同"),
        ("UPDATE pull_parts SET added = 9", "「擷取步驟」第 1 次擷取的內容與存入時不同"),
        ("UPDATE post_reads SET due_at = 'x'", "「貼文擷取時程」的內容與存入時不同"),
        ("UPDATE page_reads SET listed_at = 'x'", "「粉絲專頁擷取狀態」的內容與存入時不同"),
        ("UPDATE store_info SET value = 'x' WHERE name = 'made_by'", "「資料庫資訊」的內容與存入時不同"),
        ("CREATE TABLE more (x)", "「資料庫結構」的內容多了 1 列"),
        ("UPDATE digests SET digest = digest + 1 WHERE table_name = 'targets'", "「目標與規律」修訂 .+"),
        ("UPDATE digests SET table_name = 'x' WHERE table_name = 'desk'", "「使用者姓名」的內容多了 1 列"),
        ("INSERT INTO digests VALUES ('x', 'rows', 0, 1, 1)", "摘要表的內容與存入時不同"),
        ("UPDATE post_now SET likes = 9", "「貼文最新數字」103 年的內容與貼文不符"),
        ("UPDATE post_aged SET likes = 9", "「貼文滿 7 日與 28 日的數字」103 年的內容與貼文不符"),
        ("UPDATE post_months SET total = 9 WHERE measure = 'likes'", "「貼文每月合計」103 年的內容與貼文不符"),
        ("UPDATE post_texts SET messages = X'78'", "「貼文搜尋文字」103 年的內容與貼文不符"),
        ("UPDATE post_groups SET likes = 9", "「貼文分組合計」103 年的內容與貼文不符"),
        ("UPDATE post_values SET value = 9", "「貼文數字分布」103 年的內容與貼文不符"),
        ("INSERT INTO post_values VALUES (0, 'likes', '1999', 1, 1)", "「貼文數字分布」的內容與貼文不符"),
        ("DELETE FROM counted_pages", "「計入的粉絲專頁」的內容與貼文不符"),
    ],
)  # fmt: skip
def test_a_changed_value_is_told_with_its_table_and_change(touched: Path, sql: str, told: str) -> None:
    alter(touched, sql)
    assert re.fullmatch(told, fault(touched))


def test_once_found_nothing_is_read_written_or_reported(touched: Path) -> None:
    wholeness.require(touched)
    alter(touched, "UPDATE readings SET value = value + 1 WHERE value")
    assert not wholeness.renew(touched).good
    with pytest.raises(StoreUnusable, match=r"已損壞（.+與存入時不同）"):
        wholeness.require(touched)
    with pytest.raises(StoreUnusable, match="已損壞"), gate.write(touched, by="測試", reason="測試"):
        pass


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=12))
def test_after_any_import_correction_strike_undo_or_redo_they_are_true(
    made: Copy, steps: list[tuple[Any, ...]]
) -> None:
    with closing(writing(made("empty"))) as memory:
        standing: list[int] = []
        undone: list[int] = []
        for step in [*(("page", page, "own") for page in PAGES), *steps]:
            memory.execute("BEGIN")
            digests.begin(memory)
            try:
                play(memory, step, standing, undone)
            except DataError:
                memory.execute("ROLLBACK")
                continue
            digests.settle(memory, memory.execute("SELECT max(revision) FROM revisions").fetchone()[0])
            memory.execute("COMMIT")
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as plain:
            memory.backup(plain)
            assert soundness.fault(plain) == ""
