"""Who one is, in the side bar: name, unit and role, and the way to one's own account or to whose desk it is."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from sqdash import formats
from sqdash.people import ROLES, SAID, Person
from sqdash.ui import blocks, menu, tables
from sqdash.ui.memory import Kept

ACCOUNT, SIGN_IN = "/account", "/login"
_WAY_IN = f"[前往登入]({SIGN_IN})"
DONE = "form_done"
"""Where a visit keeps the word for the change just made."""
DESK = "使用者"
"""The tab of the settings in which one says whose desk it is."""
HOUSE = ("經濟部標準檢驗局臺南分局", "服務品質儀表板")


def card(person: Person) -> None:
    """The house, then name, unit and role; below them the way to the account, or to where one says whose desk it is."""
    with st.sidebar:
        blocks.draw(_card(person._replace(address="")))
        names = (person.shown, person.unit_name or "")
        if whole := [text for text in names if formats.shortened(text) != text]:
            st.caption("全名", help=tables.plain("；".join(whole)))
        if person.how == "public":
            st.markdown(f"[登入]({SIGN_IN})")
        elif person.how != "desk":
            st.markdown(f"[我的帳號與登出]({ACCOUNT})")


@Kept
def _card(person: Person) -> Markup:
    said = SAID if person.how == "desk" and person.name else ""
    role = "" if person.how == "desk" else ROLES[person.role]
    below = "，".join(part for part in (formats.shortened(person.unit_name or ""), role, said) if part)
    to_desk = blocks.link(menu.address("settings", settings_tab=DESK), "填寫姓名與單位", icon="edit")
    return Markup().join(
        (
            *(blocks.line(text, dim=True) for text in HOUSE),
            blocks.line(blocks.strong(formats.shortened(person.shown))),
            *([blocks.line(below, dim=True)] if below else []),
            *([blocks.onward(to_desk)] if person.how == "desk" and not person.name else []),
        )
    )


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
