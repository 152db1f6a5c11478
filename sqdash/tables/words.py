"""The words that a column of choices allows, each with what a screen shows for it, and the names of measures."""

from __future__ import annotations

UNIT_KINDS = (("unit", "單位"), ("sub_unit", "內部分工"), ("collective", "集合名稱"))
UNIT_ROLES = (("lead", "主辦"), ("compile", "彙整"))
TARGET_KINDS = (("target", "目標"), ("further", "進一步目標"), ("norm", "規律"))
COMPARATORS = ((">=", "至少"), (">", "超過"))
MOMENTS = (("result", "結果"), ("before", "計畫執行前"), ("also", "另有陳報"))
BASES = (("reported", "陳報"), ("derived", "由敘述推得"))
REVIEW_STATES = (("draft", "草稿"), ("submitted", "已送審"), ("approved", "已核定"))
LOCK_STATES = (("locked", "已鎖定"), ("open", "開放"))
EXPLANATIONS = (("reason", "原因"), ("next_step", "下一步"))
LEDGER_STATES = (("complete", "已登錄完整"), ("partial", "登錄中"))
INNOVATION_STATES = (
    ("done", "已完成"),
    ("strengthened", "已加強"),
    ("continuing", "持續辦理"),
    ("not_enough", "已加強，仍不足"),
)
PAGE_KINDS = (("own", "本分局專頁"), ("benchmark", "標竿專頁"), ("unassigned", "未歸類"))
ACTIVITY_KINDS = (
    ("training", "教育訓練"),
    ("seminar", "座談、說明、研討會"),
    ("outreach", "業務推廣活動"),
    ("visit", "企業訪視"),
    ("press_release", "新聞稿"),
    ("improvement_report", "業務改善專案報告"),
    ("metrology_day", "世界計量日研討會"),
    ("agreement", "產學合作簽署"),
    ("association_meeting", "公會會員大會說明"),
    ("fan_event", "粉絲活動"),
    ("review_meeting", "審稿會議"),
    ("other", "其他"),
)
CHECK_KINDS = (
    ("six_s", "6S 稽核"),
    ("phone_test", "電話禮貌測試"),
    ("wifi", "無線網路連線測試"),
    ("web_review", "未更新網頁提報"),
)
CONTRIBUTION_STATES = (
    ("planned", "已排定"),
    ("submitted", "已供稿"),
    ("first_review", "初審"),
    ("meeting", "審稿會議"),
    ("published", "已刊登"),
)
ALERT_RULES = (
    ("missed", "指標未達"),
    ("behind", "進度落後"),
    ("stale", "資料過期"),
    ("overdue", "供稿逾期"),
    ("rejected", "匯入有列未採用"),
    ("pull", "擷取未成"),
    ("token", "權杖到期或失效"),
)
MEASURES = (
    ("fans", "粉絲人數"),
    ("followers", "追蹤人數"),
    ("new_followers", "新增追蹤"),
    ("lost_followers", "取消追蹤"),
    ("reach", "觸及人數"),
    ("viewers", "瀏覽者"),
    ("impressions", "曝光次數"),
    ("views", "瀏覽次數"),
    ("interactions", "互動次數"),
    ("link_clicks", "連結點擊"),
    ("page_visits", "專頁造訪"),
    ("video_views", "影片觀看"),
)
POST_MEASURES = (
    ("likes", "按讚"),
    ("reactions", "心情"),
    ("comments", "留言"),
    ("shares", "分享"),
    ("reach", "觸及"),
    ("viewers", "瀏覽者"),
    ("impressions", "曝光"),
    ("views", "瀏覽"),
    ("clicks", "點擊"),
)
