"""Files from people: what each was understood to be, what it would change, what is refused and why; then in it goes.

Nothing is written before the person says so. Everything that a file brings is drawn as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Literal

import streamlit as st

from sqdash import periods
from sqdash.errors import AmbiguousFile, FileNotRecognised, Question, SqdashError, Unanswered
from sqdash.importers.base import Answers, Layout
from sqdash.importers.encodings import NAMES as ENCODINGS
from sqdash.importers.sources import Bytes
from sqdash.importers.specs import SPECS
from sqdash.jobs import entries, upload
from sqdash.jobs import templates as template_files
from sqdash.jobs.sheets import Kind
from sqdash.jobs.upload import Outcome, Preview
from sqdash.records import Rejected
from sqdash.tables import BY_NAME, Column
from sqdash.ui import forms, loads, tables
from sqdash.ui.forms import DESK
from sqdash.ui.frame import Screen
from sqdash.ui.panels import layouts

_MOST_MB = 100
_SHOWN_REJECTED = 50
_KINDS: Mapping[Kind, str] = {"xlsx": "XLSX", "ods": "ODS", "csv": "CSV"}
_MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
}
_LABEL_WIDTH = 330  # of the longest template's name, so that the buttons stand in columns; fits the narrowest screen
_OPTION = re.compile(r"（--[a-z-]+）")  # what a command would be told; here there are widgets
_ZONES = {"America/Los_Angeles": "美國太平洋時間", "Asia/Taipei": "臺北時間"}


def files(screen: Screen) -> None:
    """Drop one file or several; each has its preview and its own button."""
    dropped = st.file_uploader(
        f"選擇或拖曳檔案：CSV、TSV、XLSX、ODS、XLS，每個最多 {_MOST_MB} MB，可一次多個",
        accept_multiple_files=True,
        key="upload_files",
    )
    if not dropped:
        st.caption("Meta 匯出檔、本系統範本與匯出檔會自動認得；其他表格可在畫面上指定每一欄的意思，下次自動沿用。")
        return
    if any(f"done_{file.file_id}" in st.session_state for file in dropped):
        _own_pages(screen)
    for file in dropped:
        with st.container(border=True, key=f"file_{file.file_id}"):
            _file(screen, file.file_id, Bytes(file.name, file.getvalue()))


def _file(screen: Screen, key: str, source: Bytes) -> None:
    st.markdown(f"## {tables.plain(source.name)}", anchors=False)
    if done := st.session_state.get(f"done_{key}"):
        _done(screen, key, done)
        return
    answers = _answers(key)
    found = _looked(screen, key, source, answers)
    if isinstance(found, Unanswered):
        st.info("需要先回答：", icon=":material/help:")
        for question in found.questions:
            _ask(key, question)
    elif isinstance(found, AmbiguousFile):
        st.warning("欄名同時符合幾種格式，請指定是哪一種。", icon=":material/help:")
        _ask(key, Question("format", "這是哪一種檔案", found.formats))
    elif isinstance(found, FileNotRecognised) and found.headings:
        st.warning("欄名不是任何一種已知格式，請指定每一欄的意思，或改用範本。", icon=":material/help:")
        _assign(key, found)
    elif isinstance(found, SqdashError):
        st.error(tables.plain(_OPTION.sub("", str(found))))
        _other_encoding(key, answers)
        if answers != Answers():
            _answer_again(key)
    else:
        _preview(screen, key, source, answers, found)


# --- what the person said


def _answers(key: str) -> Answers:
    found: Answers = st.session_state.setdefault(f"answers_{key}", Answers())
    return found


def _say(key: str, **given: Any) -> None:
    st.session_state[f"answers_{key}"] = replace(_answers(key), **given)


def _looked(screen: Screen, key: str, source: Bytes, answers: Answers) -> Preview | SqdashError:
    """The preview, or why there is none; kept until the answers or the store change."""
    asked = (answers, screen.state)
    if (kept := st.session_state.get(f"look_{key}")) and kept[0] == asked:
        found: Preview | SqdashError = kept[1]
        return found
    said = st.empty()

    def progress(rows: int) -> None:
        if rows >= 10_000:
            said.caption(f"讀取中，已讀 {rows:,} 列…")

    try:
        found = upload.look(screen.store, source, answers, progress)
    except SqdashError as error:
        found = error
    said.empty()
    st.session_state[f"look_{key}"] = (asked, found)
    return found


def _ask(key: str, question: Question) -> None:
    """One question; an answer draws the page anew."""
    widget = f"ask_{key}_{question.option}"
    option = {"accept_wan": "wan"}.get(question.option, question.option)
    if question.kind == "flag":
        st.checkbox(tables.plain(question.text), key=widget, on_change=lambda: _say(key, **{option: True}))
    elif question.kind == "moment":
        _ask_moment(key, question, widget)
    elif question.kind == "choice":
        labels = dict(question.choices)
        st.radio(
            tables.plain(question.text),
            list(labels),
            index=None,
            format_func=lambda value: tables.plain(labels[value]),
            key=widget,
            on_change=lambda: _say(key, **{option: st.session_state[widget]}),
        )
    else:
        text = st.text_input(
            tables.plain(question.text), key=widget, placeholder="例如 103" if question.kind == "year" else ""
        )
        if text.strip():
            _take_text(key, question, option, text.strip())


def _take_text(key: str, question: Question, option: str, text: str) -> None:
    value: Any = text
    if question.kind == "year":
        try:
            value = periods.year_period(int(text)).roc_year
        except (ValueError, SqdashError):
            st.error(tables.plain(f"「{text[:20]}」不是民國年，請輸入例如 103。"))
            return
    if getattr(_answers(key), option) != value:
        _say(key, **{option: value})
        st.rerun()


def _ask_moment(key: str, question: Question, widget: str) -> None:
    """Just now, or a moment typed as a ROC day and an hour."""
    st.markdown(tables.plain(question.text))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "剛剛匯出（現在）",
            key=f"{widget}_now",
            type="primary",
            on_click=lambda: _say(key, observed_at=periods.now()),
        )
        day = st.text_input("或匯出日期", key=f"{widget}_day", placeholder="例如 115/11/24", width=160)
        hour = st.text_input("時間（可空白）", key=f"{widget}_hour", placeholder="例如 09:00", width=140)
    if not day.strip():
        return
    try:
        moment = datetime.combine(
            periods.parse_day(day), datetime.strptime(hour.strip() or "23:59", "%H:%M").time(), periods.TAIPEI
        )
    except (SqdashError, ValueError):
        st.error("看不懂匯出時間，請用 115/11/24 與 09:00 的寫法。")
        return
    _say(key, observed_at=min(moment, periods.now()) if moment.date() == periods.today() else moment)
    st.rerun()


def _assign(key: str, found: FileNotRecognised) -> None:
    if layout := layouts.assign(key, found):
        _say(key, layout=layout)
        st.rerun()


def _other_encoding(key: str, answers: Answers) -> None:
    if answers.encoding is None:
        return
    widget = f"encoding_{key}"
    names = list(ENCODINGS)
    st.selectbox(
        "文字編碼",
        names,
        index=names.index(answers.encoding) if answers.encoding in names else None,
        format_func=lambda name: ENCODINGS[name],
        placeholder="請選擇",
        key=widget,
        on_change=lambda: _say(key, encoding=st.session_state[widget]),
    )


# --- the preview


def _preview(screen: Screen, key: str, source: Bytes, answers: Answers, preview: Preview) -> None:
    outcome = preview.outcome
    if preview.earlier_batch:
        st.info(f"這個檔案已匯入（批次 {preview.earlier_batch}），再匯入不會有任何變更。", icon=":material/check:")
        return
    st.caption("　".join(_facts(preview)))
    with st.grid(4, min_column_width=120, gap="small"):
        for label, count in (
            ("新增", outcome.added),
            ("變更", outcome.changed),
            ("未變", outcome.unchanged),
            ("不能採用", len({r.row for r in outcome.rejected})),
        ):
            st.metric(label, f"{count:,} 列", border=True)
    for sentence in outcome.warnings:
        st.warning(tables.plain(sentence), icon=":material/warning:")
    if outcome.rejected:
        _rejected(key, outcome.rejected)
    _buttons(screen, key, source, answers, outcome)
    if preview.changes:
        with st.expander(f"變更內容（前 {len(preview.changes)} 列）", icon=":material/difference:"):
            _changes(preview.changes)
    with st.expander("將存入的前幾列", icon=":material/table:", expanded=not outcome.rejected):
        _first_rows(screen, preview.tables)
    if outcome.notes:
        with st.expander(f"讀取說明（{len(outcome.notes)}）", icon=":material/info:"):
            for sentence in outcome.notes:
                st.markdown(f"- {tables.plain(sentence)}")
    with st.expander("更改讀法", icon=":material/tune:"):
        _reading_again(key, answers, preview)


def _facts(preview: Preview) -> list[str]:
    outcome = preview.outcome
    facts = [preview.label, f"編碼 {ENCODINGS.get(outcome.encoding, outcome.encoding.upper())}"]
    if preview.sheet:
        facts.append(f"工作表「{preview.sheet}」")
    if preview.zone:
        facts.append(f"檔案時間為{_ZONES.get(preview.zone, preview.zone)}")
    if preview.observed_at:
        facts.append(f"匯出時間 {forms.moment(preview.observed_at)}")
    if preview.first_day and preview.last_day:
        facts.append(f"期間 {_shown_day(preview.first_day)}–{_shown_day(preview.last_day)}")
    facts.append(f"共 {outcome.rows:,} 列")
    return [tables.plain(fact) for fact in facts]


def _shown_day(text: str) -> str:
    return periods.roc_month(text) if len(text) == 7 else periods.roc_day(periods.parse_day(text))


def _rejected(key: str, rejected: Sequence[Rejected]) -> None:
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
    _downloads(
        "下載不能採用的列",
        f"rejected_{key}",
        "不能採用的列",
        partial(template_files.rejected_sheet, rejected),
    )


def _downloads(
    label: str, key: str, name: str, make: Callable[[Kind], bytes], width: int | Literal["content"] = "content"
) -> None:
    """The same sheet in each kind, made only when somebody asks for it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(label, width=width)
        for kind, shown in _KINDS.items():
            st.download_button(
                shown,
                partial(make, kind),
                file_name=f"{name}.{kind}",
                mime=_MIME[kind],
                icon=":material/download:",
                on_click="ignore",
                key=f"{key}_{kind}",
            )


