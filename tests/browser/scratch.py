"""A page for tests, served as the dashboard is: texts from outside in every place we draw them, or a fault."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from sqdash.ui import server, tables

TEXTS = (
    "第六課 16,300 人（90.8%）",
    "![x](//elsewhere.example/a.png)",
    "<img src=//elsewhere.example/b.png> <b>標</b> <script>alert(1)</script>",
    "**粗** *斜* _底_ ~~刪~~ `碼`",
    "[開啟](//elsewhere.example)",
    "[^1] [ ] - [x]",
    ":smile: :heart:",
    ":material/home:",
    ":streamlit:",
    "$a^2$ $$b$$",
    ":red[紅] :red-badge[章] :small[小]",
    "# 標題",
    "- 項目",
    "1. 一",
    "1) 一",
    "> 引",
    "| a | b |",
    "&lt; &amp; &copy; &#33;",
    "a\\b \\* C:\\a_b_c",
    "    四格",
    "10:30 +1 @甲 #乙 H_2 x^2 =x",
    "a -- b --- c",
    "a -> b <- c <-> d",
    "a >= b <= c ~= d",
    "https://elsewhere.example/x",
    "www.elsewhere.example",
    "me@elsewhere.example",
    "一\n\n二\t三",
)
PLACES = ("markdown", "caption", "expander", "cell")


def draw() -> None:
    """Every text in every place (badges hold words of ours only); with ``?fault`` an error that nobody foresaw."""
    if "fault" in st.query_params:
        raise ValueError("/srv/path/and/token-123")
    for number, text in enumerate(TEXTS):
        escaped = tables.plain(text)
        with st.container(key=f"markdown_{number}"):
            st.markdown(escaped)
        with st.container(key=f"caption_{number}"):
            st.caption(escaped)
        with st.container(key=f"expander_{number}"), st.expander(escaped):
            st.text("內")
    with st.container(key="cells"):
        tables.show([{"字": text} for text in TEXTS], alt="各種文字")


if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, **server.options(()))
else:
    draw()
