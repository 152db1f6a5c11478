"""An import that is killed has happened whole or not at all, and can be done again."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.importers.sources import Bytes
from sqdash.jobs import upload
from sqdash.store import originals
from tests.jobs.meta_files import export, post, seen
from tests.making import looking

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[2]
POSTS = 300
AT_STATEMENTS, AT_TIMES = 14, 10
# Imports a file; with a number, it is killed when SQLite begins that statement of the writing transaction (COMMIT is
# the last one).
CHILD = """
import os, signal, sys
from pathlib import Path
from sqdash.jobs import upload
from sqdash.store import database
from tests.jobs.meta_files import seen

store, file, fatal = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
connect, count, over = database.connect, 0, False

def tracing(*args, **more):
    connection = connect(*args, **more)
    connection.set_trace_callback(counted)
    return connection

def counted(statement):
    global count, over
    count += not over and (count > 0 or statement.startswith("BEGIN IMMEDIATE"))
    over = over or statement == "COMMIT" and count > 0
    if count == fatal > 0:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))

database.connect = tracing
print("ready", flush=True)
outcome = upload.import_file(store, file, by="x", answers=seen(20, year=2015))
print("done", outcome.batch, count, flush=True)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "貼文.csv"
    with export(*(post(n) for n in range(1, POSTS + 1))).open() as stream:
        path.write_bytes(stream.read())
    return path


def start(store: Path, file: Path, fatal: int = 0) -> subprocess.Popen[str]:
    """A process that imports; it has loaded everything when this returns."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(store), str(file), str(fatal)],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def is_whole_or_nothing(store: Path, file: Path, *, acknowledged: bool) -> bool:
    """Whether the import was committed; the store is sound, and importing again does what is left to do."""
    with looking(store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        counted = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("posts", "snapshots", "post_now", "imports", "pages", "audit_log", "revisions")
        ]
    committed = counted == [POSTS] * 3 + [1] * 4
    assert committed or counted == [0] * 7
    assert committed or not acknowledged
    again = upload.import_file(store, Bytes(file), by="x", answers=seen(20, year=2015))
    assert (again.again, again.added) == ((True, 0) if committed else (False, POSTS))
    assert [len(path.name) for path in originals.folder(store).iterdir()] == [64]
    return committed


def fresh(made: Copy, tmp_path: Path, name: str) -> Path:
    (tmp_path / name).mkdir()
    return Path(shutil.copy(made("empty"), tmp_path / name / "store.db"))


def test_a_killed_import_has_happened_whole_or_not_at_all(made: Copy, tmp_path: Path, file: Path) -> None:
    child = start(fresh(made, tmp_path, "whole"), file)
    begun = time.monotonic()
    out, _ = child.communicate(timeout=60)
    lasted = time.monotonic() - begun
    statements = int(out.split()[2])
    assert (child.returncode, out.split()[:2]) == (0, ["done", "1"])
    luck = random.Random(103)  # noqa: S311 - moments, no secrets
    kills = 0
    for n in range(AT_STATEMENTS):  # every part of the transaction, its first and its last statement among them
        store = fresh(made, tmp_path, f"statement-{n}")
        child = start(store, file, 1 + round(n * (statements - 1) / (AT_STATEMENTS - 1)))
        out, _ = child.communicate(timeout=60)
        kills += child.returncode != 0
        assert not is_whole_or_nothing(store, file, acknowledged="done" in out)
    assert kills == AT_STATEMENTS
    for n in range(AT_TIMES):
        store = fresh(made, tmp_path, f"time-{n}")
        child = start(store, file)
        time.sleep(luck.uniform(0, lasted))
        child.kill()
        out, _ = child.communicate(timeout=60)
        is_whole_or_nothing(store, file, acknowledged="done" in out)
