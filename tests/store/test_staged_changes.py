"""What staged figures would change: those that move, those that fall, those that come too late."""

from __future__ import annotations

import sqlite3

from sqdash.store import staged_changes
from tests.store.observing import POSTS, at, likes, observe, stage_of, staged


def test_figures_that_move_are_shown_beside_the_old_ones(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), {"77_1": {"likes": 3, "reach": 90}, "77_2": {"likes": 1, "reach": 5}, "77_3": {"likes": 2}})
    figures = {"77_1": {"likes": 4, "reach": 90}, "77_2": {"likes": 1, "reach": None}, "77_3": {"reach": 6}}
    stage = staged(memory, at(10), figures)
    moved = [(n, post["post_id"], post["message"], figures) for n, post, figures in staged_changes.moves(stage, 9)]
    assert moved == [
        (2, "77_1", "貼文 77_1", {"likes": (3, 4)}),
        (4, "77_3", "貼文 77_3", {"reach": (None, 6)}),
    ]
    assert staged_changes.moves(stage, 1) == staged_changes.moves(stage, 9)[:1]
    assert staged_changes.falling(stage) == []


def test_a_correction_of_the_same_moment_moves_figures_too(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), {"77_1": {"likes": 3}, "77_2": {"likes": 1}})
    stage = staged(memory, at(5), {"77_1": {"likes": 4}, "77_2": {"likes": 1}})
    stage.compare()
    assert stage.counts() == (0, 1, 1)
    assert [(n, figures) for n, _, figures in staged_changes.moves(stage, 9)] == [(2, {"likes": (3, 4)})]


def test_falling_totals_are_found_with_their_row_and_measure(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), {"77_1": {"likes": 3, "reach": 90}, "77_2": {"likes": 8, "reach": 50}})
    stage = staged(memory, at(10), {"77_1": {"likes": 2, "reach": 91}, "77_2": {"likes": 8, "reach": 49}})
    assert staged_changes.falling(stage) == [(2, "likes", 3, 2), (3, "reach", 50, 49)]


def test_posts_with_a_figure_below_the_one_that_stands_are_found_whenever_it_was_seen(
    memory: sqlite3.Connection,
) -> None:
    observe(memory, at(5), {"77_1": {"likes": 3, "reach": 90}, "77_2": {"likes": 8, "reach": 50}})
    figures = {"77_1": {"likes": 2, "reach": 91}, "77_2": {"likes": 8, "reach": None}, "77_3": {"likes": 0}}
    assert [staged_changes.below(staged(memory, at(day), figures)) for day in (1, 10)] == [[2], [2]]


def test_an_older_export_neither_moves_nor_falls_but_is_late(memory: sqlite3.Connection) -> None:
    observe(memory, at(10), likes(a=3, b=4))
    stage = staged(memory, at(5), likes(a=2, c=1))
    assert (staged_changes.moves(stage, 9), staged_changes.falling(stage), staged_changes.late(stage)) == ([], [], 1)


def test_a_stage_without_figures_moves_none(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    stage = stage_of(memory, "posts", POSTS, (2, "77_1", "77", at(1), "新的內容"))
    assert (staged_changes.moves(stage, 9), staged_changes.falling(stage), staged_changes.late(stage)) == ([], [], 0)
