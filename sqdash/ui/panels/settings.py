"""Blocks of 設定: what counts as a target, unit, page or holiday, and corrections of single rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from sqdash import formats, indicators, periods
from sqdash.errors import SqdashError
from sqdash.importers.cells import MAX_TEXT
from sqdash.jobs import upload
from sqdash.tables import BY_NAME, TABLES, Column, Table
from sqdash.ui import loads, tables
from sqdash.ui.frame import Screen

_DESK = "本機"
"""On loopback there is one desk and no sign-in; who changed something is recorded as this desk."""
_UNIT_COLUMNS = frozenset({"unit", "parent", "collective", "member"})
_LONG = frozenset({"text", "message", "goal", "detail", "note"})
_HINTS = {
    "date": "例如 103/11/22",
    "moment": "例如 2014-11-22T09:00:00+08:00",
    "month": "例如 2014-11",
    "year": "例如 103",
    "int": "整數，不含逗號",
    "number": "數字，不含逗號",
    "flag": "1 是、0 否",
    "text": "",
}


def listing(screen: Screen, name: str, *, alt: str) -> None:
    """All current rows of a small table, with readable words and ROC days; columns without any value are left out."""
    table = BY_NAME[name]
    rows = loads.current_rows(screen.store, screen.state, name)
    used = [c for c in table.columns if any(row[c.name] is not None for row in rows)]
    tables.show(
        [{column.label: _cell(column, row[column.name]) for column in used} for row in rows],
        alt=alt,
        empty="還沒有資料。",
    )


def targets(screen: Screen) -> None:
    """Targets and norms in the words of the cards: what, how much, from when to when, says who."""
    table = BY_NAME["targets"]
    shown = []
    for row in loads.current_rows(screen.store, screen.state, "targets"):
        cell = {c.name: _cell(c, row[c.name]) for c in table.columns}
        indicator = indicators.get(row["indicator"])
        amount = (
            f"{cell['comparator']} {formats.with_unit(cell['value'], indicator.unit)}" if cell["value"] else "未定數值"
        )
        version = f"（定義 {row['definition']}）" if row["definition"] > 1 else ""
        shown.append(
            {
                "指標": indicator.label + version,
                "種類": cell["kind"],
                "內容": amount + (f"（{cell['words']}）" if cell["words"] else ""),
                "期間": f"{cell['valid_from']}–{cell['valid_to'] or '未訂終止日'}",
                "出處與備註": "；".join(part for part in (cell["source_place"], cell["note"]) if part),
            }
        )
    tables.show(shown, alt="各指標的目標與規律及其生效日", empty="還沒有目標。")


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.choices:
        return column.shown(value)
    if column.name == "indicator":
        return indicators.get(value).label
    if column.type == "date":
        return periods.roc_day(periods.parse_day(value))
    if column.type == "month":
        return periods.roc_month(value)
    if column.type == "moment":
        return _moment(value)
    if column.type == "flag":
        return "是" if value else "否"
    if column.type == "number":
        return f"{value:,g}"
    return str(value)


def entry(screen: Screen, name: str, given: Mapping[str, Any] | None = None, *, key: str) -> None:
    """A form for one row: new, or a correction when ``given`` has the row as it stands."""
    table = BY_NAME[name]
    key = f"{key}_{_round()}"
    with st.form(key=key, border=False):
        stands = given or {}
        with st.grid(3, min_column_width=220, gap="small"):
            texts = {
                c.name: _field(c, stands.get(c.name), key, fixed=bool(given), offered=_offered(screen, table, c))
                for c in table.columns
            }
        reason = st.text_input("原因（必填）", key=f"{key}_reason", placeholder="例如：依 103 年 12 月公文更正")
        label = "更正這一列" if given else "新增"
        if st.form_submit_button(label, type="primary"):
            _save(screen, table, texts, reason)


def _offered(screen: Screen, table: Table, column: Column) -> Mapping[str, str]:
    """Stored value → what a person reads, for columns that are chosen and not typed; empty for the others."""
    if column.choices:
        return dict(column.choices)
    if column.name == "indicator":
        return {key: indicator.label for key, indicator in indicators.BY_KEY.items()}
    if column.name in _UNIT_COLUMNS and (table.name, column.name) != ("units", "unit"):
        return loads.unit_names(screen.store, screen.state, screen.period.end.isoformat())
    return {}


def _field(column: Column, value: Any, key: str, *, fixed: bool, offered: Mapping[str, str]) -> str:
    """One input; its text as a file would have it. A row's key cannot be corrected: that is another row."""
    label = column.label + ("" if column.required else "（可空白）")
    widget = f"{key}_{column.name}"
    locked = fixed and column.key
    if offered:
        options = list(offered) if value in offered or value is None else [*offered, value]
        index = options.index(value) if value is not None else (0 if column.required else None)
        chosen = st.selectbox(
            label,
            options,
            index=index,
            format_func=lambda stored: offered.get(stored, stored),
            key=widget,
            disabled=locked,
            placeholder="請選擇",
        )
        return chosen or ""
    text = "" if value is None else _plain_number(value)
    if column.type == "date" and text:
        text = periods.roc_day(periods.parse_day(text))
    hint = _HINTS[column.type]
    if column.type == "text" and (column.name in _LONG or "\n" in text or len(text) > 200):
        return st.text_area(label, value=text, key=widget, disabled=locked, max_chars=MAX_TEXT, height=120)
    return st.text_input(label, value=text, key=widget, placeholder=hint, disabled=locked, max_chars=MAX_TEXT)


