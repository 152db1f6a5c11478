"""Figures seen again without a change need no row of their own until another row would take their place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sqdash.periods import parse_period
from sqdash.store import restore, save, staged_changes
from sqdash.store.queries import evidence
from sqdash.tables import BY_NAME
from tests.making import add, changing, open_copy, row
from tests.store.observing import PAGE, at, likes, now, observe, seen, staged

Copy = Callable[[str], Path]
A = "77_1"


def undo(memory: sqlite3.Connection, batch: int) -> dict[str, int]:
    return restore.undo(changing(memory), batch, "還原")


def redo(memory: sqlite3.Connection, batch: int) -> dict[str, int]:
    return restore.redo(changing(memory), batch, "恢復")


def test_the_same_figures_later_are_a_confirmation_and_no_row(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    second = observe(memory, at(10), likes(a=3))
    assert seen(memory) == [(A, 5, 9, 3, 1)]
    assert memory.execute(
        "SELECT batch, source_row, observed_at FROM confirmations WHERE table_name = 'snapshots'"
    ).fetchall() == [(second, 2, at(10))]


def as_of(memory: sqlite3.Connection, code: str = "103") -> dict[str, str | None]:
    """When the figures of a period's posts were last observed, by measure."""
    return {name: found.observed_to for name, found in evidence.load(memory, parse_period(code)).posts.items()}


@pytest.mark.parametrize("code", ["103", "2014-09-15..2014-12-31"])
def test_figures_found_unchanged_are_as_new_as_the_export_that_found_them(
    memory: sqlite3.Connection, code: str
) -> None:
    add(memory, "pages", row("pages", page_id=PAGE, label="本頁", kind="own"))
    observe(memory, at(5), {A: {"likes": 3, "reach": 9}})
    second = observe(memory, at(20), likes(a=3))
    assert as_of(memory, code) == {"likes": at(20), "reach": at(5)}
    undo(memory, second)
    assert as_of(memory, code) == {"likes": at(5), "reach": at(5)}


