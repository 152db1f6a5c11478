"""What stands below every page: where each of its figures is from, and its tables as one file."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sqdash import formats, periods
from sqdash.indicators import BY_KEY
from sqdash.ui import cards, drawn, folds, screen_export, tables
from sqdash.ui.frame import Screen
from sqdash.views import Board


def draw(screen: Screen, keys: Sequence[str] = ()) -> None:
    """The last thing on a page, folded away: basis, source, row and day of the indicators ``keys`` that it shows, which
    the page's file has with their targets; and that file."""
    if keys:
        drawn.add(
            "指標與數字出處",
            lambda: [_judged(screen.board, key) | _source_row(screen, key) for key in keys],
            note="數值旁有目標、狀態與去年",
        )
    found = drawn.taken()
    label, icon = ("數字出處與下載", "fact_check") if keys else ("下載本頁資料", "download")
    place, asked = folds.fold(label, folds.FILE, icon=f":material/{icon}:")
    if asked:
        with place:
            if keys:
                _sources(screen, keys)
            with st.container(key="page_file"):
                screen_export.offer(screen, found)


def _sources(screen: Screen, keys: Sequence[str]) -> None:
    rows = [_source_row(screen, key) for key in keys]
    tables.show(rows, alt="本頁每個數字的依據、出處與截至日", whole=("數值", "依據"), noted=False)
    if screen.board.lock:
        st.caption(
            f"{screen.board.lock.year} 年度已鎖定：指標的數字、狀態與出處以鎖定時為準，與現在不同的另列在「現在」；"
            "圖表與清單是現在的資料。"
        )


def _judged(board: Board, key: str) -> dict[str, str]:
    """What a card says of the figure, for the page's file; the columns of :func:`_source_row` stand among them."""
    result, indicator = board.results[key], BY_KEY[key]
    goal = result.applied.value if result.applied else None
    return {
        "代碼": key,
        "指標": indicator.label,
        "數值": formats.figure_as_measured(result),
        "單位": indicator.unit,
        "目標": formats.target(indicator, result.applied),
        "目標值": "" if goal is None else formats.number(goal, formats.places_of(indicator)),
        "狀態": formats.state(result),
        "去年": formats.earlier(board.before[key], result),
    }


def _source_row(screen: Screen, key: str) -> dict[str, str]:
    result = screen.result(key)
    where = "；".join(source.text for source in result.sources)
    by = "、".join(dict.fromkeys(source.by for source in result.sources))
    as_of = periods.roc_day(result.as_of) if result.as_of else (result.as_of_words or "")
    return {
        "指標": BY_KEY[result.key].label,
        "數值": formats.figure_as_measured(result),
        "依據": formats.BASES[result.basis] if result.basis else "",
        "出處": where or "—",
        "截至": as_of,
        "備註": "；".join(part for part in (formats.remarks(result), BY_KEY[result.key].meaning) if part),
        "登錄者": by,
    } | cards.moved_cell(screen, key)
