"""稽核紀錄: who did what to what, from where and when; filtered, fifty a page, as a file."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

from sqdash import periods
from sqdash.errors import SqdashError
from sqdash.jobs import audit, screen_sheets, sheets
from sqdash.jobs.audit import Line, Wanted
from sqdash.jobs.sheet_shapes import Kind
from sqdash.people import Action
from sqdash.ui import forms, tables, who
from sqdash.ui.frame import Screen

SIZE = tables.MOST_ROWS
MOST = 100_000
"""Lines of a file: years of them, and a sheet that every program opens."""
_NAME = "稽核紀錄"


def show(screen: Screen) -> None:
    """Filters, a page of lines, the same as a file."""
    try:
        wanted = _wanted(screen)
        total = audit.lines(screen.store, wanted, size=1).total
        page = _page(total, wanted)
        found = audit.lines(screen.store, wanted, page=page, size=SIZE)
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    tables.show(
        [_row(line) for line in found.lines],
        whole=("時間（臺北）", "UTC", "誰", "從哪裡", "做了什麼", "修訂"),
        right=("修訂",),
        alt="稽核紀錄：時間、誰、從哪裡、做了什麼、對象與修訂",
        empty="沒有符合的紀錄。",
    )
    if found.total:
        more = f"（最新 {MOST:,} 筆）" if found.total > MOST else ""
        make = who.later(partial(_file, screen.store, wanted))
        tables.downloads(f"下載全部符合的紀錄{more}", "admin_audit", _NAME, make)


def _wanted(screen: Screen) -> Wanted:
    """The filters as they stand; :class:`PeriodError` for a day that cannot be read."""
    choices = audit.choices(screen.store)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.text_input("起日", key="audit_first", placeholder=forms.hint("date"), width=140)
        last = st.text_input("迄日", key="audit_last", placeholder=forms.hint("date"), width=140)
        by = st.selectbox("誰", choices.people, index=None, placeholder="全部", key="audit_by", width=200)
        action = st.selectbox(
            "做了什麼",
            choices.actions,
            index=None,
            format_func=audit.word,
            placeholder="全部",
            key="audit_action",
            width=180,
        )
        text = st.text_input("文字", key="audit_text", max_chars=100, placeholder="對象、內容或來源的一部分", width=240)
    return Wanted(_day(first), _day(last), by, action, text.strip())


def _day(text: str) -> date | None:
    return periods.parse_day(text) if text.strip() else None


def _page(total: int, wanted: Wanted) -> int:
    pages = max(1, -(-total // SIZE))
    if pages == 1:
        st.caption(f"共 {total:,} 筆")
        return 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = st.number_input("頁", 1, pages, key=f"audit_page_{hash(wanted) & 0xFFFFFFFF:x}", width=140)
        st.caption(f"共 {total:,} 筆，{pages:,} 頁", width="content")
    return int(page)


def _row(line: Line) -> dict[str, str]:
    return {
        "時間（臺北）": line.taipei,
        "誰": line.by,
        "做了什麼": audit.word(line.action),
        "對象": audit.said(line),
        "從哪裡": line.origin,
        "修訂": "" if line.revision is None else str(line.revision),
        "UTC": line.utc,
    }


def _file(store: Path, wanted: Wanted, kind: Kind) -> bytes:
    """The lines as a file, made when it is asked for; that somebody took them is a line too."""
    audit.note(store, by=who.acting(Action.AUDIT), action="export", subject=_NAME)
    rows = [_row(line) for line in audit.lines(store, wanted, size=MOST).lines]
    return sheets.write([screen_sheets.sheet(_NAME, rows, ("修訂",))], kind)
