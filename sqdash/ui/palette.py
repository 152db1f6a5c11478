"""Colours of charts and small pictures, for the light and the dark theme.

Ink, blue, teal, plum and amber are told apart by people with any colour vision and have at least 3 : 1
against their ground; words and icons always say the same as the colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqdash import formats
from sqdash.figures import State
from sqdash.freshness import Level
from sqdash.records import Severity

BadgeColor = Literal["green", "red", "orange", "blue", "gray"]


@dataclass(frozen=True, slots=True)
class Palette:
    """Hex colours by role; ``series`` in the order in which they are used."""

    ink: str
    dim: str
    line: str
    ground: str
    main: str
    pale: str
    reached: str
    missed: str
    between: str
    series: tuple[str, str, str, str]


LIGHT = Palette(
    ink="#1b2733",
    dim="#5b6875",
    line="#dfe4e9",
    ground="#e6eaee",
    main="#12436d",
    pale="#9fb6c9",
    reached="#1d7a72",
    missed="#801650",
    between="#b04a0f",
    series=("#12436d", "#28a197", "#801650", "#f46a25"),
)
DARK = Palette(
    ink="#e8edf2",
    dim="#a9b5c0",
    line="#36424e",
    ground="#2a343e",
    main="#8fc1ea",
    pale="#4a6f8f",
    reached="#6fd3c7",
    missed="#f3a3cc",
    between="#f7b184",
    series=("#8fc1ea", "#6fd3c7", "#f3a3cc", "#f7b184"),
)

_STATE_COLOR: dict[State, BadgeColor] = {
    "reached": "green",
    "partly": "orange",
    "missed": "red",
    "on_track": "blue",
    "behind": "orange",
    "no_target": "gray",
    "no_data": "orange",
}
STATE_LOOK: dict[State, tuple[str, BadgeColor]] = {
    state: (sign, _STATE_COLOR[state]) for state, sign in formats.SIGNS.items()
}
"""Icon and badge colour of each state; icon and word come from ``formats``."""
ALERT_LOOK: dict[Severity, tuple[str, BadgeColor]] = {
    "urgent": ("✖", "red"),
    "warning": ("⚠", "orange"),
    "notice": ("●", "blue"),
}
"""Icon and colour of each severity of an alert; the word comes from ``analysis.alerts``."""
FRESHNESS_COLOR: dict[Level, BadgeColor] = {"fresh": "green", "aging": "blue", "stale": "orange", "none": "gray"}
"""Badge colour of each level of freshness; icon and word come from ``freshness``."""
