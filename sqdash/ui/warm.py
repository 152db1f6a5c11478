"""What the first visitor would wait for, done once a server is up: the heavy libraries, before which no page runs, and
the figures of the first page.

A page that ran meanwhile would import the same modules, or find half of one: plotly takes whatever is there of pandas.
"""

from __future__ import annotations

import importlib
import inspect
import linecache
import pkgutil
import sys
import threading
from contextlib import suppress

from sqdash import periods, settings
from sqdash.errors import SqdashError
from sqdash.ui import smaller

_LEADING = (
    "sqdash.ui",
    "streamlit.runtime.scriptrunner",
    "streamlit.elements",
    "streamlit.navigation",
    "streamlit.delta",
)
_done = threading.Event()
_done.set()


def begin() -> None:
    """Load them in the background, and what the browser will ask for after that."""
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
    _read_sources()
    _work_out()
    smaller.prepare()


def _read_sources() -> None:
    """Streamlit asks once whether it runs in a notebook, and Python then looks at every module's file and reads those
    that led there: Streamlit's that run a page, and ours that draw one."""
    inspect.stack()
    for name, module in list(sys.modules.items()):
        if name.startswith(_LEADING) and (file := getattr(module, "__file__", None)):
            linecache.getlines(file)
    for page in (settings.ROOT / "pages").glob("*.py"):
        linecache.getlines(str(page))


def _work_out() -> None:
    """The figures of the first page as it opens, which the first visitor would wait for; where the store cannot be
    read, that page says why."""
    from sqdash import views  # after the libraries
    from sqdash.ui import loads

    with suppress(SqdashError):
        store = settings.load().db
        state = loads.seen(store).state
        period = periods.year_period(views.newest_year(loads.years(store, state)))
        loads.board(store, state, period)
        loads.fans_by_month(store, state, period.code)
        loads.standing_alerts(store)


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
