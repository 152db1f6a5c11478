"""Charts as plain plotly dictionaries: one look, ROC ticks, units, target lines, definition breaks.

Building dictionaries and not figure objects keeps a page's own time small. Each chart is shown with a title
that says the finding, the finding as alternative text, and its table below.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from sqdash import formats, periods
from sqdash.ui import tables
from sqdash.ui.palette import Palette

Figure = dict[str, Any]
_HEIGHT = 300
_TICKS = 6
_FEW = 5
_MOST_BANDS = 40
_FONT = "'Noto Sans TC', 'Noto Sans CJK TC', 'Microsoft JhengHei', 'PingFang TC', sans-serif"
_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


def _layout(palette: Palette, unit: str, **more: Any) -> Figure:
    axis = {"gridcolor": palette.line, "zeroline": False, "fixedrange": True, "tickfont": {"color": palette.dim}}
    return {
        "height": _HEIGHT,
        "margin": {"l": 56, "r": 16, "t": 38, "b": 40},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": palette.ink, "size": 13, "family": _FONT},
        "colorway": list(palette.series),
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": palette.ground, "font": {"color": palette.ink}},
        "dragmode": False,
        "legend": {
            "orientation": "h",
            "y": -0.14,
            "yanchor": "top",
            "x": 0,
            "traceorder": "normal",
            "font": {"color": palette.ink},
        },
        "xaxis": {**axis, "showgrid": False},
        "yaxis": {**axis, "tickformat": ",", "rangemode": "tozero"},
        "annotations": [
            {
                "text": f"單位：{unit}",
                "xref": "paper",
                "yref": "paper",
                "x": 1,
                "y": 1,
                "yshift": 18,  # above the numbers of events
                "yanchor": "bottom",
                "showarrow": False,
                "xanchor": "right",
                "font": {"color": palette.dim, "size": 12},
            }
        ],
        "shapes": [],
        **more,
    }


def _target(layout: Figure, goal: float, palette: Palette) -> None:
    layout["shapes"].append(
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": goal,
            "y1": goal,
            "line": {"color": palette.missed, "width": 2, "dash": "dash"},
        }
    )
    layout["annotations"].append(
        {
            "text": f"目標 {formats.number(goal, 1)}",
            "xref": "paper",
            "x": 0.01,
            "y": goal,
            "showarrow": False,
            "yanchor": "bottom",
            "xanchor": "left",
            "font": {"color": palette.missed, "size": 12},
        }
    )


def _break(layout: Figure, month: str, label: str, palette: Palette) -> None:
    mark = {"xref": "x", "yref": "paper", "x0": month, "x1": month, "y0": 0, "y1": 1}
    layout["shapes"].append({"type": "line", **mark, "line": {"color": palette.between, "width": 2}})
    words = {"text": f"此後以{label}計", "xref": "x", "x": month, "yref": "paper", "y": 1, "showarrow": False}
    layout["annotations"].append({**words, "xanchor": "left", "font": {"color": palette.between, "size": 12}})


def _months(layout: Figure, months: Sequence[str]) -> None:
    """ROC months as upright ticks, few enough for a telephone's width."""
    step = -(-len(months) // _TICKS) or 1
    shown = list(months)[::step]
    layout["xaxis"] |= {"type": "category", "tickvals": shown, "ticktext": [periods.roc_month(m) for m in shown]}
    layout["xaxis"]["tickangle"] = 0


def months_line(
    months: Sequence[str],
    values: Sequence[float | None],
    *,
    name: str,
    unit: str,
    goal: float | None,
    palette: Palette,
    breaks: Sequence[tuple[str, str]] = (),
) -> Figure:
    """One measure by month with the target line; a month without a figure is a gap.

    ``breaks`` are months from which on the indicator is measured in another way: marked, never joined over.
    """
    layout = _layout(palette, unit)
    _months(layout, months)
    if goal is not None:
        _target(layout, goal, palette)
    for month, label in breaks:
        _break(layout, month, label, palette)
    trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(months),
        "y": [None if v is None else round(v, 1) for v in values],
        "line": {"color": palette.main, "width": 2.5},
        "hovertemplate": f"%{{y:,.1f}} {unit}<extra></extra>",
    }
    return {"data": [trace], "layout": layout}


