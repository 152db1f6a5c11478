"""Forms for one row: what can be chosen is chosen, days are typed as ROC days, a word follows each change."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from sqdash import indicators, periods
from sqdash.importers.cells import MAX_TEXT
from sqdash.importers.columns import UNIT_COLUMNS
from sqdash.importers.specs import NATIVE
from sqdash.jobs import entries
from sqdash.people import Action
from sqdash.rights import BELONGS, NEEDS
from sqdash.tables import BY_NAME, Column, Table
from sqdash.ui import choices, identity, loads, refusals, who
from sqdash.ui.frame import Screen
from sqdash.written import Written

_STAYS = 8.0
"""Seconds for which the word after a change stays: the page may be drawn anew meanwhile by a timed look or a click."""
_seconds = time.monotonic
_LONG = frozenset({"text", "message", "goal", "detail", "note"})
BY_HAND = ("activities", "petitions", "checks", "readings")
"""Tables whose rows are typed one by one."""
_HINTS = {
    "date": "例如 {year}/11/22",
    "moment": "例如 {year}/11/22 09:00",
    "month": "例如 {year}/11",
    "year": "例如 {year}",
    "int": "整數",
    "number": "數字",
    "text": "",
}


def hint(kind: str) -> str:
    """What an empty field of a column of that type shows: of this year, since what is typed mostly is."""
    return _HINTS[kind].format(year=periods.today().year - periods.ROC_OFFSET)


def cell(column: Column, value: Any) -> str:
    """A stored value as a person reads it."""
    if value is None:
        return ""
    if column.words:
        return column.shown(value)
    if column.name == "indicator":
        return indicators.get(value).label
    if column.type == "date":
        return periods.roc_day_of(value)
    if column.type == "month":
        return periods.roc_month(value)
    if column.type == "moment":
        return moment(value)
    if column.type in ("int", "number"):
        return Written(f"{int(value):,}" if float(value).is_integer() else f"{value:,}", value)
    return str(value)


def moment(text: str) -> str:
    """A stored moment as ROC day and hour in Taipei."""
    return periods.roc_moment(datetime.fromisoformat(text))


def entry(screen: Screen, name: str, given: Mapping[str, Any] | None = None, *, key: str, reason: str = "") -> None:
    """A form for one row: new, or a correction when ``given`` has the row as the person opened it, and which is refused
    where another stands by then; ``reason`` is offered."""
    table = BY_NAME[name]
    key = f"{key}_{round_()}"
    if not who.may(NEEDS[name], *owners(screen, table, given or {})):
        refused(NEEDS[name], given)
        return
    _locked(screen, table)
    with st.form(key=key, border=False):
        begins = {c.name: _begins(c, given.get(c.name)) if given else _offered_first(table, c) for c in table.columns}
        with st.grid(3, min_column_width=220, gap="small"):
            texts = {
                c.name: _field(
                    c,
                    begins[c.name],
                    key,
                    fixed=bool(given),
                    offered=_with_its_own(screen, c, offered(screen, table, c), begins[c.name]),
                    made=not given and NATIVE[name].derived == c.name,
                )
                for c in _asked(table, new=not given)
            }
        if given:
            st.caption("灰色的欄位用來認出這一列，不能更正；填錯時請刪去這一列，再登錄一列。")
        why = st.text_input(
            "原因（必填）", value=reason, key=f"{key}_reason", placeholder="例如：依 103 年 12 月公文更正"
        )
        label = "更正這一列" if given else "新增" if name in BY_HAND else "儲存"  # what stands is changed there, too
        if st.form_submit_button(label, type="primary"):
            _save(screen, table, texts, why, given)


def typed(indicator: indicators.Indicator) -> dict[str, str]:
    """What follows in the address of the page of entries for the form in which rows of the indicator are typed; a
    figure that a report states, where it has none of its own."""
    table = indicator.ledger.table if indicator.ledger else ""
    return {"upload_tab": "人工登錄", "by_hand_table": BY_NAME[table if table in BY_HAND else "readings"].label}


def _asked(table: Table, *, new: bool) -> list[Column]:
    """The columns in the order in which they are asked for: a key that is made by itself comes last in a new row."""
    derived = NATIVE[table.name].derived
    return sorted(table.columns, key=lambda column: new and column.name == derived)


def owners(screen: Screen, table: Table, row: Mapping[str, Any]) -> list[frozenset[str]]:
    """To which units a row belongs: one of each of these must be the person's; none where it is nobody's."""
    if table.name not in BELONGS:
        return []
    named = [frozenset({str(row["unit"])})] if row.get("unit") else []
    if BELONGS[table.name] == "lead" and row.get("indicator") and row.get("period_to"):
        named += leads(screen, str(row["indicator"]), str(row["period_to"]))
    return named


def leads(screen: Screen, indicator: str, day: str) -> list[frozenset[str]]:
    """The lead units of an indicator in the plan of that ISO day's year, as :func:`owners` has them."""
    year = periods.parse_day(day).year - periods.ROC_OFFSET
    found = loads.lead_codes(screen.store, screen.state, year).get(indicator)
    return [found] if found else []


def refused(action: Action, given: Mapping[str, Any] | None) -> None:
    """In place of a form: that this person cannot fill it in, or not for this row."""
    if given and who.may(action):
        st.caption("這一列屬於其他單位，您的帳號只能更正本單位的資料。")
    else:
        who.without(action)


