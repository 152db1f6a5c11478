"""The fake Graph with a client of ours that asks it, both on clocks that tests move."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqdash.errors import GraphError
from sqdash.graph.access import Access
from sqdash.graph.client import Client
from sqdash.graph.transport import Bounds
from sqdash.secret import Secret
from tests.fake_graph import PAGE_ID, FakeGraph, World
from tests.graph.clocks import VirtualClock

ENOUGH = Bounds(read=2, total=3, body=2_000_000)
"""So long that no answer comes too late on a busy machine, which would be one call more."""
VIEWS, VIEWERS, CLICKS = "post_media_view", "post_total_media_view_unique", "post_clicks"
_T = TypeVar("_T")
METRICS = (VIEWS, VIEWERS, CLICKS)


def client_of(
    server: FakeGraph, clock: VirtualClock, *, bounds: Bounds = ENOUGH, until: datetime | None = None
) -> Client:
    """A client of that server with its token and, where the world has one, its app secret."""
    world = server.world
    secret = Secret(world.app_secret) if world.app_secret else None
    access = Access(server.base_url, "v25.0", Secret(world.token), world.app_id, secret)
    rng = random.Random(1)  # noqa: S311 - spreads waits
    return Client(access, clock=clock, rng=rng, limits=bounds, until=until)


@contextmanager
def graph(
    *, clock: VirtualClock | None = None, bounds: Bounds = ENOUGH, **world: Any
) -> Iterator[tuple[FakeGraph, Client]]:
    """A server of a seeded world and its client; nothing may ever put a token into an address."""
    clock = clock or VirtualClock()
    with FakeGraph(World(seed=1, clock=clock, **world)) as server, client_of(server, clock, bounds=bounds) as client:
        yield server, client
        assert server.tokens_in_urls() == []


def ids_of(server: FakeGraph, count: int | None = None) -> list[str]:
    """Ids of the page's posts, newest first."""
    return [post.id for post in server.world.truth.posts(PAGE_ID)][:count]


def until_stopped(found: Iterable[_T]) -> tuple[list[_T], GraphError | None]:
    """What came before an error ended it, and the error."""
    came: list[_T] = []
    try:
        for one in found:  # one by one: extend would lose what came before the error
            came.append(one)
    except GraphError as error:
        return came, error
    return came, None
