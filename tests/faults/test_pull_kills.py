"""A pull that is killed leaves a sound store, and the next one does what is left."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sqdash.jobs import upload
from sqdash.store import database
from tests.faults.killing import forked, killed, moments, needs_fork
from tests.faults.shares import Share
from tests.jobs.pulling import Desk, desk

pytestmark = needs_fork
Copy = Callable[[str], Path]
POSTS = 15


def is_sound(at: Desk) -> bool:
    with database.reading(at.store) as connection:
        told = (
            connection.execute("PRAGMA integrity_check").fetchone()[0],
            connection.execute("PRAGMA foreign_key_check").fetchall(),
        )
    return told == ("ok", [])


def fresh(made: Copy, folder: Path) -> Path:
    folder.mkdir()
    return Path(shutil.copy(made("empty"), folder / "empty.db"))


@pytest.fixture
def wanted(made: Copy, tmp_path: Path) -> dict[str, Any]:
    with desk(fresh(made, tmp_path / "wanted"), posts=POSTS) as at:
        at.pull()
        return at.contents()


def test_a_killed_pull_is_marked_and_the_next_one_completes(
    made: Copy, tmp_path: Path, wanted: dict[str, Any], share: Share, tell: Callable[..., None]
) -> None:
    with desk(fresh(made, tmp_path / "counted"), posts=POSTS) as at:
        when = moments(at.pull, share(25, 1_000), share.luck)
    kills = marked = unlike = 0
    for moment in when:
        with desk(fresh(made, tmp_path / "kill"), posts=POSTS) as at:
            ended = killed(at.pull, moment)
            assert is_sound(at)
            at.clock.move(60)
            assert at.pull().state == "done"
            assert is_sound(at)
            unlike += at.contents() != wanted
            states = [run["state"] for run in at.runs()]
            if ended.done:
                assert states == ["done", "done"]
            elif len(states) == 2 and states[1] == "broken":  # killed before it had begun there is nothing to mark
                assert at.runs()[1]["ended_at"] == at.runs()[0]["started_at"]
                marked += 1
            else:
                assert states in (["done"], ["done", "done"])
            kills += ended.killed
        shutil.rmtree(tmp_path / "kill")
    tell(kills=kills, marked_as_broken=marked, rows_unlike=unlike)
    assert unlike == 0
    assert marked


def test_what_a_killed_pull_committed_can_be_taken_back(at: Desk) -> None:
    def die(part: str, number: int) -> None:
        if number == 6:
            os.kill(os.getpid(), signal.SIGKILL)

    assert forked(lambda: at.pull(progress=die)).killed
    (batch,) = at.ask("SELECT batch FROM imports WHERE kind = 'pull'")
    assert at.runs()[0]["batch"] == batch
    upload.undo(at.store, batch, by="x")
    assert at.rows("page_days") == at.rows("pages") == []
    assert is_sound(at)
