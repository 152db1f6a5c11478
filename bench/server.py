"""The server itself, an empty page of ours beside a plain ``streamlit run`` of one; and how it starts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench import serving
from bench.measure import Finding, Goal, Outcome, compare_taken
from bench.wire import Screen

MANY = 50
FASTER, START, FIRST = Goal(0.25), Goal(1.25), Goal(2)


def main(folder: Path, demonstration: Path, runs: int = 15) -> Iterator[Finding]:
    """An empty rerun and fifty at once; then starts."""
    with serving.ours(serving.EMPTY, demonstration) as ours, serving.plain(folder) as plain:
        with Screen(ours.port) as one, Screen(plain.port) as other:
            found = compare_taken("empty page, rerun", one.run, "plain streamlit run", other.run, runs)
            yield found.finding(FASTER)
        yield _at_once(ours.port, plain.port, max(3, runs // 4)).finding(FASTER)
    yield from _first(demonstration, max(2, runs // 3))


def start(folder: Path, demonstration: Path, runs: int = 5) -> Iterator[Finding]:
    """From starting the dashboard to its first healthy answer, beside a plain empty app."""

    def dashboard() -> float:
        with serving.ours(serving.DASHBOARD, demonstration) as server:
            return server.started

    def empty() -> float:
        with serving.plain(folder) as server:
            return server.started

    yield compare_taken("start to healthy", dashboard, "empty Streamlit app", empty, runs).finding(START)


def _at_once(ours: int, plain: int, runs: int) -> Outcome:
    with ExitStack() as stack, ThreadPoolExecutor(MANY) as pool:
        screens = {port: [stack.enter_context(Screen(port)) for _ in range(MANY)] for port in (ours, plain)}

        def all_of(port: int) -> float:
            begun = time.perf_counter()
            list(pool.map(Screen.run, screens[port]))
            return time.perf_counter() - begun

        name = f"{MANY} reruns of the empty page at once"
        return compare_taken(name, lambda: all_of(ours), "plain streamlit run", lambda: all_of(plain), runs)


def _first(store: Path, runs: int) -> Iterator[Finding]:
    """The first run of a new server's first page, at once and after the background loads, beside a later visit.

    The later one comes after a pause as long as the first's: a processor that had nothing to do for some seconds takes
    ten times as long for any server's next visit, on some days.
    """
    for name, wait, goals in (("at once", 0.0, ()), ("once warm", serving.WARM, (FIRST,))):
        firsts, later = [], []
        for _ in range(runs):
            with serving.ours(serving.DASHBOARD, store) as server:
                time.sleep(wait)
                firsts.append(_visit(server.port))
                time.sleep(serving.WARM)
                later.append(_visit(server.port))
        found = Outcome(f"first visit after start, {name}", "a later visit", firsts, later)
        yield found.finding(*goals)


def _visit(port: int) -> float:
    """Seconds of a new tab's first run, the connection included."""
    begun = time.perf_counter()
    with Screen(port) as screen:
        screen.run()
        return time.perf_counter() - begun
