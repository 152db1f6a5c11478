"""What a unit has to enter in a month, and the year's 催報 table: who still owes which entries.

Draws only; what is due is decided in ``analysis.due``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from sqdash import periods
from sqdash.analysis import due
from sqdash.analysis.due import Book, Due, State
from sqdash.indicators import BY_KEY
from sqdash.periods import Period
from sqdash.store.queries.due import DueRows, UnitName
from sqdash.ui import blocks, choices, loads, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept

_UNIT = "due_unit"
_SHOWN = "due_unit_shown"
_KEPT = "unit_code"
_REFUSED = "due_unit_refused"
_URGENT: tuple[State, ...] = (
    "overdue",
    "missing",
    "open",
    "marked",
    "done",
    "later",
    "unknown",
    "rest",
    "none",
)
_LEGEND = (
    "✓ n：該月已登錄 n 筆（日）；✓：他單位或他月已登錄，本期已齊；缺 n：尚缺 n 次（日）；"
    "少 n：已註記登錄完整，實際少 n；—：當月不須登錄，或規律的起始月份未陳報；未到：尚未到期。"
    "只看逐筆登錄，報告陳報的全年數字不算在內。"
)
_FIRST_DAY = date(1 + periods.ROC_OFFSET, 1, 1)


def mine(screen: Screen) -> None:
    """The chosen unit's indicators in the chosen month: due, entered, missing."""
    today = periods.today()
    blocks.section("我的單位，本月")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        units = st.container(width="content")
        month = _month(screen, today)
        rows = _rows(screen, _span(month))
        with units:
            unit = _unit(rows)
    if unit is None:
        st.info("還沒有單位與計畫。匯入單位與計畫之後，這裡會列出每個單位本月應登錄的項目。", icon=":material/inbox:")
        return
    if st.session_state.pop(_REFUSED, False):
        named = tables.plain(rows.units[unit].label)
        st.warning(f"要找的單位不在 {month.label}的單位之中，已改列{named}，請重新選擇。")
    tasks = _tasks(screen.store, screen.state, month, unit, today)
    if not tasks.dues:
        _without_tasks(rows, unit)
        return
    _sentence(month, tasks.dues, today)
    if tasks.earlier:
        said = tables.plain(f"先前月份尚缺 {'、'.join(tasks.earlier)}，請補登。")
        st.warning(said, icon=":material/history:")
    tables.show(
        tasks.rows,
        right=("本月應有", "已登錄"),
        whole=("指標", "狀態", "規律"),
        alt=f"{rows.units[unit].label} {month.label}應登錄、已登錄與尚缺的指標",
    )
    st.caption(
        f"主辦單位依 {rows.plan_year} 年度計畫；「已登錄」為本單位與未註明單位的筆數，任一主辦單位登錄即算齊；"
        f"計畫未訂陳情件數的登錄期限，暫以次月 {due.PETITION_DAY} 日前計。"
    )


class Tasks(NamedTuple):
    """What is due of a unit in a month, what earlier months still miss, and the table of both: what is to be done first
    stands first."""

    dues: tuple[Due, ...]
    earlier: tuple[str, ...]
    rows: list[dict[str, str]]


@Kept
def _tasks(store: Path, state: str, month: Period, unit: str, today: date) -> Tasks:
    rows = loads.due_rows(store, state, _span(month).code)
    books = _books(rows)
    keys = [key for key, lead in rows.leads if lead == unit and key in books and _listed(books[key], month)]
    dues = {key: due.month_of(books[key], month, unit, today) for key in keys}
    before = {key: due.lacking_before(books[key], month, unit, today) for key in keys}
    return Tasks(
        tuple(dues.values()),
        tuple(f"{BY_KEY[key].label} {missing:,} {_beat(books[key])}" for key, missing in before.items() if missing),
        [
            _row(books[key], found, unit, min(month.end, today))
            for key, found in sorted(dues.items(), key=lambda item: _URGENT.index(item[1].state))
        ],
    )


def _month(screen: Screen, today: date) -> Period:
    """A month of the chosen year; the present one unless the period itself is a month."""
    now = f"{today:%Y-%m}"
    year = periods.year_period(screen.period.roc_year).months
    chosen = screen.period.months[0] if screen.period.kind == "month" else now
    options = list(year) if now in year else [now, *year]
    month = st.selectbox(
        "月份",
        options,
        index=options.index(chosen),
        format_func=lambda m: periods.month_period(m).label,
        key=f"due_month_{screen.period.code}",
        placeholder="請選擇",
        width=160,
    )
    return periods.month_period(month)


