"""The time the client lives by, so that a test can give it another one. Knows nothing of what is waited for."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A calendar, a stopwatch and a bed."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back, for intervals."""

    def sleep(self, seconds: float) -> None:
        """Let that many seconds pass."""


class SystemClock:
    """This machine's time."""

    def now(self) -> datetime:
        """The present moment (UTC)."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that no change of the clock moves."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)
