"""Putting, striking and undoing: versions and counts, and that undoing gives back exactly what the others left."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqdash.errors import DataError
from sqdash.store import restore, save
from sqdash.store.save import Counts
from sqdash.tables import BY_NAME
from tests.making import add, changing, current_in, is_one_sentence, open_copy, row

Copy = Callable[[str], Path]
HOLIDAYS = BY_NAME["holidays"]
DAYS = ("2014-01-01", "2014-02-28", "2014-04-04")
NEW_YEAR, PEACE, CHILDREN = DAYS


def put(memory: sqlite3.Connection, labels: dict[str, str], file_name: str = "假日.csv") -> int:
    rows = [row("holidays", at=n, day=day, label=labels[day], working=0) for n, day in enumerate(labels, 2)]
    return add(memory, "holidays", *rows, file_name=file_name)


def strike(memory: sqlite3.Connection, day: str, reason: str = "重複") -> int:
    change = changing(memory, reason)
    batch = save.open_batch(change, kind="entry", format="holidays", file_name="刪列", note=reason)
    save.strike(change, HOLIDAYS, [day], reason)
    return batch


def undo(memory: sqlite3.Connection, batch: int, reason: str = "還原") -> dict[str, int]:
    return restore.undo(changing(memory, reason), batch, reason)


def state(memory: sqlite3.Connection) -> dict[str, str]:
    return {found["day"]: found["label"] for found in current_in(memory, "holidays")}


def versions(memory: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return memory.execute(
        "SELECT day, label, batch, source_row, opened_revision, closed_revision, closed_as, closed_reason "
        "FROM holidays ORDER BY version_id"
    ).fetchall()


# --- put


def test_putting_counts_what_was_added_changed_and_left_alone(memory: sqlite3.Connection) -> None:
    put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})
    change = changing(memory)
    batch = save.open_batch(change, kind="file", format="holidays", file_name="b.csv")
    rows = [
        row("holidays", day=d, label=label, working=0) for d, label in zip(DAYS, ("元旦", "228", "兒童節"), strict=True)
    ]
    counts = save.put(change, HOLIDAYS, rows, batch)
    assert counts == Counts(added=1, changed=1, unchanged=1)
    assert counts.rows == 3
    save.close_batch(change, batch, counts)
    assert memory.execute("SELECT rows, added, changed, unchanged, rejected FROM imports").fetchall() == [
        (2, 2, 0, 0, 0),
        (3, 1, 1, 1, 0),
    ]
    assert memory.execute("SELECT action, subject, detail FROM audit_log WHERE id = 2").fetchone() == (
        "import",
        "batch 2",
        "1 added, 1 changed",
    )


def test_a_changed_row_closes_the_old_version_and_opens_a_new_one(memory: sqlite3.Connection) -> None:
    put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})
    put(memory, {PEACE: "二二八", CHILDREN: "兒童節"})
    assert versions(memory) == [
        (NEW_YEAR, "元旦", 1, 2, 1, None, None, None),
        (PEACE, "和平紀念日", 1, 3, 1, 2, "replaced", "變更"),
        (PEACE, "二二八", 2, 2, 2, None, None, None),
        (CHILDREN, "兒童節", 2, 3, 2, None, None, None),
    ]


def test_a_value_that_became_unknown_is_a_change(memory: sqlite3.Connection) -> None:
    check = {"check_id": "c-1", "kind": "wifi", "checked_on": NEW_YEAR}
    add(memory, "checks", row("checks", **check, people=3))
    add(memory, "checks", row("checks", **check, people=None))
    assert [found["people"] for found in current_in(memory, "checks")] == [None]
    assert memory.execute("SELECT count(*) FROM checks").fetchone() == (2,)


def test_zero_and_unknown_are_two_things(memory: sqlite3.Connection) -> None:
    check = {"check_id": "c-1", "kind": "wifi", "checked_on": NEW_YEAR}
    add(memory, "checks", row("checks", **check, people=None))
    batch = add(memory, "checks", row("checks", **check, people=0))
    assert memory.execute("SELECT changed FROM imports WHERE batch = ?", (batch,)).fetchone() == (1,)


def test_a_key_with_a_part_that_is_not_given_is_one_key(memory: sqlite3.Connection) -> None:
    unit = {"unit": "section-1", "kind": "unit", "implementing": 1, "position": 1}
    add(memory, "units", row("units", **unit, label="第一課"))
    add(memory, "units", row("units", **unit, label="檢驗課"))
    add(memory, "units", row("units", **unit, valid_from="2015-01-01", label="新一課"))
    assert [(u["valid_from"], u["label"]) for u in current_in(memory, "units")] == [
        (None, "檢驗課"),
        ("2015-01-01", "新一課"),
    ]
    change = changing(memory)
    save.open_batch(change, kind="entry", format="units", file_name="刪列")
    save.strike(change, BY_NAME["units"], ["section-1", None], "裁撤")
    assert [u["label"] for u in current_in(memory, "units")] == ["新一課"]


def test_a_batch_names_its_file_its_person_and_its_revision(memory: sqlite3.Connection) -> None:
    change = changing(memory, "匯入")
    batch = save.open_batch(
        change, kind="file", format="holidays", file_name="假日.csv", sha256="ab" * 32, encoding="utf-8", note="說明"
    )
    found = memory.execute(
        "SELECT batch, kind, format, file_name, sha256, encoding, by, revision, undone_revision, note FROM imports"
    ).fetchall()
    assert found == [(batch, "file", "holidays", "假日.csv", "ab" * 32, "utf-8", "測試員", 1, None, "說明")]
    at, made_at = memory.execute("SELECT i.at, r.at FROM imports i JOIN revisions r USING (revision)").fetchone()
    assert at == made_at


# --- undo


def test_undoing_gives_back_exactly_what_was(memory: sqlite3.Connection) -> None:
    put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})
    before = current_in(memory, "holidays")
    batch = put(memory, {PEACE: "二二八", CHILDREN: "兒童節"})
    assert undo(memory, batch, "匯錯檔") == {"holidays": 2}
    assert current_in(memory, "holidays") == before
    assert versions(memory)[1:] == [
        (PEACE, "和平紀念日", 1, 3, 1, 2, "replaced", "變更"),
        (PEACE, "二二八", 2, 2, 2, 3, "undone", "匯錯檔"),
        (CHILDREN, "兒童節", 2, 3, 2, 3, "undone", "匯錯檔"),
        (PEACE, "和平紀念日", 1, 3, 3, None, None, None),
    ]
    assert memory.execute("SELECT undone_revision FROM imports").fetchall() == [(None,), (3,)]
    assert memory.execute("SELECT action, subject, detail, revision FROM audit_log WHERE id = 3").fetchone() == (
        "undo",
        "batch 2",
        "匯錯檔",
        3,
    )


def test_undoing_an_import_leaves_a_later_correction_of_the_same_row(memory: sqlite3.Connection) -> None:
    first = put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})
    put(memory, {PEACE: "二二八"})
    undo(memory, first)
    assert state(memory) == {PEACE: "二二八"}


def test_undoing_the_middle_of_three_changes_nothing_that_stands(memory: sqlite3.Connection) -> None:
    put(memory, {PEACE: "甲"})
    middle = put(memory, {PEACE: "乙"})
    last = put(memory, {PEACE: "丙"})
    undo(memory, middle)
    assert state(memory) == {PEACE: "丙"}
    undo(memory, last)
    assert state(memory) == {PEACE: "甲"}


def test_a_row_that_a_standing_file_also_states_survives_undoing_the_file_that_stated_it_first(
    memory: sqlite3.Connection,
) -> None:
    first = put(memory, {NEW_YEAR: "元旦"})
    put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})
    undo(memory, first)
    assert state(memory) == {NEW_YEAR: "元旦", PEACE: "和平紀念日"}


def test_a_batch_is_undone_once(memory: sqlite3.Connection) -> None:
    batch = put(memory, {NEW_YEAR: "元旦"})
    undo(memory, batch)
    before = versions(memory)
    with pytest.raises(DataError, match=f"批次 {batch} 已經還原過") as raised:
        undo(memory, batch)
    assert is_one_sentence(raised.value)
    assert versions(memory) == before


@pytest.mark.parametrize("batch", [0, 7, -1])
def test_a_batch_that_does_not_exist_is_named(memory: sqlite3.Connection, batch: int) -> None:
    with pytest.raises(DataError, match=f"沒有編號 {batch} 的匯入批次") as raised:
        undo(memory, batch)
    assert is_one_sentence(raised.value)


def work_of_undoing(memory: sqlite3.Connection, rows: int) -> int:
    """How much SQLite does, in thousands of its own steps, to undo a batch of so many rows."""
    checks = (row("checks", check_id=f"{rows}-{n}", kind="wifi", checked_on=NEW_YEAR) for n in range(rows))
    batch = add(memory, "checks", *checks)
    steps = [0]

    def count() -> None:
        steps[0] += 1

    memory.set_progress_handler(count, 1000)
    undo(memory, batch)
    memory.set_progress_handler(None, 0)
    return steps[0]


def test_undoing_four_times_the_rows_is_about_four_times_the_work(made: Copy) -> None:
    with closing(open_copy(made("empty"))) as few, closing(open_copy(made("empty"))) as many:
        assert work_of_undoing(many, 1600) < 7 * work_of_undoing(few, 400)


# --- strike


def test_a_struck_row_is_out_of_force_with_its_reason_and_undoing_brings_it_back(memory: sqlite3.Connection) -> None:
    put(memory, {NEW_YEAR: "元旦", PEACE: "和平紀念日"})
    batch = strike(memory, PEACE, "不放假")
    assert state(memory) == {NEW_YEAR: "元旦"}
    assert versions(memory)[1] == (PEACE, "和平紀念日", 1, 3, 1, 2, "struck", "不放假")
    assert undo(memory, batch) == {"holidays": 1}
    assert state(memory) == {NEW_YEAR: "元旦", PEACE: "和平紀念日"}


def test_a_struck_row_stays_out_when_the_batch_before_is_undone(memory: sqlite3.Connection) -> None:
    put(memory, {PEACE: "甲"})
    second = put(memory, {PEACE: "乙"})
    batch = strike(memory, PEACE)
    undo(memory, second)
    assert state(memory) == {}
    undo(memory, batch)
    assert state(memory) == {PEACE: "甲"}


def test_striking_what_is_not_there_is_refused(memory: sqlite3.Connection) -> None:
    put(memory, {PEACE: "和平紀念日"})
    strike(memory, PEACE)
    for day in (PEACE, NEW_YEAR):
        with pytest.raises(DataError, match=f"假日.*{day}") as raised:
            save.strike(changing(memory), HOLIDAYS, [day], "再刪")
        assert is_one_sentence(raised.value)


# --- any order


Step = tuple[str, Any]
PUT = st.tuples(st.just("put"), st.dictionaries(st.sampled_from(DAYS), st.sampled_from("甲乙"), min_size=1))
STRIKE = st.tuples(st.just("strike"), st.sampled_from(DAYS))
UNDO = st.tuples(st.just("undo"), st.integers(0, 20))


def play(memory: sqlite3.Connection, step: Step) -> int | None:
    """Put or strike; the batch, or None where there was nothing to strike."""
    what, about = step
    if what == "put":
        return put(memory, about)
    try:
        return strike(memory, about)
    except DataError:
        return None


def play_all(memory: sqlite3.Connection, steps: Sequence[Step]) -> dict[int, Step]:
    """Steps in their order, undoing among them; what each batch that still stands did."""
    standing: dict[int, Step] = {}
    for step in steps:
        if step[0] == "undo":
            if standing:
                batch = sorted(standing)[step[1] % len(standing)]
                undo(memory, batch)
                del standing[batch]
        elif (batch := play(memory, step)) is not None:
            standing[batch] = step
    return standing


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(PUT, STRIKE, UNDO), max_size=12), order=st.randoms(use_true_random=False))
def test_undoing_in_any_order_leaves_what_the_standing_batches_alone_would_make(
    made: Copy, steps: list[Step], order: Any
) -> None:
    with closing(open_copy(made("empty"))) as memory, closing(open_copy(made("empty"))) as plain:
        standing = play_all(memory, steps)
        for batch in order.sample(sorted(standing), len(standing) // 2):
            undo(memory, batch)
            del standing[batch]
        for step in standing.values():
            play(plain, step)
        assert current_in(memory, "holidays") == current_in(plain, "holidays")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(PUT, STRIKE, UNDO), min_size=2, max_size=10))
def test_history_is_never_overwritten_or_deleted(made: Copy, steps: list[Step]) -> None:
    with closing(open_copy(made("empty"))) as memory:
        play_all(memory, steps[:-1])
        before = versions(memory)
        play_all(memory, steps[-1:])
        after = versions(memory)
        assert [found[:5] for found in after[: len(before)]] == [found[:5] for found in before]
        assert [old for old, new in zip(before, after, strict=False) if old[5] is not None and old != new] == []


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(labels=st.lists(st.sampled_from("甲乙丙"), min_size=1, max_size=6))
def test_putting_the_same_rows_again_changes_nothing(made: Copy, labels: list[str]) -> None:
    with closing(open_copy(made("empty"))) as memory:
        for label in labels:
            put(memory, {NEW_YEAR: label, PEACE: "和平紀念日"})
            before = versions(memory)
            batch = put(memory, {NEW_YEAR: label, PEACE: "和平紀念日"})
            assert versions(memory) == before
            counts = memory.execute("SELECT added, changed, unchanged FROM imports WHERE batch = ?", (batch,))
            assert counts.fetchone() == (0, 0, 2)
