"""What ledgers give for a period, to the last figure."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

import pytest

from sqdash.periods import parse_period
from sqdash.store import save
from sqdash.store.queries import evidence
from sqdash.tables import BY_NAME
from tests.making import add, changing, row
from tests.store.small_stores import add_numbered, at, figures


@pytest.fixture
def trainings(memory: sqlite3.Connection) -> sqlite3.Connection:
    add_numbered(
        memory,
        "activities",
        "activity_id",
        {"kind": "training", "held_on": "2013-12-31", "title": "去年", "sessions": 9},
        {"kind": "training", "held_on": "2014-01-01", "title": "甲", "sessions": 2},
        {"kind": "training", "held_on": "2014-06-30", "title": "乙", "sessions": 3},
        {"kind": "training", "held_on": "2014-07-01", "title": "丙", "sessions": None},
        {"kind": "training", "held_on": "2014-12-31", "title": "丁", "sessions": 1},
        {"kind": "press_release", "held_on": "2014-06-30", "title": "新聞", "sessions": None},
    )
    return memory


@pytest.mark.parametrize(
    ("code", "training", "press"),
    [
        ("102", (9, 1, 0, "2013-12-31", "2013-12-31"), None),
        ("103", (6, 4, 1, "2014-01-01", "2014-12-31"), (1, 1, 0, "2014-06-30", "2014-06-30")),
        ("103H1", (5, 2, 0, "2014-01-01", "2014-06-30"), (1, 1, 0, "2014-06-30", "2014-06-30")),
        ("103H2", (1, 2, 1, "2014-07-01", "2014-12-31"), None),
        ("103Q3", (None, 1, 1, "2014-07-01", "2014-07-01"), None),
        ("103-06", (3, 1, 0, "2014-06-30", "2014-06-30"), (1, 1, 0, "2014-06-30", "2014-06-30")),
        ("103-02", None, None),
        ("2013-12-31..2014-01-01", (11, 2, 0, "2013-12-31", "2014-01-01"), None),
        ("104", None, None),
    ],
)
def test_activities_are_added_up_over_the_days_of_the_period_alone(
    trainings: sqlite3.Connection, code: str, training: tuple[Any, ...] | None, press: tuple[Any, ...] | None
) -> None:
    found = at(trainings, code).ledgers
    assert figures(found.get("training_sessions")) == training
    assert figures(found.get("press_releases")) == press
    assert "seminars" not in found


def test_a_struck_row_counts_in_nothing(trainings: sqlite3.Connection) -> None:
    change = changing(trainings)
    save.open_batch(change, kind="entry", format="activities", file_name="刪列")
    save.strike(change, BY_NAME["activities"], ["r-3"], "重複")
    found = at(trainings, "103").ledgers["training_sessions"]
    assert figures(found) == (3, 3, 1, "2014-01-01", "2014-12-31")


def test_a_ledgers_figure_names_every_file_it_came_from_once(trainings: sqlite3.Connection) -> None:
    again = row("activities", activity_id="x", kind="training", held_on="2014-03-01", title="戊", sessions=1)
    batch = add(trainings, "activities", again, file_name="三月.csv")
    found = at(trainings, "103").ledgers["training_sessions"].sources
    assert [(s.batch, s.file_name, s.row, s.by) for s in found] == [
        (1, "手做.csv", None, "測試員"),
        (batch, "三月.csv", None, "測試員"),
    ]


def test_checks_count_rows_days_or_people_as_their_indicator_asks(memory: sqlite3.Connection) -> None:
    add_numbered(
        memory,
        "checks",
        "check_id",
        {"kind": "phone_test", "checked_on": "2014-01-10", "people": 20},
        {"kind": "phone_test", "checked_on": "2014-02-10", "people": None},
        {"kind": "phone_test", "checked_on": "2014-03-10", "people": 0},
        {"kind": "wifi", "checked_on": "2014-01-10", "passed": 1},
        {"kind": "wifi", "checked_on": "2014-01-10", "passed": 0},
        {"kind": "wifi", "checked_on": "2014-01-11", "passed": 1},
    )
    found = at(memory, "103").ledgers
    assert figures(found["phone_tests"]) == (3, 3, 0, "2014-01-10", "2014-03-10")
    assert figures(found["phone_test_people"]) == (20, 3, 1, "2014-01-10", "2014-03-10")
    assert figures(found["wifi_checks"]) == (2, 3, 0, "2014-01-10", "2014-01-11")
    assert not {"six_s_audits", "web_review_rounds"} & set(found)


@pytest.fixture
def surveys(memory: sqlite3.Connection) -> sqlite3.Connection:
    branch = {"year": 103, "title": "分局", "indicator": "satisfaction_branch"}
    add_numbered(
        memory,
        "surveys",
        "survey_id",
        {**branch, "held_from": "2014-05-01", "held_to": "2014-05-31", "satisfaction": 88.5},
        {**branch, "held_from": "2014-10-01", "held_to": "2014-10-31", "satisfaction": 90.8},
        {**branch, "held_to": "2014-11-30", "satisfaction": None},
        {"year": 103, "title": "櫃台", "indicator": "satisfaction_counter", "satisfaction": None},
        {
            "year": 104,
            "title": "櫃台",
            "indicator": "satisfaction_counter",
            "held_to": "2014-12-31",
            "satisfaction": 94.0,
        },
    )
    return memory


@pytest.mark.parametrize(
    ("code", "held", "branch", "counter"),
    [
        (
            "103",
            (4, 4, 0, "2014-05-31", "2014-11-30"),
            (90.8, 3, 1, "2014-05-31", "2014-11-30"),
            (None, 1, 1, None, None),
        ),
        ("103H1", (1, 1, 0, "2014-05-31", "2014-05-31"), (88.5, 1, 0, "2014-05-31", "2014-05-31"), None),
        (
            "103Q4",
            (3, 3, 0, "2014-10-31", "2014-12-31"),
            (90.8, 2, 1, "2014-10-31", "2014-11-30"),
            (94.0, 1, 0, "2014-12-31", "2014-12-31"),
        ),
        ("104", (1, 1, 0, "2014-12-31", "2014-12-31"), None, (94.0, 1, 0, "2014-12-31", "2014-12-31")),
        ("105", None, None, None),
    ],
)
def test_surveys_belong_to_their_year_and_to_the_shorter_period_in_which_they_ended(
    surveys: sqlite3.Connection,
    code: str,
    held: tuple[Any, ...] | None,
    branch: tuple[Any, ...] | None,
    counter: tuple[Any, ...] | None,
) -> None:
    found = at(surveys, code).ledgers
    assert figures(found.get("surveys_held")) == held
    assert figures(found.get("satisfaction_branch")) == branch
    assert figures(found.get("satisfaction_counter")) == counter
    assert "satisfaction_taxi_meter" not in found


def test_a_survey_that_ended_after_new_year_counts_in_its_own_year_once_it_is_over(memory: sqlite3.Connection) -> None:
    late = {"year": 103, "title": "分局", "indicator": "satisfaction_branch", "held_to": "2015-01-05"}
    add_numbered(memory, "surveys", "survey_id", {**late, "satisfaction": 91.5})
    over = {
        (code, day): evidence.load(memory, parse_period(code), day).ledgers.get("satisfaction_branch")
        for code in ("103", "104")
        for day in (None, date(2015, 1, 4), date(2015, 1, 5))
    }
    assert {at for at, found in over.items() if found} == {("103", None), ("103", date(2015, 1, 5))}
    assert figures(over["103", None]) == (91.5, 1, 0, "2015-01-05", "2015-01-05")


def test_innovation_items_are_counted_for_their_year_and_for_no_part_of_it(memory: sqlite3.Connection) -> None:
    states = ("done", "continuing", "done")
    add(
        memory,
        "innovation_items",
        *(row("innovation_items", year=104, number=n, label=f"第 {n} 項", state=s) for n, s in enumerate(states, 1)),
    )
    found = {code: at(memory, code).ledgers.get("innovation_items") for code in ("103", "104", "104H2", "104-12")}
    assert {code for code, figure in found.items() if figure} == {"104"}
    assert figures(found["104"]) == (3, 3, 0, None, None)


@pytest.mark.parametrize(
    ("code", "received", "closed"),
    [
        ("103", (47, 3, 0, "2014-01-01", "2014-12-31"), (44, 3, 0, "2014-01-01", "2014-12-31")),
        ("103H1", (27, 2, 0, "2014-01-01", "2014-02-28"), (25, 2, 0, "2014-01-01", "2014-02-28")),
        ("103Q4", (20, 1, 0, "2014-12-01", "2014-12-31"), (19, 1, 0, "2014-12-01", "2014-12-31")),
        ("103-02", (17, 1, 0, "2014-02-01", "2014-02-28"), (16, 1, 0, "2014-02-01", "2014-02-28")),
        ("2014-01-02..2014-02-28", (17, 1, 0, "2014-02-01", "2014-02-28"), (16, 1, 0, "2014-02-01", "2014-02-28")),
        ("2014-01-01..2014-02-27", (10, 1, 0, "2014-01-01", "2014-01-31"), (9, 1, 0, "2014-01-01", "2014-01-31")),
        ("2014-01-02..2014-01-30", None, None),
        ("103-03", None, None),
    ],
)
def test_petitions_count_months_that_lie_wholly_inside(
    memory: sqlite3.Connection, code: str, received: tuple[Any, ...] | None, closed: tuple[Any, ...] | None
) -> None:
    for month, came, done in (("2014-01", 10, 9), ("2014-02", 17, 16), ("2014-12", 20, 19), ("2015-01", 5, 5)):
        add(memory, "petitions", row("petitions", month=month, received=came, closed=done))
    found = at(memory, code).ledgers
    assert figures(found.get("petitions_received")) == received
    assert figures(found.get("petitions_closed")) == closed
