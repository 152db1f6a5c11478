"""The figures of the page: the last value of a period and the one that opened its year."""

from __future__ import annotations

import sqlite3

import pytest

from sqdash.periods import parse_period
from sqdash.store.queries import series
from tests.making import add, row
from tests.store.small_stores import add_pages, at, fans, figures, reading


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
