"""The heavy libraries, loaded once a server is up: it need not wait for them, and no page runs before they are there.

A page that ran meanwhile would import the same modules, or find half of one: plotly takes whatever is there of pandas.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import threading

from sqdash.ui import smaller

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
    inspect.stack()  # Streamlit asks once whether it runs in a notebook, and Python then looks at every module's file
    smaller.prepare()


def _load() -> None:
    import pandas
    import plotly.graph_objects  # noqa: F401
    import pyarrow
    import streamlit.emojis  # noqa: F401 - a page's icon is looked up in it
    from pandas.io.formats import style  # noqa: F401 - tables with figures flush right

    import sqdash.ui.panels

    for module in pkgutil.iter_modules(sqdash.ui.panels.__path__):
        importlib.import_module(f"sqdash.ui.panels.{module.name}")
    pyarrow.Table.from_pandas(pandas.DataFrame({"": [""]}))  # the first of its kind takes longest
