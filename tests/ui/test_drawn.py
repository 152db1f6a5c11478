"""The tables of a screen, noted as they are drawn, also where what was drawn is kept."""

from __future__ import annotations

import pytest

from sqdash.ui import drawn, memory


def test_what_is_kept_is_worked_out_once_and_its_tables_are_noted_at_each_call() -> None:
    memory.forget()
    asked: list[str] = []

    @drawn.kept
    def block(name: str) -> str:
        asked.append(name)
        drawn.add(name, [{"場次": "3"}], ("場次",))
        return f"〔{name}〕"

    for _ in range(2):
        drawn.begin()
        drawn.add("前", [{"人次": "1"}])
        assert [block("甲"), block("乙"), block("甲")] == ["〔甲〕", "〔乙〕", "〔甲〕"]
        assert [one.title for one in drawn.taken()] == ["前", "甲", "乙", "甲"]
    assert asked == ["甲", "乙"]


def test_outside_of_a_page_nothing_is_noted_and_what_is_kept_is_there_for_a_page() -> None:
    memory.forget()

    @drawn.kept
    def block() -> str:
        drawn.add("表", [{"場次": "3"}])
        return "塊"

    assert block() == "塊"
    assert drawn.taken() == ()
    drawn.begin()
    assert block() == "塊"
    assert [one.title for one in drawn.taken()] == ["表"]


def test_what_goes_wrong_is_not_kept_and_leaves_the_page_its_tables() -> None:
    memory.forget()

    @drawn.kept
    def block() -> str:
        drawn.add("半張", [{"場次": "3"}])
        raise ValueError

    drawn.begin()
    drawn.add("前", [{"人次": "1"}])
    for _ in range(2):
        with pytest.raises(ValueError, match=r"^$"):
            block()
    assert [one.title for one in drawn.taken()] == ["前"]
