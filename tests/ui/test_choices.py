"""Choices that read the same are told apart, and what stands already is among them."""

from __future__ import annotations

from sqdash.ui import choices


def test_choices_that_read_the_same_get_a_number_and_the_others_stay_as_they_are() -> None:
    found = choices.apart({"a": "第一課", "b": "第二課", "c": "第一課"})
    assert list(found.items()) == [("a", "第一課（1）"), ("b", "第二課"), ("c", "第一課（2）")]


def test_choices_that_people_know_by_themselves_are_told_apart_by_that() -> None:
    found = choices.apart({"100": "臺南分局", "777": "臺南分局", "9": "標竿"}, by_itself=True)
    assert found == {"100": "臺南分局（100）", "777": "臺南分局（777）", "9": "標竿"}


def test_what_stands_already_is_kept_among_the_choices_by_its_name() -> None:
    units = {"section-1": "第一課"}
    assert choices.keeping(units, None) == choices.keeping(units, "section-1", "別名") == units
    assert choices.keeping(units, "section-6", "第六課") == units | {"section-6": "第六課"}
    assert choices.keeping(units, "section-6") == units | {"section-6": "section-6"}
