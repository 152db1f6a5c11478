"""One contribution opened: where it stands, what its post did, who moved it, and the form for its next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from sqdash import formats, periods
from sqdash.analysis import rota as analysis
from sqdash.contributions import STATE_WORDS, STATES, Choice, Contribution
from sqdash.jobs import rota as jobs
from sqdash.people import Action
from sqdash.ui import blocks, choices, forms, loads, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept
from sqdash.ui.panels import posts_list, rota

_ASKED = "slot"
_CHOSEN = "rota_slot"
_SHOWN = "rota_slot_shown"
_DRAWN = "rota_slot_drawn"


def choose(screen: Screen) -> None:
    """Which slot of the period is opened (kept in the address as ``slot``), and the slot itself."""
    today = periods.today()
    options, labels = _options(screen, today)
    if not options:
        return
    asked = st.query_params.get(_ASKED)
    if st.session_state.get(_SHOWN) != asked:
        st.session_state[_CHOSEN] = asked if asked in options else None
    chosen = choices.optional(
        "打開一篇供稿",
        labels,
        placeholder="選一篇，看它的歷程、貼文成效與下一步",
        key=_CHOSEN,
    )
    st.session_state[_SHOWN] = chosen
    if chosen is None:
        st.query_params.pop(_ASKED, None)
        return
    if asked != chosen:
        st.query_params[_ASKED] = chosen
    with st.container(border=True, key="rota_opened"):
        _opened(screen, options[chosen], rota.names(screen), today)


@Kept
def _options(screen: Screen, today: date) -> tuple[dict[str, Contribution], dict[str, str]]:
    """The slots of the period under their numbers, what waits for somebody first, and what each is called."""
    options = {slot.contribution_id: slot for slot in analysis.to_do_first(rota.slots_of(screen, screen.period))}
    called = rota.names(screen)
    return options, {key: _label(slot, called, today) for key, slot in options.items()}


def _label(slot: Contribution, called: dict[str, str], today: date) -> str:
    unit = called.get(slot.unit, slot.unit)
    return f"{periods.roc_day(slot.due_on)}　{unit}　{slot.name}　{rota.state_text(slot, today)}"


def _opened(screen: Screen, slot: Contribution, called: dict[str, str], today: date) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        blocks.draw(blocks.heading(2, slot.name), width="content")
        st.badge(rota.state_text(slot, today), color=rota.state_color(slot, today))
    submitted = f"，{periods.roc_day(slot.submitted_on)} 供稿" if slot.submitted_on else ""
    role = f"，承辦角色：{slot.role}" if slot.role else ""
    due_on = periods.roc_day(slot.due_on)
    st.markdown(tables.plain(f"{called.get(slot.unit, slot.unit)}，供稿日 {due_on}{submitted}{role}"))
    if slot.note:
        st.markdown(tables.plain(f"備註：{slot.note}"))
    _post(screen, slot)
    _moves(screen, slot)
    if who.may(Action.ROTA, frozenset({slot.unit})):
        _forms(screen, slot, today)
    elif who.may(Action.ROTA):
        st.caption("這是其他單位的供稿，您的帳號只能變更本單位的供稿。")
    else:
        who.without(Action.ROTA)


def _post(screen: Screen, slot: Contribution) -> None:
    """What became of it, for the unit to see."""
    if slot.post_id is None:
        if slot.state == "published":
            st.markdown("尚未連結貼文，看不到成效。")
        return
    day = periods.roc_day(slot.published_on) if slot.published_on else "日期未知"
    reached = ("觸及", slot.reach) if slot.reach is not None or slot.viewers is None else ("瀏覽者", slot.viewers)
    parts = [
        f"{name} {formats.number(n)} 人" if n is not None else f"{name}未提供"
        for name, n in (("按讚", slot.likes), reached)
    ]
    st.markdown(tables.plain(f"貼文 {day} 刊登：{'、'.join(parts)}（最近一次觀測）"))
    if slot.message:
        st.text(" ".join(slot.message.split()))
    if word := posts_list.gone(screen, slot.post_id):
        st.warning(word, icon=":material/link_off:")
    elif link := tables.post_link(slot.permalink):
        st.link_button("開啟貼文", link, icon=":material/open_in_new:")


def _moves(screen: Screen, slot: Contribution) -> None:
    history = loads.history(screen.store, screen.state, "contributions", (slot.contribution_id,))
    rows = [
        {
            "時間": forms.moment(move.at),
            "由誰": move.by,
            "變更": _change(move),
            "原因": move.reason,
        }
        for move in analysis.moves(history)
    ]
    with st.expander(f"歷程（{len(rows)}）", icon=":material/history:"):
        tables.show(rows, alt="這篇供稿每次變更的時間、人與原因")


def _change(move: analysis.Move) -> str:
    before, after = (STATE_WORDS.get(state or "", "") for state in (move.before, move.after))
    if not after:
        return f"{before} → 取消或還原"
    if not before:
        return f"登錄為{after}"
    return f"{before} → {after}" if before != after else "更改內容"


def _forms(screen: Screen, slot: Contribution, today: date) -> None:
    if _moved_meanwhile(slot):
        st.info("這篇供稿在您開啟後已由別人更動；下面是現在的內容，請看過再填一次。", icon=":material/sync:")
    at = STATES.index(slot.state)
    labels = []
    if at + 1 < len(STATES):
        labels.append("下一步")
    if slot.state == "published":
        labels.append("連結貼文")
    labels.append("主題與角色")
    if at:
        labels.append("退回")
    if slot.state != "published":
        labels.append("取消")
    doing = st.segmented_control(
        "要做什麼", labels, default=labels[0], key=f"rota_do_{slot.contribution_id}_{slot.state}"
    )
    drawn: dict[str, Callable[[Screen, Contribution, date], None]] = {
        "下一步": _next,
        "連結貼文": _link,
        "主題與角色": _describe,
        "退回": _back,
        "取消": _cancel,
    }
    if doing:
        drawn[doing](screen, slot, today)


def _mark(slot: Contribution) -> str:
    """Part of every form's key here: a form belongs to one contribution as it stands, and is new once that changed."""
    stands = (slot.contribution_id, slot.state, slot.title, slot.role, slot.note, slot.submitted_on, slot.post_id)
    return f"{forms.round_()}_{hash(stands) & 0xFFFFFFFF:x}"


