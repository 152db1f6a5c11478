"""What a screen may say of a token: how long it holds, what it may not do, and why that is not known."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sqdash import periods
from sqdash.jobs import token_state, tokens
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from sqdash.store.queries.pulls import READ
from tests.making import is_one_sentence

PAGE, MISSING = "100200300400", "read_insights"
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
CANARY = "EAAcanary123456789"
SETTINGS = GraphSettings(page_id=PAGE, token_text=Secret(CANARY))


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "now", lambda: NOW)


def read(**given: Any) -> dict[str, Any]:
    """A row of what was found out; checked an hour ago and valid unless told otherwise."""
    found: dict[str, Any] = dict.fromkeys(READ) | {"token_checked_at": at(hours=-1), "token_valid": 1} | given
    return found


def at(**span: float) -> str:
    return (NOW + timedelta(**span)).isoformat(timespec="seconds")


def facts(tmp_path: Path, settings: GraphSettings = SETTINGS, runs: Any = (), **given: Any) -> token_state.TokenFacts:
    found = token_state.facts(tmp_path / "s.db", PAGE, settings, read(**given), runs)
    assert all(is_one_sentence(line) for line in found.lines)
    assert not any(CANARY in line for line in found.lines)
    return found


@pytest.mark.parametrize(
    ("given", "level", "word"),
    [
        ({}, "fresh", "有效"),
        ({"token_access_until": at(days=59, hours=3)}, "fresh", "有效，剩 59 天"),
        ({"token_expires_at": at(days=14)}, "stale", "剩 14 天"),
        ({"token_expires_at": at(days=14, hours=1)}, "fresh", "有效，剩 14 天"),
        ({"token_expires_at": at(days=60), "token_access_until": at(days=5)}, "stale", "剩 5 天"),
        ({"token_expires_at": at(hours=-1)}, "stale", "已到期"),
        ({"token_valid": 0}, "stale", "已失效"),
        ({"token_missing": "read_insights pages_show_list"}, "stale", "缺 2 項權限"),
        ({"token_valid": None}, "aging", "可用，到期日未知"),
        ({"token_checked_at": None, "token_valid": None}, "aging", "尚未查驗"),
    ],
)
def test_the_word_says_what_matters_most(tmp_path: Path, given: dict[str, Any], level: str, word: str) -> None:
    found = facts(tmp_path, **given)
    assert (found.level, found.word) == (level, word)


def test_what_ends_first_is_said_first(tmp_path: Path) -> None:
    found = facts(tmp_path, token_access_until=at(days=5, hours=1), token_expires_at=at(days=60))
    assert found.lines[0] == "資料存取授權到 115/11/29，剩 5 天，之後須重新授權。"
    assert found.lines[1] == "權杖於 116/01/23 到期，剩 60 天。"


def test_missing_permissions_say_what_they_are_for(tmp_path: Path) -> None:
    found = facts(tmp_path, token_missing=MISSING)
    assert found.lines[0] == "缺少權限：read_insights（讀取每日數據與觸及、瀏覽、點擊），請重新取得權杖時勾選。"


def test_why_nothing_is_known_is_said(tmp_path: Path) -> None:
    assert "SQDASH_GRAPH_APP_ID" in facts(tmp_path, token_valid=None).lines[0]
    without = facts(tmp_path, GraphSettings(page_id=PAGE))
    assert (without.level, without.word, without.there) == ("none", "未設定", False)


def test_a_token_that_killed_the_last_run_is_dead_until_a_new_one_is_kept(tmp_path: Path) -> None:
    store = tmp_path / "s.db"
    run = {
        "state": "failed",
        "kind": "TokenError",
        "error": "存取權杖已過期，請更新。",
        "started_at": at(),
        "ended_at": at(),
    }
    path = tokens.keep(store, PAGE, CANARY)
    os.utime(path, (NOW.timestamp() - 60,) * 2)
    dead = facts(tmp_path, runs=[run])
    assert (dead.word, dead.lines[0], dead.in_file) == ("已失效", "存取權杖已過期，請更新。", True)
    os.utime(path, (NOW.timestamp() + 60,) * 2)
    assert facts(tmp_path, runs=[run]).word == "尚未查驗"


@pytest.mark.skipif(os.name != "posix", reason="file rights of POSIX")
def test_a_file_that_others_can_read_is_said(tmp_path: Path) -> None:
    tokens.keep(tmp_path / "s.db", PAGE, CANARY).chmod(0o644)
    found = facts(tmp_path)
    assert (found.word, found.in_file) == ("無法使用", True)
    assert "chmod 600" in found.lines[0]
