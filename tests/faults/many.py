"""Jobs in processes of their own, all at once; what each returned comes back as JSON says it."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any


def together(jobs: Sequence[Callable[[], object]]) -> list[Any]:
    """Begun when all are there; what they returned, in their order. One that raises is an error here."""
    wait, go = os.pipe()
    begun = [_begin(job, wait, go) for job in jobs]
    os.close(wait)
    os.close(go)  # now they begin
    return [_ended(*one) for one in begun]


def alone(job: Callable[[], object]) -> Any:
    """One job in a process of its own."""
    return together([job])[0]


def _begin(job: Callable[[], object], wait: int, go: int) -> tuple[int, int]:
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(told)
            os.close(go)
            os.read(wait, 1)
            with os.fdopen(tell, "w", encoding="utf-8") as pipe:
                json.dump(job(), pipe)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(tell)
    return child, told


def _ended(child: int, told: int) -> Any:
    with os.fdopen(told, encoding="utf-8") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, "a job failed by itself"
    return json.loads(said)
