"""Topics proposed for posts by the team's own rules: a phrase in the text, whatever its width and case.

A proposal only says which phrase was found; people look at it before a topic is assigned.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A post whose text has the phrase may be about the topic."""

    topic: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the longest phrase found says, and the topics of other rules that fit too."""

    topic: str
    phrase: str
    others: tuple[str, ...] = ()


def folded(text: str) -> str:
    """The text with full-width signs, compatibility forms and capitals taken alike (NFKC and case folding)."""
    return unicodedata.normalize("NFKC", text).casefold()


def propose(text: str | None, rules: Iterable[Rule]) -> Proposal | None:
    """The topic of the longest phrase in the text (of equals the first by topic); None where no rule fits."""
    plain = folded(text or "")
    found = [rule for rule in rules if (phrase := folded(rule.phrase).strip()) and phrase in plain]
    if not found:
        return None
    first = min(found, key=lambda rule: (-len(folded(rule.phrase)), rule.topic, rule.phrase))
    others = sorted({rule.topic for rule in found} - {first.topic})
    return Proposal(first.topic, first.phrase, tuple(others))


def propose_all(posts: Sequence[tuple[str, str | None]], rules: Sequence[Rule]) -> dict[str, Proposal]:
    """Post id → proposal for the (id, text) that some rule fits."""
    return {post: proposal for post, text in posts if (proposal := propose(text, rules))}