def _span(month: Period) -> Period:
    """The month and what came before it in its year, or in the last year where it is January."""
    last = month.start - timedelta(days=1)
    return periods.span(max(_FIRST_DAY, date(last.year, 1, 1)), month.end)


def _rows(screen: Screen, span: Period) -> DueRows:
    return loads.due_rows(screen.store, screen.state, span.code)


def _books(rows: DueRows) -> dict[str, Book]:
    """Of every indicator that the plan gives to a unit and people enter."""
    return {
        key: due.book(BY_KEY[key], rows.days, rows.older, rows.targets.get(key, ()), rows.marks.get(key, ()))
        for key in dict(rows.leads)
        if key in BY_KEY and due.by_people(BY_KEY[key])
    }


def _listed(book: Book, month: Period) -> bool:
    """The fan page's own ledgers are kept by its team; only those with a rhythm are asked for here."""
    return book.indicator.group != "fan_page" or due.rhythm(book.indicator, book.targets, month.end) is not None


def _unit(rows: DueRows) -> str | None:
    """The unit chosen here or in the address (``unit=section-6``), which remembers it; None where there are none."""
    entered = {lead for key, lead in rows.leads if key in BY_KEY and due.by_people(BY_KEY[key])}
    options = [
        code for code, unit in rows.units.items() if unit.implementing or (unit.kind == "sub_unit" and code in entered)
    ]
    if not options:
        return None
    own = who.current().unit
    asked = st.query_params.get("unit") or st.session_state.get(_KEPT) or (own if own in options else options[0])
    if asked not in options:
        st.session_state[_REFUSED] = True
        asked = options[0]
    if st.session_state.get(_SHOWN) != asked or st.session_state.get(_UNIT) not in options:
        st.session_state[_UNIT] = asked
    labels = choices.apart({code: rows.units[code].label for code in options})
    chosen: str = st.selectbox(
        "單位",
        options,
        key=_UNIT,
        format_func=labels.__getitem__,
        placeholder="請選擇",
        width=200,
    )
    st.session_state[_KEPT] = st.session_state[_SHOWN] = chosen
    if st.query_params.get("unit") != chosen:
        st.query_params["unit"] = chosen
    return chosen


def _without_tasks(rows: DueRows, unit: str) -> None:
    plan = f"{rows.plan_year} 年度計畫" if rows.plan_year else "計畫"
    st.info(
        tables.plain(f"{plan}沒有請{rows.units[unit].label}逐筆登錄的指標，要登錄其他資料請用下方的表單或上傳檔案。"),
        icon=":material/task_alt:",
    )


def _sentence(month: Period, dues: Sequence[Due], today: date) -> None:
    owing, done, lacking = due.tally(dues)
    when = "本月" if month.contains(today) else month.label
    if not owing:
        st.info(f"{when}沒有到期應登錄的項目。", icon=":material/event_available:")
        return
    said = f"{when}應登錄 {owing} 項，已齊 {done} 項，尚缺 {lacking} 項。"
    if lacking:
        st.info(said, icon=":material/edit_calendar:")
    else:
        st.success(said, icon=":material/task_alt:")


def _row(book: Book, found: Due, unit: str, day: date) -> dict[str, str]:
    newest = book.newest(unit, day)
    return {
        "指標": book.indicator.label,
        "狀態": _state(found),
        "規律": _rule(found),
        "本月應有": f"{found.owed:,}" if found.owed else "—",
        "已登錄": f"{found.own:,}",
        "最近一筆": _day(book, newest) if newest else "—",
    }


def _day(book: Book, day: date) -> str:
    monthly = book.indicator.ledger is not None and book.indicator.ledger.table == "petitions"
    return periods.roc_month(f"{day:%Y-%m}") if monthly else periods.roc_day(day)


def _rule(found: Due) -> str:
    if found.rhythm is None:
        return "無固定規律"
    carried = found.rhythm.carried
    return found.rhythm.words + (f"（沿用 {carried} 年規律）" if carried else "")


