"""Boxes of choices that begin with one of them and may be emptied."""

from __future__ import annotations

import streamlit as st


def begin_with(key: str, choice: object) -> None:
    """Let the box of that key, drawn next with ``index=None``, begin with a choice.

    A box whose own default is a choice has nothing to go back to, so that Streamlit lets nobody empty it: what it
    begins with is put where a person's choice would be, once.
    """
    st.session_state.setdefault(key, choice)
