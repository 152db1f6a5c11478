"""A row that a person has open in a form: as it stood when they opened it, whatever others do meanwhile.

Every rerun brings the row as it stands now. A form that followed it would let a correction go over what another has
just written, without a word; so the form keeps the row it was opened with, and the write is refused where another
one stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st


@dataclass(frozen=True, slots=True)
class Opened:
    """``key`` of the form's widgets, ``row`` as the person has it there, ``moved``: whether another one stands now."""

    key: str
    row: Mapping[str, Any]
    moved: bool


def look(
    place: str, name: str, stands: Mapping[str, Any], *, afresh: bool, of: str = "這一列", shown: str = "歷史"
) -> Opened:
    """The row in the form called ``name``: as first drawn there, or as it ``stands`` where it is opened ``afresh``.

    A ``place`` has one row open at a time. Where another row stands by now the person is told so (``of`` what, where
    it is ``shown``) and may go on from that one.
    """
    slot = f"row_opened_{place}"
    kept = st.session_state.get(slot)
    if afresh or kept is None or kept[0] != name:
        kept = st.session_state[slot] = (name, 0, dict(stands))
    _, number, row = kept
    found = Opened(f"{name}_{number}", row, dict(stands) != row)
    if found.moved:
        st.warning(
            f"{of}剛由別人更動，下面是您開啟時的內容，不能直接存入；現在的內容見{shown}。", icon=":material/history:"
        )
        st.button("改用現在的內容", key=f"follow_{found.key}", on_click=_follow, args=(slot, name, number, stands))
    return found


def _follow(slot: str, name: str, number: int, stands: Mapping[str, Any]) -> None:
    """Go on from the row as it ``stands`` now: the form is a new one."""
    st.session_state[slot] = (name, number + 1, dict(stands))
