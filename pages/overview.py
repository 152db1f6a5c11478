"""經營總覽: are we reaching the targets, how much was done, what is behind and why; ten seconds, no click."""

from sqdash.ui import below, blocks, frame
from sqdash.ui.panels import alerts, overview

screen = frame.start("overview")
blocks.draw(overview.glance(screen, alerts.standing(screen)))
below.draw(screen, overview.KEYS)
