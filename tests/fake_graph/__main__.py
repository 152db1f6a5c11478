"""``python -m tests.fake_graph``: a page to pull from without an account, whose figures move while one looks."""

from __future__ import annotations

import argparse
import shlex
import sys
import threading
from collections.abc import Sequence

from tests.fake_graph.faults import FaultPlan
from tests.fake_graph.scenarios import NAMES
from tests.fake_graph.server import FakeGraph, Seen
from tests.fake_graph.world import PAGE_ID, World

SECRET = "0123456789abcdef-made-up"
# Seconds between two moves of the figures (None: as on a real page), and between two new posts.
Pace = tuple[float | None, int]
SLOW: Pace = (5.0, 60)
FAST: Pace = (1.0, 10)
STILL: Pace = (None, 18 * 3600)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m tests.fake_graph", description=__doc__)
    made.add_argument("--port", type=int, default=0, help="of 127.0.0.1; a free one by itself")
    made.add_argument("--posts", type=int, default=120, help="on the page at the start, up to 10000 and more")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--fast", action="store_true", help="figures move every second, a new post every ten")
    made.add_argument("--still", action="store_true", help="figures move as slowly as on a real page")
    made.add_argument("--secret", action="store_true", help="ask for the app's proof, and tell the token's state")
    made.add_argument("--scenario", action="append", default=[], metavar="NAME", choices=sorted(NAMES))
    made.add_argument("--faults", type=int, metavar="SEED", help="let passing faults happen")
    made.add_argument("--quiet", action="store_true", help="no line for each request")
    return made


def settings(server: FakeGraph) -> dict[str, str]:
    """The settings under which the dashboard pulls from this server."""
    world = server.world
    found = {
        "SQDASH_GRAPH_BASE_URL": server.base_url,
        "SQDASH_GRAPH_VERSION": "v25.0",
        "SQDASH_GRAPH_PAGE_ID": PAGE_ID,
        "SQDASH_GRAPH_TOKEN": world.token,
    }
    if world.app_secret is not None:
        found |= {"SQDASH_GRAPH_APP_ID": world.app_id, "SQDASH_GRAPH_APP_SECRET": world.app_secret}
    return found


def main(arguments: Sequence[str] | None = None, *, stop: threading.Event | None = None) -> int:
    """Serve until Ctrl-C, or until ``stop`` is set."""
    asked = parser().parse_args(arguments)
    pulse, every = STILL if asked.still else FAST if asked.fast else SLOW
    secret = SECRET if asked.secret else None
    world = World(asked.seed, posts=asked.posts, app_secret=secret, new_post_every=every, pulse=pulse)
    server = FakeGraph(world, port=asked.port, record=False, on_request=None if asked.quiet else _tell)
    for name in asked.scenario:
        server.scenarios.on(name)
    if asked.faults is not None:
        server.plan = FaultPlan(asked.faults)
    with server:
        for name, value in settings(server).items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        try:
            (stop or threading.Event()).wait()
        except KeyboardInterrupt:
            print(f"# {server.calls} calls, {server.items} items", file=sys.stderr)
    return 0


def _tell(seen: Seen) -> None:
    items = f" ({len(seen.batch)} items)" if seen.method == "POST" else ""
    print(f"{seen.method} {seen.path}{items}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
