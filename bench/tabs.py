"""Twenty open tabs that go on refreshing while a file of 100,000 posts is imported; and what a further tab holds."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from shutil import copy

from bench import posts_file, serving
from bench.measure import Finding, Goal, Spread
from bench.wire import Screen

TABS, EVERY, MANY = 20, 3.0, 100_000
QUIET = 15.0
"""Seconds of refreshing before the import begins."""
BUSY, ROOM, NONE = Goal(2), Goal(1, of="median"), Goal(0, of="most")
PAGES = ("", "fans", "posts", "activities")


def main(folder: Path, demonstration: Path, rows: int = MANY, quiet: float = QUIET) -> Iterator[Finding]:
    """Refresh, import, and refresh on; every tab by itself, once in three seconds."""
    store, file = folder / "tabs" / "demo.db", folder / "tabs.csv"
    store.parent.mkdir(exist_ok=True)
    copy(demonstration, store)
    posts_file.write(file, rows)
    with serving.ours(serving.DASHBOARD, store) as server, ExitStack() as stack, ThreadPoolExecutor(TABS) as pool:
        for page in PAGES:
            with Screen(server.port, page) as first:
                first.run()
        held = [server.megabytes()]
        tabs = []
        for number in range(TABS):
            tabs.append(stack.enter_context(Screen(server.port, PAGES[number % len(PAGES)])))
            tabs[-1].run()
            held.append(server.megabytes())
        a_tab = (held[-1] - held[0]) / TABS
        yield Finding("memory of a further tab", Spread(a_tab, a_tab, a_tab, "MB"), goals=(ROOM,))
        ended = threading.Event()
        running = [pool.submit(_refreshing, tab, number, ended) for number, tab in enumerate(tabs)]
        time.sleep(quiet)
        begun = time.perf_counter()
        _import(store, file)
        done = time.perf_counter()
        ended.set()
        taken = [one for run in running for one in run.result()]
        wrong = [error for tab in tabs for error in tab.errors]
    before = [seconds for at, seconds in taken if at + seconds < begun]
    during = [seconds for at, seconds in taken if at + seconds >= begun and at < done]
    slow, usual = _p95(during), _p95(before)
    yield Finding(
        f"p95 of a rerun in {TABS} tabs during an import",
        Spread(min(during) * 1000, slow * 1000, max(during) * 1000),
        "the same tabs before it",
        Spread(min(before) * 1000, usual * 1000, max(before) * 1000),
        slow / usual,
        (BUSY,),
    )
    yield Finding("errors shown meanwhile", Spread(len(wrong), len(wrong), len(wrong), ""), goals=(NONE,))


def _refreshing(tab: Screen, number: int, ended: threading.Event) -> list[tuple[float, float]]:
    """(when a rerun began, its seconds) until it is over."""
    taken = []
    ended.wait(EVERY * number / TABS)
    while not ended.is_set():
        begun = time.perf_counter()
        taken.append((begun, tab.run()))
        ended.wait(max(0.0, begun + EVERY - time.perf_counter()))
    return taken


def _import(store: Path, file: Path) -> None:
    command = [sys.executable, "-m", "sqdash", "import", str(file), "--db", str(store)]
    more = ["--observed-at", "2026-11-01T08:00:00+08:00"]
    done = subprocess.run([*command, *more], cwd=serving.ROOT, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr)


def _p95(seconds: list[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]
