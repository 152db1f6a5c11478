"""資料來源: how new each source is, what Meta does not give, the last pulls, gaps, and connecting a page."""

import streamlit as st

from sqdash.ui import blocks, forms, frame, screen_export
from sqdash.ui.panels import admin_backups, sources, sources_days, sources_setup, sources_state

screen = frame.start("sources")
forms.said()
demonstration = screen.board.kind == "demonstration"
source = sources.choose(screen)
with st.container(key="sources_head"):
    if demonstration:
        sources_setup.demonstration()
    elif not sources.set_up(screen):
        sources_setup.first_steps()
    elif source:
        sources.update(screen, source)

if source is None and not demonstration:
    st.session_state.setdefault("sources_tab", "專頁與權杖")  # the one that is needed first
now, runs, days, connection = st.tabs(
    ["現況", "擷取紀錄", "缺漏與差異", "專頁與權杖"], key="sources_tab", on_change="rerun"
)
with now:
    if source:
        sources_state.tiles(screen, source)
        sources_state.unserved(source)
    else:
        sources.unconnected("各項數據有多新")
    blocks.section("備份")
    admin_backups.could_be_lost(screen)
with runs:
    if source:
        sources.runs(source)
    else:
        sources.unconnected("每次擷取的結果")
with days:
    if source:
        sources_days.gaps(screen, source)
        sources_days.disagreements(screen, source)
        sources_days.gone(source)
    else:
        sources.unconnected("每日數據的缺漏與差異")
with connection:
    if source:
        sources_state.token(source)
    if not demonstration:
        sources_setup.form(screen, source)
        sources_setup.where()
    elif not source:
        st.caption("示範資料庫不連線，沒有專頁與權杖可以設定。")
    if source:
        sources_setup.removal(screen, source)
screen_export.offer(screen)
