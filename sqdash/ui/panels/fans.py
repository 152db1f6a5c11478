"""Blocks of 粉絲人數."""

from __future__ import annotations

import streamlit as st

from sqdash import formats, periods
from sqdash.figures import Result
from sqdash.ui import cards, charts, frame, loads, tables
from sqdash.ui.frame import Screen


def stated(screen: Screen, keys: list[str]) -> None:
    """Every statement about fans of this period, as stated."""
    with st.container(border=True, height="stretch", key="fans_stated"):
        st.markdown("## 陳報內容", anchors=False)
        rows = [row for key in keys for row in _stated_rows(screen.result(key))]
        tables.show(rows, right=("數值",), alt="粉絲人數與帶動來源的陳報內容", empty="這個期間沒有陳報。")


def _stated_rows(result: Result) -> list[dict[str, str]]:
    name, rows = cards.label(result.key), []
    for reading in ([result.reading] if result.reading else []) + list(result.also):
        as_of = periods.roc_day(reading.as_of) if reading.as_of else (reading.as_of_words or "")
        text = formats.with_unit(formats.interval(reading.stated), cards.unit(result.key))
        rows.append({"項目": name, "數值": text, "截至": as_of, "出處": reading.source.place or ""})
    for further in result.further:
        goal = formats.with_unit(formats.number(further.value or 0), cards.unit(result.key))
        rows.append({"項目": "進一步目標", "數值": goal, "截至": "", "出處": further.target.note or ""})
    return rows


def days(screen: Screen) -> None:
    """The daily line with the target and the fan events, or why there is none."""
    st.markdown("## 每日走勢", anchors=False)
    code, result = screen.period.code, screen.result("fans")
    points = loads.fans_by_day(screen.store, screen.state, code)
    if len(points) < 2:
        frame.nothing_yet("每日粉絲數")
        if result.figure:
            st.markdown(f"目前只有陳報值：{tables.plain(formats.figure_with_unit(result))}。")
        return
    goal = result.applied.value if result.applied else None
    events = loads.fan_events(screen.store, screen.state, code)
    figure = charts.days_line(points, name="粉絲人數", goal=goal, events=events, palette=screen.palette)
    charts.show(
        figure,
        finding=_finding(points),
        table=_month_rows(points),
        right=("月底人數", "當月增減"),
        key="fans_days",
    )
    if events:
        listed = "、".join(f"{periods.roc_day(periods.parse_day(day))} {title}" for day, title in events)
        st.caption(tables.plain(f"直線標示粉絲活動：{listed}"))


def _finding(points: list[tuple[str, int]]) -> str:
    (first, low), (last, high) = points[0], points[-1]
    move = f"增加 {high - low:,}" if high >= low else f"減少 {low - high:,}"
    return (
        f"從 {periods.roc_day(periods.parse_day(first))} 的 {low:,} 人到 "
        f"{periods.roc_day(periods.parse_day(last))} 的 {high:,} 人，{move} 人"
    )


def _month_rows(points: list[tuple[str, int]]) -> list[dict[str, str]]:
    """Month-end figures and the month's change; the first month has a change only if a day before it is known."""
    ends: dict[str, int] = {}
    for day, value in points:
        ends[day[:7]] = value
    rows, before = [], None
    for month, value in ends.items():
        change = "" if before is None else f"{value - before:+,}".replace("-", "−")
        rows.append({"月份": periods.roc_month(month), "月底人數": f"{value:,}", "當月增減": change})
        before = value
    return rows


def benchmarks(screen: Screen) -> None:
    """The pages we learn from, with their newest public figure where one is known."""
    st.markdown("## 標竿專頁", anchors=False)
    rows = [
        {
            "專頁": row["label"],
            "最近人數": f"{row['value']:,} 人" if row["value"] is not None else "未取得",
            "截至": periods.roc_day(periods.parse_day(row["day"])) if row["day"] else "",
            "備註": row["note"] or "",
        }
        for row in loads.benchmark_pages(screen.store, screen.state)
    ]
    tables.show(rows, right=("最近人數",), alt="標竿專頁及其最近粉絲人數", empty="尚未設定標竿專頁。")
