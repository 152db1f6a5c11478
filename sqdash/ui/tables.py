"""Tables that a screen reader can read, with cells that are text and nothing else.

Streamlit draws table cells as markdown, and markdown loads foreign images; :func:`plain` takes every mark
its meaning, so what a file or a person wrote shows as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
MOST_ROWS = 50


def plain(text: object) -> str:
    """Text safe in any place that Streamlit draws as markdown; line breaks become blanks."""
    return _MARKS.sub(r"\\\1", " ".join(str(text).split()))


def show(rows: Sequence[Mapping[str, Any]], *, alt: str, right: Sequence[str] = (), empty: str = "沒有資料。") -> None:
    """A table of at most 50 rows, the columns in ``right`` flush right; longer ones belong in :func:`browse`."""
    if not rows:
        st.caption(empty)
        return
    shown = pd.DataFrame([{plain(name): _cell(value) for name, value in row.items()} for row in rows[:MOST_ROWS]])
    styled = shown.style.set_properties(subset=[plain(name) for name in right], **{"text-align": "right"})
    st.table(styled if right else shown, hide_index=True, border="horizontal", alt=alt)
    if len(rows) > MOST_ROWS:
        st.caption(f"只列前 {MOST_ROWS} 列，共 {len(rows):,} 列。")


def _cell(value: Any) -> str:
    return "" if value is None else plain(value)


def browse(rows: Iterable[Mapping[str, Any]], *, alt: str, config: Mapping[str, Any] | None = None) -> None:
    """A scrolling grid for many rows; its cells are never markdown."""
    frame = pd.DataFrame(list(rows))
    if frame.empty:
        st.caption("沒有資料。")
        return
    st.dataframe(frame, hide_index=True, alt=alt, column_config=dict(config or {}))
