"""Undoing and letting stand again, in any order: what stands is what the standing batches alone would make."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.store import outlook, restore, save
from sqdash.store.outlook import Outlook
from sqdash.tables import BY_NAME, TABLES
from tests.making import add, changing, current_in, is_one_sentence, open_copy, row
from tests.store.observing import at, likes, now, observe, seen

Copy = Callable[[str], Path]
HOLIDAYS = BY_NAME["holidays"]
NEW_YEAR, PEACE, CHILDREN = "2014-01-01", "2014-02-28", "2014-04-04"
ONCE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def put(memory: sqlite3.Connection, labels: dict[str, str], file_name: str = "假日.csv") -> int:
    rows = [row("holidays", at=n, day=day, label=labels[day], working=0) for n, day in enumerate(labels, 2)]
    return add(memory, "holidays", *rows, file_name=file_name)


def strike(memory: sqlite3.Connection, day: str) -> int:
    change = changing(memory, "重複")
    batch = save.open_batch(change, kind="entry", format="holidays", file_name="人工刪列：假日")
    save.strike(change, HOLIDAYS, [day], "重複")
    return batch


def undo(memory: sqlite3.Connection, batch: int) -> dict[str, int]:
    return restore.undo(changing(memory, "還原"), batch, "還原")


def redo(memory: sqlite3.Connection, batch: int) -> dict[str, int]:
    return restore.redo(changing(memory, "恢復"), batch, "恢復")


def state(memory: sqlite3.Connection) -> dict[str, str]:
    return {found["day"]: found["label"] for found in current_in(memory, "holidays")}


# --- exports of posts in any order

Step = tuple[str, Any]
POSTS = "ab"
EXPORT = st.tuples(
    st.just("export"),
    st.tuples(st.integers(1, 6), st.dictionaries(st.sampled_from(POSTS), st.sampled_from([None, 0, 1, 2]), min_size=1)),
)
UNDO = st.tuples(st.just("undo"), st.integers(0, 9))
REDO = st.tuples(st.just("redo"), st.integers(0, 9))


def play(memory: sqlite3.Connection, steps: Sequence[Step]) -> dict[int, Any]:
    """Exports, undone and let stand again; batch → export of those that stand."""
    standing: dict[int, Any] = {}
    undone: dict[int, Any] = {}
    for what, about in steps:
        if what == "export":
            day, figures = about
            standing[observe(memory, at(day), likes(**figures))] = about
            continue
        source, target, turn = (standing, undone, undo) if what == "undo" else (undone, standing, redo)
        if source:
            batch = sorted(source)[about % len(source)]
            turn(memory, batch)
            target[batch] = source.pop(batch)
    return dict(sorted(standing.items()))


def newest(exports: Sequence[Any]) -> dict[str, int | None]:
    """By hand: of each post the figure of the last day that gives one; of two exports of one day the later counts."""
    found: dict[str, dict[int, int | None]] = {}
    for day, figures in exports:
        for post, value in figures.items():
            found.setdefault(post, {})[day] = value
    return {
        f"77_{ord(post) - 96}": next((days[day] for day in sorted(days, reverse=True) if days[day] is not None), None)
        for post, days in sorted(found.items())
    }


def kept(memory: sqlite3.Connection) -> list[Any]:
    """Current figures and the sums and counts of months, without where they came from and when they were seen."""
    return [
        memory.execute("SELECT post_id, page_id, published_at, month, likes FROM post_now ORDER BY 1").fetchall(),
        memory.execute("SELECT page_id, month, measure, posts, total FROM post_months ORDER BY 1, 2, 3").fetchall(),
        memory.execute("SELECT * FROM post_values ORDER BY 1, 2, 3, 4").fetchall(),
    ]


@ONCE
@given(steps=st.lists(st.one_of(EXPORT, UNDO, REDO), max_size=10))
@example(steps=[("export", (1, {"a": 1})), ("export", (3, {"a": 1})), ("export", (2, {"a": 2}))])
@example(steps=[("export", (1, {"a": 1})), ("export", (2, {"a": None})), ("export", (2, {"a": None})), ("undo", 0)])
@example(steps=[("export", (1, {"a": 1})), ("export", (3, {"a": 1})), ("undo", 0), ("export", (2, {"a": 2}))])
def test_the_newest_standing_observation_decides_whatever_was_imported_undone_and_let_stand_again(
    made: Copy, steps: list[Step]
) -> None:
    with closing(open_copy(made("empty"))) as memory, closing(open_copy(made("empty"))) as plain:
        standing = play(memory, steps)
        for day, figures in standing.values():
            observe(plain, at(day), likes(**figures))
        assert kept(memory) == kept(plain)
        assert now(memory) == newest(list(standing.values()))


@ONCE
@given(steps=st.lists(EXPORT, min_size=1, max_size=6), order=st.randoms(use_true_random=False))
def test_undoing_everything_in_any_order_leaves_nothing_in_force(made: Copy, steps: list[Step], order: Any) -> None:
    with closing(open_copy(made("empty"))) as memory:
        batches = list(play(memory, steps))
        for batch in order.sample(batches, len(batches)):
            undo(memory, batch)
        assert kept(memory) == [[], [], []]
        assert seen(memory) == []


@ONCE
@given(steps=st.lists(st.one_of(EXPORT, UNDO, REDO), min_size=1, max_size=8))
def test_undoing_and_letting_stand_again_leaves_the_current_figures_as_they_were(made: Copy, steps: list[Step]) -> None:
    with closing(open_copy(made("empty"))) as memory:
        before = None
        for batch in play(memory, steps):
            before = kept(memory)
            undo(memory, batch)
            redo(memory, batch)
            assert kept(memory) == before


@ONCE
@given(steps=st.lists(st.one_of(EXPORT, UNDO, REDO), min_size=1, max_size=8), which=st.integers(0, 9))
def test_closing_rows_as_one_statement_is_the_same_as_one_by_one(made: Copy, steps: list[Step], which: int) -> None:
    with closing(open_copy(made("empty"))) as fast, closing(open_copy(made("empty"))) as slow:
        standing = list(play(fast, steps))
        play(slow, steps)
        if not standing:
            return
        batch = standing[which % len(standing)]
        touched = undo(fast, batch)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(restore, "_close_alone", lambda *_: [])
            assert undo(slow, batch) == touched
        for table in ("posts", "snapshots"):
            assert versions(fast, table) == versions(slow, table)
        assert kept(fast) == kept(slow)


def versions(memory: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    """Every version with its book-keeping, whatever its number."""
    columns = (*BY_NAME[table].names, "batch", "source_row", "opened_revision", "closed_revision", "closed_as")
    return sorted(memory.execute(f"SELECT {', '.join(columns)} FROM {table}"), key=repr)


def test_the_fast_way_is_taken_where_no_other_batch_knows_the_rows(
    memory: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})

    def never(*_: object) -> bool:
        raise AssertionError("one by one")

    monkeypatch.setattr(restore, "settle", never)
    assert undo(memory, batch) == {"holidays": 2}
    assert state(memory) == {}


# --- posts and their figures


def test_a_later_export_stands_when_the_first_is_undone(memory: sqlite3.Connection) -> None:
    first = observe(memory, at(5), likes(a=3, b=30))
    second = observe(memory, at(10), likes(a=4))
    assert undo(memory, first) == {"posts": 2, "snapshots": 2}
    assert now(memory) == {"77_1": 4}
    assert seen(memory) == [("77_1", 10, 9, 4, second)]
    assert [(p["post_id"], p["message"]) for p in current_in(memory, "posts")] == [("77_1", "貼文 77_1")]
    assert redo(memory, first) == {"posts": 1, "snapshots": 2}
    assert now(memory) == {"77_1": 4, "77_2": 30}


def test_undoing_the_later_export_brings_the_figures_back(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    before = kept(memory)
    second = observe(memory, at(10), likes(a=4))
    assert undo(memory, second) == {"snapshots": 1}
    assert kept(memory) == before


def test_nothing_is_overwritten_by_undoing(memory: sqlite3.Connection) -> None:
    first = observe(memory, at(5), likes(a=3))
    observe(memory, at(10), likes(a=3))
    undo(memory, first)
    assert memory.execute(
        "SELECT observed_at, likes, batch, opened_revision, closed_revision, closed_as, closed_reason FROM snapshots"
    ).fetchall() == [(at(5), 3, 1, 1, 3, "undone", "還原"), (at(10), 3, 2, 3, None, None, None)]


# --- what will happen


def test_rows_that_nobody_else_states_will_go(memory: sqlite3.Connection) -> None:
    batch = put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})
    found = outlook.of(memory, batch)
    assert found == Outlook(batch, "假日.csv", 2, 0, 0, ())
    assert found.sentence == "還原批次 1 將移除 2 列。"


def test_rows_that_were_changed_will_return_to_what_was(memory: sqlite3.Connection) -> None:
    put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})
    batch = put(memory, {PEACE: "二二八", CHILDREN: "兒童節"}, "新.csv")
    found = outlook.of(memory, batch)
    assert found == Outlook(batch, "新.csv", 1, 1, 0, ())
    assert found.sentence == "還原批次 2 將移除 1 列、使 1 列回到先前的內容。"


def test_rows_that_a_later_batch_touched_will_stay_and_the_batch_is_named(memory: sqlite3.Connection) -> None:
    batch = put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日", CHILDREN: "兒童節"})
    second = put(memory, {NEW_YEAR: "開國紀念日"}, "新.csv")
    third = strike(memory, PEACE)
    found = outlook.of(memory, batch)
    assert found == Outlook(batch, "假日.csv", 1, 0, 2, ((second, "新.csv", 1), (third, "人工刪列：假日", 1)))
    assert found.sentence == (
        "還原批次 1 將移除 1 列、使 2 列因後來的批次 2（新.csv）、批次 3（人工刪列：假日）而維持現況。"
    )
    before = state(memory)
    undo(memory, batch)
    assert state(memory) == {NEW_YEAR: before[NEW_YEAR]}


def test_rows_that_a_later_batch_states_just_the_same_will_stay(memory: sqlite3.Connection) -> None:
    batch = put(memory, {NEW_YEAR: "元旦"})
    second = put(memory, {NEW_YEAR: "元旦"}, "同.csv")
    assert outlook.of(memory, batch) == Outlook(batch, "假日.csv", 0, 0, 1, ((second, "同.csv", 1),))
    assert outlook.of(memory, second).sentence == "還原批次 2 將不改變任何列。"
    undo(memory, batch)
    assert state(memory) == {NEW_YEAR: "元旦"}


def test_figures_that_a_later_export_saw_again_will_stay(memory: sqlite3.Connection) -> None:
    batch = observe(memory, at(5), likes(a=3))
    second = observe(memory, at(10), likes(a=3), file_name="十月.csv")
    assert outlook.of(memory, batch) == Outlook(batch, "匯出.csv", 0, 0, 2, ((second, "十月.csv", 2),))


def test_a_struck_row_will_return(memory: sqlite3.Connection) -> None:
    put(memory, {PEACE: "和平紀念日"})
    batch = strike(memory, PEACE)
    assert outlook.of(memory, batch).sentence == "還原批次 2 將使 1 列回到先前的內容。"


def test_a_row_put_after_it_was_struck_will_go(memory: sqlite3.Connection) -> None:
    put(memory, {PEACE: "和平紀念日"})
    strike(memory, PEACE)
    batch = put(memory, {PEACE: "二二八"})
    assert outlook.of(memory, batch) == Outlook(batch, "假日.csv", 1, 0, 0, ())
    undo(memory, batch)
    assert state(memory) == {}


def test_a_batch_that_was_taken_back_is_not_taken_back_again(memory: sqlite3.Connection) -> None:
    first = put(memory, {PEACE: "甲"})
    second = put(memory, {PEACE: "乙"})
    undo(memory, first)
    found = outlook.of(memory, first)
    assert found == Outlook(first, "假日.csv", 0, 0, 0, (), refused="匯入批次 1 已經還原過，不必再還原。")
    assert found.sentence == "批次 1 現在不能還原：匯入批次 1 已經還原過，不必再還原。"
    assert is_one_sentence(found.sentence)
    with pytest.raises(DataError, match=f"^{found.refused}$"):
        undo(memory, first)
    assert outlook.of(memory, second) == Outlook(second, "假日.csv", 1, 0, 0, ())


def test_only_five_of_many_later_batches_are_named(memory: sqlite3.Connection) -> None:
    days = [f"2014-05-{day:02d}" for day in range(1, 8)]
    batch = put(memory, dict.fromkeys(days, "甲"))
    for day in days:
        put(memory, {day: "乙"}, f"{day}.csv")
    found = outlook.of(memory, batch)
    assert (found.stays, len(found.later)) == (7, 7)
    assert "批次 6（2014-05-05.csv）等而維持現況" in found.sentence
    assert is_one_sentence(found.sentence)


@pytest.mark.parametrize("batch", [0, 7, -1, 2**70])
def test_the_outlook_of_a_batch_that_does_not_exist_is_a_sentence(memory: sqlite3.Connection, batch: int) -> None:
    with pytest.raises(DataError, match=f"沒有編號 {batch} 的匯入批次") as raised:
        outlook.of(memory, batch)
    assert is_one_sentence(raised.value)


PUT = st.tuples(
    st.just("put"), st.dictionaries(st.sampled_from([NEW_YEAR, PEACE, CHILDREN]), st.sampled_from("甲乙"), min_size=1)
)
STRIKE = st.tuples(st.just("strike"), st.sampled_from([NEW_YEAR, PEACE, CHILDREN]))


@ONCE
@given(steps=st.lists(st.one_of(PUT, STRIKE, UNDO), min_size=1, max_size=9), which=st.integers(0, 9))
def test_what_was_foretold_is_what_happens(made: Copy, steps: list[Step], which: int) -> None:
    with closing(open_copy(made("empty"))) as memory:
        standing: list[int] = []
        for what, about in steps:
            if what == "put":
                standing.append(put(memory, about))
            elif what == "strike" and about in state(memory):
                standing.append(strike(memory, about))
            elif what == "undo" and standing:
                undo(memory, standing.pop(about % len(standing)))
        if not standing:
            return
        batch = standing[which % len(standing)]
        found, before = outlook.of(memory, batch), state(memory)
        undo(memory, batch)
        after = state(memory)
        assert len(set(before) - set(after)) == found.gone
        returned = {day for day in after if before.get(day) != after[day]}
        assert len(returned) <= found.returned  # what returns may say the same


# --- the whole catalogue


def test_every_table_can_be_undone_and_let_stand_again(made: Copy) -> None:
    with closing(open_copy(made("demo"))) as memory:
        before = {table.name: current_in(memory, table.name) for table in TABLES}
        batches = [b for (b,) in memory.execute("SELECT batch FROM imports ORDER BY batch")]
        for batch in batches:
            undo(memory, batch)
        assert {name for name in before if current_in(memory, name)} == set()
        assert kept(memory) == [[], [], []]
        for batch in reversed(batches):
            redo(memory, batch)
        assert {table.name: current_in(memory, table.name) for table in TABLES} == before
