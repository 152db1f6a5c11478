"""Seeded sequences of passing faults: repeated until done, a pull ends in the same rows and costs at most twice."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sqdash.store import database
from tests.fake_graph import FaultPlan
from tests.faults.shares import Share
from tests.jobs.pulling import Desk, desk

Copy = Callable[[str], Path]
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


@pytest.fixture
def faultless(made: Copy, tmp_path: Path) -> tuple[dict[str, Any], int]:
    """What a run without faults comes to, and its calls."""
    with desk(fresh(made, tmp_path / "faultless.db"), posts=POSTS) as at:
        assert at.pull().state == "done"
        return settled(at), at.server.calls


def fresh(made: Copy, path: Path) -> Path:
    return Path(shutil.copy(made("empty"), path))


def test_whatever_passes_the_rows_are_those_of_a_run_without_faults(
    made: Copy, tmp_path: Path, faultless: tuple[dict[str, Any], int], share: Share, tell: Callable[..., None]
) -> None:
    wanted, calls = faultless
    runs = faults = 0
    unlike, dearer, most = [], [], 0.0
    sequences = range(share.number, share(16, 200) * share.of, share.of)
    for seed in sequences:
        rng = random.Random(seed)  # noqa: S311 - seeded
        with desk(fresh(made, tmp_path / f"{seed}.db"), posts=POSTS) as at:
            at.server.plan = plan = FaultPlan(seed, rate=0.1 if seed % 2 else 0.2)
            if seed % 2:
                at.server.scenarios.on(rng.choice(STOPS), after=rng.randrange(12))
            states: list[str] = []
            while not states or states[-1] != "done":
                states.append(at.pull().state)
                at.server.scenarios.clear()
                at.clock.move(3600)
                assert len(states) < 6, (seed, states)
            unlike += [seed] if settled(at) != wanted else []
            dearer += [seed] if at.server.calls > 2 * calls else []
            runs, faults, most = runs + len(states), faults + len(plan.given), max(most, at.server.calls / calls)
    tell(
        sequences=len(sequences), runs=runs, faults=faults, unlike=len(unlike), dearer=len(dearer), times_the_calls=most
    )
    assert (unlike, dearer) == ([], [])
