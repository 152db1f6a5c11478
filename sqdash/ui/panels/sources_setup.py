"""Blocks of 資料來源 about connecting a page: the steps, the form that tests and keeps a token, its removal.

The token is typed into a field that hides it, handed to the job and dropped: the form is a new one after each saving.
"""

from __future__ import annotations

import ipaddress

import streamlit as st

from sqdash import formats, settings
from sqdash.jobs import page_setup
from sqdash.jobs.page_setup import Trial
from sqdash.jobs.token_state import PERMISSIONS
from sqdash.people import Action
from sqdash.ui import blocks, forms, frame, refusals, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels.sources import Source


def first_steps(source: Source | None) -> None:
    """What to do where nothing is set up; or no token, for a page that has figures already."""
    lacking = f"沒有{formats.page(source.name)}的權杖，不會自動擷取" if source else "還沒有連線粉絲專頁"
    st.info(f"{tables.plain(lacking)}；照下面三步設定後，就能擷取數字。", icon=":material/inbox:")
    wanted = "、".join(f"`{name}`" for name in PERMISSIONS)
    st.markdown(
        "1. 在粉絲專頁的「關於」查看**專頁編號**（一串數字）。\n"
        f"2. 由有專頁職務的人在 Meta 開發者網站取得**粉絲專頁權杖**，勾選權限 {wanted}。\n"
        "3. 在下面貼上編號與權杖，按「測試」逐項確認，再按「測試並保存」。"
    )
    frame.link("upload", "連線之前，也可以上傳 Meta 匯出的檔案", icon="upload_file")


def demonstration() -> None:
    """Why a demonstration is not connected."""
    st.info("這是示範資料庫，不連線擷取真實數據；要連線請改用正式資料庫。", icon=":material/science:")


def form(screen: Screen, source: Source | None) -> None:
    """Page id and token: test them, keep them."""
    if not who.may(Action.SOURCES):
        who.without(Action.SOURCES)
        return
    blocks.section("設定專頁與權杖")
    if not _on_loopback():
        st.info("權杖只能在執行儀表板的那台電腦上設定，請在該電腦以 127.0.0.1 開啟，或使用環境設定。")
        return
    page_id = source.page if source else settings.load().graph.page_id or ""
    key = f"page_setup_{forms.round_()}_{page_id}"  # a form for each page: a token typed for one is no other's
    with st.form(key=key, border=True):
        page = st.text_input("專頁編號", value=page_id, key=f"{key}_page", placeholder="一串數字", max_chars=40)
        token = st.text_input(
            "粉絲專頁權杖",
            type="password",
            key=f"{key}_token",
            autocomplete="off",
            placeholder="貼上權杖，不會顯示在畫面上",
            max_chars=4096,
        )
        with st.container(horizontal=True):
            tried = st.form_submit_button("測試", icon=":material/network_check:")
            kept = st.form_submit_button("測試並保存", icon=":material/save:", type="primary")
    if not (tried or kept):
        return
    if not page.strip() or not token.strip():
        st.error("請填入專頁編號與權杖。")
        return
    tested = _steps(page, token)
    if kept:
        _keep(screen, tested, token)
    elif tested.usable:
        st.success("可以保存了，請按「測試並保存」。", icon=":material/check:")


def _steps(page: str, token: str) -> Trial:
    tested, steps = page_setup.try_out(page, token, settings.load().graph)
    with st.container(border=True, gap="xsmall", key="page_setup_steps"), st.spinner("測試中…"):
        for step in steps:
            color = "gray" if step.ok is None else "green" if step.ok else "red"
            mark, _, rest = step.text.partition(" ")
            st.markdown(f":{color}[{mark}] {tables.plain(rest)}")
    return tested


def _keep(screen: Screen, tested: Trial, token: str) -> None:
    if not tested.usable:
        st.error("專頁與貼文至少要能讀取才會保存，請依上面的說明處理後再試。")
        return
    with refusals.told():
        page_setup.save(screen.store, tested, token, by=who.acting(Action.SOURCES))
        lacking = "" if tested.whole else "，缺少的項目不會擷取"
        forms.done(f"已保存專頁 {tested.page_id} 的權杖{lacking}；定時擷取啟用時會自動開始，也可以按「立即更新」。")


def removal(screen: Screen, source: Source) -> None:
    """Take the token away; what was pulled stays."""
    if not _on_loopback() or not who.may(Action.SOURCES):
        return
    if not source.token.in_file:
        if source.token.there:
            st.caption("這個專頁的權杖來自環境設定，要移除請改環境設定。")
        return
    with st.expander("移除權杖", icon=":material/key_off:"):
        st.caption("移除後不再擷取這個專頁，已擷取的數據保留。")
        if st.button("移除權杖", key=f"token_off_{source.page}"):
            with refusals.told():
                page_setup.remove(screen.store, source.page, by=who.acting(Action.SOURCES))
                forms.done(f"已移除專頁 {source.page} 的權杖。")


def where() -> None:
    """Where tokens lie."""
    st.caption("權杖各存一個只有擁有者能讀的檔案，在資料庫旁的資料夾，不進資料庫、匯出檔與紀錄。")


def _on_loopback() -> bool:
    """Whether the server listens to this machine alone."""
    address = str(st.get_option("server.address") or "")
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
