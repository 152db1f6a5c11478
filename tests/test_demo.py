"""The generated rows: whole, repeatable, and in agreement with the figures that the year-103 report states."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sqdash import demo
from sqdash.demo import material
from sqdash.indicators import BY_KEY
from sqdash.quoting import guard
from sqdash.records import Row
from sqdash.tables import BY_NAME, POST_MEASURES, TABLES
from tests.importers.reading import read_file

REPORT = Path(__file__).resolve().parents[1] / "data" / "report_103"
TYPES = {"text": str, "int": int, "number": float, "date": str, "moment": str, "month": str, "year": int, "flag": int}
Made = dict[str, list[dict[str, Any]]]


def report(table: str) -> list[dict[str, str]]:
    path = REPORT / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def generated(seed: int = 103) -> dict[str, list[Row]]:
    return demo.generate(seed)


@pytest.fixture(scope="module", params=[103, 1, 2024])
def made(request: pytest.FixtureRequest) -> Made:
    """Rows as dictionaries. What holds for the default seed holds for any."""
    return {
        table: [dict(zip(BY_NAME[table].names, row.values, strict=True)) for row in rows]
        for table, rows in generated(request.param).items()
    }


def of(made: Made, table: str, kind: str, year: int) -> list[dict[str, Any]]:
    day = "held_on" if table == "activities" else "checked_on"
    return [r for r in made[table] if r["kind"] == kind and r[day].startswith(str(year))]


def last(made: Made) -> dict[str, dict[str, Any]]:
    """Each post's last snapshot."""
    return {r["post_id"]: r for r in sorted(made["snapshots"], key=lambda r: r["observed_at"])}


def monthly_mean(made: Made, measure: str) -> dict[str, float]:
    figures = last(made)
    months = defaultdict(list)
    for post in made["posts"]:
        if (value := figures[post["post_id"]][measure]) is not None:
            months[post["published_at"][:7]].append(value)
    return {month: sum(values) / len(values) for month, values in months.items()}


def fans(made: Made, page: str = material.PAGE) -> dict[date, int]:
    return {date.fromisoformat(r["day"]): r["value"] for r in made["page_days"] if r["page_id"] == page}


# --- rows


def test_default_seed_is_103() -> None:
    assert demo.generate() == demo.generate(103)


def test_another_seed_gives_other_rows() -> None:
    assert demo.generate(104) != demo.generate(103)


def test_tables_are_those_of_the_brief_and_numbered_as_in_a_file() -> None:
    rows = generated()
    assert set(rows) == {
        *("pages", "page_days", "posts", "snapshots", "activities", "checks", "surveys", "petitions"),
        *("targets", "ledger_marks", "readings", "explanations", "topic_rules", "contributions", "meeting_decisions"),
    }
    assert all([row.number for row in table] == list(range(2, len(table) + 2)) for table in rows.values())


@pytest.mark.parametrize("table", [t for t in TABLES if t.name in generated()], ids=lambda t: t.name)
def test_every_cell_has_its_column_s_type(table: Any) -> None:
    for row in generated()[table.name]:
        assert len(row.values) == len(table.columns)
        for column, value in zip(table.columns, row.values, strict=True):
            if value is None:
                assert not column.required, (row.number, column.name)
            else:
                assert type(value) is TYPES[column.type], (row.number, column.name, value)


@pytest.mark.parametrize("table", [t for t in TABLES if t.name in generated()], ids=lambda t: t.name)
def test_every_table_comes_back_from_a_file_as_it_is(table: Any) -> None:
    rows = [row.values for row in generated()[table.name]]
    text = io.StringIO()
    csv.writer(text).writerows(
        [table.names, *([guard(str(v)) if isinstance(v, str) else v for v in row] for row in rows)]
    )
    found = read_file(f"{table.name}.csv", text.getvalue())
    assert (found.format, found.refused) == (table.name, [])
    assert [tuple(row.values())[1:] for row in found.rows[table.name]] == rows


def test_nothing_that_is_not_known_is_written_out_as_a_word(made: Made) -> None:
    cells = [cell for rows in made.values() for row in rows for cell in row.values()]
    assert [cell for cell in cells if isinstance(cell, str) and re.search(r"\b(None|nan|True|False)\b", cell)] == []


def test_keys_are_unique_and_apart_from_the_reports(made: Made) -> None:
    for name, rows in made.items():
        key = BY_NAME[name].key
        keys = [tuple(row[column] for column in key) for row in rows]
        assert len(set(keys)) == len(keys), name
        reported = {tuple(row[column] for column in key) for row in report(name)}
        assert not reported & {tuple(str(part) for part in k) for k in keys}, name


