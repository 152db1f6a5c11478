"""One process leads: the lock decides, the note beside it says who."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from sqdash.errors import AnotherLeads, StoreError
from sqdash.jobs import leader
from tests.making import is_one_sentence

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import sys, time
from pathlib import Path
from sqdash.jobs import leader
with leader.leading(Path(sys.argv[1]), 1800.0):
    print("leads", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "sqdash.db"


@contextmanager
def leading_elsewhere(store: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process leads; killed at the end."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(store)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == "leads\n"
        try:
            yield child
        finally:
            child.kill()


def test_who_leads_is_said_while_it_leads(store: Path) -> None:
    assert leader.current(store) is None
    with leader.leading(store, 1800.0):
        now = leader.current(store)
        assert now is not None
        assert (now.pid, now.every) == (os.getpid(), 1800.0)
        assert now.since.tzinfo is not None
    assert leader.current(store) is None
    assert {path.name for path in store.parent.iterdir()} <= {"sqdash.db.pull.lock"}


def test_a_second_one_is_told_who_leads(store: Path) -> None:
    with leading_elsewhere(store) as child:
        with pytest.raises(AnotherLeads) as caught, leader.leading(store):
            pass
        assert f"程序 {child.pid}" in str(caught.value)
        assert is_one_sentence(caught.value)
        now = leader.current(store)
        assert now is not None
        assert (now.pid, now.every) == (child.pid, 1800.0)


def test_a_leader_that_is_killed_leads_no_more(store: Path) -> None:
    with leading_elsewhere(store) as child:
        child.kill()
        child.wait()
        assert Path(f"{store}.pull.json").exists()  # the note alone means nothing
        assert leader.current(store) is None
        with leader.leading(store):
            now = leader.current(store)
            assert now is not None
            assert (now.pid, now.every) == (os.getpid(), None)


def test_one_leads_when_many_begin_at_once(store: Path) -> None:
    script = CHILD.replace("time.sleep(60)", "time.sleep(2)")
    start = [sys.executable, "-c", script, str(store)]
    children = [
        subprocess.Popen(start, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
        for _ in range(3)
    ]
    said = [child.communicate()[0] for child in children]
    assert said.count("leads\n") >= 1
    assert [child.returncode == 0 for child in children] == [text == "leads\n" for text in said]


def test_somebody_who_only_looks_keeps_nobody_from_leading(store: Path) -> None:
    lock = FileLock(f"{store}.pull.lock", thread_local=False)
    lock.acquire()
    threading.Timer(0.2, lock.release).start()
    with leader.leading(store):
        assert leader.current(store) is not None


def test_the_end_of_leading_frees_the_lock_whatever_happened(store: Path) -> None:
    with pytest.raises(RuntimeError), leader.leading(store):
        raise RuntimeError
    with leader.leading(store):
        pass


@pytest.mark.parametrize(
    "note", ["", "{", "[]", "{}", '{"pid": "x"}', '{"pid": 1, "host": "h", "since": 5, "every": null}']
)
def test_a_note_that_cannot_be_read_still_leaves_somebody_leading(store: Path, note: str) -> None:
    with leader.leading(store):
        Path(f"{store}.pull.json").write_text(note)
        now = leader.current(store)
        assert now is not None
        assert now.pid == 0
        with pytest.raises(AnotherLeads, match="另一個程序"), leader.leading(store):
            pass


def test_a_moment_without_a_zone_is_no_mistake(store: Path) -> None:
    with leader.leading(store):
        about = {"pid": 5, "host": "h", "since": "2026-11-24T04:00:00", "every": None}
        Path(f"{store}.pull.json").write_text(json.dumps(about))
        with pytest.raises(AnotherLeads), leader.leading(store):
            pass


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreError) as caught, leader.leading(blocked / "sqdash.db"):
        pass
    assert is_one_sentence(caught.value)


def test_a_wish_is_taken_once(store: Path) -> None:
    assert not leader.take_wish(store)
    leader.wish(store)
    leader.wish(store)
    assert leader.take_wish(store)
    assert not leader.take_wish(store)


def test_looking_is_quick_while_somebody_leads(store: Path) -> None:
    with leading_elsewhere(store):
        began = time.monotonic()
        for _ in range(20):
            leader.current(store)
        assert time.monotonic() - began < 2
