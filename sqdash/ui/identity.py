"""Who one is, in the side bar: name, unit and role, the way to one's own account, or at a desk the name one gives."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sqdash import formats, periods, settings
from sqdash.errors import SqdashError
from sqdash.jobs import accounts
from sqdash.people import ROLES, SAID, Action, Person
from sqdash.ui import blocks, choices, folds, loads, refusals, tables, who

ACCOUNT, SIGN_IN = "/account", "/login"
_WAY_IN = f"[前往登入]({SIGN_IN})"
DONE = "form_done"
"""Where a visit keeps the word for the change just made."""
HOUSE = ("經濟部標準檢驗局臺南分局", "服務品質儀表板")


def card(person: Person) -> None:
    """The house, then name, unit and role; below them the account where there is sign-in, else, once, whose desk."""
    with st.sidebar.container(key="who", gap="xsmall"):
        said = SAID if person.how == "desk" and person.name else ""
        role = "" if person.how == "desk" else ROLES[person.role]
        unit = person.unit_name or ""
        below = "，".join(part for part in (formats.shortened(unit), role, said) if part)
        blocks.draw(
            *(blocks.line(text, dim=True) for text in HOUSE),
            blocks.line(blocks.strong(formats.shortened(person.shown))),
            *([blocks.line(below, dim=True)] if below else []),
        )
        if whole := [text for text in (person.shown, unit) if formats.shortened(text) != text]:
            st.caption("全名", help=tables.plain("；".join(whole)))
        if person.how == "public":
            st.markdown(f"[登入]({SIGN_IN})")
        elif person.how != "desk":
            st.markdown(f"[我的帳號與登出]({ACCOUNT})")
        elif not person.name:
            place, asked = folds.fold("填寫姓名與單位", "desk_asked", icon=":material/edit:")
            if asked:
                with place:
                    _asked(person)


def _asked(person: Person) -> None:
    store = settings.load().db
    try:
        desk(store, loads.seen(store).state, person)
    except SqdashError as error:
        st.caption(tables.plain(error))


def desk(store: Path, state: str, person: Person, *, key: str = "desk") -> None:
    """The form for whose desk this is: what is recorded from then on names them, as said by themselves."""
    today = loads.unit_names(store, state, periods.today().isoformat())
    with st.form(key=f"{key}_form", border=False):
        shown = st.text_input("姓名或職稱", value=person.name, key=f"{key}_shown", max_chars=64)
        unit = choices.optional(
            "單位（可空白）",
            choices.keeping(today, person.unit, person.unit_name),
            begins=person.unit,
            placeholder="請選擇",
            key=f"{key}_unit",
        )
        st.caption("本機不需登入；之後的登錄會註明是您（自報）。")
        if st.form_submit_button("存入", key=f"{key}_save"):
            _name(store, shown, unit)


def _name(store: Path, shown: str, unit: str | None) -> None:
    with refusals.told():
        accounts.name_desk(store, shown, unit, by=who.acting(Action.ENTER))
        st.rerun()


def entrance(sentence: str) -> None:
    """What somebody sees whose session has ended, with the way in; before it what they did last, as of a restore that
    ends every session."""
    _done()
    st.error(tables.plain(sentence))
    st.markdown(_WAY_IN)


def _done() -> None:
    if word := st.session_state.get(DONE):
        st.success(word)


def closed(person: Person, title: str) -> None:
    """What stands in place of a page that the person may not open, or not any longer."""
    may_sign_in = person.how == "public"
    if may_sign_in:
        _done()
    sentence = (
        f"「{title}」須登入才能開啟，請先登入。" if may_sign_in else f"您的帳號不能開啟「{title}」，請洽系統管理者。"
    )
    st.info(sentence, icon=":material/lock:")
    if may_sign_in:
        st.markdown(_WAY_IN)
