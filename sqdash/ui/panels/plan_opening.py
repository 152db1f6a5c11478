"""A new year from the last one that has a plan: what is carried on, what a person is asked first."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import streamlit as st

from sqdash import formats, periods
from sqdash.analysis.next_targets import Proposal
from sqdash.errors import DataError, SqdashError
from sqdash.indicators import BY_KEY
from sqdash.jobs import open_year
from sqdash.people import Action
from sqdash.ui import blocks, choices, folds, forms, frame, loads, refusals, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept


def absent(screen: Screen) -> None:
    """The word for a year without a plan, and how it gets one."""
    earlier = any(year < screen.period.roc_year for year in loads.planned_years(screen.store, screen.state))
    if opens := who.may(Action.TARGETS):
        how = "可以沿用先前的年度，或上傳計畫檔案" if earlier else "上傳計畫檔案後會列在這裡"
    else:
        how = f"由研考開立後會列在這裡{'，先前的計畫請改選上方的年度' if earlier else ''}"
    st.info(f"還沒有 {screen.period.roc_year} 年度的計畫；{how}。", icon=":material/inbox:")
    if opens:
        frame.link("upload", "到資料登錄與上傳", icon="upload_file")


def opening(screen: Screen) -> None:
    """The next year without a plan, from the last one that has one; targets are edited before they are saved."""
    planned = loads.planned_years(screen.store, screen.state)
    if not planned or not who.may(Action.TARGETS):
        return
    shown = screen.period.roc_year
    year = shown if shown not in planned and shown > min(planned) else max(planned) + 1
    blocks.section(f"開立 {year} 年度")
    try:
        found = _next_year(screen.store, screen.state, year, periods.today())
    except SqdashError as error:
        st.caption(tables.plain(error))
        return
    st.caption(
        f"沿用 {found.last} 年度：{found.methods} 項執行方法、主辦單位、依據與連結；成果文字從空白開始。"
        + (f"已有目標的 {len(found.standing)} 項指標不再提出。" if found.standing else "")
    )
    if found.renamed:
        names = "、".join(f"{old}改為{new}" for old, new in found.renamed.items())
        st.caption(tables.plain(f"主辦單位用 {found.year} 年度的名稱：{names}。"))
    if found.ended:
        names = "、".join(one.name for one in found.ended)
        st.warning(
            tables.plain(f"{names}在 {found.year} 年度之前已經結束，不再沿用為主辦單位；請在下方選擇由哪個單位接續。"),
            icon=":material/group_off:",
        )
    label = f"檢視目標並開立 {found.year} 年度"
    place, asked = folds.fold(label, f"plan_opening_{found.year}", icon=":material/event_upcoming:")
    if asked:
        with place:
            _opening_form(screen, found)


@Kept
def _next_year(store: Path, state: str, year: int, day: date) -> open_year.NewYear:
    """What opening the year would do as the store is and on that day."""
    return open_year.look(store, year)


def _opening_form(screen: Screen, found: open_year.NewYear) -> None:
    with st.form(key=f"plan_open_{found.year}_{forms.round_()}", border=False):
        title = st.text_input("標題", value=found.title)
        with st.grid(2, min_column_width=260, gap="small"):
            texts = {one.name: (one, _target(found.year, one)) for one in found.proposals}
        successors = _successors(found)
        labels = _labels(found)
        reason = st.text_input("原因（必填）", value=f"開立 {found.year} 年度計畫")
        if st.form_submit_button(f"開立 {found.year} 年度", type="primary"):
            with refusals.told():
                values = {
                    name: value
                    for name, (one, text) in texts.items()
                    if (value := _value(one.target.indicator, text)) is not False
                }
                with st.spinner("開立中…"):
                    batch = open_year.open_year(
                        screen.store,
                        found.year,
                        values,
                        title=title,
                        reason=reason,
                        by=who.acting(Action.TARGETS),
                        labels=labels,
                        successors=successors,
                    )
                forms.done(f"已開立 {found.year} 年度（批次 {batch}），可到資料登錄與上傳還原。")


def _successors(found: open_year.NewYear) -> dict[str, str | None]:
    """Who goes on with the methods of each unit that has ended; None where nobody is chosen."""
    if not found.ended:
        return {}
    blocks.section(f"已經結束的主辦單位（{len(found.ended)} 個）")
    if alone := list(dict.fromkeys(method for one in found.ended for method in one.alone)):
        st.caption(f"沒有選接續單位時，{'、'.join(alone)} 就沒有主辦單位，開立後請上傳計畫檔案補上。")
    chosen = {}
    for one in found.ended:
        st.text(f"{one.name}（{periods.roc_day_of(one.until)} 止）主辦：{'、'.join(one.methods)}")
        chosen[one.unit] = choices.optional(
            f"接續{one.name}的單位",
            found.units,
            placeholder="不接續",
            key=f"plan_successor_{found.year}_{one.unit}_{forms.round_()}",
            width=260,
        )
    return chosen


def _labels(found: open_year.NewYear) -> dict[str, str]:
    """Each text of the plan that names a year, or targets or units that are others now, old above new; what is typed is
    what the new year gets."""
    if not found.labels:
        return {}
    blocks.section(f"文字裡的年份、目標與單位（{len(found.labels)} 處）")
    st.caption(
        "下列文字提到年份、與上次不同的目標，或已改名、已結束的單位，請逐一確認；上面的目標若再修改，這裡請一併修改；"
        "其餘文字照舊，依據的名稱、文號與日期也照舊，開立後請到設定更正。"
    )
    typed = {}
    for one in found.labels:
        with st.container(border=True, gap="xsmall"):
            st.text(f"{found.last} 年度：{one.old}")
            typed[one.name] = st.text_area(
                f"{found.year} 年度的{one.what}",
                value=one.new,
                key=f"plan_label_{found.year}_{one.name}_{forms.round_()}",
                help="可以修改；要保留原文請改回。",
            )
    return typed


def _target(year: int, one: Proposal) -> str:
    indicator = BY_KEY[one.target.indicator]
    word = "超過" if one.target.comparator == ">" else "至少"
    value = "" if one.value is None else formats.number(one.value, formats.places_of(indicator))
    which = f"，{_which(one)}" if one.name != indicator.key else ""
    label = f"{indicator.label}（{word}，{indicator.unit}{which}）"
    return st.text_input(label, value=value or "—", help=one.why, key=f"plan_target_{year}_{one.name}_{forms.round_()}")


def _which(one: Proposal) -> str:
    """What tells a target from the indicator's other one: the rhythm, or the way of measuring it is for."""
    if one.target.kind == "norm":
        return "規律"
    ways = {way.version: way.label for way in BY_KEY[one.target.indicator].definitions}
    return ways.get(one.target.definition, f"定義 {one.target.definition}")


def _value(key: str, text: str) -> float | bool | None:
    """The value typed; None where only the rhythm is known (—), False where the target is not carried on."""
    clean = text.strip().replace(",", "")
    if clean in ("—", ""):
        return None if clean else False
    try:
        return float(clean)
    except ValueError:
        raise DataError(f"{BY_KEY[key].label}的目標「{text[:40]}」不是數字，請寫成例如 13000。") from None
