"""Posts compared in groups: by type, topic, unit or hour; thin groups have no mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from sqdash import formats
from sqdash.analysis import posts
from sqdash.analysis.posts import Explained, Group, Row
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.ui import blocks, chart_spread, charts, loads, loads_posts
from sqdash.ui.charts import Chart
from sqdash.ui.frame import Screen

DIMENSIONS = {"type": "類型", "topic": "主題", "unit": "供稿單位", "hour": "發布時段"}
_NOT_GIVEN = "未註明"
_HOW_GIVEN = {
    "topic": "在「貼文清單」選取貼文就能標主題，也可以用規則建議。",
    "unit": "可上傳含「供稿單位」欄的貼文檔，或由「設定」的「更正單列」逐篇填寫。",
}


def hours(screen: Screen, measure: str, basis: int) -> dict[posts.Cell, Group]:
    """The measure by weekday and band of hours."""
    found = {}
    for group in loads_posts.posts_in_groups(screen.store, screen.state, screen.period.code, "hour", basis):
        weekday, _, hour = str(group.value).partition("-")
        found[int(weekday), int(hour)] = Group(None, group.posts, *group.measures.get(measure, (0, 0)))
    return posts.banded(found)


def groups(screen: Screen, dimension: str, measure: str, basis: int = 0) -> list[Group]:
    """The measure by a dimension, with names instead of codes."""
    if dimension == "hour":
        return list(hours(screen, measure, basis).values())
    units = loads.units_called(screen.store, screen.state, screen.period.end.isoformat()) if dimension == "unit" else {}
    return [
        Group(units.get(str(g.value), g.value), g.posts, *g.measures.get(measure, (0, 0)))
        for g in loads_posts.posts_in_groups(screen.store, screen.state, screen.period.code, dimension, basis)
    ]


def explained(screen: Screen, measure: str, counts: posts.Counts) -> Mapping[str, Explained | None]:
    """What each dimension explains of the newest figures."""
    return {name: posts.explained(groups(screen, name, measure), counts) for name in DIMENSIONS}


def breakdown(screen: Screen, keys: Sequence[str], basis: int) -> None:
    """One dimension and one measure at a time."""
    known = [key for key in keys if screen.result(key).posts]
    if not known:
        return
    blocks.section("哪些貼文做得好")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            "分類", list(DIMENSIONS), default="type", format_func=DIMENSIONS.__getitem__, key="by", required=True
        )
        key = st.segmented_control(
            "指標", known, default=known[0], format_func=lambda k: BY_KEY[k].label, key="by_measure", required=True
        )
    result = screen.result(key or known[0])
    if (by or "type") == "hour":
        _hours(screen, result, basis)
    else:
        _bars(screen, result, by or "type", basis)


def _bars(screen: Screen, result: Result, dimension: str, basis: int) -> None:
    word = DIMENSIONS[dimension]
    measure = result.posts.measure if result.posts else ""
    found = posts.breakdown(groups(screen, dimension, measure, basis))
    if all(one.label is None for one in groups(screen, dimension, measure)):  # all posts, whether they have that age
        blocks.note(f"這個期間的貼文都還沒有註明{word}。{_HOW_GIVEN.get(dimension, '')}")
        return
    if all(row.mean is None for row in found):
        blocks.note(f"各{word}都不到 {posts.LEAST} 篇，還不能比較。")
        return
    charts.show(_chart(screen, result, dimension, found, basis))
    thin = [f"{row.label or _NOT_GIVEN}（{row.n:,} 篇）" for row in found if row.thin]
    if thin:
        blocks.note(f"不到 {posts.LEAST} 篇的不列平均：{'、'.join(thin)}。")


def _chart(screen: Screen, result: Result, dimension: str, found: Sequence[Row], basis: int) -> Chart:
    unit, word = BY_KEY[result.key].unit, DIMENSIONS[dimension]
    shown = [row for row in found if row.mean is not None]
    named = [row for row in shown if row.label is not None]
    finding = f"各{word}之中以「{named[0].label}」最高" if len(named) > 1 else f"{word}還沒有可比的兩類"
    if len(named) > 1:
        finding += f"，平均 {formats.number(named[0].mean or 0, 1)} {unit}（{named[0].n:,} 篇）"
    finding += _aged(basis)
    figure = chart_spread.bars(
        [(row.label or _NOT_GIVEN, row.mean, f"{formats.number(row.mean or 0, 1)}（{row.n:,} 篇）") for row in shown],
        unit=unit,
        goal=result.applied.value if result.applied else None,
        palette=screen.palette,
    )
    table = [
        {
            word: row.label or _NOT_GIVEN,
            f"平均（{unit}）": "篇數太少" if row.mean is None else formats.number(row.mean, 1),
            "有數據": f"{row.n:,}",
            "全部篇數": f"{row.posts:,}",
            "占比": formats.percent(row.share),
        }
        for row in found
    ]
    right = (f"平均（{unit}）", "有數據", "全部篇數", "占比")
    name = f"{BY_KEY[result.key].label}依{word}"
    return Chart(
        figure, finding=finding, name=name, rows=lambda: table, right=right, key=f"by_{dimension}_{result.key}"
    )


def _aged(basis: int) -> str:
    return f"，以發布 {basis} 天的數據" if basis else ""


def _hours(screen: Screen, result: Result, basis: int) -> None:
    unit = BY_KEY[result.key].unit
    cells = hours(screen, result.posts.measure if result.posts else "", basis)
    means = posts.grid(cells)
    known = {cell: mean for cell, mean in means.items() if mean is not None}
    if not known:
        blocks.note(f"各時段都不到 {posts.LEAST} 篇，還不能比較。")
        return
    best = max(known, key=known.__getitem__)
    bands = sorted({hour for _, hour in cells})
    figure = chart_spread.grid(
        posts.WEEKDAYS,
        [f"{hour:02d}–{hour + posts.HOURS:02d} 時" for hour in bands],
        [[means.get((weekday, hour)) for weekday in range(7)] for hour in bands],
        unit=unit,
        palette=screen.palette,
    )
    table = [
        {"時段": f"{hour:02d}–{hour + posts.HOURS:02d} 時"}
        | {f"週{posts.WEEKDAYS[cell[0]]}": _cell(group, means[cell]) for cell, group in sorted(row)}
        for hour, row in groupby(sorted(cells.items(), key=lambda item: item[0][1]), key=lambda item: item[0][1])
    ]
    days = [f"週{day}" for day in posts.WEEKDAYS]
    table = [{"時段": row["時段"]} | {day: row.get(day, "") for day in days} for row in table]
    finding = (
        f"以{posts.cell_words(best)}發布的最高，平均 {formats.number(known[best], 1)} {unit}（{cells[best].n:,} 篇）"
    )
    finding += _aged(basis)
    name = f"{BY_KEY[result.key].label}依時段"
    charts.show(Chart(figure, finding=finding, name=name, rows=lambda: table, right=days, key=f"by_hour_{result.key}"))
    blocks.note(f"臺北時間，每格至少 {posts.LEAST} 篇才列平均，其餘留白；表中括號是篇數。")


def _cell(group: Group, mean: float | None) -> str:
    return f"—（{group.n:,}）" if mean is None else f"{formats.number(mean, 1)}（{group.n:,}）"
