"""What became of a text: draft by the lead unit, submitted, approved by research & evaluation.

A review is of the words that it saw (``digest``): once the text says something else, it is a draft again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqdash.tables.words import REVIEW_STATES

ReviewState = Literal["draft", "submitted", "approved"]
STATES: Mapping[str, str] = dict(REVIEW_STATES)


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a text; ``changed``: the state it had before its words changed; ``note`` of the last review."""

    state: ReviewState
    changed: ReviewState | None = None
    note: str | None = None

    @property
    def words(self) -> str:
        """The state as a person reads it; words that changed since are a draft again."""
        if self.changed:
            return f"{STATES['draft']}（{STATES[self.changed]}後內容已變更）"
        return STATES[self.state]


def digest(text: str) -> str:
    """What a review remembers of the words that it saw."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def standing(text: str, review: Mapping[str, Any] | None) -> Standing:
    """The state of a text, given the newest review of its key."""
    if review is None:
        return Standing("draft")
    if review["digest"] == digest(text):
        return Standing(review["state"], note=review["note"])
    return Standing("draft", changed=None if review["state"] == "draft" else review["state"], note=review["note"])
