"""A pull now: by whoever leads, else by a process of its own; how far it is, and what ended it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sqdash import periods
from sqdash.errors import SettingsError
from sqdash.jobs import leader, pull_now
from sqdash.jobs.pull_now import Asked, Progress
from sqdash.settings import GraphSettings
from sqdash.store import gate, pulls
from tests.fake_graph import PAGE_ID
from tests.jobs.pulling import Desk
from tests.making import is_one_sentence

PATIENT = 60.0


def through(monkeypatch: pytest.MonkeyPatch, at: Desk) -> None:
    """Let a child find the fake by the environment, as it finds Meta."""
    for name, value in (
        ("BASE_URL", at.server.base_url),
        ("PAGE_ID", PAGE_ID),
        ("TOKEN", at.world.token),
        ("APP_ID", ""),
        ("APP_SECRET", ""),
    ):
        monkeypatch.setenv(f"SQDASH_GRAPH_{name}", value)


def ask(at: Desk) -> Asked:
    return pull_now.ask(at.store, PAGE_ID, at.settings, by="本機")


def ended(at: Desk, asked: Asked) -> Progress:
    give_up = time.monotonic() + PATIENT
    while not (found := pull_now.progress(at.store, PAGE_ID, asked)).over:
        assert time.monotonic() < give_up
        time.sleep(0.1)
    return found


def test_without_a_leader_a_process_pulls_and_its_end_is_told(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    through(monkeypatch, at)
    asked = ask(at)
    assert asked.how == "started"
    found = ended(at, asked)
    assert found.run is not None
    assert (found.run["state"], found.run["by"], found.good) == ("done", "本機", True)
    assert found.sentence.startswith("擷取完成：新增 ")
    assert is_one_sentence(found.sentence)
    assert len(at.rows("posts")) == 60


def test_the_token_is_no_argument_and_nothing_of_it_is_left(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    through(monkeypatch, at)
    begun: list[list[str]] = []
    popen = pull_now.subprocess.Popen

    def noted(command: list[str], **given: Any) -> Any:
        begun.append(command)
        return popen(command, **given)

    monkeypatch.setattr(pull_now.subprocess, "Popen", noted)
    ended(at, ask(at))
    assert begun == [[sys.executable, "-X", "utf8", "-m", "sqdash", "pull", "--db", str(at.store), "--by=本機"]]
    for path in at.store.parent.iterdir():
        assert at.world.token.encode() not in path.read_bytes()


def test_who_asks_may_be_called_anything(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    through(monkeypatch, at)
    found = ended(at, pull_now.ask(at.store, PAGE_ID, at.settings, by="-h（自報）"))
    assert found.run is not None
    assert (found.run["state"], found.run["by"]) == ("done", "-h（自報）")


def test_a_leader_at_intervals_is_asked_and_no_process_started(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_now, "_start", lambda *_: pytest.fail("a second process"))
    with leader.leading(at.store, 1800.0):
        assert ask(at).how == "wished"
        assert leader.take_wish(at.store)
    with leader.leading(at.store):
        assert ask(at).how == "running"
        assert not leader.take_wish(at.store)


def test_nothing_set_up_is_refused_before_anything_starts(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull_now, "_start", lambda *_: pytest.fail("started"))
    with pytest.raises(SettingsError):
        pull_now.ask(at.store, PAGE_ID, GraphSettings(), by="本機")


def test_a_demonstration_is_never_pulled_into(at: Desk, copy: Callable[[str], Path]) -> None:
    with pytest.raises(SettingsError, match="示範資料庫不擷取真實數據"):
        pull_now.ask(copy("demo"), PAGE_ID, at.settings, by="本機")


def test_a_dead_token_ends_with_its_sentence(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    through(monkeypatch, at)
    at.server.scenarios.on("token_expired")
    found = ended(at, ask(at))
    assert not found.good
    assert "存取權杖已過期" in found.sentence
    assert is_one_sentence(found.sentence)


def test_a_process_that_ends_before_its_run_says_why(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    through(monkeypatch, at)
    monkeypatch.setenv("SQDASH_GRAPH_TOKEN", "")
    found = ended(at, ask(at))
    assert (found.run, found.good) == (None, False)
    assert is_one_sentence(found.sentence)
    assert "權杖" in found.sentence


def test_a_leader_that_does_not_begin_is_not_waited_for_for_ever(at: Desk) -> None:
    long_ago = Asked("wished", 0, time.monotonic() - pull_now.PATIENCE - 1)
    found = pull_now.progress(at.store, PAGE_ID, long_ago)
    assert found.over
    assert is_one_sentence(found.sentence)
    assert not pull_now.progress(at.store, PAGE_ID, Asked("wished", 0)).over


def test_a_run_whose_process_died_is_not_followed_for_ever(at: Desk) -> None:
    with leader.leading(at.store, 1800.0):
        asked = ask(at)
        with gate.write(at.store, by="排程", reason="試") as change:
            pulls.begin(change, PAGE_ID, periods.noted(periods.now()), "v25.0")
        assert not pull_now.progress(at.store, PAGE_ID, asked).over
    found = pull_now.progress(at.store, PAGE_ID, asked)
    assert (found.over, found.good) == (True, False)
    assert found.sentence.startswith("擷取中途中斷")
    assert is_one_sentence(found.sentence)


def test_a_limit_counts_until_its_time() -> None:
    now = datetime(2026, 11, 24, 4, tzinfo=UTC)
    later = now + timedelta(minutes=19)
    assert pull_now.limited_until([{"resume_at": later.isoformat()}], now) == later
    assert pull_now.limited_until([{"resume_at": later.isoformat()}], later) is None
    assert pull_now.limited_until([{"resume_at": None}], now) is None
    assert pull_now.limited_until([], now) is None
