"""Blocks of 資料來源 about the state of things: how new each source is, what Meta does not give, the token."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import streamlit as st

from sqdash import formats, freshness, periods
from sqdash.freshness import Freshness
from sqdash.jobs import page_state
from sqdash.jobs.page_state import Line
from sqdash.ui import blocks, loads, tables
from sqdash.ui.frame import Screen
from sqdash.ui.palette import FRESHNESS_COLOR
from sqdash.ui.panels.sources import Source


def tiles(screen: Screen, source: Source) -> None:
    """Each source as a tile: word, icon and colour, newest day, who brought it."""
    now, public = periods.now(), source.kind == "benchmark"
    newest = loads.page_newest(screen.store, screen.state, source.page)
    days = [] if public else page_state.meta_days(newest, source.states, now)
    with st.grid(3, min_column_width=250, gap="small"):
        for line in page_state.counts(newest, now, pulled=source.token.there or public):
            _tile(line.label, line.fresh, f"最新 {line.newest}", line.brought_by or "還沒有紀錄")
        if not public:
            worst = freshness.worst([line.fresh for line in days])
            last = max((line.day for line in days if line.day), default=None)
            newest_day = f"最新 {periods.roc_day(last)}（Meta 日，美國太平洋時間）" if last else "還沒有每日數據"
            _tile("每日數據", worst, newest_day, f"{len(days)} 項，逐項見下表" if days else "還沒有紀錄")
            _posts_tile(screen, source, now)
        _file_tile(screen)
        _tile("權杖", Freshness(source.token.level, source.token.word), source.token.lines[0], "")
    if public:
        st.caption("標竿專頁只擷取任何人都看得到的粉絲與追蹤人數。")
    _rules(source)
    if days:
        _days_table(days)


def _tile(label: str, fresh: Freshness, newest: str, below: str) -> None:
    with st.container(border=True, gap="xsmall", height="stretch"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            blocks.section(label, width="content")
            st.badge(fresh.text, color=FRESHNESS_COLOR[fresh.level])
        st.markdown(tables.plain(newest))
        if below:
            st.caption(tables.plain(below))


def _posts_tile(screen: Screen, source: Source, now: datetime) -> None:
    count, last = loads.page_posts(screen.store, screen.state, source.page)
    newest = f"{count:,} 篇，最新發布 {periods.roc_moment(datetime.fromisoformat(last))}" if last else "還沒有貼文"
    at = source.read["listed_at"]
    below = f"清單讀取 {periods.roc_moment(datetime.fromisoformat(at))}" if at else "尚未擷取過清單"
    _tile("貼文", page_state.listed(source.read, source.every, now), newest, below)


def _file_tile(screen: Screen) -> None:
    file = loads.last_fan_page_file(screen.store, screen.state)
    if file is None:
        _tile("檔案上傳", freshness.NOTHING, "還沒有人上傳粉絲專頁的檔案", "擷取不到的數據可上傳匯出檔補上")
        return
    at = datetime.fromisoformat(file["at"])
    word = Freshness("aging", freshness.of_moment(at, periods.now(), timedelta.max).word)  # files come when they come
    _tile(
        "檔案上傳", word, f"最近 {periods.roc_moment(at)}", f"{file['file_name']}（{file['by']}，批次 {file['batch']}）"
    )


def _rules(source: Source) -> None:
    each = freshness.span(source.every)
    who = (
        f"程序 {source.leader.pid} 每 {each}擷取一次"
        if source.leader and source.leader.every
        else "目前沒有定時擷取的程序"
    )
    st.caption(
        f"{who}。人數每日一筆；Meta 的每日數據以昨天為最新一日，晚 {freshness.META_LAG_DAYS} 天屬正常；"
        f"貼文清單超過 {freshness.span(2 * source.every)}沒讀就算過期。"
    )


def _days_table(days: Sequence[Line]) -> None:
    blocks.section("每日數據逐項")
    tables.show(
        [
            {
                "數據": line.label,
                "狀態": line.fresh.text,
                "最新日": line.newest,
                "Meta 名稱": line.metric or "—",
                "出處": formats.shortened(line.brought_by),
            }
            for line in days
        ],
        whole=("數據", "狀態", "出處"),
        alt="每項每日數據的狀態、最新日、Meta 名稱與出處",
    )


# --- what Meta does not give, what the token may do


def unserved(source: Source) -> None:
    """Metrics that give nothing, since when, and when they are tried again; where a source changed."""
    if source.kind == "benchmark":
        return
    blocks.section("停供與改變")
    found = page_state.unserved(source.states, periods.now())
    for changed in page_state.breaks(source.feeds):
        st.markdown(f"- {tables.plain(changed.sentence)}")
    tables.show(
        [
            {
                "數據": one.label,
                "Meta 名稱": one.metric,
                "狀態": one.status,
                "自": one.since,
                "下次再試": one.again,
            }
            for one in found
        ],
        whole=("數據", "狀態", "自", "下次再試"),
        alt="Meta 不提供的數據、原因、起日與下次再試的時間",
        empty="Meta 提供所有要求的數據。",
    )
    lacking = page_state.lacking(source.runs)
    if lacking:
        st.warning(tables.plain(lacking), icon=":material/block:")
    st.caption("不提供的數據保持空白，不會變成 0；已有的數據保留。")
    for one in found:
        if one.why and one.why not in lacking:
            st.caption(tables.plain(f"{one.metric}：{one.why}"))


def token(source: Source) -> None:
    """What is known of the token, and why the rest is not."""
    blocks.section("權杖")
    st.badge(
        Freshness(source.token.level, source.token.word).text,
        color=FRESHNESS_COLOR[source.token.level],
    )
    for line in source.token.lines:
        st.markdown(f"- {tables.plain(line)}")
