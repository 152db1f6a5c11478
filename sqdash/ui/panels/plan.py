"""Blocks of 計畫與成果: the tree, filtered by unit and state, and what stands around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st
from markupsafe import Markup

from sqdash import formats, periods
from sqdash.analysis.attention import SHORT
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.report import binding, wording
from sqdash.report.tree import NOT_REPORTED, DimensionNode, MethodNode, ReportTree, StrategyNode
from sqdash.tables import BY_NAME
from sqdash.ui import blocks, cards, choices, drawn, folds, loads, tables
from sqdash.ui.frame import Screen

TABS = ("成果", "撰寫", "審核", "完整性", "列印", "年度")
_STATES = {
    "missed": "有未達或落後的指標",
    "reached": "有達標的指標",
    "no_data": "有未陳報的指標",
    "none": "沒有指標",
}
_FEW = 12
"""So many methods at most are shown unfolded."""
_GROUPED = {"missed": {*SHORT}, "reached": {"reached", "on_track"}, "no_data": {"no_data"}}


def head(tree: ReportTree) -> None:
    """Goal, legal bases and the units that carry the plan out."""
    st.text(tree.title)
    place, asked = folds.fold("計畫目標、依據與實施對象", "plan_head", icon=":material/gavel:")
    if asked:
        with place:
            blocks.draw(
                blocks.heading(2, "計畫目標"),
                blocks.prose(tree.goal),
                blocks.heading(2, "計畫依據"),
                *(blocks.prose(f"{base['number']}. {wording.legal_base(base)}") for base in tree.legal_bases),
                blocks.heading(2, f"實施對象（{len(tree.units)} 個單位）"),
                blocks.prose("、".join(tree.units)),
            )


def lock_mark(tree: ReportTree, moved: int = 0) -> None:
    """That the year is locked, since when its report is as it is, and how many figures are otherwise today."""
    if tree.locked and tree.as_of:
        day = periods.roc_day(tree.as_of)
        rest = f"有 {moved} 項數字現在不同，註在旁邊。" if moved else ""
        st.info(
            f"{tree.year} 年度已於 {day} 鎖定：成果與數字以鎖定時為準，之後的變更不影響這份報告。{rest}",
            icon=":material/lock:",
        )


def lead_unit(screen: Screen, tree: ReportTree, *, key: str, width: int, first: str | None = None) -> str | None:
    """The chosen code of a unit that leads a method; None for all. A section's own methods include ranges it is in.

    ``first``: the code that is chosen at first, where it leads one.
    """
    names = loads.unit_names(screen.store, screen.state, screen.period.end.isoformat())
    leading = {code for method in tree.methods for code in method.unit_codes}
    units = {code: name for code, name in names.items() if code in leading}
    return choices.optional("主辦單位", units, begins=first, placeholder="全部單位", key=key, width=width)


def filters(screen: Screen, tree: ReportTree) -> tuple[str | None, str | None]:
    """The chosen unit code and state group; None for all."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = lead_unit(screen, tree, key="plan_unit", width=200)
        state = choices.optional("指標狀態", _STATES, placeholder="全部狀態", key="plan_state", width=220)
    return unit, state


def _kept(method: MethodNode, unit: str | None, state: str | None) -> bool:
    if unit and unit not in method.unit_codes:
        return False
    if state == "none":
        return not method.indicators
    return state is None or any(result.state in _GROUPED[state] for result in method.indicators)


def results(screen: Screen) -> None:
    """The year's report as it is read on a screen; beside a locked figure what it is today.

    Strategies open by themselves when the filter leaves few methods.
    """
    tree, now = _year(screen)
    lock_mark(tree, len(now))
    head(tree)
    count, dimensions = _dimensions(screen, *filters(screen, tree))
    st.caption(f"{count} 項執行方法" + ("" if count == len(tree.methods) else f"（共 {len(tree.methods)} 項）"))
    if not count:
        st.info("沒有符合篩選的執行方法，請放寬條件。", icon=":material/filter_alt_off:")
    for heading, strategies in dimensions:
        blocks.draw(heading)
        for label, methods in strategies:
            with st.expander(label, expanded=count <= _FEW):
                blocks.draw(methods)
    around(screen)


def _year(screen: Screen) -> tuple[ReportTree, Mapping[str, Result]]:
    """The year's report, and of a locked year what is otherwise today."""
    year = screen.period.roc_year
    tree = loads.report(screen.store, screen.state, year, periods.today())
    return tree, loads.board(screen.store, screen.state, periods.year_period(year)).now


@drawn.kept
def _dimensions(
    screen: Screen, unit: str | None, state: str | None
) -> tuple[int, list[tuple[Markup, list[tuple[str, Markup]]]]]:
    """How many methods the filter leaves; of each dimension that has any its heading and its strategies, each with its
    methods under its label."""
    tree, now = _year(screen)
    drawn.add("執行方法與成果", _rows(tree, unit, state))
    kept = {m.method for m in tree.methods if _kept(m, unit, state)}
    found = [(one, [_strategy(s, kept, tree.notes, now) for s in one.strategies]) for one in tree.dimensions]
    return len(kept), [
        (_heading(one), [some for some in strategies if some]) for one, strategies in found if any(strategies)
    ]