def _moved_meanwhile(slot: Contribution) -> bool:
    """Whether the contribution that was open has changed, and not by what was done here."""
    here, mark = (slot.contribution_id, forms.round_()), _mark(slot)
    last_here, last_mark = st.session_state.get(_DRAWN, (None, None))
    st.session_state[_DRAWN] = here, mark
    return bool(last_here == here and last_mark != mark)


def _next(screen: Screen, slot: Contribution, today: date) -> None:
    to = STATES[STATES.index(slot.state) + 1]
    with st.form(f"rota_next_{_mark(slot)}", border=False):
        on, post = periods.roc_day(today), ""
        if to == "submitted":
            on = st.text_input("實際供稿日", value=on, placeholder=forms.hint("date"), key=f"rota_on_{_mark(slot)}")
        if to == "published":
            post = _post_choice(screen, slot)
        why = st.text_input("說明（可空白）", key=f"rota_next_why_{_mark(slot)}")
        if st.form_submit_button(f"改為「{STATE_WORDS[to]}」", type="primary"):
            forms.attempt(
                lambda: jobs.move(
                    screen.store,
                    slot,
                    to,
                    by=who.acting(Action.ROTA, frozenset({slot.unit})),
                    reason=why,
                    on=periods.parse_day(on),
                    post=post,
                ),
                f"已改為「{STATE_WORDS[to]}」",
            )


def _post_choice(screen: Screen, slot: Contribution) -> str:
    """A post of the days around, or an address; the id or address, empty for not yet."""
    around = {choice.post_id: choice for choice in loads.posts_around(screen.store, screen.state, slot.due_on)}
    ordered = sorted(around, key=lambda key: (around[key].linked, around[key].unit != slot.unit))
    chosen = choices.optional(
        "刊登成哪一篇貼文（可空白）",
        {key: _choice(around[key]) for key in ordered},
        placeholder="前後幾週的貼文" if around else "這段時間沒有貼文，可改貼網址",
        key=f"rota_post_{_mark(slot)}",
    )
    typed = st.text_input("或貼上貼文網址或編號", key=f"rota_address_{_mark(slot)}")
    return typed.strip() or chosen or ""


def _choice(choice: Choice) -> str:
    text = " ".join((choice.message or "沒有文字").split())
    return f"{periods.roc_day(choice.published_on)}　{text[:40]}" + ("（已連結其他供稿）" if choice.linked else "")


def _link(screen: Screen, slot: Contribution, _: date) -> None:
    with st.form(f"rota_link_{_mark(slot)}", border=False):
        post = _post_choice(screen, slot)
        if st.form_submit_button("連結貼文", type="primary"):
            forms.attempt(
                lambda: jobs.link(screen.store, slot, post, by=who.acting(Action.ROTA, frozenset({slot.unit}))),
                "已連結貼文",
            )


def _describe(screen: Screen, slot: Contribution, _: date) -> None:
    with st.form(f"rota_describe_{_mark(slot)}", border=False):
        title = st.text_input("主題", value=slot.title or "", key=f"rota_title_{_mark(slot)}")
        role = st.text_input("承辦角色（填職務，不填姓名）", value=slot.role or "", key=f"rota_as_{_mark(slot)}")
        note = st.text_input("備註", value=slot.note or "", key=f"rota_note_{_mark(slot)}")
        if st.form_submit_button("存入", type="primary"):
            forms.attempt(
                lambda: jobs.describe(
                    screen.store,
                    slot,
                    title=title,
                    role=role,
                    note=note,
                    by=who.acting(Action.ROTA, frozenset({slot.unit})),
                ),
                "已更改",
            )


def _back(screen: Screen, slot: Contribution, _: date) -> None:
    to = STATES[STATES.index(slot.state) - 1]
    with st.form(f"rota_back_{_mark(slot)}", border=False):
        why = st.text_input("原因（必填）", key=f"rota_back_why_{_mark(slot)}")
        if st.form_submit_button(f"退回「{STATE_WORDS[to]}」"):
            forms.attempt(
                lambda: jobs.move(
                    screen.store, slot, to, by=who.acting(Action.ROTA, frozenset({slot.unit})), reason=why
                ),
                f"已退回「{STATE_WORDS[to]}」",
            )


def _cancel(screen: Screen, slot: Contribution, _: date) -> None:
    with st.form(f"rota_cancel_{_mark(slot)}", border=False):
        why = st.text_input("原因（必填）", key=f"rota_cancel_why_{_mark(slot)}")
        if st.form_submit_button("取消這篇供稿"):
            forms.attempt(
                lambda: jobs.cancel(screen.store, slot, reason=why, by=who.acting(Action.ROTA, frozenset({slot.unit}))),
                "已取消這篇供稿",
            )
