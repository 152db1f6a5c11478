"""The system's clock tells UTC, and its stopwatch does not stand still while it sleeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqdash.graph.clock import SystemClock
from tests.graph.clocks import START, VirtualClock


def test_now_is_the_present_moment_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)


def test_sleeping_lets_the_stopwatch_go_on() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.009


def test_the_virtual_clock_moves_only_when_slept_on() -> None:
    clock = VirtualClock()
    clock.sleep(90)
    assert (clock.now(), clock.monotonic(), clock.slept) == (START + timedelta(seconds=90), 90, [90])
