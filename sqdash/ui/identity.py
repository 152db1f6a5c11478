"""Who one is, in the side bar: name, unit and role, the way to one's own account, or at a desk the name one gives."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sqdash import formats, periods, settings
from sqdash.errors import SqdashError
from sqdash.jobs import accounts
from sqdash.people import ROLES, Action, Person
from sqdash.ui import loads, tables, who

ACCOUNT, SIGN_IN = "/account", "/login"


def card(person: Person) -> None:
    """Name, unit and role; below them the account where there is sign-in, else, once, whose desk this is."""
    with st.sidebar.container(key="who", gap="xsmall"):
        st.markdown(f"**{tables.plain(formats.shortened(person.shown))}**", help=_whole(person.shown))
        said = "自報" if person.how == "desk" and person.name else ""
        role = "" if person.how == "desk" else ROLES[person.role]
        unit = person.unit_name or ""
        if below := "，".join(part for part in (formats.shortened(unit), role, said) if part):
            st.caption(tables.plain(below), help=_whole(unit))
        if person.how == "public":
            st.markdown(f"[登入]({SIGN_IN})")
        elif person.how != "desk":
            st.markdown(f"[我的帳號與登出]({ACCOUNT})")
        elif not person.name:
            form = st.expander("填寫姓名與單位", icon=":material/edit:", key="desk_asked", on_change="rerun")
            if form.open:
                with form:
                    _asked(person)


def _whole(text: str) -> str | None:
    """The text for who asks, where it is longer than what the side bar shows of it."""
    return None if formats.shortened(text) == text else tables.plain(text)


def _asked(person: Person) -> None:
    store = settings.load().db
    try:
        desk(store, loads.seen(store).state, person)
    except SqdashError as error:
        st.caption(tables.plain(error))


def desk(store: Path, state: str, person: Person, *, key: str = "desk") -> None:
    """The form for whose desk this is: what is recorded from then on names them, as said by themselves."""
    units = loads.unit_names(store, state, periods.today().isoformat())
    options = list(units)
    with st.form(key=f"{key}_form", border=False):
        shown = st.text_input("姓名或職稱", value=person.name, key=f"{key}_shown", max_chars=64)
        unit = st.selectbox(
            "單位（可空白）",
            options,
            index=options.index(person.unit) if person.unit in options else None,
            format_func=units.__getitem__,
            placeholder="請選擇",
            key=f"{key}_unit",
        )
        st.caption("本機不需登入；之後的登錄會註明是您（自報）。")
        if st.form_submit_button("存入", key=f"{key}_save"):
            _name(store, shown, unit)


def _name(store: Path, shown: str, unit: str | None) -> None:
    try:
        accounts.name_desk(store, shown, unit, by=who.acting(Action.ENTER))
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    st.rerun()


def entrance(sentence: str) -> None:
    """What somebody sees whose session has ended, with the way in."""
    st.error(tables.plain(sentence))
    st.markdown(f"[前往登入]({SIGN_IN})")
