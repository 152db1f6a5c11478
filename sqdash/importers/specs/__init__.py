"""The tables that people fill in: which headings each column is known by, units, examples, notes.

The first heading of a column is the one that our own templates print; the catalogue's column name is always
accepted too, so that exported files come back. Knows headings only; :mod:`sqdash.importers.ledgers` reads.
"""

from __future__ import annotations

from sqdash.importers.specs.fan_page import CONTRIBUTIONS, DAYS, POST_TABLE, POSTS
from sqdash.importers.specs.plan import READINGS, TARGETS
from sqdash.importers.specs.service import ACTIVITIES, CHECKS, PETITIONS, SURVEYS
from sqdash.importers.specs.spec import Spec
from sqdash.tables import BY_NAME

__all__ = ["BY_SPEC", "NATIVE", "SPECS", "VOCABULARY", "Spec"]

SPECS: tuple[Spec, ...] = (
    POSTS,
    DAYS,
    ACTIVITIES,
    PETITIONS,
    SURVEYS,
    CHECKS,
    READINGS,
    TARGETS,
    CONTRIBUTIONS,
)
BY_SPEC: dict[str, Spec] = {spec.name: spec for spec in SPECS}
NATIVE: dict[str, Spec] = {
    table.name: BY_SPEC.get(table.name) or Spec(table.name, table.label, table, {})
    for table in (*BY_NAME.values(), POST_TABLE)
}
"""Every table under its own column names: what exports and ``data/`` have."""
VOCABULARY: frozenset[str] = frozenset(
    name for spec in (*SPECS, *NATIVE.values()) for column in spec.table.columns for name in spec.folded(column.name)
)