def test_other_figures_later_are_a_new_row(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    observe(memory, at(10), likes(a=4))
    assert seen(memory) == [(A, 5, 9, 3, 1), (A, 10, 9, 4, 2)]
    assert now(memory) == {A: 4}


def test_an_older_export_after_a_newer_one_is_history_only(memory: sqlite3.Connection) -> None:
    observe(memory, at(10), likes(a=4))
    observe(memory, at(5), likes(a=3))
    assert seen(memory) == [(A, 5, 9, 3, 2), (A, 10, 9, 4, 1)]
    assert now(memory) == {A: 4}


def test_an_export_between_an_observation_and_its_confirmation_does_not_become_the_newest(
    memory: sqlite3.Connection,
) -> None:
    """3 likes on the 5th and again on the 10th; then an export of the 7th says 2: today it is still 3."""
    observe(memory, at(5), likes(a=3))
    observe(memory, at(10), likes(a=3))
    observe(memory, at(7), likes(a=2))
    assert now(memory) == {A: 3}
    assert seen(memory) == [(A, 5, 9, 3, 1), (A, 7, 9, 2, 3), (A, 10, 9, 3, 2)]


def test_figures_corrected_at_the_first_time_leave_those_of_the_confirmation(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    observe(memory, at(10), likes(a=3))
    observe(memory, at(5), likes(a=2))
    assert now(memory) == {A: 3}
    assert seen(memory) == [(A, 5, 9, 2, 3), (A, 10, 9, 3, 2)]


def test_an_export_in_between_is_told_as_late_and_moves_nothing(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    observe(memory, at(10), likes(a=3))
    stage = staged(memory, at(7), likes(a=2))
    assert (staged_changes.late(stage), staged_changes.moves(stage, 9), staged_changes.falling(stage)) == (1, [], [])
    newest = staged(memory, at(11), likes(a=2))
    assert (staged_changes.late(newest), staged_changes.falling(newest)) == (0, [(2, "likes", 3, 2)])


def test_undoing_the_first_observation_gives_the_row_to_the_one_that_saw_the_same(memory: sqlite3.Connection) -> None:
    first = observe(memory, at(5), likes(a=3))
    second = observe(memory, at(10), likes(a=3))
    third = observe(memory, at(20), likes(a=3))
    undo(memory, first)
    assert seen(memory) == [(A, 10, 9, 3, second)]
    undo(memory, second)
    assert seen(memory) == [(A, 20, 9, 3, third)]
    undo(memory, third)
    assert (seen(memory), now(memory)) == ([], {})


def test_a_confirmation_let_stand_again_counts_against_what_came_meanwhile(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    second = observe(memory, at(10), likes(a=3))
    undo(memory, second)
    observe(memory, at(7), likes(a=2))
    assert now(memory) == {A: 2}
    redo(memory, second)
    assert now(memory) == {A: 3}


def test_of_two_observations_at_the_same_time_the_later_batch_decides(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    second = observe(memory, at(10), likes(a=4))
    undo(memory, second)
    third = observe(memory, at(10), likes(a=3))
    redo(memory, second)
    assert now(memory) == {A: 3}
    undo(memory, third)
    assert now(memory) == {A: 4}


def test_a_struck_observation_does_not_come_back_by_its_confirmation(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    observe(memory, at(10), likes(a=3))
    change = changing(memory, "誤植")
    strike = save.open_batch(change, kind="entry", format="snapshots", file_name="刪列")
    save.strike(change, BY_NAME["snapshots"], [A, at(5)], "誤植")
    assert seen(memory) == []
    observe(memory, at(20), likes(a=5))
    assert seen(memory) == [(A, 20, 9, 5, 4)]
    undo(memory, strike)
    assert seen(memory) == [(A, 5, 9, 3, 1), (A, 20, 9, 5, 4)]


def test_the_figures_of_other_posts_are_left_alone(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3, b=30))
    observe(memory, at(10), likes(a=3, b=30))
    observe(memory, at(7), likes(a=2))
    assert now(memory) == {A: 3, "77_2": 30}
    assert [found for found in seen(memory) if found[0] == "77_2"] == [("77_2", 5, 9, 30, 1)]


def test_rows_that_are_not_thin_are_kept_as_they_are_given(memory: sqlite3.Connection) -> None:
    """What ``export`` wrote comes back row by row."""
    observe(memory, at(5), likes(a=3), thin=False)
    observe(memory, at(10), likes(a=3), thin=False)
    assert seen(memory) == [(A, 5, 9, 3, 1), (A, 10, 9, 3, 2)]


def test_a_row_put_by_hand_between_two_confirmed_times_does_not_become_the_newest(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    observe(memory, at(10), likes(a=3))
    add(memory, "snapshots", row("snapshots", post_id=A, observed_at=at(7), likes=9))
    assert now(memory) == {A: 3}


def work_of_an_export_after_a_confirmed_one(memory: sqlite3.Connection, posts: int) -> int:
    """How much SQLite does, in thousands of its own steps, where every figure moves after it was seen again."""

    def figures(value: int) -> dict[str, dict[str, int | None]]:
        return {f"77_{n}": {"likes": value} for n in range(posts)}

    observe(memory, at(5), figures(3))
    observe(memory, at(10), figures(3))
    steps = [0]

    def count() -> None:
        steps[0] += 1

    memory.set_progress_handler(count, 1000)
    observe(memory, at(20), figures(4))
    observe(memory, at(7), figures(2))
    memory.set_progress_handler(None, 0)
    assert now(memory) == dict.fromkeys(sorted(figures(4)), 4)
    return steps[0]


def test_four_times_the_posts_are_about_four_times_the_work(made: Copy) -> None:
    with closing(open_copy(made("empty"))) as few, closing(open_copy(made("empty"))) as many:
        assert work_of_an_export_after_a_confirmed_one(many, 1600) < 7 * work_of_an_export_after_a_confirmed_one(
            few, 400
        )
