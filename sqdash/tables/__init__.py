"""Every table that a file can carry, once: its columns, their types and its key.

Files in ``data/``, exports and entries on screen use exactly these columns; the store adds its own
book-keeping (batch, row, revisions). Types are those of :class:`Column`; an empty cell is "not given".
This module knows neither files nor SQL.
"""

from __future__ import annotations

from sqdash.tables import alerts, fan_page, plan, service
from sqdash.tables.fan_page import POSTS_FILE
from sqdash.tables.shape import Column, ColumnType, Table
from sqdash.tables.words import ACTIVITY_KINDS, ALERT_RULES, CHECK_KINDS, MEASURES, POST_MEASURES

__all__ = [
    "ACTIVITY_KINDS",
    "ALERT_RULES",
    "BY_NAME",
    "CHECK_KINDS",
    "MEASURES",
    "POSTS_FILE",
    "POST_MEASURES",
    "REFERENCES",
    "TABLES",
    "Column",
    "ColumnType",
    "Table",
]

# In an order in which each table's references point to rows of earlier ones.
TABLES: tuple[Table, ...] = (*plan.TABLES, *service.TABLES, *fan_page.TABLES, *alerts.TABLES)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
REFERENCES: dict[tuple[str, str], tuple[str, str]] = {
    ("units", "parent"): ("units", "unit"),
    ("unit_members", "collective"): ("units", "unit"),
    ("unit_members", "member"): ("units", "unit"),
    ("method_units", "unit"): ("units", "unit"),
    ("method_units", "method"): ("methods", "method"),
    ("methods", "strategy"): ("strategies", "strategy"),
    ("plan_groups", "strategy"): ("strategies", "strategy"),
    ("result_links", "method"): ("methods", "method"),
    ("method_indicators", "method"): ("methods", "method"),
    ("activities", "unit"): ("units", "unit"),
    ("checks", "unit"): ("units", "unit"),
    ("surveys", "unit"): ("units", "unit"),
    ("posts", "unit"): ("units", "unit"),
    ("explanations", "unit"): ("units", "unit"),
    ("ledger_marks", "unit"): ("units", "unit"),
    ("contributions", "unit"): ("units", "unit"),
    ("contributions", "post_id"): ("posts", "post_id"),
    ("meeting_decisions", "meeting"): ("activities", "activity_id"),
    ("meeting_decisions", "contribution_id"): ("contributions", "contribution_id"),
    ("meeting_decisions", "unit"): ("units", "unit"),
    ("snapshots", "post_id"): ("posts", "post_id"),
}
"""Columns that name a row of another table: (table, column) → (table, column) in which it must be."""
