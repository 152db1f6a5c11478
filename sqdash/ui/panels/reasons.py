"""Why an indicator is missed or behind and what comes next: shown with who wrote it, asked for where nobody did.

Any page may show it for any of its indicators; where the target is reached it draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import streamlit as st
from markupsafe import Markup, escape

from sqdash import formats, periods
from sqdash.analysis.attention import SHORT
from sqdash.importers.cells import MAX_TEXT
from sqdash.indicators import BY_KEY
from sqdash.jobs import entries
from sqdash.people import Action
from sqdash.tables import BY_NAME
from sqdash.ui import blocks, cards, choices, folds, forms, loads, refusals, tables, who
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept

_KINDS = {"reason": "原因", "next_step": "下一步"}
_EMPTY = {"reason": "還沒有人寫原因。", "next_step": "還沒有人訂下一步。"}
_HINTS = {"reason": "例如：上半年以轉貼為主，互動少", "next_step": "例如：每月排定兩篇有獎徵答，由審稿會議檢討"}


def missed(screen: Screen, keys: Sequence[str]) -> None:
    """Each of these indicators that is missed or behind: by how much, why, and what comes next."""
    short = [key for key in keys if screen.result(key).state in SHORT]
    if not short:
        return
    for column, key in zip(cycle(st.columns(min(2, len(short)), gap="small")), short, strict=False):
        with column:
            result = screen.result(key)
            name = blocks.heading(2, f"{BY_KEY[key].label} ", cards.colored_state(result))
            gap = blocks.line(f"{formats.figure_as_measured(result)}；{formats.gap(result)}", dim=True)
            block(screen, key, name, gap)


def block(screen: Screen, key: str, *head: Markup) -> None:
    """Reason and next step of an indicator for exactly the period shown; those of other periods behind one click.

    ``head`` says of what, where no card above does.
    """
    result = screen.result(key)
    if result.state not in SHORT:
        return
    found, here = _found(screen, key)
    with st.container(border=True, gap="xsmall", key=f"why_{key}"):
        blocks.draw(*head, _written(screen, key))
        _others([row for row in found if row not in here])
        if lock := screen.board.lock:
            st.caption(f"{lock.year} 年度已鎖定，原因與下一步不能再改；要改請先到計畫與成果的「年度」解除鎖定。")
            return
        if not who.may(Action.EXPLAIN, *forms.leads(screen, key, screen.period.end.isoformat())):
            return
        missing = [kind for kind in _KINDS if not any(row["kind"] == kind for row in here)]
        if missing:
            words = "與".join(_KINDS[kind] for kind in missing)
            label = tables.plain(f"{BY_KEY[key].label}尚未寫{words}，請主辦單位填寫")
        else:
            label = "再寫一則"
        place, asked = folds.fold(label, f"why_asked_{key}", icon=":material/edit:")
        if asked:
            with place:
                _form(screen, key, here, (missing or list(_KINDS))[0])


def _found(screen: Screen, key: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What was written for periods that share a day with the one shown, and of it what is for exactly that one."""
    span = screen.period.stored
    found = loads.explanations(screen.store, screen.state, key, *span)
    return found, [row for row in found if (row["period_from"], row["period_to"]) == span]


@Kept
def _written(screen: Screen, key: str) -> Markup:
    _, here = _found(screen, key)
    units = "、".join(screen.board.units.get(key, ()))
    texts = (block for kind in _KINDS for block in _texts(kind, [row for row in here if row["kind"] == kind]))
    return Markup().join((*texts, *([blocks.line(f"主辦：{units}", dim=True)] if units else [])))


def _texts(kind: str, rows: Sequence[dict[str, Any]]) -> list[Markup]:
    head = blocks.heading(2, _KINDS[kind])
    if not rows:
        return [head, blocks.line(blocks.colored(f"◔ {_EMPTY[kind]}", "gray"))]
    authors = "；".join(dict.fromkeys(_author(row) for row in rows))
    return [head, blocks.listed(*(escape(row["text"]) for row in rows)), blocks.line(authors, dim=True)]


def _author(row: dict[str, Any]) -> str:
    """第一課，本機 104/01/05 登錄（103 年度成果報告）."""
    day = forms.moment(row["at"]).split()[0]
    who = "，".join(part for part in (row["unit"], f"{row['by']} {day} 登錄") if part)
    return f"{who}（{row['source_place']}）" if row["source_place"] else who


def _others(rows: Sequence[dict[str, Any]]) -> None:
    """What was written for longer or shorter periods: never mixed with what holds for this one."""
    if not rows:
        return
    with st.expander(f"其他期間寫的（{len(rows)}）"):
        tables.show(
            [
                {
                    "期間": periods.span(*(periods.iso_day(row[end]) for end in ("period_from", "period_to"))).label,
                    "種類": _KINDS[row["kind"]],
                    "內容": row["text"],
                    "填寫": _author(row),
                }
                for row in rows
            ],
            alt="其他期間寫的原因與下一步",
            whole=("種類",),
        )


def _form(screen: Screen, key: str, here: Sequence[dict[str, Any]], first: str) -> None:
    """A small form; what was typed stays where it cannot be stored."""
    units = loads.unit_names(screen.store, screen.state, screen.period.end.isoformat())
    name = f"why_form_{key}_{forms.round_()}"
    with st.form(key=name, border=False):
        kind = st.segmented_control(
            "寫的是", list(_KINDS), default=first, format_func=_KINDS.__getitem__, key=f"{name}_kind", required=True
        )
        text = st.text_area(
            "內容",
            key=f"{name}_text",
            max_chars=MAX_TEXT,
            height=96,
            placeholder=_HINTS[first],
        )
        unit = choices.optional(
            "填寫單位（可空白）",
            {code: units[code] for code in who.among(Action.EXPLAIN, list(units))},
            begins=who.current().unit,
            key=f"{name}_unit",
            placeholder="請選擇",
        )
        st.caption(tables.plain(f"存入 {screen.period.label}；日後可在「設定」更正，或整批還原。"))
        if st.form_submit_button("存入", type="primary"):
            _save(screen, key, here, kind or first, text, unit or "")


def _save(screen: Screen, key: str, here: Sequence[dict[str, Any]], kind: str, text: str, unit: str) -> None:
    ordinal = max((row["ordinal"] for row in here if row["kind"] == kind), default=0) + 1
    cells = {
        "indicator": key,
        "period_from": screen.period.start.isoformat(),
        "period_to": screen.period.end.isoformat(),
        "kind": kind,
        "ordinal": str(ordinal),
        "text": text,
        "unit": unit,
    }
    why = f"{screen.period.label}的{_KINDS[kind]}"
    leads = forms.leads(screen, key, cells["period_to"])
    with refusals.told():
        batch = entries.enter(
            screen.store,
            BY_NAME["explanations"],
            cells,
            reason=why,
            by=who.acting(Action.EXPLAIN, *leads),
            seen={},
            units=who.reach(),
        )
        forms.done(f"已存入{BY_KEY[key].label}的{_KINDS[kind]}（批次 {batch}）。")
