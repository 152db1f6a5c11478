"""資料登錄與上傳: what my unit owes this month, files with a preview before anything is written, entry by hand."""

from sqdash.ui import below, folds, forms, frame
from sqdash.ui.panels import batches, due, upload

PANELS = {
    "我的單位，本月": due.mine,
    "上傳檔案": upload.files,
    "人工登錄": upload.by_hand,
    "範本下載": upload.templates,
    "匯入紀錄": batches.batches,
    "催報": due.calendar,
}

screen = frame.start("upload")
forms.said()
folds.tabs(PANELS, "upload_tab", screen)
below.draw(screen)
