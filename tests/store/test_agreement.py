"""No undone, restored or struck row leaves rows that contradict each other."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from sqdash.errors import DataError
from sqdash.store import outlook, restore, save
from sqdash.tables import BY_NAME
from tests.making import add, changing, current_in, is_one_sentence, row

_MEETING = {"activity_id": "m", "kind": "review_meeting", "title": "會議", "sessions": 1}
_EARLY = "這樣決議「附圖」的完成日（103/07/20）會早於會議當天（103/07/25），請先改正日期再做一次。"


def unit(memory: sqlite3.Connection, code: str, parent: str | None, **more: Any) -> int:
    values = {"label": f"{code} 課", "kind": "unit", "implementing": 1, "position": 1, **more}
    return add(memory, "units", row("units", unit=code, parent=parent, **values))


def meeting(memory: sqlite3.Connection, day: str) -> int:
    return add(memory, "activities", row("activities", held_on=day, **_MEETING))


def decision(memory: sqlite3.Connection, done: str | None) -> int:
    return add(
        memory, "meeting_decisions", row("meeting_decisions", meeting="m", number=1, decision="附圖", done_on=done)
    )


def refused(memory: sqlite3.Connection, batch: int, turn: Any = restore.undo) -> str:
    foretold = outlook.of(memory, batch).refused
    with pytest.raises(DataError) as raised:
        turn(changing(memory), batch, "試")
    assert is_one_sentence(raised.value)
    assert foretold == str(raised.value) or turn is restore.redo
    return str(raised.value)


def test_undoing_does_not_bring_back_a_unit_above_itself(memory: sqlite3.Connection) -> None:
    unit(memory, "a", "b")
    moved = unit(memory, "a", None)
    unit(memory, "b", "a")
    assert refused(memory, moved) == "這樣單位「a 課」會成為自己的上層單位，請先改正上層單位再做一次。"


def test_letting_stand_again_does_not_either(memory: sqlite3.Connection) -> None:
    unit(memory, "a", None)
    below = unit(memory, "a", "b")
    restore.undo(changing(memory), below, "試")
    unit(memory, "b", "a")
    assert refused(memory, below, restore.redo) == "這樣單位「a 課」會成為自己的上層單位，請先改正上層單位再做一次。"


def test_striking_the_newer_row_of_a_unit_does_not_either(memory: sqlite3.Connection) -> None:
    unit(memory, "a", "b")
    unit(memory, "b", None)
    unit(memory, "a", None, valid_from="2015-01-01")
    unit(memory, "b", "a", valid_from="2016-01-01")
    change = changing(memory)
    with pytest.raises(DataError, match=r"^這樣單位「a 課」會成為自己的上層單位，"):
        save.strike(change, BY_NAME["units"], ["a", "2015-01-01"], "重複")


def test_undoing_the_newer_row_of_a_unit_does_not_either(memory: sqlite3.Connection) -> None:
    unit(memory, "a", "b")
    unit(memory, "b", None)
    newer = unit(memory, "a", None, valid_from="2015-01-01")
    unit(memory, "b", "a", valid_from="2016-01-01")
    assert refused(memory, newer) == "這樣單位「a 課」會成為自己的上層單位，請先改正上層單位再做一次。"


def test_undoing_a_strike_does_not_either(memory: sqlite3.Connection) -> None:
    meeting(memory, "2014-07-18")
    decision(memory, "2014-07-20")
    change = changing(memory)
    struck = save.open_batch(change, kind="entry", format="meeting_decisions", file_name="人工刪列：決議")
    save.strike(change, BY_NAME["meeting_decisions"], ["m", 1], "重複")
    meeting(memory, "2014-07-25")
    assert refused(memory, struck) == _EARLY


def test_undoing_does_not_bring_back_a_decision_done_before_its_meeting(memory: sqlite3.Connection) -> None:
    meeting(memory, "2014-07-25")
    earlier = meeting(memory, "2014-07-18")
    decision(memory, "2014-07-20")
    assert refused(memory, earlier) == _EARLY


def test_undoing_the_correction_of_a_day_done_does_not_either(memory: sqlite3.Connection) -> None:
    meeting(memory, "2014-07-18")
    decision(memory, "2014-07-20")
    later = decision(memory, "2014-07-30")
    meeting(memory, "2014-07-25")
    assert refused(memory, later) == _EARLY


def test_what_contradicted_before_stops_no_other_undoing(memory: sqlite3.Connection) -> None:
    unit(memory, "a", "a")
    meeting(memory, "2014-07-25")
    decision(memory, "2014-07-20")
    other = unit(memory, "c", None)
    assert outlook.of(memory, other).refused == ""
    restore.undo(changing(memory), other, "試")
    assert [one["unit"] for one in current_in(memory, "units")] == ["a"]


def test_what_goes_and_what_a_later_batch_states_is_foretold_to_contradict_nothing(memory: sqlite3.Connection) -> None:
    first = unit(memory, "a", "b")
    unit(memory, "a", None)
    below = unit(memory, "b", "a")
    early = decision(memory, "2014-07-20")
    held = meeting(memory, "2014-07-25")
    assert [outlook.of(memory, batch).refused for batch in (first, below, early, held)] == [""] * 4
    restore.undo(changing(memory), below, "試")
    assert [one["unit"] for one in current_in(memory, "units")] == ["a"]
