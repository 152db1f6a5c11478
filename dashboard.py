"""What ``streamlit run`` opens: the server when imported, the frame and its pages when run as a script."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:
    from sqdash.ui import menu, server

    app = st.App(__file__, **server.options(menu.addresses()))
else:
    from sqdash.ui import warm

    warm.wait()
    from sqdash.ui import frame

    frame.run()
