"""What a page works with: two screens are one where the same is drawn of both, and no two others are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sqdash import periods, views
from sqdash.jobs import year_lock
from sqdash.people import DESK, PUBLIC
from sqdash.ui import loads
from sqdash.ui.frame import Screen
from sqdash.ui.memory import Kept
from sqdash.ui.palette import DARK, LIGHT


@pytest.fixture
def screen(made: Callable[[str], Path]) -> Callable[..., Screen]:
    """A screen of the overview of year 103, with what is given instead."""
    store, period = made("report"), periods.year_period(103)
    state = loads.seen(store).state
    whole = Screen(store, state, period, loads.board(store, state, period), LIGHT, "overview", DESK)
    return lambda **other: replace(whole, **other)


def test_what_was_worked_out_for_a_screen_serves_another_of_which_the_same_is_drawn(
    screen: Callable[..., Screen],
) -> None:
    asked: list[str] = []

    @Kept
    def chart(of: Screen) -> list[str]:
        asked.append(of.name)
        return [of.name]

    assert chart(screen()) is chart(screen())
    assert asked == ["overview"]


@pytest.mark.parametrize(
    "other",
    [
        {"store": Path("other.db")},
        {"state": "later"},
        {"period": periods.parse_period("103H1")},
        {"palette": DARK},
        {"name": "fans"},
        {"person": PUBLIC},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_screen_of_something_else_is_another(screen: Callable[..., Screen], other: dict[str, Any]) -> None:
    assert screen(**other) != screen()
    assert len({screen(), screen(), screen(**other)}) == 2


def test_the_next_day_is_another_screen(screen: Callable[..., Screen]) -> None:
    board = screen().board
    assert screen(board=replace(board, day=board.day + timedelta(days=1))) != screen()


def test_of_a_locked_year_the_next_day_is_another_screen_for_what_is_so_today_moves_on(
    copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, period, first = copy("report"), periods.year_period(103), date(2014, 11, 30)
    monkeypatch.setattr(periods, "now", lambda: datetime(2014, 11, 30, 4, tzinfo=UTC))
    year_lock.lock(store, 103, reason="公布", by="研考")
    state = loads.seen(store).state
    boards = [views.board(store, period, first + timedelta(days=n)) for n in (0, 40)]
    one, other = (Screen(store, state, period, board, LIGHT, "plan", DESK) for board in boards)
    assert [(board.as_of, bool(board.now)) for board in boards] == [(first, False), (first, True)]
    assert one != other
