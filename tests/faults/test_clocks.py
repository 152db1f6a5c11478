"""Clocks that are wrong for a while: what stands is the same, no backup and no session suffers for it.

How the schedule of pulls takes it is in ``tests/jobs/test_schedule.py``, how Meta's clock is compared with ours in
``tests/graph/test_clock.py``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle, repeat
from pathlib import Path

import pytest

from sqdash.jobs import backup, backup_folder, backup_rules, entries, restore_test, sessions, upload, way_out
from sqdash.tables import BY_NAME
from tests.faults.standing import standing
from tests.jobs.backups import change, folder_of
from tests.jobs.meta_files import export, post, seen
from tests.jobs.pulling import Desk
from tests.making import BY, looking
from tests.people_store import ADDRESS, PASSWORD, Clock, Hasher, account, hashing_fast

Copy = Callable[[str], Path]
YEARS, HOURS = timedelta(days=3650), timedelta(hours=5)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hasher]:
    with hashing_fast(monkeypatch) as fast:
        yield fast


def days(*jumps: timedelta) -> Iterator[timedelta]:
    """One jump after another, over and over."""
    return cycle(jumps)


@pytest.mark.parametrize(
    "jumps",
    [(YEARS, -YEARS), (-YEARS, YEARS), (-HOURS,), (HOURS, -2 * HOURS, YEARS)],
    ids=["ahead", "behind", "slower", "all over"],
)
def test_the_same_rows_stand_whatever_the_clock_does_between_changes(
    copy: Copy, tmp_path: Path, clock: Clock, jumps: tuple[timedelta, ...]
) -> None:
    clock.at += timedelta(days=9 * 365)  # no file is from the future, even ten years ago
    found = []
    for number, way in enumerate((repeat(timedelta(minutes=1)), days(*jumps))):
        store = copy("report").rename(tmp_path / f"{number}.db")
        for step in STEPS:
            step(store)
            clock.at += next(way)
        found.append(standing(store))
    assert found[0] == found[1]


def correct(day: str, label: str) -> Callable[[Path], object]:
    return lambda store: entries.enter(
        store, BY_NAME["holidays"], {"day": day, "label": label, "working": "0"}, reason="更正", by=BY
    )


def second_file(store: Path) -> int:
    with looking(store) as connection:
        found: tuple[int] = connection.execute("SELECT batch FROM imports WHERE file_name = '二.csv'").fetchone()
    return found[0]


STEPS: tuple[Callable[[Path], object], ...] = (
    lambda store: upload.import_file(store, export(post(1), post(2)), by=BY, answers=seen(10, year=2015)),
    correct("2014-01-01", "元旦"),
    lambda store: upload.import_file(
        store, export(post(1, Reach=5), post(3), name="二.csv"), by=BY, answers=seen(20, year=2015)
    ),
    correct("2014-01-01", "開國紀念日"),
    lambda store: upload.undo(store, second_file(store), by=BY, reason="試"),
    correct("2014-02-28", "和平紀念日"),
    lambda store: upload.redo(store, second_file(store), by=BY, reason="試"),
)


# --- backups


def test_a_clock_that_is_ahead_for_an_hour_does_not_empty_the_folder_of_backups(store: Path, clock: Clock) -> None:
    for day in range(1, 10):
        change(store, day)
        backup.make(store, why="hourly", by=BY)
        clock.forward(days=1)
    clock.at += YEARS
    change(store, 10)
    backup.make(store, why="hourly", by=BY)
    left = backup_folder.listed(folder_of(store))
    assert len(left) == 10 - backup_rules.MOST_AT_ONCE


def test_the_newest_backup_is_that_of_the_newest_state_whatever_its_clock_said(store: Path, clock: Clock) -> None:
    clock.at += YEARS
    change(store, 1)
    ahead = backup.make(store, why="hourly", by=BY).backup
    clock.at -= YEARS
    change(store, 2)
    assert backup.moved(store, folder_of(store))
    now = backup.make(store, why="hourly", by=BY).backup
    assert [one.name for one in backup_folder.listed(folder_of(store))] == [now.name, ahead.name]
    assert backup.newest(store, folder_of(store)) == now
    assert not backup.moved(store, folder_of(store))
    assert now.name in way_out.words(store)
    assert restore_test.run(store, folder_of(store)).backup == now.name


# --- sessions


def test_no_session_outlives_its_eight_hours_however_the_clock_jumps(store: Path, clock: Clock, hasher: Hasher) -> None:
    account(store, "wang")
    luck = random.Random(9)  # noqa: S311 - jumps
    opened = sessions.sign_in(store, "wang", PASSWORD, address=ADDRESS)
    made, alive = clock.at, 0
    for _ in range(60):
        clock.at = made + timedelta(minutes=luck.choice((-2000, -20, -1, 1, 10, 25, 100, 470, 481, 5_000_000)))
        found = sessions.seen(store, opened.token)
        if found:
            alive += 1
            assert made - timedelta(minutes=5) <= clock.at < made + sessions.LENGTH
            assert found.ends <= made + sessions.LENGTH
    assert alive
    clock.at = made + sessions.LENGTH
    assert sessions.seen(store, opened.token) is None


# --- pulls


@pytest.mark.parametrize("jump", [{"days": -3}, {"hours": -1}, {"days": 1}], ids=str)
def test_after_a_pull_by_a_wrong_clock_the_next_ones_bring_what_there_is(at: Desk, jump: dict[str, float]) -> None:
    begun: datetime = at.clock.moment
    assert at.pull().state == "done"
    wanted = at.contents()
    at.later(**jump)
    assert at.pull().state == "done"
    at.later(seconds=(begun - at.clock.moment).total_seconds() + 60)
    assert at.pull().state == "done"
    now = at.contents()
    for table, key in (("posts", "post_id"), ("page_days", "day")):  # a day ahead there are more of them
        assert {row[key] for row in now[table]} >= {row[key] for row in wanted[table]}
    assert now["figures"].keys() >= wanted["figures"].keys()
    assert not at.gone()
