"""Pulling at intervals: by the stopwatch, whatever the calendar does; wishes, restarts, errors, the end."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sqdash.errors import SettingsError, SqdashError, StoreBusy
from sqdash.jobs import leader, schedule
from sqdash.jobs.pull_record import Done
from sqdash.store import gate, pulls
from tests.graph.clocks import START, VirtualClock

Copy = Callable[[str], Path]
HALF_HOUR = timedelta(minutes=30)


class Loop:
    """Runs :func:`schedule.every` for so many pulls; ``began`` are the seconds of the stopwatch at which they did."""

    def __init__(self, store: Path, *, most: int = 3, takes: float = 10.0) -> None:
        self.store, self.most, self.takes = store, most, takes
        self.clock = VirtualClock()
        self.began: list[float] = []
        self.during: Callable[[], None] = lambda: None
        self.end = False
        self.notes: list[str] = []

    def pull(self) -> Sequence[Done]:
        self.began.append(self.clock.monotonic())
        self.clock.move(self.takes)
        self.during()
        return [Done("1", notes=list(self.notes))]

    def stop(self) -> bool:
        return self.end or len(self.began) >= self.most or self.clock.monotonic() > 10 * 86_400

    def run(self) -> list[float]:
        schedule.every(self.store, HALF_HOUR, self.pull, clock=self.clock, stop=self.stop)
        return self.began


@pytest.fixture
def store(copy: Copy) -> Path:
    return copy("empty")


def ran(store: Path, at: datetime, state: str = "done") -> None:
    """A run that is in the records."""
    with gate.write(store, by="x", reason="x") as change:
        number = pulls.begin(change, "1", at.isoformat(timespec="seconds"), "v25.0")
        pulls.note_cost(change, number, state=state, ended_at=at.isoformat(timespec="seconds"))


def test_the_first_pull_is_at_once_and_the_next_an_interval_after_its_beginning(store: Path) -> None:
    assert Loop(store).run() == [0.0, 1800.0, 3600.0]


def test_a_pull_that_takes_longer_than_the_interval_is_followed_at_once(store: Path) -> None:
    assert Loop(store, takes=2000.0).run() == [0.0, 2000.0, 4000.0]


def test_nobody_sleeps_longer_than_a_moment(store: Path) -> None:
    loop = Loop(store, most=2)
    loop.run()
    assert max(loop.clock.slept) <= schedule.SLICE


@pytest.mark.parametrize("ago", [0, 600, 1799])
def test_after_a_restart_the_rest_of_the_interval_is_waited(store: Path, ago: int) -> None:
    ran(store, START - timedelta(seconds=ago))
    assert Loop(store, most=1).run() == [pytest.approx(1800.0 - ago)]


@pytest.mark.parametrize("state", ["broken", "running"])
def test_after_a_run_that_was_broken_off_a_restart_pulls_at_once(store: Path, state: str) -> None:
    ran(store, START - timedelta(seconds=600), state)
    assert Loop(store, most=1).run() == [0.0]


@pytest.mark.parametrize("last", [START - timedelta(days=3), START + timedelta(days=400)])
def test_after_a_long_time_or_a_wrong_clock_a_restart_pulls_at_once(store: Path, last: datetime) -> None:
    ran(store, last)
    assert Loop(store, most=1).run() == [0.0]


@pytest.mark.parametrize("jump", [timedelta(minutes=-90), timedelta(days=-400), timedelta(minutes=10)])
def test_a_clock_that_is_put_right_neither_hastens_nor_delays(store: Path, jump: timedelta) -> None:
    loop = Loop(store)

    def put_right() -> None:
        if len(loop.began) == 1:
            loop.clock.moment += jump

    loop.during = put_right
    assert loop.run() == [0.0, 1800.0, 3600.0]


def jumping(loop: Loop, after: float, jump: timedelta) -> None:
    """The calendar jumps while the loop waits; the stopwatch stands still meanwhile."""
    sleep = loop.clock.sleep

    def slept(seconds: float) -> None:
        before = loop.clock.monotonic()
        sleep(seconds)
        if before < after <= loop.clock.monotonic():
            loop.clock.moment += jump

    loop.clock.sleep = slept  # type: ignore[method-assign]


def test_after_a_night_asleep_the_pull_is_due(store: Path) -> None:
    loop = Loop(store, most=2)
    jumping(loop, 300.0, timedelta(hours=8))
    first, second = loop.run()
    assert first == 0.0
    assert 300.0 <= second <= 302.0


def test_after_a_nap_the_pull_comes_an_interval_after_the_last_by_the_calendar(store: Path) -> None:
    loop = Loop(store, most=2)
    jumping(loop, 300.0, timedelta(minutes=20))
    first, second = loop.run()
    assert first == 0.0
    assert second == pytest.approx(600.0, abs=12)


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(minutes=-1)])
def test_a_calendar_that_goes_back_while_waiting_changes_nothing(store: Path, jump: timedelta) -> None:
    loop = Loop(store, most=3)
    jumping(loop, 300.0, jump)
    assert loop.run() == [0.0, 1800.0, 3600.0]


def test_a_wish_is_granted_at_once_and_the_interval_begins_anew(store: Path) -> None:
    loop = Loop(store, most=3)
    sleep = loop.clock.sleep

    def slept(seconds: float) -> None:
        sleep(seconds)
        if loop.clock.monotonic() == 500.0:
            leader.wish(store)

    loop.clock.sleep = slept  # type: ignore[method-assign]
    assert loop.run() == [0.0, 500.0, 2300.0]


def test_stop_ends_the_waiting(store: Path) -> None:
    loop = Loop(store)
    sleep = loop.clock.sleep

    def slept(seconds: float) -> None:
        sleep(seconds)
        loop.end = loop.clock.monotonic() >= 700.0

    loop.clock.sleep = slept  # type: ignore[method-assign]
    assert loop.run() == [0.0]
    assert loop.clock.monotonic() <= 701.0


def test_stopped_before_it_began_it_pulls_nothing(store: Path) -> None:
    loop = Loop(store)
    loop.end = True
    assert loop.run() == []


@pytest.mark.parametrize(
    "error", [SettingsError("沒有權杖。"), StoreBusy("正在寫入。"), RuntimeError("boom"), OSError(28, "No space left")]
)
def test_an_error_of_one_run_does_not_end_the_loop(
    store: Path, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    loop = Loop(store)

    def fails() -> None:
        if len(loop.began) == 1:
            raise error

    loop.during = fails
    assert loop.run() == [0.0, 1800.0, 3600.0]
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    foreseen = isinstance(error, SqdashError)
    words = r"擷取沒有進行：.+" if foreseen else r"unforeseen error [0-9a-f]{8} \(擷取，下次到時間會再試\)"
    assert re.fullmatch(words, record.getMessage())
    assert bool(record.exc_info) != foreseen


def test_what_a_run_did_is_logged(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    Loop(store, most=1).run()
    assert [record.getMessage() for record in caplog.records if record.name == "sqdash.pull"] == [
        "專頁 1：done，新增 0、變更 0，呼叫 0 次，等候 0.0 秒"
    ]


def test_what_meta_left_out_is_logged_as_a_warning(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    loop = Loop(store, most=1)
    loop.notes = ["Meta 沒有提供心情（reactions）：缺少權限。"]
    loop.run()
    assert [(r.levelname, r.getMessage()) for r in caplog.records if r.name == "sqdash.pull"] == [
        ("WARNING", "專頁 1：Meta 沒有提供心情（reactions）：缺少權限。")
    ]


def test_a_request_to_end_goes_through(store: Path) -> None:
    loop = Loop(store)

    def ended() -> None:
        raise KeyboardInterrupt

    loop.during = ended
    with pytest.raises(KeyboardInterrupt):
        loop.run()


def test_what_is_done_beside_the_pulls_is_told_of_each_second_and_of_each_pull(store: Path) -> None:
    loop, beats = Loop(store, most=2), list[tuple[float, bool]]()

    def beat(*, now: bool = False) -> None:
        beats.append((loop.clock.monotonic(), now))

    schedule.every(store, HALF_HOUR, loop.pull, clock=loop.clock, stop=loop.stop, beat=beat)
    assert [at for at, now in beats if now] == [10.0, 1810.0]
    assert [at for at, now in beats if not now] == [float(second) for second in range(10, 1800)]
