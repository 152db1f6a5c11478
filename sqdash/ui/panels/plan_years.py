"""年度: locking and unlocking, a new year from the last, years side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import streamlit as st

from sqdash import formats, periods
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.jobs import year_lock
from sqdash.people import Action
from sqdash.report.tree import MethodNode, ReportTree
from sqdash.ui import blocks, cards, folds, forms, loads, refusals, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels import plan_check, plan_opening
from sqdash.views import Board
from sqdash.written import like

_BEFORE = " 年（前一年）"
_NOW = " 年現在"
_SAID = ("no_target", "no_data")
"""States with nothing to add: there is no target, or the figure itself says that there is none."""


def whole_year(screen: Screen) -> Screen:
    """The screen of the whole year, whose figures all tabs but 列印 show."""
    period = periods.year_period(screen.period.roc_year)
    return replace(screen, period=period, board=loads.board(screen.store, screen.state, period))


def of_the_year(screen: Screen) -> None:
    """That a tab is of the whole year, where a part of it is chosen above: other pages show that part's figures."""
    if screen.period.kind == "year":
        return
    year, part = screen.period.roc_year, screen.period.label
    st.info(
        tables.plain(f"這裡的文字與數字都是 {year} 年度全年的，不是上方所選的「{part}」；那段期間的數字請到「列印」。"),
        icon=":material/date_range:",
    )


def draw(screen: Screen) -> None:
    """The lock of the year shown, the next year, the comparison, which is long."""
    _lock(screen)
    if not who.may(Action.TARGETS):
        who.without(Action.TARGETS)
    plan_opening.opening(screen)
    _compare(screen)


def _lock(screen: Screen) -> None:
    year = screen.period.roc_year
    blocks.section("鎖定")
    states = {row["year"]: row for row in loads.current_rows(screen.store, screen.state, "year_locks")}
    locked = year in states and states[year]["state"] == "locked"
    if locked:
        st.markdown(f":blue[:material/lock: {year} 年度已鎖定]　{tables.plain('原因：' + str(states[year]['note']))}")
        st.caption("解除後，報告改用現在的資料；再鎖定時以那時的內容為準。")
        _moved(screen)
    else:
        st.markdown(f"{year} 年度開放中")
        st.caption("公布後請鎖定：計畫、成果文字、目標、陳報值與原因不能再改，報告永遠印得和鎖定時一樣。")
    if not who.may(Action.TARGETS):
        return
    verb = "解除鎖定" if locked else "鎖定"
    ready = locked or _is_ready(screen, year)
    with st.form(key=f"plan_lock_{year}_{forms.round_()}", border=False):
        reason = st.text_input("原因（必填）", placeholder="例如：成果報告已公布")
        if st.form_submit_button(f"{verb} {year} 年度", disabled=not ready):
            _turn(screen, year, reason, locked=locked)


def _is_ready(screen: Screen, year: int) -> bool:
    """Whether the year lacks nothing, or the person says that it is to be locked as it is, since its report then lacks
    it for good; what they say holds for the number they saw."""
    number = len(loads.completeness(screen.store, screen.state, year, periods.today()).findings)
    if not number:
        return True
    st.markdown(f"{plan_check.lacking(number)}，詳見「完整性」")
    return st.checkbox("仍要鎖定", key=f"plan_lock_anyway_{year}_{number}_{forms.round_()}")


def _turn(screen: Screen, year: int, reason: str, *, locked: bool) -> None:
    """Lock the year, or unlock it where it is locked."""
    with refusals.told():
        turn = year_lock.unlock if locked else year_lock.lock
        turn(screen.store, year, reason=reason, by=who.acting(Action.TARGETS))
        forms.done(f"已{'解除鎖定' if locked else '鎖定'} {year} 年度。")


def _moved(screen: Screen) -> None:
    """Figures that are otherwise today, because rows came in after the lock."""
    board = loads.board(screen.store, screen.state, periods.year_period(screen.period.roc_year))
    rows = [
        {
            "指標": BY_KEY[key].label,
            "鎖定時": formats.figure_as_measured(board.results[key]),
            "現在": formats.today(board.results[key], now),
        }
        for key, now in board.now.items()
    ]
    if rows:
        st.warning(
            f"鎖定後有 {len(rows)} 項數字因補登而不同；畫面與報告以鎖定時為準，現在的數字註在旁邊。",
            icon=":material/difference:",
        )
        tables.show(rows, alt="鎖定時與現在不同的數字")


