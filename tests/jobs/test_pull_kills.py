"""A pull that is killed leaves a sound store, and the next one does what is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.jobs import upload
from sqdash.store import database
from tests.fake_graph import PAGE_ID
from tests.jobs.pulling import Desk, desk

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[2]
FATAL_PARTS = (1, 3, 7, 10, 11)
FATAL_STATEMENTS = (3, 9, 25, 60, 140)
# Pulls once at the moment given. It is killed once so many parts are done, or when SQLite begins that statement (both
# counted from the start; 0: never).
CHILD = """
import os, random, signal, sys
from datetime import datetime
from pathlib import Path
from sqdash.graph.access import Access
from sqdash.graph.client import Client
from sqdash.secret import Secret
from sqdash.jobs import pull
from sqdash.store import database
from tests.graph.clocks import VirtualClock

store, url, page, token, moment, parts, statements = sys.argv[1:]
clock, parts, statements, count = VirtualClock(datetime.fromisoformat(moment)), int(parts), int(statements), 0

def die():
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

connect = database.connect

def tracing(*args, **more):
    connection = connect(*args, **more)
    connection.set_trace_callback(counted)
    return connection

def counted(statement):
    global count
    count += 1
    if count == statements:
        die()

def told(part, number):
    if number == parts:
        die()

if statements:
    database.connect = tracing
with Client(Access(url, "v25.0", Secret(token)), clock=clock, rng=random.Random(1)) as client:
    pull.run(Path(store), client, page, clock=clock, by="x", version="v25.0", progress=told)
"""


def killed(at: Desk, parts: int = 0, statements: int = 0) -> None:
    """A pull in a process of its own, killed in the middle."""
    child = subprocess.run(
        [
            *(sys.executable, "-c", CHILD, str(at.store), at.server.base_url, PAGE_ID, at.world.token),
            *(at.clock.now().isoformat(), str(parts), str(statements)),
        ],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert child.returncode == (-signal.SIGKILL if os.name == "posix" else signal.SIGTERM), child.stderr


def is_sound(at: Desk) -> bool:
    with database.reading(at.store) as connection:
        told = (
            connection.execute("PRAGMA integrity_check").fetchone()[0],
            connection.execute("PRAGMA foreign_key_check").fetchall(),
        )
    return told == ("ok", [])


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory, made: Copy) -> dict[str, object]:
    store = tmp_path_factory.mktemp("whole") / "empty.db"
    store.write_bytes(made("empty").read_bytes())
    with desk(store) as at:
        at.pull()
        return at.contents()


@pytest.mark.parametrize(("parts", "statements"), [*((n, 0) for n in FATAL_PARTS), *((0, n) for n in FATAL_STATEMENTS)])
def test_a_killed_pull_is_marked_and_the_next_one_completes(
    at: Desk, wanted: dict[str, object], parts: int, statements: int
) -> None:
    killed(at, parts, statements)
    assert is_sound(at)
    at.clock.move(60)
    assert at.pull().state == "done"
    assert is_sound(at)
    assert at.contents() == wanted
    states = [run["state"] for run in at.runs()]
    assert states in (["done", "broken"], ["done"])  # killed before it had begun there is nothing to mark
    if parts:
        assert states == ["done", "broken"]
        assert at.runs()[1]["ended_at"] == at.runs()[0]["started_at"]


def test_what_a_killed_pull_committed_can_be_taken_back(at: Desk) -> None:
    killed(at, parts=6)
    (batch,) = at.ask("SELECT batch FROM imports WHERE kind = 'pull'")
    assert at.runs()[0]["batch"] == batch
    upload.undo(at.store, batch, by="x")
    assert at.rows("page_days") == at.rows("pages") == []
    assert is_sound(at)