def _begins(column: Column, value: Any) -> Any:
    """What the field of a stored value begins with: a choice's own text."""
    return str(value) if column.words and value is not None else value


def _offered_first(table: Table, column: Column) -> str | None:
    """What a new row begins with: the unit of whoever sits there, who may choose another where they enter for all; and
    the place among statements of the same figure, which mostly is the only one."""
    if table.name == "readings" and column.name == "ordinal":
        return "1"
    return who.current().unit if table.name in BELONGS and column.name == "unit" else None


def _locked(screen: Screen, table: Table) -> None:
    """Before anything is typed: in which years it cannot be stored."""
    if years := loads.locked_years(screen.store, screen.state, table.name):
        which = "、".join(str(year) for year in years)
        st.info(
            f"{which} 年度已鎖定，該年度的{table.label}不能新增或變更；要改請先到計畫與成果的「年度」解除鎖定。",
            icon=":material/lock:",
        )


def offered(screen: Screen, table: Table, column: Column) -> Mapping[str, str]:
    """Stored value → what a person reads, for columns that are chosen and not typed; empty for the others."""
    if fixed := coded(column) or dict(column.words):
        return fixed
    if column.name in UNIT_COLUMNS and (table.name, column.name) != ("units", "unit"):
        names = loads.unit_names(screen.store, screen.state, screen.period.end.isoformat())
        if table.name not in BELONGS:
            return names
        return {code: names[code] for code in who.among(NEEDS[table.name], list(names))}
    return {}


def coded(column: Column) -> Mapping[str, str]:
    """Stored value → what a person reads, where the program knows them all; empty for the others."""
    if column.name == "indicator":
        return {key: indicator.label for key, indicator in indicators.BY_KEY.items()}
    return dict(column.choices)


def _with_its_own(screen: Screen, column: Column, found: Mapping[str, str], value: Any) -> Mapping[str, str]:
    """What is offered, with what the field begins with where that is none of it; a unit by its newest name."""
    if not found:
        return found
    units = loads.units_called(screen.store, screen.state, periods.today().isoformat())
    return choices.keeping(found, value, units.get(value) if column.name in UNIT_COLUMNS else None)


def _field(column: Column, value: Any, key: str, *, fixed: bool, offered: Mapping[str, str], made: bool = False) -> str:
    """One input; its text as a file would have it. A row's key cannot be corrected: that is another row.

    ``made``: a key that is made from the row where it is left empty.
    """
    label = column.label + ("（空白時自動編）" if made else "" if column.required else "（可空白）")
    widget = f"{key}_{column.name}"
    locked = fixed and column.key
    if offered:
        labels = choices.apart(offered)
        options = list(labels)
        index = 0 if column.required and column.type != "flag" else None  # yes or no is nobody's to presume
        if value is not None and (column.required or locked):
            index = options.index(value)
        elif value is not None:
            choices.begin_with(widget, value)
        chosen = st.selectbox(
            label,
            options,
            index=index,
            format_func=labels.__getitem__,
            key=widget,
            disabled=locked,
            placeholder="請選擇",
        )
        return chosen or ""
    text = "" if value is None else _plain_number(value)
    if column.type == "date" and text:
        text = periods.roc_day_of(text)
    if column.type == "text" and (column.name in _LONG or "\n" in text or len(text) > 200):
        return st.text_area(label, value=text, key=widget, disabled=locked, max_chars=MAX_TEXT, height=120)
    return st.text_input(
        label, value=text, key=widget, placeholder=hint(column.type), disabled=locked, max_chars=MAX_TEXT
    )


def _plain_number(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _save(
    screen: Screen, table: Table, texts: dict[str, str], reason: str, seen: Mapping[str, Any] | None = None
) -> None:
    with refusals.told():
        who.acting(NEEDS[table.name])  # first: who may not is told that, and nothing of the row
        doubts = entries.doubts(screen.store, table, texts)
        batch = entries.enter(
            screen.store,
            table,
            texts,
            reason=reason,
            by=who.acting(NEEDS[table.name]),
            seen=seen,
            units=who.reach(),
            new=seen is None and table.name in BY_HAND,
        )
        done(f"已存入{table.label}（批次 {batch}）。{doubts}")


def round_() -> int:
    """Part of every form's key, so that a form is new after each change made here, and only then."""
    return int(st.session_state.get("form_round", 0))


def done(sentence: str) -> None:
    """Say what was done once the page is drawn anew, and for some seconds from then on."""
    st.session_state[identity.DONE] = sentence
    st.session_state.pop("form_said_at", None)
    st.session_state["form_round"] = round_() + 1
    st.rerun()


def attempt(job: Callable[[], int], what: str) -> None:
    """Do what a form asks for: said with its batch once the page is drawn anew, or refused in a sentence."""
    with refusals.told():
        batch = job()
        done(f"{what}（批次 {batch}，可在匯入紀錄還原）。")


def _where() -> str | None:
    """The page's address."""
    return st.context.url


def said() -> None:
    """The word for the change just made, on its page, until it has been there for :data:`_STAYS`."""
    if not (sentence := st.session_state.get(identity.DONE)):
        return
    first, where = st.session_state.setdefault("form_said_at", (_seconds(), _where()))
    if _seconds() - first >= _STAYS or where != _where():
        del st.session_state[identity.DONE], st.session_state["form_said_at"]
        return
    st.success(sentence)
