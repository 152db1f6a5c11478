"""How a table is known in files, and what the notes of several templates say alike. Knows no table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqdash.importers.headings import fold
from sqdash.records import Value
from sqdash.tables import Column, Table

Derive = Callable[[Mapping[str, Value]], str]
ID_NOTE = (
    "編號可空白：系統依類別、日期與名稱（查核依地點）自動編號，再上傳一次不會重複；同日同名確有兩筆時，請自填不同編號。"
)
DATE_NOTE = "日期可寫 103/11/22、1031122、103年11月22日、103.11.22 或 2014-11-22。"
KEPT_NOTE = "選填的欄空白時，已有的照舊；要清空請到設定的更正單列。"
_NONE: Mapping[str, Any] = {}
UNIT_NOTE = "單位填名稱或簡稱，例如 第六課、嘉辦、秘書室(研考)。"


class Spec(NamedTuple):
    """How a table is known in files.

    ``headings``: column → headings, the template's own first. ``telling``: headings of which one at least must be
    there, ``foreign`` those of which none may. ``defaults``: column → text where the file has no such column or
    leaves it empty. ``units``: column → words that may follow its numbers. ``derive``: makes the key where the file
    gives none, so that the same row is the same key again; ``made_of``: the columns that it looks at, first the one by
    which a person knows the row. ``kept``: columns of which an empty cell leaves what stands, since screens or other
    sources fill them too. ``examples`` and ``notes`` go into the templates.
    """

    name: str
    label: str
    table: Table
    headings: Mapping[str, tuple[str, ...]]
    telling: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    defaults: Mapping[str, str] = _NONE
    units: Mapping[str, tuple[str, ...]] = _NONE
    derived: str | None = None
    derive: Derive | None = None
    made_of: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    examples: tuple[Mapping[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def required(self) -> frozenset[str]:
        """Columns without which no row can be read."""
        given = {self.derived, *self.defaults}
        return frozenset(c.name for c in self.table.columns if c.required and c.name not in given)

    @property
    def filled(self) -> tuple[Column, ...]:
        """The columns that people fill in: those with a heading."""
        return tuple(column for column in self.table.columns if column.name in self.headings)

    def folded(self, column: str) -> tuple[str, ...]:
        """Every heading of a column, folded, the template's own first."""
        return tuple(fold(name) for name in (*self.headings.get(column, ()), column))


def digest(*parts: Value) -> str:
    """A short name for texts, the same for the same ones."""
    return hashlib.sha256("\x1f".join(str(part or "") for part in parts).encode()).hexdigest()[:10]
