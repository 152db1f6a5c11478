"""Planning a month: days and units proposed in turn, each line editable, all of them one batch."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from sqdash import periods
from sqdash.analysis import rota as analysis
from sqdash.contributions import Contribution
from sqdash.jobs import rota as jobs
from sqdash.jobs.rota import Slot
from sqdash.people import Action
from sqdash.periods import Period
from sqdash.ui import choices, forms, loads, refusals, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels.rota import WEEKDAYS, slots_of

_DEFAULT_WEEKDAYS = (1,)  # Tuesdays, until the month before tells otherwise
_NOBODY = ""


def plan(screen: Screen) -> None:
    """Which month, which weekdays, which units in turn; then the lines to look over and store."""
    if not who.may(Action.ROTA):
        who.without(Action.ROTA)
        return
    month = _month(screen)
    lately = slots_of(screen, _half_a_year_before(month))
    before = [slot for slot in lately if _month_before(month).contains(slot.due_on)]
    everybody = loads.units_in_turn(screen.store, screen.state, month.end.isoformat())
    if not everybody:
        st.info("還沒有單位資料，請先匯入計畫，才能排供稿。", icon=":material/inbox:")
        return
    mine = who.among(Action.ROTA, list(everybody))
    if not mine:
        st.info("您的單位沒有輪流供稿，不能排定；要改請洽系統管理者。", icon=":material/inbox:")
        return
    turns = choices.apart({unit: everybody[unit] for unit in mine})
    ring = analysis.ring(lately) or everybody
    took_part = [unit for unit in turns if unit in ring]
    between = {unit for unit in ring if unit not in turns}  # whose turns this person does not plan
    with st.container(horizontal=True, vertical_alignment="bottom"):
        weekdays = st.pills(
            "星期",
            range(7),
            selection_mode="multi",
            default=sorted({slot.due_on.weekday() for slot in before}) or _DEFAULT_WEEKDAYS,
            format_func=lambda day: f"週{WEEKDAYS[day]}",
            key=f"rota_weekdays_{month.code}",
        )
    units = st.multiselect(
        "輪流的單位（依此順序）",
        list(turns),
        default=took_part or list(turns),
        format_func=lambda unit: turns[unit],
        key=f"rota_units_{month.code}",
        placeholder="選擇單位",
        select_all=False,
    )
    off = loads.days_off(screen.store, screen.state, month.code)
    taken = {slot.due_on for slot in slots_of(screen, month)}
    days = [day for day in analysis.days_of(month, frozenset(weekdays), off) if day not in taken]
    order = [unit for unit in everybody if unit in between.union(units)] if between else units
    proposed = analysis.propose(days, order, lately[-1].unit if lately else None)
    _lines(screen, month, [one for one in proposed if one[1] in units], turns, lately)


def _month(screen: Screen) -> Period:
    today = periods.today()
    coming = [f"{_month_after(today, n):%Y-%m}" for n in range(4)]
    options = sorted({*coming, *screen.period.months})
    chosen = st.selectbox(
        "要排的月份",
        options,
        index=options.index(coming[1]),
        format_func=lambda m: periods.month_period(m).label,
        key=f"rota_plan_month_{screen.period.code}",
        placeholder="請選擇",
        width=180,
    )
    return periods.month_period(chosen)


def _month_after(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _half_a_year_before(month: Period) -> Period:
    return periods.span(_month_after(month.start, -6), month.start - timedelta(days=1))


def _month_before(month: Period) -> Period:
    return periods.month_period(f"{month.start - timedelta(days=1):%Y-%m}")


def _lines(
    screen: Screen,
    month: Period,
    proposed: list[tuple[date, str]],
    turns: dict[str, str],
    lately: list[Contribution],
) -> None:
    standing = len(slots_of(screen, month))
    if standing:
        st.info(f"{month.label}已排了 {standing:,} 篇，那幾天不再列出；存入後會再加上下面的。", icon=":material/info:")
    if not proposed:
        st.caption("請選至少一個星期幾與一個單位；已排的日子與輪到其他單位的日子不列出。")
        return
    roles = {slot.unit: slot.role or "" for slot in lately}
    with st.form(f"rota_plan_{month.code}_{forms.round_()}", border=False):
        slots = [_line(nth, day, unit, turns, roles, month) for nth, (day, unit) in enumerate(proposed)]
        if st.form_submit_button(f"存入 {month.label}的輪值", type="primary"):
            _save(screen, month, [slot for slot in slots if slot[1] != _NOBODY])


def _line(
    nth: int, day: date, unit: str, turns: dict[str, str], roles: dict[str, str], month: Period
) -> tuple[str, str, str, str]:
    key = f"rota_line_{month.code}_{day}_{unit}_{forms.round_()}"
    with st.grid(4, min_column_width=150, gap="xsmall"):
        on = st.text_input(
            f"第 {nth + 1} 篇供稿日（週{WEEKDAYS[day.weekday()]}）", periods.roc_day(day), key=f"{key}_on"
        )
        options = [_NOBODY, *turns]
        who = st.selectbox(
            "單位",
            options,
            index=options.index(unit),
            format_func=lambda code: turns.get(code, "這天不排"),
            key=f"{key}_unit",
            placeholder="請選擇",
        )
        title = st.text_input("主題（可空白）", key=f"{key}_title")
        role = st.text_input("承辦角色（不填姓名）", roles.get(unit, ""), key=f"{key}_role")
    return on, who or _NOBODY, title, role


def _save(screen: Screen, month: Period, lines: list[tuple[str, str, str, str]]) -> None:
    with refusals.told():
        units = [frozenset({unit}) for _, unit, _, _ in lines]
        slots = [Slot(periods.parse_day(on), unit, title, role) for on, unit, title, role in lines]
        batch = jobs.plan(screen.store, month, slots, by=who.acting(Action.ROTA, *units))
        forms.done(f"已排定 {month.label} {len(slots):,} 篇供稿（批次 {batch}，可在匯入紀錄還原）。")
