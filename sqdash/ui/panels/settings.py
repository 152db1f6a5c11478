"""Blocks of 設定: what counts as a target, unit, page or holiday, and corrections of single rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from sqdash import formats, indicators, periods
from sqdash.errors import PeriodError
from sqdash.jobs import accounts, entries
from sqdash.people import Action
from sqdash.rights import NEEDS
from sqdash.tables import BY_NAME, TABLES, Table
from sqdash.ui import blocks, choices, drawn, folds, loads, opened, refusals, tables, who, words
from sqdash.ui.forms import BY_HAND, cell, done, entry, moment, owners, round_
from sqdash.ui.frame import Screen

_ASKED = "correct_asked"
"""What was looked for when the list was last drawn, and after how many changes of the person's own."""


def listing(screen: Screen, *, name: str, label: str, alt: str) -> None:
    """All current rows of a small table, with readable words and ROC days, and the form for one more; columns without
    any value are left out."""
    table = BY_NAME[name]
    rows = loads.current_rows(screen.store, screen.state, name)
    used = [c for c in table.columns if any(row[c.name] is not None for row in rows)]
    if "position" in table.names:
        rows = sorted(rows, key=lambda row: row["position"])
    if "period_to" in table.names:  # the newest first, since a table shows the first fifty, as the cards are ordered
        order = list(indicators.BY_KEY)
        rows = sorted(rows, key=lambda row: order.index(row["indicator"]))
        rows.sort(key=lambda row: row["period_to"], reverse=True)
    read = words.of(screen)
    tables.show(
        [{column.label: read.value(column, row[column.name]) for column in used} for row in rows],
        alt=alt,
        empty="還沒有資料。",
    )
    _adding(screen, name, label)


def targets(screen: Screen) -> None:
    """Targets and norms in the words of the cards and the order of the indicators, the newest first: what, how much,
    from when to when, says who."""
    table = BY_NAME["targets"]
    shown, apart = [], []
    order = list(indicators.BY_KEY)
    newest_first = sorted(
        loads.current_rows(screen.store, screen.state, "targets"), key=lambda row: row["valid_from"], reverse=True
    )
    for row in sorted(newest_first, key=lambda row: order.index(row["indicator"])):
        texts = {c.name: cell(c, row[c.name]) for c in table.columns}
        indicator = indicators.get(row["indicator"])
        amount = (
            f"{texts['comparator']} {formats.with_unit(texts['value'], indicator.unit)}"
            if texts["value"]
            else "未定數值"
        )
        way = indicator.way(row["definition"]) if row["definition"] > 1 else None
        version = f"（以{way.label}計）" if way else ""
        shown.append(
            {
                "指標": indicator.label + version,
                "種類": texts["kind"],
                "內容": amount + (f"（{texts['words']}）" if texts["words"] else ""),
                "期間": _held(row["valid_from"], row["valid_to"]),
                "出處與備註": "；".join(part for part in (texts["source_place"], texts["note"]) if part),
            }
        )
        apart.append(
            {"目標值": texts["value"], "單位": indicator.unit, "起日": texts["valid_from"], "迄日": texts["valid_to"]}
        )
    alt = "各指標的目標與規律及其生效日"
    tables.show(shown, alt=alt, whole=("指標", "種類", "期間"), empty="還沒有目標。", noted=False)
    drawn.add(alt, [row | more for row, more in zip(shown, apart, strict=True)])
    _adding(screen, "targets", "目標與規律", f"定義版本：{indicators.VERSIONS}；其他指標填 1。")


def _held(first: str, last: str | None) -> str:
    """The days between which a target holds; whole years as such: 103 年, 102–103 年."""
    start = periods.iso_day(first)
    if last is None:
        return f"{periods.roc_day(start)} 起"
    end = periods.iso_day(last)
    years = [day.year - periods.ROC_OFFSET for day in (start, end)]
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return f"{'–'.join(str(year) for year in dict.fromkeys(years))} 年"
    return f"{periods.roc_day(start)}–{periods.roc_day(end)}"


def _adding(screen: Screen, name: str, label: str, hint: str = "") -> None:
    """The form for one more row of a table, for those who may add one; ``hint`` is said before it."""
    if who.may(NEEDS[name]):
        place, asked = folds.fold(f"新增或變更{label}", f"adding_{name}", icon=":material/add:")
        if asked:
            with place:
                if hint:
                    st.caption(hint)
                entry(screen, name, key=f"new_{name}")


def desk(screen: Screen) -> None:
    """The form for whose desk this is: what is recorded from then on names them, as said by themselves."""
    person = screen.person
    today = loads.unit_names(screen.store, screen.state, periods.today().isoformat())
    with st.form(key="desk_form", border=False):
        shown = st.text_input("姓名或職稱", value=person.name, key="desk_shown", max_chars=64)
        unit = choices.optional(
            "單位（可空白）",
            choices.keeping(today, person.unit, person.unit_name),
            begins=person.unit,
            placeholder="請選擇",
            key="desk_unit",
        )
        st.caption("本機不需登入；之後的登錄會註明是您（自報）。")
        if st.form_submit_button("存入", key="desk_save"):
            with refusals.told():
                accounts.name_desk(screen.store, shown, unit, by=who.acting(Action.ENTER))
                done(tables.plain(f"之後的登錄會註明是{shown.strip()}（自報）。"))


