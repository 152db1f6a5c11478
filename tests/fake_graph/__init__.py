"""A Graph of our own: real HTTP on loopback, seeded data, every odd day of Meta's at the turn of a switch.

In a test::

    from tests.fake_graph import FakeGraph, FaultPlan, HandClock, World

    clock = HandClock(datetime(2026, 11, 24, 4, tzinfo=UTC))
    with FakeGraph(World(seed=1, posts=120, clock=clock)) as server:
        ...  # ask server.base_url, version v25.0, page PAGE_ID, token server.world.token
        server.world.truth.fans()                                # what must come out
        server.world.truth.page_day("page_media_view", date(2026, 11, 20))
        server.world.truth.figures(post_id).likes
        server.scenarios.on("metric_dead", metric="page_media_view")
        server.scenarios.on("token_expired", after=5)            # scenarios.NAMES lists them all
        server.scenarios.on("server_error", once=True)
        server.plan = FaultPlan(seed=7)                          # passing faults, seeded
        clock.move(days=2)                                       # figures grow, days are revised, posts appear
        assert server.tokens_in_urls() == []
        server.requests_seen[-1].headers["authorization"]
        server.calls, server.items                               # HTTP calls; single calls and batch items

``World(app_secret="…")`` makes the right ``appsecret_proof`` compulsory and ``debug_token`` possible. Permissions
are taken away with ``server.world.tokens[token].scopes.discard("read_insights")``, posts with ``world.delete(id)``,
metrics with ``world.gone_metrics.add(name)`` or by the date that the clock shows. Any object with
``now() -> datetime`` is a clock.

By hand: ``python -m tests.fake_graph`` prints the settings to use and serves figures that move.
"""

from tests.fake_graph.clocks import HandClock, SystemClock
from tests.fake_graph.faults import FaultPlan
from tests.fake_graph.scenarios import NAMES, Scenarios, Switch
from tests.fake_graph.server import FakeGraph, Seen
from tests.fake_graph.world import BENCHMARK_ID, PAGE_ID, TOKEN, Page, Token, Truth, World

__all__ = [
    "BENCHMARK_ID",
    "NAMES",
    "PAGE_ID",
    "TOKEN",
    "FakeGraph",
    "FaultPlan",
    "HandClock",
    "Page",
    "Scenarios",
    "Seen",
    "Switch",
    "SystemClock",
    "Token",
    "Truth",
    "World",
]
