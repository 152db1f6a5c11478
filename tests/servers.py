"""The dashboard as it is really served: a process of its own on a free port of this machine.

Forty servers begin in a run, and each would load the same libraries in three seconds of the processor. So they are
born of one process that has loaded them (Python's own fork server, where there is one) and that knows no store, no
setting and no visitor; what is tested of the beginning itself begins afresh.
"""

from __future__ import annotations

import http.client
import importlib
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from bench.serving import end

ROOT = Path(__file__).resolve().parents[1]
HEALTHY_WITHIN = 60.0


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; header names in lower case, in the order sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The header's one value; a header sent twice is a mistake."""
        found = [value for key, value in self.headers if key == name]
        assert len(found) < 2, (name, found)
        return found[0] if found else None


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        """Ask without any library that would decode or follow something by itself."""
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask in any way; an underscore in a header's name stands for a hyphen."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            sent = tuple((key.lower(), value) for key, value in answer.getheaders())
            return Answer(answer.status, sent, answer.read())
        finally:
            connection.close()


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens.

    Below the ports that systems hand out for outgoing connections: one of those could be taken by a browser
    before the server is up.
    """
    while True:
        port = random.randint(20_000, 32_000)  # noqa: S311 - any will do
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


_BORN = "forkserver" in multiprocessing.get_all_start_methods()
"""Whether servers can be born of a process that has loaded what each needs; else each loads it."""


@contextmanager
def serving(
    store: Path,
    log: Path,
    *,
    script: Path = ROOT / "dashboard.py",
    port: int = 0,
    afresh: bool = False,
    **settings: str,
) -> Iterator[Server]:
    """``streamlit run`` over a store, with more ``settings`` in its environment; healthy when handed over, stopped
    afterwards. ``afresh``: a program of its own that begins with nothing, as a person's does."""
    server = Server(port or free_port(), log)
    arguments = ["run", str(script), "--server.port", str(server.port)]
    env: Mapping[str, str] = {**os.environ, "SQDASH_DB": str(store), "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    begun = (_own_program if afresh or not _BORN else _born)(arguments, {**env, **settings}, log)
    with begun as is_alive:
        _wait(is_alive, server, "/healthz" if script.name == "dashboard.py" else "/_stcore/health")
        yield server


Alive = Callable[[], bool]


@contextmanager
def _own_program(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[Alive]:
    command = [sys.executable, "-m", "streamlit", *arguments]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            yield lambda: process.poll() is None
        finally:
            end(process)


@contextmanager
def _born(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[Alive]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.loaded"])
    process = context.Process(target=_run, args=(arguments, env, log))
    with pytest.MonkeyPatch.context() as patch:  # whatever was run as a program here is none of the server's
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        process.start()
    try:
        yield process.is_alive
    finally:
        process.terminate()
        process.join(10)
        process.kill()
        process.join()
        process.close()


def _run(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> None:
    """``python -m streamlit`` in a process that has it already."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    sys.argv[:] = ["streamlit", *arguments]
    streamlit = importlib.import_module("streamlit.web.cli")
    streamlit.main(prog_name="streamlit")


def _wait(is_alive: Alive, server: Server, path: str) -> None:
    give_up = time.monotonic() + HEALTHY_WITHIN
    while time.monotonic() < give_up and is_alive():
        with suppress(OSError, http.client.HTTPException):
            if server.get(path).status == 200 and is_alive():
                return
        time.sleep(0.05)
    raise AssertionError(f"the server did not come up:\n{server.log.read_text('utf-8', 'replace')}")
