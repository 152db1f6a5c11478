"""系統管理: accounts, the audit log, backups, the system's health."""

from sqdash.ui import below, folds, forms, frame
from sqdash.ui.panels import admin_accounts, admin_audit, admin_backups, admin_health

PANELS = {
    "帳號": admin_accounts.show,
    "稽核紀錄": admin_audit.show,
    "備份與還原": admin_backups.show,
    "健康狀態": admin_health.show,
}

screen = frame.start("admin", rescue=admin_backups.rescue)
forms.said()
folds.tabs(PANELS, "admin_tab", screen)
below.draw(screen)
