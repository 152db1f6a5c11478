"""What goes into the store: rows of the catalogue's tables, and rows of a source that cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kept(Enum):
    """A cell that a source has no column for: what the store has stays."""

    KEEP = "keep"


KEEP = Kept.KEEP

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One row for a table of the catalogue: its number in the source (1 is the heading) and values in order."""

    number: int | None
    values: tuple[Value | Kept, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row of a source that cannot be taken: where (``row`` 1 is the first; None for an entry), what stands there,
    a ``code`` for programs and the ``reason`` with its remedy for people."""

    row: int | None
    column: str
    value: str
    code: str
    reason: str

    def as_dict(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "value": self.value, "code": self.code, "reason": self.reason}
