"""What the queries give for small hand-made stores, to the last figure."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sqdash.figures import Evidence, LedgerFigure, PostFigure, Source
from sqdash.periods import Period, parse_period
from sqdash.records import Row
from sqdash.store import restore, save
from sqdash.store.queries import base, evidence, plan, rows, series
from sqdash.tables import BY_NAME
from tests.making import add, changing, open_copy, row
from tests.store.observing import PAGE, observe

Copy = Callable[[str], Path]
JUDGED = ("likes", "reactions", "reach", "viewers")


def at(memory: sqlite3.Connection, code: str) -> Evidence:
    return evidence.load(memory, parse_period(code))


def figures(found: LedgerFigure | None) -> tuple[Any, ...] | None:
    """A ledger's figure without its sources; days as text."""
    if found is None:
        return None
    days = (day.isoformat() if day else None for day in (found.first, found.last))
    return (found.value, found.rows, found.not_given, *days)


def add_numbered(memory: sqlite3.Connection, table: str, key: str, *given_rows: dict[str, Any]) -> int:
    """Rows with keys r-1, r-2 … and row numbers of a file."""
    made_rows = [row(table, at=n + 1, **{key: f"r-{n}"}, **values) for n, values in enumerate(given_rows, 1)]
    return add(memory, table, *made_rows)


# --- ledgers


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


# --- fans


def add_pages(memory: sqlite3.Connection, **kinds: str) -> None:
    add(memory, "pages", *(row("pages", page_id=page, kind=kind, label=page) for page, kind in kinds.items()))


def fans(page: str, day: str, value: int, at: int = 2) -> Row:
    return row("page_days", at=at, page_id=page, day=day, day_zone="Asia/Taipei", measure="fans", value=value)


def test_fans_of_a_period_are_its_last_value_never_a_sum(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="own", theirs="benchmark", other="unassigned")
    batch = add(
        memory,
        "page_days",
        fans("ours", "2013-12-31", 9_000),
        fans("ours", "2014-03-01", 10_000, at=3),
        fans("ours", "2014-03-31", 10_500, at=4),
        fans("ours", "2014-11-30", 16_000, at=5),
        fans("theirs", "2014-12-31", 99_999),
        fans("other", "2014-12-31", 88_888),
        row("page_days", page_id="ours", day="2014-12-31", day_zone="Asia/Taipei", measure="followers", value=7),
    )
    for code, value, day, source_row in (
        ("103", 16_000, "2014-11-30", 5),
        ("103H1", 10_500, "2014-03-31", 4),
        ("103-03", 10_500, "2014-03-31", 4),
        ("2014-03-01..2014-03-30", 10_000, "2014-03-01", 3),
        ("102", 9_000, "2013-12-31", 2),
    ):
        found = at(memory, code).ledgers["fans"]
        assert figures(found) == (value, 1, 0, day, day), code
        assert [(s.batch, s.row) for s in found.sources] == [(batch, source_row)], code
    for code in ("103Q3", "103-12", "104"):
        assert "fans" not in at(memory, code).ledgers, code


def test_the_own_page_with_the_newest_figure_is_the_one_that_counts(memory: sqlite3.Connection) -> None:
    add_pages(memory, old="own", new="own")
    add(memory, "page_days", fans("old", "2014-06-30", 12_000), fans("new", "2014-09-30", 3_000))
    for code, value, page in (("103", 3_000, "new"), ("103H1", 12_000, "old")):
        found = at(memory, code).ledgers["fans"]
        assert (found.value, found.page) == (value, page), code


@pytest.mark.parametrize(("late", "value"), [("2014-09-29", 12_000), ("2014-09-23", 12_000), ("2014-09-22", 3_000)])
def test_a_day_that_one_own_page_lacks_does_not_put_another_s_figure_in_its_place(
    memory: sqlite3.Connection, late: str, value: int
) -> None:
    add_pages(memory, first="own", second="own", third="own")
    add(memory, "page_days", fans("first", late, 12_000), fans("second", "2014-09-30", 3_000))
    assert at(memory, "103").ledgers["fans"].value == value


def test_of_a_single_own_page_nobody_need_say_whose_days_they_are(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="own", theirs="benchmark")
    add(memory, "page_days", fans("ours", "2014-06-30", 12_000))
    assert at(memory, "103").ledgers["fans"].page == ""


