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
    "TABLES",
    "Column",
    "ColumnType",
    "Table",
]

# In an order in which each table's references point to rows of earlier ones.
TABLES: tuple[Table, ...] = (*plan.TABLES, *service.TABLES, *fan_page.TABLES, *alerts.TABLES)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
