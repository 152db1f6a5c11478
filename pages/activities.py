"""活動與訓練: how much was done, by kind, month and unit, with the ledger behind it."""

from sqdash.indicators import INDICATORS
from sqdash.ui import below, cards, forms, frame
from sqdash.ui.panels import activities, reasons

KEYS = tuple(i.key for i in INDICATORS if i.group == "activities")

screen = frame.start("activities")
forms.said()
counts = cards.counts(screen, KEYS, across=5)
above = counts, activities.ledger_note(screen, KEYS), reasons.missed(screen, KEYS)
activities.by_month(screen, reasons.ask(screen, KEYS, *above))
activities.by_unit(screen)
activities.ledger(screen)
below.draw(screen, KEYS)
