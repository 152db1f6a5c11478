"""Who leads a new year's methods: units that have ended lead none, new names are printed, no successor is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from sqdash.analysis import next_leads
from sqdash.analysis.next_leads import Ended

DAY = "2015-01-01"


def unit(code: str, label: str, *, short: str | None = None, since: str = "", until: str | None = None) -> Any:
    return {"unit": code, "label": label, "short": short, "valid_from": since, "valid_to": until}


def lead(method: str, position: int, code: str, printed: str) -> Any:
    return {"method": method, "position": position, "unit": code, "printed": printed}


UNITS = [
    unit("one", "第一課"),
    unit("six", "第六課", until="2014-06-30"),
    unit("six", "檢驗課", since="2014-07-01", until="2014-12-31"),
    unit("old", "嘉義辦事處", short="嘉辦", until="2014-12-31"),
    unit("old", "嘉義站", short="嘉站", since="2015-01-01"),
    unit("late", "新課", since="2015-07-01"),
]
NOW = {"one": ("第一課", None), "old": ("嘉義站", "嘉站")}
LEADS = [
    lead("1", 1, "one", "第一課"),
    lead("1", 2, "six", "第六課"),
    lead("2", 1, "six", "第六課"),
    lead("2", 2, "old", "嘉辦"),
    lead("3", 1, "six", "第一課至第六課"),
    lead("4", 1, "late", "新課"),
    lead("4", 2, "unheard", "某課"),
]


def test_a_unit_of_which_no_row_reaches_the_year_has_ended_and_what_it_alone_led_is_named() -> None:
    assert next_leads.ended(LEADS, UNITS, DAY) == (
        Ended("six", "檢驗課", "2014-12-31", methods=("1", "2", "3"), alone=("3",)),
    )


def test_a_unit_that_ends_with_the_first_day_of_the_year_has_not_ended_before_it() -> None:
    assert next_leads.ended([lead("1", 1, "six", "第六課")], [unit("six", "第六課", until=DAY)], DAY) == ()


def test_a_name_of_several_units_under_which_one_is_printed_that_has_ended_is_found_once() -> None:
    leads = [*LEADS, lead("5", 1, "one", "各課"), lead("6", 2, "six", "第一課至第六課")]
    assert next_leads.shared(leads, next_leads.ended(leads, UNITS, DAY), UNITS) == ("第一課至第六課",)
    assert next_leads.shared(leads, (), UNITS) == ()


def found(successors: dict[str, str | None]) -> list[tuple[str, int, str, str]]:
    rows = next_leads.carried(LEADS, UNITS, NOW, successors)
    return [(row["method"], row["position"], row["unit"], row["printed"]) for row in rows]


def test_without_a_successor_the_others_lead_on_by_their_names_of_now() -> None:
    assert found({"six": None}) == [
        ("1", 1, "one", "第一課"),
        ("2", 2, "old", "嘉站"),
        ("4", 1, "late", "新課"),
        ("4", 2, "unheard", "某課"),
    ]


def test_a_successor_takes_the_place_once_a_method_and_a_name_of_several_units_stays() -> None:
    assert found({"six": "one"})[:4] == [
        ("1", 1, "one", "第一課"),
        ("2", 1, "one", "第一課"),
        ("2", 2, "old", "嘉站"),
        ("3", 1, "one", "第一課至第六課"),
    ]


def test_names_that_are_others_now_are_told_old_and_new() -> None:
    assert next_leads.renamed(LEADS, UNITS, NOW) == {"嘉辦": "嘉站"}


def test_a_unit_that_has_no_short_name_any_more_is_printed_by_its_name() -> None:
    rows = [lead("1", 1, "old", "嘉辦")]
    assert next_leads.renamed(rows, UNITS, {"old": ("嘉義站", None)}) == {"嘉辦": "嘉義站"}


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("第一課及嘉辦", "第一課及嘉站"),
        ("嘉義辦事處、嘉辦", "嘉義站、嘉站"),
        ("第六課、某課", "第六課、某課"),
        ("嘉站與嘉義站", "嘉站與嘉義站"),
    ],
)
def test_a_text_has_the_names_of_now_for_those_that_units_had(text: str, new: str) -> None:
    assert next_leads.reworded(text, UNITS, NOW) == new


def test_a_name_that_another_unit_has_now_stays() -> None:
    units = [*UNITS, unit("new", "嘉義辦事處", since="2015-01-01")]
    assert next_leads.reworded("嘉義辦事處", units, NOW | {"new": ("嘉義辦事處", None)}) == "嘉義辦事處"


@pytest.mark.parametrize(("text", "names"), [("第六課及第一課", True), ("檢驗課", True), ("第一課、嘉辦", False)])
def test_a_text_names_a_unit_that_has_ended_by_any_name_that_it_had(text: str, names: bool) -> None:
    assert next_leads.names_ended(text, next_leads.ended(LEADS, UNITS, DAY), UNITS) is names
