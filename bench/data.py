"""The overview's data on a fresh connection, over a small and the large store; a command; what its floor is."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from bench.measure import Finding, Goal, compare
from bench.serving import ROOT
from sqdash import periods, views
from sqdash.analysis import results
from sqdash.store import asof
from sqdash.store.queries import evidence

AS_OF = date(2026, 1, 1)
QUICK, GROWTH = Goal(3, of="median"), Goal(2.5)


def main(report: Path, demonstration: Path, empty: Path, big: Path | None, runs: int = 15) -> Iterator[Finding]:
    """The board of a year, as the overview loads it, and ``status``."""
    for name, store, year in (("year 103", report, 103), ("demonstration 104", demonstration, 104)):
        floor = _bare_queries(store)
        yield compare(f"overview data, {name}", _board(store, year), "five tables read whole", floor, runs).finding()
    if big:
        name, large = "overview data, large store", _board(big, 110)
        small = compare(name, large, "the demonstration's", _board(demonstration, 104), runs)
        yield small.finding(QUICK, GROWTH)
        for floor, least in (("a store without a row", _board(empty, 110)), ("without any query", _least(big, 110))):
            yield compare(f"{name}, beside {floor}", large, floor, least, runs).finding()
    status = _command("-m", "sqdash", "status", "--year", "103", "--json", "--db", str(report))
    python = _command("-c", "pass")
    yield compare("status --json, whole process", status, "python -c pass", python, max(2, runs // 2)).finding()


def _board(store: Path, year: int) -> Callable[[], object]:
    period = periods.year_period(year)
    return lambda: views.board(store, period, AS_OF)


def _least(store: Path, year: int) -> Callable[[], object]:
    """What is left of a board whose queries take no time: the connection's first look at the file, and two years'
    results from what is known."""
    period = periods.year_period(year)
    known = []
    for one in (period, period.previous()):
        with asof.of_period(store, one) as (connection, _):
            known.append((one, evidence.load(connection, one, AS_OF)))

    def work_out() -> None:
        with asof.of_period(store, period):
            for one, found in known:
                results.work_out_all(one, found, AS_OF)

    return work_out


def _bare_queries(store: Path) -> Callable[[], object]:
    """The floor of a board: a connection that reads the tables' current rows of the same year, and nothing else."""

    def read() -> None:
        with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
            for table in ("readings", "targets", "explanations", "method_units", "imports"):
                connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names above

    return read


def _command(*arguments: str) -> Callable[[], object]:
    def run() -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603

    return run