def _days(layout: Figure, days: Sequence[str]) -> None:
    """Upright ROC ticks on a date axis: firsts of months where there are any."""
    ticks = [day for day in days if day.endswith("-01")]
    ticks = ticks[:: -(-len(ticks) // _TICKS) or 1] or list(days)[:: -(-len(days) // _TICKS) or 1]
    firsts = all(day.endswith("-01") for day in ticks)
    words = [periods.roc_month(d[:7]) if firsts else periods.roc_day(periods.parse_day(d)) for d in ticks]
    layout["xaxis"] |= {"type": "date", "tickvals": ticks, "ticktext": words, "tickangle": 0}
    layout["yaxis"] |= {"rangemode": "normal"}
    layout["hovermode"] = "closest"


def _days_trace(points: Sequence[tuple[str, float]], name: str, value: str, line: Mapping[str, Any]) -> Figure:
    """A line over days; ``value`` is how the figure reads when pointed at."""
    return {
        "type": "scatter",
        "mode": "lines" if len(points) > 1 else "markers",
        "name": name,
        "x": [day for day, _ in points],
        "y": [value for _, value in points],
        "text": [periods.roc_day(periods.parse_day(day)) for day, _ in points],
        "line": dict(line),
        "hovertemplate": f"{name} %{{text}}：{value}<extra></extra>",
    }


def _events(layout: Figure, days: Sequence[str], palette: Palette) -> None:
    """A numbered upright mark for each event."""
    for number, day in enumerate(days, 1):
        mark = {"type": "line", "xref": "x", "yref": "paper", "x0": day, "x1": day, "y0": 0, "y1": 1}
        layout["shapes"].append({**mark, "line": {"color": palette.between, "width": 1.5, "dash": "dot"}})
        words = {"text": str(number), "xref": "x", "x": day, "yref": "paper", "y": 1, "showarrow": False}
        layout["annotations"].append({**words, "yanchor": "bottom", "font": {"color": palette.between, "size": 12}})


def days_line(
    runs: Sequence[Sequence[tuple[str, int]]],
    *,
    name: str,
    goal: float | None,
    events: Sequence[str],
    palette: Palette,
    breaks: Sequence[tuple[str, str]] = (),
    pace: Sequence[tuple[str, float]] = (),
) -> Figure:
    """A daily stock with the target line, the pace line (its two ends) and numbered upright marks on events' days.

    Each of ``runs`` is a line of its own; ``breaks`` are the days from which on it is measured in another way.
    """
    layout = _layout(palette, "人")
    _days(layout, [day for run in runs for day, _ in run])
    if goal is not None:
        _target(layout, goal, palette)
        layout["yaxis"]["autorangeoptions"] = {"include": [goal]}
    for day, label in breaks:
        _break(layout, day, label, palette)
    _events(layout, events, palette)
    look = {"color": palette.main, "width": 2.5}
    data = [_days_trace(run, name, "%{y:,} 人", look) | {"showlegend": not at} for at, run in enumerate(runs)]
    if pace:
        data.append(_days_trace(pace, "進度線", "應有 %{y:,.0f} 人", {"color": palette.dim, "width": 2, "dash": "dot"}))
    return {"data": data, "layout": layout}


def _named(name: str) -> str:
    """A name from outside as it was written: plotly reads a part of HTML in every text, and templates in some."""
    return html.escape(name, quote=False).replace("%{", "%&#123;")


def days_index(lines: Sequence[tuple[str, Sequence[tuple[str, float]]]], *, palette: Palette) -> Figure:
    """Up to four pages by day, indexed to 100; the first stands out."""
    layout = _layout(palette, "指數（首日為 100）")
    _days(layout, sorted({day for _, points in lines for day, _ in points}))
    data = [
        _days_trace(
            [(day, round(value, 2)) for day, value in points],
            _named(name),
            "%{y:.1f}",
            {"color": color, "width": 2 if at else 3.5, "dash": "dash" if at else "solid"},
        )
        for at, ((name, points), color) in enumerate(zip(lines, palette.series, strict=False))
    ]
    return {"data": data, "layout": layout | {"showlegend": True}}


def months_change(
    months: Sequence[str],
    values: Sequence[float | None],
    *,
    unit: str,
    palette: Palette,
    breaks: Sequence[tuple[str, str]] = (),
) -> Figure:
    """What a stock gained or lost each month; a month without a change that can be told has no bar."""
    layout = _layout(palette, unit)
    _months(layout, months)
    for month, label in breaks:
        _break(layout, month, label, palette)
    trace = {
        "type": "bar",
        "x": list(months),
        "y": list(values),
        "marker": {"color": [palette.missed if (value or 0) < 0 else palette.main for value in values]},
        "hovertemplate": f"%{{y:+,}} {unit}<extra></extra>",
    }
    return {"data": [trace], "layout": layout}


def months_stack(
    months: Sequence[str], series: Mapping[str, Sequence[float]], *, unit: str, palette: Palette
) -> Figure:
    """Up to four kinds by month, stacked, in the palette's order."""
    return _months_bars(months, series, "stack", unit, palette)


def months_group(
    months: Sequence[str], series: Mapping[str, Sequence[float]], *, unit: str, palette: Palette
) -> Figure:
    """Up to four measures by month, side by side."""
    return _months_bars(months, series, "group", unit, palette)


def _months_bars(
    months: Sequence[str], series: Mapping[str, Sequence[float]], mode: str, unit: str, palette: Palette
) -> Figure:
    layout = _layout(palette, unit, barmode=mode)
    _months(layout, months)
    columns = list(zip(*series.values(), strict=True))
    if max((sum(column) for column in columns), default=0) <= _FEW:
        layout["yaxis"]["dtick"] = 1  # half a session is no session
    data = [
        {
            "type": "bar",
            "name": name,
            "x": list(months),
            "y": list(values),
            "marker": {"color": palette.series[i % len(palette.series)]},
            "hovertemplate": f"{name} %{{y:,}} {unit}<extra></extra>",
        }
        for i, (name, values) in enumerate(series.items())
    ]
    return {"data": data, "layout": layout}


def distribution(
    counts: Sequence[tuple[int, int]], *, width: int, unit: str, met_from: float | None, palette: Palette
) -> Figure:
    """How many posts lie in each band of ``width``; those wholly from ``met_from`` on stand out.

    Bands beyond the fortieth are one, so that a single post that went far does not flatten all others.
    """
    layout = _layout(palette, "篇", hovermode="closest", bargap=0.08)
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
    step = -(-len(starts) // _TICKS)
    layout["xaxis"] |= {
        "type": "category",
        "tickvals": labels[::step],
        "ticktext": [f"{start:,}" for start in starts[::step]],
        "tickangle": 0,
        "title": {"text": f"每篇（{unit}）", "font": {"color": palette.dim, "size": 12}},
    }
    colors = [palette.reached if met_from is not None and start >= met_from else palette.main for start in starts]
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
    layout = _layout(palette, unit, hovermode="closest", bargap=0.3)
    layout["height"] = 84 + 34 * len(rows)
    layout["xaxis"], layout["yaxis"] = {**layout["yaxis"], "showgrid": True}, {**layout["xaxis"]}
    layout["yaxis"] |= {"type": "category", "autorange": "reversed", "automargin": True, "tickfont": {"size": 13}}
    if goal is not None:
        line = {"yref": "paper", "y0": 0, "y1": 1, "x0": goal, "x1": goal}
        layout["shapes"].append({"type": "line", **line, "line": {"color": palette.missed, "width": 2, "dash": "dash"}})
        words = {"text": f"目標 {formats.number(goal, 1)}", "x": goal, "yref": "paper", "y": 1, "yanchor": "bottom"}
        layout["annotations"].append(
            {**words, "showarrow": False, "xanchor": "center", "font": {"color": palette.missed, "size": 12}}
        )
        layout["annotations"][0] |= {"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom"}
        layout["xaxis"]["range"] = [0, 1.12 * max([goal, *(value for _, value, _ in rows if value is not None)])]
    trace = {
        "type": "bar",
        "orientation": "h",
        "y": [_named(name) for name, *_ in rows],
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


def grid(
    columns: Sequence[str], rows: Sequence[str], cells: Sequence[Sequence[float | None]], *, unit: str, palette: Palette
) -> Figure:
    """A grid of means, darker for more, each with its number; a cell without one stays empty."""
    layout = _layout(palette, unit, hovermode="closest")
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
    layout = _layout(palette, unit, hovermode="closest")
    layout["xaxis"] |= {
        "title": {"text": "發布後天數", "font": {"color": palette.dim, "size": 12}},
        "rangemode": "tozero",
    }
    if goal is not None:
        _target(layout, goal, palette)
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


def show(
    figure: Figure,
    *,
    finding: str,
    name: str,
    table: Sequence[Mapping[str, Any]],
    key: str,
    right: Sequence[str] = (),
) -> None:
    """The chart under its finding, with the finding as alternative text, the table behind it and as a file.

    ``name`` says what is measured and by what: files and sheets are called so, since findings of two measures may
    differ in their figures alone.
    """
    st.markdown(f"**{tables.plain(finding)}**")
    st.plotly_chart(figure, config=_CONFIG, theme=None, key=key, alt=finding)
    with st.expander("看數字", icon=":material/table_view:"):
        tables.show(table, alt=f"{finding}的數字", right=right, title=name)
        if table:
            tables.download(table, name=name, key=key, right=right)
