"""Blocks of 貼文成效."""

from __future__ import annotations

import streamlit as st

from sqdash import formats, periods
from sqdash.figures import PostFigure, Result
from sqdash.indicators import BY_KEY
from sqdash.store.queries.post_list import PostFilter
from sqdash.ui import cards, charts, frame, loads, tables
from sqdash.ui.frame import Screen

_ORDERS = {
    "published_at": "最新",
    "likes": "按讚最多",
    "reach": "觸及最多",
    "comments": "留言最多",
    "shares": "分享最多",
}
_BANDS = {"likes_per_post": 10, "reach_per_post": 100}
_MOST = 200


def why(screen: Screen, key: str) -> None:
    """The reason and next step that the unit in charge wrote, asked for where a target is missed."""
    if screen.result(key).state not in ("missed", "behind", "partly"):
        return
    reasons, steps = screen.board.reasons.get(key, ()), screen.board.next_steps.get(key, ())
    units = "、".join(screen.board.units.get(key, ()))
    with st.container(border=True, gap="xsmall", key=f"why_{key}"):
        st.markdown("## 原因", anchors=False)
        for reason in reasons or ("尚未填寫。",):
            st.markdown(f"- {tables.plain(reason)}")
        st.markdown("## 下一步", anchors=False)
        for step in steps or ("尚未訂定。",):
            st.markdown(f"- {tables.plain(step)}")
        if units:
            st.caption(tables.plain(f"主辦：{units}"))


def figures(screen: Screen, keys: list[str]) -> None:
    """Months and distribution of each measure, or that there are no posts to draw them from."""
    if not any(screen.result(key).posts for key in keys):
        st.markdown("## 貼文", anchors=False)
        frame.nothing_yet("逐篇貼文資料")
        if any(screen.result(key).reading for key in keys):
            st.markdown("上面是報告陳報的區間；沒有逐篇資料，畫不出分布與各月走勢。")
        return
    for key in keys:
        if posts := screen.result(key).posts:
            st.markdown(f"## {BY_KEY[key].label}", anchors=False)
            trend, spread = st.columns(2, gap="small")
            with trend:
                _months(screen, screen.result(key), posts)
            with spread:
                _distribution(screen, screen.result(key), posts)


def _goal(result: Result) -> float | None:
    return result.applied.value if result.applied else None


def _months(screen: Screen, result: Result, posts: PostFigure) -> None:
    unit = BY_KEY[result.key].unit
    means = cards.monthly_means(result, screen.period)
    known = [mean for mean in means if mean is not None]
    breaks = [(d.since, d.label) for d in BY_KEY[result.key].definitions if d.since and screen.period.contains(d.since)]
    figure = charts.months_line(
        screen.period.months,
        means,
        name=BY_KEY[result.key].label,
        unit=unit,
        goal=_goal(result),
        breaks=[(since.isoformat()[:7], label) for since, label in breaks],
        palette=screen.palette,
    )
    rows = [
        {"月份": periods.roc_month(month), "篇數": f"{n:,}", "平均": formats.number(total / n, 1)}
        for month, n, total in posts.months
    ]
    finding = f"各月平均在 {formats.number(min(known))}–{formats.number(max(known))} {unit}之間"
    charts.show(figure, finding=finding, table=rows, right=("篇數", "平均"), key=f"months_{result.key}")


def _distribution(screen: Screen, result: Result, posts: PostFigure) -> None:
    unit, width = BY_KEY[result.key].unit, _BANDS[result.key]
    strict = result.applied is not None and result.applied.target.comparator == ">"
    goal = _goal(result)
    figure = charts.distribution(
        posts.counts,
        width=width,
        unit=unit,
        met_from=None if goal is None else goal + 1 if strict else goal,
        palette=screen.palette,
    )
    finding = f"{posts.n:,} 篇的中位數是 {formats.number(result.median or 0, 1)} {unit}"
    if result.over_target is not None:
        finding += f"，{result.over_target:.0%} 達到目標"
    if posts.posts > posts.n:
        finding += f"；另有 {posts.posts - posts.n:,} 篇未提供"
    bands: dict[int, int] = {}
    for value, count in posts.counts:
        bands[value // width] = bands.get(value // width, 0) + count
    rows = [
        {f"每篇（{unit}）": f"{band * width:,}–{band * width + width - 1:,}", "篇數": f"{count:,}"}
        for band, count in sorted(bands.items())
    ]
    charts.show(figure, finding=finding, table=rows, right=("篇數",), key=f"spread_{result.key}")


def listing(screen: Screen) -> None:
    """The posts themselves, newest or best first; never more than the screen can use."""
    if not any(figure for figure in (screen.result("likes_per_post").posts, screen.result("reach_per_post").posts)):
        return
    st.markdown("## 貼文清單", anchors=False)
    order = st.segmented_control(
        "排序", list(_ORDERS), default="published_at", format_func=_ORDERS.__getitem__, key="posts_order", required=True
    )
    rows, _ = loads.posts(screen.store, screen.state, PostFilter(screen.period), order or "published_at", True, _MOST)
    tables.browse(
        [
            {
                "發布": periods.roc_day(periods.parse_day(row["published_at"][:10])) + " " + row["published_at"][11:16],
                "內容": " ".join((row["message"] or "").split()),
                "按讚": row["likes"],
                "觸及": row["reach"],
                "留言": row["comments"],
                "分享": row["shares"],
                "類型": row["type"],
                "主題": row["topic"],
                "供稿單位": row["unit"],
                "連結": row["permalink"],
                "數據截至": periods.roc_day(periods.parse_day(row["observed_at"][:10])) if row["observed_at"] else None,
                "來源": tables.source_text(row),
            }
            for row in rows
        ],
        alt=f"貼文清單，依{_ORDERS[order or 'published_at']}排列，最多 {_MOST} 篇",
        config={
            "連結": st.column_config.LinkColumn("連結", display_text="開啟"),
            "內容": st.column_config.TextColumn("內容", width="large"),
            **{
                name: st.column_config.NumberColumn(name, format="localized")
                for name in ("按讚", "觸及", "留言", "分享")
            },
        },
    )


def review(screen: Screen) -> None:
    """The monthly meetings that review what is posted."""
    st.markdown("## 審稿", anchors=False)
    with st.grid(4, min_column_width=180, gap="small"):
        cards.count(screen, "review_meetings")


def unassigned(screen: Screen) -> None:
    """Posts of pages that nobody has marked; they count in nothing."""
    if posts := loads.unassigned_posts(screen.store, screen.state):
        st.warning(f"另有 {posts:,} 篇貼文屬於未歸類的專頁，未計入；請到「設定」標明專頁是本分局或標竿。")
