"""Imported by the process of which the tests' servers are born: what each of them would load anew, in three seconds of
the processor (see :mod:`tests.servers`)."""

import inspect

import streamlit.web.cli
import streamlit.web.server.starlette.starlette_app  # noqa: F401

from sqdash.ui import frame, menu, server, smaller, warm  # noqa: F401

warm._load()
inspect.stack()  # Streamlit asks for it once, and Python then looks at the file of every module
smaller.prepare()
