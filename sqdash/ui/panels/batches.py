"""The import log: what came in, from where, what it changed and left out; any batch can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from sqdash.errors import DataError
from sqdash.importers import registry
from sqdash.importers.encodings import NAMES as ENCODINGS
from sqdash.jobs import audit, upload
from sqdash.people import Action
from sqdash.tables import BY_NAME
from sqdash.ui import drawn, loads, refusals, tables, who
from sqdash.ui.forms import done, moment, round_
from sqdash.ui.frame import Screen
from sqdash.ui.panels import layouts


def batches(screen: Screen) -> None:
    """The import log: what came in, from where, and what it changed; any batch can be taken back."""
    rows = loads.imports(screen.store, screen.state)
    _detail(screen, {row["batch"]: row for row in rows})  # first: on a telephone the list is many screens long
    tables.show(
        [
            {
                "批次": str(row["batch"]),
                "來源": row["file_name"],
                "結果": _result(row),
                "時間與經手": f"{moment(row['at'])} {row['by']}",
                "備註": row["note"] or "",
            }
            for row in rows
        ],
        alt="匯入批次的來源、結果、時間與經手",
        whole=("結果", "時間與經手") if rows else (),
        noted=False,
    )
    drawn.add("匯入紀錄", [_whole(row) for row in rows], note="最近 200 個批次")
    layouts.remembered(screen)


def _whole(row: Mapping[str, Any]) -> dict[str, Any]:
    """For the page's file: a column each for what the screen puts together."""
    return {
        "批次": str(row["batch"]),
        "來源": row["file_name"],
        "格式": _format(row["format"]),
        "時間": moment(row["at"]),
        "經手": row["by"],
        "列數": row["rows"],
        "新增": row["added"],
        "變更": row["changed"],
        "未變": row["unchanged"],
        "略過": row["rejected"],
        "狀態": "已還原" if row["undone_revision"] else "有效",
        "備註": row["note"],
    }


def _result(row: Mapping[str, Any]) -> str:
    """What the batch did, and whether it stands: few columns, so that a telephone shows them all."""
    counts = {"新增": row["added"], "變更": row["changed"], "略過": row["rejected"]}
    said = "、".join(f"{word} {count:,}" for word, count in counts.items() if count) or "沒有變更"
    return f"{said}；已還原" if row["undone_revision"] else said


def _detail(screen: Screen, rows: Mapping[int, Mapping[str, Any]]) -> None:
    """One batch: what it was, its original file, what it left out, and taking it back or letting it stand again."""
    if not rows:
        return
    batch = st.selectbox(
        "查看、下載原始檔或還原一個批次",
        list(rows),
        index=None,
        format_func=lambda b: f"{b}　{rows[b]['file_name']}",
        placeholder="請選擇批次",
        key=f"batch_{round_()}",
    )
    if batch is None:
        return
    row = rows[batch]
    facts = {
        "格式": _format(row["format"]),
        "編碼": ENCODINGS.get(row["encoding"], row["encoding"]),
        "匯出時間": moment(row["observed_at"]) if row["observed_at"] else None,
        "時區": row["zone"],
        "內容雜湊": (row["sha256"] or "")[:16] or None,
        "列數": f"{row['rows']:,}",
        "未變": f"{row['unchanged']:,}",
        "略過": f"{row['rejected']:,}",
    }
    st.caption("　".join(f"{name} {tables.plain(value)}" for name, value in facts.items() if value))
    if who.may(Action.ORIGINALS):
        _kept(screen, row)
    if who.may(Action.UNDO, of=batch):
        _turn_form(screen, batch, undone=bool(row["undone_revision"]))
    else:
        st.caption("這個批次由別人登錄，您的帳號只能還原自己的批次。")


def _kept(screen: Screen, row: Mapping[str, Any]) -> None:
    """The file as it came, and what of it was left out."""
    _original(screen, row)
    if left_out := loads.rejections(screen.store, screen.state, row["batch"]):
        names = ("列", "欄", "內容", "原因")
        tables.show(
            [dict(zip(names, (n or "", column, value, why), strict=True)) for n, column, value, _, why in left_out],
            alt="這個批次略過的列與原因",
        )


def _format(name: str) -> str:
    """What a person calls the format; an entry has its table's."""
    if name in registry.BY_FORMAT:
        return registry.BY_FORMAT[name].label
    return BY_NAME[name].label if name in BY_NAME else name


def _original(screen: Screen, row: Mapping[str, Any]) -> None:
    """The file as it came; its name is only what the browser offers."""
    if not loads.has_original(screen.store, row["sha256"]):
        st.caption("這個批次沒有保存原始檔（人工登錄、系統內建資料或產生的資料）。")
        return
    st.download_button(
        "下載原始檔",
        who.later(partial(_given_out, screen.store, row)),
        file_name=row["file_name"],
        mime="application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key=f"original_{row['batch']}",
    )


def _given_out(store: Path, row: Mapping[str, Any]) -> bytes:
    """The file, for somebody who asked for it and may have it; that they did is a line of the audit log."""
    who.acting(Action.ORIGINALS)
    content = loads.original(store, row["sha256"])
    if content is None:
        raise DataError("原始檔已經不在，請重新整理。")
    which = f"batch {row['batch']}"
    audit.note(store, by=who.acting(Action.ORIGINALS), action="download", subject=which, detail=row["file_name"])
    return content


def _turn_form(screen: Screen, batch: int, *, undone: bool) -> None:
    verb, hint = ("恢復", "例如：還原錯了批次") if undone else ("還原", "例如：上傳了錯的檔案")
    if not undone:
        outlook = upload.outlook(screen.store, batch)
        if outlook.refused:
            st.warning(tables.plain(outlook.sentence), icon=":material/block:")
            return
        st.info(tables.plain(outlook.sentence), icon=":material/undo:")
    with st.form(key=f"turn_{batch}_{round_()}", border=False):
        reason = st.text_input("原因（必填）", key=f"turn_reason_{batch}_{round_()}", placeholder=hint)
        if st.form_submit_button(f"{verb}這個批次"):
            _turn(screen, verb, batch, reason)


def _turn(screen: Screen, verb: str, batch: int, reason: str) -> None:
    """Take a batch back (還原), or let one that was taken back stand again (恢復)."""
    job = upload.undo if verb == "還原" else upload.redo
    with refusals.told():
        with st.spinner(f"{verb}中…"):
            touched = job(screen.store, batch, by=who.acting(Action.UNDO, of=batch), reason=reason)
        done(f"已{verb}批次 {batch}，影響 {sum(touched.values()):,} 列。")
