"""Which file, entry or call brought a row."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from sqdash.figures import Source

Batches = Mapping[int, tuple[str, str, str]]


def load_batches(connection: sqlite3.Connection) -> Batches:
    """Batch → file name, by whom, when."""
    return {
        batch: (name, by, at)
        for batch, name, by, at in connection.execute("SELECT batch, file_name, by, at FROM imports")
    }


def source(batches: Batches, batch: int, row: int | None = None, place: str | None = None) -> Source:
    """The source of one row."""
    name, by, at = batches[batch]
    return Source(batch, name, row, place, by, at)


def listed_sources(batches: Batches, listed: str | None) -> tuple[Source, ...]:
    """The sources of a ``group_concat`` of batches, each once."""
    return tuple(source(batches, int(batch)) for batch in sorted(set((listed or "").split(",")) - {""}, key=int))
