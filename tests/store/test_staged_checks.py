"""Staged rows held against the store: what they point to, and which posts a damaged id meant."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sqdash.store import staged_checks
from sqdash.store.staging import Stage
from tests.making import add, open_copy, row
from tests.store.observing import at, put, stage_of

Copy = Callable[[str], Path]


def test_values_that_no_row_has_are_found_with_every_row_that_names_them(memory: sqlite3.Connection) -> None:
    add(memory, "pages", row("pages", page_id="1", kind="own", label="一"))
    rows = [(n, f"{n}", page, at(1)) for n, page in enumerate(("1", "2", "3", "2"), 2)]
    stage = stage_of(memory, "posts", ("post_id", "page_id", "published_at"), *rows)
    assert sorted(staged_checks.unknown_values(stage, "posts", "page_id", "pages", "page_id")) == [
        (3, "2"),
        (4, "3"),
        (5, "2"),
    ]
    stage.add("pages", ("page_id", "kind", "label"), [(None, "2", "unassigned", "二")])
    assert staged_checks.unknown_values(stage, "posts", "page_id", "pages", "page_id") == [(4, "3")]
    assert stage.values("posts", "page_id") == {"1", "2", "3"}


def test_a_struck_row_is_no_row_to_point_at(memory: sqlite3.Connection) -> None:
    batch = add(memory, "pages", row("pages", page_id="1", kind="own", label="一"))
    memory.execute("UPDATE pages SET closed_revision = ?, closed_as = 'struck'", (batch,))
    stage = stage_of(memory, "posts", ("post_id", "page_id", "published_at"), (2, "1_1", "1", at(1)))
    assert staged_checks.unknown_values(stage, "posts", "page_id", "pages", "page_id") == [(2, "1")]


def test_what_is_not_given_points_at_nothing(memory: sqlite3.Connection) -> None:
    stage = stage_of(memory, "checks", ("check_id", "kind", "checked_on", "unit"), (2, "c", "wifi", "2014-01-01", None))
    assert staged_checks.unknown_values(stage, "checks", "unit", "units", "unit") == []


@pytest.mark.parametrize(("kind", "found"), [("empty", [(3, "demo-1")]), ("demo", [])])
def test_generated_rows_are_found_in_a_real_store_only(made: Copy, kind: str, found: list[Any]) -> None:
    with closing(open_copy(made(kind))) as connection:
        given = ("page_id", "kind", "label")
        stage = stage_of(connection, "pages", given, (2, "1", "own", "一"), (3, "demo-1", "own", "示範"))
        assert staged_checks.generated(stage, "pages") == found


# --- what cannot be, beside other rows

UNIT = ("unit", "valid_from", "valid_to", "label", "kind", "parent", "implementing", "position")


def unit(code: str, parent: str | None, since: str | None = None, until: str | None = None) -> tuple[Any, ...]:
    return code, since, until, f"{code} 課", "unit", parent, 1, 1


def units(memory: sqlite3.Connection, *rows: tuple[Any, ...]) -> None:
    add(memory, "units", *(row("units", **dict(zip(UNIT, one, strict=True))) for one in rows))


@pytest.mark.parametrize(
    ("standing", "coming", "found"),
    [
        ([], [unit("a", "a")], [(2, "a 課")]),
        ([unit("b", "a")], [unit("a", "b")], [(2, "b 課")]),
        ([], [unit("a", "b"), unit("b", "a")], [(2, "b 課"), (3, "a 課")]),
        ([unit("b", "c"), unit("c", "a")], [unit("a", "b")], [(2, "b 課")]),
        ([unit("b", "a"), unit("a", None)], [unit("b", None), unit("a", "b")], []),
        ([unit("b", None), unit("a", "b")], [unit("c", "a")], []),
        ([unit("b", "a", until="2014-12-31")], [unit("a", "b", since="2015-01-01")], []),
        ([unit("b", "a"), unit("b", None, since="2015-01-01")], [unit("a", "b", since="2015-01-01")], []),
        ([unit("b", "a", since="2015-01-01")], [unit("a", "b")], [(2, "b 課")]),
        ([unit("b", "a"), unit("a", "b")], [unit("c", None)], []),
        ([unit("b", "a"), unit("b", None, "2015-01-01", "2015-12-31")], [unit("a", "b", "2015-01-01")], [(2, "b 課")]),
    ],
)
def test_units_that_would_stand_above_themselves_on_any_day_are_found(
    memory: sqlite3.Connection,
    standing: list[tuple[Any, ...]],
    coming: list[tuple[Any, ...]],
    found: list[tuple[int, str]],
) -> None:
    units(memory, *standing)
    stage = stage_of(memory, "units", UNIT, *((n, *one) for n, one in enumerate(coming, 2)))
    assert staged_checks.above_themselves(stage) == found


def test_of_a_unit_whose_parent_is_not_given_the_one_that_stands_counts(memory: sqlite3.Connection) -> None:
    units(memory, unit("a", "b"), unit("b", None))
    given = ("unit", "label", "kind", "implementing", "position")
    stage = stage_of(memory, "units", given, (2, "a", "新名", "unit", 1, 1))
    assert staged_checks.above_themselves(stage) == []


def test_decisions_that_were_done_before_their_meeting_are_found(memory: sqlite3.Connection) -> None:
    values = {"activity_id": "m", "kind": "review_meeting", "held_on": "2014-07-25", "title": "會議", "sessions": 1}
    add(memory, "activities", row("activities", **values))
    given = ("meeting", "number", "decision", "done_on")
    days = ("2014-07-24", "2014-07-25", None)
    stage = stage_of(memory, "meeting_decisions", given, *((n, "m", n, "附圖", day) for n, day in enumerate(days, 2)))
    assert staged_checks.done_early(stage) == [(2, "2014-07-24", "2014-07-25")]


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ("2014-07-24", []),
        ("2014-07-30", []),
        ("2014-07-31", [(2, "2014-07-31", 2, "2014-07-30")]),
        ("2014-08-03", [(2, "2014-08-03", 2, "2014-07-30")]),  # the first of three
    ],
)
def test_a_meeting_moved_past_the_day_of_a_decision_done_is_found(
    memory: sqlite3.Connection, held: str, found: list[Any]
) -> None:
    values = {"activity_id": "m", "kind": "review_meeting", "title": "會議", "sessions": 1}
    add(memory, "activities", row("activities", held_on="2014-07-25", **values))
    days = {1: "2014-08-02", 2: "2014-07-30", 3: "2014-08-01", 4: None}
    decided = [{"meeting": "m", "number": n, "decision": "附圖", "done_on": day} for n, day in days.items()]
    add(memory, "meeting_decisions", *(row("meeting_decisions", **one) for one in decided))
    given = ("activity_id", "kind", "held_on", "title", "sessions")
    stage = stage_of(memory, "activities", given, (2, "m", "review_meeting", held, "會議", 1))
    assert staged_checks.moved_past(stage) == found


def test_a_meeting_that_stays_on_its_day_is_not_moved_past_a_decision(memory: sqlite3.Connection) -> None:
    values = {"activity_id": "m", "kind": "review_meeting", "title": "會議", "sessions": 1}
    add(memory, "activities", row("activities", held_on="2014-07-25", **values))
    early = {"meeting": "m", "number": 1, "decision": "附圖", "done_on": "2014-07-20"}
    add(memory, "meeting_decisions", row("meeting_decisions", **early))
    stage = stage_of(memory, "activities", ("activity_id", "held_on", "title"), (2, "m", "2014-07-25", "新名"))
    assert staged_checks.moved_past(stage) == []


def test_what_a_row_does_not_say_is_what_stands_of_its_key(memory: sqlite3.Connection) -> None:
    add(
        memory,
        "pages",
        row("pages", page_id="1", kind="own", label="一"),
        row("pages", page_id="2", kind="own", label="二"),
    )
    rows = [(n, str(n - 1), "unassigned", "新") for n in (2, 3, 4)]
    stage = stage_of(memory, "pages", ("page_id", "kind", "label"), *rows)
    staged_checks.keep_unsaid(stage, "kind", {2, 4})
    assert [(r["page_id"], r["kind"], r["label"]) for r in stage.first("pages", -1)] == [
        ("1", "own", "新"),
        ("2", "unassigned", "新"),
        ("3", "unassigned", "新"),
    ]
    assert not stage.compared


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
    assert staged_checks.find_lost(stage) == (2, [])
    assert ids(stage) == [["77_2", "77_1"]] * 2


def test_a_damaged_id_without_a_link_is_found_by_page_and_time(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, None), ("77_2", 10, None))
    stage = lost(memory, (2, 10, None))
    assert staged_checks.find_lost(stage) == (1, [])
    assert ids(stage) == [["77_2"]] * 2


def test_a_link_with_another_time_is_not_enough(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, LINK.format("a")))
    assert staged_checks.find_lost(lost(memory, (2, 11, LINK.format("a")))) == (0, [2])


def test_another_link_at_the_same_time_is_another_post(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, LINK.format("a")), ("77_2", 10, None))
    stage = lost(memory, (2, 9, LINK.format("b")), (3, 9, None), (4, 10, LINK.format("c")))
    assert staged_checks.find_lost(stage) == (2, [2])
    assert ids(stage) == [["lost:2", "77_1", "77_2"]] * 2


def test_damaged_ids_of_a_file_without_links_are_found_by_page_and_time(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, LINK.format("a")))
    stage = stage_of(memory, "posts", KNOWN[:3], (2, "lost:2", "77", at(1, 9)))
    assert staged_checks.find_lost(stage) == (1, [])


def test_two_posts_of_the_same_moment_are_no_answer(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, None), ("77_2", 9, None))
    assert staged_checks.find_lost(lost(memory, (2, 9, None))) == (0, [2])


def test_two_rows_of_the_same_moment_are_no_answer(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, None))
    assert staged_checks.find_lost(lost(memory, (2, 9, None), (3, 9, None))) == (0, [2, 3])


def test_a_damaged_id_of_a_post_that_the_file_names_too_is_no_answer(memory: sqlite3.Connection) -> None:
    known(memory, ("77_1", 9, None))
    stage = lost(memory, (2, 9, None))
    stage.add("posts", KNOWN, [(3, "77_1", "77", at(1, 9), None)])
    assert staged_checks.find_lost(stage) == (0, [2])
    stage.drop_rows([2])
    assert stage.first("posts", 9) == [
        {"source_row": 3, "post_id": "77_1", "page_id": "77", "published_at": at(1, 9), "permalink": None}
    ]


def test_a_post_of_another_page_is_no_answer(memory: sqlite3.Connection) -> None:
    put(memory, stage_of(memory, "posts", KNOWN, (2, "88_1", "88", at(1, 9), None)))
    assert staged_checks.find_lost(lost(memory, (2, 9, None))) == (0, [2])


def test_unknown_values_are_found_in_one_query_however_many_there_are(memory: sqlite3.Connection) -> None:
    stage = Stage(memory)
    stage.add(
        "snapshots", ("post_id", "observed_at"), ((n, f"p_{n}", "2014-01-01T00:00:00+08:00") for n in range(2, 9))
    )
    asked: list[str] = []
    memory.set_trace_callback(asked.append)
    found = staged_checks.unknown_values(stage, "snapshots", "post_id", "posts", "post_id")
    memory.set_trace_callback(None)
    assert found == [(n, f"p_{n}") for n in range(2, 9)]
    assert len(asked) == 1


def test_a_part_of_a_row_is_seen_with_the_rest_of_it_that_stands(memory: sqlite3.Connection) -> None:
    add(memory, "surveys", row("surveys", survey_id="a", year=103, title="甲", asked=500, valid=420))
    stage = stage_of(
        memory, "surveys", ("survey_id", "year", "title", "valid"), (2, "a", 103, "甲", 501), (3, "b", 103, "乙", 1)
    )
    [(number, whole)] = staged_checks.merged(stage, "surveys")
    assert (number, whole["asked"], whole["valid"]) == (2, 500, 501)