def reading(indicator: str, value: float, **more: Any) -> Row:
    given_values = {"period_from": "2014-01-01", "period_to": "2014-12-31", "moment": "result", "ordinal": 1}
    given_values |= {"basis": "reported", "source_place": "某處", "value": value} | more
    return row("readings", indicator=indicator, **given_values)


def opened(memory: sqlite3.Connection, code: str) -> dict[str, tuple[float, str]]:
    return {key: (one.value, one.day.isoformat()) for key, one in at(memory, code).opening.items()}


def test_the_opening_value_is_the_newest_known_before_the_year(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="own", theirs="benchmark")
    assert opened(memory, "104") == {}
    add(memory, "readings", reading("fans", 16_300, as_of="2014-12-31"))
    assert opened(memory, "104") == {"fans": (16_300, "2014-12-31")}
    add(memory, "page_days", fans("ours", "2014-12-30", 16_100), fans("theirs", "2014-12-31", 50_000))
    assert opened(memory, "104") == {"fans": (16_300, "2014-12-31")}
    add(memory, "readings", reading("fans", 16_300, as_of="2014-12-29"))
    assert opened(memory, "104") == {"fans": (16_100, "2014-12-30")}
    assert opened(memory, "104-06") == {"fans": (16_100, "2014-12-30")}
    assert opened(memory, "103") == {}


def test_what_was_known_of_earlier_years_opens_none(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="own")
    add(memory, "readings", reading("fans", 16_300, as_of="2014-12-31"))
    add(memory, "page_days", fans("ours", "2014-01-01", 9_000))
    assert [opened(memory, code) for code in ("104", "105", "115")] == [{"fans": (16_300, "2014-12-31")}, {}, {}]
    add(memory, "readings", reading("fans", 17_000, as_of="2015-01-01"))
    assert opened(memory, "105") == {"fans": (17_000, "2015-01-01")}


def test_a_reading_that_is_no_result_or_has_no_day_opens_nothing(memory: sqlite3.Connection) -> None:
    add(memory, "readings", reading("fans", 16_000, moment="also", as_of="2014-12-31"), reading("fans", 16_300))
    assert opened(memory, "104") == {}


def test_a_page_that_starts_on_new_years_day_does_not_hide_the_old_pages_last_value(
    memory: sqlite3.Connection,
) -> None:
    add_pages(memory, old="own", new="own")
    add(memory, "page_days", fans("old", "2014-12-31", 16_300), fans("new", "2015-01-01", 10))
    assert opened(memory, "104") == {"fans": (16_300, "2014-12-31")}


def test_a_page_opens_with_its_own_last_value_though_another_has_a_newer_one(memory: sqlite3.Connection) -> None:
    add_pages(memory, old="own", new="own")
    add(memory, "page_days", fans("old", "2014-12-31", 16_300), fans("new", "2014-12-30", 900, at=3))
    add(memory, "page_days", fans("new", "2015-03-01", 1_000))
    assert at(memory, "104").ledgers["fans"].value == 1_000
    assert opened(memory, "104") == {"fans": (900, "2014-12-30")}


def test_of_two_zones_that_give_the_eve_the_taipei_one_opens(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="own")
    for zone, value in (("Asia/Taipei", 16_300), ("America/Los_Angeles", 16_350), ("Asia/Tokyo", 16_250)):
        day = {"page_id": "ours", "day": "2014-12-31", "day_zone": zone, "measure": "fans", "value": value}
        add(memory, "page_days", row("page_days", **day))
    assert opened(memory, "104") == {"fans": (16_300, "2014-12-31")}


# --- posts


def add_post(memory: sqlite3.Connection, number: int, page: str, moment: str, **measures: int | None) -> None:
    post = f"{page}_{number}"
    add(memory, "posts", row("posts", post_id=post, page_id=page, published_at=moment))
    if measures:
        add(memory, "snapshots", row("snapshots", post_id=post, observed_at="2015-02-01T08:00:00+08:00", **measures))


def without_sources(found: PostFigure) -> tuple[Any, ...]:
    return (found.measure, found.posts, found.n, found.total, found.counts, found.months, found.observed_to)


