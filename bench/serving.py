"""Servers to measure: ours over a store, and what a plain ``streamlit run`` makes of a script without any settings."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DASHBOARD, EMPTY = ROOT / "dashboard.py", ROOT / "bench" / "empty.py"
PLAIN = "import streamlit as st\nst.title('empty')\n"
SAME = "from sqdash.ui import frame\nframe.run()\n"
"""Our pages as a script that asks nothing of its server."""
HEALTHY_WITHIN = 60.0
WARM = 4.0
"""Seconds until what a server loads in the background once it is healthy has come."""
_EVERY = 0.005


@dataclass(frozen=True)
class Server:
    """A healthy server of this machine; ``started`` is how many seconds that took."""

    port: int
    process: subprocess.Popen[bytes]
    started: float

    def megabytes(self) -> float:
        """What its process holds in memory now (Linux)."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def ours(script: Path, store: Path, times: Path | None = None) -> Iterator[Server]:
    """``streamlit run`` with our settings; each run's own time goes to ``times`` (see :mod:`bench.timed`)."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SQDASH_")}
    env |= {"SQDASH_DB": str(store), "PYTHONPATH": str(ROOT)}
    if times:
        env["SQDASH_BENCH_TIMES"] = str(times)
    with _serving("bench.timed" if times else "streamlit", script, ROOT, env, "/healthz") as server:
        yield server


@contextmanager
def plain(folder: Path, text: str = PLAIN, store: Path | None = None) -> Iterator[Server]:
    """A plain ``streamlit run`` of an empty page, or of our pages over a store, away from our settings."""
    script = folder / "plain" / "script.py"
    script.parent.mkdir(exist_ok=True)
    script.write_text(text, encoding="utf-8")
    if store and not (links := script.parent / "pages").exists():
        links.symlink_to(ROOT / "pages", target_is_directory=True)  # where links between pages lead to
    env = {**os.environ, **({"SQDASH_DB": str(store), "PYTHONPATH": str(ROOT)} if store else {})}
    with _serving("streamlit", script, script.parent, env, "/_stcore/health") as server:
        yield server


@contextmanager
def _serving(module: str, script: Path, folder: Path, env: Mapping[str, str], health: str) -> Iterator[Server]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", module, "run", str(script), "--server.port", str(port)]
    begun = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - built here
        [*command, "--server.headless", "true", "--server.address", "127.0.0.1"],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_healthy(process, f"http://127.0.0.1:{port}{health}")
        yield Server(port, process, time.perf_counter() - begun)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and make it where it does not."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _until_healthy(process: subprocess.Popen[bytes], url: str) -> None:
    ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + HEALTHY_WITHIN
    while time.monotonic() < give_up and process.poll() is None:
        with suppress(OSError), ask.open(url, timeout=1):
            return
        time.sleep(_EVERY)
    raise TimeoutError(f"no answer at {url}")
