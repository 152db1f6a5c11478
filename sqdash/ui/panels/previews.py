"""What a file was understood to be and what it would change, before anything is written; all of it as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from sqdash import periods
from sqdash.importers.encodings import NAMES as ENCODINGS
from sqdash.jobs import templates
from sqdash.jobs.outcomes import Changed, Preview
from sqdash.periods import Period
from sqdash.records import Rejected
from sqdash.tables import BY_NAME
from sqdash.ui import forms, tables, words
from sqdash.ui.frame import Screen
from sqdash.ui.panels.questions import ZONES

_SHOWN_REJECTED = 50


def facts(preview: Preview) -> list[str]:
    """What the file was understood to be, a word each."""
    outcome = preview.outcome
    facts = [preview.label, f"編碼 {ENCODINGS.get(outcome.encoding, outcome.encoding.upper())}"]
    if preview.sheet:
        facts.append(f"工作表「{preview.sheet}」")
    if preview.zone:
        facts.append(f"檔案時間為{ZONES.get(preview.zone, preview.zone)}")
    if preview.observed_at:
        facts.append(f"匯出時間 {forms.moment(preview.observed_at)}")
    if shown := days(preview.first_day, preview.last_day):
        facts.append(f"期間 {shown}")
    facts.append(f"共 {outcome.rows:,} 列")
    return [tables.plain(fact) for fact in facts]


def days(first: str | None, last: str | None, *, outside: Period | None = None) -> str:
    """The days between which a file's rows lie; empty where it has none, or all are inside the period."""
    if not first or not last:
        return ""
    if outside and outside.start.isoformat()[: len(first)] <= first and last <= outside.end.isoformat()[: len(last)]:
        return ""
    return "–".join(dict.fromkeys(map(_shown_day, (first, last))))


def _shown_day(text: str) -> str:
    return periods.roc_month(text) if len(text) == 7 else periods.roc_day_of(text)


def rejected_rows(key: str, rejected: Sequence[Rejected]) -> None:
    """The rows that cannot be taken, with their reasons, and the same as a file."""
    rows = len({one.row for one in rejected})
    st.error(f"{rows:,} 列不能採用，所以整個檔案還沒有匯入；請修正後重傳，或匯入其餘。", icon=":material/block:")
    tables.show(
        [
            {"列": one.row or "", "欄": one.column, "內容": one.value, "原因與補救": one.reason}
            for one in rejected[:_SHOWN_REJECTED]
        ],
        right=("列",),
        alt="不能採用的列：列號、欄、內容、原因與補救",
    )
    if len(rejected) > _SHOWN_REJECTED:
        st.caption(f"只列前 {_SHOWN_REJECTED} 筆，共 {len(rejected):,} 筆，下載可看全部。")
    tables.downloads(
        "下載不能採用的列",
        f"rejected_{key}",
        "不能採用的列",
        partial(templates.rejected_sheet, rejected),
    )


def changed_rows(screen: Screen, changes: Sequence[Changed]) -> None:
    """Rows that will change, old beside new."""
    read = words.of(screen)
    tables.show(
        [
            {
                "列": one.number or "",
                "對象": read.name(BY_NAME[one.table], one.row),
                "變更": "；".join(
                    read.change(BY_NAME[one.table], one.row, column, pair) for column, pair in one.columns.items()
                ),
            }
            for one in changes
        ],
        right=("列",),
        alt="會變更的列：原值與新值",
    )


def first_rows(screen: Screen, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """As they will be stored; a grid, since posts have long texts and many figures. Ids stand last."""
    read = words.of(screen)
    for name, rows in found.items():
        table = BY_NAME[name]
        columns = [c for c in table.columns if any(row.get(c.name) is not None for row in rows)]
        columns.sort(key=lambda c: c.name.endswith("_id"))
        st.caption(table.label)
        tables.browse(
            [
                {"列": str(row["source_row"] or ""), **{c.label: read.value(c, row.get(c.name)) for c in columns}}
                for row in rows
            ],
            alt=f"{table.label}的前幾列，依存入後的樣子",
        )
