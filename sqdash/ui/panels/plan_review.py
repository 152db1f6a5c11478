"""審核: what was handed in, approved or sent back with a note; management's notes on figures."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from sqdash.indicators import BY_KEY
from sqdash.jobs import plan_texts
from sqdash.people import Action
from sqdash.plan_views import Desk
from sqdash.report import reviews
from sqdash.report.reviews import STATES, ReviewState
from sqdash.ui import folds, forms, refusals, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels.plan_text import Key, about, history, methods_of, name_of, standing_line
from sqdash.ui.panels.plan_write import desk_of, preview, texts_of


def draw(screen: Screen) -> None:
    """How far the texts are, the texts to review, the list of all, notes on figures."""
    desk = desk_of(screen)
    counts = Counter(standing.state for standing in desk.reviews.values())
    missing = len(texts_of(desk)) - len(desk.reviews)
    said = [f"{words} {counts[state]} 段" for state, words in STATES.items()]  # type: ignore[index]
    st.caption("　".join([f"尚未填寫 {missing} 段", *said] if missing > 0 else said))
    if not who.may(Action.REVIEW):
        who.without(Action.REVIEW)
    elif desk.locked:
        st.info("這個年度已鎖定，不能再審核；要審核請先到「年度」解除鎖定。", icon=":material/lock:")
    else:
        _review(screen, desk)
    _list(desk)
    if not desk.locked and who.may(Action.REVIEW):
        _note(screen)


def _review(screen: Screen, desk: Desk) -> None:
    labels = texts_of(desk)
    waiting = [key for key in labels if key in desk.reviews and desk.reviews[key].state != "draft"]
    waiting.sort(key=lambda key: desk.reviews[key].state == "approved")
    if not waiting:
        st.info("目前沒有送審的文字；主辦單位在「撰寫」送審後會列在這裡。", icon=":material/inbox:")
        return
    key = st.selectbox(
        "要審核的文字", waiting, format_func=labels.__getitem__, key="plan_review_key", placeholder="請選擇"
    )
    text = desk.texts[key]
    about(desk, key)
    standing_line(desk.reviews[key])
    preview(desk, key, text)
    note = st.text_input("意見（退回時必填）", key=f"plan_review_note_{key}_{forms.round_()}")
    seen = reviews.digest(text)  # a text that another changed has other buttons: a click is for the words it was under
    with st.container(horizontal=True):
        approve = st.button(
            "核定", type="primary", key=f"plan_approve_{seen}", disabled=desk.reviews[key].state != "submitted"
        )
        back = st.button("退回", key=f"plan_back_{seen}")
    if approve:
        _decide(screen, key, "approved", text, note)
    if back:
        _decide(screen, key, "draft", text, note)
    history(screen, key)


def _decide(screen: Screen, key: Key, state: ReviewState, text: str, note: str) -> None:
    with refusals.told():
        plan_texts.review(
            screen.store, screen.period.roc_year, *key, state, seen=text, by=who.acting(Action.REVIEW), note=note
        )
        forms.done(f"已{'核定' if state == 'approved' else '退回'} {name_of(key)} 的成果文字。")


def _list(desk: Desk) -> None:
    keys = texts_of(desk)
    place, asked = folds.fold(f"各段文字的狀態（{len(keys)} 段）", "review_states", icon=":material/checklist:")
    with place:
        tables.browse(
            [
                {
                    "代碼": key[0],
                    "段": key[1],
                    "狀態": desk.reviews[key].words if key in desk.reviews else "尚未填寫",
                    "執行方法": "；".join(method.label for method in methods_of(desk, key)),
                    "主辦": "、".join(dict.fromkeys(u for method in methods_of(desk, key) for u in method.units)),
                }
                for key in keys
            ],
            alt="各段成果文字的狀態、執行方法與主辦單位",
            drawn_now=asked,
        )


def _note(screen: Screen) -> None:
    """A note by management, shown beside the figure on cards and in the report."""
    place, asked = folds.fold("首長註記：對某個數字的說明", "plan_note", icon=":material/sticky_note_2:")
    if not asked:
        return
    with place, st.form(key=f"plan_note_{forms.round_()}", border=False):
        key = st.selectbox(
            "指標", list(screen.board.results), format_func=lambda k: BY_KEY[k].label, placeholder="請選擇"
        )
        text = st.text_area("註記", height=100, key=f"plan_note_text_{forms.round_()}")
        st.caption(tables.plain(f"註記屬於 {screen.period.label}，會顯示在這個數字的卡片與報告附錄。"))
        if st.form_submit_button("儲存註記"):
            _keep_note(screen, key, text)


def _keep_note(screen: Screen, key: str, text: str) -> None:
    with refusals.told():
        plan_texts.note_figure(screen.store, key, screen.period.code, text, by=who.acting(Action.REVIEW))
        forms.done(f"已儲存{BY_KEY[key].label}的註記。")
