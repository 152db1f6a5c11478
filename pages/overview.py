"""經營總覽: are we reaching the targets, how much was done, what is behind and why; ten seconds, no click."""

import streamlit as st

from sqdash.indicators import INDICATORS
from sqdash.ui import blocks, cards, frame, loads, screen_export
from sqdash.ui.panels import alerts

COUNTS = {
    "training_sessions": "教育訓練",
    "outreach_events": "業務推廣",
    "seminars": "座談、研討會",
    "company_visits": "企業訪視",
    "press_releases": "新聞稿",
    "improvement_reports": "業務改善報告",
}
SERVICE = [i.key for i in INDICATORS if i.group in ("satisfaction", "petitions") and i.key != "surveys_held"]

screen = frame.start("overview")
with st.grid(3, min_column_width=250, gap="small"):
    cards.indicator(
        screen,
        "fans",
        below=cards.gained(screen),
        page="pages/fans.py",
        link="看來源與走勢",
        trend=loads.fans_by_month(screen.store, screen.state, screen.period.code),
    )
    for key in ("likes_per_post", "reach_per_post"):
        cards.indicator(
            screen,
            key,
            below=cards.before_after(screen, key),
            page="pages/posts.py",
            link="看貼文與原因",
            trend=cards.monthly_means(screen.result(key), screen.period),
        )

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    blocks.section("活動與訓練", width="content")
    cards.onward(screen, "pages/activities.py", "看各月、各單位與逐筆")
cards.counts(screen, COUNTS, across=6, labels=COUNTS)

attention, service = st.columns([5, 4], gap="small")
with attention:
    cards.attention(screen, alerts.beside(screen))
with service:
    cards.service(screen, SERVICE)

frame.sources(screen, ["fans", "likes_per_post", "reach_per_post", *COUNTS, *SERVICE])
screen_export.offer(screen)
