"""How a person is told that what they asked for was refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from sqdash.errors import SqdashError
from sqdash.ui import tables


@contextmanager
def told() -> Iterator[None]:
    """A refusal within ends what is within, and is told in its own sentence where that stood; the page goes on."""
    try:
        yield
    except SqdashError as error:
        st.error(tables.plain(error))
