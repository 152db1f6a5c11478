"""A store of year 103 into which a page was pulled three times in 48 days: with posts that went, a metric that died,
a figure that a person says otherwise. The last pull was made just now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sqdash import periods
from sqdash.jobs import entries, setup, sources
from sqdash.secret import Secret
from sqdash.settings import GraphSettings
from sqdash.tables import BY_NAME
from tests.fake_graph import PAGE_ID, FakeGraph, HandClock, World

SECRET = "0123456789abcdef-made-up"
DEAD = "page_video_views"
HOSTILE = '<img src="http://evil.example/x.png"'
"""Part of the text of a post that was deleted."""
TYPED = 4321
"""What a person says of the fans of the second pull's day."""


def settings(server: FakeGraph, token: str | None = None) -> GraphSettings:
    """Settings that name the fake's page and its app."""
    world = server.world
    given = Secret(token or world.token)
    secret = Secret(world.app_secret) if world.app_secret else None
    return GraphSettings(server.base_url, "v25.0", PAGE_ID, world.app_id if secret else None, secret, given)


def make(path: Path, last: str = "") -> Path:
    """The store; ``last`` is a scenario (after a few calls) that the last pull meets."""
    setup.init(path)
    clock = HandClock(datetime.now(UTC).replace(microsecond=0) - timedelta(days=48))
    with FakeGraph(World(3, posts=60, clock=clock, app_secret=SECRET)) as server:
        server.world.gone_metrics.add(DEAD)
        _pull(path, server, clock)
        clock.move(days=36)
        for post in server.world.truth.posts():
            if HOSTILE in (post.text or ""):  # one of them is due to be read again by then
                server.world.delete(post.id)
        _pull(path, server, clock)
        day = clock.now().astimezone(periods.TAIPEI).date().isoformat()
        row = {"page_id": PAGE_ID, "day": day, "day_zone": "Asia/Taipei", "measure": "fans", "value": str(TYPED)}
        entries.enter(path, BY_NAME["page_days"], row, reason="以公文為準", by="測試員")
        clock.move(days=12)
        if last:
            server.scenarios.on(last, after=4)
        _pull(path, server, clock)
    return path


def _pull(path: Path, server: FakeGraph, clock: HandClock) -> None:
    sources.pull_all(path, settings(server), by="排程", clock=clock)


def connect(monkeypatch: pytest.MonkeyPatch, given: GraphSettings | None) -> None:
    """Let the environment say what is set up; None for nothing."""
    told = {
        "BASE_URL": given.base_url if given else "http://127.0.0.1:9",
        "PAGE_ID": given.page_id if given else None,
        "TOKEN": given.token_text.reveal() if given and given.token_text else None,
        "APP_ID": given.app_id if given else None,
        "APP_SECRET": given.app_secret.reveal() if given and given.app_secret else None,
        "TOKEN_FILE": None,
        "VERSION": None,
    }
    for name, value in told.items():
        monkeypatch.setenv(f"SQDASH_GRAPH_{name}", value or "")
