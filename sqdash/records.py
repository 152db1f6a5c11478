"""What goes into the store: rows of the catalogue's tables, and rows of a source that cannot be taken."""

from __future__ import annotations

from enum import Enum
from typing import Literal, NamedTuple

from sqdash.errors import naming_option


class Kept(Enum):
    """A cell that a source has no column for: what the store has stays."""

    KEEP = "keep"


KEEP = Kept.KEEP

Value = str | int | float | None


class Row(NamedTuple):
    """One row for a table of the catalogue: its number in the source (1 is the heading) and values in order."""

    number: int | None
    values: tuple[Value | Kept, ...]


Severity = Literal["urgent", "warning", "notice"]


class Alert(NamedTuple):
    """Something that a person should know of. ``cause`` is the same as long as the cause lasts; ``rule`` one of the
    catalogue's; ``text`` one sentence: what, where, what to do; ``page`` where that is done."""

    cause: str
    rule: str
    severity: Severity
    text: str
    page: str


class Rejected(NamedTuple):
    """A row of a source that cannot be taken: where (``row`` 1 is the first; None for an entry), what stands there,
    a ``code`` for programs, the ``reason`` with its remedy for people, and the answer (``option``) that lets it in."""

    row: int | None
    column: str
    value: str
    code: str
    reason: str
    option: str | None = None

    @property
    def in_command(self) -> str:
        """The reason for a person at a command line."""
        return naming_option(self.reason, self.option)

    def as_dict(self) -> dict[str, object]:
        """What a command prints."""
        where = {"row": self.row, "column": self.column, "value": self.value}
        return {**where, "code": self.code, "reason": self.in_command}