def _heading(dimension: DimensionNode) -> Markup:
    number = wording.numeral(dimension.number)
    measure = f"創新服務措施：{dimension.measure}　主辦單位：{dimension.units or ''}" if dimension.measure else ""
    return blocks.headed(f"構面{number}、{dimension.label}", *([blocks.line(measure, dim=True)] if measure else []))


def _rows(tree: ReportTree, unit: str | None, state: str | None) -> list[dict[str, str]]:
    """The methods shown, for the page's file; figures stand in the sheet of indicators."""
    return [
        {
            "構面": dimension.label,
            "執行策略": strategy.label,
            "項": method.group or "",
            "代碼": method.method,
            "執行方法": method.label,
            "主辦單位": "、".join(method.units),
            "執行績效與成果": method.result,
            "指標": "；".join(f"{BY_KEY[r.key].label} {formats.figure_as_measured(r)}" for r in method.indicators),
        }
        for dimension in tree.dimensions
        for strategy in dimension.strategies
        for method in strategy.methods
        if _kept(method, unit, state)
    ]


def _strategy(
    strategy: StrategyNode, kept: set[str], notes: Mapping[str, str], now: Mapping[str, Result]
) -> tuple[str, Markup] | None:
    """Its label and those of its methods that are kept; None where none is."""
    methods = [m for m in strategy.methods if m.method in kept]
    if not methods:
        return None
    parts: list[Markup] = []
    for group, some in groupby(methods, key=lambda method: method.group):
        parts += [blocks.line(blocks.strong(group))] if group else []
        parts.append(blocks.boxes([_method(method, notes, now) for method in some], across=1))
    label = f"（{wording.numeral(strategy.number)}）{strategy.label}（{len(methods)} 項）{_short(methods)}"
    return tables.plain(label), Markup().join(parts)


def _short(methods: Sequence[MethodNode]) -> str:
    """How many indicators are short of their target, so that one need not open a strategy to find them."""
    found = {result.key: result for method in methods for result in method.indicators}
    counted = Counter(cards.state_text(result) for result in found.values() if result.state in _GROUPED["missed"])
    return "".join(f"　{state} {count} 項指標" for state, count in counted.items())


def _method(method: MethodNode, notes: Mapping[str, str], now: Mapping[str, Result]) -> Markup:
    known = method.result != NOT_REPORTED
    return blocks.box(
        blocks.line(blocks.strong(f"{method.number} {method.label}")),
        blocks.line(f"主辦：{'、'.join(method.units) or '未填'}", dim=True),
        blocks.prose(method.result) if known else blocks.line(blocks.colored(f"◔ {NOT_REPORTED}", "gray")),
        *([blocks.listed(*(_indicator(r, notes, now) for r in method.indicators))] if method.indicators else []),
    )


def _indicator(result: Result, notes: Mapping[str, str], now: Mapping[str, Result]) -> Markup:
    indicator = BY_KEY[result.key]
    parts = [f"{indicator.label} ", blocks.strong(formats.figure_as_measured(result))]
    if result.applied or result.state not in ("no_target", "no_data"):
        parts += [f"　{formats.target(indicator, result.applied)}　", cards.colored_state(result)]
    if result.key in now:
        parts += ["　", blocks.colored(cards.moved_text(result, now[result.key]), "blue")]
    if result.key in notes:
        parts.append(blocks.line(f"首長註記：{notes[result.key]}", dim=True))
    return Markup().join(parts)


def around(screen: Screen) -> None:
    """Innovation items with their states, milestones, and the site sections embedded in the page."""
    year = screen.period.roc_year
    items, milestones, sections = (
        loads.rows_of_year(screen.store, screen.state, table, year)
        for table in ("innovation_items", "milestones", "site_sections")
    )
    states = BY_NAME["innovation_items"].column("state")
    if items:
        blocks.section(f"創新運作（{len(items)} 項）")
        tables.show(
            [
                {"項": str(r["number"]), "名稱": r["label"], "狀態": states.shown(r["state"]), "說明": r["note"] or ""}
                for r in items
            ],
            whole=("狀態",),
            alt="創新運作各項的狀態與說明",
        )
    if milestones:
        blocks.section("重要紀事")
        tables.show(
            [
                {
                    "日期": periods.roc_day_of(r["happened_on"]) if r["happened_on"] else "未陳報",
                    "紀事": r["title"],
                    "說明": r["detail"] or "",
                }
                for r in milestones
            ],
            whole=("日期",),
            alt="計畫的重要紀事",
        )
    facts = loads.rows_of_year(screen.store, screen.state, "facts", year)
    if facts:
        place, asked = folds.fold(f"文中數字（{len(facts)} 項）及其出處", "plan_facts")
        with place:
            tables.show(
                [{"名稱": r["label"], "數字": binding.fact(r), "出處": r["source_place"] or ""} for r in facts],
                right=("數字",),
                alt="成果文字所用的數字及其出處",
                drawn_now=asked,
            )
    if sections:
        label = f"嵌入粉絲專頁的官網單元（舉例 {len(sections)} 項）"
        blocks.draw(blocks.notes(label, [r["label"] for r in sections]))