def _plain_number(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _save(screen: Screen, table: Table, texts: dict[str, str], reason: str) -> None:
    try:
        for column in table.columns:
            if column.type == "date" and texts[column.name].strip():
                texts[column.name] = periods.parse_day(texts[column.name]).isoformat()
        batch = upload.enter(screen.store, table, texts, reason=reason, by=_DESK)
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    _done(f"已存入{table.label}（批次 {batch}）。")


def _round() -> int:
    """Part of every form's key, so that a form is new after each change made here, and only then."""
    return int(st.session_state.get("settings_round", 0))


def _done(sentence: str) -> None:
    st.session_state["settings_done"] = sentence
    st.session_state["settings_round"] = _round() + 1
    st.rerun()


def said() -> None:
    """The word for the change just made."""
    if sentence := st.session_state.pop("settings_done", None):
        st.success(sentence)


def correction(screen: Screen) -> None:
    """Choose a table and a row; correct or strike it with a reason; see its history."""
    names = [table.name for table in TABLES]
    name = st.selectbox(
        "資料表",
        names,
        format_func=lambda n: BY_NAME[n].label,
        index=names.index("readings"),
        key="correct_table",
        placeholder="請選擇",
    )
    table = BY_NAME[name]
    rows = loads.newest_rows(screen.store, screen.state, name)
    if not rows:
        st.caption("這張表還沒有資料。")
        return
    st.caption(f"列出最近登錄的 {len(rows):,} 列。")
    by_key = {tuple(row[part] for part in table.key): row for row in rows}
    key = st.selectbox(
        "要更正的列",
        list(by_key),
        format_func=lambda k: _row_label(table, by_key[k]),
        key=f"correct_row_{name}",
        placeholder="請選擇",
    )
    mark = f"{name}_{'_'.join(map(str, key))}_{_round()}"
    entry(screen, name, by_key[key], key=f"correct_{mark}")
    with st.expander("刪去這一列", icon=":material/delete:"), st.form(key=f"strike_{mark}", border=False):
        reason = st.text_input("原因（必填）", key=f"strike_reason_{mark}", placeholder="例如：重複登錄")
        st.caption("刪去的列不再計入，但歷史仍保留，也可以還原。")
        if st.form_submit_button("刪去"):
            try:
                batch = upload.strike(screen.store, table, key, reason=reason, by=_DESK)
            except SqdashError as error:
                st.error(tables.plain(error))
            else:
                _done(f"已刪去{table.label}的一列（批次 {batch}）。")
    _history(screen, table, key)


def _row_label(table: Table, row: Mapping[str, Any]) -> str:
    return "　".join(_cell(table.column(part), row[part]) for part in table.key if row[part] is not None)


def _history(screen: Screen, table: Table, key: tuple[Any, ...]) -> None:
    versions = loads.history(screen.store, screen.state, table.name, key)
    shown = []
    for version in versions:
        values = "；".join(
            f"{c.label} {_cell(c, version[c.name])}" for c in table.columns if not c.key and version[c.name] is not None
        )
        shown.append(
            {
                "內容": values,
                "起": _moment(version["opened_at"]),
                "由": version["opened_by"],
                "迄": _moment(version["closed_at"]) if version["closed_at"] else "現行",
                "原因": version["closed_reason"] or "",
            }
        )
    st.markdown("## 這一列的歷史", anchors=False)
    tables.show(shown, alt="這一列各版本的內容、起迄、經手與原因")


def _moment(text: str) -> str:
    return periods.roc_moment(datetime.fromisoformat(text))


def batches(screen: Screen) -> None:
    """The import log: what came in, from where, and what it changed; any batch can be taken back."""
    rows = loads.imports(screen.store, screen.state)
    tables.show(
        [
            {
                "批次": str(row["batch"]),
                "時間": _moment(row["at"]),
                "來源": row["file_name"],
                "由": row["by"],
                "新增": f"{row['added']:,}",
                "變更": f"{row['changed']:,}",
                "狀態": "已還原" if row["undone_revision"] else "有效",
                "備註": row["note"] or "",
            }
            for row in rows
        ],
        right=("新增", "變更"),
        alt="匯入批次的時間、來源、筆數與狀態",
    )
    standing = {row["batch"]: row["file_name"] for row in rows if not row["undone_revision"]}
    undone = {row["batch"]: row["file_name"] for row in rows if row["undone_revision"]}
    _turn_form(screen, "還原", "undo", standing, "例如：上傳了錯的檔案")
    if undone:
        _turn_form(screen, "恢復", "redo", undone, "例如：還原錯了批次")


def _turn_form(screen: Screen, verb: str, key: str, offered: Mapping[int, str], hint: str) -> None:
    with st.expander(f"{verb}一個批次", icon=f":material/{key}:"), st.form(key=f"{key}_{_round()}", border=False):
        batch = st.selectbox(
            "批次",
            list(offered),
            index=None,
            format_func=lambda b: f"{b}　{offered[b]}",
            placeholder="請選擇",
            key=f"{key}_batch_{_round()}",
        )
        reason = st.text_input("原因（必填）", key=f"{key}_reason_{_round()}", placeholder=hint)
        if st.form_submit_button(verb):
            _turn(screen, verb, batch, reason)


def _turn(screen: Screen, verb: str, batch: int | None, reason: str) -> None:
    """Take a batch back (還原), or let one that was taken back stand again (恢復)."""
    if batch is None:
        st.error(f"請先選擇要{verb}的批次。")
        return
    job = upload.undo if verb == "還原" else upload.redo
    try:
        touched = job(screen.store, batch, by=_DESK, reason=reason)
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    _done(f"已{verb}批次 {batch}，影響 {sum(touched.values()):,} 列。")
