"""A clock that moves only when it is slept on or moved: waits take no time and can be read afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


class VirtualClock:
    """Starts at ``moment``; ``slept`` are the seconds of each sleep, in order."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment, self.seconds = moment, 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.move(seconds)

    def move(self, seconds: float) -> None:
        """Let time pass without anyone sleeping."""
        self.seconds += seconds
        self.moment += timedelta(seconds=seconds)
