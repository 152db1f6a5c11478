"""The dashboard as it is, but for screens that look at the store every second, so that a test need not wait."""

from datetime import timedelta

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sqdash.ui import frame, menu, refresh, server, warm

refresh.EVERY = timedelta(seconds=1)
refresh._ticking = st.fragment(refresh._look, run_every=refresh.EVERY)

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, **server.options(menu.addresses()))
else:
    warm.wait()
    frame.run()
