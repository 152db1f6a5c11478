"""The dashboard as it is really served: a process of its own on a free port of this machine."""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

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


@contextmanager
def serving(
    store: Path, log: Path, *, script: Path = ROOT / "dashboard.py", port: int = 0, **settings: str
) -> Iterator[Server]:
    """``streamlit run`` over a store, with more ``settings`` in its environment; healthy when handed over, stopped
    afterwards."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    env: Mapping[str, str] = {**os.environ, "SQDASH_DB": str(store), "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)}
    env = {**env, **settings}
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            server = Server(port, log)
            _wait(process, server, "/healthz" if script.name == "dashboard.py" else "/_stcore/health")
            yield server
        finally:
            end(process)


def _wait(process: subprocess.Popen[bytes], server: Server, path: str) -> None:
    give_up = time.monotonic() + HEALTHY_WITHIN
    while time.monotonic() < give_up and process.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            if server.get(path).status == 200 and process.poll() is None:
                return
        time.sleep(0.05)
    raise AssertionError(f"the server did not come up:\n{server.log.read_text('utf-8', 'replace')}")
