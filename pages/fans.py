"""粉絲人數: where we stand against the target, when it is reached, what brought fans, how other pages fare."""

import streamlit as st

from sqdash.ui import cards, frame, loads, screen_export
from sqdash.ui.panels import fans, fans_attribution, fans_benchmark, fans_pace, reasons

KEYS = ["fans", "fan_events", "fans_gained_events", "fans_gained_promotion"]

screen = frame.start("fans")
view = loads.fans(screen.store, screen.state, screen.period)
card, stated = st.columns([2, 3], gap="small")
with card:
    cards.indicator(screen, "fans", below=cards.gained(screen))
with stated:
    fans.stated(screen, KEYS)
fans_pace.outlook(screen, view)
reasons.missed(screen, KEYS)
fans.days(screen, view)
fans.months(screen, view)
fans_attribution.activities(screen, view)
fans_benchmark.side_by_side(screen, view)
fans.followers(screen, view)
frame.sources(screen, KEYS)
screen_export.offer(screen)