def test_posts_of_a_year_give_count_total_distribution_and_months(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="own")
    add_post(memory, 1, "ours", "2013-12-31T23:59:59+08:00", likes=900)
    add_post(memory, 2, "ours", "2014-01-01T00:00:00+08:00", likes=30, reach=300)
    add_post(memory, 3, "ours", "2014-12-31T23:59:59+08:00", likes=50)
    add_post(memory, 4, "ours", "2014-12-31T10:00:00+08:00", likes=30)
    add_post(memory, 5, "ours", "2014-06-01T10:00:00+08:00")
    add_post(memory, 6, "ours", "2015-01-01T00:00:00+08:00", likes=900)
    seen = "2015-02-01T08:00:00+08:00"
    found = at(memory, "103").posts
    assert {name: without_sources(figure) for name, figure in found.items()} == {
        "likes": ("likes", 4, 3, 110, ((30, 2), (50, 1)), (("2014-01", 1, 30), ("2014-12", 2, 80)), seen),
        "reach": ("reach", 4, 1, 300, ((300, 1),), (("2014-01", 1, 300),), seen),
    }
    assert [s.file_name for s in found["likes"].sources] == ["手做.csv"]


@pytest.mark.parametrize("code", ["103", "2014-01-01..2014-12-30", "103-05"])
def test_posts_of_benchmark_and_unassigned_pages_count_in_nothing(memory: sqlite3.Connection, code: str) -> None:
    add_pages(memory, ours="own", theirs="benchmark", other="unassigned")
    add_post(memory, 1, "ours", "2014-05-01T10:00:00+08:00", likes=10)
    for page in ("theirs", "other", "never-heard-of"):
        add_post(memory, 2, page, "2014-05-02T10:00:00+08:00", likes=1_000, reach=5)
    found = at(memory, code).posts
    assert set(found) == {"likes"}
    assert (found["likes"].posts, found["likes"].n, found["likes"].total) == (1, 1, 10)
    assert series.unassigned_posts(memory) == 1


def test_posts_of_an_unassigned_page_count_once_it_is_marked_own(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="unassigned")
    add_post(memory, 1, "ours", "2014-05-01T10:00:00+08:00", likes=10)
    assert at(memory, "103").posts == {}
    add_pages(memory, ours="own")
    assert at(memory, "103").posts["likes"].total == 10
    assert series.unassigned_posts(memory) == 0


POST = st.tuples(
    st.sampled_from(["ours", "second", "theirs"]),
    st.sampled_from(
        [
            "2014-01-31T23:59:59+08:00",
            "2014-02-01T00:00:00+08:00",
            "2014-02-28T23:59:59+08:00",
            "2014-03-15T12:00:00+08:00",
            "2014-04-30T23:59:59+08:00",
            "2014-05-01T00:00:00+08:00",
        ]
    ),
    st.none() | st.integers(0, 4),
    st.none() | st.integers(0, 2_000),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts=st.lists(POST, max_size=8))
def test_figures_from_months_equal_figures_from_days(made: Copy, posts: list[tuple[Any, ...]]) -> None:
    """February to April from roll-ups, and with one empty day more, post by post."""
    with closing(open_copy(made("empty"))) as memory:
        add_pages(memory, ours="own", second="own", theirs="benchmark")
        for number, (page, moment, likes, reach) in enumerate(posts):
            if moment.startswith(("2014-01", "2014-05")):
                page = "theirs"
            add_post(memory, number, page, moment, likes=likes, reach=reach)
        by_month = evidence.load(memory, Period(date(2014, 2, 1), date(2014, 4, 30))).posts
        by_day = evidence.load(memory, Period(date(2014, 1, 31), date(2014, 5, 1))).posts
        assert set(by_month) == set(by_day)
        for name in set(by_month) & set(JUDGED):
            assert by_month[name] == by_day[name]


# --- readings, targets, marks


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


# --- what the store is


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


# --- plan


