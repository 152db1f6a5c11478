"""A world at one moment, its server, and who asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_graph import FakeGraph, HandClock, World
from tests.fake_graph.asking import NOON, SECRET, Asker


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def world(clock: HandClock) -> World:
    return World(clock=clock)


@pytest.fixture
def server(world: World) -> Iterator[FakeGraph]:
    with FakeGraph(world) as server:
        yield server


@pytest.fixture
def ask(server: FakeGraph) -> Iterator[Asker]:
    asker = Asker(server)
    yield asker
    asker.link.close()


@pytest.fixture
def guarded(clock: HandClock) -> Iterator[tuple[World, Asker]]:
    """A world whose app has a secret."""
    world = World(clock=clock, app_secret=SECRET)
    with FakeGraph(world) as server:
        asker = Asker(server)
        yield world, asker
        asker.link.close()
