"""經營總覽: are we reaching the targets, how much was done, what is behind and why; ten seconds, no click."""

import streamlit as st

from sqdash import formats
from sqdash.ui import cards, frame, loads, tables

COUNTS = (
    ("training_sessions", "教育訓練"),
    ("outreach_events", "業務推廣"),
    ("seminars", "座談、研討會"),
    ("company_visits", "企業訪視"),
    ("press_releases", "新聞稿"),
    ("improvement_reports", "業務改善報告"),
)
SERVICE = (
    "satisfaction_branch",
    "satisfaction_counter",
    "satisfaction_taxi_meter",
    "petitions_received",
    "petitions_closed",
    "petition_closure_rate",
)

screen = frame.start("overview")
with st.grid(3, min_column_width=250, gap="small"):
    cards.indicator(
        screen,
        "fans",
        below=cards.gained(screen),
        page="pages/fans.py",
        link="看來源與走勢",
        trend=loads.fans_by_month(screen.store, screen.revision, screen.period.code),
    )
    for key in ("likes_per_post", "reach_per_post"):
        cards.indicator(
            screen,
            key,
            below=cards.before_after(screen, key),
            page="pages/posts.py",
            link="看貼文與原因",
            trend=cards.monthly_means(screen.result(key)),
        )

st.markdown("## 活動與訓練", anchors=False)
with st.grid(6, min_column_width=124, gap="small"):
    for key, label in COUNTS:
        cards.count(screen, key, label=label)

attention, service = st.columns([5, 4], gap="small")
with attention, st.container(border=True, key="attention"):
    cards.attention(screen)
with service, st.container(border=True, key="service"):
    st.markdown("## 服務品質", anchors=False)
    tables.show(
        [
            {
                "項目": cards.label(key),
                "結果": formats.figure_with_unit(screen.result(key)),
                "去年": formats.figure_with_unit(screen.board.before[key]),
            }
            for key in SERVICE
        ],
        right=("結果", "去年"),
        alt="服務滿意度與人民陳情的結果及去年數值",
    )
    st.page_link("pages/service.py", label="看調查、陳情與查核", icon=":material/arrow_forward:")

frame.sources(screen, ["fans", "likes_per_post", "reach_per_post", *(key for key, _ in COUNTS), *SERVICE])
