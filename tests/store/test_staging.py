"""Rows on their way in: counted by row of the source, checked against the store, compared without being written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sqdash.store import staged_changes
from sqdash.store.staging import Stage, transient
from tests.making import add, current_in, row
from tests.store.observing import at, likes, observe, put, stage_of, staged

Copy = Callable[[str], Path]
DAYS = ("page_id", "day", "day_zone", "measure", "value")


def counted(stage: Stage, **more: bool) -> tuple[int, int, int]:
    stage.compare()
    return stage.counts(**more)


def wide(memory: sqlite3.Connection, *rows: tuple[int, str, int, int]) -> Stage:
    """Days with two figures each: (row, day, fans, followers)."""
    return stage_of(
        memory,
        "page_days",
        DAYS,
        *(
            (n, "77", f"2014-11-{day}", "Asia/Taipei", measure, value)
            for n, day, fans, followers in rows
            for measure, value in (("fans", fans), ("followers", followers))
        ),
    )


# --- staging


def test_only_what_the_table_has_and_its_key_needs_can_be_staged(memory: sqlite3.Connection) -> None:
    for given in (("day", "label", "colour"), ("label",)):
        with pytest.raises(ValueError, match="holidays cannot be staged"):
            Stage(memory).add("holidays", given, [])
    stage = stage_of(memory, "holidays", ("day", "label", "working"))
    with pytest.raises(ValueError, match="other columns"):
        stage.add("holidays", ("day", "label"), [])


def test_a_new_stage_of_the_same_connection_starts_empty(memory: sqlite3.Connection) -> None:
    stage_of(memory, "holidays", ("day", "label", "working"), (2, "2014-01-01", "元旦", 0))
    assert stage_of(memory, "holidays", ("day", "label", "working")).rows("holidays") == 0


def test_what_is_staged_is_counted_table_by_table(memory: sqlite3.Connection) -> None:
    assert not Stage(memory).filled()
    assert not stage_of(memory, "holidays", ("day", "label", "working")).filled()
    stage = staged(memory, at(5), likes(a=1, b=2))
    assert (stage.filled(), stage.rows("posts"), stage.rows("pages")) == (True, 2, 0)


def test_the_first_rows_are_shown_as_they_will_be_stored(memory: sqlite3.Connection) -> None:
    stage = stage_of(memory, "petitions", ("month", "received"), (4, "2014-01", 3), (5, "2014-02", 4))
    assert stage.first("petitions", 1) == [{"source_row": 4, "month": "2014-01", "received": 3}]


def test_a_row_of_the_source_is_taken_out_of_every_table(memory: sqlite3.Connection) -> None:
    stage = staged(memory, at(5), likes(a=1, b=2))
    stage.drop_rows({2})
    assert [row["source_row"] for name in ("posts", "snapshots") for row in stage.first(name, 9)] == [3, 3]


def test_rows_without_a_place_in_the_source_are_taken_out_together(memory: sqlite3.Connection) -> None:
    given = ("day", "label", "working")
    rows = [(None, "2014-01-01", "元旦", 0), (2, "2014-04-04", "兒童節", 0), (3, "2014-04-05", "清明節", 0)]
    stage = stage_of(memory, "holidays", given, *rows)
    stage.drop_rows([3, 3])
    assert [row["source_row"] for row in stage.first("holidays", 9)] == [None, 2]
    stage.drop_rows([None])
    assert [row["source_row"] for row in stage.first("holidays", 9)] == [2]


def test_many_rows_are_taken_out_of_a_table_in_one_statement(memory: sqlite3.Connection) -> None:
    stage = staged(memory, at(5), likes(a=1, b=2, c=3))
    asked: list[str] = []
    memory.set_trace_callback(asked.append)
    stage.drop_rows({2, 3, 4})
    memory.set_trace_callback(None)
    assert len([one for one in asked if one.startswith("DELETE FROM temp.staged_")]) == 2
    assert not stage.filled()


def test_looking_in_temporary_tables_leaves_the_store_unlocked(made: Copy, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(made("empty").read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with transient(connection):
            stage = stage_of(connection, "holidays", ("day", "label", "working"), (2, "2014-01-01", "元旦", 0))
            with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
        assert not connection.in_transaction
        assert stage.rows("holidays") == 1


# --- comparing


def test_new_changed_and_unchanged_rows_are_told_apart(memory: sqlite3.Connection) -> None:
    given = ("month", "received", "closed")
    put(memory, stage_of(memory, "petitions", given, (2, "2014-01", 3, 3), (3, "2014-02", 4, 4)))
    stage = stage_of(memory, "petitions", given, (2, "2014-01", 3, 3), (3, "2014-02", 4, 5), (4, "2014-03", 0, 0))
    assert counted(stage) == (1, 1, 1)
    assert staged_changes.changes(stage, "petitions", 9) == [
        (
            3,
            {"month": "2014-02", "received": 4, "closed": 4, "source_place": None},
            {"month": "2014-02", "received": 4, "closed": 5},
        )
    ]


def test_comparing_writes_nothing(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    before = list(memory.iterdump())
    stage = staged(memory, at(10), likes(a=4, b=1))
    assert counted(stage) == (1, 1, 0)
    assert (staged_changes.falling(stage), staged_changes.late(stage), len(staged_changes.moves(stage, 9))) == (
        [],
        0,
        1,
    )
    assert list(memory.iterdump()) == before


def test_a_wide_row_is_new_where_all_of_it_is_and_unchanged_where_all_of_it_is(memory: sqlite3.Connection) -> None:
    put(memory, wide(memory, (2, "01", 10, 20), (3, "02", 11, 21)))
    stage = wide(memory, (2, "01", 10, 20), (3, "02", 11, 22), (4, "03", 12, 22))
    assert counted(stage) == (1, 1, 1)
    assert counted(stage, by_source_row=False) == (2, 1, 3)


def test_a_wide_row_of_which_a_part_is_new_is_a_change(memory: sqlite3.Connection) -> None:
    put(memory, stage_of(memory, "page_days", DAYS, (2, "77", "2014-11-01", "Asia/Taipei", "fans", 10)))
    assert counted(wide(memory, (2, "01", 10, 20))) == (0, 1, 0)


def test_a_post_that_is_known_with_figures_that_are_not_is_a_change(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    assert counted(staged(memory, at(10), likes(a=4, b=5))) == (1, 1, 0)
    assert counted(staged(memory, at(10), likes(a=3))) == (0, 0, 1)


def test_rows_without_a_place_in_the_source_are_not_counted(memory: sqlite3.Connection) -> None:
    stage = staged(memory, at(5), likes(a=3))
    stage.add("pages", ("page_id", "kind", "label"), [(None, "77", "unassigned", "77")])
    assert counted(stage) == (1, 0, 0)
    put(memory, stage)
    assert [page["page_id"] for page in current_in(memory, "pages")] == ["77"]


def test_columns_that_the_source_has_not_stay_as_the_store_has_them(memory: sqlite3.Connection) -> None:
    given = ("check_id", "kind", "checked_on", "people")
    add(memory, "checks", row("checks", check_id="c", kind="wifi", checked_on="2014-01-01", place="大廳", people=1))
    assert counted(stage_of(memory, "checks", given, (2, "c", "wifi", "2014-01-01", 1))) == (0, 0, 1)
    put(memory, stage_of(memory, "checks", given, (2, "c", "wifi", "2014-01-01", 5)))
    (found,) = current_in(memory, "checks")
    assert (found["place"], found["people"]) == ("大廳", 5)


def test_a_column_that_the_source_has_and_leaves_empty_becomes_unknown(memory: sqlite3.Connection) -> None:
    add(memory, "checks", row("checks", check_id="c", kind="wifi", checked_on="2014-01-01", place="大廳"))
    given = ("check_id", "kind", "checked_on", "place")
    assert put(memory, stage_of(memory, "checks", given, (2, "c", "wifi", "2014-01-01", None))).changed == 1
    assert [found["place"] for found in current_in(memory, "checks")] == [None]


def test_unknown_is_not_zero_when_rows_are_compared(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=None))
    assert counted(staged(memory, at(10), likes(a=None))) == (0, 0, 1)
    assert counted(staged(memory, at(10), likes(a=0))) == (0, 1, 0)


def test_a_key_with_a_part_that_is_not_given_finds_its_row(memory: sqlite3.Connection) -> None:
    unit = {"unit": "s1", "label": "第一課", "kind": "unit", "implementing": 1, "position": 1}
    add(memory, "units", row("units", **unit), row("units", **unit | {"valid_from": "2015-01-01", "label": "新"}))
    given = ("unit", "label", "kind", "implementing", "position")
    assert counted(stage_of(memory, "units", given, (2, "s1", "第一課", "unit", 1, 1))) == (0, 0, 1)
