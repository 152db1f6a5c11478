"""Seeded sequences of passing faults: repeated until done, a pull ends in the same rows and costs at most twice.

``SQDASH_FAULT_SEQUENCES=200`` runs that many; by itself it is 40.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sqdash.store import database
from tests.fake_graph import FaultPlan
from tests.jobs.pulling import Desk, desk

Copy = Callable[[str], Path]
SEQUENCES = int(os.environ.get("SQDASH_FAULT_SEQUENCES", "40"))
POSTS = 60
STOPS = ("token_expired", "token_password", "page_limit", "app_limit", "user_limit")
"""What ends every other run in the middle, somewhere; it is over before the next one."""


def settled(at: Desk) -> dict[str, Any]:
    """What must be equal: all that stands, and what is known of the metrics and posts."""
    with database.reading(at.store) as connection:
        states = connection.execute(
            "SELECT metric, status, filled_from, filled_to FROM metric_states ORDER BY metric"
        ).fetchall()
        posts = connection.execute("SELECT post_id, published_at, gone_at FROM post_reads ORDER BY post_id").fetchall()
        found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return {**at.contents(), "states": states, "reads": posts, "sound": found}


@pytest.fixture(scope="module")
def faultless(tmp_path_factory: pytest.TempPathFactory, made: Copy) -> tuple[dict[str, Any], int]:
    """What a run without faults comes to, and its calls."""
    store = tmp_path_factory.mktemp("faultless") / "empty.db"
    store.write_bytes(made("empty").read_bytes())
    with desk(store, posts=POSTS) as at:
        assert at.pull().state == "done"
        return settled(at), at.server.calls


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_whatever_passes_the_rows_are_those_of_a_run_without_faults(
    copy: Copy, faultless: tuple[dict[str, Any], int], seed: int
) -> None:
    wanted, calls = faultless
    rng = random.Random(seed)  # noqa: S311 - seeded
    with desk(copy("empty"), posts=POSTS) as at:
        at.server.plan = FaultPlan(seed, rate=0.1 if seed % 2 else 0.2)
        if seed % 2:
            at.server.scenarios.on(rng.choice(STOPS), after=rng.randrange(12))
        states = []
        while not states or states[-1] != "done":
            states.append(at.pull().state)
            at.server.scenarios.clear()
            at.clock.move(3600)
            assert len(states) < 6, states
        assert settled(at) == wanted
        assert at.server.calls <= 2 * calls, (states, at.server.plan.given)