def test_units_are_known(made: Made) -> None:
    units = {row["unit"] for row in report("units")}
    used = {row["unit"] for rows in made.values() for row in rows if row.get("unit")}
    assert not units or used <= units


def test_pages_and_whatever_refers_to_them(made: Made) -> None:
    assert [(r["page_id"], r["kind"]) for r in made["pages"]] == [
        ("demo-xiaoanxin", "own"),
        ("demo-benchmark", "benchmark"),
    ]
    pages = {r["page_id"] for r in made["pages"]}
    assert {r["page_id"] for table in ("posts", "page_days") for r in made[table]} <= pages
    assert {r["post_id"] for r in made["snapshots"]} == {r["post_id"] for r in made["posts"]}


# --- fans


def test_fans_every_day_from_the_eve_of_103_to_the_end_of_104(made: Made) -> None:
    days = fans(made)
    assert list(days) == [date(2013, 12, 31) + timedelta(days=n) for n in range(731)]
    assert {r["day_zone"] for r in made["page_days"]} == {"Asia/Taipei"}
    assert days[date(2013, 12, 31)] == pytest.approx(10_900, abs=30)
    assert days[date(2014, 12, 31)] == 16_300
    assert days[date(2015, 12, 31)] == pytest.approx(19_000, abs=50)


def test_fans_pass_16000_in_december_before_its_last_day(made: Made) -> None:
    first = next(day for day, value in fans(made).items() if value > 16_000)
    assert date(2014, 12, 1) <= first < date(2014, 12, 31)


def test_fans_grow_with_a_little_noise(made: Made) -> None:
    steps = [after - before for before, after in pairwise(fans(made).values())]
    assert min(steps) >= -5
    assert any(step < 0 for step in steps)


def test_events_bring_about_1000_fans_and_the_campaign_about_3000(made: Made) -> None:
    days = fans(made)

    def gain(first: date, last_day: date) -> int:
        return days[last_day] - days[first - timedelta(days=1)]

    quiz, fair = date(2014, 7, 14), date(2014, 11, 22)
    week = timedelta(days=6)
    usual = (gain(date(2014, 1, 1), date(2014, 6, 30))) / 181
    busy = (gain(date(2014, 9, 1), date(2014, 10, 31))) / 61
    events = gain(quiz, quiz + week) - 7 * usual + gain(fair, fair + week) - 7 * busy
    assert events == pytest.approx(1_000, abs=120)
    campaign = gain(date(2014, 8, 1), date(2014, 12, 31)) - 153 * usual - 390
    assert campaign == pytest.approx(3_000, abs=200)


def test_the_benchmark_has_a_rising_figure_of_each_day_of_both_years(made: Made) -> None:
    days = fans(made, material.BENCHMARK)
    assert list(days) == [date(2014, 1, 1) + timedelta(days=n) for n in range(730)]
    assert list(days.values()) == sorted(days.values())
    assert days[date(2014, 1, 1)] == pytest.approx(30_000, abs=200)
    assert days[date(2015, 12, 31)] == pytest.approx(39_800, abs=500)


# --- posts and snapshots


def test_posts_per_month_and_their_cells(made: Made) -> None:
    months = Counter(p["published_at"][:7] for p in made["posts"])
    assert len(months) == 24
    assert all(18 <= count <= 28 for count in months.values())
    assert {p["type"] for p in made["posts"]} == set(material.TYPES)
    assert {p["topic"] for p in made["posts"]} == {*material.TOPICS, None}
    hours = Counter(datetime.fromisoformat(p["published_at"]).hour for p in made["posts"])
    assert set(hours) <= set(range(8, 22))
    assert 0 < sum(n for hour, n in hours.items() if hour >= 18) < len(made["posts"]) / 3
    assert 0 < sum(p["boosted"] for p in made["posts"]) < len(made["posts"]) / 10
    for number, post in enumerate(made["posts"], 1):
        assert post["post_id"] == f"demo-xiaoanxin_{number}"
        assert post["permalink"] == f"https://www.facebook.com/demo-xiaoanxin/posts/{number}"


@pytest.mark.parametrize("part", ["=", "@", "+", "<b>", "*", "\n", "\n#", "💡", "選購捕蚊燈三個重點"])
def test_messages_try_what_a_screen_must_draw_safely(part: str) -> None:
    messages = [str(row.values[4]) for row in generated()["posts"]]
    assert any(m.startswith(part) if part in "=@+" else part in m for m in messages)
    assert not any("{" in m for m in messages)


