"""A table of no known format: the person says once what each column means, and sees it on the first rows.

What was said is remembered by the headings; it can be said otherwise, and forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from sqdash.importers.base import Layout
from sqdash.importers.headings import fold
from sqdash.importers.specs import BY_SPEC, NATIVE, SPECS, Spec
from sqdash.jobs import layouts as jobs
from sqdash.people import Action
from sqdash.tables import Column
from sqdash.ui import choices, forms, loads, refusals, tables, who
from sqdash.ui.frame import Screen

_NONE = ""  # a choice of its own: a box that was filled in cannot be cleared


def assign(
    screen: Screen,
    key: str,
    headings: Sequence[str],
    sample: Sequence[Sequence[str]],
    given: Layout | None = None,
) -> Layout | None:
    """The form, filled in as ``given``; the assignment once the person has pressed its button."""
    _sample(headings, sample)
    names = [spec.name for spec in SPECS]
    name = st.selectbox(
        "這個檔案是什麼資料",
        names,
        index=names.index(given.format) if given and given.format in names else None,
        format_func=lambda n: BY_SPEC[n].label,
        placeholder="請選擇",
        key=f"layout_{key}",
    )
    if name is None:
        return None
    spec = BY_SPEC[name]
    stands = given if given and given.format == name else None
    with st.form(key=f"layout_form_{key}_{name}", border=False):
        chosen, constants = _fields(screen, key, spec, headings, stands)
        st.caption("指定後會先看到前幾列的樣子，還不會寫入；同樣欄名的檔案下次自動沿用。")
        if not st.form_submit_button("套用欄位對應", type="primary"):
            return None
    if wrong := _wrong(spec, chosen, constants):
        st.error(tables.plain(wrong))
        return None
    return Layout(spec.name, {heading: column for column, heading in chosen.items()}, constants)


def _wrong(spec: Spec, chosen: Mapping[str, str], constants: Mapping[str, str]) -> str | None:
    """What keeps the assignment from being one; ``chosen`` is column → heading."""
    if missing := spec.required - set(chosen) - set(constants):
        labels = "、".join(c.label for c in spec.table.columns if c.name in missing)
        return f"還缺必填的{labels}，請指定對應的欄或固定值。"
    for heading, times in Counter(chosen.values()).items():
        if times > 1:
            labels = "、".join(c.label for c in spec.table.columns if chosen.get(c.name) == heading)
            return f"「{heading}」同時指給{labels}，請只留一個。"
    return None


def _sample(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> None:
    names = [cell or f"第 {at} 欄" for at, cell in enumerate(headings, 1)]
    rows = [dict(zip(names, row, strict=False)) for row in sample]
    tables.show(rows, alt="檔案的欄名與前幾列", empty="檔案只有欄名，沒有資料列。")


def _fields(
    screen: Screen, key: str, spec: Spec, headings: Sequence[str], given: Layout | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Column → heading as chosen, and column → fixed value where no heading was chosen."""
    chosen: dict[str, str] = {}
    constants: dict[str, str] = {}
    offered = [_NONE, *(heading for heading in dict.fromkeys(headings) if heading)]
    with st.grid(3, min_column_width=220, gap="small"):
        for column in spec.table.columns:
            must = "（必填）" if column.name in spec.required else "（可不指定）"
            likely = _assigned(given, column.name, offered) if given else _likely(spec, column.name, offered)
            heading = st.selectbox(
                column.label + must,
                offered,
                index=likely or 0,
                format_func=lambda heading: heading or "沒有這一欄",
                placeholder="請選擇",
                key=f"layout_{key}_{spec.name}_{column.name}",
            )
            if heading:
                chosen[column.name] = heading
            elif (column.name in spec.required and _may_be_fixed(spec, column)) or (
                given and column.name in given.constants
            ):
                fixed = given.constants.get(column.name) if given else None
                if text := _constant(screen, f"constant_{key}_{spec.name}_{column.name}", spec, column, fixed):
                    constants[column.name] = text
    return chosen, constants


def _may_be_fixed(spec: Spec, column: Column) -> bool:
    """Whether all rows of a file may have the same value there: not a key of its own, no moment, no count."""
    alone = spec.table.key == (column.name,)
    return not alone and (bool(column.choices) or column.type in ("text", "date", "month", "year"))


def _constant(screen: Screen, widget: str, spec: Spec, column: Column, given: str | None) -> str:
    """A value that holds for every row of the file; chosen where it can be, else written as in a file."""
    label = f"{column.label}：固定值"
    pages = column.name == "page_id"
    offered = loads.page_names(screen.store, screen.state) if pages else forms.offered(screen, spec.table, column)
    if not offered:
        return st.text_input(label, value=given or "", placeholder=forms.hint(column.type), key=widget).strip()
    labels = choices.apart(offered, by_itself=True) | {_NONE: "不填"}
    words = {word: stored for stored, shown in offered.items() for word in (stored, shown)}
    options = [*([] if column.name in spec.required else [_NONE]), *offered]
    stands = words.get(given or "")
    chosen = st.selectbox(
        label,
        options,
        index=options.index(stands) if stands is not None else None,
        format_func=labels.__getitem__,
        placeholder="請選擇",
        key=widget,
    )
    return (chosen if pages else offered[chosen]) if chosen else ""


def _assigned(given: Layout, column: str, offered: Sequence[str]) -> int | None:
    """The heading that the assignment has for the column."""
    known = {fold(heading): at for at, heading in enumerate(offered)}
    return next((known.get(fold(heading)) for heading, name in given.columns.items() if name == column), None)


def summary(layout: Layout) -> str:
    """``活動紀錄：哪一天→日期、做了什麼→名稱；類別 教育訓練``."""
    spec = NATIVE.get(layout.format)
    if spec is None:
        return layout.format
    headings = {column: heading for heading, column in layout.columns.items()}
    columns = [f"{headings[c.name]}→{c.label}" for c in spec.table.columns if c.name in headings]
    constants = [f"{c.label} {layout.constants[c.name]}" for c in spec.table.columns if c.name in layout.constants]
    return f"{spec.table.label}：{'；'.join(filter(None, ('、'.join(columns), '、'.join(constants))))}"


def remembered(screen: Screen) -> None:
    """The assignments by which files are read unasked; each can be forgotten."""
    known = jobs.remembered(screen.store)
    if not known:
        return
    with st.expander(f"已記住的欄位對應（{len(known)}）", icon=":material/table_edit:"):
        st.caption("同樣欄名的檔案會照著讀；忘記後，下次上傳會再詢問，已匯入的資料不變。")
        for one in known:
            with st.container(horizontal=True, vertical_alignment="center"):
                made = f"{one.file}，{forms.moment(one.at)}"
                st.markdown(tables.plain(f"{summary(one.layout)}（{made}）"))
                if who.may(Action.SOURCES) and st.button(
                    "忘記", key=f"forget_{one.signature}", icon=":material/delete:"
                ):
                    _forget(screen, one.signature)


def _forget(screen: Screen, signature: str) -> None:
    with refusals.told():
        jobs.forget(screen.store, signature, by=who.acting(Action.SOURCES))
        forms.done("已忘記這個欄位對應，下次上傳同樣欄名的檔案會再詢問。")


def _likely(spec: Spec, column: str, offered: list[str]) -> int | None:
    """The heading that we know for the column, as a first guess that the person sees."""
    known: Mapping[str, int] = {fold(heading): at for at, heading in enumerate(offered)}
    return next((known[name] for name in spec.folded(column) if name in known), None)