def notice() -> None:
    """Which parts of the page a person only looks at."""
    if not who.may(Action.TARGETS):
        who.without(Action.TARGETS, Action.RULES, Action.SOURCES)
    elif not who.may(Action.SOURCES):
        who.without(Action.SOURCES)


def correction(screen: Screen) -> None:
    """Choose a table and a row; correct or strike it with a reason; see its history."""
    names = [table.name for table in TABLES if who.may(NEEDS[table.name])]
    names.sort(key=lambda name: name not in BY_HAND)  # what is typed most is mended most
    name = st.selectbox(
        "資料表",
        names,
        format_func=lambda n: BY_NAME[n].label,
        index=names.index("readings" if "readings" in names else "activities"),
        key="correct_table",
        placeholder="請選擇",
        bind="query-params",
    )
    table = BY_NAME[name]
    search = st.text_input(
        "搜尋（可空白）", key=f"correct_search_{name}", placeholder="名稱、單位或編號的一部分，或日期，例如 103/11/22"
    ).strip()
    picker = f"correct_row_{name}"
    called = words.of(screen)
    rows = loads.newest_rows(screen.store, screen.state, name, _looked_for(search), called.codes(table, search))
    before = st.session_state.get(picker)
    asked = (search, round_())
    if before is not None and st.session_state.get(_ASKED) == asked and before not in _keys(table, rows):
        st.warning("剛才選的一列已不在清單中，可能已由別人刪去，請重新選擇。", icon=":material/history:")
    st.session_state[_ASKED] = asked
    if not rows:
        st.caption("找不到符合的資料，請換個字詞。" if search else "這張表還沒有資料。")
        return
    st.caption(f"列出最近登錄的 {len(rows):,} 列{'；找不到時請搜尋' if len(rows) == 200 else ''}。")
    by_key = dict(zip(_keys(table, rows), rows, strict=True))
    known_by = dict(zip(by_key, called.names(table, rows), strict=True))
    key = st.selectbox(
        "要更正的列",
        list(by_key),
        format_func=known_by.__getitem__,
        key=picker,
        placeholder="請選擇",
    )
    stands = by_key[key]
    form = f"{name}_{'_'.join(map(str, key))}_{round_()}"
    seen = opened.look("correct", form, stands, afresh=before is None)
    entry(screen, name, seen.row, key=f"correct_{seen.key}")
    if who.may(NEEDS[name], *owners(screen, table, stands)):
        _strike(screen, table, seen)
    _history(screen, table, key)


def _looked_for(search: str) -> tuple[str, ...]:
    """What is looked for in the store: the text as it was typed, and a day or month as it is stored there."""
    found = [search[:100]] if search else []
    for rest, length in (("", 10), *((f"{sign}01", 7) for sign in "/-.")):
        with suppress(PeriodError):
            found.append(periods.parse_day(search + rest).isoformat()[:length])
    return tuple(found)


def _keys(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """The key of each row."""
    return [tuple(row[part] for part in table.key) for row in rows]


def _strike(screen: Screen, table: Table, seen: opened.Opened) -> None:
    mark, key = seen.key, [seen.row[part] for part in table.key]
    with st.expander("刪去這一列", icon=":material/delete:"), st.form(key=f"strike_{mark}", border=False):
        reason = st.text_input("原因（必填）", key=f"strike_reason_{mark}", placeholder="例如：重複登錄")
        st.caption("刪去的列不再計入，但歷史仍保留，也可以還原。")
        if named := loads.named_by(screen.store, screen.state, table.name, tuple(key)):
            sentence = f"現有{named}提到這一列，刪去後就找不到所指的內容，請一併更正。"
            st.warning(sentence, icon=":material/link_off:")
        if st.form_submit_button("刪去"):
            with refusals.told():
                batch = entries.strike(
                    screen.store,
                    table,
                    key,
                    reason=reason,
                    by=who.acting(NEEDS[table.name]),
                    seen=seen.row,
                    units=who.reach(),
                )
                done(f"已刪去{table.label}的一列（批次 {batch}）。")


def _history(screen: Screen, table: Table, key: tuple[Any, ...]) -> None:
    versions = loads.history(screen.store, screen.state, table.name, key)
    read = words.of(screen)
    shown = []
    for version in versions:
        values = "；".join(
            f"{c.label} {read.value(c, version[c.name])}"
            for c in table.columns
            if not c.key and version[c.name] is not None
        )
        shown.append(
            {
                "內容": values,
                "起": moment(version["opened_at"]),
                "由": version["opened_by"],
                "迄": moment(version["closed_at"]) if version["closed_at"] else "現行",
                "原因": version["closed_reason"] or "",
            }
        )
    blocks.section("這一列的歷史")
    whole = ("起", "迄") if shown else ()
    tables.show(shown, alt="這一列各版本的內容、起迄、經手與原因", whole=whole)
