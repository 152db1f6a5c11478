"""Rows as they stand, their history, and how they are found."""

from __future__ import annotations

import sqlite3

from sqdash.store import restore
from sqdash.store.queries import rows
from sqdash.tables import BY_NAME
from tests.making import add, changing, row


def test_history_gives_every_version_with_who_and_why_newest_first(memory: sqlite3.Connection) -> None:
    add(memory, "holidays", row("holidays", day="2014-02-28", label="和平紀念日", working=0))
    batch = add(memory, "holidays", row("holidays", day="2014-02-28", label="二二八", working=0))
    restore.undo(changing(memory), batch, "名稱有誤")
    found = rows.history(memory, BY_NAME["holidays"], ["2014-02-28"])
    assert [(v["label"], v["opened_by"], v["closed_by"], v["closed_as"], v["closed_reason"]) for v in found] == [
        ("和平紀念日", "測試員", None, None, None),
        ("二二八", "測試員", "測試員", "undone", "名稱有誤"),
        ("和平紀念日", "測試員", "測試員", "replaced", "變更"),
    ]
    assert rows.history(memory, BY_NAME["holidays"], ["2014-01-01"]) == []


def test_rows_are_found_by_their_texts_months_and_years_and_by_what_a_code_stands_for(
    memory: sqlite3.Connection,
) -> None:
    known = {"kind": "training", "held_on": "2014-06-10", "sessions": 1}
    add(
        memory,
        "activities",
        row("activities", activity_id="a", title="量測課程", unit="section-6", **known),
        row("activities", activity_id="b", title="第六屆研習", **known | {"held_on": "2014-07-01"}),
        row("activities", activity_id="c", title="宣導", **known | {"kind": "outreach"}),
    )

    def found(search: str, codes: rows.Codes = ()) -> list[str]:
        searches = (search,) if search else ()
        return [one["activity_id"] for one in rows.newest(memory, BY_NAME["activities"], 9, searches, codes)]

    assert found("第六", (("unit", ("section-6", "other")),)) == ["b", "a"]
    assert found("業務推廣", (("kind", ("outreach",)),)) == ["c"]
    assert found("2014-07") == ["b"]
    assert found("") == ["c", "b", "a"]
    add(memory, "recognitions", *(row("recognitions", year=year, ordinal=1, label="標章") for year in (103, 104)))
    assert [one["year"] for one in rows.newest(memory, BY_NAME["recognitions"], 9, ("104",))] == [104]
    either = rows.newest(memory, BY_NAME["activities"], 9, ("宣導", "2014-07"))
    assert [one["activity_id"] for one in either] == ["c", "b"]


def test_the_newest_rows_come_first_and_as_many_as_asked(memory: sqlite3.Connection) -> None:
    for day in ("2014-04-04", "2014-01-01", "2014-02-28"):
        add(memory, "holidays", row("holidays", day=day, label="假", working=0))
    assert [found["day"] for found in rows.newest(memory, BY_NAME["holidays"], 2)] == ["2014-02-28", "2014-01-01"]
    assert [found[0] for found in rows.stream(memory, BY_NAME["holidays"])] == [
        "2014-01-01",
        "2014-02-28",
        "2014-04-04",
    ]
    assert [found[0] for found in rows.imports(memory)] == [3, 2, 1]
    assert [found[0] for found in rows.imports(memory, 1)] == [3]
