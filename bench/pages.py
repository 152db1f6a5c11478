"""What a page costs: its own script and a rerun, beside the rerun of an empty page that the same server serves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from bench import alike, serving
from bench.measure import Finding, Goal, compare_taken, spread
from bench.wire import Screen
from sqdash.ui import menu

PAGES = [entry.name for entry in menu.entries()]
WITH_CHARTS = ("fans", "posts", "activities", "service", "editorial")
SCRIPT = Goal(15, of="median")
SMALL, CHARTS, LARGE = Goal(2), Goal(3), Goal(1.2)


def main(folder: Path, demonstration: Path, runs: int = 60) -> Iterator[Finding]:
    """Each page over the demonstration; and what of its rerun is Streamlit's alone, as :mod:`bench.alike` has it."""
    times = folder / "times"
    with (
        serving.ours(serving.EMPTY, demonstration) as empty,
        serving.ours(serving.DASHBOARD, demonstration, times) as server,
        Screen(empty.port) as floor,
    ):
        time.sleep(serving.WARM)
        for page in PAGES:
            with Screen(server.port, page) as screen:
                screen.run()
                times.write_text("", "ascii")
                rerun = compare_taken(f"{page}, rerun", screen.run, "empty page", floor.run, runs)
                _require_whole(screen, page)
                with Screen(empty.port, query=urlencode({"like": alike.told(screen.drawn, screen.menu)})) as bare:
                    bare.run()
                    _require_whole(bare, page)
                    name = f"{page}, as much of Streamlit alone ({len(screen.drawn)} elements)"
                    least = compare_taken(name, bare.run, "empty page", floor.run, runs)
            goals = (SMALL,) if page == menu.FIRST else (CHARTS,) if page in WITH_CHARTS else ()
            script = own_seconds(times)[1:]
            yield Finding(f"{page}, script", spread(script), goals=(SCRIPT,) if page == menu.FIRST else ())
            yield rerun.finding(*goals)
            yield least.finding()


def large(demonstration: Path, pulled: Path, big: Path, runs: int = 9) -> Iterator[Finding]:
    """Each page over the large store beside the same over a small one: cost must not grow with history.

    ``pulled`` is a small store that a fan page was pulled into: the demonstration has nothing to show in 資料來源.
    """
    with ExitStack() as stack:
        ports = {
            name: stack.enter_context(serving.ours(serving.DASHBOARD, store)).port
            for name, store in (("demonstration", demonstration), ("a small pulled store", pulled), ("large", big))
        }
        time.sleep(serving.WARM)
        for page in PAGES:
            beside = "a small pulled store" if page == "sources" else "demonstration"
            with Screen(ports["large"], page) as ours, Screen(ports[beside], page) as theirs:
                ours.run()
                theirs.run()
                found = compare_taken(f"{page}, large store", ours.run, beside, theirs.run, runs)
                _require_whole(ours, page)
                yield found.finding(LARGE)


def own_seconds(times: Path) -> list[float]:
    """What the runs of a page took by :mod:`bench.timed`, oldest first."""
    return [float(line.split()[0]) for line in times.read_text("ascii").splitlines()]


def _require_whole(screen: Screen, page: str) -> None:
    if screen.errors:
        raise RuntimeError(f"{page}: {screen.errors[0]}")
