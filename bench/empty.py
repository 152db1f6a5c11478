"""The floor of every page: one title, served by our server; with ``?like=…`` what :mod:`bench.alike` tells instead."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from bench import alike
from sqdash.ui import server

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, **server.options([]))
else:
    if "like" in st.query_params:
        alike.draw(st.query_params["like"])
    else:
        st.title("empty")
