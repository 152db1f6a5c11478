"""設定: targets and norms with dates, units, pages, holidays, corrections of single rows, whose desk it is."""

from collections.abc import Callable
from functools import partial

from sqdash.ui import below, folds, forms, frame, identity, who
from sqdash.ui.frame import Screen
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
panels: dict[str, Callable[[Screen], None]] = {
    "目標與規律": settings.targets,
    **{label: partial(settings.listing, name=name, label=label, alt=alt) for label, (name, alt) in TABLES.items()},
    **({} if who.signs_in() else {identity.DESK: settings.desk}),
    "提醒": alerts.tab,
    "更正單列": settings.correction,
}
folds.tabs(panels, "settings_tab", screen)
below.draw(screen)