def _buttons(screen: Screen, key: str, source: Bytes, answers: Answers, outcome: Outcome) -> None:
    taken = outcome.added + outcome.changed + outcome.unchanged
    if not taken:
        if not outcome.rejected:
            st.info("檔案沒有資料列，沒有可以匯入的內容。", icon=":material/inbox:")
        return
    left_out = len({one.row for one in outcome.rejected})
    label = f"匯入其餘 {taken:,} 列（略過 {left_out:,} 列）" if left_out else f"匯入 {taken:,} 列"
    if st.button(label, key=f"take_{key}", type="secondary" if left_out else "primary", icon=":material/upload:"):
        _take(screen, key, source, answers, skip=bool(left_out))


def _take(screen: Screen, key: str, source: Bytes, answers: Answers, *, skip: bool) -> None:
    try:
        with st.spinner("匯入中…"):
            taken = upload.import_file(screen.store, source, by=DESK, answers=answers, skip_rejected=skip)
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    st.session_state[f"done_{key}"] = taken
    st.session_state.pop(f"look_{key}", None)
    st.rerun()


def _done(screen: Screen, key: str, taken: Outcome) -> None:
    if taken.again:
        st.info(f"這個檔案已匯入（批次 {taken.batch}），沒有變更。", icon=":material/check:")
        return
    undone = {row["batch"] for row in loads.imports(screen.store, screen.state) if row["undone_revision"]}
    if taken.batch in undone:
        st.info(f"批次 {taken.batch} 已還原。", icon=":material/undo:")
        return
    left = f"，略過 {len({r.row for r in taken.rejected}):,} 列" if taken.rejected else ""
    counts = f"新增 {taken.added:,}、變更 {taken.changed:,}、未變 {taken.unchanged:,}"
    st.success(f"已匯入（批次 {taken.batch}）：{counts}{left}。", icon=":material/check_circle:")
    with st.expander("還原這次匯入", icon=":material/undo:"):
        if taken.batch is not None:
            st.markdown(tables.plain(upload.outlook(screen.store, taken.batch).sentence))
            if st.button("還原", key=f"undo_{key}"):
                _undo(screen, taken.batch)


