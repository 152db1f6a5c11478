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

_SLOT = "row_opened"


@dataclass(frozen=True, slots=True)
class Opened:
    """``key`` of the form's widgets, ``row`` as the person has it there, ``moved``: whether another one stands now."""

    key: str
    row: Mapping[str, Any]
    moved: bool


def look(name: str, stands: Mapping[str, Any], *, afresh: bool) -> Opened:
    """The row in the form called ``name``: as first drawn there, or as it ``stands`` where it is opened ``afresh``."""
    kept = st.session_state.get(_SLOT)
    if afresh or kept is None or kept[0] != name:
        kept = st.session_state[_SLOT] = (name, 0, dict(stands))
    _, number, row = kept
    return Opened(f"{name}_{number}", row, dict(stands) != row)


def follow(name: str, stands: Mapping[str, Any]) -> None:
    """Go on from the row as it ``stands`` now: the form is a new one."""
    kept = st.session_state.get(_SLOT)
    number = kept[1] + 1 if kept and kept[0] == name else 0
    st.session_state[_SLOT] = (name, number, dict(stands))
