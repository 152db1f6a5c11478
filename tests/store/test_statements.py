"""Which readings, targets and marks are known of a period."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from sqdash.figures import Source
from sqdash.periods import parse_period
from sqdash.store.queries import evidence
from tests.making import add, open_copy, row
from tests.store.small_stores import at, reading

Copy = Callable[[str], Path]


def test_readings_are_those_of_exactly_the_period_or_dated_inside_it(memory: sqlite3.Connection) -> None:
    add(
        memory,
        "readings",
        reading("fans", 16_300, as_of="2014-12-31", qualifier="已達"),
        reading("seminars", 12),
        reading("seminars", 5, period_to="2014-06-30"),
    )
    stated = {
        code: [(key, r.stated.value) for key, found in at(memory, code).readings.items() for r in found]
        for code in ("103", "103H1", "103-12", "103-11", "104")
    }
    assert stated == {
        "103": [("fans", 16_300), ("seminars", 12)],
        "103H1": [("seminars", 5)],
        "103-12": [("fans", 16_300)],
        "103-11": [],
        "104": [],
    }
    [found] = at(memory, "103").readings["fans"]
    assert (found.moment, found.basis, found.as_of, found.stated.qualifier) == (
        "result",
        "reported",
        date(2014, 12, 31),
        "已達",
    )
    assert found.source == Source(1, "手做.csv", 2, "某處", "測試員", found.source.at)


def test_what_was_before_a_year_is_known_in_it_and_a_result_without_a_day_once_the_year_is_over(
    memory: sqlite3.Connection,
) -> None:
    add(
        memory,
        "readings",
        reading("likes_per_post", 40, moment="before", as_of_words="計畫執行前"),
        reading("likes_per_post", 65, as_of_words="執行完畢"),
        reading("seminars", 12),
    )
    known = {
        day: [
            (key, r.moment)
            for key, found in evidence.load(memory, parse_period("103"), day).readings.items()
            for r in found
        ]
        for day in (date(2013, 12, 31), date(2014, 7, 1), date(2014, 12, 31))
    }
    before, results = ("likes_per_post", "before"), [("likes_per_post", "result"), ("seminars", "result")]
    assert known == {date(2013, 12, 31): [], date(2014, 7, 1): [before], date(2014, 12, 31): [before, *results]}


FANS_TARGET = {"indicator": "fans", "kind": "target", "definition": 1, "comparator": ">="}


def test_targets_are_those_whose_dates_touch_the_period(memory: sqlite3.Connection) -> None:
    add(
        memory,
        "targets",
        row("targets", **FANS_TARGET, valid_from="2014-01-01", valid_to="2014-12-31", value=13_000.0),
        row("targets", **FANS_TARGET, valid_from="2015-06-01", value=18_000.0),
    )
    found = {
        code: [t.value for t in at(memory, code).targets.get("fans", ())]
        for code in ("102", "103", "103Q4", "104H1", "104-05", "105")
    }
    assert found == {
        "102": [],
        "103": [13_000],
        "103Q4": [13_000],
        "104H1": [18_000],
        "104-05": [],
        "105": [18_000],
    }


def test_a_target_that_ended_earlier_in_the_year_is_known_in_its_later_parts(memory: sqlite3.Connection) -> None:
    add(
        memory,
        "targets",
        row("targets", **FANS_TARGET, valid_from="2014-01-01", valid_to="2014-06-30", value=18_000.0),
        row("targets", **FANS_TARGET, valid_from="2014-07-01", valid_to="2014-12-31", value=22_000.0),
    )
    found = {code: [t.value for t in at(memory, code).targets["fans"]] for code in ("103", "103Q4", "103-10")}
    assert list(found.values()) == [[18_000, 22_000]] * 3


def test_marks_are_those_that_cover_the_first_day(memory: sqlite3.Connection) -> None:
    mark = {"indicator": "seminars", "period_from": "2014-01-01"}
    add(
        memory,
        "ledger_marks",
        row("ledger_marks", **mark, period_to="2014-06-30", state="complete"),
        row("ledger_marks", **mark, period_to="2014-12-31", state="partial"),
    )
    half = (date(2014, 1, 1), date(2014, 6, 30), True)
    year = (date(2014, 1, 1), date(2014, 12, 31), False)
    for code, expected in (("103", {half, year}), ("103Q2", {half, year}), ("103Q3", {year}), ("104", set())):
        found = at(memory, code).marks.get("seminars", ())
        assert {(m.period_from, m.period_to, m.complete) for m in found} == expected, code


def test_years_with_a_plan_are_report_years(made: Copy, memory: sqlite3.Connection) -> None:
    assert at(memory, "103").report_years == frozenset()
    with closing(open_copy(made("report"))) as connection:
        assert at(connection, "102").report_years == {103}
