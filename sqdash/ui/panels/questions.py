"""What only a person can say of a file: asked where it is needed, kept while the file lies there, taken back again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from sqdash import periods
from sqdash.errors import Question, SqdashError
from sqdash.importers.base import Answers
from sqdash.importers.encodings import NAMES as ENCODINGS
from sqdash.jobs.outcomes import Preview
from sqdash.ui import choices, tables

ZONES = {periods.PACIFIC.key: "美國太平洋時間", periods.TAIPEI.key: "臺北時間"}
"""Zones that a file's times may be in → what a person reads."""


def given(key: str) -> Answers:
    """What the person has said of the file so far."""
    found: Answers = st.session_state.setdefault(f"answers_{key}", Answers())
    return found


def say(key: str, **said: Any) -> None:
    """Keep an answer; the page is drawn anew with it."""
    st.session_state[f"answers_{key}"] = given(key)._replace(**said)


def ask(key: str, question: Question, year: int | None = None) -> None:
    """One question; an answer draws the page anew. ``year``: the ROC year that is offered where one is asked."""
    widget = f"ask_{key}_{question.option}"
    option = {"accept_wan": "wan"}.get(question.option, question.option)
    if question.kind == "flag":
        st.checkbox(tables.plain(question.text), key=widget, on_change=lambda: say(key, **{option: True}))
    elif question.kind == "moment":
        _ask_moment(key, question, widget)
    elif question.kind == "choice":
        labels = choices.apart(dict(question.choices), by_itself=True)
        st.radio(
            tables.plain(question.text),
            list(labels),
            index=None,
            format_func=lambda value: tables.plain(labels[value]),
            key=widget,
            on_change=lambda: say(key, **{option: st.session_state[widget]}),
        )
    elif question.kind == "year":
        _ask_year(key, question, widget, year)
    elif text := st.text_input(tables.plain(question.text), key=widget).strip():
        _take(key, option, text)


def _ask_year(key: str, question: Question, widget: str, year: int | None) -> None:
    """What is offered is taken on a click only; another year as soon as it is typed."""
    offered = str(year or "")
    st.markdown(tables.plain(question.text))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("民國年", value=offered, key=widget, placeholder="例如 103", width=140).strip()
        pressed = st.button("確定年度", key=f"{widget}_take", type="primary")
    if not text or (text == offered and not pressed):
        return
    try:
        value = periods.year_period(int(text)).roc_year
    except (ValueError, SqdashError):
        st.error(tables.plain(f"「{text[:20]}」不是民國年，請輸入例如 103。"))
        return
    _take(key, question.option, value)


def _take(key: str, option: str, value: Any) -> None:
    if getattr(given(key), option) != value:
        say(key, **{option: value})
        st.rerun()


def _ask_moment(key: str, question: Question, widget: str) -> None:
    """Just now, or a moment typed as a ROC day and an hour: taken on a click only, so that both can be typed."""
    st.markdown(tables.plain(question.text))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "剛剛匯出（現在）",
            key=f"{widget}_now",
            type="primary",
            on_click=lambda: say(key, observed_at=periods.now()),
        )
        day = st.text_input("或匯出日期", key=f"{widget}_day", placeholder="例如 115/11/24", width=160)
        hour = st.text_input("時間（可空白）", key=f"{widget}_hour", placeholder="例如 09:00", width=140)
        pressed = st.button("確定匯出時間", key=f"{widget}_take")
    if not pressed:
        return
    try:
        moment = datetime.combine(
            periods.parse_day(day), datetime.strptime(hour.strip() or "23:59", "%H:%M").time(), periods.TAIPEI
        )
    except (SqdashError, ValueError):
        st.error("看不懂匯出時間，請用 115/11/24 與 09:00 的寫法。")
        return
    say(key, observed_at=min(moment, periods.now()) if moment.date() == periods.today() else moment)
    st.rerun()


def other_encoding(key: str, answers: Answers) -> None:
    """The choice of another encoding, where one is known."""
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
        on_change=lambda: say(key, encoding=st.session_state[widget]),
    )


def other_sheet(key: str, sheets: Sequence[str], read: str | None) -> None:
    """The choice of another sheet than the one that was read, where a workbook has several."""
    if len(sheets) < 2:
        return
    widget = f"sheet_{key}"
    st.selectbox(
        "工作表",
        sheets,
        index=sheets.index(read) if read in sheets else None,
        placeholder="請選擇",
        key=widget,
        on_change=lambda: say(key, sheet=st.session_state[widget]),
    )


def reading_again(key: str, answers: Answers, preview: Preview) -> None:
    """What was decided can be said otherwise: the encoding, the zone, the time of the export."""
    if preview.outcome.encoding in ENCODINGS:
        other_encoding(key, answers._replace(encoding=answers.encoding or preview.outcome.encoding))
    other_sheet(key, preview.sheets, preview.sheet)
    if preview.zone:
        widget = f"zone_{key}"
        st.selectbox(
            "檔案時間的時區",
            list(ZONES),
            index=list(ZONES).index(preview.zone) if preview.zone in ZONES else None,
            format_func=lambda zone: ZONES[zone],
            placeholder="請選擇",
            key=widget,
            on_change=lambda: say(key, zone=st.session_state[widget]),
        )
    answer_again(key)


def answer_again(key: str) -> None:
    """The way back from a wrong answer."""
    st.button("重新回答所有問題", key=f"again_{key}", on_click=lambda: st.session_state.pop(f"answers_{key}", None))
