"""Tables that a screen reader can read, with cells that are text and nothing else; long ones in a grid; as files.

What Streamlit draws as markdown loads foreign images; :func:`plain` takes every mark its meaning, so what a file or a
person wrote shows as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import streamlit as st
from markupsafe import Markup

from sqdash.jobs import screen_sheets, sheets
from sqdash.jobs.sheet_shapes import Kind
from sqdash.ui import blocks, drawn, replay

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
# Signs that markdown reads together even when escaped: www., ://, mail addresses, :names:, dashes, arrows. Numbers,
# days, hours and file names are left whole, so that a copied cell is what it shows.
_TOGETHER = re.compile(
    r"(?i:(?<=www)(?=\.))|(?=@)|(?<=@)|(?<=[A-Za-z])(?=:)|(?<=:)(?=[A-Za-z/])|(?<=[-<>=~])(?=[-<>=~])"
)
_BLANKS = re.compile(r"[^\S\u3000]+")
"""Blanks and line breaks; the wide blank of Chinese print sets things apart, and a browser keeps it."""
JOINER = "\u2060"
"""Word joiner: invisible and without width; it keeps two signs from being read as one."""
MOST_ROWS = 50
_POST = re.compile(r"https?://(?:(?:[a-z0-9-]+\.)*facebook\.com|fb\.watch)/[^\s\\]*", re.IGNORECASE | re.ASCII)
_KINDS: Mapping[Kind, str] = {"xlsx": "XLSX", "ods": "ODS", "csv": "CSV"}
_MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
    "zip": "application/zip",
}


def plain(text: object) -> str:
    """Text safe in any place that Streamlit draws as markdown; line breaks become blanks, wide blanks stay."""
    return _MARKS.sub(r"\\\1", _TOGETHER.sub(JOINER, _BLANKS.sub(" ", str(text)).strip()))


def post_link(address: str | None) -> str | None:
    """The address of a post where it leads to Facebook and nowhere else; None otherwise: files give it, and a button
    that says it leads to Facebook must."""
    return address if address and _POST.fullmatch(address) else None


def show(
    rows: Sequence[Mapping[str, Any]],
    *,
    alt: str,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
    empty: str = "沒有資料。",
    noted: bool = True,
    title: str = "",
    drawn_now: bool = True,
) -> None:
    """Show :func:`table`; where it is not ``drawn_now`` (folded away), its rows are noted and that is all."""
    if drawn_now:
        blocks.draw(table(rows, alt=alt, right=right, whole=whole, empty=empty, noted=noted, title=title))
    else:
        _note(rows, title or alt, right, whole, noted=noted)


def table(
    rows: Sequence[Mapping[str, Any]],
    *,
    alt: str,
    right: Sequence[str] = (),
    whole: Sequence[str] = (),
    empty: str = "沒有資料。",
    noted: bool = True,
    title: str = "",
) -> Markup:
    """A table of at most 50 rows, the columns in ``right`` flush right; longer ones belong in :func:`browse`.

    Columns in ``whole`` are never wrapped: Chinese breaks after any character, and a narrow screen would set a short
    word upright. All rows are noted for the page's file under ``title`` (else ``alt``), unless what is ``noted`` there
    says more than the screen. :class:`ValueError` for a column in ``right`` or ``whole`` that the rows do not have.
    """
    _note(rows, title or alt, right, whole, noted=noted)
    if not rows:
        return blocks.line(empty, dim=True)
    columns = {name: [_cell(row.get(name)) for row in rows[:MOST_ROWS]] for name in rows[0]}
    more = blocks.line(f"只列前 {MOST_ROWS} 列，共 {len(rows):,} 列。", dim=True) if len(rows) > MOST_ROWS else Markup()
    return blocks.table(columns, alt=alt, right=right, whole=whole) + more


def _note(
    rows: Sequence[Mapping[str, Any]], title: str, right: Sequence[str], whole: Sequence[str], *, noted: bool
) -> None:
    if unknown := [name for name in (*right, *whole) if rows and name not in rows[0]]:
        raise ValueError(f"the table has no column {', '.join(unknown)}: {title}")
    if noted:
        drawn.add(title, rows, right)


def source_text(row: Mapping[str, Any]) -> str:
    """The file (or entry) and row that brought a row, from its ``file_name`` and ``source_row``."""
    return f"{row['file_name']} 第 {row['source_row']} 列" if row["source_row"] else str(row["file_name"])


def frame(rows: Any) -> Any:
    """The rows, or columns by name, as Streamlit's grids take them. A server is up before the library is loaded."""
    import pandas

    return pandas.DataFrame(rows)


def _arrow(rows: Sequence[Mapping[str, Any]]) -> Any:
    """The same in the form in which it is sent."""
    import pyarrow

    return pyarrow.Table.from_pandas(frame(rows))


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def browse(
    rows: Sequence[Mapping[str, Any]],
    *,
    alt: str,
    config: Mapping[str, Any] | None = None,
    choose: str = "",
    noted: bool = True,
    drawn_now: bool = True,
    told: object = None,
) -> list[int]:
    """A scrolling grid for many rows; its cells are never markdown. ``noted`` and ``drawn_now`` as in :func:`show`.

    With ``choose`` (a widget's key) rows can be chosen by their box on the left: their places, from 0. ``told`` is all
    that the rows depend on, where that is said sooner than they are.
    """
    if noted:
        drawn.add(alt, rows)
    if not drawn_now:
        return []
    if not rows:
        st.caption("沒有資料。")
        return []
    given: dict[str, Any] = {"hide_index": True, "placeholder": "未填", "column_config": dict(config or {})}
    if not choose:
        replay.once((told or rows, alt, given), lambda: st.dataframe(frame(rows), alt=alt, **given))
        return []
    shown = replay.made((told or rows, alt), lambda: _arrow(rows))
    state: Any = st.dataframe(shown, alt=alt, **given, on_select="rerun", selection_mode="multi-row", key=choose)
    return [int(place) for place in state["selection"]["rows"] if place < len(rows)]


def download(rows: Sequence[Mapping[str, Any]], *, name: str, key: str, right: Sequence[str] = ()) -> None:
    """Buttons that give all rows as a file of each kind; figures in the columns ``right`` are numbers there."""
    file = re.sub(r"[^\w-]+", "_", name).strip("_")[:60]
    downloads("下載表格", key, file, lambda kind: sheets.write([screen_sheets.sheet(name, rows, right)], kind))


def downloads(
    label: str,
    key: str,
    name: str,
    make: Callable[[Kind], bytes],
    width: int | Literal["content"] = "content",
    *,
    button: str = "",
    archive: bool = False,
) -> None:
    """The same sheets in each kind, made only when somebody asks for it; ``name`` is the file's without its ending.

    ``button`` begins what each button is called; with ``archive`` the CSV is a ZIP of files.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(plain(label), width=width)
        for kind, shown in _KINDS.items():
            ending = "zip" if archive and kind == "csv" else kind
            st.download_button(
                f"{button}{shown}",
                partial(make, kind),
                file_name=f"{name}.{ending}",
                mime=_MIME[ending],
                icon=":material/download:",
                on_click="ignore",
                key=f"{key}_{kind}",
            )
