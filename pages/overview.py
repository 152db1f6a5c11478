"""經營總覽: are we reaching the targets, how much was done, what is behind and why; ten seconds, no click."""

from sqdash.ui import blocks, frame, screen_export
from sqdash.ui.panels import alerts, overview

screen = frame.start("overview")
blocks.draw(overview.glance(screen, alerts.standing(screen)))
frame.sources(screen, overview.KEYS)
screen_export.offer(screen)
