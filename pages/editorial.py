"""供稿與審稿: the month's rota and where each contribution stands, review meetings, timeliness and results by unit."""

from sqdash.ui import below, folds, forms, frame
from sqdash.ui.panels import rota, rota_meetings, rota_plan, rota_slot

PANELS = {
    "月曆": rota.month,
    "清單": rota.listing,
    "各單位": rota.units,
    "審稿會議": rota_meetings.meetings,
    "排定一個月": rota_plan.plan,
}

screen = frame.start("editorial")
forms.said()
rota.standing(screen)
rota_slot.choose(screen)
folds.tabs(PANELS, "editorial_tab", screen)
below.draw(screen, ["review_meetings"])
