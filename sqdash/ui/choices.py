"""Boxes of choices: those that begin with one of them and may be emptied, and choices that read the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Literal, TypeVar

import streamlit as st

T = TypeVar("T", bound=Hashable)


def begin_with(key: str, choice: object) -> None:
    """Let the box of that key, drawn next with ``index=None``, begin with a choice.

    A box whose own default is a choice has nothing to go back to, so that Streamlit lets nobody empty it: what it
    begins with is put where a person's choice would be, once.
    """
    st.session_state.setdefault(key, choice)


def optional(
    label: str,
    labels: Mapping[T, str],
    *,
    key: str,
    placeholder: str,
    begins: T | None = None,
    width: Literal["stretch"] | int = "stretch",
) -> T | None:
    """A box in which nothing need be chosen; the choice, None for none. ``begins``: what it begins with where that is
    one of the choices, see :func:`begin_with`; those that read the same are told :func:`apart`."""
    named = apart(labels)
    if begins is not None and begins in named:
        begin_with(key, begins)
    return st.selectbox(
        label,
        list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder=placeholder,
        key=key,
        width=width,
    )


def keeping(labels: Mapping[T, str], choice: T | None, called: str | None = None) -> Mapping[T, str]:
    """The labels of choices, and of the one that stands already where it is none of them: a unit that has ended."""
    if choice is None or choice in labels:
        return labels
    return {**labels, choice: called or str(choice)}


def apart(labels: Mapping[T, str], *, by_itself: bool = False) -> dict[T, str]:
    """The labels of choices, those that read the same with a number behind them, in their order; or with the choice
    ``by_itself``, where people know that: a page's number.

    What comes back from the browser is the label alone: of two that are alike Streamlit takes the last, whichever was
    chosen.
    """
    alike, seen = Counter(labels.values()), Counter[str]()
    found: dict[T, str] = {}
    for choice, label in labels.items():
        seen[label] += 1
        found[choice] = f"{label}（{choice if by_itself else seen[label]}）" if alike[label] > 1 else label
    return found