def _compare(screen: Screen) -> None:
    blocks.section("年度比較")
    year = screen.period.roc_year
    others = [one for one in loads.years(screen.store, screen.state) if one != year]
    if not others:
        st.caption("只有一個年度有資料，還沒有可以比較的年度。")
        return
    other = st.selectbox(
        "與哪一年比較",
        others,
        index=others.index(_likely(screen, others)),
        format_func=lambda y: f"{y} 年",
        key=f"plan_other_{year}",
        placeholder="請選擇",
        width=200,
    )
    years = tuple(sorted((year, other)))
    boards, trees = loads.compared(screen.store, screen.state, years, periods.today())
    known = [key for key in BY_KEY if any(b.results[key].figure or key in b.now for b in boards.values())]
    told = [year for year, board in boards.items() if any(result.figure for result in board.before.values())]
    rows = [_indicator(key, boards, told) for key in known]
    figures = [name for name in (rows[0] if rows else ()) if name.endswith(("年", _BEFORE, _NOW))]
    for board in boards.values():
        if board.lock:
            day = periods.roc_day(board.lock.day)
            st.caption(f":material/lock: {board.lock.year} 年度以鎖定時為準（{day} 鎖定）；現在不同的另列一欄。")
    tables.show(
        rows,
        right=figures,
        whole=("指標", *figures),
        alt=f"{years[0]} 年與 {years[1]} 年各指標的數字與狀態，及其前一年的數字",
        empty="兩個年度都沒有數字。",
    )
    if len(trees) == len(years):
        _methods(trees[years[0]], trees[years[1]])


def _likely(screen: Screen, others: Sequence[int]) -> int:
    """The last year before with a plan, or the first one after; of a year without one little is known."""
    year, planned = screen.period.roc_year, loads.planned_years(screen.store, screen.state)
    known = [one for one in others if one in planned]
    return min(known, key=lambda one: (one > year, abs(one - year)), default=others[0])


def _indicator(key: str, boards: dict[int, Board], told: Collection[int]) -> dict[str, str]:
    """An indicator's row: each year's figure and state, before it that of the year before unless it is there anyway, or
    the year is none of those ``told``, which know something of the year before."""
    row = {"指標": BY_KEY[key].label}
    newest = boards[max(boards)].results[key]
    for year, board in boards.items():
        result = board.results[key]
        if year - 1 not in boards and year in told:
            row[f"{year - 1}{_BEFORE}"] = formats.earlier(board.before[key], result)
        row |= {
            f"{year} 年": _newest(result) if result is newest else formats.earlier(result, newest),
            f"{year} 年狀態": "" if result.state in _SAID else cards.state_text(result),
        }
        if board.now:
            row[f"{year}{_NOW}"] = formats.today(result, board.now.get(key))
    return row


def _newest(result: Result) -> str:
    """The newer year's figure, with how it was measured on a new line, as it is with the older one."""
    text, way = formats.figure_with_unit(result), formats.measured_by(result)
    return like(f"{text}\n（{way}）", text) if way else text


def _methods(old: ReportTree, new: ReportTree) -> None:
    """The methods whose name or result is not the same in both years."""
    before, after = ({method.method: method for method in tree.methods} for tree in (old, new))
    rows = [
        {
            "代碼": code,
            "執行方法": (after.get(code) or before[code]).label,
            "差異": _difference(before.get(code), after.get(code)),
            f"{old.year} 年成果": before[code].result if code in before else "",
            f"{new.year} 年成果": after[code].result if code in after else "",
        }
        for code in dict.fromkeys((*before, *after))
    ]
    place, asked = folds.fold(
        f"執行方法與成果並列（{len(rows)} 項）", "methods_beside", icon=":material/compare_arrows:"
    )
    with place:
        tables.show(rows, alt=f"{old.year} 年與 {new.year} 年各執行方法的差異與成果", drawn_now=asked)


def _difference(before: MethodNode | None, after: MethodNode | None) -> str:
    if before is None or after is None:
        return "新增" if before is None else "未列"
    parts = [
        word
        for word, differs in (
            ("名稱", before.label != after.label),
            ("主辦", before.units != after.units),
            ("成果", before.result != after.result),
        )
        if differs
    ]
    return "、".join(parts) + "不同" if parts else "相同"
