"""列印: the year's report as a file, also as the store knew it at the end of a past day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import streamlit as st

from sqdash import periods
from sqdash.errors import SqdashError
from sqdash.report import as_json
from sqdash.report.tree import ReportTree
from sqdash.ui import loads, tables
from sqdash.ui.frame import Screen
from sqdash.ui.panels import plan


def _json(tree: ReportTree) -> bytes:
    return (json.dumps(as_json.write(tree), ensure_ascii=False, indent=2) + "\n").encode()


# Ending of the file → what the button says, its type, what writes it. A further format is a further line.
FORMATS: dict[str, tuple[str, str, Callable[[ReportTree], bytes]]] = {
    "json": ("下載資料交換檔", "application/json", _json),
}


def draw(screen: Screen) -> None:
    """What would still be missing, as of which day, and a button a format."""
    year = screen.period.roc_year
    missing = loads.completeness(screen.store, screen.state, year, periods.today())
    if not missing.complete:
        st.warning(f"還有 {len(missing.findings)} 件待補，列在「完整性」；仍可先下載。", icon=":material/checklist:")
    typed = st.text_input(
        "以過去某一天結束時所知道的內容列印（可空白）", key="plan_known", placeholder="例如 103/12/31", width=320
    ).strip()
    try:
        known = periods.parse_day(typed) if typed else None
        tree = loads.report(screen.store, screen.state, year, periods.today(), known)
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    plan.lock_mark(tree)
    _files(screen, tree, known)


def _files(screen: Screen, tree: ReportTree, known: date | None) -> None:
    st.text(tree.title)
    day = periods.roc_day(known) if known else None
    st.caption(f"{len(tree.methods)} 項執行方法" + (f"，{day} 結束時所知" if day else ""))
    name = f"sqdash_{tree.year}" + (f"_{known:%Y%m%d}" if known else "")
    with st.container(horizontal=True):
        for ending, (label, mime, write) in FORMATS.items():
            st.download_button(
                label,
                write(tree),
                file_name=f"{name}.{ending}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"plan_download_{ending}",
            )
