"""設定: targets and norms with dates, units, pages, holidays, corrections of single rows."""

import streamlit as st

from sqdash.ui import forms, frame, screen_export
from sqdash.ui.panels import alerts, settings

TABLES = {
    "單位": ("units", "單位的種類與名稱沿革"),
    "粉絲專頁": ("pages", "本分局與標竿的粉絲專頁"),
    "登錄完整註記": ("ledger_marks", "哪些指標的登錄在哪段期間已完整"),
    "假日": ("holidays", "假日與補行上班日"),
}

screen = frame.start("settings")
forms.said()
targets, *lists, reminders, correction = st.tabs(
    ["目標與規律", *TABLES, "提醒", "更正單列"], key="settings_tab", on_change="rerun"
)
with targets:
    settings.targets(screen)
    with st.expander("新增或變更目標與規律", icon=":material/add:"):
        forms.entry(screen, "targets", key="new_targets")
for tab, (label, (name, alt)) in zip(lists, TABLES.items(), strict=True):
    with tab:
        settings.listing(screen, name, alt=alt)
        with st.expander(f"新增或變更{label}", icon=":material/add:"):
            forms.entry(screen, name, key=f"new_{name}")
with reminders:
    alerts.tab(screen)
with correction:
    settings.correction(screen)
screen_export.offer(screen)
