"""服務品質: satisfaction surveys, petitions, and the checks that have a rhythm."""

import streamlit as st

from sqdash.indicators import INDICATORS, Group
from sqdash.ui import cards, frame, screen_export
from sqdash.ui.panels import reasons, service


def keys_of(group: Group) -> list[str]:
    """The indicators of one group, in order."""
    return [i.key for i in INDICATORS if i.group == group]


SURVEYS, PETITIONS = keys_of("satisfaction"), keys_of("petitions")
CHECKS, INFORMATION = keys_of("checks"), keys_of("information")

screen = frame.start("service")
st.markdown("## 服務滿意度", anchors=False)
with st.grid(4, min_column_width=160, gap="small"):
    for key in SURVEYS:
        cards.count(screen, key)
service.surveys(screen)

st.markdown("## 人民陳情", anchors=False)
with st.grid(3, min_column_width=160, gap="small"):
    for key in PETITIONS:
        cards.count(screen, key)
service.petitions(screen)

st.markdown("## 查核與測試", anchors=False)
service.checks(screen, CHECKS)
reasons.missed(screen, [*SURVEYS, *PETITIONS, *CHECKS, *INFORMATION])

st.markdown("## 資訊與參與", anchors=False)
with st.grid(5, min_column_width=130, gap="small"):
    for key in INFORMATION:
        cards.count(screen, key)
service.recognitions(screen)
frame.sources(screen, [*SURVEYS, *PETITIONS, *CHECKS, *INFORMATION])
screen_export.offer(screen)
