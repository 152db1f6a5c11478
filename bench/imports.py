"""What imports cost: whole processes against a bare ``csv`` + ``executemany`` into the same tables, and a preview."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench import posts_file
from bench.measure import compare
from sqdash.importers.base import Answers
from sqdash.importers.sources import Bytes
from sqdash.jobs import setup, upload
from sqdash.store import wholeness

ROOT = Path(__file__).resolve().parents[1]
SEEN = "2026-11-01T08:00"
MANY, SOME, FEW = 100_000, 5_000, 1_000


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds on the wall and its greatest memory, page cache of SQLite included."""

    seconds: float
    megabytes: float


def run_import(store: Path, file: Path) -> Run:
    """``python -m sqdash import`` of one export."""
    return run_process("-m", "sqdash", "import", str(file), "--observed-at", SEEN, "--db", str(store))


def run_bare(store: Path, file: Path) -> Run:
    """The floor."""
    return run_process("-m", "bench.bare_import", str(store), str(file))


def run_process(*arguments: str, env: Mapping[str, str] | None = None) -> Run:
    """One Python process in the repository, from start to end."""
    env = {**{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}, **(env or {})}
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{arguments} failed")
    return Run(seconds, used.ru_maxrss / 1024)


def many(folder: Path, runs: int = 5) -> Iterator[str]:
    """100,000 posts: first, the identical file, the same rows in another file."""
    empty, file, other = folder / "empty.db", folder / "many.csv", folder / "other.csv"
    setup.init(empty)
    posts_file.write(file, MANY)
    posts_file.write(other, MANY, blank_last=True)
    first: list[Run] = []
    bare: list[Run] = []
    again: list[Run] = []
    rows: list[Run] = []
    heads: list[bool] = []
    for run in range(runs + 1):
        store, floor = folder / "ours.db", folder / "bare.db"
        shutil.copy(empty, store)
        shutil.copy(empty, floor)
        shutil.rmtree(folder / "originals", ignore_errors=True)
        found = [run_import(store, file), run_bare(floor, file), run_import(store, file)]
        before = _data(store)
        found.append(run_import(store, other))
        heads.append(before == _data(store))
        if run:  # the first is the warm-up
            for kept, one in zip((first, bare, again, rows), found, strict=True):
                kept.append(one)
    yield line(f"import {MANY:,} posts", first, "bare csv + executemany", bare)
    yield line("the identical file again", again, "first import", first)
    yield line("the same rows in another file", rows, "first import", first)
    yield f"data rows unchanged by that: {'yes' if all(heads) else 'NO'}"
    yield f"peak memory of the import: {max(run.megabytes for run in first):.0f} MB"


def _data(store: Path) -> list[tuple[int, int]]:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        return [
            db.execute(f"SELECT count(*), max(version_id) FROM {table}").fetchone()  # noqa: S608 - names below
            for table in ("posts", "snapshots")
        ]


def few(folder: Path, runs: int = 9) -> Iterator[str]:
    """1,000 posts on the command line, start-up included, into a store that was looked through this day already."""
    empty, file = folder / "empty.db", folder / "few.csv"
    posts_file.write(file, FEW)
    ours: list[Run] = []
    bare: list[Run] = []
    for run in range(runs + 1):
        shutil.rmtree(folder / "originals", ignore_errors=True)
        found = []
        for runner in (run_import, run_bare):
            shutil.copy(empty, folder / "few.db")
            wholeness.require(folder / "few.db")
            found.append(runner(folder / "few.db", file))
        if run:
            ours.append(found[0])
            bare.append(found[1])
    yield line(f"import {FEW:,} posts, whole process", ours, "bare script", bare)


def preview(folder: Path) -> Iterator[str]:
    """A preview of 5,000 posts."""
    file = folder / "some.csv"
    posts_file.write(file, SOME)
    answers = Answers(observed_at=datetime(2026, 11, 1, tzinfo=UTC))
    found = compare(
        f"preview of {SOME:,} posts",
        lambda: upload.look(folder / "empty.db", Bytes(file), answers),
        "csv.reader over the file",
        _reads(file),
        7,
    )
    yield found.line()


def _reads(file: Path) -> Callable[[], object]:
    def read() -> None:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for _ in csv.reader(stream):
                pass

    return read


def line(name: str, ours: list[Run], floor: str, theirs: list[Run]) -> str:
    """Min/median/max of both in milliseconds, and the median ratio."""
    ratio = median(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True))
    return f"{name}: {_spread(ours)}; floor {floor}: {_spread(theirs)}; × {ratio:.2f}"


def _spread(runs: list[Run]) -> str:
    seconds = [run.seconds for run in runs]
    return "/".join(f"{1000 * s:.0f}" for s in (min(seconds), median(seconds), max(seconds))) + " ms"


def main(folder: Path) -> None:
    """Measure and print."""
    for part in (many, few, preview):
        for line in part(folder):
            print(line, flush=True)
