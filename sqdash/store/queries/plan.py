"""The year's plan as rows: dimensions, strategies, groups, methods, units, result texts and what hangs on them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Any, NamedTuple

from sqdash import periods
from sqdash.store.queries import rows, unit_rows
from sqdash.tables import BY_NAME


class PlanRows(NamedTuple):
    """Everything of one year's plan, as dictionaries of the catalogue's columns in printing order."""

    year: dict[str, Any]
    legal_bases: list[dict[str, Any]]
    dimensions: list[dict[str, Any]]
    strategies: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    methods: list[dict[str, Any]]
    method_units: list[dict[str, Any]]
    result_texts: list[dict[str, Any]]
    result_links: list[dict[str, Any]]
    method_indicators: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    members: dict[str, frozenset[str]]
    """Collective → the units that it holds in the year."""


def _of_year(connection: sqlite3.Connection, table: str, year: int) -> list[dict[str, Any]]:
    return list(rows.current(connection, BY_NAME[table], "year = ?", (year,)))


def load(connection: sqlite3.Connection, year: int) -> PlanRows | None:
    """The plan of a ROC year; None when the store has none."""
    years = _of_year(connection, "plan_years", year)
    if not years:
        return None
    return PlanRows(
        year=years[0],
        legal_bases=_of_year(connection, "legal_bases", year),
        dimensions=_of_year(connection, "dimensions", year),
        strategies=sorted(_of_year(connection, "strategies", year), key=lambda r: (r["dimension"], r["number"])),
        groups=_of_year(connection, "plan_groups", year),
        methods=sorted(_of_year(connection, "methods", year), key=lambda r: r["position"]),
        method_units=_of_year(connection, "method_units", year),
        result_texts=_of_year(connection, "result_texts", year),
        result_links=_of_year(connection, "result_links", year),
        method_indicators=sorted(_of_year(connection, "method_indicators", year), key=lambda r: r["position"]),
        facts=_of_year(connection, "facts", year),
        members=_members(connection, year),
    )


def _members(connection: sqlite3.Connection, year: int) -> dict[str, frozenset[str]]:
    """Without units that had ended before the ROC year, or were not there yet."""
    period = periods.year_period(year)
    found: dict[str, set[str]] = defaultdict(set)
    for collective, member in connection.execute(
        "SELECT m.collective, m.member FROM unit_members m WHERE m.closed_revision IS NULL "  # noqa: S608
        f"AND {unit_rows.there('m.member', '?1', '?2')}",
        period.stored,
    ):
        found[collective].add(member)
    return {collective: frozenset(members) for collective, members in found.items()}


def lead_units(connection: sqlite3.Connection, year: int) -> dict[str, tuple[str, ...]]:
    """The lead units, as printed, of each indicator's first method in the newest plan up to the year."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    first: dict[str, str] = {}
    for indicator, method, printed in connection.execute(
        "SELECT mi.indicator, mi.method, u.printed FROM method_indicators mi "
        "JOIN methods m ON m.method = mi.method AND m.year = mi.year AND m.closed_revision IS NULL "
        "JOIN method_units u ON u.method = mi.method AND u.year = mi.year AND u.closed_revision IS NULL "
        "WHERE mi.closed_revision IS NULL AND mi.year = "
        "(SELECT max(year) FROM plan_years WHERE year <= ? AND closed_revision IS NULL) "
        "ORDER BY m.position, u.position",
        (year,),
    ):
        if first.setdefault(indicator, method) == method:
            found[indicator][printed] = None
    return {indicator: tuple(units) for indicator, units in found.items()}


def lead_codes(connection: sqlite3.Connection, year: int) -> dict[str, frozenset[str]]:
    """The codes of the lead units of each indicator (of all its methods) in the newest plan up to the year, the
    members of a collective with it."""
    found: dict[str, set[str]] = defaultdict(set)
    members = _members(connection, year)
    for indicator, unit in connection.execute(
        "SELECT mi.indicator, u.unit FROM method_indicators mi "
        "JOIN method_units u ON u.method = mi.method AND u.year = mi.year AND u.closed_revision IS NULL "
        "WHERE mi.closed_revision IS NULL AND mi.year = "
        "(SELECT max(year) FROM plan_years WHERE year <= ? AND closed_revision IS NULL)",
        (year,),
    ):
        found[indicator] |= {unit} | members.get(unit, frozenset())
    return {indicator: frozenset(units) for indicator, units in found.items()}


def counted_as(connection: sqlite3.Connection, unit: str, day: str) -> frozenset[str]:
    """The codes under which a unit is meant on the ISO day: its own, those of the sub-units that it has then, and those
    of the collectives it belongs to."""
    holds = unit_rows.holds("?2")
    found = connection.execute(
        f"WITH mine (unit) AS (SELECT ?1 UNION SELECT unit FROM units WHERE parent = ?1 AND {holds}) "  # noqa: S608
        "SELECT unit FROM mine UNION SELECT collective FROM unit_members WHERE closed_revision IS NULL AND member IN "
        f"(SELECT unit FROM mine UNION SELECT parent FROM units WHERE unit = ?1 AND {holds})",
        (unit, day),
    )
    return frozenset(code for (code,) in found)


def unit_names(connection: sqlite3.Connection, day: str) -> dict[str, str]:
    """Code → the name of every unit on that ISO day, in the office's order."""
    return {unit: label for unit, (label, _) in units_named(connection, day).items()}


def units_named(connection: sqlite3.Connection, day: str) -> dict[str, tuple[str, str | None]]:
    """Code → the name and the short name of every unit on that ISO day, in the office's order."""
    query = f"SELECT unit, label, short FROM units WHERE {unit_rows.holds('?1')} ORDER BY position"  # noqa: S608
    return {unit: (label, short) for unit, label, short in connection.execute(query, (day,))}


def units_called(connection: sqlite3.Connection, day: str) -> dict[str, str]:
    """Code → the newest name up to that ISO day of every unit that there was by then, also of one that has ended: for
    what is recorded of it; new entries choose among :func:`unit_names`."""
    query = "SELECT unit, label FROM units WHERE closed_revision IS NULL AND ifnull(valid_from, '') <= ? ORDER BY "
    return dict(connection.execute(f"{query} ifnull(valid_from, ''), position", (day,)).fetchall())


def implementing_units(connection: sqlite3.Connection, day: str) -> list[str]:
    """Names on that ISO day of the units that are 實施對象, in order."""
    query = f"SELECT label FROM units WHERE {unit_rows.holds('?1')} AND implementing = 1 ORDER BY position"  # noqa: S608
    return [name for (name,) in connection.execute(query, (day,))]


def explanations(connection: sqlite3.Connection, start: str, end: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """(indicator, reason or next_step) → rows for exactly this period (ISO days)."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows.current(connection, BY_NAME["explanations"], "period_from = ? AND period_to = ?", (start, end)):
        found[row["indicator"], row["kind"]].append(row)
    return dict(found)


def figure_notes(connection: sqlite3.Connection, start: str, end: str) -> dict[str, str]:
    """Indicator → management's note on its figure for exactly this period (ISO days)."""
    found = rows.current(connection, BY_NAME["figure_notes"], "period_from = ? AND period_to = ?", (start, end))
    return {row["indicator"]: row["text"] for row in found}
