"""The period picker: year and part of it, kept in the URL as ``period=103H1``."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sqdash import periods, views
from sqdash.errors import PeriodError
from sqdash.periods import Period

_KEPT = "period_code"
_SHOWN = "period_shown"
_PARTS = {
    "": "全年",
    "H1": "上半年",
    "H2": "下半年",
    "Q1": "第 1 季",
    "Q2": "第 2 季",
    "Q3": "第 3 季",
    "Q4": "第 4 季",
    **{f"-{month:02d}": f"{month} 月" for month in range(1, 13)},
    "free": "自訂期間",
}


def period(years: Sequence[int], page: str) -> Period:
    """Draw the picker of a page; the chosen period. The newest year that has begun and has data is the default."""
    newest = views.newest_year(years)
    current = _asked(newest)
    _fill_widgets(current, page)
    options = sorted({newest, current.roc_year, *years}, reverse=True)
    year = st.selectbox(
        "年度",
        options,
        key="period_year",
        format_func=lambda y: f"{y} 年",
        label_visibility="collapsed",
        placeholder="年度",
        width=104,
    )
    part = st.selectbox(
        "期間",
        list(_PARTS),
        key="period_part",
        format_func=_PARTS.__getitem__,
        label_visibility="collapsed",
        placeholder="期間",
        width=120,
    )
    chosen = _free(current) if part == "free" else periods.parse_period(f"{year}{part}")
    st.session_state[_SHOWN] = (chosen.code, page)
    _keep(chosen)
    return chosen


def kept(years: Sequence[int]) -> Period:
    """The period of the page before and of the next one, for a page that shows none and offers no choice."""
    current = _asked(views.newest_year(years))
    _keep(current)
    return current


def _asked(newest: int) -> Period:
    """What the URL asks for, else what this visit used last, else the newest year."""
    code = st.query_params.get("period") or st.session_state.get(_KEPT) or str(newest)
    try:
        return periods.parse_period(code)
    except PeriodError as error:
        st.session_state["period_refused"] = str(error)
        return periods.year_period(newest)


def _fill_widgets(current: Period, page: str) -> None:
    """Bring the widgets in line when the URL moved or the page is another, where the same keys are new widgets.

    The boxes are given their values at every run: Streamlit says a value once, and a browser that draws a box only at
    the run after that would show, and send back, the first of its options.
    """
    if st.session_state.get(_SHOWN) == (current.code, page) and "period_year" in st.session_state:
        for key in ("period_year", "period_part"):
            st.session_state[key] = st.session_state[key]
        return
    st.session_state["period_year"] = current.roc_year
    st.session_state["period_part"] = (
        "free" if current.kind == "free" else current.code.removeprefix(str(current.roc_year))
    )
    st.session_state["period_from"] = periods.roc_day(current.start)
    st.session_state["period_to"] = periods.roc_day(current.end)


def _free(current: Period) -> Period:
    """Two ROC dates typed by hand; the last good period until both can be read."""
    for key, day in (("period_from", current.start), ("period_to", current.end)):
        if key not in st.session_state:
            st.session_state[key] = periods.roc_day(day)
    start = st.text_input("起日（例如 103/06/10）", key="period_from", placeholder="103/06/10", width=130)
    end = st.text_input("迄日（例如 103/12/31）", key="period_to", placeholder="103/12/31", width=130)
    try:
        return periods.span(periods.parse_day(start), periods.parse_day(end))
    except PeriodError as error:
        st.session_state["period_refused"] = str(error)
        return current


def _keep(chosen: Period) -> None:
    st.session_state[_KEPT] = chosen.code
    if st.query_params.get("period") != chosen.code:
        st.query_params["period"] = chosen.code


def refused() -> str | None:
    """Why the last asked-for period could not be used; said once."""
    found = st.session_state.pop("period_refused", None)
    return str(found) if found else None
