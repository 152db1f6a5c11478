"""What is folded away behind a line: drawn once somebody unfolds it, and not before.

Whatever was unfolded in a visit stays drawn, folded or not, so that nothing that was typed there is lost by folding.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_OPENED = "folds_opened"


def fold(label: str, key: str, *, icon: str | None = None, expanded: bool = False) -> tuple[DeltaGenerator, bool]:
    """Its place, and whether what belongs there is to be drawn. ``key`` names it among all that fold in a visit."""
    place = st.expander(label, icon=icon, key=f"fold_{key}", on_change="rerun", expanded=expanded)
    return place, asked(key, unfolded=bool(place.open))


def asked(key: str, *, unfolded: bool) -> bool:
    """Whether somebody sees it now, or has seen it in this visit."""
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    if unfolded:
        opened.add(key)
    return key in opened