def _own_pages(screen: Screen) -> None:
    """Pages that nobody has assigned: one click makes one of them the branch's own."""
    for row in loads.current_rows(screen.store, screen.state, "pages"):
        if row["kind"] != "unassigned":
            continue
        st.info(tables.plain(f"「{row['label']}」還沒有歸類，其貼文尚未計入指標。"), icon=":material/help:")
        if st.button(f"標為本分局專頁：{tables.plain(row['label'][:20])}", key=f"own_{row['page_id']}"):
            texts = {
                name: str(value) for name, value in row.items() if value is not None and name in BY_NAME["pages"].names
            }
            try:
                batch = entries.enter(
                    screen.store, BY_NAME["pages"], texts | {"kind": "own"}, reason="標為本分局專頁", by=DESK
                )
            except SqdashError as error:
                st.error(tables.plain(error))
                return
            forms.done(f"已把「{tables.plain(row['label'])}」標為本分局專頁（批次 {batch}）。")


def _undo(screen: Screen, batch: int) -> None:
    try:
        touched = upload.undo(screen.store, batch, by=DESK, reason="上傳後還原")
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    forms.done(f"已還原批次 {batch}，影響 {sum(touched.values()):,} 列。")


def _changes(changes: Sequence[tuple[int | None, str, Mapping[str, tuple[Any, Any]]]]) -> None:
    tables.show(
        [
            {
                "列": number or "",
                "對象": about,
                "變更": "；".join(f"{label} {_shown(old)} → {_shown(new)}" for label, (old, new) in pairs.items()),
            }
            for number, about, pairs in changes
        ],
        right=("列",),
        alt="會變更的列：原值與新值",
    )


