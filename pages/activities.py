"""活動與訓練: how much was done, by kind, month and unit, with the ledger behind it."""

from sqdash.indicators import INDICATORS
from sqdash.ui import blocks, cards, frame, screen_export
from sqdash.ui.panels import activities, reasons

KEYS = [i.key for i in INDICATORS if i.group == "activities"]

screen = frame.start("activities")
blocks.draw(cards.counts(screen, KEYS, across=5), activities.ledger_note(screen, KEYS))
reasons.missed(screen, KEYS)
activities.by_month(screen)
activities.by_unit(screen)
activities.ledger(screen)
frame.sources(screen, KEYS)
screen_export.offer(screen)
