"""A job in a process of its own that is killed: as a step of it begins (an operation on files, a statement of SQL), or
some time after it began.

The process is forked: it has loaded everything, and what is killed is the job. Only where there is ``fork``.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

needs_fork = pytest.mark.skipif(os.name != "posix", reason="needs fork and kill")
_FILES = frozenset(
    {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "shutil.copyfile", "os.scandir"}
)
Job = Callable[[], object]


@dataclass(frozen=True)
class Moment:
    """When to kill: as that step begins (1 is the first), else so many seconds after the job began."""

    step: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Ended:
    """``done``: the job said that it was done; ``killed``: its process did not live to its end."""

    done: bool
    killed: bool
    steps: int = 0
    seconds: float = 0.0


def moments(job: Job, count: int, luck: random.Random) -> list[Moment]:
    """That many moments of a job: three of five at steps, the first and the last among them; the others at any time,
    in the middle of a commit too. The job is done once to know them, somewhat slower than without being counted."""
    whole = forked(job)
    assert whole.done
    at_steps = max(2, count * 3 // 5)
    steps = [1, whole.steps, *(luck.randint(1, whole.steps) for _ in range(at_steps - 2))]
    seconds = [luck.uniform(0, whole.seconds * 0.7) for _ in range(count - at_steps)]
    return [*(Moment(step=step) for step in steps), *(Moment(seconds=second) for second in seconds)]


def killed(job: Job, moment: Moment) -> Ended:
    """Run the job, killed at that moment. At a step it always is; at a time it may have been quicker."""
    ended = forked(job, moment)
    assert ended.killed or not moment.step
    return ended


def forked(job: Job, moment: Moment | None = None) -> Ended:
    """Run the job in a process of its own, which may kill itself."""
    told, tell = os.pipe()
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(told)
        _work(job, moment, tell)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        pipe.read(1)  # it has begun
        if moment and not moment.step:
            begun = time.monotonic()
            time.sleep(moment.seconds)
            os.kill(child, signal.SIGKILL)
        said = pipe.read()
    seconds = time.monotonic() - begun
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0, "the job failed by itself"
    return Ended(bool(said), os.WIFSIGNALED(status), int(said or 0), seconds)


def _work(job: Job, moment: Moment | None, tell: int) -> None:
    """What the child does; it never returns."""
    code = 1
    try:
        counter = _Counter(moment.step if moment else 0)
        if moment is None or moment.step:
            counter.listen()
        os.write(tell, b".")
        job()
        os.write(tell, str(counter.steps).encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


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
