"""What tests of the store share: an empty store in memory, for one test."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.making import open_copy


@pytest.fixture
def memory(made: Callable[[str], Path]) -> Iterator[sqlite3.Connection]:
    """The connection of a copy of an empty store, which may be written on."""
    with closing(open_copy(made("empty"))) as connection:
        yield connection
