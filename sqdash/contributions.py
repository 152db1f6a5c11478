"""A slot of the rota and a review meeting as the store knows them: what crosses from its queries to the analysis.

The order of the states is the hand-over's: the unit submits, its head reviews first, the monthly meeting reviews, the
team publishes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqdash.tables.words import CONTRIBUTION_STATES

STATES: tuple[str, ...] = tuple(state for state, _ in CONTRIBUTION_STATES)
STATE_WORDS: dict[str, str] = dict(CONTRIBUTION_STATES)


@dataclass(frozen=True, slots=True)
class Contribution:
    """One slot. ``submitted_on`` and ``published_on`` are Taipei days, None where unknown.

    ``likes`` (people), ``reach`` (people) and ``viewers`` (people) are the linked post's newest figures, None where it
    has none; ``published_on``, ``message`` and ``permalink`` are the linked post's.
    """

    contribution_id: str
    due_on: date
    unit: str
    state: str
    title: str | None = None
    role: str | None = None
    submitted_on: date | None = None
    post_id: str | None = None
    note: str | None = None
    published_on: date | None = None
    message: str | None = None
    permalink: str | None = None
    likes: int | None = None
    reach: int | None = None
    viewers: int | None = None

    @property
    def name(self) -> str:
        """What a person calls it: its subject, or that it has none yet."""
        return self.title or "主題未定"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a meeting decided; ``due_on`` and ``done_on`` are None where not stated or not done."""

    meeting: str
    number: int
    decision: str
    contribution_id: str | None
    unit: str | None
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A review meeting with its decisions in order."""

    meeting: str
    held_on: date
    title: str
    attendees: int | None
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A post that a contribution may have become; ``linked`` says that another one already has."""

    post_id: str
    published_on: date
    message: str | None
    unit: str | None
    linked: bool
