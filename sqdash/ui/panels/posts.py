"""Months and distribution of each measure, the review meetings, posts that count in nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from sqdash import formats, periods
from sqdash.figures import PostFigure, Result
from sqdash.indicators import BY_KEY
from sqdash.rights import NEEDS
from sqdash.tables import BY_NAME
from sqdash.ui import blocks, cards, chart_spread, charts, frame, loads_posts, who
from sqdash.ui.charts import Chart
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept
from sqdash.ui.panels import posts_groups, posts_numbers

_BANDS = {"likes_per_post": 10, "reach_per_post": 100}


def none_yet(screen: Screen, keys: Sequence[str]) -> None:
    """That there are no posts to draw anything from, where there are none."""
    if _known(screen, keys):
        return
    blocks.section("貼文")
    frame.nothing_yet("逐篇貼文的數據")
    if any(screen.result(key).reading for key in keys):
        blocks.draw(blocks.line("上面是報告陳報的區間；沒有逐篇資料，畫不出分布與各月走勢。"))


def panels(screen: Screen, keys: Sequence[str]) -> dict[str, Callable[[Screen], None]]:
    """The tabs of what is drawn of the posts' figures, where there are any; a single month is no course of months."""
    months = {"各月走勢": _side_by_side(_months, keys)} if len(screen.period.months) > 1 else {}
    figures = months | {"分布": _side_by_side(_distribution, keys), "哪些做得好": partial(_compared, keys=keys)}
    return figures if _known(screen, keys) else {}


def _known(screen: Screen, keys: Sequence[str]) -> bool:
    return any(screen.result(key).posts for key in keys)


def _side_by_side(make: Callable[[Screen, str], Chart | None], keys: Sequence[str]) -> Callable[[Screen], None]:
    def draw(screen: Screen) -> None:
        for column, key in zip(st.columns(len(keys), gap="small"), keys, strict=True):
            if chart := make(screen, key):
                with column:
                    charts.show(chart)

    return draw


def _compared(screen: Screen, keys: Sequence[str]) -> None:
    """The figures at a stated age, and posts in groups at the same."""
    posts_groups.breakdown(screen, keys, posts_numbers.statistics(screen, keys))


def _goal(result: Result) -> float | None:
    return result.applied.value if result.applied else None


@Kept
def _months(screen: Screen, key: str) -> Chart | None:
    """The mean of each month."""
    result, unit = screen.result(key), BY_KEY[key].unit
    if not (posts := result.posts):
        return None
    means = cards.monthly_means(result, screen.period)
    known = [mean for mean in means if mean is not None]
    drawn_as = BY_KEY[result.key].way(result.definition)
    later = [d for d in BY_KEY[result.key].definitions if d.since and d is not drawn_as]
    breaks = [(d.since, d.label) for d in later if d.since and screen.period.contains(d.since)]
    figure = charts.months_line(
        screen.period.months,
        means,
        name=BY_KEY[result.key].label,
        unit=unit,
        goal=_goal(result),
        breaks=[(since.isoformat()[:7], label) for since, label in breaks],
        palette=screen.palette,
    )
    finding = f"各月平均在 {formats.number(min(known))}–{formats.number(max(known))} {unit}之間"
    if len(known) == 1:
        finding = f"只有 {periods.roc_month(posts.months[0][0])} 有數據，平均 {formats.number(known[0], 1)} {unit}"
    if drawn_as and drawn_as.since:  # all months are measured so: a mark within would be none of this line
        finding += f"（以{drawn_as.label}計）"
    name = f"{BY_KEY[result.key].label}各月"
    return Chart(
        figure,
        finding=finding,
        name=name,
        rows=lambda: [
            {"月份": periods.roc_month(month), "篇數": f"{n:,}", "平均": formats.number(total / n, 1)}
            for month, n, total in posts.months
        ],
        right=("篇數", "平均"),
        key=f"months_{result.key}",
        section=BY_KEY[result.key].label,
    )


@Kept
def _distribution(screen: Screen, key: str) -> Chart | None:
    result, unit, width = screen.result(key), BY_KEY[key].unit, _BANDS[key]
    if not (posts := result.posts):
        return None
    figure = chart_spread.distribution(
        posts.counts,
        width=width,
        unit=unit,
        goal=_goal(result),
        strict=result.applied is not None and result.applied.target.comparator == ">",
        palette=screen.palette,
    )
    finding = f"{posts.n:,} 篇的中位數是 {formats.number(result.median or 0, 1)} {unit}"
    if result.over_target is not None:
        finding += f"，{formats.percent(result.over_target)} 達到目標"
    if measured := formats.measured_by(result):
        finding += f"（{measured}）"
    if posts.posts > posts.n:
        finding += f"；另有 {posts.posts - posts.n:,} 篇未提供"
    label = BY_KEY[result.key].label
    return Chart(
        figure,
        finding=finding,
        name=f"{label}分布",
        rows=partial(_bands, posts, width, unit),
        right=("篇數",),
        key=f"spread_{result.key}",
        section=label,
    )


def _bands(posts: PostFigure, width: int, unit: str) -> list[dict[str, str]]:
    bands: dict[int, int] = {}
    for value, count in posts.counts:
        bands[value // width] = bands.get(value // width, 0) + count
    return [
        {f"每篇（{unit}）": f"{band * width:,}–{band * width + width - 1:,}", "篇數": f"{count:,}"}
        for band, count in sorted(bands.items())
    ]


def review(screen: Screen) -> None:
    """The monthly meetings that review what is posted."""
    blocks.section("審稿", cards.counts(screen, ["review_meetings"], across=4))


def unassigned(screen: Screen) -> None:
    """Posts of pages that nobody has marked; they count in nothing, which is said before it is said that there are
    none, with the way to the row where a page is marked for those who may mark one."""
    if not (posts := loads_posts.unassigned_posts(screen.store, screen.state)):
        return
    marks = who.may(NEEDS["pages"])
    how = "請到「設定」標明" if marks else "請洽系統管理者標明"
    said = f"另有 {posts:,} 篇貼文屬於未歸類的專頁，未計入；{how}專頁是本分局或標竿。"
    st.warning(said, icon=":material/help:")
    if marks:
        row = {"settings_tab": "更正單列", "correct_table": BY_NAME["pages"].label}
        frame.link("settings", "到設定標明專頁的種類", icon="arrow_forward", **row)
