"""The parts of 資料來源: what stands in each, with a page that is connected and without."""

from __future__ import annotations

import streamlit as st

from sqdash.ui import blocks
from sqdash.ui.frame import Screen
from sqdash.ui.panels import admin_backups, sources, sources_days, sources_setup, sources_state
from sqdash.ui.panels.sources import Source


def head(screen: Screen, source: Source | None) -> None:
    """The newest pull and the button for another, or what comes first; the tab of that is open, then."""
    with st.container(key="sources_head"):
        if _demonstration(screen):
            sources_setup.demonstration()
        elif not sources.set_up(screen):
            sources_setup.first_steps(source)
        elif source:
            sources.update(screen, source)
    if source is None and not _demonstration(screen):
        st.session_state.setdefault("sources_tab", "專頁與權杖")  # the one that is needed first


def now(screen: Screen, source: Source | None) -> None:
    """How new everything is."""
    if source:
        sources_state.tiles(screen, source)
        sources_state.unserved(source)
    else:
        _unconnected("各項數據有多新")
    blocks.section("備份")
    admin_backups.could_be_lost(screen)


def runs(_: Screen, source: Source | None) -> None:
    """The last pulls."""
    if source:
        sources.runs(source)
    else:
        _unconnected("每次擷取的結果")


def days(screen: Screen, source: Source | None) -> None:
    """Days that are missing or of which two things are said, and posts that are gone."""
    if source:
        sources_days.gaps(screen, source)
        sources_days.disagreements(screen, source)
        sources_days.gone(source)
    else:
        _unconnected("每日數據的缺漏與差異")


def connection(screen: Screen, source: Source | None) -> None:
    """The page and its token."""
    if source:
        sources_state.token(source)
    if not _demonstration(screen):
        sources_setup.form(screen, source)
        sources_setup.where()
    elif not source:
        st.caption("示範資料庫不連線，沒有專頁與權杖可以設定。")
    if source:
        sources_setup.removal(screen, source)


def _demonstration(screen: Screen) -> bool:
    return screen.board.kind == "demonstration"


def _unconnected(what: str) -> None:
    """In place of a part that is about a page, where no page is connected."""
    st.caption(f"連線粉絲專頁之後，這裡會列出{what}。")
