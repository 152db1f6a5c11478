"""設定: targets and norms with dates, units, pages, holidays, corrections of single rows, whose desk it is."""

import streamlit as st

from sqdash.ui import forms, frame, identity, screen_export, who
from sqdash.ui.panels import alerts, settings

TABLES = {
    "單位": ("units", "單位的種類與名稱沿革"),
    "粉絲專頁": ("pages", "本分局與標竿的粉絲專頁"),
    "登錄完整註記": ("ledger_marks", "哪些指標的登錄在哪段期間已完整"),
    "假日": ("holidays", "假日與補行上班日"),
}

screen = frame.start("settings")
forms.said()
settings.notice()
own = [] if who.signs_in() else ["使用者"]
targets, *lists, reminders, correction = st.tabs(
    ["目標與規律", *TABLES, *own, "提醒", "更正單列"], key="settings_tab", on_change="rerun"
)
with targets:
    settings.targets(screen)
    settings.adding(screen, "targets", "目標與規律")
for tab, (label, (name, alt)) in zip(lists, TABLES.items(), strict=False):
    with tab:
        settings.listing(screen, name, alt=alt)
        settings.adding(screen, name, label)
if own:
    with lists[-1]:
        identity.desk(screen.store, screen.state, who.current(), key="desk_again")
with reminders:
    alerts.tab(screen)
with correction:
    settings.correction(screen)
screen_export.offer(screen)
