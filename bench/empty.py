"""The floor of every page: one title, served by our server; with ``?bare=30`` as many elements of one word below it."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sqdash.ui import server

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, **server.options([]))
else:
    st.title("empty")
    for _ in range(int(st.query_params.get("bare", 0))):
        st.html("<p>word</p>")  # what our pages are mostly made of; nothing from outside is in it
