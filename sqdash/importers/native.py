"""The catalogue's own headings: a table's column names, as ``data/`` and the files that ``export`` writes have them."""

from __future__ import annotations

from collections.abc import Sequence

from sqdash.importers.specs import NATIVE
from sqdash.tables import POSTS_FILE

IMPORT_LOG = frozenset({"batch", "kind", "format", "file_name", "sha256", "revision", "undone_revision"})
"""Headings of ``imports.csv``: a log that the store writes itself."""


def identify(cells: Sequence[str]) -> str | None:
    """The one table with these headings, in any order; None for none or when a heading stands twice."""
    names = {cell.strip() for cell in cells}
    if len(names) != len(cells):
        return None
    if names == set(POSTS_FILE):
        return "posts_file"
    found = [
        spec.table
        for spec in NATIVE.values()
        if spec.name != "posts_file"
        and names <= set(spec.table.names)
        and {c.name for c in spec.table.columns if c.required} <= names
    ]
    exact = [table for table in found if names == set(table.names)]
    if len(exact) == 1:
        return exact[0].name
    return found[0].name if len(found) == 1 else None


def is_import_log(cells: Sequence[str]) -> bool:
    """Whether this is the import log that ``export`` wrote."""
    return {cell.strip() for cell in cells} >= IMPORT_LOG
