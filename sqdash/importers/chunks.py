"""Some rows of a file of one table on their way to values, and the cell by which a row is refused. Knows no format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqdash.importers.base import Task
from sqdash.importers.headings import Numbered
from sqdash.records import Value
from sqdash.tables import Table


@dataclass(frozen=True, slots=True)
class Written:
    """How a file calls the columns of a table and where they stand; ``span`` are the columns of a beginning and an end
    that one column of the file may say together (empty where the table has none)."""

    table: Table
    head: Sequence[str]
    places: Mapping[str, int]
    constants: Mapping[str, str]
    span: tuple[str, str]

    def labels(self, names: Sequence[str]) -> str:
        """The table's own names of columns, as one list."""
        return "、".join(self.table.column(name).label for name in names)

    def cell(self, name: str, cells: Sequence[str], value: Value) -> tuple[str, str]:
        """The heading and the text of a column as the file has them; else its label and the value."""
        begin, end = self.span
        at = self.places.get(name, self.places.get(begin) if name == end else None)
        if at is None:
            return self.table.column(name).label, self.constants.get(name) or str(value or "")
        return self.head[at], cells[at]


@dataclass(slots=True)
class Chunk:
    """Rows and, column by column, their values; ``beside`` is what the cells of a column say of other columns.

    A place is a row's number in the chunk, from 0; ``bad`` has the places of the rows that cannot be taken.
    """

    task: Task
    written: Written
    rows: Sequence[Numbered]
    values: dict[str, list[Value]] = field(default_factory=dict)
    beside: dict[str, list[Value]] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)

    def good(self) -> list[int]:
        """The places of the rows that nothing speaks against so far."""
        return [place for place in range(len(self.rows)) if place not in self.bad]

    def cell(self, place: int, name: str, value: Value = None) -> tuple[str, str]:
        """The heading and the text of a row's cell; ``value`` where the file has no such column."""
        return self.written.cell(name, self.rows[place][1], value)

    def refuse(self, place: int, cell: tuple[str, str], why: str, code: str) -> None:
        """The row cannot be taken, because of that cell (its heading and its text)."""
        self.task.reject(self.rows[place][0], *cell, code, why)
        self.bad.add(place)

    def settle(self) -> None:
        """What is said beside a value stands where no column says it."""
        for name, said in self.beside.items():
            own = self.values.get(name)
            self.values[name] = (
                said if own is None else [o if o is not None else s for o, s in zip(own, said, strict=True)]
            )
