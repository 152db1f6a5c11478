"""How the figures of one post grew, observation by observation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from sqdash import formats, periods
from sqdash.tables import POST_MEASURES
from sqdash.ui import blocks, chart_spread, charts, loads_posts, tables
from sqdash.ui.charts import Chart
from sqdash.ui.frame import Screen
from sqdash.ui.panels import posts_numbers

Row = dict[str, Any]
MEASURES = {name: label for name, label in POST_MEASURES if name not in ("impressions", "views", "clicks")}
"""What is shown of a post, each under its own name."""
_TIMES = ("comments", "shares")
"""Somebody may do these more than once; all others count people."""
_JUDGED = ("likes_per_post", "reach_per_post")


def growth(screen: Screen, row: Row) -> None:
    """The chart of one measure by the post's age, or the word for a post without figures."""
    found = loads_posts.post_growth(screen.store, screen.state, row["post_id"])
    known = [name for name in MEASURES if any(one[name] is not None for one in found)]
    if not known:
        blocks.note("這篇還沒有任何數據。")
        return
    measure = st.segmented_control(
        "看成長",
        known,
        default=known[0],
        format_func=MEASURES.__getitem__,
        key=f"grow_{row['post_id']}",
        required=True,
    )
    name = measure or known[0]
    start = datetime.fromisoformat(row["published_at"])
    points = [
        ((datetime.fromisoformat(one["observed_at"]) - start).total_seconds() / 86_400, one[name])
        for one in found
        if one[name] is not None
    ]
    judging = next((r for r in map(screen.result, _JUDGED) if r.posts and r.posts.measure == name), None)
    goal = posts_numbers.goal(judging) if judging else None
    unit = "次" if name in _TIMES else "人"
    figure = chart_spread.growth(
        points, name=MEASURES[name], unit=unit, goal=goal.value if goal else None, palette=screen.palette
    )
    table = [
        {"觀測": periods.roc_moment(datetime.fromisoformat(one["observed_at"]))}
        | {MEASURES[m]: "未提供" if one[m] is None else f"{one[m]:,}" for m in known}
        | {"來源": tables.source_text(one)}
        for one in found
    ]
    chart = Chart(
        figure,
        finding=grown(points, MEASURES[name], unit),
        name=f"單篇成長（{MEASURES[name]}）",
        rows=lambda: table,
        right=[MEASURES[m] for m in known],
        key=f"growth_{name}",
    )
    charts.show(chart)


def grown(points: Sequence[tuple[float, int]], name: str, unit: str) -> str:
    """What a post has by its last observation (days, figure), and how much of it had come by the first."""
    (early, first), (late, last) = points[0], points[-1]
    finding = f"發布 {late:.0f} 天時{name} {last:,} {unit}"
    if len(points) < 2 or not last:
        return finding
    days = f"前 {max(1, round(early))} 天"
    if first > last:  # people take a like back
        return f"{finding}，比{days}的 {first:,} {unit}少"
    return f"{finding}，其{formats.of_all(first / last)} 在{days}得到"
