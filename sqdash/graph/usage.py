"""How much of Meta's allowance is used, read from the answers' headers, and what follows from it.

Headers are JSON text and may be absent, new or broken; what is not understood is passed over, never an error.
The rule: from 75 % on, a second more is waited before each call for each further percent (1 s at 75 %, 15 s at 89 %);
at 90 %, or when Meta names a time to regain access, nothing is asked until then (60 minutes where it names none).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqdash.graph.failures import HOUR

SLOW, STOP = 75.0, 90.0
_FLAT = ("X-App-Usage", "X-Page-Usage")
_BUSINESS = "X-Business-Use-Case-Usage"
_PERCENTS = ("call_count", "total_time", "total_cputime")
_REGAIN = "estimated_time_to_regain_access"
_LONGEST = 31 * 24 * 60


@dataclass(frozen=True, slots=True)
class Usage:
    """``percent`` is the highest of the newest answer with any; ``resume_at`` (UTC) when to go on, if limited."""

    percent: float = 0.0
    resume_at: datetime | None = None

    @property
    def pause(self) -> float:
        """Seconds to wait before the next call."""
        return self.percent - SLOW + 1 if SLOW <= self.percent < STOP else 0.0


NO_USAGE = Usage()


def read_usage(headers: Mapping[str, str], now: datetime) -> Usage | None:
    """What the headers of one answer say; None where they say nothing."""
    found = list(_entries(headers))
    percents = [value for entry in found for key in _PERCENTS if (value := _figure(entry.get(key))) is not None]
    minutes = max((_figure(entry.get(_REGAIN)) or 0 for entry in found), default=0)
    if not percents and not minutes:
        return None
    percent = max(percents, default=0.0)
    if minutes:
        return Usage(percent, now + timedelta(minutes=min(minutes, _LONGEST)))
    return Usage(percent, now + HOUR if percent >= STOP else None)


def _entries(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Every object with figures, whichever header it stands in."""
    for name in _FLAT:
        value = _json(headers.get(name))
        if isinstance(value, dict):
            yield value
    business = _json(headers.get(_BUSINESS))
    if isinstance(business, dict):
        for entries in business.values():
            yield from (entry for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()


def _json(text: str | None) -> object:
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _figure(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e9 else None
