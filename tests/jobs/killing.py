"""A job in a process of its own that is killed at a given step: an operation on files, or a statement of SQL."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from typing import Any

_FILES = frozenset(
    {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "shutil.copyfile", "os.scandir"}
)
Job = Callable[[], object]


def steps_of(job: Job) -> int:
    """How many steps the job takes when nobody kills it."""
    ended, steps = _forked(job, 0)
    assert ended
    return steps


def killed_at(job: Job, step: int) -> bool:
    """Run the job, killed as that step begins; whether it ended all the same."""
    return _forked(job, step)[0]


def moments(job: Job, count: int) -> Iterator[int]:
    """That many steps of the job, the first and the last among them, the others by luck."""
    steps = steps_of(job)
    luck = random.Random(count)  # noqa: S311 - moments, no secrets
    yield from (1, steps)
    yield from (luck.randint(2, steps - 1) for _ in range(count - 2))


def _forked(job: Job, fatal: int) -> tuple[bool, int]:
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(told)
            counter = _Counter(fatal)
            counter.listen()
            job()
            os.write(tell, str(counter.steps).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(tell)
    with os.fdopen(told) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the job failed by itself"
    return not os.WIFSIGNALED(status), int(said or 0)


class _Counter:
    def __init__(self, fatal: int) -> None:
        self.fatal, self.steps = fatal, 0

    def tick(self, *_: object) -> None:
        self.steps += 1
        if self.steps == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def listen(self) -> None:
        """From now on; only ever called in the child, for such hooks cannot be taken back."""
        sys.addaudithook(lambda event, _: self.tick() if event in _FILES else None)
        connect = sqlite3.connect

        def counted(*given: Any, **more: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*given, **more)
            connection.set_trace_callback(self.tick)
            return connection

        sqlite3.connect = counted  # type: ignore[assignment]
