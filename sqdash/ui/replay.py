"""Elements that cost much to make and come out the same are made once and then repeated, in every session.

A chart is checked field by field by plotly and written as JSON, a table goes through pandas and arrow; both take many
times as long as the rest of a page. What is repeated is the element as it was sent, so that nothing can differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st

_MOST = 512


def once(what: object, draw: Callable[[], object]) -> None:
    """Draw, or repeat what ``draw`` drew for the same ``what``: all that the drawing depends on, as ``repr`` tells it.

    ``draw`` shows elements and no widgets.
    """
    repeat(digest(what), draw)


def repeat(known: str, draw: Callable[[], object]) -> None:
    """The same where the :func:`digest` of what it depends on is known already."""
    _drawn(known, draw)


def made(what: object, make: Callable[[], Any]) -> Any:
    """What ``make`` made for the same ``what``, to be read only: for elements that are widgets, which cannot be
    repeated, while what they show can be kept."""
    return _made(digest(what), make)


def digest(what: object) -> str:
    """Short for all of it, as ``repr`` tells it."""
    return hashlib.blake2b(repr(what).encode(), digest_size=20).hexdigest()


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _drawn(digest: str, _draw: Callable[[], object]) -> None:
    _draw()


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _made(digest: str, _make: Callable[[], Any]) -> Any:
    return _make()