def _state(found: Due) -> str:
    """Icon and word."""
    unit = "日" if found.rhythm and found.rhythm.every_days else "筆"
    match found.state:
        case "done":
            whole = f"（{_months(found.span)} 各單位共 {found.have:,} {unit}）"
            return "✔ 已齊" + (whole if found.own < max(found.owed, 1) else "")
        case "missing":
            return f"◔ 尚缺 {found.lacking:,}"
        case "overdue":
            return f"✖ 逾期，尚缺 {found.lacking:,}"
        case "marked":
            return f"◑ 已註記登錄完整，實際少 {found.lacking:,}"
        case "open":
            return f"▲ 尚可登錄（{periods.roc_day(found.deadline)} 截止）"
        case "rest":
            return "– 本月不須登錄"
        case "later":
            return "– 未到"
        case "unknown":
            return f"– 起始月份未陳報，本月已登錄 {found.own:,} {unit}"
    return f"– 本月已登錄 {found.own:,} {unit}"


def _months(span: Period) -> str:
    """The months of a beat; its days, where it is of days."""
    if len(span.months) == span.whole_months:
        return "–".join(periods.roc_month(month) for month in dict.fromkeys((span.months[0], span.months[-1])))
    return f"{periods.roc_day(span.start)}–{periods.roc_day(span.end)}"


def _beat(book: Book) -> str:
    """What is counted where entries are lacking; of petitions a month's row is, whose figure is of cases."""
    ledger = book.indicator.ledger
    if ledger and ledger.table == "petitions":
        return "個月"
    return "日" if ledger and ledger.measure == "day" else "次"


# --- the year's table


def calendar(screen: Screen) -> None:
    """Every rhythm of the year by lead unit and month, to chase what is missing; the same as a file."""
    year, today = periods.year_period(screen.period.roc_year), periods.today()
    blocks.section(f"{year.label}催報表")
    rows = _rows(screen, year)
    found = _year(screen.store, screen.state, year, today)
    if not found:
        st.info(f"{year.label}沒有須定期登錄的項目；計畫與規律訂定之後會列在這裡。", icon=":material/inbox:")
        return
    units = {unit: _named(rows.units, unit) for _, unit in found}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choices.optional("主辦單位", units, placeholder="全部單位", key="due_calendar_unit", width=220)
        only = st.checkbox("只看尚缺", key="due_only_lacking")
    shown = [
        _calendar_row(rows.units, key, unit, dues)
        for (key, unit), dues in found.items()
        if chosen in (None, unit) and (not only or any(month.chased for month in dues))
    ]
    chased = sum(any(month.chased for month in dues) for dues in found.values())
    st.markdown(f":red[✖ {chased:,} 列尚缺]，共 {len(found):,} 列" if chased else ":green[✔ 目前沒有尚缺的項目]")
    st.caption(_LEGEND)
    tables.show(
        shown,
        alt=f"{year.label}各指標與主辦單位的每月登錄情形",
        whole=tuple(shown[0]) if shown else (),
        empty="沒有尚缺的項目。",
    )
    if shown:
        tables.download(shown, name=f"催報表_{year.roc_year}", key="due_calendar")


@Kept
def _year(store: Path, state: str, year: Period, today: date) -> dict[tuple[str, str], tuple[Due, ...]]:
    rows = loads.due_rows(store, state, year.code)
    return due.year_of(_books(rows), rows.leads, year, today)


def _named(units: Mapping[str, UnitName], unit: str) -> str:
    return units[unit].label if unit in units else unit


def _calendar_row(units: Mapping[str, UnitName], key: str, unit: str, dues: Sequence[Due]) -> dict[str, str]:
    carried = next((f"（沿用 {d.rhythm.carried} 年規律）" for d in dues if d.rhythm and d.rhythm.carried), "")
    months = {f"{number} 月": _cell(found) for number, found in enumerate(dues, 1)}
    return {"指標": BY_KEY[key].label + carried, "主辦單位": _named(units, unit)} | months


def _cell(found: Due) -> str:
    count = f" {found.lacking:,}" if found.lacking > 1 else ""
    if found.chased:
        return f"缺{count}"
    if found.state == "marked":
        return f"少 {found.lacking:,}"
    if found.own:
        return f"✓ {found.own:,}"
    if found.state == "later" or (found.state == "open" and found.deadline > found.span.end):
        return "未到"
    return "✓" if found.owed else "—"
