"""Files whose headings name a table of ours: templates that people filled in, and files that ``export`` wrote.

Rows under the catalogue's own column names (exports, ``data/``) are exact; rows under Chinese headings are read
as people write: ROC dates decided per column, numbers with marks and units, names of units, totals and notes
below the table. One module for all of them, because the columns are declared in :mod:`specs`;
:mod:`sqdash.importers.table_reader` reads the rows.
"""

from __future__ import annotations

from typing import NamedTuple

from sqdash.errors import DataError
from sqdash.importers import native
from sqdash.importers.base import Layout, Task
from sqdash.importers.headings import Head, fold, folded
from sqdash.importers.specs import BY_SPEC, NATIVE, Spec
from sqdash.importers.table_reader import Reader


class LedgerFormat(NamedTuple):
    """The format of one table; see :class:`sqdash.importers.base.Format`."""

    name: str
    label: str
    vocabulary: frozenset[str]

    def claims(self, head: Head) -> bool:
        """Under the catalogue's own names exactly, or under Chinese headings with what is required."""
        if native.identify(head.cells) == self.name:
            return True
        spec = BY_SPEC.get(self.name)
        return spec is not None and not native.identify(head.cells) and _is_filled_in(spec, head)

    def read(self, task: Task) -> None:
        """Fill the sink with the table's rows."""
        exact = native.identify(task.head.cells) == self.name
        spec = NATIVE[self.name] if exact else BY_SPEC.get(self.name) or NATIVE[self.name]
        places = _places(spec, task.head)
        if task.answers.layout:
            places = _assigned(task, spec, task.answers.layout)
        elif missing := spec.required - set(places):
            labels = "、".join(f"「{c.label}」" for c in spec.table.columns if c.name in missing)
            raise DataError(f"{task.file} 沒有{labels}欄，不能讀成「{spec.label}」，請補上這些欄或改用別的格式。")
        Reader(task, spec, places, exact=exact).run()


FORMATS = tuple(
    LedgerFormat(
        spec.name,
        spec.label,
        frozenset(n for c in spec.table.columns for n in (BY_SPEC.get(spec.name) or spec).folded(c.name)),
    )
    for spec in {**NATIVE, **BY_SPEC}.values()
)


def _is_filled_in(spec: Spec, head: Head) -> bool:
    places = _places(spec, head)
    known = head.known_as
    return spec.required <= set(places) and bool(known & folded(*spec.telling)) and not known & folded(*spec.foreign)


def _places(spec: Spec, head: Head) -> dict[str, int]:
    """Column → its place in the file; each place serves one column, those named first first."""
    places: dict[str, int] = {}
    for column in spec.table.columns:
        at = next(
            (
                at
                for name in spec.folded(column.name)
                if (at := head.at((name,))) is not None and at not in places.values()
            ),
            None,
        )
        if at is not None:
            places[column.name] = at
    return places


def _assigned(task: Task, spec: Spec, layout: Layout) -> dict[str, int]:
    """Places by a person's assignment; :class:`DataError` for what does not fit."""
    places: dict[str, int] = {}
    for heading, column in layout.columns.items():
        at = task.head.at((fold(heading),))
        if at is None:
            raise DataError(f"{task.file} 沒有「{heading[:40]}」這一欄，請改正欄位對應。")
        if column not in spec.table.names:
            raise DataError(f"「{spec.label}」沒有「{column[:40]}」這個欄位，請改正欄位對應。")
        if column in places:
            raise DataError(f"欄位對應把兩個欄都指給「{spec.table.column(column).label}」，請只留一個。")
        places[column] = at
    missing = spec.required - set(places) - set(layout.constants)
    if missing:
        labels = "、".join(c.label for c in spec.table.columns if c.name in missing)
        raise DataError(f"欄位對應還缺 {labels}，請指定對應的欄或填固定值。")
    for column in layout.constants:
        if column not in spec.table.names:
            raise DataError(f"「{spec.label}」沒有「{column[:40]}」這個欄位，請改正固定值。")
    return places
