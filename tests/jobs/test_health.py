"""The check of the store: each finding good or not, with what to do."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sqdash.jobs import health
from sqdash.jobs.health import Finding
from sqdash.store import database
from tests.making import is_one_sentence

Copy = Callable[[str], Path]
Usage = namedtuple("Usage", "total used free")
NAMES = ["SQLite", "資料庫檔案", "完整性", "內容", "來源", "設定", "寫入", "磁碟空間", "備份"]


@pytest.fixture(autouse=True)
def roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, 123_400_000_000))


def test_a_sound_store_is_good_in_every_respect(made: Copy) -> None:
    path = made("report")
    version = ".".join(map(str, sqlite3.sqlite_version_info))
    *found, backups = health.check(path)
    assert found == [
        Finding("SQLite", True, f"{version}，日誌模式 {database.JOURNAL.upper()}"),
        Finding("資料庫檔案", True, f"{path}（結構版本 10）"),
        Finding("完整性", True, "SQLite 檢查沒有發現損壞"),
        Finding("內容", True, "正式資料；修訂 23；年度 102、103"),
        Finding("來源", True, "粉絲數最新 無；貼文數據最新 無"),
        Finding("設定", True, f"SQDASH_DB＝{path}"),
        Finding("寫入", True, "可以寫入"),
        Finding("磁碟空間", True, "剩 123.4 GB"),
    ]
    assert (backups.name, backups.good, backups.remedy) == ("備份", True, "")
    assert backups.found.startswith("還沒有備份；資料庫如果現在損毀，最多會遺失")


def test_a_demonstration_is_called_one_and_an_empty_store_knows_no_year(made: Copy) -> None:
    assert health.check(made("demo"))[3].found.startswith("示範資料；")
    assert health.check(made("empty"))[3].found == "正式資料；修訂 0；年度 無"


def test_looking_changes_nothing(copy: Copy) -> None:
    path = copy("demo")
    before = path.read_bytes(), sorted(path.parent.iterdir())
    health.check(path)
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == before


def test_a_store_that_may_not_be_written_says_so(copy: Copy) -> None:
    path = copy("report")
    path.chmod(0o444)
    found = health.check(path)
    assert [finding.name for finding in found] == NAMES
    assert [finding for finding in found if not finding.good] == [
        Finding("寫入", False, "唯讀", "檢查檔案與資料夾權限")
    ]


def test_a_disk_that_is_nearly_full_says_so(made: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 499_999_999))
    assert health.check(made("report"))[-2] == Finding("磁碟空間", False, "剩 0.5 GB", "清出至少 0.5 GB")


def missing(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def damaged(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(8192) + whole[len(whole) // 2 + 8192 :])


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("spoil", "words"), [(missing, "找不到"), (emptied, "0 位元組"), (damaged, "已損壞"), (newer, "版本是 99")]
)
def test_a_store_that_cannot_be_used_ends_the_list_with_its_sentence(
    copy: Copy, spoil: Callable[[Path], None], words: str
) -> None:
    path = copy("report")
    spoil(path)
    last = health.check(path)[-1]
    assert (last.name, last.good) == ("資料庫檔案", False)
    assert words in last.found
    assert is_one_sentence(last.found)
    assert last.remedy


def test_a_store_that_another_program_keeps_locked_is_a_finding(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("report")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.02)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        last = health.check(path)[-1]
    assert not last.good
    assert is_one_sentence(last.found)


def test_a_finding_is_a_plain_dictionary_for_other_programs() -> None:
    assert Finding("名", False, "所見", "作法").as_dict() == {
        "name": "名",
        "good": False,
        "found": "所見",
        "remedy": "作法",
    }