def test_snapshots_about_1_7_and_28_days_later_and_growing(made: Made) -> None:
    seen = defaultdict(list)
    for row in made["snapshots"]:
        seen[row["post_id"]].append(row)
    for post in made["posts"]:
        published, rows = datetime.fromisoformat(post["published_at"]), seen[post["post_id"]]
        ages = [(datetime.fromisoformat(r["observed_at"]) - published).days for r in rows]
        assert ages == [1, 7, 28][: len(ages)]
        assert len(ages) == 3 or published >= datetime.fromisoformat("2015-12-03T00:00:00+08:00")
        for measure, _ in POST_MEASURES:
            values = [r[measure] for r in rows]
            assert values == [None] * len(values) or values == sorted(values)
        assert all(r["reactions"] >= r["likes"] for r in rows)
        assert all(r["viewers"] is r["impressions"] is r["views"] is None for r in rows)
    assert max(r["observed_at"] for r in made["snapshots"]) <= "2015-12-31T23:59:59+08:00"


FIRST, SECOND = [f"2014-{m:02d}" for m in range(1, 7)], [f"2014-{m:02d}" for m in range(7, 13)]


@pytest.mark.parametrize(
    ("measure", "months", "low", "high"),
    [
        ("likes", FIRST, 30, 50),
        ("likes", SECOND, 60, 70),
        ("likes", [f"2015-{m:02d}" for m in range(1, 11)], 70, 95),
        ("likes", ["2015-11", "2015-12"], 100, 110),
        ("reach", FIRST, 300, 400),
        ("reach", SECOND, 700, 800),
        ("reach", [f"2015-{m:02d}" for m in range(1, 13)], 800, 1_050),
    ],
)
def test_monthly_means_at_the_last_snapshot(
    made: Made, measure: str, months: list[str], low: float, high: float
) -> None:
    means = monthly_mean(made, measure)
    assert all(low < means[month] < high for month in months), [means[month] for month in months]


def test_some_posts_of_103_reach_over_1000_and_2_percent_have_no_reach(made: Made) -> None:
    figures = last(made)
    reach = [figures[p["post_id"]]["reach"] for p in made["posts"] if p["published_at"][:7] in SECOND]
    assert sum(1 for value in reach if value and value > 1_000) >= 3
    unknown = sum(1 for row in figures.values() if row["reach"] is None)
    assert unknown / len(figures) == pytest.approx(0.02, abs=0.004)


def test_likes_of_104_miss_their_target_and_say_why(made: Made) -> None:
    figures = last(made)
    likes = [figures[p["post_id"]]["likes"] for p in made["posts"] if p["published_at"].startswith("2015")]
    assert sum(likes) / len(likes) == pytest.approx(85, abs=5)
    assert [(r["indicator"], r["kind"]) for r in made["explanations"]] == [
        ("likes_per_post", "reason"),
        ("likes_per_post", "next_step"),
    ]


# --- ledgers


@pytest.mark.parametrize(
    ("kind", "in_103", "in_104"),
    [
        ("training", 55, 58),
        ("seminar", 12, 13),
        ("outreach", 60, 64),
        ("visit", 8, 10),
        ("improvement_report", 14, 16),
        ("metrology_day", 2, 2),
    ],
)
def test_sessions(made: Made, kind: str, in_103: int, in_104: int) -> None:
    for year, total in ((2014, in_103), (2015, in_104)):
        rows = of(made, "activities", kind, year)
        assert sum(r["sessions"] for r in rows) == total
        assert all(1 <= r["sessions"] <= 3 for r in rows)


@pytest.mark.parametrize(
    ("kind", "in_103", "in_104"),
    [
        ("press_release", 30, 33),
        ("fan_event", 2, 3),
        ("agreement", 2, 1),
        ("association_meeting", 2, 2),
        ("review_meeting", 6, 12),
    ],
)
def test_activities_counted_with_the_reports_own(made: Made, kind: str, in_103: int, in_104: int) -> None:
    own = [r for r in report("activities") if r["kind"] == kind]
    if not own and kind in {"fan_event", "agreement", "association_meeting"}:
        pytest.skip("the report's own activities are not there")
    assert len(of(made, "activities", kind, 2014)) + len(own) == in_103
    assert len(of(made, "activities", kind, 2015)) == in_104


