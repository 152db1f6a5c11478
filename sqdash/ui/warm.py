"""What the first visitor would wait for, done once a server is up: the heavy libraries, before which no page runs, and
a first run of the first page.

A page that ran meanwhile would import the same modules, or find half of one: plotly takes whatever is there of pandas.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import threading
from contextlib import suppress

from streamlit.runtime import get_instance

from sqdash import periods, settings
from sqdash.errors import SqdashError

_done = threading.Event()
_done.set()


def begin() -> None:
    """Load them in the background."""
    _done.clear()
    threading.Thread(target=_warm, name="warm-up", daemon=True).start()


def wait() -> None:
    """Until they are there; no time where nothing loads them."""
    _done.wait()


def _warm() -> None:
    try:
        _load()
    finally:
        _done.set()  # what could not be loaded is told by the page that needs it


async def rehearse() -> None:
    """Once they are there, draw the first page for nobody: what a first run of all reads, compiles and works out is
    then there for the first visitor. What is wrong with the store, that page tells whoever comes."""
    await asyncio.to_thread(wait)
    await asyncio.to_thread(_work_out)
    await get_instance().does_script_run_without_error()


def _work_out() -> None:
    """The figures of the first page as it opens, which are not drawn for nobody where people sign in."""
    from sqdash import views  # after the libraries
    from sqdash.ui import loads

    with suppress(SqdashError):
        store = settings.load().db
        state = loads.seen(store).state
        loads.board(store, state, periods.year_period(views.newest_year(loads.years(store, state))))


def _load() -> None:
    import pandas
    import plotly.graph_objects  # noqa: F401
    import pyarrow
    import streamlit.emojis  # a page's icon is looked up in it
    import streamlit.material_icon_names  # noqa: F401 - and the others here
    from pandas.io.formats import style  # noqa: F401 - tables with figures flush right

    import sqdash.ui

    for module in pkgutil.walk_packages(sqdash.ui.__path__, "sqdash.ui."):
        importlib.import_module(module.name)
    pyarrow.Table.from_pandas(pandas.DataFrame({"": [""]}))  # the first of its kind takes longest
