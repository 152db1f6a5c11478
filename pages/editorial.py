"""供稿與審稿: the month's rota and where each contribution stands, review meetings, timeliness and results by unit."""

import streamlit as st

from sqdash import periods
from sqdash.ui import folds, forms, frame, screen_export
from sqdash.ui.panels import rota, rota_meetings, rota_plan, rota_slot

screen = frame.start("editorial")
forms.said()
today = periods.today()
slots = rota.slots_of(screen, screen.period)
if slots:
    rota.summary(slots, screen.period, today)
    rota_slot.choose(screen, slots, today)
else:
    rota.empty(screen)
month, listing, units, meetings, plan = st.tabs(
    ["月曆", "清單", "各單位", "審稿會議", "排定一個月"], key="editorial_tab", on_change="rerun"
)
with month:
    if slots:
        span = rota.month(screen)
        of_month = rota.slots_of(screen, span)
        rota.summary(of_month, span, today)
        rota.calendar(screen, of_month, span, today)
        rota.download(screen, slots)
    else:
        st.caption("沒有供稿可列。")
with listing:
    if slots:
        rota.listing(screen, slots, today)
    else:
        st.caption("沒有供稿可列。")
with units:
    if slots:
        rota.units(screen, slots, today)
    else:
        st.caption("沒有供稿可算。")
with meetings:
    rota_meetings.meetings(screen, today)
with plan:
    if folds.asked("rota_plan", unfolded=bool(plan.open)):
        rota_plan.plan(screen)
frame.sources(screen, ["review_meetings"])
screen_export.offer(screen)
