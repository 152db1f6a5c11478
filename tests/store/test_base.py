"""What the store knows of at all: its years and its revision."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sqdash.store import restore
from sqdash.store.queries import base
from tests.making import add, changing, open_copy, row

Copy = Callable[[str], Path]


def test_an_empty_store_knows_no_year_and_has_revision_nought(memory: sqlite3.Connection) -> None:
    assert (base.years(memory), base.revision(memory), base.kind(memory)) == ([], 0, "real")


@pytest.mark.parametrize(
    ("table", "values", "year"),
    [
        ("plan_years", {"year": 105, "title": "計畫", "goal": "目標"}, 105),
        ("readings", {"indicator": "fans", "period_from": "2013-01-01", "period_to": "2014-12-31", "moment": "result",
                      "ordinal": 1, "value": 1.0, "basis": "reported", "source_place": "某處"}, 103),
        ("targets", {"indicator": "fans", "kind": "target", "definition": 1, "valid_from": "2016-01-01",
                     "comparator": ">=", "value": 1.0}, 105),
        ("activities", {"activity_id": "a", "kind": "other", "held_on": "2015-12-31", "title": "甲"}, 104),
        ("checks", {"check_id": "c", "kind": "wifi", "checked_on": "2013-01-01"}, 102),
        ("petitions", {"month": "2014-12", "received": 1, "closed": 1}, 103),
        ("surveys", {"survey_id": "s", "year": 101, "title": "調查"}, 101),
        ("posts", {"post_id": "p_1", "page_id": "p", "published_at": "2014-01-01T00:00:00+08:00"}, 103),
        ("page_days", {"page_id": "p", "day": "2014-12-31", "day_zone": "Asia/Taipei", "measure": "fans",
                       "value": 1}, 103),
    ],
)  # fmt: skip
def test_a_row_of_any_kind_makes_its_year_known_until_it_is_struck(
    memory: sqlite3.Connection, table: str, values: dict[str, Any], year: int
) -> None:
    batch = add(memory, table, row(table, **values))
    assert base.years(memory) == [year]
    restore.undo(changing(memory), batch, "還原")
    assert base.years(memory) == []


def test_years_come_newest_first(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        assert base.years(connection) == [103, 102]
    with closing(open_copy(made("demo"))) as connection:
        assert base.years(connection) == [104, 103, 102]
        assert base.kind(connection) == "demonstration"
