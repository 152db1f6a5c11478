"""粉絲人數: where we stand against the target, how it came about, day by day where days are known."""

import streamlit as st

from sqdash.ui import cards, frame
from sqdash.ui.panels import fans

KEYS = ["fans", "fan_events", "fans_gained_events", "fans_gained_promotion"]

screen = frame.start("fans")
card, stated = st.columns([2, 3], gap="small")
with card:
    cards.indicator(screen, "fans", below=cards.gained(screen))
with stated:
    fans.stated(screen, KEYS)
fans.days(screen)
fans.benchmarks(screen)
frame.sources(screen, KEYS)
