"""Insights as Graph answers them: series of Pacific days and lifetime values. Reads, never asks.

``end_time`` closes a day of US Pacific time, so a value belongs to the day of the second before (Meta's guide and
recordings of 2019 to 2026). A span of days A..B is asked as since = midnight of A, until = midnight of B + 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqdash.errors import DeadMetric, GraphError, PermissionMissing, Unreadable
from sqdash.graph.answers import Status, moment, number, wrong
from sqdash.graph.metrics import SUMS
from sqdash.periods import PACIFIC

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_OWN = frozenset({"value", "end_time"})
_BREAKDOWNS = frozenset({"is_from_ads", "is_from_followers"})
_Part = tuple[tuple[str, str], ...]
_UNDIVIDED: _Part = ()
Days = dict[date, int | None]
_T = TypeVar("_T")


def windows(first: date, last: date, days: int) -> Iterator[tuple[date, date]]:
    """The span from first to last, both included, in parts of at most so many days."""
    while first <= last:
        end = min(last, first + timedelta(days=days - 1))
        yield first, end
        first = end + _DAY


def midnight(day: date) -> int:
    """The Unix second at which the Pacific day begins; 7 or 8 hours after UTC's, as summer time has it."""
    return int(datetime.combine(day, time.min, PACIFIC).timestamp())


@lru_cache(maxsize=4096)
def label(end_time: str) -> date:
    """The Pacific day that this ``end_time`` closes."""
    return (moment(end_time, "end_time").astimezone(PACIFIC) - _SECOND).date()


def status_of(error: GraphError) -> Status:
    """What a metric's refusal means for its status."""
    if isinstance(error, DeadMetric):
        return "not_served"
    return "not_permitted" if isinstance(error, PermissionMissing) else "error"


def read_days(data: Mapping[str, Any], period: str) -> dict[str, Days | Unreadable]:
    """Metric → its days, of the series of that period only; a series that cannot be read spoils no other."""
    return {name: _either(_days, name, values) for name, values in _series(data, period).items()}


def read_values(data: Mapping[str, Any], period: str) -> dict[str, int | Unreadable | None]:
    """Metric → its one value; None where the series is there without a value."""
    return {name: _either(_lifetime, name, values) for name, values in _series(data, period).items()}


def _either(read: Callable[[str, list[Any]], _T], name: str, values: list[Any]) -> _T | Unreadable:
    try:
        return read(name, values)
    except Unreadable as error:
        return error


def _days(name: str, values: list[Any]) -> Days:
    """Day → value; the last of two values for a day counts, the parts of a breakdown are added up."""
    days: dict[date, dict[_Part, int | None]] = {}
    for entry in values:
        value, part, end = _value(name, entry), _part(name, entry), entry.get("end_time")
        if not isinstance(end, str):
            raise wrong(f"{name}.end_time")
        days.setdefault(label(end), {})[part] = value
    return {day: _whole(name, parts) for day, parts in days.items()}


def _lifetime(name: str, values: list[Any]) -> int | None:
    if len(values) == 1 and isinstance(values[0], dict) and values[0].keys() <= _OWN:
        return _value(name, values[0])  # nearly always, and the rest would take as long again
    parts: dict[_Part, int | None] = {}
    for entry in values:
        value = _value(name, entry)
        parts[_part(name, entry)] = value
    return _whole(name, parts) if parts else None


def _whole(name: str, parts: Mapping[_Part, int | None]) -> int | None:
    """The value not broken down, or the sum of the parts, which is unknown where one part is."""
    if _UNDIVIDED in parts:
        return parts[_UNDIVIDED]
    if len({tuple(key for key, _ in part) for part in parts}) > 1:  # the same broken down in two ways
        raise wrong(name)
    known = [value for value in parts.values() if value is not None]
    return number(sum(known), name) if len(known) == len(parts) else None


def _series(data: Mapping[str, Any], period: str) -> dict[str, list[Any]]:
    """Name → values of each series; those of other periods have the same name and other numbers."""
    entries = data.get("data")
    if not isinstance(entries, list):
        raise wrong("data")
    found: dict[str, list[Any]] = {}
    for entry in entries:
        name = entry.get("name") if isinstance(entry, dict) else None
        values = entry.get("values") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not isinstance(values, list):
            raise wrong("data")
        if entry.get("period") == period:
            found[name] = found.get(name, []) + values
    return found


def _value(name: str, entry: Any) -> int | None:
    """A number, or the sum of a dict (which leaves zeros out: ``{}`` is 0) where dicts are due; None for ``null``."""
    if not isinstance(entry, dict):
        raise wrong(name)
    value = entry.get("value")
    if value is None:
        return None
    if isinstance(value, dict) and name in SUMS:
        return number(sum(number(part, name) for part in value.values()), name)
    return number(value, name)


def _part(name: str, entry: Mapping[str, Any]) -> _Part:
    """Which part of a breakdown the entry is; people are never added up, and unknown keys not guessed at."""
    keys = entry.keys() - _OWN
    if keys and (name.endswith("_unique") or not keys <= _BREAKDOWNS):
        raise wrong(name)
    return tuple((key, str(entry[key])) for key in sorted(keys))
