"""``python -m bench [imports|pulls|insight|report|backups]``: what each costs beside its floor.

Without a name all of them, and the overview's data, a command and a start; ``insight`` is screens over 1,000,000 posts.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from bench import backups, imports, insight, pulls, report
from bench.measure import compare
from sqdash import periods, views
from sqdash.jobs import setup

ROOT = Path(__file__).resolve().parents[1]
AS_OF = date(2026, 1, 1)


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


def _serve(script: Path, store: Path, path: str) -> Callable[[], object]:
    """From starting a server to its first healthy answer."""

    def run() -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
        child = subprocess.Popen(  # noqa: S603
            [*command, "--server.headless", "true"],
            cwd=ROOT,
            env={**os.environ, "SQDASH_DB": str(store)},
            stdout=subprocess.DEVNULL,
        )
        try:
            _until_healthy(f"http://127.0.0.1:{port}{path}")
        finally:
            child.terminate()
            child.wait()

    return run


def _until_healthy(url: str) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.01)
    raise TimeoutError(url)


def main() -> None:
    """Make the stores in a temporary folder, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        parts = {"imports": imports, "pulls": pulls, "insight": insight, "report": report, "backups": backups}
        for name, part in parts.items():
            if sys.argv[1:] in ([], [name]):
                part.main(Path(folder))
        if sys.argv[1:]:
            return
        store, demo, empty = (Path(folder) / name for name in ("report.db", "demo.db", "empty.py"))
        setup.init(store)
        setup.init(demo, demonstration=True)
        empty.write_text("import streamlit as st\nst.title('empty')\n", encoding="utf-8")
        for name, path, year in (("year 103", store, 103), ("demonstration 104", demo, 104)):
            board = compare(
                f"overview data, {name}",
                lambda s=path, y=year: views.board(s, periods.year_period(y), AS_OF),  # type: ignore[misc]
                "five tables read whole",
                _bare_queries(path),
            )
            print(board.line(), flush=True)
        status = _command("-m", "sqdash", "status", "--year", "103", "--json", "--db", str(store))
        print(compare("status --json, whole process", status, "python -c pass", _command("-c", "pass"), 7).line())
        start = _serve(ROOT / "dashboard.py", store, "/healthz")
        bare = _serve(empty, store, "/_stcore/health")
        print(compare("start to healthy", start, "empty Streamlit app", bare, 5).line())


if __name__ == "__main__":
    main()
