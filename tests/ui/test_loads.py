"""Kept loads: read once for a state of the store, and never one query's answer for another's of the same name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from sqdash.ui import loads, memory


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    memory.forget()
    yield
    memory.forget()


def test_a_query_is_asked_once_for_a_state_and_anew_for_the_next(made: Callable[[str], Path]) -> None:
    asked: list[int] = []

    def count(connection: object, more: int = 0) -> int:
        """How often."""
        asked.append(more)
        return len(asked)

    load = loads.of_store(count)
    store = made("empty")
    assert [load(store, "1"), load(store, "1"), load(store, "1", 5), load(store, "2")] == [1, 1, 2, 3]
    assert asked == [0, 5, 0]
    assert (load.__name__, load.__doc__) == ("count", "How often.")


def test_queries_of_one_name_in_two_modules_are_kept_apart(made: Callable[[str], Path]) -> None:
    found = []
    for word in ("days", "posts"):
        module = ModuleType(word)
        exec(f"def newest(connection):\n    return {word!r}", module.__dict__)  # noqa: S102 - the name is the point
        found.append(loads.of_store(module.newest))
    store = made("empty")
    assert [load(store, "1") for load in found] == ["days", "posts"]
