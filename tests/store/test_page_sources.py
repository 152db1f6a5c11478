"""Which file last said something of fan pages: told by what it brought, whatever its format is called."""

from __future__ import annotations

import sqlite3

from sqdash.store import restore
from sqdash.store.queries import page_sources
from tests.making import add, changing, row
from tests.store.observing import at, likes, observe


def last(memory: sqlite3.Connection) -> str | None:
    found = page_sources.last_file(memory)
    return found and found["file_name"]


def test_without_a_file_of_fan_pages_there_is_none(memory: sqlite3.Connection) -> None:
    add(memory, "holidays", row("holidays", day="2014-01-01", label="開國紀念日", working=0), file_name="假日.csv")
    assert last(memory) is None


def test_posts_and_days_count_and_other_tables_after_them_do_not(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3), file_name="貼文.csv")
    assert last(memory) == "貼文.csv"
    day = row("page_days", page_id="77", day="2014-11-01", day_zone="Asia/Taipei", measure="fans", value=13_000)
    add(memory, "page_days", day, file_name="每日.csv")
    add(memory, "holidays", row("holidays", day="2014-01-01", label="開國紀念日", working=0), file_name="假日.csv")
    assert last(memory) == "每日.csv"


def test_a_file_that_found_nothing_new_is_the_last_all_the_same(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3), file_name="先.csv")
    observe(memory, at(10), likes(a=3), file_name="後.csv")
    assert last(memory) == "後.csv"


def test_a_file_that_was_taken_back_is_none(memory: sqlite3.Connection) -> None:
    observe(memory, at(5), likes(a=3), file_name="先.csv")
    restore.undo(changing(memory), observe(memory, at(10), likes(a=4), file_name="後.csv"), "還原")
    assert last(memory) == "先.csv"
