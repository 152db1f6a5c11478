"""Backups at intervals in a process of its own: made where something changed, tested once a day.

Waiting goes by the monotonic clock as pulls do; after a failure the next try comes sooner.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqdash import logs
from sqdash.errors import SqdashError
from sqdash.graph.clock import Clock
from sqdash.jobs import backup, backup_folder, restore_test, schedule

BY = "定時備份"
AGAIN = timedelta(minutes=5)
"""When a backup that failed is tried again, at the latest."""
_log = logging.getLogger("sqdash.backup")


def every(store: Path, interval: timedelta, *, clock: Clock, stop: Callable[[], bool]) -> None:
    """Back up at intervals until ``stop``; what goes wrong is logged, and the next comes at its time."""
    wait = 0.0
    while not stop():
        schedule.until_due(interval, wait, clock, stop)
        if stop():
            return
        started = clock.monotonic()
        then = interval if once(store) else min(interval, AGAIN)
        wait = max(0.0, then.total_seconds() - (clock.monotonic() - started))


def once(store: Path) -> bool:
    """One round: a backup where the store changed since the last, a test where none was made today.

    False where something went wrong, which is logged.
    """
    try:
        return _once(store)
    except SqdashError as error:
        _log.error("備份沒有完成：%s", error)
    except Exception as error:  # a mistake of ours or of the machine must not end the backups to come
        logs.unforeseen(error, "備份，稍後再試")
    return False


def _once(store: Path) -> bool:
    to = backup_folder.places(store)
    good = True
    if backup.moved(store, to.first):
        made = backup.make(store, why="hourly", by=BY, to=to)
        _log.info("已備份 %s（修訂 %d）", made.backup.name, made.backup.manifest.revision)
        if made.second:
            _log.error("第二份沒有完成：%s", made.second)
            good = False
    if restore_test.due(store, to.first):
        tested = restore_test.run(store, to.first)
        (_log.info if tested.good else _log.error)("%s", tested.found)
        good = good and tested.good
    return good
