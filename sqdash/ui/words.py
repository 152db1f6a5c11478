"""Stored rows as people read them: names for codes, units behind figures, and what a row is known by.

Needs the names of the store's units and pages, which :func:`of` reads; draws nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqdash import formats
from sqdash.importers.columns import UNIT_COLUMNS
from sqdash.importers.specs import NATIVE
from sqdash.indicators import BY_KEY
from sqdash.tables import Column, Table
from sqdash.ui import forms, loads
from sqdash.ui.frame import Screen

_STATED = frozenset({"value", "low", "high"})
_POSTS = frozenset({"posts", "snapshots"})
_LONGEST, _BEFORE = 40, 8  # characters shown of a text, and how many of those that did not change
_NOT_GIVEN = "未填"


@dataclass(frozen=True, slots=True)
class Words:
    """``units``: code → name; ``pages``: page id → name."""

    units: Mapping[str, str]
    pages: Mapping[str, str]

    def value(self, column: Column, value: Any) -> str:
        """A value without its unit; "" for none."""
        if column.name in UNIT_COLUMNS and not _is_own_code(column):
            return self.units.get(str(value), str(value or ""))
        return forms.cell(column, value)

    def name(self, table: Table, row: Mapping[str, Any]) -> str:
        """What a person knows the row by: what its key is made of where that was made, else its key; a post by its
        text."""
        if table.name in _POSTS:
            return self._post(row)
        parts = [*(NATIVE[table.name].made_of or table.key), "unit"]
        known = [table.column(part) for part in dict.fromkeys(parts) if part in table.names and part != "day_zone"]
        return "、".join(text for column in known if (text := self._part(column, row)))

    def names(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """The name of each row; with its key where another of them has the same."""
        found = [self.name(table, row) for row in rows]
        alike = Counter(found)
        return [
            f"{name}（{self._key(table, row)}）" if alike[name] > 1 else name
            for name, row in zip(found, rows, strict=True)
        ]

    def codes(self, table: Table, search: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What a text stands for where rows have codes: column → codes whose words contain it; none for none."""
        found = ((c.name, self._meant(c, search.casefold())) for c in table.columns if search)
        return tuple((name, some) for name, some in found if some)

    def _meant(self, column: Column, search: str) -> tuple[str, ...]:
        names = self.pages if column.name == "page_id" else forms.coded(column)
        if column.name in UNIT_COLUMNS and not _is_own_code(column):
            names = self.units
        return tuple(code for code, name in names.items() if search in name.casefold())

    def change(self, table: Table, row: Mapping[str, Any], column: str, pair: tuple[Any, Any]) -> str:
        """``人次 35 人次 → 40 人次``: both written alike, long texts around the place where they part."""
        shape = table.column(column)
        unit = _unit(table, row, column)
        texts = _around(*(self.value(shape, value) for value in pair))
        old, new = (formats.with_unit(text, unit) if text and unit else text or _NOT_GIVEN for text in texts)
        return f"{shape.label} {old} → {new}"

    def _key(self, table: Table, row: Mapping[str, Any]) -> str:
        return "、".join(self.value(table.column(part), row[part]) for part in table.key if row[part] is not None)

    def _part(self, column: Column, row: Mapping[str, Any]) -> str:
        value = row.get(column.name)
        if _is_own_code(column):
            return str(row.get("label") or value)
        if column.name == "page_id":
            return self.pages.get(str(value), str(value or ""))
        return _cut(self.value(column, value))

    def _post(self, row: Mapping[str, Any]) -> str:
        if text := " ".join(str(row.get("message") or row.get("permalink") or "").split()):
            return _cut(text)
        if moment := row.get("published_at"):
            return f"{forms.moment(str(moment))} 的貼文"
        return str(row["post_id"])


def of(screen: Screen) -> Words:
    """The words of a page: units under the names that hold at the end of its period."""
    units = loads.units_called(screen.store, screen.state, screen.period.end.isoformat())
    return Words(units, loads.page_names(screen.store, screen.state))


def _is_own_code(column: Column) -> bool:
    """Whether it is the code that a unit's own row gives the unit: there it says what other rows call the unit by."""
    return column.key and column.name == "unit"


def _unit(table: Table, row: Mapping[str, Any], column: str) -> str:
    """The unit of a figure's column; "" where it has none of its own."""
    if column in _STATED and (key := row.get("indicator")) in BY_KEY:
        return BY_KEY[str(key)].unit
    if column in _STATED and table.name == "facts":
        return str(row.get("unit") or "")
    return next(iter(NATIVE[table.name].units.get(column, ())), "")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _around(old: str, new: str) -> list[str]:
    """Both texts, cut to what is about the first place where they differ."""
    same = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = same - _BEFORE if max(len(old), len(new)) > _LONGEST and same > _BEFORE else 0
    return [("…" if start and text else "") + _cut(text[start:]) for text in (old, new)]
