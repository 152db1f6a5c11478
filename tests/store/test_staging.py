"""Rows on their way in: counted by row of the source, checked against the store, compared without being written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sqdash.store import save
from sqdash.store.staging import Stage, transient
from tests.making import add, changing, current_in, open_copy, row
from tests.store.observing import POSTS, at, likes, observe, staged

Copy = Callable[[str], Path]
DAYS = ("page_id", "day", "day_zone", "measure", "value")


@pytest.fixture
def memory(made: Copy) -> Iterator[sqlite3.Connection]:
    with closing(open_copy(made("empty"))) as connection:
        yield connection


def stage_of(memory: sqlite3.Connection, table: str, given: tuple[str, ...], *rows: tuple[Any, ...]) -> Stage:
    stage = Stage(memory)
    stage.add(table, given, rows)
    return stage


def put(memory: sqlite3.Connection, stage: Stage) -> save.Counts:
    change = changing(memory)
    batch = save.open_batch(change, kind="file", format="x", file_name="x.csv")
    counts = save.put_staged(change, stage, batch)
    save.close_batch(change, batch, counts)
    return counts


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
    assert stage.changes("petitions", 9) == [
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
    assert (stage.falling(), stage.late(), len(stage.moves(9))) == ([], 0, 1)
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


# --- what needs the store


def test_values_that_no_row_has_are_found_with_every_row_that_names_them(memory: sqlite3.Connection) -> None:
    add(memory, "pages", row("pages", page_id="1", kind="own", label="一"))
    rows = [(n, f"{n}", page, at(1)) for n, page in enumerate(("1", "2", "3", "2"), 2)]
    stage = stage_of(memory, "posts", ("post_id", "page_id", "published_at"), *rows)
    assert sorted(stage.unknown_values("posts", "page_id", "pages", "page_id")) == [(3, "2"), (4, "3"), (5, "2")]
    stage.add("pages", ("page_id", "kind", "label"), [(None, "2", "unassigned", "二")])
    assert stage.unknown_values("posts", "page_id", "pages", "page_id") == [(4, "3")]
    assert stage.values("posts", "page_id") == {"1", "2", "3"}


def test_a_struck_row_is_no_row_to_point_at(memory: sqlite3.Connection) -> None:
    batch = add(memory, "pages", row("pages", page_id="1", kind="own", label="一"))
    memory.execute("UPDATE pages SET closed_revision = ?, closed_as = 'struck'", (batch,))
    stage = stage_of(memory, "posts", ("post_id", "page_id", "published_at"), (2, "1_1", "1", at(1)))
    assert stage.unknown_values("posts", "page_id", "pages", "page_id") == [(2, "1")]


def test_what_is_not_given_points_at_nothing(memory: sqlite3.Connection) -> None:
    stage = stage_of(memory, "checks", ("check_id", "kind", "checked_on", "unit"), (2, "c", "wifi", "2014-01-01", None))
    assert stage.unknown_values("checks", "unit", "units", "unit") == []


@pytest.mark.parametrize(("kind", "found"), [("empty", [(3, "demo-1")]), ("demo", [])])
def test_generated_rows_are_found_in_a_real_store_only(made: Copy, kind: str, found: list[Any]) -> None:
    with closing(open_copy(made(kind))) as connection:
        given = ("page_id", "kind", "label")
        stage = stage_of(connection, "pages", given, (2, "1", "own", "一"), (3, "demo-1", "own", "示範"))
        assert stage.generated("pages") == found


# --- ids that were lost

LINK = "https://www.facebook.com/77/posts/{}"
KNOWN = ("post_id", "page_id", "published_at", "permalink")


def known(memory: sqlite3.Connection, *posts: tuple[str, int, str | None]) -> None:
    """Posts in the store: (id, hour, permalink)."""
    put(memory, stage_of(memory, "posts", KNOWN, *((2, p, "77", at(1, hour), link) for p, hour, link in posts)))


def lost(memory: sqlite3.Connection, *rows: tuple[int, int, str | None]) -> Stage:
    """Rows with damaged ids: (row, hour, permalink)."""
    stage = stage_of(memory, "posts", KNOWN, *((n, f"lost:{n}", "77", at(1, hour), link) for n, hour, link in rows))
    stage.add("snapshots", ("post_id", "observed_at", "likes"), [(n, f"lost:{n}", at(5), n) for n, *_ in rows])
    return stage


def ids(stage: Stage) -> list[list[str]]:
    return [[row["post_id"] for row in stage.first(name, 9)] for name in ("posts", "snapshots")]


def test_a_damaged_id_is_found_by_permalink_and_time(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, LINK.format("a")), ("77_2", 9, LINK.format("b")))
    stage = lost(memory, (2, 9, LINK.format("b")), (3, 9, LINK.format("a")))
    assert stage.find_lost() == (2, [])
    assert ids(stage) == [["77_2", "77_1"]] * 2


def test_a_damaged_id_without_a_link_is_found_by_page_and_time(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, None), ("77_2", 10, None))
    stage = lost(memory, (2, 10, None))
    assert stage.find_lost() == (1, [])
    assert ids(stage) == [["77_2"]] * 2


def test_a_link_with_another_time_is_not_enough(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, LINK.format("a")))
    assert lost(memory, (2, 11, LINK.format("a"))).find_lost() == (0, [2])


def test_another_link_at_the_same_time_is_another_post(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, LINK.format("a")), ("77_2", 10, None))
    stage = lost(memory, (2, 9, LINK.format("b")), (3, 9, None), (4, 10, LINK.format("c")))
    assert stage.find_lost() == (2, [2])
    assert ids(stage) == [["lost:2", "77_1", "77_2"]] * 2


def test_damaged_ids_of_a_file_without_links_are_found_by_page_and_time(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, LINK.format("a")))
    stage = stage_of(memory, "posts", KNOWN[:3], (2, "lost:2", "77", at(1, 9)))
    assert stage.find_lost() == (1, [])


def test_two_posts_of_the_same_moment_are_no_answer(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, None), ("77_2", 9, None))
    assert lost(memory, (2, 9, None)).find_lost() == (0, [2])


def test_two_rows_of_the_same_moment_are_no_answer(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, None))
    assert lost(memory, (2, 9, None), (3, 9, None)).find_lost() == (0, [2, 3])


def test_a_damaged_id_of_a_post_that_the_file_names_too_is_no_answer(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, None))
    stage = lost(memory, (2, 9, None))
    stage.add("posts", KNOWN, [(3, "77_1", "77", at(1, 9), None)])
    assert stage.find_lost() == (0, [2])
    stage.drop_rows([2])
    assert stage.first("posts", 9) == [
        {"source_row": 3, "post_id": "77_1", "page_id": "77", "published_at": at(1, 9), "permalink": None}
    ]


def test_a_post_of_another_page_is_no_answer(memory: sqlite3.Connection) -> None:
    put(memory, stage_of(memory, "posts", KNOWN, (2, "88_1", "88", at(1, 9), None)))
    assert lost(memory, (2, 9, None)).find_lost() == (0, [2])


# --- figures that move


def test_figures_that_move_are_shown_beside_the_old_ones(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), {"77_1": {"likes": 3, "reach": 90}, "77_2": {"likes": 1, "reach": 5}, "77_3": {"likes": 2}})
    figures = {"77_1": {"likes": 4, "reach": 90}, "77_2": {"likes": 1, "reach": None}, "77_3": {"reach": 6}}
    stage = staged(memory, at(10), figures)
    moved = [(n, post["post_id"], post["message"], figures) for n, post, figures in stage.moves(9)]
    assert moved == [
        (2, "77_1", "貼文 77_1", {"likes": (3, 4)}),
        (4, "77_3", "貼文 77_3", {"reach": (None, 6)}),
    ]
    assert stage.moves(1) == stage.moves(9)[:1]
    assert stage.falling() == []


def test_a_correction_of_the_same_moment_moves_figures_too(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), {"77_1": {"likes": 3}, "77_2": {"likes": 1}})
    stage = staged(memory, at(5), {"77_1": {"likes": 4}, "77_2": {"likes": 1}})
    assert counted(stage) == (0, 1, 1)
    assert [(n, figures) for n, _, figures in stage.moves(9)] == [(2, {"likes": (3, 4)})]


def test_falling_totals_are_found_with_their_row_and_measure(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), {"77_1": {"likes": 3, "reach": 90}, "77_2": {"likes": 8, "reach": 50}})
    stage = staged(memory, at(10), {"77_1": {"likes": 2, "reach": 91}, "77_2": {"likes": 8, "reach": 49}})
    assert stage.falling() == [(2, "likes", 3, 2), (3, "reach", 50, 49)]


def test_posts_with_a_figure_below_the_one_that_stands_are_found_whenever_it_was_seen(
    memory: sqlite3.Connection,
) -> None:
    observe(memory, at(5), {"77_1": {"likes": 3, "reach": 90}, "77_2": {"likes": 8, "reach": 50}})
    figures = {"77_1": {"likes": 2, "reach": 91}, "77_2": {"likes": 8, "reach": None}, "77_3": {"likes": 0}}
    assert [staged(memory, at(day), figures).below() for day in (1, 10)] == [[2], [2]]


def test_an_older_export_neither_moves_nor_falls_but_is_late(memory: sqlite3.Connection) -> None:
    observe(memory, at(10), likes(a=3, b=4))
    stage = staged(memory, at(5), likes(a=2, c=1))
    assert (stage.moves(9), stage.falling(), stage.late()) == ([], [], 1)


def test_a_stage_without_figures_moves_none(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3))
    stage = stage_of(memory, "posts", POSTS, (2, "77_1", "77", at(1), "新的內容"))
    assert (stage.moves(9), stage.falling(), stage.late()) == ([], [], 0)


def test_unknown_values_are_found_in_one_query_however_many_there_are(memory: sqlite3.Connection) -> None:
    stage = Stage(memory)
    stage.add(
        "snapshots", ("post_id", "observed_at"), ((n, f"p_{n}", "2014-01-01T00:00:00+08:00") for n in range(2, 9))
    )
    asked: list[str] = []
    memory.set_trace_callback(asked.append)
    found = stage.unknown_values("snapshots", "post_id", "posts", "post_id")
    memory.set_trace_callback(None)
    assert found == [(n, f"p_{n}") for n in range(2, 9)]
    assert len(asked) == 1
