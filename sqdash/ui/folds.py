"""What is folded away behind a line or a tab: drawn once somebody unfolds it, and not before.

Whatever was unfolded in a visit stays drawn, folded or not, so that nothing that was typed there is lost by folding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ParamSpec

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

P = ParamSpec("P")
FILE = "screen_export"
"""The fold of the page's own file, which has the tables of every tab."""
_OPENED = "folds_opened"


def fold(label: str, key: str, *, icon: str | None = None, expanded: bool = False) -> tuple[DeltaGenerator, bool]:
    """Its place, and whether what belongs there is to be drawn. ``key`` names it among all that fold in a visit."""
    place = st.expander(label, icon=icon, key=f"fold_{key}", on_change="rerun", expanded=expanded)
    return place, asked(key, unfolded=bool(place.open))


def unfolded(key: str) -> bool:
    """Whether somebody has it open, told before it is drawn."""
    return bool(st.session_state.get(f"fold_{key}"))


def asked(key: str, *, unfolded: bool) -> bool:
    """Whether somebody sees it now, or has seen it in this visit."""
    opened: set[str] = st.session_state.setdefault(_OPENED, set())
    if unfolded:
        opened.add(key)
    return key in opened


def tabs(panels: Mapping[str, Callable[P, object]], key: str, *given: P.args, **named: P.kwargs) -> None:
    """A tab for each label, what stands beside it drawn there once it is open; all once the page's file is asked for.

    ``key`` names them in a visit and in the address, so that a link opens the tab that it speaks of.
    """
    places = st.tabs(list(panels), key=key, on_change="rerun", bind="query-params")
    whole = asked(f"{FILE}_{key}", unfolded=unfolded(FILE))
    for place, (label, draw) in zip(places, panels.items(), strict=True):
        if asked(f"{key}_{label}", unfolded=whole or bool(place.open)):
            with place:
                draw(*given, **named)
