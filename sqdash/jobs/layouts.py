"""Assignments of columns that people made: as JSON, in the store's memory, and out of it again.

Knows what an assignment looks like; what it means for a file is the importers' business.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from sqdash.errors import DataError
from sqdash.importers.base import Layout
from sqdash.store import database, gate, save
from sqdash.store.queries import rows as row_queries


class Remembered(NamedTuple):
    """An assignment that files with the same headings are read by: where it was made, when (ISO) and by whom."""

    signature: str
    layout: Layout
    file: str
    at: str
    by: str


def from_json(given: Any) -> Layout:
    """An assignment of columns from its JSON: format, columns, constants. ``KeyError`` or ``TypeError`` for another
    shape."""
    columns = {str(k): str(v) for k, v in dict(given["columns"]).items()}
    constants = {str(k): str(v) for k, v in dict(given.get("constants", {})).items()}
    return Layout(str(given["format"]), columns, constants)


def as_json(layout: Layout) -> str:
    """The assignment as JSON."""
    return json.dumps(
        {"format": layout.format, "columns": dict(layout.columns), "constants": dict(layout.constants)},
        ensure_ascii=False,
        sort_keys=True,
    )


def known(connection: database.Connection) -> list[Remembered]:
    """What is remembered, the newest first."""
    return [
        Remembered(signature, from_json(json.loads(assignment)), file, at, by)
        for signature, assignment, file, at, by in row_queries.layouts(connection)
    ]


def remembered(store: Path) -> list[Remembered]:
    """See :func:`known`."""
    with database.reading(store) as connection:
        return known(connection)


def forget(store: Path, signature: str, *, by: str) -> None:
    """Ask again for files with these headings; what was imported stays. :class:`DataError` for an unknown signature."""
    with gate.write(store, by=by, reason="忘記欄位對應") as change:
        if signature not in {one.signature for one in known(change.connection)}:
            raise DataError("這個欄位對應已經忘記，請重新整理。")
        save.remember_layout(change, signature, None)
        change.audit("forget layout", signature, "")
