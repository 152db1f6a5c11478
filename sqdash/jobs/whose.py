"""Rows that belong to other units than those a person may write for: refused one by one, in the preview already.

``units`` are the codes under which the person's own unit is meant; None where a person may write for all.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqdash import periods, rights
from sqdash.errors import NotAllowed
from sqdash.importers.base import Findings
from sqdash.indicators import BY_KEY
from sqdash.records import Value
from sqdash.store import database, staged_checks
from sqdash.store.queries import plan
from sqdash.store.queries import rows as row_queries
from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME, Table

CODE = "other_unit"
_REMEDY = "您的帳號只能登錄本單位的資料，請交由該單位處理。"


def require_tables(stage: Stage, tables: frozenset[str] | None) -> None:
    """:class:`NotAllowed` where a file carries a table that the person may not change (None: any may be)."""
    if tables is not None and (foreign := frozenset(stage.given) - tables):
        raise NotAllowed(
            f"這個檔案的內容是{rights.labels(foreign)}，您的帳號不能變更這類資料，請交由研考或系統管理者處理。"
        )


def check(stage: Stage, findings: Findings, units: frozenset[str] | None) -> None:
    """Refuse the staged rows that belong to others."""
    if units is None:
        return
    codes = {code: label for code, label, _ in row_queries.units(stage.connection)}
    for name in stage.given:
        if name not in rights.BELONGS:
            continue
        heading = findings.headings.get("unit") or BY_NAME[name].column("unit").label
        seen: set[int | None] = set()
        for number, unit, stands in staged_checks.of_others(stage, name, units):
            if number in seen and number is not None:
                continue
            seen.add(number)
            what = "同一筆資料在資料庫裡屬於其他單位" if stands else "是其他單位的資料"
            findings.reject(number, heading, codes.get(unit, unit), CODE, f"{what}，{_REMEDY}")
        if rights.BELONGS[name] == "lead":
            _led(stage, findings, name, units, seen)


def _led(stage: Stage, findings: Findings, name: str, units: frozenset[str], seen: set[int | None]) -> None:
    """Rows of an indicator that other units lead."""
    heading = findings.headings.get("indicator") or BY_NAME[name].column("indicator").label
    for row in stage.first(name, -1):
        number = row["source_row"]
        if (number is None or number not in seen) and not _leads(stage.connection, row, units):
            label = BY_KEY[row["indicator"]].label if row["indicator"] in BY_KEY else str(row["indicator"])
            findings.reject(number, heading, label, CODE, f"由其他單位主辦，{_REMEDY}")


def _leads(connection: database.Connection, row: dict[str, Value], units: frozenset[str]) -> bool:
    """Whether one of the units leads the row's indicator, or nobody does."""
    year = periods.parse_day(str(row["period_to"])).year - periods.ROC_OFFSET
    leads = plan.lead_codes(connection, year).get(str(row["indicator"]))
    return not leads or bool(leads & units)


def require_own(
    connection: database.Connection, table: Table, key: Sequence[Value], units: frozenset[str] | None
) -> None:
    """:class:`NotAllowed` where the row that stands with this key belongs to others."""
    if units is None or table.name not in rights.BELONGS:
        return
    row = row_queries.of_key(connection, table, key)
    if row is None:
        return
    foreign = row["unit"] is not None and row["unit"] not in units
    if foreign or (rights.BELONGS[table.name] == "lead" and not _leads(connection, row, units)):
        raise NotAllowed(f"這一列{table.label}屬於其他單位，您的帳號只能變更本單位的資料，請交由該單位處理。")
