"""Charts of how posts spread: over bands of a figure, groups, hours of the week and a post's own days."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sqdash import formats
from sqdash.ui import chart_parts as parts
from sqdash.ui.chart_parts import Figure
from sqdash.ui.palette import Palette

_MOST_BANDS = 40


def distribution(
    counts: Sequence[tuple[int, int]],
    *,
    width: int,
    unit: str,
    goal: float | None,
    strict: bool = False,
    palette: Palette,
) -> Figure:
    """How many posts lie in each band of ``width``; those that wholly meet the goal stand out, right of its line. A
    ``strict`` goal must be passed, and not only reached.

    Bands beyond the fortieth are one, so that a single post that went far does not flatten all others.
    """
    layout = parts.ground(palette, "篇", hovermode="closest", bargap=0.08)
    bands: dict[int, int] = {}
    if not counts:
        layout["xaxis"] |= {"tickvals": [], "ticktext": []}
        return {"data": [], "layout": layout}
    cap = (counts[0][0] // width + _MOST_BANDS - 1) * width
    for value, posts in counts:
        start = min(value // width * width, cap)
        bands[start] = bands.get(start, 0) + posts
    first, last = min(bands), max(bands)
    starts = list(range(first, last + width, width))
    beyond = counts[-1][0] >= cap + width
    labels = [f"{start:,}–{start + width - 1:,}" for start in starts]
    if beyond:
        labels[-1] = f"{cap:,} 以上"
    step = -(-len(starts) // parts.TICKS)
    layout["xaxis"] |= {
        "type": "category",
        "tickvals": labels[::step],
        "ticktext": [f"{start:,}" for start in starts[::step]],
        "tickangle": 0,
        "title": {"text": f"每篇（{unit}）", "font": {"color": palette.dim, "size": 12}},
    }
    met_from = math.inf if goal is None else goal + strict
    colors = [palette.reached if start >= met_from else palette.main for start in starts]
    if goal is not None and first < met_from < last + width:
        _upright_goal(layout, goal, (met_from - first) / width - 0.5, palette)  # a band's middle is its number
    trace = {
        "type": "bar",
        "x": labels,
        "y": [bands.get(start, 0) for start in starts],
        "marker": {"color": colors},
        "hovertemplate": "%{x}：%{y:,} 篇<extra></extra>",
    }
    return {"data": [trace], "layout": layout}


def bars(rows: Sequence[tuple[str, float | None, str]], *, unit: str, goal: float | None, palette: Palette) -> Figure:
    """Lying bars, the first on top: (name, value or None for none, what is said of it); the goal is a line across."""
    layout = parts.ground(palette, unit, hovermode="closest", bargap=0.3)
    layout["height"] = 84 + 34 * len(rows)
    layout["xaxis"], layout["yaxis"] = {**layout["yaxis"], "showgrid": True}, {**layout["xaxis"]}
    layout["yaxis"] |= {"type": "category", "autorange": "reversed", "automargin": True, "tickfont": {"size": 13}}
    if goal is not None:
        _upright_goal(layout, goal, goal, palette)
        layout["annotations"][0] |= {"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"}
        layout["xaxis"]["range"] = [0, 1.12 * max([goal, *(value for _, value, _ in rows if value is not None)])]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [parts.named(name) for name, *_ in rows],
        "x": [None if value is None else round(value, 1) for _, value, _ in rows],
        "text": [said for *_, said in rows],
        "textposition": "auto",
        "insidetextanchor": "start",  # away from the goal's line
        "insidetextfont": {"color": palette.ground},
        "cliponaxis": False,
        "marker": {"color": palette.main},
        "hovertemplate": "%{y}：%{text}<extra></extra>",
    }
    return {"data": [trace], "layout": layout}


def _upright_goal(layout: Figure, goal: float, at: float, palette: Palette) -> None:
    """The goal as a dashed line from bottom to top, at that place of the level axis, its value in words above it."""
    line = {"yref": "paper", "y0": 0, "y1": 1, "x0": at, "x1": at}
    layout["shapes"].append({"type": "line", **line, "line": {"color": palette.missed, "width": 2, "dash": "dash"}})
    words = {"text": f"目標 {formats.number(goal, 1)}", "x": at, "yref": "paper", "y": 1, "yanchor": "bottom"}
    layout["annotations"].append(
        {**words, "showarrow": False, "xanchor": "center", "font": {"color": palette.missed, "size": 12}}
    )


def grid(
    columns: Sequence[str], rows: Sequence[str], cells: Sequence[Sequence[float | None]], *, unit: str, palette: Palette
) -> Figure:
    """A grid of means, darker for more, each with its number; a cell without one stays empty."""
    layout = parts.ground(palette, unit, hovermode="closest")
    layout["xaxis"] |= {"type": "category", "side": "bottom"}
    layout["yaxis"] = {**layout["xaxis"], "autorange": "reversed", "automargin": True}
    trace = {
        "type": "heatmap",
        "x": list(columns),
        "y": list(rows),
        "z": [[None if value is None else round(value, 1) for value in row] for row in cells],
        "text": [["" if value is None else formats.number(value) for value in row] for row in cells],
        "texttemplate": "%{text}",
        "colorscale": [[0, palette.ground], [1, palette.main]],
        "showscale": False,
        "hoverongaps": False,
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": f"週%{{x}} %{{y}}：%{{z:,.1f}} {unit}<extra></extra>",
    }
    return {"data": [trace], "layout": layout}


def growth(
    points: Sequence[tuple[float, int]], *, name: str, unit: str, goal: float | None, palette: Palette
) -> Figure:
    """One figure of a post by days since it was published, as it was observed."""
    layout = parts.ground(palette, unit, hovermode="closest")
    layout["xaxis"] |= {
        "title": {"text": "發布後天數", "font": {"color": palette.dim, "size": 12}},
        "rangemode": "tozero",
    }
    if goal is not None:
        parts.goal_line(layout, goal, palette)
    trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [round(days, 2) for days, _ in points],
        "y": [value for _, value in points],
        "line": {"color": palette.main, "width": 2.5},
        "hovertemplate": f"第 %{{x:.0f}} 天：%{{y:,}} {unit}<extra></extra>",
    }
    return {"data": [trace], "layout": layout}
