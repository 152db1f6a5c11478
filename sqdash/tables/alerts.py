"""What is alerted of: one row a rule, and none where the rule's own default holds."""

from __future__ import annotations

from sqdash.tables.shape import Table, key, may, must
from sqdash.tables.words import ALERT_RULES

TABLES: tuple[Table, ...] = (
    Table(
        "alert_rules",
        "提醒規則",
        (
            key("rule", "規則", choices=ALERT_RULES),
            must("enabled", "啟用", "flag"),
            may("threshold", "門檻", "number"),
            may("note", "備註"),
        ),
    ),
)
