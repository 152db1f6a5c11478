"""Short reads that screens repeat, answered from memory as long as nobody has committed anything since.

Opening the store takes milliseconds and waits while somebody commits; the file's mark takes neither.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from sqdash.errors import StoreBusy
from sqdash.store import database, marks
from sqdash.store.marks import Mark

T = TypeVar("T")
_MOST = 100


class Marked(Generic[T]):
    """What ``read`` found in each store. Where not ``patient``, the answer before is given again, rather than waiting,
    while somebody else is in the middle of a commit: until that is done, it is the newest there is."""

    def __init__(self, read: Callable[[database.Connection], T], *, patient: bool = True) -> None:
        self._read, self._patient = read, patient
        self._kept: dict[Path, tuple[Mark, T]] = {}

    def __call__(self, store: Path, mark: Mark | None = None) -> T:
        """The answer for the store as it stands, or as it stood when somebody took the ``mark``; the errors of
        :func:`sqdash.store.database.reading`."""
        if mark is None:
            mark = marks.vouching(store)
        elif not mark.counted:
            mark = None
        kept = self._kept.get(store)
        if mark and kept and kept[0] == mark:
            return kept[1]
        try:
            with database.reading(store, wait=self._patient or kept is None) as connection:
                found = self._read(connection)
        except StoreBusy:
            if kept is None or self._patient:
                raise
            return kept[1]
        if mark:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[store] = mark, found
        return found
