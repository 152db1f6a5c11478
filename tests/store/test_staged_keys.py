"""Rows of a source without keys of their own: which of those that stand they are, and that they get their keys."""

from __future__ import annotations

import sqlite3

from sqdash.store import staged_keys
from tests.making import add, row
from tests.store.observing import stage_of


def test_rows_that_stand_under_another_key_are_found_by_what_they_say(memory: sqlite3.Connection) -> None:
    for key, kind, place in (
        ("a", "wifi", None),
        ("b", "wifi", "大廳"),
        ("c", "wifi", "大廳"),
        ("d", "six_s", None),
        ("e", "wifi", "A 區"),
    ):
        add(memory, "checks", row("checks", check_id=key, kind=kind, checked_on="2014-01-01", place=place))
    given = ("check_id", "kind", "checked_on", "place")
    said = (
        ("new", "wifi", None),
        ("new2", "wifi", "大廳"),
        ("new3", "wifi", "禮堂"),
        ("new4", "six_s", None),
        ("new5", "wifi", "a 區"),
    )
    rows = [(n, key, kind, "2014-01-01", place) for n, (key, kind, place) in enumerate(said, 2)]
    stage = stage_of(memory, "checks", given, *rows, (7, "d", "six_s", "2014-01-01", None))
    made_of = ("checked_on", "kind", "place")
    assert staged_keys.known_otherwise(stage, "checks", made_of, {2, 3, 4, 5, 6}, str.casefold) == [
        (2, ("a",)),
        (3, ("b", "c")),
        (6, ("e",)),
    ]
    assert staged_keys.known_otherwise(stage, "checks", made_of, {3}, str.casefold) == [(3, ("b", "c"))]
    staged_keys.rename(stage, "checks", {2: "a"})
    assert stage.values("checks", "check_id") == {"a", "new2", "new3", "new4", "new5", "d"}


def test_rows_get_their_keys_in_one_statement_however_many_there_are(memory: sqlite3.Connection) -> None:
    """One statement a row would look through all of them for each: 100,000 were not done after five minutes."""
    given = ("check_id", "kind", "checked_on")
    stage = stage_of(memory, "checks", given, *((n, f"new{n}", "wifi", "2014-01-01") for n in range(2, 9)))
    asked: list[str] = []
    memory.set_trace_callback(lambda text: asked.append(text) if text.startswith("UPDATE") else None)
    staged_keys.rename(stage, "checks", {n: f"a{n}" for n in range(2, 8)})
    memory.set_trace_callback(None)
    assert stage.values("checks", "check_id") == {*(f"a{n}" for n in range(2, 8)), "new8"}
    assert len(asked) == 1
