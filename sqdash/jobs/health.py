"""Is everything in order? Each thing that is looked at is a finding with a level, and a bad one has its remedy.

``bad`` needs somebody now (``check`` then ends with 1), ``notice`` is worth knowing, ``good`` is in order. A store that
cannot be opened leaves only what can be known without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqdash.errors import SqdashError

Level = Literal["good", "notice", "bad"]
WORDS: dict[Level, str] = {"good": "正常", "notice": "注意", "bad": "異常"}
ICONS: dict[Level, str] = {"good": "✔", "notice": "◐", "bad": "✖"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, what was found and, unless it is good, what to do."""

    name: str
    level: Level
    found: str
    remedy: str = ""

    @property
    def good(self) -> bool:
        """Whether nobody need do anything now."""
        return self.level != "bad"

    def as_dict(self) -> dict[str, object]:
        """For other programs."""
        return {
            "name": self.name,
            "good": self.good,
            "level": self.level,
            "found": self.found,
            "remedy": self.remedy,
        }


def finding(name: str, found: str, *, bad: str = "", notice: str = "") -> Finding:
    """A finding whose level is that of its remedy: none for good."""
    return Finding(name, "bad" if bad else "notice" if notice else "good", found, bad or notice)


def check(store: Path, *, look: bool = True) -> list[Finding]:
    """Look at everything. ``look``: look through the store's file now, else go by the last verdict of those who did."""
    from sqdash.jobs import health_data, health_people, health_store

    found = list(health_store.file(store, look=look))
    if all(one.good for one in found):
        found += _each(store, (health_data.content, health_store.clock, health_people.accounts))
        found += _each(store, (health_data.originals, health_data.pulls, health_data.alerts))
    found += _each(store, (health_store.writing, health_store.disk, health_data.backups, health_people.settings))
    return found


def counts(found: Sequence[Finding]) -> dict[Level, int]:
    """How many findings there are of each level, the worst first."""
    return {level: sum(one.level == level for one in found) for level in ("bad", "notice", "good")}


def _each(store: Path, parts: Iterable[Callable[[Path], Iterable[Finding]]]) -> Iterator[Finding]:
    """What each part finds; what keeps one from looking is a finding too, and the others go on."""
    for part in parts:
        try:
            yield from part(store)
        except SqdashError as error:
            yield Finding("檢查", "bad", str(error), "依訊息處理後再檢查一次。")
