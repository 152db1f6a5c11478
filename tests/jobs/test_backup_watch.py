"""Backups at intervals: where something changed, tested once a day, and never ended by what goes wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sqdash import periods
from sqdash.errors import BackupError
from sqdash.jobs import backup, backup_folder, backup_state, backup_watch, restore_test
from tests.graph.clocks import VirtualClock
from tests.jobs.backups import change, folder_of, respell

HOUR = timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> VirtualClock:
    """The time of the house as well, a day after the store was made."""
    clock = VirtualClock(periods.now() + timedelta(days=1))
    monkeypatch.setattr(periods, "now", lambda: clock.moment)
    return clock


def hours_of(store: Path, clock: VirtualClock, each: Callable[[int], None], hours: int) -> list[datetime]:
    """Let it run; what ``each`` does happens half way through each hour. When backups were made."""
    start, passed = clock.moment, 0

    def stop() -> bool:
        nonlocal passed
        while clock.moment - start >= (passed + 0.5) * HOUR:
            each(passed)
            passed += 1
        return clock.moment - start >= hours * HOUR + timedelta(minutes=5)

    backup_watch.every(store, HOUR, clock=clock, stop=stop)
    return [one.manifest.moment for one in reversed(backup_folder.listed(folder_of(store)))]


def test_a_backup_is_made_each_hour_in_which_something_changed(store: Path, clock: VirtualClock) -> None:
    start = clock.moment
    made = hours_of(store, clock, lambda n: change(store, n + 1) if n != 1 else None, 4)
    assert [round((at - start) / HOUR) for at in made] == [0, 1, 3, 4]
    assert not backup.moved(store, folder_of(store))
    assert backup_state.could_be_lost(store).minutes == 0
    assert {one.manifest.why for one in backup_folder.listed(folder_of(store))} == {"hourly"}


def test_the_first_of_a_day_is_tested(store: Path, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    tested: list[datetime] = []
    run = restore_test.run

    def counted(store: Path, folder: Path) -> backup_state.Noted:
        tested.append(clock.moment.astimezone(periods.TAIPEI))
        return run(store, folder)

    monkeypatch.setattr(restore_test, "run", counted)
    hours_of(store, clock, lambda n: change(store, n + 1), 26)
    days = [at.date() for at in tested]
    assert len(days) == len(set(days))
    assert len(days) in (2, 3)
    noted = backup_state.tested(folder_of(store), store)
    assert noted is not None
    assert noted.good


def test_after_a_failure_the_next_try_comes_in_five_minutes(
    store: Path, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    start, make, tries = clock.moment, backup.make, []

    def failing(*given: Path, **more: str) -> backup.Made:
        tries.append(clock.moment)
        if len(tries) == 1:
            raise BackupError("磁碟滿了。")
        if len(tries) == 2:
            raise ZeroDivisionError
        return make(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "make", failing)
    with caplog.at_level(logging.INFO):
        hours_of(store, clock, lambda _: None, 1)
    assert [round((at - start).total_seconds() / 60) for at in tries] == [0, 5, 10]
    levels = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert ("ERROR", "備份沒有完成：磁碟滿了。") in levels
    assert any(re.fullmatch(r"unforeseen error [0-9a-f]{8} \(備份，稍後再試\)", text) for _, text in levels)


def test_a_second_folder_that_fails_and_a_test_that_fails_are_logged(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "share").write_text("no folder")
    monkeypatch.setenv("SQDASH_BACKUP_COPY", str(tmp_path / "share"))
    assert not backup_watch.once(store)
    assert any(record.getMessage().startswith("第二份沒有完成：無法把備份寫入") for record in caplog.records)
    monkeypatch.delenv("SQDASH_BACKUP_COPY")
    assert backup_watch.once(store)  # nothing changed, tested today: nothing is done
    (one,) = backup_folder.listed(folder_of(store))
    respell(one, counts={**one.manifest.counts, "readings": 0})
    backup_folder.note(folder_of(store), one.manifest.born, tested=None)
    assert not backup_watch.once(store)
    assert caplog.records[-1].getMessage() == "還原測試沒有通過：還原後的列數與備份清單不符。"
