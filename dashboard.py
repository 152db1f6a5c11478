"""What ``streamlit run`` opens: the server when imported, the frame and its pages when run as a script."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sqdash.ui import frame, server

if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, **server.options(frame.addresses()))
else:
    frame.run()
