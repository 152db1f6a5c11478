"""What pulls cost: a first pull of 10,000 posts and a quiet later one, whole processes against a fake Graph."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.imports import ROOT, Run, line, run_process

MANY, FEW = 10_000, 2_000


@contextmanager
def fake(posts: int) -> Iterator[dict[str, str]]:
    """A fake Graph in a process of its own; the settings that lead to it. What it has rendered once it keeps."""
    command = [sys.executable, "-m", "tests.fake_graph", "--still", "--quiet", "--posts", str(posts)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        found: dict[str, str] = {}
        while len(found) < 4 and child.stdout:
            name, _, value = child.stdout.readline().removeprefix("export ").strip().partition("=")
            found[name] = value.strip("'")
        yield found
    finally:
        child.terminate()
        child.wait()


def make(store: Path) -> None:
    """An empty store, made by another process: a child's greatest memory begins with its parent's."""
    run_process("-m", "sqdash", "init", "--empty", "--db", str(store))


def pull(store: Path, settings: dict[str, str]) -> Run:
    """``python -m sqdash pull``."""
    return run_process("-m", "sqdash", "pull", "--db", str(store), env=settings)


def bare(store: Path, settings: dict[str, str]) -> Run:
    """The floor."""
    wanted = ("SQDASH_GRAPH_BASE_URL", "SQDASH_GRAPH_PAGE_ID", "SQDASH_GRAPH_TOKEN")
    return run_process("-m", "bench.bare_pull", str(store), *(settings[name] for name in wanted))


def first(folder: Path, settings: dict[str, str], runs: int = 5) -> Iterator[str]:
    """A first pull, then what a quiet later one takes."""
    empty, store = folder / "none.db", folder / "pulled.db"
    make(empty)
    ours: list[Run] = []
    floor: list[Run] = []
    for run in range(runs + 1):
        found = []
        for runner in (pull, bare):
            store.unlink(missing_ok=True)
            shutil.copy(empty, store)
            found.append(runner(store, settings))
        if run:  # the first warms the fake
            ours.append(found[0])
            floor.append(found[1])
    yield line(f"first pull of {MANY:,} posts", ours, "the same calls and a bare write", floor)
    yield f"peak memory of it: {max(run.megabytes for run in ours):.0f} MB"


def quiet(folder: Path, settings: dict[str, str], posts: int) -> str:
    """Calls and memory of the pull after the first."""
    store = folder / f"quiet{posts}.db"
    make(store)
    grown = pull(store, settings)
    command = [sys.executable, "-m", "sqdash", "pull", "--db", str(store), "--json"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=True, capture_output=True)  # noqa: S603
    calls = json.loads(done.stdout)[0]["calls"]
    return f"quiet pull with {posts:,} posts: {calls} calls; peak memory of the first {grown.megabytes:.0f} MB"


def main(folder: Path) -> None:
    """Measure and print."""
    with fake(MANY) as settings:
        for text in first(folder, settings):
            print(text, flush=True)
        print(quiet(folder, settings, MANY), flush=True)
    with fake(FEW) as settings:
        print(quiet(folder, settings, FEW), flush=True)
