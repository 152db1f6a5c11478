"""Elements that cost much to make and come out the same are made once and then repeated, in every session.

A chart is checked field by field by plotly and written as JSON, a table goes through pandas and arrow; both take many
times as long as the rest of a page. What is repeated is the element as it was sent, so that nothing can differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import streamlit as st

_MOST = 512


def once(what: object, draw: Callable[[], object]) -> None:
    """Draw, or repeat what ``draw`` drew for the same ``what``: all that the drawing depends on, as ``repr`` tells it.

    ``draw`` shows elements and no widgets.
    """
    _drawn(hashlib.blake2b(repr(what).encode(), digest_size=20).hexdigest(), draw)


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _drawn(digest: str, _draw: Callable[[], object]) -> None:
    _draw()