def _shown(value: Any) -> str:
    if value is None:
        return "未填"
    return f"{value:,}" if isinstance(value, int) else str(value)[:40]


def _first_rows(screen: Screen, found: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """As they will be stored; a grid, since posts have long texts and many figures. Ids stand last."""
    units = loads.unit_names(screen.store, screen.state, screen.period.end.isoformat())
    for name, rows in found.items():
        table = BY_NAME[name]
        columns = [c for c in table.columns if any(row.get(c.name) is not None for row in rows)]
        columns.sort(key=lambda c: c.name.endswith("_id"))
        st.caption(table.label)
        tables.browse(
            [
                {"列": str(row["source_row"] or ""), **{c.label: _stored(c, row.get(c.name), units) for c in columns}}
                for row in rows
            ],
            alt=f"{table.label}的前幾列，依存入後的樣子",
        )


def _stored(column: Column, value: Any, units: Mapping[str, str]) -> str:
    if column.name == "unit":
        return units.get(str(value), str(value or ""))
    return f"{value:,}" if column.type == "int" and value is not None else forms.cell(column, value)


def _reading_again(key: str, answers: Answers, preview: Preview) -> None:
    """What was decided can be said otherwise: the encoding, the zone, the time of the export."""
    if preview.outcome.encoding in ENCODINGS:
        _other_encoding(key, replace(answers, encoding=answers.encoding or preview.outcome.encoding))
    if preview.zone:
        widget = f"zone_{key}"
        st.selectbox(
            "檔案時間的時區",
            list(_ZONES),
            index=list(_ZONES).index(preview.zone) if preview.zone in _ZONES else None,
            format_func=lambda zone: _ZONES[zone],
            placeholder="請選擇",
            key=widget,
            on_change=lambda: _say(key, zone=st.session_state[widget]),
        )
    _answer_again(key)


def _answer_again(key: str) -> None:
    """The way back from a wrong answer."""
    st.button("重新回答所有問題", key=f"again_{key}", on_click=lambda: st.session_state.pop(f"answers_{key}", None))


# --- by hand, templates


def by_hand(screen: Screen, names: Sequence[str]) -> None:
    """One row typed by a person, checked by the same rules as a file."""
    name = st.segmented_control(
        "要登錄什麼",
        names,
        default=names[0],
        format_func=lambda n: BY_NAME[n].label,
        key="by_hand_table",
    )
    if name:
        forms.entry(screen, name, key=f"by_hand_{name}", reason="人工登錄")


def templates() -> None:
    """Every template in three kinds, with what goes into it."""
    st.caption(
        "範本第一頁填資料（範例列不會匯入），第二頁是填寫說明；XLSX 與 ODS 的編號與日期欄已設為文字，不會被改寫。"
    )
    for spec in SPECS:
        _downloads(
            spec.label,
            f"template_{spec.name}",
            template_files.file_name(spec.name, "csv").removesuffix(".csv"),
            partial(template_files.make, spec.name),
            _LABEL_WIDTH,
        )


__all__ = ["Layout", "by_hand", "files", "templates"]
