"""服務品質: satisfaction surveys, petitions, and the checks that have a rhythm."""

from sqdash.indicators import INDICATORS, Group
from sqdash.ui import below, blocks, cards, forms, frame
from sqdash.ui.panels import reasons, service


def keys_of(group: Group) -> list[str]:
    """The indicators of one group, in order."""
    return [i.key for i in INDICATORS if i.group == group]


SURVEYS, PETITIONS = keys_of("satisfaction"), keys_of("petitions")
CHECKS, INFORMATION = keys_of("checks"), keys_of("information")
KEYS = (*SURVEYS, *PETITIONS, *CHECKS, *INFORMATION)

screen = frame.start("service")
forms.said()
blocks.section("服務滿意度", cards.counts(screen, SURVEYS, across=4))
service.surveys(screen)
service.petitions(screen, PETITIONS)
service.checks(screen, CHECKS)
told = reasons.ask(screen, KEYS, reasons.missed(screen, KEYS))
blocks.draw(told, blocks.headed("資訊與參與", cards.counts(screen, INFORMATION, across=5)))
service.recognitions(screen)
below.draw(screen, KEYS)
