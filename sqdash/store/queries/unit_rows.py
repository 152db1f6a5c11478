"""Which row of a unit holds on a day: one condition for every query that names units."""

from __future__ import annotations


def holds(day: str, of: str = "units") -> str:
    """The condition that a current row of ``units`` (under the name ``of``) holds on the ISO day that the SQL ``day``
    gives: of several whose dates have it the newest, as with targets; a new name needs no end of the old one."""
    return (
        f"{of}.closed_revision IS NULL AND {_has(of, day)} AND NOT EXISTS (SELECT 1 FROM units newer "  # noqa: S608
        f"WHERE newer.unit = {of}.unit AND newer.closed_revision IS NULL AND {_has('newer', day)} "
        f"AND ifnull(newer.valid_from, '') > ifnull({of}.valid_from, ''))"
    )


def there(unit: str, start: str, end: str) -> str:
    """The condition that a unit is there on any day from the ISO day ``start`` to ``end``, all three SQL names."""
    return (
        f"EXISTS (SELECT 1 FROM units d WHERE d.unit = {unit} AND d.closed_revision IS NULL "  # noqa: S608
        f"AND ifnull(d.valid_from, '') <= {end} AND ifnull(d.valid_to, '9999') >= {start})"
    )


def up() -> str:
    """Two tables for a WITH RECURSIVE: ``days`` on which any current row of ``units`` begins or an older one holds
    again, and ``up`` with day, unit and every unit that stands above it on that day."""
    return (
        "days (day) AS (SELECT ifnull(valid_from, '') FROM units WHERE closed_revision IS NULL "  # noqa: S608
        "UNION SELECT date(valid_to, '+1 day') FROM units WHERE valid_to IS NOT NULL AND closed_revision IS NULL), "
        "up (day, unit, above) AS (SELECT day, u.unit, u.parent FROM days JOIN units u "
        f"ON {holds('day', 'u')} WHERE u.parent IS NOT NULL UNION SELECT up.day, up.unit, u.parent FROM up "
        f"JOIN units u ON u.unit = up.above AND {holds('up.day', 'u')} WHERE u.parent IS NOT NULL) "
    )


def join(unit: str, day: str) -> str:
    """The join that gives a row, whose unit and day are those SQL names, that unit's row ``u``."""
    return f"LEFT JOIN units u ON u.unit = {unit} AND {holds(day, 'u')} "


def _has(of: str, day: str) -> str:
    return f"ifnull({of}.valid_from, '') <= {day} AND ifnull({of}.valid_to, '9999') >= {day}"
