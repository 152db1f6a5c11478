"""年度: years side by side, a new year from the last, locking and unlocking."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from sqdash import formats, periods
from sqdash.analysis.next_targets import Proposal
from sqdash.errors import DataError, SqdashError
from sqdash.indicators import BY_KEY
from sqdash.jobs import open_year, year_lock
from sqdash.people import Action
from sqdash.report.tree import MethodNode, ReportTree
from sqdash.ui import blocks, cards, choices, folds, forms, frame, loads, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.panels import plan_check
from sqdash.views import Board

_BEFORE = " 年（前一年）"
_NOW = " 年現在"
_SAID = ("no_target", "no_data")
"""States with nothing to add: there is no target, or the figure itself says that there is none."""


def draw(screen: Screen) -> None:
    """The lock of the year shown, the next year, the comparison, which is long."""
    _lock(screen)
    if not who.may(Action.TARGETS):
        who.without(Action.TARGETS)
    opening(screen)
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
    try:
        turn = year_lock.unlock if locked else year_lock.lock
        turn(screen.store, year, reason=reason, by=who.acting(Action.TARGETS))
    except SqdashError as error:
        st.error(tables.plain(error))
    else:
        forms.done(f"已{'解除鎖定' if locked else '鎖定'} {year} 年度。")


def _moved(screen: Screen) -> None:
    """Figures that are otherwise today, because rows came in after the lock."""
    board = loads.board(screen.store, screen.state, periods.year_period(screen.period.roc_year))
    rows = [
        {
            "指標": BY_KEY[key].label,
            "鎖定時": formats.figure_with_unit(board.results[key]),
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
            f"{year} 年": formats.earlier(result, newest),
            f"{year} 年狀態": "" if result.state in _SAID else cards.state_text(result),
        }
        if board.now:
            row[f"{year}{_NOW}"] = formats.today(result, board.now.get(key))
    return row


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


def absent(screen: Screen) -> None:
    """The word for a year without a plan, and how it gets one."""
    earlier = any(year < screen.period.roc_year for year in loads.planned_years(screen.store, screen.state))
    how = "可以沿用先前的年度，或上傳計畫檔案" if earlier and who.may(Action.TARGETS) else "上傳計畫檔案後會列在這裡"
    st.info(f"還沒有 {screen.period.roc_year} 年度的計畫；{how}。", icon=":material/inbox:")
    if who.may(Action.ENTER):
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
        found = open_year.look(screen.store, year)
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


def _opening_form(screen: Screen, found: open_year.NewYear) -> None:
    with st.form(key=f"plan_open_{found.year}_{forms.round_()}", border=False):
        title = st.text_input("標題", value=found.title)
        with st.grid(2, min_column_width=260, gap="small"):
            texts = {one.name: (one, _target(found.year, one)) for one in found.proposals}
        successors = _successors(found)
        labels = _labels(found)
        reason = st.text_input("原因（必填）", value=f"開立 {found.year} 年度計畫")
        if st.form_submit_button(f"開立 {found.year} 年度", type="primary"):
            try:
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
            except SqdashError as error:
                st.error(tables.plain(error))
            else:
                forms.done(f"已開立 {found.year} 年度（批次 {batch}），可到資料登錄與上傳還原。")


def _successors(found: open_year.NewYear) -> dict[str, str | None]:
    """Who goes on with the methods of each unit that has ended; None where nobody is chosen."""
    if not found.ended:
        return {}
    blocks.section(f"已經結束的主辦單位（{len(found.ended)} 個）")
    if alone := list(dict.fromkeys(method for one in found.ended for method in one.alone)):
        st.caption(f"沒有選接續單位時，{'、'.join(alone)} 就沒有主辦單位，開立後請上傳計畫檔案補上。")
    units = choices.apart(found.units)
    chosen = {}
    for one in found.ended:
        st.text(f"{one.name}（{periods.roc_day(periods.parse_day(one.until))} 止）主辦：{'、'.join(one.methods)}")
        chosen[one.unit] = st.selectbox(
            f"接續{one.name}的單位",
            list(units),
            index=None,
            format_func=units.__getitem__,
            placeholder="不接續",
            key=f"plan_successor_{found.year}_{one.unit}_{forms.round_()}",
            width=260,
        )
    return chosen


def _labels(found: open_year.NewYear) -> dict[str, str]:
    """Each text of the plan that names a year, or units that are others now, old above new; what is typed is what the
    new year gets."""
    if not found.labels:
        return {}
    blocks.section(f"文字裡的年份與單位（{len(found.labels)} 處）")
    st.caption(
        "下列文字提到年份，或提到已改名、已結束的單位，請逐一確認；"
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