def test_activity_days_and_cells(made: Made) -> None:
    assert all(r["held_on"] >= "2014-06-10" for r in of(made, "activities", "improvement_report", 2014))
    assert all(r["sessions"] is None for r in made["activities"] if r["kind"] == "press_release")
    assert all("-05-18" <= r["held_on"][4:] <= "-05-22" for r in made["activities"] if r["kind"] == "metrology_day")
    assert [r["held_on"][:7] for r in of(made, "activities", "review_meeting", 2014)] == SECOND
    assert [r["held_on"][:7] for r in of(made, "activities", "fan_event", 2014)] == ["2014-07"]
    given = [r["attendees"] is not None for r in made["activities"] if r["kind"] == "training"]
    assert any(given)
    assert not all(given)


def test_checks(made: Made) -> None:
    counts = {
        (k, y): len(of(made, "checks", k, y))
        for k, _ in BY_NAME["checks"].column("kind").choices
        for y in material.YEARS
    }
    assert counts == {
        ("six_s", 2014): 6,
        ("six_s", 2015): 6,
        ("phone_test", 2014): 12,
        ("phone_test", 2015): 12,
        ("wifi", 2014): 365,
        ("wifi", 2015): 361,
        ("web_review", 2014): 6,
        ("web_review", 2015): 5,
    }
    for year, people in ((2014, 264), (2015, 280)):
        tests = of(made, "checks", "phone_test", year)
        assert sum(r["people"] for r in tests) == people
        assert len({r["checked_on"][:7] for r in tests}) == 12
        assert min(r["people"] for r in tests) > 0
    assert sum(1 for r in of(made, "checks", "wifi", 2014) if r["passed"] == 0) == 3


def test_petitions(made: Made) -> None:
    assert len(made["petitions"]) == 24
    for year, received, closed in (("2014", 209, 209), ("2015", 197, 195)):
        rows = [r for r in made["petitions"] if r["month"].startswith(year)]
        assert (sum(r["received"] for r in rows), sum(r["closed"] for r in rows)) == (received, closed)
        assert all(sum(r["closed"] for r in rows[:n]) <= sum(r["received"] for r in rows[:n]) for n in range(1, 13))


def test_surveys_of_104(made: Made) -> None:
    assert {r["indicator"]: r["satisfaction"] for r in made["surveys"]} == {
        "satisfaction_branch": 91.6,
        "satisfaction_counter": 94.9,
        "satisfaction_taxi_meter": 93.8,
    }
    for row in made["surveys"]:
        assert row["year"] == 104
        assert 0 < row["valid"] <= row["asked"]
        assert "2015-01-01" <= row["held_from"] <= row["held_to"] <= "2015-12-31"


# --- targets, readings, marks


def test_targets_of_104(made: Made) -> None:
    assert {(r["indicator"], r["kind"], r["comparator"], r["value"]) for r in made["targets"]} == {
        ("fans", "target", ">=", 18_000),
        ("likes_per_post", "target", ">", 100),
        ("reach_per_post", "target", ">", 1_000),
        ("phone_tests", "target", ">=", 3),
        ("training_sessions", "target", ">=", 56),
        ("six_s_audits", "norm", ">=", 6),
        ("wifi_checks", "norm", ">=", 365),
        ("web_review_rounds", "norm", ">=", 6),
        ("review_meetings", "norm", ">=", 12),
    }
    assert {(r["valid_from"], r["valid_to"], r["definition"]) for r in made["targets"]} == {
        ("2015-01-01", "2015-12-31", 1)
    }


def test_readings_are_of_104(made: Made) -> None:
    assert {r["indicator"]: r["value"] for r in made["readings"]} == {
        "fans_gained_events": 1_200,
        "wifi_hotspots": 6,
        "disclosure_items": 14,
        "forum_categories": 11,
        "youtube_videos": 9,
        "participation_channels": 2,
    }
    assert {(r["period_from"], r["period_to"]) for r in made["readings"]} == {("2015-01-01", "2015-12-31")}


def test_ledgers_marked_complete(made: Made) -> None:
    marks = {(r["indicator"], r["period_from"][:4]) for r in made["ledger_marks"]}
    only_104 = {
        "likes_per_post",
        "reach_per_post",
        "review_meetings",
        "satisfaction_branch",
        "satisfaction_counter",
        "satisfaction_taxi_meter",
    }
    with_ledger = {key for key, indicator in BY_KEY.items() if indicator.ledger} - {"innovation_items"}  # it has none
    assert {key for key, year in marks if year == "2015"} == with_ledger
    assert {key for key, year in marks if year == "2014"} == with_ledger - only_104
    assert {r["state"] for r in made["ledger_marks"]} == {"complete"}


def test_every_topic_but_none_that_is_unknown_has_rules(made: Made) -> None:
    assert {row["topic"] for row in made["topic_rules"]} == set(material.TOPICS)
    assert {row["note"] for row in made["topic_rules"]} == {material.NOTE}
