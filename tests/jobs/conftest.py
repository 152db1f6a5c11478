"""A desk to pull at, with an empty store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.jobs.pulling import Desk, desk


@pytest.fixture
def at(copy: Callable[[str], Path]) -> Iterator[Desk]:
    """A store without data and a world of 60 posts."""
    with desk(copy("empty")) as made:
        yield made
