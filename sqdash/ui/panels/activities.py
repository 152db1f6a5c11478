"""Blocks of 活動與訓練."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import streamlit as st
from markupsafe import Markup

from sqdash import formats, periods
from sqdash.tables import ACTIVITY_KINDS
from sqdash.ui import blocks, cards, charts, drawn, folds, frame, loads, tables
from sqdash.ui.charts import Chart
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept

_LABELS = dict(ACTIVITY_KINDS)
_DRAWN = ("training", "outreach", "seminar")
"""Kinds with a colour of their own; the others are one series, so that colours stay four."""
_REST = "其他各類"
_MONTHS = "各月場次"
_NO_UNIT = "未註明單位"
_MOST = 500


@Kept
def ledger_note(screen: Screen, keys: tuple[str, ...]) -> Markup:
    """Where a reported total stands beside a ledger that is not complete: 已登錄 3／陳報 55."""
    notes = []
    for key in keys:
        result = screen.result(key)
        if result.basis == "reported" and result.reading:
            known = result.ledger.value if result.ledger else 0
            entered = "未填" if known is None else formats.number(known)
            notes.append(f"{cards.label(key)} 已登錄 {entered}／陳報 {formats.interval(result.reading.stated)}")
    return blocks.notes("數字以陳報值為準：登錄紀錄尚未註記完整", notes) if notes else Markup()


def by_month(screen: Screen, *above: Markup) -> None:
    """Sessions by kind and month below what stands ``above``; nothing of a single month, of which the cards have said
    all."""
    if not loads.activities_by_month(screen.store, screen.state, screen.period.code):
        blocks.draw(*above, blocks.headed(_MONTHS))
        frame.nothing_yet("活動紀錄")
    elif len(screen.period.months) > 1 and _so_far(screen):
        charts.show(_months(screen), *above)
    else:
        blocks.draw(*above)


def _so_far(screen: Screen) -> list[tuple[str, str, int, int]]:
    """What the cards count too: what is dated later is only in the ledger, until its day."""
    return screen.so_far(loads.activities_by_month)


@Kept
def _months(screen: Screen) -> Chart:
    found = _so_far(screen)
    months = screen.period.months
    series: dict[str, dict[str, int]] = {name: {} for name in (*(_LABELS[kind] for kind in _DRAWN), _REST)}
    for kind, month, _, sessions in found:
        name = _LABELS[kind] if kind in _DRAWN else _REST
        series[name][month] = series[name].get(month, 0) + sessions
    totals = {month: sum(values.get(month, 0) for values in series.values()) for month in months}
    busiest = max(totals, key=lambda month: totals[month])
    figure = charts.months_stack(
        months,
        {name: [values.get(month, 0) for month in months] for name, values in series.items()},
        unit="場次（則）",
        palette=screen.palette,
    )

    def rows() -> list[dict[str, str]]:
        return [
            {"月份": periods.roc_month(month)}
            | {name: f"{values.get(month, 0):,}" for name, values in series.items()}
            | {"合計": f"{totals[month]:,}"}
            for month in months
        ]

    entered = sum(totals.values())
    most = f"，最多是 {periods.roc_month(busiest)} 的 {totals[busiest]:,}" if entered else "，登錄的活動場次未填或為 0"
    return Chart(
        figure,
        finding=f"已登錄 {entered:,} 場次（則）{most}",
        name="活動與訓練各月場次",
        rows=rows,
        right=(*series, "合計"),
        key="activities_months",
        section=_MONTHS,
    )


def by_unit(screen: Screen) -> None:
    """Sessions by unit and kind, attendances beside them."""
    if not _so_far(screen):
        return
    blocks.draw(_units(screen))
    place, asked = folds.fold("各單位各類明細", "activities_by_kind", icon=":material/table_view:")
    with place:
        tables.browse(_units_by_kind(screen), alt="各單位各類活動的場次", drawn_now=asked)


@drawn.kept
def _units(screen: Screen) -> Markup:
    found = screen.so_far(loads.activities_by_unit)
    sessions: dict[str, int] = defaultdict(int)
    people: dict[str, int] = defaultdict(int)
    for unit, _, some, attendees in found:
        sessions[unit or _NO_UNIT] += some
        if attendees is not None:
            people[unit or _NO_UNIT] += attendees
    rows = [
        {"單位": unit, "場次（則）": f"{many:,}", "人次": f"{people[unit]:,}" if unit in people else "未填"}
        for unit, many in sessions.items()
    ]
    return blocks.headed("各單位", tables.table(rows, right=("場次（則）", "人次"), alt="各單位的場次與人次"))


@Kept
def _units_by_kind(screen: Screen) -> list[dict[str, Any]]:
    found = screen.so_far(loads.activities_by_unit)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for unit, kind, sessions, _ in found:
        row = counts[unit or _NO_UNIT]
        row[kind] = row.get(kind, 0) + sessions
    kinds = [kind for kind in _LABELS if any(kind in row for row in counts.values())]
    return [{"單位": unit} | {_LABELS[kind]: row.get(kind, 0) for kind in kinds} for unit, row in counts.items()]


def ledger(screen: Screen) -> None:
    """The rows behind the figures, filtered by kind."""
    found = loads.activities_by_month(screen.store, screen.state, screen.period.code)
    if not found:
        return
    blocks.section("活動紀錄")
    present = [kind for kind in _LABELS if any(kind == row[0] for row in found)]
    kinds = st.pills("類別", present, selection_mode="multi", format_func=_LABELS.__getitem__, key="activity_kinds")
    shown = tuple(kinds or present)
    if later := sum(row[2] for row in found) - sum(row[2] for row in _so_far(screen)):
        st.caption(f"其中 {later:,} 筆在 {periods.roc_day(screen.board.as_of)} 之後，到了那一天才計入上面的數字。")
    tables.browse(
        _rows(screen, shown),
        told=(screen.told, shown),
        alt=f"活動紀錄，最新在前，最多 {_MOST} 筆",
        config={"名稱": st.column_config.TextColumn("名稱", width="large")}
        | {name: st.column_config.NumberColumn(name, format="localized") for name in ("場次", "人次")},
    )


@Kept
def _rows(screen: Screen, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "日期": periods.roc_day_of(row["held_on"]),
            "類別": _LABELS[row["kind"]],
            "名稱": row["title"],
            "單位": row["unit"],
            "場次": row["sessions"],
            "人次": row["attendees"],
            "合作單位": row["partner"],
            "地點": row["place"],
            "來源": tables.source_text(row),
        }
        for row in loads.activities(screen.store, screen.state, screen.period.code, kinds, _MOST)
    ]
