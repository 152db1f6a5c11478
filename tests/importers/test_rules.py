"""What the values of one row must keep together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sqdash.importers import rules
from sqdash.records import Value

WHOLE_YEAR = {"valid_from": "2015-01-01", "valid_to": "2015-12-31"}
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
"""Noon in Taipei."""


@pytest.mark.parametrize(
    ("table", "row", "column", "why"),
    [
        ("readings", {"low": 50.0, "high": 30.0}, "high", "下限高於上限，請對調。"),
        (
            "readings",
            {"value": 1, "period_from": "2014-12-31", "period_to": "2014-01-01"},
            "period_to",
            "期間結束早於開始，請對調。",
        ),
        ("readings", {"indicator": "training_sessions", "value": -5.0}, "value", "不能是負數，請改正。"),
        (
            "readings",
            {"indicator": "training_sessions", "low": 54.0, "high": 55.5},
            "high",
            "「教育訓練」以場次計，須為整數，請改正。",
        ),
        (
            "readings",
            {"indicator": "satisfaction_branch", "value": 120.0},
            "value",
            "滿意度須在 0 至 100 之間，請改正。",
        ),
        ("readings", {"value": None, "low": None, "high": None}, "value", "沒有值也沒有上下限，請至少填一個。"),
        ("targets", {"valid_from": "2015-01-01", "valid_to": "2014-12-31"}, "valid_to", "失效日早於生效日，請改正。"),
        ("activities", {"held_on": "2014-06-11", "ended_on": "2014-06-10"}, "ended_on", "結束日早於開始日，請對調。"),
        ("surveys", {"held_from": "2014-06-11", "held_to": "2014-06-10"}, "held_to", "調查迄日早於起日，請對調。"),
        ("surveys", {"satisfaction": 120.0}, "satisfaction", "滿意度須在 0 至 100 之間，請改正。"),
        (
            "surveys",
            {"indicator": "fans", "satisfaction": 90.0},
            "indicator",
            "不是由調查得出的指標，只能是「分局服務滿意度」、「櫃台服務滿意度」、「計程車計費表檢定滿意度」之一，"
            "不屬於這些時請留空白。",
        ),
        ("surveys", {"satisfaction": -0.5}, "satisfaction", "滿意度須在 0 至 100 之間，請改正。"),
        ("surveys", {"asked": 1_500, "valid": 1_501}, "valid", "多於發出份數 1,500，請改正其中之一。"),
        ("topic_rules", {"topic": "長" * 41, "phrase": "電鍋"}, "topic", "超過 40 個字，請縮短。"),
        ("alert_rules", {"threshold": -1.0}, "threshold", "門檻不可小於 0，請改正。"),
        ("targets", {"value": -5.0}, "value", "目標不可小於 0，請改正。"),
        (
            "targets",
            {"indicator": "reach_per_post", "definition": 3, "value": 1_000},
            "definition",
            "這項指標沒有這個定義版本，請改填 1 觸及、2 瀏覽者 之一。",
        ),
        ("targets", {"every_months": 0}, "every_months", "規律須為 1 以上，沒有規律請留空白。"),
        ("targets", {"every_days": 0}, "every_days", "規律須為 1 以上，沒有規律請留空白。"),
        ("targets", {"every_months": 1, "every_days": 1}, "every_days", "每幾個月與每幾日只能填一個，請清空另一個。"),
        (
            "targets",
            {"indicator": "fans", "value": 13_000.0, "every_months": 12},
            "every_months",
            "這項指標不是計次的，沒有規律可言，請留空白。",
        ),
        (
            "targets",
            {"indicator": "likes_per_post", "value": 100.0, "every_days": 30},
            "every_days",
            "這項指標不是計次的，沒有規律可言，請留空白。",
        ),
        (
            "targets",
            {"indicator": "training_sessions", "value": 60.0, "every_months": 1} | WHOLE_YEAR,
            "value",
            "與規律不合，這個規律一年是 12 次（日），請改填 12，或清空規律。",
        ),
        (
            "activities",
            {"held_on": "2014-06-10", "ended_on": "2041-06-10"},
            "ended_on",
            "是一年以後的日期，請檢查年份。",
        ),
        (
            "readings",
            {"value": 40, "moment": "result", "period_from": "2026-01-01", "period_to": "2026-12-31"},
            "as_of",
            "期間還沒結束，請填這個數字是到哪一天的。",
        ),
        (
            "contributions",
            {"state": "planned", "submitted_on": "2014-07-04"},
            "submitted_on",
            "狀態仍是「已排定」，請改狀態，或清空實際供稿日。",
        ),
    ],
)
def test_row_that_contradicts_itself_is_told(table: str, row: dict[str, Value], column: str, why: str) -> None:
    assert rules.broken(table, row, NOW) == (column, why, "rule")
    assert rules.has(table)  # or a file of it would not be looked at


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("readings", {"low": 30.0, "high": 30.0}),
        ("readings", {"value": 0.0}),
        ("activities", {"held_on": "2014-06-10", "ended_on": "2014-06-10"}),
        ("activities", {"held_on": "2014-06-10", "ended_on": None}),
        ("readings", {"value": 40, "moment": "result", "period_to": "2026-12-31", "as_of": "2026-11-24"}),
        ("readings", {"value": 40, "moment": "before", "period_to": "2026-12-31"}),
        ("readings", {"value": 40, "moment": "result", "period_to": "2026-11-24"}),
        ("targets", {"value": 0.0}),
        ("targets", {"indicator": "fans", "value": 18_000.0} | WHOLE_YEAR),
        ("targets", {"indicator": "wifi_checks", "value": 365.0, "every_days": 1} | WHOLE_YEAR),
        ("targets", {"indicator": "six_s_audits", "value": None, "every_months": 2} | WHOLE_YEAR),
        ("targets", {"indicator": "six_s_audits", "value": 6.0, "every_months": 2, "valid_from": "2013-01-01"}),
        ("targets", {"indicator": "surveys_held", "value": 1.0, "every_months": 24} | WHOLE_YEAR),
        ("surveys", {"satisfaction": 0.0}),
        ("surveys", {"satisfaction": 100.0}),
        ("surveys", {"satisfaction": None}),
        ("surveys", {"asked": 500, "valid": 500}),
        ("surveys", {"asked": None, "valid": 500}),
        ("surveys", {"asked": 500, "valid": None}),
        ("petitions", {"received": 20, "closed": 21}),  # cases of the month before may be closed
    ],
)
def test_row_within_the_rules_is_kept(table: str, row: dict[str, Value]) -> None:
    assert rules.broken(table, row, NOW) is None


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("petitions", {"month": "2026-12"}, "month"),
        ("petitions", {"month": "2110-01"}, "month"),
        ("checks", {"checked_on": "2026-11-25"}, "checked_on"),
        ("activities", {"held_on": "2027-11-26"}, "held_on"),
    ],
)
def test_what_has_happened_cannot_lie_ahead(table: str, row: dict[str, Value], column: str) -> None:
    found = rules.broken(table, row, NOW)
    assert found is not None
    assert (found.column, found.code) == (column, "rule")


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("petitions", {"month": "2026-11"}),
        ("checks", {"checked_on": "2026-11-24"}),
        ("activities", {"held_on": "2027-06-01"}),
    ],
)
def test_the_present_and_a_planned_event_are_taken(table: str, row: dict[str, Value]) -> None:
    assert rules.broken(table, row, NOW) is None


def test_months_that_closed_more_than_they_received_are_worth_a_look() -> None:
    columns: dict[str, list[Value]] = {"received": [5, 5, None, 0], "closed": [5, 6, 1, None]}
    (places,) = rules.doubts("petitions", columns, NOW).values()
    assert places == [1]


def test_events_to_come_are_worth_a_look_by_taipeis_day() -> None:
    days: list[Value] = ["2026-11-24", "2026-11-25", None, "2027-01-01"]
    (places,) = rules.doubts("activities", {"held_on": days}, NOW).values()
    assert places == [1, 3]
    (places,) = rules.doubts("activities", {"held_on": days}, NOW + timedelta(hours=12)).values()
    assert places == [3]


def test_other_tables_have_nothing_that_is_taken_and_worth_a_look() -> None:
    assert rules.doubts("holidays", {}, NOW) == {}


# --- what Facebook has seen happen

PACIFIC = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("table", "row", "refused"),
    [
        ("snapshots", {"observed_at": "2051-08-01T09:00:00+08:00"}, ("observed_at", "future")),
        ("snapshots", {"observed_at": "2026-11-24T12:11:00+08:00"}, ("observed_at", "future")),
        ("snapshots", {"observed_at": "2004-02-03T23:59:59+08:00"}, ("observed_at", "before_facebook")),
        ("posts", {"published_at": "2026-11-25T00:00:00+08:00"}, ("published_at", "future")),
        ("posts", {"published_at": "1999-05-07T00:00:00+08:00"}, ("published_at", "before_facebook")),
        ("posts_file", {"published_at": "2026-11-24T12:11:00+08:00", "observed_at": None}, ("published_at", "future")),
        (
            "posts_file",
            {"published_at": "2026-11-24T09:00:00+08:00", "observed_at": "2026-12-24T09:00:00+08:00"},
            ("observed_at", "future"),
        ),
        ("page_days", {"day": "2031-05-07", "day_zone": PACIFIC}, ("day", "future")),
        ("page_days", {"day": "2026-11-25", "day_zone": PACIFIC}, ("day", "future")),
        ("page_days", {"day": "1999-05-07", "day_zone": PACIFIC}, ("day", "before_facebook")),
        ("fan_days", {"day": "2026-11-25"}, ("day", "future")),
        ("page_days", {"day": "2026-11-24", "day_zone": "Taipei"}, ("day_zone", "unknown_zone")),
        ("page_days", {"day": "2026-11-24", "day_zone": "localtime"}, ("day_zone", "unknown_zone")),
    ],
)
def test_what_facebook_cannot_have_seen_is_told(table: str, row: dict[str, Value], refused: tuple[str, str]) -> None:
    found = rules.broken(table, row, NOW)
    assert found is not None
    assert (found.column, found.code) == refused
    assert not rules.surely_kept(table, {name: [value, value] for name, value in row.items()}, NOW)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("snapshots", {"observed_at": "2026-11-24T12:09:00+08:00"}),  # by a clock that is minutes ahead
        ("snapshots", {"observed_at": "2004-02-04T00:00:00+08:00"}),
        ("posts", {"published_at": "2026-11-24T12:00:00+08:00"}),
        ("posts_file", {"published_at": "2026-11-24T12:00:00+08:00", "observed_at": None}),
        ("page_days", {"day": "2026-11-24", "day_zone": PACIFIC}),
        ("page_days", {"day": "2026-11-24", "day_zone": "Asia/Taipei"}),
        ("page_days", {"day": "2004-02-04", "day_zone": "UTC"}),
        ("fan_days", {"day": "2026-11-24"}),
    ],
)
def test_what_facebook_may_have_seen_is_kept(table: str, row: dict[str, Value]) -> None:
    assert rules.broken(table, row, NOW) is None


def test_a_day_that_has_begun_in_its_zone_has_begun() -> None:
    row: dict[str, Value] = {"day": "2026-11-25", "day_zone": "Pacific/Kiritimati"}
    assert rules.broken("page_days", row, NOW) is not None
    assert rules.broken("page_days", row, NOW + timedelta(hours=8)) is None
    assert rules.broken("page_days", row | {"day_zone": "UTC"}, NOW + timedelta(hours=8)) is not None


def test_columns_of_ordinary_times_are_kept_without_a_look_at_each_row() -> None:
    days: dict[str, list[Value]] = {"day": ["2014-12-31", None, "2026-11-24"], "day_zone": [PACIFIC, "UTC", PACIFIC]}
    assert rules.surely_kept("page_days", days, NOW)
    assert rules.surely_kept("posts_file", {"published_at": ["2014-12-31T09:00:00+08:00"], "observed_at": [None]}, NOW)
    assert not rules.surely_kept("activities", {"held_on": ["2014-12-31"]}, NOW)


@pytest.mark.parametrize(
    ("table", "does"), [("surveys", True), ("activities", True), ("petitions", False), ("posts", False)]
)
def test_tables_whose_values_must_go_together_are_known(table: str, does: bool) -> None:
    assert rules.combines(table) is does
