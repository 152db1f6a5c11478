"""What charts share: their ground with its unit, the goal, a change of definition, ROC ticks, names from outside."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqdash import formats, periods
from sqdash.periods import Period, month_period
from sqdash.ui.palette import Palette

Figure = dict[str, Any]
TICKS = 6  # as many as a telephone's width has room for
_DAY_TICKS = 4  # a day's words are longer than a month's
_HEIGHT = 300
_FONT = "'Noto Sans TC', 'Noto Sans CJK TC', 'Microsoft JhengHei', 'PingFang TC', sans-serif"


def ground(palette: Palette, unit: str, **more: Any) -> Figure:
    """What a chart stands on, with its ``unit`` in the corner; ``more`` are plotly's own words for one chart alone."""
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
            "y": -0.17,
            "yanchor": "top",
            "x": 0,
            "traceorder": "normal",
            "font": {"color": palette.ink},
        },
        "xaxis": {**axis, "showgrid": False, "ticklabelstandoff": 8},  # clear of the 0 beside the first of them
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


_BESIDE = 4
"""The part of a chart over which the words of the target stand: the first or the last fourth."""


def goal_line(layout: Figure, goal: float, palette: Palette, values: Sequence[float | None] = ()) -> None:
    """The target: a dashed line across the whole chart with its value in words, at the left, or at the right where the
    line through these ``values`` leaves more room for them."""
    beside = -(-len(values) // _BESIDE)
    right = bool(beside) and _room(values[-beside:], goal) > _room(values[:beside], goal)
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
            "x": 0.99 if right else 0.01,
            "y": goal,
            "showarrow": False,
            "yanchor": "bottom",
            "xanchor": "right" if right else "left",
            "font": {"color": palette.missed, "size": 12},
        }
    )


def _room(values: Sequence[float | None], goal: float) -> float:
    """How far a line through the values stays away from the target; nothing where it crosses it."""
    away = [value - goal for value in values if value is not None]
    if not away:
        return math.inf
    return 0.0 if min(away) <= 0 <= max(away) else min(map(abs, away))


def break_mark(layout: Figure, at: str, palette: Palette, label: str = "") -> None:
    """An upright mark at the month or day (as the axis has it) from which on something else is measured: ``label``,
    where one word says it; what takes a sentence is said below the chart."""
    mark = {"xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1}
    layout["shapes"].append({"type": "line", **mark, "line": {"color": palette.between, "width": 2}})
    if not label:
        return
    words = {"text": f"此後以{label}計", "xref": "x", "x": at, "yref": "paper", "y": 1, "showarrow": False}
    layout["annotations"].append({**words, "xanchor": "left", "font": {"color": palette.between, "size": 12}})


def month_ticks(layout: Figure, months: Sequence[str]) -> None:
    """ROC months as upright ticks, few enough for a telephone's width."""
    step = -(-len(months) // TICKS) or 1
    shown = list(months)[::step]
    layout["xaxis"] |= {"type": "category", "tickvals": shown, "ticktext": [periods.roc_month(m) for m in shown]}
    layout["xaxis"]["tickangle"] = 0


def day_ticks(layout: Figure, days: Sequence[str]) -> None:
    """Upright ROC ticks on a date axis that shows those days: the firsts of months between them, whether or not
    anything is known of those; of a shorter time a few days, as far from each other."""
    ticks = _ticks(periods.parse_day(min(days)), periods.parse_day(max(days))) if days else {}
    axis = {"type": "date", "tickvals": list(ticks), "ticktext": list(ticks.values()), "tickangle": 0}
    layout["xaxis"] |= axis
    layout["yaxis"] |= {"rangemode": "normal"}
    layout["hovermode"] = "closest"


def _ticks(first: date, last: date) -> dict[str, str]:
    """Day → what is written there."""
    span = Period(first, last)
    months = [month for month in span.months if span.contains(month_period(month).start)]
    if len(months) > 1:
        return {f"{month}-01": periods.roc_month(month) for month in months[:: -(-len(months) // TICKS)]}
    days = [first + timedelta(days=n) for n in range(0, span.days, -(-span.days // _DAY_TICKS))]
    return {day.isoformat(): periods.roc_day(day) for day in days}


def named(name: str) -> str:
    """A name from outside as it was written: plotly reads a part of HTML in every text, and templates in some."""
    return html.escape(name, quote=False).replace("%{", "%&#123;")
