"""A long test in parts, so that several processes can run it; a short one is one part."""

from __future__ import annotations

import random
from dataclasses import dataclass

PARTS = 8


@dataclass(frozen=True)
class Share:
    """Part ``number`` of ``of``."""

    number: int
    of: int
    whole: float
    """How much of the long form is run; 0 for the short form."""

    def __str__(self) -> str:
        return f"{self.number + 1}of{self.of}"

    def __call__(self, short: int, long: int) -> int:
        """How many of so many are this part's."""
        whole = max(self.of, round(long * self.whole)) if self.whole else short
        return whole // self.of + (self.number < whole % self.of)

    @property
    def luck(self) -> random.Random:
        """Of its own, and the same each time."""
        return random.Random(f"{self.number} of {self.of}")  # noqa: S311 - moments and faults, no secrets
