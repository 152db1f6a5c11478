"""粉絲人數: where we stand against the target, when it is reached, what brought fans, how other pages fare."""

from sqdash.ui import blocks, cards, frame, loads, screen_export
from sqdash.ui.panels import fans, fans_attribution, fans_benchmark, fans_pace, reasons

KEYS = ["fans", "fan_events", "fans_gained_events", "fans_gained_promotion"]

screen = frame.start("fans")
view = loads.fans(screen.store, screen.state, screen.period)
card = cards.indicator(screen, "fans", below=cards.gained(screen))
blocks.draw(blocks.beside(card, fans.stated(screen, KEYS), widths="2-3"), fans_pace.outlook(screen))
reasons.missed(screen, KEYS)
fans.days(screen, view)
fans.months(screen, view)
fans_benchmark.side_by_side(screen, view, fans_attribution.activities(screen))
fans.followers(screen, view)
frame.sources(screen, KEYS)
screen_export.offer(screen)
