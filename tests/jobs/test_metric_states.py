"""What is known of a metric decides whether it is asked in full or probed, and what is said of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sqdash.jobs import metric_states
from sqdash.store.pulls import MetricState

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def state(
    status: str,
    *,
    since: timedelta = HOUR,
    checked: timedelta = HOUR,
    served: bool = True,
    filled_to: str | None = None,
) -> MetricState:
    """A metric's state; ``since`` and ``checked`` are so long ago."""
    ok_at = (NOW - 90 * DAY).isoformat() if served else None
    times = ((NOW - since).isoformat(), (NOW - checked).isoformat(), ok_at)
    return MetricState("page_media_view", "day", "views", status, *times, filled_to and "2026-01-01", filled_to)


@pytest.mark.parametrize(
    ("known", "probed"),
    [
        (None, False),
        (state("ok"), False),
        (state("error"), False),
        (state("not_served"), True),
        (state("not_permitted"), True),
        (state("empty", since=13 * DAY), False),
        (state("empty", since=14 * DAY + HOUR, checked=HOUR), True),
        (state("empty", since=14 * DAY, checked=HOUR), False),  # the third week of silence begins
        (state("empty", since=20 * DAY, checked=5 * DAY), True),
        (state("empty", since=20 * DAY, checked=7 * DAY), False),
        (state("empty", since=HOUR, checked=HOUR, served=False), True),
        (state("empty", since=7 * DAY, checked=HOUR, served=False), False),
        (state("empty", since=-DAY, checked=HOUR), False),  # noted by a clock that was ahead
    ],
)
def test_a_metric_is_probed_or_asked_in_full(known: MetricState | None, probed: bool) -> None:
    assert metric_states.is_probe(known, NOW, alone=True) is probed


def test_a_silent_metric_with_a_stand_in_is_only_probed() -> None:
    assert metric_states.is_probe(state("empty", since=14 * DAY, checked=HOUR), NOW, alone=False)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (state("ok", filled_to="2026-11-20"), "ok"),  # yesterday, there, was the 22nd: two days are normal
        (state("ok", filled_to="2026-11-19"), "stale"),
        (state("empty", filled_to="2026-11-19"), "stale"),
        (state("empty"), "empty"),
        (state("ok", filled_to="2026-11-10", checked=10 * DAY), "ok"),
        (state("not_served", filled_to="2026-11-10"), "not_served"),
        (state("error", filled_to="2026-11-10"), "error"),
    ],
)
def test_stale_is_told_by_the_newest_day_when_it_was_last_asked(known: MetricState, told: str) -> None:
    assert metric_states.shown(known) == told
    assert metric_states.as_json(known)["status"] == told
