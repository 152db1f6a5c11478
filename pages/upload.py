"""資料登錄與上傳: what my unit owes this month, files with a preview before anything is written, entry by hand."""

import streamlit as st

from sqdash.ui import forms, frame, screen_export
from sqdash.ui.panels import batches, due, upload

ENTRIES = ("activities", "petitions", "checks", "readings")

screen = frame.start("upload")
forms.said()
mine, files, entry, templates, log, calendar = st.tabs(
    ["我的單位，本月", "上傳檔案", "人工登錄", "範本下載", "匯入紀錄", "催報"], key="upload_tab", on_change="rerun"
)
with mine:
    due.mine(screen)
with files:
    upload.files(screen)
with entry:
    upload.by_hand(screen, ENTRIES)
with templates:
    upload.templates()
with log:
    batches.batches(screen)
with calendar:
    due.calendar(screen)
screen_export.offer(screen)
