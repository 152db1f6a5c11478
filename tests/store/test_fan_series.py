"""Daily figures with how they came in, fan events and benchmark pages, of small hand-made stores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from sqdash.figures import DayFigure, FanActivity
from sqdash.records import Row
from sqdash.store.queries import fan_series
from sqdash.store.queries.fan_series import BenchmarkPage
from tests.analysis.series import PACIFIC, TAIPEI
from tests.making import add, open_copy, row

FIRST, LAST = date(2014, 1, 1), date(2014, 12, 31)


@pytest.fixture
def memory(made: Callable[[str], Path]) -> Iterator[sqlite3.Connection]:
    with closing(open_copy(made("empty"))) as connection:
        add(
            connection,
            "pages",
            row("pages", page_id="ours", kind="own", label="我們"),
            row("pages", page_id="theirs", kind="benchmark", label="標竿", note="他局"),
            row("pages", page_id="silent", kind="benchmark", label="安靜"),
        )
        yield connection


def fans(page: str, day: str, value: int, *, zone: str = TAIPEI, at: int = 2, measure: str = "fans") -> Row:
    return row("page_days", at=at, page_id=page, day=day, day_zone=zone, measure=measure, value=value)


def test_a_day_tells_its_zone_the_way_it_came_in_and_its_row(memory: sqlite3.Connection) -> None:
    add(memory, "page_days", fans("ours", "2014-06-01", 10, at=7), file_name="六月.csv")
    assert fan_series.days(memory, "ours", "fans", FIRST, LAST) == [
        DayFigure(date(2014, 6, 1), 10, TAIPEI, "page_days", "六月.csv 第 7 列")
    ]


def test_of_two_zones_that_give_one_day_the_taipei_one_counts(memory: sqlite3.Connection) -> None:
    add(
        memory,
        "page_days",
        fans("ours", "2014-06-01", 10),
        fans("ours", "2014-06-01", 99, zone=PACIFIC),
        fans("ours", "2014-06-02", 11, zone=PACIFIC),
    )
    found = fan_series.days(memory, "ours", "fans", FIRST, LAST)
    assert [(f.value, f.zone) for f in found] == [(10, TAIPEI), (11, PACIFIC)]


def test_only_the_page_the_measure_and_the_days_asked_for(memory: sqlite3.Connection) -> None:
    add(
        memory,
        "page_days",
        fans("ours", "2013-12-31", 1),
        fans("ours", "2014-01-01", 2),
        fans("ours", "2014-12-31", 3),
        fans("ours", "2015-01-01", 4),
        fans("theirs", "2014-06-01", 5),
        fans("ours", "2014-06-01", 6, measure="followers"),
    )
    assert [f.value for f in fan_series.days(memory, "ours", "fans", FIRST, LAST)] == [2, 3]
    assert fan_series.days(memory, None, "fans", FIRST, LAST) == []


def test_a_day_that_was_stated_anew_is_as_it_stands(memory: sqlite3.Connection) -> None:
    add(memory, "page_days", fans("ours", "2014-06-01", 10))
    add(memory, "page_days", fans("ours", "2014-06-01", 12), file_name="更正.csv")
    assert [(f.value, f.origin) for f in fan_series.days(memory, "ours", "fans", FIRST, LAST)] == [
        (12, "更正.csv 第 2 列")
    ]


def test_fan_events_that_share_a_day_by_their_first_day(memory: sqlite3.Connection) -> None:
    given = [("b", "fan_event", "2014-11-22", None), ("a", "fan_event", "2014-07-14", "2014-07-20")]
    given += [("c", "outreach", "2014-08-01", None), ("d", "fan_event", "2015-01-01", None)]
    given += [("e", "fan_event", "2013-11-01", "2014-01-01"), ("f", "fan_event", "2013-11-01", "2013-12-31")]
    for key, kind, held, ended in given:
        add(
            memory, "activities", row("activities", activity_id=key, kind=kind, held_on=held, ended_on=ended, title=key)
        )
    assert fan_series.activities(memory, FIRST, LAST) == [
        FanActivity("e", date(2013, 11, 1), date(2014, 1, 1)),
        FanActivity("a", date(2014, 7, 14), date(2014, 7, 20)),
        FanActivity("b", date(2014, 11, 22), date(2014, 11, 22)),
    ]


def test_benchmark_pages_have_their_newest_figure_up_to_the_day(memory: sqlite3.Connection) -> None:
    add(memory, "page_days", fans("theirs", "2014-06-01", 5), fans("theirs", "2014-07-01", 6, at=3))
    newest = DayFigure(date(2014, 6, 1), 5, TAIPEI, "page_days", "手做.csv 第 2 列")
    assert fan_series.benchmark_pages(memory, date(2014, 6, 30)) == [
        BenchmarkPage("silent", "安靜", None, None),
        BenchmarkPage("theirs", "標竿", "他局", newest),
    ]


def test_a_page_has_its_name(memory: sqlite3.Connection) -> None:
    assert [fan_series.own_label(memory, page) for page in ("ours", "none", None)] == ["我們", "", ""]


def test_days_are_found_by_the_index_on_page_measure_and_day(memory: sqlite3.Connection) -> None:
    asked: list[str] = []
    memory.set_trace_callback(asked.append)
    fan_series.days(memory, "ours", "fans", FIRST, LAST)
    fan_series.newest(memory, "ours", "fans", LAST)
    memory.set_trace_callback(None)
    plans = ["".join(str(step[3]) for step in memory.execute(f"EXPLAIN QUERY PLAN {query}")) for query in asked]
    assert len(plans) == 2
    assert all("page_days_measure" in plan and "SCAN" not in plan for plan in plans), plans
