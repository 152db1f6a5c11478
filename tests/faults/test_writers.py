"""Twelve processes that read and then write, six that read: no change is lost, nobody is told that the store is locked.

Both journals are tried, whichever this machine's SQLite would be trusted with.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import StoreError
from sqdash.store import database, gate
from tests.faults.killing import needs_fork
from tests.faults.many import together
from tests.making import BY, current, put, put_in, revisions, row

pytestmark = needs_fork
Copy = Callable[[str], Path]
WRITERS, READERS = 12, 6
PAIR = ("2014-01", "2014-02")
"""Two rows that every change writes alike."""
PAUSE = 0.02
MOST_LOG = 64 << 20


def figures(connection: database.Connection) -> list[int]:
    sql = "SELECT received FROM petitions WHERE month = ? AND closed_revision IS NULL"
    return [connection.execute(sql, (month,)).fetchone()[0] for month in PAIR]


def writer(store: Path, seconds: float) -> Callable[[], object]:
    """Raises a figure by one as often as it can; how often, how often it was refused, and the longest it took."""

    def work() -> tuple[int, int, float]:
        done, refused, longest, end = 0, 0, 0.0, time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            try:
                with gate.write(store, by=BY, reason="加一") as change:
                    now = figures(change.connection)
                    put_in(
                        change, "petitions", *(row("petitions", month=m, received=now[0] + 1, closed=0) for m in PAIR)
                    )
                done += 1
            except StoreError:
                refused += 1
            longest = max(longest, time.monotonic() - begun)
        return done, refused, longest

    return work


def reader(store: Path, seconds: float) -> Callable[[], object]:
    """Reads as screens do; how long each took, how often it was refused or saw half a change, the largest log."""

    def work() -> tuple[list[float], int, int, int]:
        took: list[float] = []
        refused = mixed = log = 0
        end, wal = time.monotonic() + seconds, f"{store}-wal"
        while time.monotonic() < end:
            begun = time.monotonic()
            try:
                with database.reading(store) as connection:
                    first, second = figures(connection)
                mixed += first != second
            except StoreError:
                refused += 1
            took.append(time.monotonic() - begun)
            log = max(log, os.path.getsize(wal) if os.path.exists(wal) else 0)
            time.sleep(PAUSE)
        return took, refused, mixed, log

    return work


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_no_change_is_lost_and_nobody_is_refused(
    copy: Copy,
    journal: str,
    monkeypatch: pytest.MonkeyPatch,
    amount: Callable[[float, float], float],
    tell: Callable[..., None],
) -> None:
    monkeypatch.setattr(database, "JOURNAL", journal)
    store, seconds = copy("empty"), amount(5, 60)
    put(store, "petitions", *(row("petitions", month=m, received=0, closed=0) for m in PAIR))
    jobs = [writer(store, seconds)] * WRITERS + [reader(store, seconds)] * READERS
    said = together(jobs)
    wrote, read = said[:WRITERS], said[WRITERS:]
    done, took = sum(one[0] for one in wrote), sorted(second for one in read for second in one[0])
    refused, mixed = sum(one[1] for one in said), sum(one[2] for one in read)
    (found,) = {figure["received"] for figure in current(store, "petitions")}
    log = max(one[3] for one in read)
    tell(
        **{f"changes_{journal}": done, f"reads_{journal}": len(took)},
        lost=done - found,
        refused=refused,
        mixed=mixed,
        **{f"read_p99_{journal}": took[len(took) * 99 // 100], f"read_longest_{journal}": took[-1]},
        **{f"write_longest_{journal}": max(one[2] for one in wrote), "MB_of_log": log / 1e6},
    )
    assert (found, revisions(store), refused, mixed) == (done, done + 1, 0, 0)
    assert done
    assert took
    assert log <= MOST_LOG
