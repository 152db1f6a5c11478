"""Why an indicator is missed or behind and what comes next: shown with who wrote it, asked for where nobody did.

Any page may show it for any of its indicators; where the target is reached there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from sqdash.ui import blocks, cards, choices, drawn, folds, forms, loads, refusals, tables, who
from sqdash.ui.frame import Screen

_KINDS = {"reason": "原因", "next_step": "下一步"}
_EMPTY = {"reason": "還沒有人寫原因。", "next_step": "還沒有人訂下一步。"}
_ASKED = "填寫原因與下一步"
"""Always this: under another name it would be another fold, closed and at its first tab, while somebody types in it."""
_HINTS = {"reason": "例如：上半年以轉貼為主，互動少", "next_step": "例如：每月排定兩篇有獎徵答，由審稿會議檢討"}


@drawn.kept
def missed(screen: Screen, keys: tuple[str, ...]) -> Markup:
    """Each of these indicators that is missed or behind: by how much, why, and what comes next."""
    return blocks.halves(*(_named(screen, key) for key in _short(screen, keys)))


def _short(screen: Screen, keys: Sequence[str]) -> list[str]:
    return [key for key in keys if screen.result(key).state in SHORT]


def _named(screen: Screen, key: str) -> Markup:
    result = screen.result(key)
    name = blocks.heading(2, f"{BY_KEY[key].label} ", cards.colored_state(result))
    gap = blocks.line(f"{formats.figure_as_measured(result)}；{formats.gap(result)}", dim=True)
    return why(screen, key, name, gap)


@drawn.kept
def why(screen: Screen, key: str, *head: Markup) -> Markup:
    """Reason and next step of an indicator for exactly the period shown, those of other periods behind one click.

    ``head`` says of what, where no card above does. Nothing where the target is reached.
    """
    if not _short(screen, [key]):
        return Markup()
    found, here = _found(screen, key)
    units = "、".join(screen.board.units.get(key, ()))
    return blocks.box(
        *head,
        *(text for kind in _KINDS for text in _texts(kind, [row for row in here if row["kind"] == kind])),
        *([blocks.line(f"主辦：{units}", dim=True)] if units else []),
        *_others([row for row in found if row not in here]),
        key=f"why_{key}",
    )


def ask(screen: Screen, keys: Sequence[str], *above: Markup) -> Markup:
    """What stands ``above``, and a form for each of these indicators that is missed or behind and that this person may
    explain, folded away. Where nobody is asked, what stands above is given back and comes with the next block."""
    if not (short := _short(screen, keys)):
        return Markup().join(above)
    if lock := screen.board.lock:
        said = f"{lock.year} 年度已鎖定，原因與下一步不能再改；要改請先到計畫與成果的「年度」解除鎖定。"
        return Markup().join((*above, blocks.line(said, dim=True)))
    day = screen.period.end.isoformat()
    mine = {key: _found(screen, key)[1] for key in short if who.may(Action.EXPLAIN, *forms.leads(screen, key, day))}
    if not mine:
        return Markup().join(above)
    blocks.draw(*above)
    place, asked = folds.fold(_ASKED, f"why_asked_{screen.name}", icon=":material/edit:")
    if asked:
        with place:
            for part, (key, here) in zip(st.tabs([BY_KEY[key].label for key in mine]), mine.items(), strict=True):
                with part:
                    _form(screen, key, here)
    return Markup()


def _found(screen: Screen, key: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What was written for periods that share a day with the one shown, and of it what is for exactly that one."""
    span = screen.period.stored
    found = loads.explanations(screen.store, screen.state, key, *span)
    return found, [row for row in found if (row["period_from"], row["period_to"]) == span]


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


def _others(rows: Sequence[dict[str, Any]]) -> Iterator[Markup]:
    """What was written for longer or shorter periods: never mixed with what holds for this one."""
    if not rows:
        return
    shown = [
        {
            "期間": periods.span(*(periods.iso_day(row[end]) for end in ("period_from", "period_to"))).label,
            "種類": _KINDS[row["kind"]],
            "內容": row["text"],
            "填寫": _author(row),
        }
        for row in rows
    ]
    table = tables.table(shown, alt="其他期間寫的原因與下一步", whole=("種類",))
    yield blocks.more(f"其他期間寫的（{len(rows)}）", table)


def _form(screen: Screen, key: str, here: Sequence[dict[str, Any]]) -> None:
    """A small form; what was typed stays where it cannot be stored."""
    first = next((kind for kind in _KINDS if all(row["kind"] != kind for row in here)), "reason")
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
