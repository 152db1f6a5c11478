"""The clocks a world can live by: this machine's, or one that a test moves by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


class Clock(Protocol):
    """Anything that tells the moment as an aware UTC datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """This machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class HandClock:
    """Stands still until ``move`` is called, or is set by assigning ``moment``."""

    def __init__(self, moment: datetime = datetime(2026, 11, 24, 4, tzinfo=UTC)) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def move(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self.moment += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def midnight(day: date) -> int:
    """Unix second at which that day of US Pacific time begins (07:00 UTC in summer, 08:00 in winter)."""
    return int(datetime.combine(day, time.min, PACIFIC).timestamp())


def pacific_day(second: int) -> date:
    """The US Pacific calendar day in which that Unix second lies."""
    return datetime.fromtimestamp(second, PACIFIC).date()


def graph_time(second: int) -> str:
    """As Graph writes it: ``2026-11-20T02:15:00+0000``."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
