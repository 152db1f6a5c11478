"""Who leads the methods of a new year: a unit that has ended by then leads none, and a new name is printed as such.

Which unit goes on with the methods of one that has ended is what a person says; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Names = Mapping[str, tuple[str, str | None]]
"""Unit → its name and short name on the first day of the new year."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A unit that leads methods of the last plan and has ended (``until``, an ISO day) before the new year.

    ``name`` is its last; ``alone`` are those of its ``methods`` that only units that have ended lead.
    """

    unit: str
    name: str
    until: str
    methods: tuple[str, ...]
    alone: tuple[str, ...]


def ended(leads: Sequence[Row], units: Iterable[Row], first_day: str) -> tuple[Ended, ...]:
    """The units of ``method_units`` that have ended before the ISO day, in the order in which the plan names them.

    ``units``: all current rows; a unit of which there is none is not known to have ended.
    """
    last = {unit: rows[-1] for unit, rows in _by_unit(units).items() if all(_is_over(row, first_day) for row in rows)}
    staying = {row["method"] for row in leads if row["unit"] not in last}
    methods: dict[str, dict[str, None]] = {}
    for row in leads:
        if row["unit"] in last:
            methods.setdefault(row["unit"], {})[row["method"]] = None
    return tuple(
        Ended(unit, last[unit]["label"], last[unit]["valid_to"], tuple(its), tuple(m for m in its if m not in staying))
        for unit, its in methods.items()
    )


def carried(
    leads: Iterable[Row], units: Iterable[Row], now: Names, successors: Mapping[str, str | None]
) -> Iterator[dict[str, Any]]:
    """The rows of ``method_units`` as the new year has them.

    ``successors``: the unit that goes on for one that has ended, or None for no unit. A name that the unit had is
    printed as the name of now; a name of several units in one (第一課至第六課) stays, see :func:`shared`.
    """
    known = _by_unit(units)
    there: set[tuple[str, str]] = set()
    for row in leads:
        unit = successors.get(row["unit"], row["unit"])
        if unit is None or (row["method"], unit) in there:
            continue
        there.add((row["method"], unit))
        yield {**row, "unit": unit, "printed": _printed(row["printed"], known.get(row["unit"], ()), now.get(unit))}


def renamed(leads: Iterable[Row], units: Iterable[Row], now: Names) -> dict[str, str]:
    """Name printed in the last plan → name of now, of units that go on under another one."""
    known = _by_unit(units)
    printed = {
        row["printed"]: _printed(row["printed"], known.get(row["unit"], ()), now.get(row["unit"])) for row in leads
    }
    return {old: new for old, new in printed.items() if new != old}


def reworded(text: str, units: Iterable[Row], now: Names) -> str:
    """A text with the names of now for those that its units had; a name that a unit has now stays."""
    there = {name for names in now.values() for name in names}
    new = {
        old: _printed(old, rows, now.get(unit))
        for unit, rows in _by_unit(units).items()
        for old in _names(rows)
        if old not in there and unit in now
    }
    longest_first = sorted(new, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: new[found[0]], text) if new else text


def names_ended(text: str, gone: Iterable[Ended], units: Iterable[Row]) -> bool:
    """Whether the text has a name of a unit that has ended."""
    known = _by_unit(units)
    return any(name in text for one in gone for name in _names(known[one.unit]))


def shared(leads: Iterable[Row], gone: Iterable[Ended], units: Iterable[Row]) -> tuple[str, ...]:
    """The names of several units in one (第一課至第六課) under which a unit that has ended is printed, each once."""
    known, over = _by_unit(units), {one.unit for one in gone}
    of_gone = (row for row in leads if row["unit"] in over)
    return tuple(dict.fromkeys(row["printed"] for row in of_gone if row["printed"] not in _names(known[row["unit"]])))


def _names(rows: Iterable[Row]) -> set[str]:
    """Every name and short name that a unit had."""
    return {name for row in rows for name in (row["label"], row["short"]) if name}


def _printed(old: str, rows: Iterable[Row], now: tuple[str, str | None] | None) -> str:
    if now is None or old in now:
        return old
    label, short = now
    had = list(rows)
    if old in (row["short"] for row in had):
        return short or label
    return label if old in (row["label"] for row in had) else old


def _by_unit(units: Iterable[Row]) -> dict[str, list[Row]]:
    """Unit → its rows, the oldest first."""
    found: dict[str, list[Row]] = {}
    for row in sorted(units, key=lambda row: row["valid_from"] or ""):
        found.setdefault(row["unit"], []).append(row)
    return found


def _is_over(row: Row, day: str) -> bool:
    return bool(row["valid_to"]) and row["valid_to"] < day
