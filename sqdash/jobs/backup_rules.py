"""Which backups are kept: one rule, a pure function of their times and reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqdash import periods

HOURS, DAYS, MONTHS = 24, 30, 12
PROTECTED = frozenset({"migration", "restore"})
"""Made before something that cannot be repeated: kept for :data:`DAYS` whatever else there is."""
MOST_AT_ONCE = 3
"""How many leave with one new backup: a clock that is years ahead must not empty the folder in a moment."""
_KEPT = {**dict.fromkeys(PROTECTED, timedelta(days=DAYS)), "hand": timedelta(hours=HOURS)}


@dataclass(frozen=True, slots=True, order=True)
class Made:
    """A backup as the rule sees it: when it was made (aware), its name, why it was made."""

    at: datetime
    name: str
    why: str


def outdated(backups: Iterable[Made], now: datetime) -> set[str]:
    """The names of those to remove; never the newest.

    Kept are the newest of each hour for 24 hours, of each day for 30 days, of each month for 12 months (hours, days and
    months of Taipei), those made before migrations and restores for 30 days, those made by hand for 24 hours, and
    whatever is dated after ``now``. One made before a migration or restore stands for a span only where nothing else
    does: restoring a backup must not be what removes it.
    """
    found = sorted(backups)
    kept = {found[-1].name} if found else set()
    kept |= {one.name for one in found if now - one.at <= _KEPT.get(one.why, timedelta(0))}
    newest: dict[tuple[object, ...], str] = {}
    for one in sorted(found, key=lambda one: (one.why not in PROTECTED, one)):  # the last of each span stays
        newest.update((span, one.name) for span in _spans(one.at, now))
    return {one.name for one in found} - kept - set(newest.values())


def next_to_go(backups: Iterable[Made], now: datetime) -> list[str]:
    """The names of those of :func:`outdated` to remove now, the youngest first: the older ones are the rarer."""
    known = list(backups)
    gone = outdated(known, now)
    return [one.name for one in sorted(known, reverse=True) if one.name in gone][:MOST_AT_ONCE]


def _spans(at: datetime, now: datetime) -> list[tuple[object, ...]]:
    """The hour, day and month that the moment could stand for."""
    here, today = at.astimezone(periods.TAIPEI), now.astimezone(periods.TAIPEI)
    spans: list[tuple[object, ...]] = []
    if now - at <= timedelta(hours=HOURS):
        spans.append((here.date(), here.hour))
    if (today.date() - here.date()).days <= DAYS:
        spans.append((here.date(),))
    if (today.year - here.year) * 12 + today.month - here.month <= MONTHS:
        spans.append((here.year, here.month))
    return spans
