"""What the values of one row must keep together."""

from __future__ import annotations

from datetime import date

import pytest

from sqdash.importers import rules
from sqdash.records import Value

TODAY = date(2026, 11, 24)


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
        ("readings", {"value": None, "low": None, "high": None}, "value", "沒有值也沒有上下限，請至少填一個。"),
        ("targets", {"valid_from": "2015-01-01", "valid_to": "2014-12-31"}, "valid_to", "失效日早於生效日，請改正。"),
        ("activities", {"held_on": "2014-06-11", "ended_on": "2014-06-10"}, "ended_on", "結束日早於開始日，請對調。"),
        ("surveys", {"held_from": "2014-06-11", "held_to": "2014-06-10"}, "held_to", "調查迄日早於起日，請對調。"),
        ("surveys", {"satisfaction": 120.0}, "satisfaction", "滿意度須在 0 至 100 之間，請改正。"),
        ("surveys", {"satisfaction": -0.5}, "satisfaction", "滿意度須在 0 至 100 之間，請改正。"),
        ("alert_rules", {"threshold": -1.0}, "threshold", "門檻不可小於 0，請改正。"),
        (
            "contributions",
            {"state": "planned", "submitted_on": "2014-07-04"},
            "submitted_on",
            "狀態仍是「已排定」，請改狀態，或清空實際供稿日。",
        ),
    ],
)
def test_row_that_contradicts_itself_is_told(table: str, row: dict[str, Value], column: str, why: str) -> None:
    assert rules.broken(table, row, TODAY) == (column, why)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("readings", {"low": 30.0, "high": 30.0}),
        ("readings", {"value": 0.0}),
        ("activities", {"held_on": "2014-06-10", "ended_on": "2014-06-10"}),
        ("activities", {"held_on": "2014-06-10", "ended_on": None}),
        ("surveys", {"satisfaction": 0.0}),
        ("surveys", {"satisfaction": 100.0}),
        ("surveys", {"satisfaction": None}),
        ("petitions", {"received": 20, "closed": 21}),  # cases of the month before may be closed
    ],
)
def test_row_within_the_rules_is_kept(table: str, row: dict[str, Value]) -> None:
    assert rules.broken(table, row, TODAY) is None


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
    found = rules.broken(table, row, TODAY)
    assert found is not None
    assert found[0] == column


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("petitions", {"month": "2026-11"}),
        ("checks", {"checked_on": "2026-11-24"}),
        ("activities", {"held_on": "2027-06-01"}),
    ],
)
def test_the_present_and_a_planned_event_are_taken(table: str, row: dict[str, Value]) -> None:
    assert rules.broken(table, row, TODAY) is None


def test_months_that_closed_more_than_they_received_are_worth_a_look() -> None:
    columns: dict[str, list[Value]] = {"received": [5, 5, None, 0], "closed": [5, 6, 1, None]}
    assert rules.exceeding("petitions", columns) == [1]
    assert rules.exceeding("holidays", {}) == []
