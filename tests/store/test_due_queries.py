"""Whom the plan asks for what, and what the ledgers hold day by day, for small hand-made stores."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from sqdash.periods import parse_period
from sqdash.store import save
from sqdash.store.queries.due import DueRows, UnitName, due_rows
from sqdash.tables import BY_NAME
from tests.making import add, changing, open_copy, row

Made = Callable[[str], Path]


@pytest.fixture
def report(made: Made) -> Iterator[sqlite3.Connection]:
    with closing(open_copy(made("report"))) as connection:
        yield connection


def at(connection: sqlite3.Connection, code: str) -> DueRows:
    return due_rows(connection, parse_period(code))


def leading(found: DueRows, key: str) -> list[str]:
    return [unit for indicator, unit in found.leads if indicator == key]


# --- the plan


def test_an_empty_store_has_no_plan_and_nothing_to_show(memory: sqlite3.Connection) -> None:
    assert at(memory, "103") == DueRows(None, (), {}, (), (), {}, {})


SECTIONS = [f"section-{number}" for number in range(1, 7)]


def test_collectives_are_expanded_into_the_units_they_hold(report: sqlite3.Connection) -> None:
    found = at(report, "103")
    everyone = [*SECTIONS, "personnel", "ethics", "accounting", "secretariat", "chiayi", "douliu"]
    assert leading(found, "phone_tests") == [*everyone, "secretariat-rdec"]
    assert leading(found, "six_s_audits") == [*SECTIONS, "chiayi", "douliu", "secretariat-affairs"]
    assert leading(found, "review_meetings") == ["section-6", "secretariat-rdec"]


def test_a_collective_is_asked_for_nothing_of_a_member_that_has_ended(report: sqlite3.Connection) -> None:
    ending = {"label": "斗六辦事處", "short": "斗辦", "kind": "unit", "implementing": 1, "position": 12}
    add(report, "units", row("units", unit="douliu", valid_to="2014-12-31", **ending))
    everyone = [*SECTIONS, "personnel", "ethics", "accounting", "secretariat", "chiayi"]
    assert leading(at(report, "103"), "phone_tests") == [*everyone, "douliu", "secretariat-rdec"]
    assert leading(at(report, "104"), "phone_tests") == [*everyone, "secretariat-rdec"]


def test_a_unit_named_twice_by_an_indicators_methods_is_there_once(report: sqlite3.Connection) -> None:
    assert leading(at(report, "103"), "fans").count("section-6") == 1


def test_a_unit_that_only_compiles_leads_nothing(memory: sqlite3.Connection) -> None:
    small_plan(memory, 103, ("training_sessions", "personnel", "compile"), ("seminars", "section-1", "lead"))
    assert at(memory, "103").leads == (("seminars", "section-1"),)


def small_plan(memory: sqlite3.Connection, year: int, *given: tuple[str, str, str]) -> None:
    """A plan with one method an indicator."""
    add(memory, "plan_years", row("plan_years", year=year, title="計畫", goal="目標"))
    add(memory, "dimensions", row("dimensions", year=year, dimension=1, label="構面"))
    add(memory, "strategies", row("strategies", year=year, strategy="1.1", dimension=1, number=1, label="策略"))
    for number, (indicator, unit, role) in enumerate(given, 1):
        key = {"year": year, "method": f"m{number}"}
        method = row("methods", **key, strategy="1.1", number=str(number), label="方法", position=number)
        lead = row("method_units", **key, position=1, printed=unit, unit=unit, role=role)
        if not any(unit == known for (known,) in memory.execute("SELECT unit FROM units")):
            kind = {"kind": "unit", "implementing": 1, "position": number}
            add(memory, "units", row("units", unit=unit, label=unit, **kind))
        add(memory, "methods", method)
        add(memory, "method_units", lead)
        add(memory, "method_indicators", row("method_indicators", **key, indicator=indicator, position=1))


@pytest.mark.parametrize(
    ("code", "year", "unit"),
    [
        ("102", None, None),
        ("103-01", 103, "section-1"),
        ("104", 103, "section-1"),
        ("105-02", 105, "section-2"),
        ("2015-12-01..2016-01-31", 105, "section-2"),
        ("110", 105, "section-2"),
    ],
)
def test_the_newest_plan_up_to_the_periods_end_counts(
    memory: sqlite3.Connection, code: str, year: int | None, unit: str | None
) -> None:
    small_plan(memory, 103, ("seminars", "section-1", "lead"))
    small_plan(memory, 105, ("seminars", "section-2", "lead"))
    found = at(memory, code)
    assert (found.plan_year, leading(found, "seminars")) == (year, [unit] if unit else [])


def test_units_have_their_names_of_the_periods_last_day_in_the_offices_order(memory: sqlite3.Connection) -> None:
    known = {"unit": "a", "kind": "unit", "implementing": 1, "position": 2}
    add(
        memory,
        "units",
        row("units", **known, valid_to="2014-06-30", label="舊名"),
        row("units", at=3, **known, valid_from="2014-07-01", label="新名"),
        row("units", at=4, unit="b", label="研考", kind="sub_unit", implementing=0, position=1),
    )
    assert list(at(memory, "103-06").units.items()) == [
        ("b", UnitName("研考", "sub_unit", False)),
        ("a", UnitName("舊名", "unit", True)),
    ]
    assert at(memory, "103").units["a"].label == "新名"


# --- the ledgers


@pytest.fixture
def entries(memory: sqlite3.Connection) -> sqlite3.Connection:
    check = {"kind": "wifi", "unit": "it-office"}
    add(memory, "units", row("units", unit="it-office", label="資訊室", kind="sub_unit", implementing=0, position=1))
    add(
        memory,
        "checks",
        row("checks", check_id="c1", checked_on="2013-12-31", **check),
        row("checks", check_id="c2", checked_on="2014-01-01", **check),
        row("checks", check_id="c3", checked_on="2014-01-01", **check),
        row("checks", check_id="c4", checked_on="2014-01-01", kind="wifi"),
        row("checks", check_id="c5", checked_on="2014-12-31", kind="six_s"),
        row("checks", check_id="c6", checked_on="2015-01-01", kind="six_s"),
    )
    add(
        memory,
        "activities",
        row("activities", activity_id="a1", kind="training", held_on="2012-03-04", title="甲", sessions=5),
        row("activities", activity_id="a2", kind="training", held_on="2013-05-06", title="乙"),
        row("activities", activity_id="a3", kind="training", held_on="2014-05-06", title="丙", sessions=3),
    )
    add(
        memory,
        "surveys",
        row("surveys", survey_id="s1", year=103, title="有迄日", indicator="satisfaction_branch", held_to="2014-09-30"),
        row("surveys", survey_id="s2", year=103, title="無指標", held_to="2014-09-30"),
        row("surveys", survey_id="s3", year=103, title="無日期", indicator="satisfaction_branch"),
    )
    add(
        memory,
        "petitions",
        row("petitions", month="2013-12", received=1, closed=1),
        row("petitions", month="2014-02", received=0, closed=0),
    )
    return memory


def test_entries_are_counted_by_kind_unit_and_day(entries: sqlite3.Connection) -> None:
    assert sorted(at(entries, "103").days, key=str) == sorted(
        [
            ("activities", "training", None, date(2014, 5, 6), 1),
            ("checks", "six_s", None, date(2014, 12, 31), 1),
            ("checks", "wifi", "it-office", date(2014, 1, 1), 2),
            ("checks", "wifi", None, date(2014, 1, 1), 1),
            ("petitions", "", None, date(2014, 2, 1), 1),
            ("surveys", "", None, date(2014, 9, 30), 1),
            ("surveys", "satisfaction_branch", None, date(2014, 9, 30), 1),
        ],
        key=str,
    )


def test_a_survey_without_an_end_is_in_no_month(entries: sqlite3.Connection) -> None:
    surveys = [r for code in ("102", "103", "104") for r in at(entries, code).days if r[0] == "surveys"]
    assert sum(rows for *_, rows in surveys) == 2


def test_older_entries_give_their_first_and_last_day(entries: sqlite3.Connection) -> None:
    assert sorted(at(entries, "103").older, key=str) == [
        ("activities", "training", None, date(2012, 3, 4), date(2013, 5, 6)),
        ("checks", "wifi", "it-office", date(2013, 12, 31), date(2013, 12, 31)),
        ("petitions", "", None, date(2013, 12, 1), date(2013, 12, 1)),
    ]


def test_a_struck_row_is_no_entry(entries: sqlite3.Connection) -> None:
    change = changing(entries)
    save.open_batch(change, kind="entry", format="checks", file_name="刪列")
    save.strike(change, BY_NAME["checks"], ["c4"], "重複")
    assert [r for r in at(entries, "103-01").days if r[:2] == ("checks", "wifi")] == [
        ("checks", "wifi", "it-office", date(2014, 1, 1), 2)
    ]


# --- targets and marks


def test_targets_that_have_ended_are_still_known_and_later_ones_are_not(memory: sqlite3.Connection) -> None:
    beat = {"indicator": "six_s_audits", "kind": "norm", "definition": 1, "comparator": ">=", "every_months": 2}
    add(
        memory,
        "targets",
        row("targets", at=2, **beat, valid_from="2013-01-01", valid_to="2013-12-31", value=6.0, words="每 2 個月"),
        row("targets", at=3, **beat, valid_from="2015-01-01"),
    )
    (known,) = at(memory, "103").targets["six_s_audits"]
    assert (known.valid_from, known.valid_to) == (date(2013, 1, 1), date(2013, 12, 31))
    assert (known.kind, known.value, known.every_months, known.every_days) == ("norm", 6.0, 2, None)
    assert (known.words, known.source.file_name, known.source.row) == ("每 2 個月", "手做.csv", 2)
    assert [t.valid_to for t in at(memory, "104").targets["six_s_audits"]] == [date(2013, 12, 31), None]


def test_marks_that_touch_the_period_say_what_is_complete(memory: sqlite3.Connection) -> None:
    spans = (("2013-01-01", "2013-12-31", "complete"), ("2014-01-01", "2014-06-30", "complete"))
    for first, last, state in (*spans, ("2014-07-01", "2014-12-31", "partial")):
        mark = {"period_from": first, "period_to": last, "state": state}
        add(memory, "ledger_marks", row("ledger_marks", indicator="wifi_checks", **mark))
    found = at(memory, "103").marks["wifi_checks"]
    assert [(m.period_from, m.period_to, m.complete) for m in found] == [
        (date(2014, 1, 1), date(2014, 6, 30), True),
        (date(2014, 7, 1), date(2014, 12, 31), False),
    ]


# --- what is looked at


def test_neither_posts_nor_snapshots_nor_page_days_are_read(report: sqlite3.Connection) -> None:
    read: set[str] = set()

    def watch(action: int, table: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_READ and table:
            read.add(table)
        return sqlite3.SQLITE_OK

    report.set_authorizer(watch)
    at(report, "103")
    report.set_authorizer(None)
    assert {"activities", "checks", "surveys", "petitions"} <= read
    assert not read & {"posts", "post_now", "post_months", "snapshots", "page_days"}
