"""The monthly review meetings: how many against the rhythm, what they decided, what is still to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from sqdash import periods
from sqdash.contributions import Decision, Meeting
from sqdash.jobs import rota as jobs
from sqdash.people import Action
from sqdash.ui import blocks, cards, choices, drawn, folds, forms, loads, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels import rota

_OPEN_MEETINGS = 3


def meetings(screen: Screen) -> None:
    """The period's meetings, newest first, each with its decisions, and above them what is left to do of those and of
    earlier ones; forms for a meeting, a decision, and done."""
    today = periods.today()
    blocks.draw(cards.counts(screen, ["review_meetings"], across=4))
    found = loads.review_meetings(screen.store, screen.state, screen.period.code)
    open_to_now = [*found, *loads.decisions_left_over(screen.store, screen.state, screen.period.code)]
    called = rota.names(screen)
    if not found:
        st.info("這個期間沒有登錄審稿會議；開過會後在下面登錄，就能記下決議。", icon=":material/inbox:")
    _left(open_to_now, called, today)
    for nth, meeting in enumerate(found):
        _meeting(meeting, called, today, opened=nth < _OPEN_MEETINGS)
    may = {"新的會議": (Action.ROTA, True), "決議": (Action.REVIEW, found), "決議完成": (Action.ROTA, open_to_now)}
    offered = [name for name, (action, any_) in may.items() if any_ and who.may(action)]
    if not offered:
        who.without(Action.ROTA)
        return
    doing = st.segmented_control("要登錄什麼", offered, key="rota_meeting_do")
    if doing == "新的會議":
        _hold(screen, today)
    elif doing == "決議" and found:
        _decide(screen, found)
    elif doing == "決議完成" and open_to_now:
        _finish(screen, open_to_now, today)


def _left(found: Sequence[Meeting], called: dict[str, str], today: date) -> None:
    """What is still to be done of these meetings, what is due first on top."""
    still_open = [(meeting, one) for meeting in found for one in meeting.decisions if one.done_on is None]
    if not still_open:
        return
    still_open.sort(key=lambda pair: (pair[1].due_on or date.max, pair[0].held_on))
    rows = [_of_meeting(meeting, _row(decision, called, today)) for meeting, decision in still_open]
    blocks.section(f"待辦決議（{len(rows)}）", tables.table(rows, alt="還沒有完成的決議", noted=False))
    blocks.section("各次會議")


def _of_meeting(meeting: Meeting, row: Mapping[str, str]) -> dict[str, str]:
    """The row of a decision where those of several meetings stand together."""
    on = periods.roc_day(meeting.held_on)
    return {"決議": f"{row['決議']}（{on} 會議）", "單位": row["單位"], "狀態": _due(row)}


def _meeting(meeting: Meeting, called: dict[str, str], today: date, *, opened: bool) -> None:
    left = sum(decision.done_on is None for decision in meeting.decisions)
    people = "" if meeting.attendees is None else f"，{meeting.attendees:,} 人次"
    count = (
        f"決議 {len(meeting.decisions)} 項" + (f"，待辦 {left} 項" if left else "") if meeting.decisions else "無決議"
    )
    head = tables.plain(f"{periods.roc_day(meeting.held_on)}　{meeting.title}（{count}{people}）")
    rows = [_row(decision, called, today) for decision in meeting.decisions]
    alt = f"{meeting.title}的決議與辦理情形"
    drawn.add(alt, rows, ("順序",))
    place, asked = folds.fold(head, f"meeting_{meeting.meeting}", expanded=opened and bool(rows))
    if asked:
        with place:
            tables.show(list(map(_shown, rows)), alt=alt, empty="這次會議還沒有登錄決議。", noted=False)


def _shown(row: Mapping[str, str]) -> dict[str, str]:
    """The row in as few columns as a telephone has room for."""
    return {"決議": f"{row['順序']}. {row['決議']}", "單位": row["單位"], "狀態": _due(row)}


def _due(row: Mapping[str, str]) -> str:
    """How it stands, and until when it is due where it is not done."""
    due = f"（期限 {row['期限']}）" if row["期限"] != "未訂" and not row["狀態"].startswith("✔") else ""
    return row["狀態"] + due


def _row(decision: Decision, called: dict[str, str], today: date) -> dict[str, str]:
    return {
        "順序": str(decision.number),
        "決議": decision.decision,
        "單位": called.get(decision.unit or "", decision.unit or "未指定"),
        "期限": periods.roc_day(decision.due_on) if decision.due_on else "未訂",
        "狀態": _state(decision, today),
    }


def _state(decision: Decision, today: date) -> str:
    if decision.done_on:
        return f"✔ {periods.roc_day(decision.done_on)} 完成"
    return "✖ 逾期未完成" if decision.due_on and decision.due_on < today else "◔ 辦理中"


def _hold(screen: Screen, today: date) -> None:
    with st.form(f"rota_hold_{forms.round_()}", border=False):
        on = st.text_input("會議日期", periods.roc_day(today), key=f"rota_held_{forms.round_()}")
        title = st.text_input("名稱（空白則為「某月審稿會議」）", key=f"rota_held_title_{forms.round_()}")
        people = st.text_input("人次（可空白）", key=f"rota_held_people_{forms.round_()}")
        if st.form_submit_button("登錄會議", type="primary"):
            forms.attempt(
                lambda: jobs.hold(
                    screen.store, periods.parse_day(on), title, attendees=people, by=who.acting(Action.ROTA)
                ),
                "已登錄會議",
            )


def _decide(screen: Screen, found: list[Meeting]) -> None:
    units = loads.unit_names(screen.store, screen.state, screen.period.end.isoformat())
    meetings = choices.apart({one.meeting: f"{periods.roc_day(one.held_on)}　{one.title}" for one in found})
    with st.form(f"rota_decide_{forms.round_()}", border=False):
        key = st.selectbox(
            "會議",
            list(meetings),
            format_func=meetings.__getitem__,
            key=f"rota_decide_meeting_{forms.round_()}",
            placeholder="請選擇",
        )
        text = st.text_area("決議", key=f"rota_decide_text_{forms.round_()}", max_chars=500, height=80)
        unit = choices.optional(
            "主辦單位（可空白）", units, placeholder="未指定", key=f"rota_decide_unit_{forms.round_()}"
        )
        due = st.text_input("期限（可空白）", placeholder=forms.hint("date"), key=f"rota_decide_due_{forms.round_()}")
        if st.form_submit_button("登錄決議", type="primary"):
            forms.attempt(
                lambda: jobs.decide(
                    screen.store,
                    key,
                    text,
                    unit=unit or "",
                    due_on=periods.parse_day(due) if due.strip() else None,
                    by=who.acting(Action.REVIEW),
                ),
                "已登錄決議",
            )


def _whose(decision: Decision) -> frozenset[str]:
    """The unit in charge of a decision; where none is, only those who may for all note it done."""
    return frozenset({decision.unit} if decision.unit else ())


def _finish(screen: Screen, found: list[Meeting], today: date) -> None:
    todo = [d for m in found for d in m.decisions if d.done_on is None]
    waiting = {(d.meeting, d.number): d for d in todo if who.may(Action.ROTA, _whose(d))}
    if not waiting:
        st.caption("其餘的決議由其他單位辦理。" if todo else "到這個期間為止的決議都已完成。")
        return
    held_on = {meeting.meeting: periods.roc_day(meeting.held_on) for meeting in found}
    labels = choices.apart({key: f"{held_on[d.meeting]}　{d.number}. {d.decision}" for key, d in waiting.items()})
    with st.form(f"rota_finish_{forms.round_()}", border=False):
        chosen = st.selectbox(
            "哪一項決議",
            list(waiting),
            format_func=labels.__getitem__,
            key=f"rota_finish_which_{forms.round_()}",
            placeholder="請選擇",
        )
        on = st.text_input("完成日", periods.roc_day(today), key=f"rota_finish_on_{forms.round_()}")
        if st.form_submit_button("註記完成", type="primary"):
            forms.attempt(
                lambda: jobs.finish(
                    screen.store,
                    waiting[chosen],
                    periods.parse_day(on),
                    by=who.acting(Action.ROTA, _whose(waiting[chosen])),
                ),
                "已註記完成",
            )
