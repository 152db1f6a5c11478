"""No figure from a damaged store, and none into it: every process looks through a file once before it reads or writes
anything, then daily.

A look is SQLite's own check; a whole one also compares indexes with rows, and every stored value with what was stored
(:mod:`sqdash.store.soundness`). What was looked through is known by the file's number and SQLite's own counter of
changes: a file that SQLite wrote on since is taken as whole until the day is over, one that anything else wrote on, or
another file, is looked through anew. What a read runs into counts as well (:func:`damage.damaged`). The verdict is
noted beside the store, where other processes see it at their next read; a bad one holds until a whole look finds none.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqdash import periods
from sqdash.errors import StoreUnusable
from sqdash.store import damage, database, marks, notes, soundness
from sqdash.store.marks import Mark

DAILY = timedelta(days=1)
SUBJECT = "check"
_FULL = 64 << 20
"""Up to so many bytes every look is a whole one; nobody waits long for it."""
_kept: dict[Path, tuple[Mark, Verdict]] = {}
_stamps: dict[Path, tuple[int, int] | None] = {}
"""Which note of each store was read last."""
_alone = threading.Lock()


class Verdict(NamedTuple):
    """``found`` is what was found, empty for nothing; ``at`` when (UTC); ``full``: by a whole look; ``seconds`` it
    took."""

    at: datetime
    found: str
    full: bool
    seconds: float

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not self.found


_OF_STRUCTURE = ("no such column", "no such table", "unknown function")
"""How SQLite refuses a query of ours where a name in the file's own structure has become another."""


def examine(path: Path, *, whole: bool = False) -> Verdict:
    """Look through the file now. Damage is in the verdict; a file that cannot be opened at all is a
    :class:`StoreError`."""
    begun, full = time.monotonic(), whole or (path.is_file() and path.stat().st_size <= _FULL)
    try:
        with database.reading(path) as connection:
            found = database.faults(connection, path, full=full) or (soundness.fault(connection) if full else "")
    except StoreUnusable as error:
        if not error.damage:
            raise
        found = error.damage
    except sqlite3.OperationalError as error:
        if not any(words in str(error) for words in _OF_STRUCTURE):
            raise
        found = "資料庫結構與存入時不同"
    return Verdict(periods.now(), found, full, round(time.monotonic() - begun, 3))


def require(path: Path, *, look: bool = True, whole: bool = False) -> Mark:
    """:class:`StoreUnusable` where the store is damaged; looks through a file of which nobody knows yet, or not since
    a day. Without ``look``, for who cannot wait, only what is known counts; ``whole``, for what leaves the house, looks
    whatever is known. Gives the mark of the file as it was found."""
    database.inspect_file(path)
    mark, verdict = _renewed(path) if whole else _verdict(path) if look else _so_far(path)
    if verdict and not verdict.good:
        raise damage.damaged(path, verdict.found)
    return mark


def _so_far(path: Path) -> tuple[Mark, Verdict | None]:
    mark = marks.of(path)
    return mark, _known(path, mark)


def _verdict(path: Path) -> tuple[Mark, Verdict]:
    with _alone:
        mark, verdict = _so_far(path)
        if verdict is None:
            verdict = examine(path)
            _keep(path, mark, verdict)
        else:
            _kept[path] = (mark, verdict)
    return mark, verdict


def renew(path: Path) -> Verdict:
    """Look through the whole file whatever is known of it: what a server does at its start and daily. Who wants to read
    meanwhile goes by the last verdict."""
    database.inspect_file(path)
    return _renewed(path)[1]


def _renewed(path: Path) -> tuple[Mark, Verdict]:
    mark = marks.of(path)
    verdict = examine(path, whole=True)
    with _alone:
        _keep(path, mark, verdict)
    return mark, verdict


def last(path: Path) -> Verdict | None:
    """The newest verdict that was noted, of whatever file stood there."""
    return _noted(path)[1]


def fresh(verdict: Verdict, within: timedelta = DAILY) -> bool:
    """Whether it was found so long ago at most; one from the future was found by a wrong clock."""
    return timedelta(0) <= periods.now() - verdict.at < within


def _keep(path: Path, mark: Mark, verdict: Verdict) -> None:
    _kept[path] = (mark, verdict)
    said = {"at": verdict.at.isoformat(), "found": verdict.found, "full": verdict.full, "seconds": verdict.seconds}
    notes.put(path, SUBJECT, said | {"mark": list(mark)})
    _stamps[path] = notes.stamp(path, SUBJECT)


def _known(path: Path, mark: Mark) -> Verdict | None:
    """What this process or another found of the file as it stands, today."""
    if found := damage.met(path):
        return Verdict(periods.now(), found, False, 0.0)
    stamp = notes.stamp(path, SUBJECT)
    if stamp != _stamps.get(path):  # another process has looked since
        _stamps[path] = stamp
        seen, verdict = _noted(path)
        if seen and verdict:
            _kept[path] = seen, verdict
    for ask in (_kept.get, _noted):
        seen, verdict = ask(path) or (None, None)
        if verdict and seen and (fresh(verdict) or not verdict.good) and mark.follows(seen):
            return verdict
    return None


def _noted(path: Path) -> tuple[Mark | None, Verdict | None]:
    said = notes.get(path, SUBJECT)
    try:
        verdict = Verdict(
            datetime.fromisoformat(said["at"]), str(said["found"]), bool(said["full"]), float(said["seconds"])
        )
        return Mark._make(map(int, said["mark"])), verdict
    except (KeyError, TypeError, ValueError):
        return None, None
