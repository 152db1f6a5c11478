"""A desk to pull at, with an empty store; a clock that tests of accounts set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.jobs.pulling import Desk, desk
from tests.people_store import Clock, tell_time


@pytest.fixture
def at(copy: Callable[[str], Path]) -> Iterator[Desk]:
    """A store without data and a world of 60 posts."""
    with desk(copy("empty")) as made:
        yield made


@pytest.fixture
def clock(made: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test sets."""
    made("report")  # stores that all tests share are made by the real clock
    return tell_time(monkeypatch)
