"""帳號: who has one and how it stands; new ones, first passwords, roles and units, disabling, signing out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import streamlit as st

from sqdash import periods
from sqdash.errors import SqdashError
from sqdash.jobs import accounts
from sqdash.jobs.accounts import Account
from sqdash.people import ROLES, Action, Role
from sqdash.ui import choices, forms, loads, refusals, tables, who
from sqdash.ui.frame import Screen

_FIRST = "admin_first_password"


def show(screen: Screen) -> None:
    """The first password just made, the list, the form for a new account, what is done with one."""
    units = loads.unit_names(screen.store, screen.state, periods.today().isoformat())
    if not who.signs_in():
        st.caption("目前只供本機使用，不需登入；開放其他電腦使用後，同仁以這裡的帳號登入。")
    _first()
    found = {account.name: account for account in accounts.all_accounts(screen.store)}
    tables.show(
        [_row(account) for account in found.values()],
        whole=("帳號", "角色", "最近使用"),
        alt="帳號的狀態、姓名與單位、角色與最近使用時間",
        empty="還沒有帳號，請先新增一個系統管理帳號。",
    )
    with st.expander("新增帳號", icon=":material/person_add:", expanded=not found):
        _add(screen, units, first=not found)
    if found:
        _one(screen, found, units)


def _row(account: Account) -> dict[str, str]:
    return {
        "帳號": account.name,
        "狀態": state_of(account, periods.now()),
        "姓名與單位": f"{account.shown}（{account.unit_name}）" if account.unit_name else account.shown,
        "角色": ROLES[account.role],
        "最近使用": periods.roc_moment(account.last_seen) if account.last_seen else "尚未登入",
    }


def state_of(account: Account, now: datetime) -> str:
    """Icon and words: what stands in the way of signing in comes first."""
    if account.disabled is not None:
        return f"✖ 停用：{account.disabled}"
    if account.locked_until and account.locked_until > now:
        return f"◔ 鎖定至 {periods.roc_moment(account.locked_until)}"
    return "▲ 待換第一個密碼" if account.must_change else "✔ 可登入"


# --- first passwords


def _first() -> None:
    """A password just made, until the administrator says that it was noted down; it is kept nowhere else."""
    made: tuple[str, str] | None = st.session_state.get(_FIRST)
    if made is None:
        return
    name, password = made
    with st.container(border=True, key="admin_first"):
        st.markdown(f":material/key: **{tables.plain(name)} 的第一個密碼**")
        st.code(password, language=None)
        st.caption("只顯示這一次，請當面交給本人；第一次登入時須換成自己的密碼。")
        st.button("已交付，不再顯示", key="admin_first_done", on_click=lambda: st.session_state.pop(_FIRST, None))


def _made(name: str, password: str) -> None:
    st.session_state[_FIRST] = (name, password)
    st.session_state["form_round"] = forms.round_() + 1
    st.rerun()


# --- forms


def _add(screen: Screen, units: Mapping[str, str], *, first: bool) -> None:
    mark = f"admin_add_{forms.round_()}"
    with st.form(key=mark, border=False):
        with st.grid(2, min_column_width=220, gap="small"):
            name = st.text_input("帳號（登入用的名稱）", key=f"{mark}_name", max_chars=64)
            shown = st.text_input("姓名或職稱", key=f"{mark}_shown", max_chars=64)
            role = _role(mark, Role.ADMIN if first else Role.EDITOR)
            unit = _unit(mark, units)
        if st.form_submit_button("新增帳號", type="primary"):
            _make(screen, name, shown, role, unit)


def _make(screen: Screen, name: str, shown: str, role: Role, unit: str | None) -> None:
    with refusals.told():
        first = accounts.add(screen.store, name, shown=shown, role=role, unit=unit, by=who.acting(Action.ACCOUNTS))
        _made(name.strip(), first)


def _role(mark: str, stands: Role) -> Role:
    roles = list(ROLES)
    return st.selectbox(
        "角色",
        roles,
        index=roles.index(stands),
        format_func=ROLES.__getitem__,
        key=f"{mark}_role",
        placeholder="請選擇",
    )


def _unit(mark: str, units: Mapping[str, str], stands: str | None = None) -> str | None:
    return choices.optional("單位（登錄角色必填）", units, begins=stands, placeholder="未指定", key=f"{mark}_unit")


def _one(screen: Screen, found: Mapping[str, Account], units: Mapping[str, str]) -> None:
    """One account: where it is signed in, and what is done with it."""
    name = st.selectbox(
        "管理一個帳號",
        list(found),
        index=None,
        format_func=lambda n: f"{n}　{found[n].shown}",
        placeholder="請選擇帳號",
        key=f"admin_account_{forms.round_()}",
    )
    if name is None:
        return
    account = found[name]
    _sessions(screen, name)
    drawn: dict[str, Callable[[], None]] = {
        "姓名、角色與單位": lambda: _change(screen, account, units),
        "重設密碼": lambda: _reset(screen, name),
        "啟用" if account.disabled is not None else "停用": lambda: _switch(screen, account),
        "登出所有裝置": lambda: _sign_out(screen, name),
    }
    doing = st.segmented_control("要做什麼", list(drawn), key=f"admin_do_{name}_{forms.round_()}")
    if doing:
        drawn[doing]()


def _sessions(screen: Screen, name: str) -> None:
    try:
        going = accounts.sessions(screen.store, name)
    except SqdashError as error:
        st.error(tables.plain(error))
        return
    tables.show(
        [
            {
                "登入": periods.roc_moment(one.made),
                "最近使用": periods.roc_moment(one.seen),
                "從哪裡": one.address or "未記錄",
            }
            for one in going
        ],
        alt=f"{name} 目前的登入：時間、最近使用與來源位址",
        empty="目前沒有登入。",
    )


def _change(screen: Screen, account: Account, units: Mapping[str, str]) -> None:
    # New once another has changed the account: what was typed beside older words must not put back a role.
    stands = hash((account.shown, account.role, account.unit)) & 0xFFFFFFFF
    mark = f"admin_change_{account.name}_{forms.round_()}_{stands:x}"
    with st.form(key=mark, border=False):
        with st.grid(3, min_column_width=200, gap="small"):
            shown = st.text_input("姓名或職稱", value=account.shown, key=f"{mark}_shown", max_chars=64)
            role = _role(mark, account.role)
            unit = _unit(mark, choices.keeping(units, account.unit, account.unit_name), account.unit)
        st.caption("換角色會登出這個帳號。")
        if st.form_submit_button("存入", type="primary"):
            with refusals.told():
                accounts.change(
                    screen.store,
                    account.name,
                    shown=shown,
                    role=role,
                    unit=unit or "",
                    by=who.acting(Action.ACCOUNTS),
                )
                forms.done(tables.plain(f"已變更帳號 {account.name}。"))


def _reset(screen: Screen, name: str) -> None:
    with st.form(key=f"admin_reset_{name}_{forms.round_()}", border=False):
        st.caption("產生新的第一個密碼，原密碼失效，並登出所有裝置；鎖定中的帳號同時解除鎖定。")
        if st.form_submit_button("重設密碼"):
            with refusals.told():
                _made(name, accounts.reset_password(screen.store, name, by=who.acting(Action.ACCOUNTS)))


def _switch(screen: Screen, account: Account) -> None:
    mark = f"admin_switch_{account.name}_{forms.round_()}"
    with st.form(key=mark, border=False):
        if account.disabled is not None:
            if st.form_submit_button("啟用帳號"):
                with refusals.told():
                    accounts.enable(screen.store, account.name, by=who.acting(Action.ACCOUNTS))
                    forms.done(tables.plain(f"已啟用帳號 {account.name}。"))
            return
        reason = st.text_input("原因（必填）", key=f"{mark}_reason", placeholder="例如：離職")
        st.caption("停用後不能登入，進行中的登入立即結束；紀錄仍保留。")
        if st.form_submit_button("停用帳號"):
            with refusals.told():
                accounts.disable(screen.store, account.name, reason=reason, by=who.acting(Action.ACCOUNTS))
                forms.done(tables.plain(f"已停用帳號 {account.name}。"))


def _sign_out(screen: Screen, name: str) -> None:
    with st.form(key=f"admin_out_{name}_{forms.round_()}", border=False):
        st.caption("結束這個帳號所有的登入；本人可以再登入。")
        if st.form_submit_button("登出所有裝置"):
            with refusals.told():
                accounts.sign_out_everywhere(screen.store, name, by=who.acting(Action.ACCOUNTS))
                forms.done(tables.plain(f"已登出帳號 {name} 的所有裝置。"))
