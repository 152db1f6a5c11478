"""What became of a file that was given to be imported, or would become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqdash.importers.base import Layout
from sqdash.records import Rejected


class Outcome(NamedTuple):
    """What became of one file, or would become of it.

    ``rows`` are the file's data rows, refused ones included; ``batch`` is the earlier one for the same file again,
    None for no rows and for a look.
    """

    file: str
    format: str
    encoding: str = ""
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    batch: int | None = None
    error: str | None = None
    again: bool = False
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The contract of ``import --json``, with what was noticed."""
        return {
            "file": self.file,
            "format": self.format or None,
            "encoding": self.encoding or None,
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": [rejected.as_dict() for rejected in self.rejected],
            "batch": self.batch,
            "error": self.error,
            "notes": list(self.notes),
            "warnings": list(self.warnings),
        }


class Changed(NamedTuple):
    """A row that importing would change: its row in the file, its table, what is known of it (as it will be), and
    column → (old, new) where they differ, as stored."""

    number: int | None
    table: str
    row: Mapping[str, Any]
    columns: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file was understood to be and what importing it would do; nothing has been written.

    ``tables``: table → its first rows as they will be stored. ``changes``: the first rows that change. ``layout``:
    the assignment of columns by which it was read, ``remembered`` where nobody gave it this time; ``headings`` and
    ``sample`` (some rows) are for a person who assigns them otherwise. ``locked``: the sentence with
    which importing would be refused, since a year that the rows would change is locked.
    """

    outcome: Outcome
    label: str
    sheet: str | None
    sheets: tuple[str, ...]
    zone: str | None
    observed_at: str | None
    first_day: str | None
    last_day: str | None
    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    changes: list[Changed] = field(default_factory=list)
    earlier_batch: int | None = None
    layout: Layout | None = None
    remembered: bool = False
    headings: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()
    locked: str | None = None
