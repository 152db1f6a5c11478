"""系統管理: accounts, the audit log, backups, the system's health."""

import streamlit as st

from sqdash.ui import forms, frame
from sqdash.ui.panels import admin_accounts, admin_audit

screen = frame.start("admin")
forms.said()
PANELS = {"帳號": admin_accounts.show, "稽核紀錄": admin_audit.show}
tabs = st.tabs(list(PANELS), key="admin_tab", on_change="rerun")
for tab, show in zip(tabs, PANELS.values(), strict=True):
    with tab:
        if tab.open:
            show(screen)
