"""What a month owes: windows, days, deadlines, and whose entries count."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.analysis import due, targets
from sqdash.analysis.due import Book, Due, Rhythm
from sqdash.figures import Mark, Source, Target
from sqdash.indicators import BY_KEY
from sqdash.periods import Period, month_period, year_period

SIX_S, PHONE, WIFI, REVIEW, PETITIONS = (
    "six_s_audits",
    "phone_tests",
    "wifi_checks",
    "review_meetings",
    "petitions_received",
)
KINDS = {
    SIX_S: ("checks", "six_s"),
    PHONE: ("checks", "phone_test"),
    WIFI: ("checks", "wifi"),
    REVIEW: ("activities", "review_meeting"),
    PETITIONS: ("petitions", ""),
}
MINE, OTHER = "section-6", "it-office"
LATER = "2015-06-30"


def norm(key: str = SIX_S, **given_: Any) -> Target:
    wanted = {"kind": "norm", "definition": 1, "valid_from": "2014-01-01", "valid_to": "2014-12-31", "value": 6.0}
    rest = {"comparator": ">=", "every_months": None, "every_days": None, "words": None, "note": None}
    made = {**wanted, **rest, **given_}
    days = {name: date.fromisoformat(made[name]) if made[name] else None for name in ("valid_from", "valid_to")}
    return Target(indicator=key, source=Source(1, "targets.csv"), **{**made, **days})


def mark(start: str, end: str, *, complete: bool = True) -> Mark:
    return Mark(date.fromisoformat(start), date.fromisoformat(end), complete)


def kept(
    key: str, *known: Target, on: tuple[str, ...] = (), unit: str | None = MINE, marks: tuple[Mark, ...] = ()
) -> Book:
    """A book with one row on each of these days."""
    days = [(*KINDS[key], unit, date.fromisoformat(day), 1) for day in on]
    return due.book(BY_KEY[key], days, targets=known, marks=marks)


def at(book: Book, month: str, today: str = LATER, unit: str = MINE) -> Due:
    return due.month_of(book, month_period(month), unit, date.fromisoformat(today))


def short(found: Due) -> tuple[str, int, int, int]:
    """State, owed, own and lacking."""
    return found.state, found.owed, found.own, found.lacking


def rhythm(months: int, since: str = "2014-01-01", until: str | None = None) -> Rhythm:
    return Rhythm("", months, None, date.fromisoformat(since), date.fromisoformat(until) if until else None)


# --- windows


@pytest.mark.parametrize(
    ("months", "since", "month", "expected"),
    [
        (1, "2014-01-01", "2014-05", ("2014-05-01", "2014-05-31")),
        (2, "2014-01-01", "2014-01", ("2014-01-01", "2014-02-28")),
        (2, "2014-01-01", "2014-02", ("2014-01-01", "2014-02-28")),
        (2, "2013-01-01", "2014-12", ("2014-11-01", "2014-12-31")),
        (4, "2014-01-01", "2014-06", ("2014-05-01", "2014-08-31")),
        (4, "2014-03-01", "2014-03", ("2014-03-01", "2014-06-30")),
        (4, "2014-03-01", "2014-11", None),
        (4, "2014-03-15", "2014-03", None),
        (4, "2014-03-15", "2014-11", ("2014-08-01", "2014-11-30")),
        (1, "2014-12-02", "2014-12", None),
        (4, "2014-03-15", "2015-01", ("2015-01-01", "2015-04-30")),
        (5, "2014-01-01", "2014-11", None),
        (12, "2014-01-01", "2014-07", ("2014-01-01", "2014-12-31")),
    ],
)
def test_windows_count_from_the_first_whole_month_of_the_rhythm_and_from_january_in_later_years(
    months: int, since: str, month: str, expected: tuple[str, str] | None
) -> None:
    found = due.window(rhythm(months, since), month_period(month))
    assert (found and (found.start.isoformat(), found.end.isoformat())) == expected


@pytest.mark.parametrize("months", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("first", ["2013-06-10", "2014-01-01", "2014-01-19", "2014-03-01", "2014-03-10", "2014-12-05"])
def test_a_year_owes_as_many_entries_as_its_rhythm_is_expected_to_give(months: int, first: str) -> None:
    known, year = norm(every_months=months, valid_from=first), year_period(103)
    applied = targets.apply(BY_KEY[SIX_S], known, year, [known])
    owed = sum(at(kept(SIX_S, known), month).owed for month in year.months)
    assert owed == (applied.value if applied else 0)


def test_a_window_that_outlasts_the_rhythm_owes_nothing() -> None:
    book = kept(SIX_S, norm(every_months=2, valid_to="2014-09-30"), norm(every_months=1, valid_from="2014-10-01"))
    assert short(at(book, "2014-08")) == ("overdue", 1, 0, 1)
    assert short(at(book, "2014-09")) == ("rest", 0, 0, 0)
    assert short(at(book, "2014-10")) == ("overdue", 1, 0, 1)


@given(months=st.integers(1, 12), year=st.integers(2014, 2030), start=st.integers(1, 12))
def test_a_year_owes_as_many_beats_as_fit_into_its_months(months: int, year: int, start: int) -> None:
    known = norm(every_months=months, valid_from=f"2014-{start:02d}-01", valid_to=None)
    book, period = kept(SIX_S, known), year_period(year - 1911)
    owed = sum(at(book, month, today="2040-01-01").owed for month in period.months)
    assert owed == (13 - start if year == 2014 else 12) // months


@given(months=st.integers(1, 12))
def test_a_whole_year_owes_what_the_target_expects_of_it(months: int) -> None:
    known = norm(every_months=months)
    owed = sum(at(kept(SIX_S, known), month).owed for month in year_period(103).months)
    assert owed == sum(count for _, count in targets.beats(known, year_period(103)))


# --- every so many months


EVERY_TWO = norm(every_months=2)


@pytest.mark.parametrize(
    ("on", "month", "today", "expected"),
    [
        ((), "2014-09", "2014-09-15", ("open", 0, 0, 0)),
        ((), "2014-09", "2014-10-15", ("open", 0, 0, 0)),
        ((), "2014-09", "2014-11-01", ("rest", 0, 0, 0)),
        ((), "2014-10", "2014-09-30", ("later", 0, 0, 0)),
        ((), "2014-10", "2014-10-01", ("missing", 1, 0, 1)),
        ((), "2014-10", "2014-10-31", ("missing", 1, 0, 1)),
        ((), "2014-10", "2014-11-01", ("overdue", 1, 0, 1)),
        (("2014-10-31",), "2014-10", "2014-11-01", ("done", 1, 1, 0)),
        (("2014-09-01",), "2014-09", "2014-09-15", ("done", 0, 1, 0)),
        (("2014-09-01",), "2014-10", "2014-10-15", ("done", 1, 0, 0)),
        (("2014-08-31", "2014-11-01"), "2014-10", "2014-11-01", ("overdue", 1, 0, 1)),
        (("2014-10-02", "2014-10-03"), "2014-10", "2014-10-15", ("done", 1, 2, 0)),
    ],
)
def test_one_entry_in_the_window_is_due_in_its_last_month(
    on: tuple[str, ...], month: str, today: str, expected: tuple[str, int, int, int]
) -> None:
    assert short(at(kept(SIX_S, EVERY_TWO, on=on), month, today)) == expected


def test_an_entry_dated_after_today_does_not_count_yet() -> None:
    book = kept(SIX_S, EVERY_TWO, on=("2014-10-20",))
    assert short(at(book, "2014-10", "2014-10-19")) == ("missing", 1, 0, 1)
    assert short(at(book, "2014-10", "2014-10-20")) == ("done", 1, 1, 0)


def test_a_target_with_a_rhythm_is_due_like_a_norm() -> None:
    book = kept(PHONE, norm(PHONE, kind="target", value=3.0, every_months=4), on=("2014-04-30",))
    assert [at(book, month).state for month in ("2014-03", "2014-04", "2014-08", "2014-09")] == [
        "done",
        "done",
        "overdue",
        "rest",
    ]


def test_any_lead_units_entry_fulfils_the_branchs_rhythm_but_is_counted_for_that_unit_alone() -> None:
    book = kept(SIX_S, EVERY_TWO, on=("2014-10-05",), unit=OTHER)
    mine, theirs = at(book, "2014-10"), at(book, "2014-10", unit=OTHER)
    assert (short(mine), mine.have) == (("done", 1, 0, 0), 1)
    assert (short(theirs), theirs.have) == (("done", 1, 1, 0), 1)


def test_an_entry_without_a_unit_counts_for_every_unit() -> None:
    book = kept(SIX_S, EVERY_TWO, on=("2014-10-05",), unit=None)
    assert at(book, "2014-10").own == at(book, "2014-10", unit=OTHER).own == 1


# --- every so many days


DAILY = norm(WIFI, every_days=1, value=365.0)


@pytest.mark.parametrize(
    ("on", "month", "today", "expected"),
    [
        ((), "2014-02", "2014-01-31", ("later", 0, 0, 0)),
        ((), "2014-02", "2014-02-01", ("missing", 1, 0, 1)),
        ((), "2014-02", "2014-02-28", ("missing", 28, 0, 28)),
        ((), "2014-02", "2014-03-01", ("overdue", 28, 0, 28)),
        (("2014-02-01", "2014-02-02"), "2014-02", "2014-02-02", ("done", 2, 2, 0)),
        (("2014-02-01", "2014-02-02"), "2014-02", "2014-02-03", ("missing", 3, 2, 1)),
        (("2014-01-31", "2014-02-01"), "2014-02", "2014-02-01", ("done", 1, 1, 0)),
    ],
)
def test_each_day_of_the_month_up_to_today_is_due(
    on: tuple[str, ...], month: str, today: str, expected: tuple[str, int, int, int]
) -> None:
    assert short(at(kept(WIFI, DAILY, on=on), month, today)) == expected


def test_a_second_entry_on_a_day_does_not_stand_in_for_another_day() -> None:
    book = kept(WIFI, DAILY, on=("2014-02-01", "2014-02-01"))
    assert short(at(book, "2014-02", "2014-02-02")) == ("missing", 2, 1, 1)


def test_a_tomorrow_entered_early_does_not_stand_in_for_today() -> None:
    assert short(at(kept(WIFI, DAILY, on=("2014-02-02",)), "2014-02", "2014-02-01")) == ("missing", 1, 0, 1)


def test_days_before_the_rhythm_began_or_after_it_ended_are_not_due() -> None:
    book = kept(WIFI, norm(WIFI, every_days=1, valid_from="2014-03-30", valid_to="2014-05-31"))
    assert [at(book, month).owed for month in ("2014-02", "2014-03", "2014-04")] == [0, 2, 30]


def test_every_seven_days_owes_whole_weeks_only() -> None:
    book = kept(WIFI, norm(WIFI, every_days=7), on=("2014-02-03", "2014-02-10"))
    assert short(at(book, "2014-02", "2014-02-06")) == ("done", 0, 1, 0)
    assert short(at(book, "2014-02", "2014-02-21")) == ("missing", 3, 2, 1)


# --- petitions


@pytest.mark.parametrize(
    ("on", "today", "expected"),
    [
        ((), "2014-09-30", ("later", 0, 0, 0)),
        ((), "2014-10-31", ("open", 0, 0, 0)),
        ((), "2014-11-01", ("missing", 1, 0, 1)),
        ((), "2014-11-10", ("missing", 1, 0, 1)),
        ((), "2014-11-11", ("overdue", 1, 0, 1)),
        (("2014-10-01",), "2014-11-11", ("done", 1, 1, 0)),
        (("2014-09-01",), "2014-11-11", ("overdue", 1, 0, 1)),
    ],
)
def test_petitions_are_due_once_the_month_has_ended_until_the_10th(
    on: tuple[str, ...], today: str, expected: tuple[str, int, int, int]
) -> None:
    assert short(at(kept(PETITIONS, on=on, unit=None), "2014-10", today)) == expected


# --- which rhythm


def test_without_a_rhythm_nothing_is_due() -> None:
    book = kept(PHONE, norm(PHONE, kind="target", value=3.0), on=("2014-05-06", "2014-05-07"))
    found = at(book, "2014-05")
    assert (short(found), found.rhythm) == (("none", 0, 2, 0), None)


def words(*known: Target, month: str) -> tuple[str, int | None] | None:
    found = due.rhythm(BY_KEY[SIX_S], known, month_period(month).end)
    return found and (found.words, found.carried)


def test_the_rhythm_in_force_on_the_months_last_day_counts() -> None:
    first = norm(every_months=2, words="每 2 個月 1 次")
    second = norm(every_months=1, valid_from="2015-01-01", valid_to="2015-12-31")
    assert words(first, second, month="2013-12") is None
    assert words(first, second, month="2014-12") == ("每 2 個月 1 次", None)
    assert words(first, second, month="2015-01") == ("每月 1 次", None)


def test_a_rhythm_that_ended_and_was_not_followed_is_carried_on_under_its_last_year() -> None:
    older = norm(every_months=1, valid_from="2012-01-01", valid_to="2012-12-31")
    last = norm(every_months=2)
    assert words(last, older, month="2016-03") == ("每 2 個月 1 次", 103)
    assert short(at(kept(SIX_S, older, last), "2016-04", "2016-05-01")) == ("overdue", 1, 0, 1)


def test_a_rhythm_that_was_followed_by_a_norm_without_one_is_not_carried_on() -> None:
    bare = norm(valid_from="2015-01-01", valid_to=None)
    assert words(norm(every_months=2), bare, month="2015-06") is None


def test_a_target_without_a_rhythm_does_not_end_a_norm() -> None:
    goal = norm(kind="target", valid_from="2015-01-01", valid_to="2015-12-31")
    assert words(norm(every_months=2), goal, month="2014-06") == ("每 2 個月 1 次", None)
    assert words(norm(every_months=2), goal, month="2015-06") == ("每 2 個月 1 次", 103)


@pytest.mark.parametrize(
    ("beat", "expected"),
    [
        ({"every_months": 1}, "每月 1 次"),
        ({"every_months": 3}, "每 3 個月 1 次"),
        ({"every_days": 1}, "每日 1 次"),
        ({"every_days": 7}, "每 7 日 1 次"),
        ({"every_days": 1, "words": "每日測試"}, "每日測試"),
    ],
)
def test_a_rhythm_says_what_it_is(beat: dict[str, Any], expected: str) -> None:
    assert words(norm(**beat), month="2014-06") == (expected, None)


# --- a start that was not stated


MONTHLY = norm(REVIEW, every_months=1, value=None)


def test_not_stated_start_owes_nothing_before_the_first_entry_and_every_month_after_it() -> None:
    book = kept(REVIEW, MONTHLY, on=("2014-07-22", "2014-09-22"))
    states = [at(book, f"2014-{month:02d}").state for month in range(5, 11)]
    assert states == ["unknown", "unknown", "done", "overdue", "done", "overdue"]


def test_not_stated_start_without_any_entry_is_unknown_and_never_a_lack() -> None:
    assert short(at(kept(REVIEW, MONTHLY), "2014-12")) == ("unknown", 0, 0, 0)


def test_a_rhythm_carried_on_has_begun_whatever_its_start() -> None:
    assert short(at(kept(REVIEW, MONTHLY), "2015-01")) == ("overdue", 1, 0, 1)


def test_an_entry_before_the_days_looked_at_has_begun_the_rhythm() -> None:
    old = (*KINDS[REVIEW], None, date(2013, 7, 1), date(2013, 12, 1))
    book = due.book(BY_KEY[REVIEW], (), (old,), (norm(REVIEW, every_months=1, value=None, valid_from="2013-01-01"),))
    assert short(at(book, "2014-01")) == ("overdue", 1, 0, 1)


def test_a_daily_rhythm_of_unknown_start_is_due_from_its_first_day() -> None:
    book = kept(WIFI, norm(WIFI, every_days=1, value=None), on=("2014-02-20", "2014-02-22"))
    assert [short(at(book, month)) for month in ("2014-01", "2014-02")] == [
        ("unknown", 0, 0, 0),
        ("overdue", 9, 2, 7),
    ]


# --- ledgers marked complete


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ((mark("2014-01-01", "2014-12-31"),), "marked"),
        ((mark("2014-09-01", "2014-10-31"),), "marked"),
        ((mark("2014-10-01", "2014-12-31"),), "overdue"),
        ((mark("2014-01-01", "2014-12-31", complete=False),), "overdue"),
        ((mark("2014-01-01", "2014-12-31"), mark("2014-10-01", "2014-10-31", complete=False)), "overdue"),
    ],
)
def test_a_lack_in_a_ledger_marked_complete_is_not_chased(marks: tuple[Mark, ...], state: str) -> None:
    found = at(kept(SIX_S, EVERY_TWO, marks=marks), "2014-10")
    assert (found.state, found.lacking, found.chased) == (state, 1, state == "overdue")


# --- books, sums and the year


def test_a_ledger_without_a_kind_takes_every_row_of_its_table() -> None:
    days = [
        ("surveys", "satisfaction_branch", None, date(2014, 9, 30), 1),
        ("surveys", "", None, date(2014, 9, 30), 2),
        ("checks", "", None, date(2014, 9, 30), 4),
    ]
    assert [e.rows for e in due.book(BY_KEY["surveys_held"], days).entered] == [1, 2]
    assert [e.rows for e in due.book(BY_KEY["satisfaction_branch"], days).entered] == [1]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("training_sessions", True),
        ("satisfaction_branch", True),
        ("petitions_closed", True),
        ("review_meetings", True),
        ("fans", False),
        ("likes_per_post", False),
        ("petition_closure_rate", False),
        ("wifi_hotspots", False),
    ],
)
def test_what_people_enter_and_what_comes_by_file_or_is_worked_out(key: str, expected: bool) -> None:
    assert due.by_people(BY_KEY[key]) is expected


def test_the_newest_entry_is_the_units_own_or_one_without_a_unit_up_to_the_day() -> None:
    days = [(*KINDS[SIX_S], unit, date(2014, month, 5), 1) for unit, month in ((MINE, 3), (OTHER, 4), (None, 8))]
    older = [(*KINDS[SIX_S], MINE, date(2012, 1, 1), date(2013, 12, 9))]
    book = due.book(BY_KEY[SIX_S], days, older)
    asked = [date(2014, 2, 28), date(2014, 7, 31), date(2014, 8, 5)]
    assert [book.newest(MINE, day) for day in asked] == [date(2013, 12, 9), date(2014, 3, 5), date(2014, 8, 5)]
    assert book.newest(OTHER, asked[0]) is None


def test_what_is_due_is_either_in_or_lacking() -> None:
    done, lacking = kept(SIX_S, EVERY_TWO, on=("2014-10-01",)), kept(SIX_S, EVERY_TWO)
    marked = kept(SIX_S, EVERY_TWO, marks=(mark("2014-01-01", "2014-12-31"),))
    resting = kept(PHONE, norm(PHONE, every_months=4))
    dues = [at(book, "2014-10") for book in (done, lacking, marked, resting, kept(PHONE))]
    assert due.tally(dues) == (3, 2, 1)


def test_earlier_months_of_the_year_that_lack_something_are_added_up() -> None:
    book, today = kept(SIX_S, EVERY_TWO, on=("2014-03-01",)), date(2014, 11, 5)
    asked = ("2014-01", "2014-02", "2014-03", "2014-08", "2014-11")
    found = [due.lacking_before(book, month_period(month), MINE, today) for month in asked]
    assert found == [0, 0, 1, 2, 4]


def test_in_january_the_last_years_lacks_are_still_named() -> None:
    book = kept(PETITIONS, on=tuple(f"2014-{month:02d}-01" for month in range(1, 12)), unit=None)
    assert due.lacking_before(book, month_period("2015-01"), MINE, date(2015, 1, 8)) == 1


def test_before_the_first_roc_year_there_is_nothing() -> None:
    assert due.lacking_before(kept(PETITIONS), month_period("1912-01"), MINE, date(2015, 1, 8)) == 0


def test_the_year_has_twelve_months_of_everything_with_a_rhythm() -> None:
    books = {SIX_S: kept(SIX_S, EVERY_TWO), PHONE: kept(PHONE)}
    leads = [(SIX_S, MINE), (PHONE, MINE), (SIX_S, OTHER), ("fans", MINE)]
    found = due.year_of(books, leads, year_period(103), date(2014, 3, 5))
    assert list(found) == [(SIX_S, MINE), (SIX_S, OTHER)]
    assert [month.state for month in found[SIX_S, MINE]] == ["rest", "overdue", "open", *["later"] * 9]


@given(
    days=st.lists(st.dates(date(2013, 1, 1), date(2015, 12, 31)), max_size=20),
    months=st.integers(1, 12),
    number=st.integers(1, 12),
    today=st.dates(date(2013, 1, 1), date(2015, 12, 31)),
)
def test_a_month_never_lacks_more_than_it_owes_nor_anything_that_is_not_due(
    days: list[date], months: int, number: int, today: date
) -> None:
    book = kept(SIX_S, norm(every_months=months), on=tuple(day.isoformat() for day in days))
    month: Period = month_period(f"2014-{number:02d}")
    found = due.month_of(book, month, MINE, today)
    assert 0 <= found.lacking <= found.owed <= 1
    assert found.chased == (found.lacking > 0)
    assert found.own == sum(month.contains(day) and day <= today for day in days)