def test_an_indicators_lead_units_are_those_of_its_first_method_as_printed(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        found = plan.lead_units(connection, 103)
        assert found["fans"] == ("秘書室(研考)", "資訊室", "第一課至第六課", "嘉辦", "斗辦")
        assert found["likes_per_post"] == ("第六課", "秘書室(研考)")
        assert found["training_sessions"] == ("各單位", "人事室")
        assert found["surveys_held"] == ("秘書室(研考)", "第六課", "第四課")
        assert len(found) == 34
        assert plan.lead_units(connection, 110) == found
        assert plan.lead_units(connection, 102) == {}


def test_a_newer_plan_says_who_leads_from_its_year_on(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        before = plan.lead_units(connection, 103)
        method = {"year": 104, "method": "m"}
        add(connection, "plan_years", row("plan_years", year=104, title="計畫", goal="目標"))
        add(connection, "methods", row("methods", **method, strategy="1.1", number="(1)", label="方法", position=1))
        add(
            connection,
            "method_units",
            row("method_units", **method, position=1, printed="人事室", unit="personnel", role="lead"),
        )
        add(connection, "method_indicators", row("method_indicators", **method, indicator="fans", position=1))
        assert plan.lead_units(connection, 104) == {"fans": ("人事室",)}
        assert plan.lead_units(connection, 103) == before


def test_a_year_without_a_plan_has_none(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        assert plan.load(connection, 104) is None
        found = plan.load(connection, 103)
        assert found is not None
        assert (len(found.methods), len(found.strategies), len(found.dimensions)) == (48, 7, 3)
        assert [method["position"] for method in found.methods] == list(range(1, 49))


def test_a_collective_holds_the_units_that_are_there_in_the_year(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        sections = {f"section-{number}" for number in range(1, 7)}
        assert plan.lead_codes(connection, 104)["phone_tests"] > {"all-units", "douliu"}
        ending = {"label": "第六課", "kind": "unit", "implementing": 1, "position": 6, "valid_to": "2014-06-30"}
        add(connection, "units", row("units", unit="section-6", **ending))
        found = plan.load(connection, 103)
        assert found is not None
        assert found.members["sections-1-6"] == sections
        assert "section-6" in plan.lead_codes(connection, 103)["phone_tests"]
        assert "section-6" not in plan.lead_codes(connection, 104)["phone_tests"]


def test_explanations_are_those_of_exactly_the_period(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        found = plan.explanations(connection, "2014-01-01", "2014-12-31")
        assert {key: len(texts) for key, texts in found.items()} == {
            ("likes_per_post", "reason"): 3,
            ("reach_per_post", "reason"): 1,
        }
        assert plan.explanations(connection, "2014-01-01", "2014-06-30") == {}


def test_unit_names_are_those_in_use_in_the_offices_order(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        closed = row(
            "units", unit="old", valid_to="2013-12-31", label="舊單位", kind="unit", implementing=1, position=0
        )
        add(connection, "units", closed)
        names = plan.unit_names(connection, "2026-01-01")
        assert (len(names), list(names)[:2], names["chiayi"]) == (19, ["section-1", "section-2"], "嘉義辦事處")
        assert "舊單位" not in plan.implementing_units(connection, "2026-01-01")
        assert "old" not in names
        assert plan.units_called(connection, "2026-01-01")["old"] == "舊單位"


def test_a_unit_with_a_new_name_goes_by_it_from_its_first_day_though_the_old_row_has_no_end(made: Copy) -> None:
    with closing(open_copy(made("report"))) as connection:
        named = {"unit": "section-6", "kind": "unit", "implementing": 1, "position": 6}
        add(connection, "units", row("units", valid_from="2015-07-01", label="服務課", **named))
        training = {"kind": "training", "unit": "section-6", "sessions": 1}
        add_numbered(
            connection,
            "activities",
            "activity_id",
            {**training, "held_on": "2015-06-30", "title": "甲", "attendees": 10},
            {**training, "held_on": "2015-07-01", "title": "乙", "attendees": 20},
        )
        year = parse_period("104")
        names = [plan.unit_names(connection, day)["section-6"] for day in ("2015-06-30", "2015-07-01")]
        assert names == ["第六課", "服務課"]
        assert plan.units_called(connection, "2015-06-30")["section-6"] == "第六課"
        implementing = plan.implementing_units(connection, "2015-12-31")
        assert (len(implementing), implementing.count("服務課"), "第六課" in implementing) == (12, 1, False)
        assert sorted(series.activities_by_unit(connection, year), key=lambda found: found[3] or 0) == [
            ("第六課", "training", 1, 10),
            ("服務課", "training", 1, 20),
        ]
        found = [(one["title"], one["unit"]) for one in series.activities(connection, year, ["training"], 9)]
        assert found == [("乙", "服務課"), ("甲", "第六課")]


# --- rows


def test_history_gives_every_version_with_who_and_why_newest_first(memory: sqlite3.Connection) -> None:
    add(memory, "holidays", row("holidays", day="2014-02-28", label="和平紀念日", working=0))
    batch = add(memory, "holidays", row("holidays", day="2014-02-28", label="二二八", working=0))
    restore.undo(changing(memory), batch, "名稱有誤")
    found = rows.history(memory, BY_NAME["holidays"], ["2014-02-28"])
    assert [(v["label"], v["opened_by"], v["closed_by"], v["closed_as"], v["closed_reason"]) for v in found] == [
        ("和平紀念日", "測試員", None, None, None),
        ("二二八", "測試員", "測試員", "undone", "名稱有誤"),
        ("和平紀念日", "測試員", "測試員", "replaced", "變更"),
    ]
    assert rows.history(memory, BY_NAME["holidays"], ["2014-01-01"]) == []


def test_rows_are_found_by_their_texts_months_and_years_and_by_what_a_code_stands_for(
    memory: sqlite3.Connection,
) -> None:
    known = {"kind": "training", "held_on": "2014-06-10", "sessions": 1}
    add(
        memory,
        "activities",
        row("activities", activity_id="a", title="量測課程", unit="section-6", **known),
        row("activities", activity_id="b", title="第六屆研習", **known | {"held_on": "2014-07-01"}),
        row("activities", activity_id="c", title="宣導", **known | {"kind": "outreach"}),
    )

    def found(search: str, codes: rows.Codes = ()) -> list[str]:
        searches = (search,) if search else ()
        return [one["activity_id"] for one in rows.newest(memory, BY_NAME["activities"], 9, searches, codes)]

    assert found("第六", (("unit", ("section-6", "other")),)) == ["b", "a"]
    assert found("業務推廣", (("kind", ("outreach",)),)) == ["c"]
    assert found("2014-07") == ["b"]
    assert found("") == ["c", "b", "a"]
    add(memory, "recognitions", *(row("recognitions", year=year, ordinal=1, label="標章") for year in (103, 104)))
    assert [one["year"] for one in rows.newest(memory, BY_NAME["recognitions"], 9, ("104",))] == [104]
    either = rows.newest(memory, BY_NAME["activities"], 9, ("宣導", "2014-07"))
    assert [one["activity_id"] for one in either] == ["c", "b"]


def test_the_newest_rows_come_first_and_as_many_as_asked(memory: sqlite3.Connection) -> None:
    for day in ("2014-04-04", "2014-01-01", "2014-02-28"):
        add(memory, "holidays", row("holidays", day=day, label="假", working=0))
    assert [found["day"] for found in rows.newest(memory, BY_NAME["holidays"], 2)] == ["2014-02-28", "2014-01-01"]
    assert [found[0] for found in rows.stream(memory, BY_NAME["holidays"])] == [
        "2014-01-01",
        "2014-02-28",
        "2014-04-04",
    ]
    assert [found[0] for found in rows.imports(memory)] == [3, 2, 1]
    assert [found[0] for found in rows.imports(memory, 1)] == [3]


def test_a_month_of_fans_is_its_last_day_known(memory: sqlite3.Connection) -> None:
    add_pages(memory, ours="own")
    add(
        memory,
        "page_days",
        fans("ours", "2013-12-31", 9),
        fans("ours", "2014-01-10", 10),
        fans("ours", "2014-01-31", 12),
    )
    add(memory, "page_days", fans("ours", "2014-03-01", 20))
    quarter = parse_period("103Q1")
    assert series.fans_by_month(memory, quarter) == [12.0, None, 20.0]


def test_a_figure_names_the_file_that_gave_it_and_not_the_newest_of_the_post(memory: sqlite3.Connection) -> None:
    add_pages(memory, **{PAGE: "own"})
    observe(memory, "2014-11-05T09:00:00+08:00", {f"{PAGE}_1": {"likes": 3, "reach": 90}}, file_name="十一月五日.csv")
    observe(memory, "2014-11-10T09:00:00+08:00", {f"{PAGE}_1": {"likes": 4}}, file_name="十一月十日.csv")
    for period in ("103", "2014-10-01..2014-10-20"):
        posts = at(memory, period).posts
        assert [source.file_name for source in posts["likes"].sources] == ["十一月十日.csv"]
        assert [source.file_name for source in posts["reach"].sources] == ["十一月五日.csv"]
