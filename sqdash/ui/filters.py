"""The period picker: year and part of it, kept in the URL as ``period=103H1``."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sqdash import periods, views
from sqdash.errors import PeriodError
from sqdash.periods import Period

_KEPT, _SHOWN, _REFUSED = "period_code", "period_shown", "period_refused"
_YEAR, _PART, _FROM, _TO = "period_year", "period_part", "period_from", "period_to"
_FREE = "free"
_PARTS = {
    "": "全年",
    "H1": "上半年",
    "H2": "下半年",
    "Q1": "第 1 季",
    "Q2": "第 2 季",
    "Q3": "第 3 季",
    "Q4": "第 4 季",
    **{f"-{month:02d}": f"{month} 月" for month in range(1, 13)},
    _FREE: "自訂期間",
}


def chosen(years: Sequence[int], page: str) -> Period:
    """The period that the boxes of :func:`pick` show on a page, before they are drawn: what was asked for last, by them
    or by the URL; else the newest year that has begun and has data."""
    current = _asked(views.newest_year(years))
    _fill_widgets(current, page)
    year, part = st.session_state[_YEAR], st.session_state[_PART]
    found = _free(current) if part == _FREE else periods.parse_period(f"{year}{part}")
    st.session_state[_SHOWN] = (found.code, page)
    _keep(found)
    return found


def pick(years: Sequence[int]) -> None:
    """Draw the picker of the period, after :func:`chosen`."""
    st.selectbox(
        "年度",
        sorted({views.newest_year(years), st.session_state[_YEAR], *years}, reverse=True),
        key=_YEAR,
        format_func=lambda y: f"{y} 年",
        label_visibility="collapsed",
        placeholder="年度",
        width=104,
    )
    st.selectbox(
        "期間",
        list(_PARTS),
        key=_PART,
        format_func=_PARTS.__getitem__,
        label_visibility="collapsed",
        placeholder="期間",
        width=120,
    )
    if st.session_state[_PART] == _FREE:
        with st.container(horizontal=True, width="content"):  # both on the next line where one has no room
            st.text_input("起日", key=_FROM, placeholder="103/06/10", width=130)
            st.text_input("迄日", key=_TO, placeholder="103/12/31", width=130)


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
        st.session_state[_REFUSED] = str(error)
        return periods.year_period(newest)


def _fill_widgets(current: Period, page: str) -> None:
    """Bring the widgets in line when the URL moved or the page is another, where the same keys are new widgets.

    The boxes are given their values at every run: Streamlit says a value once, and a browser that draws a box only at
    the run after that would show, and send back, the first of its options.
    """
    if st.session_state.get(_SHOWN) == (current.code, page) and _YEAR in st.session_state:
        for key in (_YEAR, _PART):
            st.session_state[key] = st.session_state[key]
        return
    st.session_state[_YEAR] = current.roc_year
    st.session_state[_PART] = _FREE if current.kind == "free" else current.code.removeprefix(str(current.roc_year))
    st.session_state[_FROM], st.session_state[_TO] = periods.roc_day(current.start), periods.roc_day(current.end)


def _free(current: Period) -> Period:
    """Two ROC dates typed by hand; the last good period until both can be read."""
    start = st.session_state.setdefault(_FROM, periods.roc_day(current.start))
    end = st.session_state.setdefault(_TO, periods.roc_day(current.end))
    try:
        return periods.span(periods.parse_day(start), periods.parse_day(end))
    except PeriodError as error:
        st.session_state[_REFUSED] = str(error)
        return current


def _keep(chosen: Period) -> None:
    st.session_state[_KEPT] = chosen.code
    if st.query_params.get("period") != chosen.code:
        st.query_params["period"] = chosen.code


def refused() -> str | None:
    """Why the last asked-for period could not be used; said once."""
    found = st.session_state.pop(_REFUSED, None)
    return str(found) if found else None
