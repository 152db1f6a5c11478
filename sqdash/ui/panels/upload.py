"""Files from people: each with its questions, its preview and its own button; entry by hand; templates.

Nothing is written before the person says so. Everything that a file brings is drawn as plain text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from sqdash.errors import AmbiguousFile, FileNotRecognised, Question, SqdashError, Unanswered
from sqdash.importers.base import Answers, Layout
from sqdash.importers.sources import Bytes
from sqdash.importers.specs import SPECS
from sqdash.jobs import apart, entries, upload
from sqdash.jobs import templates as template_files
from sqdash.jobs.outcomes import Outcome, Preview
from sqdash.people import Action
from sqdash.rights import NEEDS
from sqdash.store import database
from sqdash.tables import BY_NAME
from sqdash.ui import blocks, bounds, forms, frame, loads, refusals, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels import layouts, previews, questions

_MOST_MB, _MOST_TOGETHER = 100, bounds.MOST_A_SCREEN // bounds.MB
_LABEL_WIDTH = 330  # of the longest template's name, so that the buttons stand in columns; fits the narrowest screen


def files(screen: Screen) -> None:
    """Drop one file or several; each has its preview and its own button."""
    if _closed(screen):
        return
    dropped = st.file_uploader(
        f"選擇或拖曳檔案：CSV、TSV、XLSX、ODS、XLS，每個最多 {_MOST_MB} MB，可一次多個，合計 {_MOST_TOGETHER} MB",
        accept_multiple_files=True,
        key="upload_files",
    )
    if not dropped:
        st.caption("Meta 匯出檔、本系統範本與匯出檔會自動認得；其他表格可在畫面上指定每一欄的意思，下次自動沿用。")
        return
    if who.may(Action.SOURCES) and any(f"done_{file.file_id}" in st.session_state for file in dropped):
        _own_pages(screen)
    for file in dropped:
        with st.container(border=True, key=f"file_{file.file_id}"):
            _file(screen, file.file_id, Bytes(file.name, file.getvalue()))


def _closed(screen: Screen) -> bool:
    """Whether nothing can be stored, which is then said before anything is chosen or typed."""
    try:
        database.require_writable(screen.store)
    except SqdashError as error:
        st.warning(tables.plain(f"暫時不能上傳或登錄：{error}"), icon=":material/lock:")
        return True
    return False


def _file(screen: Screen, key: str, source: Bytes) -> None:
    blocks.section(source.name)
    if done := st.session_state.get(f"done_{key}"):
        _done(screen, key, done)
        return
    answers = questions.given(key)
    found = _looked(screen, key, source, answers)
    if isinstance(found, Unanswered):
        st.info("需要先回答：", icon=":material/help:")
        for question in found.questions:
            questions.ask(key, question, screen.period.roc_year)
    elif isinstance(found, AmbiguousFile):
        st.warning("欄名同時符合幾種格式，請指定是哪一種。", icon=":material/help:")
        questions.ask(key, Question("format", "這是哪一種檔案", found.formats))
    elif isinstance(found, FileNotRecognised) and found.headings:
        st.warning("欄名不是任何一種已知格式，請指定每一欄的意思，或改用範本。", icon=":material/help:")
        questions.other_sheet(key, found.sheets, next(iter(found.sheets), None))
        _assign(screen, key, found.headings, found.sample)
    elif isinstance(found, SqdashError):
        st.error(tables.plain(found))
        if isinstance(found, FileNotRecognised):
            questions.other_sheet(key, found.sheets, next(iter(found.sheets), None))
        questions.other_encoding(key, answers)
        if answers != Answers():
            questions.answer_again(key)
    elif st.session_state.get(f"assign_{key}"):
        _assign_again(screen, key, found)
    else:
        _preview(screen, key, source, answers, found)


def _looked(screen: Screen, key: str, source: Bytes, answers: Answers) -> Preview | SqdashError:
    """The preview, or why there is none; kept until the answers or the store change."""
    rights = (who.reach(), who.tables())
    asked = (answers, screen.state, rights)
    if (kept := st.session_state.get(f"look_{key}")) and kept[0] == asked:
        found: Preview | SqdashError = kept[1]
        return found
    said = st.empty()

    def progress(rows: int) -> None:
        if rows >= 10_000:
            said.caption(f"讀取中，已讀 {rows:,} 列…")

    try:
        with st.spinner("讀取中…"):
            found = apart.look(screen.store, source, answers, progress, units=rights[0], tables=rights[1])
    except SqdashError as error:
        found = error
    said.empty()
    st.session_state[f"look_{key}"] = (asked, found)
    return found


def _assign(
    screen: Screen,
    key: str,
    headings: Sequence[str],
    sample: Sequence[Sequence[str]],
    given: Layout | None = None,
) -> None:
    if layout := layouts.assign(screen, key, headings, sample, given):
        st.session_state.pop(f"assign_{key}", None)
        questions.say(key, layout=layout)
        st.rerun()


def _assign_again(screen: Screen, key: str, preview: Preview) -> None:
    """The assignment by which a file was read, to be changed; it is remembered once the file is taken."""
    st.info("修改後按「套用欄位對應」，匯入時會取代已記住的欄位對應。", icon=":material/table_edit:")
    _assign(screen, key, preview.headings, preview.sample, preview.layout)
    st.button("不修改", key=f"assign_not_{key}", on_click=lambda: st.session_state.pop(f"assign_{key}", None))


def _assigned(key: str, preview: Preview) -> None:
    """By which assignment the file was read, and the way to another one."""
    if preview.layout is None:
        return
    source = "沿用先前為這種欄名指定的欄位對應" if preview.remembered else "依這次指定的欄位對應"
    st.info(tables.plain(f"{source}：{layouts.summary(preview.layout)}。"), icon=":material/table_edit:")

    def again() -> None:
        st.session_state[f"assign_{key}"] = True

    st.button("重新指定欄位", key=f"assign_again_{key}", icon=":material/table_edit:", on_click=again)


def _preview(screen: Screen, key: str, source: Bytes, answers: Answers, preview: Preview) -> None:
    outcome = preview.outcome
    if preview.earlier_batch:
        several = len(preview.sheets) > 1
        what = f"工作表「{preview.sheet}」" if several else "這個檔案"
        other = "要匯入其他工作表請在下面改選；" if several else ""
        st.info(
            tables.plain(
                f"{what}已匯入（批次 {preview.earlier_batch}），再匯入不會有任何變更；"
                f"{other}要換讀法或補略過的列，請先到匯入紀錄還原該批次。"
            ),
            icon=":material/check:",
        )
        questions.other_sheet(key, preview.sheets, preview.sheet)
        return
    st.caption("　".join(previews.facts(preview)))
    _assigned(key, preview)
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
        _ask_page(screen, key, answers, outcome)
        previews.rejected_rows(key, outcome.rejected)
    if preview.locked:
        st.error(tables.plain(preview.locked), icon=":material/lock:")
        frame.link("plan", "到計畫與成果解除鎖定", icon="arrow_forward", plan_tab="年度")
    else:
        _buttons(screen, key, source, answers, outcome)
    if preview.changes:
        with st.expander(f"變更內容（前 {len(preview.changes)} 列）", icon=":material/difference:"):
            previews.changed_rows(screen, preview.changes)
    if any(preview.tables.values()):
        with st.expander("將存入的前幾列", icon=":material/table:", expanded=not outcome.rejected):
            previews.first_rows(screen, preview.tables)
    if outcome.notes:
        with st.expander(f"讀取說明（{len(outcome.notes)}）", icon=":material/info:"):
            for sentence in outcome.notes:
                st.markdown(f"- {tables.plain(sentence)}")
    with st.expander("更改讀法", icon=":material/tune:"):
        questions.reading_again(key, answers, preview)


def _ask_page(screen: Screen, key: str, answers: Answers, outcome: Outcome) -> None:
    """Rows that only lack their page are let in by one answer."""
    rows = len({one.row for one in outcome.rejected if one.option == "page"})
    if rows and answers.page is None:
        pages = tuple(loads.page_names(screen.store, screen.state).items())
        text = f"{rows:,} 列沒有可用的專頁編號，這些列是哪一個專頁的"
        questions.ask(key, Question("page", text, pages, "choice" if pages else "text"))


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
    with refusals.told():
        with st.spinner("匯入中…"):
            taken = apart.import_file(
                screen.store,
                source,
                by=who.acting(Action.ENTER),
                answers=answers,
                skip_rejected=skip,
                units=who.reach(),
                tables=who.tables(),
            )
        st.session_state[f"done_{key}"] = taken
        looked = st.session_state.pop(f"look_{key}", None)
        if looked and isinstance(preview := looked[1], Preview):
            st.session_state[f"days_{key}"] = preview.first_day, preview.last_day
        bounds.let_go(key, source.name)
        st.rerun()


def _done(screen: Screen, key: str, taken: Outcome) -> None:
    if taken.again:
        st.info(f"這個檔案已匯入（批次 {taken.batch}），沒有變更。", icon=":material/check:")
        return
    rows = {row["batch"]: row for row in loads.imports(screen.store, screen.state)}
    row = rows.get(taken.batch)
    if row and row["undone_revision"]:
        st.info(f"批次 {taken.batch} 已還原。", icon=":material/undo:")
        return
    left = f"，略過 {len({r.row for r in taken.rejected}):,} 列" if taken.rejected else ""
    counts = f"新增 {taken.added:,}、變更 {taken.changed:,}、未變 {taken.unchanged:,}"
    st.success(f"已匯入（批次 {taken.batch}）：{counts}{left}。", icon=":material/check_circle:")
    if days := previews.days(*st.session_state.get(f"days_{key}", (None, None)), outside=screen.period):
        st.caption(f"資料的期間是 {days}，不全在目前選的 {screen.period.label}；要在各頁看到，請改選上方的期間。")
    if row is None or taken.batch is None or not who.may(Action.UNDO, of=taken.batch):
        return
    with st.expander("還原這次匯入", icon=":material/undo:"):
        outlook = upload.outlook(screen.store, taken.batch)
        st.markdown(tables.plain(outlook.sentence))
        if not outlook.refused and st.button("還原", key=f"undo_{key}"):
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
            with refusals.told():
                batch = entries.enter(
                    screen.store,
                    BY_NAME["pages"],
                    texts | {"kind": "own"},
                    reason="標為本分局專頁",
                    by=who.acting(Action.SOURCES),
                )
                forms.done(f"已把「{tables.plain(row['label'])}」標為本分局專頁（批次 {batch}）。")


def _undo(screen: Screen, batch: int) -> None:
    with refusals.told():
        with st.spinner("還原中…"):
            touched = upload.undo(screen.store, batch, by=who.acting(Action.UNDO, of=batch), reason="上傳後還原")
        forms.done(f"已還原批次 {batch}，影響 {sum(touched.values()):,} 列。")


def by_hand(screen: Screen) -> None:
    """One row typed by a person, checked by the same rules as a file; what the person may not enter is left out."""
    if _closed(screen):
        return
    names = [name for name in forms.BY_HAND if who.may(NEEDS[name])]
    name = st.segmented_control(
        "要登錄什麼",
        names,
        default=names[0],
        format_func=lambda n: BY_NAME[n].label,
        key="by_hand_table",
        bind="query-params",
    )
    if name:
        forms.entry(screen, name, key=f"by_hand_{name}", reason="人工登錄")
        mend = {"settings_tab": "更正單列", "correct_table": BY_NAME[name].label}
        frame.link("settings", f"更正或刪去已登錄的{BY_NAME[name].label}", icon="edit", **mend)


def templates(_: Screen) -> None:
    """Every template in three kinds, with what goes into it."""
    st.caption(
        "範本第一頁填資料（範例列不會匯入），第二頁是填寫說明；XLSX 與 ODS 的編號與日期欄已設為文字，不會被改寫。"
    )
    for spec in SPECS:
        tables.downloads(
            spec.label,
            f"template_{spec.name}",
            template_files.file_name(spec.name, "csv").removesuffix(".csv"),
            partial(template_files.make, spec.name),
            _LABEL_WIDTH,
        )
