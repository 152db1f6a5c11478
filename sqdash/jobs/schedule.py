"""Pulling at intervals in a process of its own.

Waiting goes by the monotonic clock, so a changed wall clock neither hastens nor delays; but where the wall clock is
further than the interval (the machine slept, and monotonic time with it), the pull is due too. After a restart the
last run's record says when the next is due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqdash import logs
from sqdash.errors import SqdashError
from sqdash.graph.clock import Clock
from sqdash.jobs import leader
from sqdash.jobs.pull_record import Done
from sqdash.store import database
from sqdash.store.queries import pulls as queries

SLICE = 1.0
"""Seconds between two looks at whether somebody wants a pull now or the process is to end."""
_log = logging.getLogger("sqdash.pull")


class Beat(Protocol):
    """What is done beside the pulls; must not raise."""

    def __call__(self, *, now: bool = False) -> None:
        """``now``: a pull has just ended."""


def _no_beat(*, now: bool = False) -> None:
    """Nothing is done beside the pulls."""


def every(
    store: Path,
    interval: timedelta,
    pull: Callable[[], Sequence[Done]],
    *,
    clock: Clock,
    stop: Callable[[], bool],
    beat: Beat = _no_beat,
) -> None:
    """Pull at intervals until ``stop``; an error of one run is logged, and the next comes at its time.

    ``beat`` is called every second that is waited, and after each pull with ``now``.
    """
    wait = _first_wait(store, interval, clock.now())
    while not stop():
        until_due(interval, wait, clock, stop, beat, lambda: leader.take_wish(store))
        if stop():
            return
        started = clock.monotonic()
        try:
            for done in pull():
                _tell(done)
        except SqdashError as error:
            _log.error("擷取沒有進行：%s", error)
        except Exception as error:  # a mistake of ours or of the machine must not end the pulls to come
            logs.unforeseen(error, "擷取，下次到時間會再試")
        beat(now=True)
        wait = max(0.0, interval.total_seconds() - (clock.monotonic() - started))


def _first_wait(store: Path, interval: timedelta, now: datetime) -> float:
    """Seconds until the next run after a restart: the rest of the interval, or none."""
    with database.reading(store) as connection:
        last = queries.last_started(connection)
    if last is None:
        return 0.0
    since = now - datetime.fromisoformat(last)
    if since < timedelta(0):  # the clock was set back meanwhile
        return 0.0
    return max(0.0, (interval - since).total_seconds())


def until_due(
    interval: timedelta,
    wait: float,
    clock: Clock,
    stop: Callable[[], bool],
    beat: Beat = _no_beat,
    wished: Callable[[], bool] = lambda: False,
) -> None:
    """Wait that many seconds, or until it is due for another reason: the wall clock, a wish, the end."""
    begun, at = clock.monotonic(), clock.now()
    while not stop():
        left = wait - (clock.monotonic() - begun)
        if left <= 0 or clock.now() - at >= interval or wished():
            return
        beat()
        clock.sleep(min(SLICE, left))


def _tell(done: Done) -> None:
    text = "專頁 %s：%s，新增 %d、變更 %d，呼叫 %d 次，等候 %.1f 秒%s"
    why = f"；{done.error}" if done.error else ""
    _log.info(text, done.page, done.state, done.added, done.changed, done.calls, done.waited, why)
    for note in done.notes:
        _log.warning("專頁 %s：%s", done.page, note)
