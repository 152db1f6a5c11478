"""Charts over months and days as plain plotly dictionaries, and how every chart is shown.

Building dictionaries and not figure objects keeps a page's own time small. Each chart is shown with a title
that says the finding, the finding as alternative text, and its table below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st
from markupsafe import Markup

from sqdash import periods
from sqdash.ui import blocks, drawn, folds, replay, tables
from sqdash.ui import chart_parts as parts
from sqdash.ui.chart_parts import Figure
from sqdash.ui.drawn import Rows
from sqdash.ui.palette import Palette
from sqdash.ui.parts import CHARTS

_FEW = 5
_BESIDE, _MOMENT = 3, 16
"""Columns that stand side by side as they are; signs of a day with its hour."""
_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


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
    layout = parts.ground(palette, unit)
    parts.month_ticks(layout, months)
    if goal is not None:
        parts.goal_line(layout, goal, palette, values)
    for month, label in breaks:
        parts.break_mark(layout, month, palette, label)
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


def _days_trace(points: Sequence[tuple[str, float]], name: str, value: str, line: Mapping[str, Any]) -> Figure:
    """A line over days; ``value`` is how the figure reads when pointed at."""
    return {
        "type": "scatter",
        "mode": "lines" if len(points) > 1 else "markers",
        "name": name,
        "x": [day for day, _ in points],
        "y": [value for _, value in points],
        "text": [periods.roc_day_of(day) for day, _ in points],
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
    breaks: Sequence[str] = (),
    pace: Sequence[tuple[str, float]] = (),
) -> Figure:
    """A daily stock with the target line, the pace line (its two ends) and numbered upright marks on events' days.

    Each of ``runs`` is a line of its own; ``breaks`` are the days from which on it is measured in another way.
    """
    layout = parts.ground(palette, "人")
    parts.day_ticks(layout, [*(day for run in runs for day, _ in run), *events, *(day for day, _ in pace)])
    if goal is not None:
        parts.goal_line(layout, goal, palette)
        layout["yaxis"]["autorangeoptions"] = {"include": [goal]}
    for day in breaks:
        parts.break_mark(layout, day, palette)
    _events(layout, events, palette)
    look = {"color": palette.main, "width": 2.5}
    data = [_days_trace(run, name, "%{y:,} 人", look) | {"showlegend": not at} for at, run in enumerate(runs)]
    if pace:
        data.append(_days_trace(pace, "進度線", "應有 %{y:,.0f} 人", {"color": palette.dim, "width": 2, "dash": "dot"}))
    return {"data": data, "layout": layout}


def days_index(lines: Sequence[tuple[str, Sequence[tuple[str, float]]]], *, palette: Palette) -> Figure:
    """Up to four pages by day, indexed to 100; the first stands out."""
    layout = parts.ground(palette, "指數（首日為 100）")
    parts.day_ticks(layout, [day for _, points in lines for day, _ in points])
    data = [
        _days_trace(
            [(day, round(value, 2)) for day, value in points],
            parts.named(name),
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
    breaks: Sequence[str] = (),
) -> Figure:
    """What a stock gained or lost each month; a month without a change that can be told has no bar, and ``breaks`` are
    the months from which on it is measured in another way."""
    layout = parts.ground(palette, unit)
    parts.month_ticks(layout, months)
    for month in breaks:
        parts.break_mark(layout, month, palette)
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
    layout = parts.ground(palette, unit, barmode=mode)
    parts.month_ticks(layout, months)
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


@dataclass(frozen=True)
class Chart:
    """A figure with the finding that stands above it and is its alternative text, and what makes the table behind it,
    which few ask for; with the heading of a ``section`` that begins with it.

    ``name`` says what is measured and by what: files and sheets are called so, since findings of two measures may
    differ in their figures alone. Columns ``right`` of the table are figures.
    """

    figure: Figure
    finding: str
    name: str
    rows: Callable[[], Rows]
    key: str
    right: Sequence[str] = ()
    section: str = ""

    @property
    def place(self) -> str:
        """What the element is called on its page."""
        return f"{CHARTS}{self.key}"

    @cached_property
    def head(self) -> Markup:
        """What stands above the figure."""
        said = blocks.line(blocks.strong(self.finding))
        return blocks.headed(self.section, said) if self.section else said

    @cached_property
    def digest(self) -> str:
        """What its drawing depends on."""
        return replay.digest((self.figure, self.place, self.finding))


def show(chart: Chart, *above: Markup) -> None:
    """The chart under its finding, with what stands ``above`` that; its table folded away below it and as a file."""
    blocks.draw(*above, chart.head)
    replay.repeat(
        chart.digest,
        lambda: st.plotly_chart(chart.figure, config=_CONFIG, theme=None, key=chart.place, alt=chart.finding),
    )
    behind, asked = folds.fold("看數字", f"numbers_{chart.key}", icon=":material/table_view:")
    if not asked:
        drawn.add(chart.name, chart.rows, chart.right)
        return
    rows = chart.rows()
    with behind:
        tables.show(rows, alt=f"{chart.finding}的數字", right=chart.right, whole=_unbroken(rows), title=chart.name)
        if rows:
            tables.download(rows, name=chart.name, key=chart.key, right=chart.right)


def _unbroken(rows: Rows) -> list[str]:
    """The first column of a table of many, where it has days: beside a source they would be set on end. A long name
    that stayed on one line would push the rest off a narrow screen."""
    first = list(rows[0])[:1] if rows and len(rows[0]) > _BESIDE else []
    return [name for name in first if all(len(row[name]) <= _MOMENT for row in rows)]
