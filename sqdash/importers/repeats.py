"""Rows of one file that speak of the same thing: said twice alike it counts once, said otherwise it counts not at all.

Nobody can tell which of two contradicting rows is right, so each is refused and names the other; keeping the first
would store a figure that the file itself disputes. A row refused after it was handed over is taken out again by the
checks that follow. Memory is a number, a mark and a cell for each key, whatever the rows hold. Knows no format.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqdash.importers.base import Task

DISPUTED = "，無法判斷哪一列正確，請刪去其中一列。"
SAME_POST = f"是同一篇貼文但內容不同{DISPUTED}"


class Said(NamedTuple):
    """What a row says under its key: ``mark`` is the same for the same contents.

    ``heading`` and ``text`` are the cell by which a person knows the row, as the file has it.
    """

    row: int
    mark: int
    heading: str
    text: str


@dataclass(slots=True)
class _Again:
    """A key that came again: the rows that say what the first one says, and the first row that does not."""

    alike: list[Said] = field(default_factory=list)
    other: int | None = None


class Repeats:
    """The keys of one file; ``why`` is the rest of the sentence after ``與第 2 列``, a clause with the remedy."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._first: dict[Hashable, Said] = {}
        self._again: dict[Hashable, _Again] = {}

    def is_first(self, key: Hashable, said: Said, why: str, *, merge: bool = True) -> bool:
        """Whether the key has not come before; else the row is counted as a repeat, or refused as a contradiction.

        Without ``merge`` even the same again is refused.
        """
        first = self._first.setdefault(key, said)
        if first is said:
            return True
        known = self._again.setdefault(key, _Again())
        if first.mark != said.mark and known.other is None:
            known.other = said.row
            self.task.findings.repeated -= len(known.alike)
            for earlier in (first, *known.alike):
                self._refuse(earlier, said.row, why)
        if first.mark != said.mark or not merge:
            self._refuse(said, first.row, why)
        elif known.other is not None:
            self._refuse(said, known.other, why)
        else:
            known.alike.append(said)
            self.task.findings.repeated += 1
        return False

    def disputed(self, key: Hashable) -> bool:
        """Whether rows with this key contradict each other."""
        return key in self._again and self._again[key].other is not None

    def _refuse(self, said: Said, other: int, why: str) -> None:
        self.task.reject(said.row, said.heading, said.text, "duplicate", f"與第 {other} 列{why}")
