"""A table of no known format: the person says once what each column means, and sees it on the first rows."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from sqdash.errors import FileNotRecognised
from sqdash.importers.base import Layout
from sqdash.importers.headings import fold
from sqdash.importers.specs import BY_SPEC, SPECS, Spec
from sqdash.ui import tables


def assign(key: str, found: FileNotRecognised) -> Layout | None:
    """The form; the assignment once the person has pressed its button."""
    _sample(found)
    name = st.selectbox(
        "這個檔案是什麼資料",
        [spec.name for spec in SPECS],
        index=None,
        format_func=lambda n: BY_SPEC[n].label,
        placeholder="請選擇",
        key=f"layout_{key}",
    )
    if name is None:
        return None
    spec = BY_SPEC[name]
    with st.form(key=f"layout_form_{key}_{name}", border=False):
        columns, constants = _fields(key, spec, found.headings)
        st.caption("指定後會先看到前幾列的樣子，還不會寫入；同樣欄名的檔案下次自動沿用。")
        if not st.form_submit_button("套用欄位對應", type="primary"):
            return None
    missing = spec.required - set(columns.values()) - set(constants)
    if missing:
        labels = "、".join(c.label for c in spec.table.columns if c.name in missing)
        st.error(f"還缺必填的{tables.plain(labels)}，請指定對應的欄或固定值。")
        return None
    return Layout(spec.name, columns, constants)


def _sample(found: FileNotRecognised) -> None:
    names = [cell or f"第 {at} 欄" for at, cell in enumerate(found.headings, 1)]
    rows = [dict(zip(names, row, strict=False)) for row in found.sample]
    tables.show(rows, alt="檔案的欄名與前幾列", empty="檔案只有欄名，沒有資料列。")


def _fields(key: str, spec: Spec, headings: tuple[str, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Heading → column as chosen, and column → fixed value where no heading was chosen."""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    offered = [heading for heading in dict.fromkeys(headings) if heading]
    with st.grid(3, min_column_width=220, gap="small"):
        for column in spec.table.columns:
            must = "（必填）" if column.name in spec.required else "（可不指定）"
            heading = st.selectbox(
                column.label + must,
                offered,
                index=_likely(spec, column.name, offered),
                placeholder="沒有這一欄",
                key=f"layout_{key}_{spec.name}_{column.name}",
            )
            if heading:
                columns[heading] = column.name
            elif column.choices and column.name in spec.required:
                chosen = st.selectbox(
                    f"{column.label}：固定值",
                    [shown for _, shown in column.choices],
                    index=None,
                    placeholder="請選擇",
                    key=f"constant_{key}_{spec.name}_{column.name}",
                )
                if chosen:
                    constants[column.name] = chosen
    return columns, constants


def _likely(spec: Spec, column: str, offered: list[str]) -> int | None:
    """The heading that we know for the column, as a first guess that the person sees."""
    known: Mapping[str, int] = {fold(heading): at for at, heading in enumerate(offered)}
    return next((known[name] for name in spec.folded(column) if name in known), None)
