"""粉絲人數: where we stand against the target, when it is reached, what brought fans, how other pages fare."""

from sqdash.ui import below, forms, frame, loads
from sqdash.ui.panels import fans, fans_attribution, fans_benchmark, fans_pace, reasons

KEYS = ("fans", "fan_events", "fans_gained_events", "fans_gained_promotion")

screen = frame.start("fans")
forms.said()
view = loads.fans(screen.store, screen.state, screen.period)
above = fans.standing(screen, KEYS), fans_pace.outlook(screen), reasons.missed(screen, KEYS)
told = reasons.ask(screen, KEYS, *above)
told = fans.days(screen, view, told)
told = fans.months(screen, view, told)
fans_benchmark.side_by_side(screen, view, told, fans_attribution.activities(screen))
fans.followers(screen, view)
below.draw(screen, KEYS)
