"""Assignments of columns: the newest one that stands counts, and one that is forgotten is asked for again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sqdash.errors import DataError, FileNotRecognised
from sqdash.importers.base import Answers, Layout
from sqdash.importers.sources import Bytes
from sqdash.jobs import layouts, upload
from sqdash.jobs.outcomes import Outcome
from tests.making import current, is_one_sentence, revisions

BY = "測試員"
LESSONS = Layout("activities", {"哪一天": "held_on", "做了什麼": "title", "幾": "attendees"}, {"kind": "教育訓練"})
SEMINARS = LESSONS._replace(columns={**LESSONS.columns, "幾": "sessions"}, constants={"kind": "座談、說明、研討會"})


@pytest.fixture
def store(copy: Callable[[str], Path]) -> Path:
    """A store of year 103 that the test may change."""
    return copy("report")


def bring(store: Path, title: str, layout: Layout | None = None) -> Outcome:
    """Import a file with one activity of that title."""
    source = Bytes(f"{title}.csv", f"哪一天,做了什麼,幾\n103/06/10,{title},5\n".encode())
    return upload.import_file(store, source, by=BY, answers=Answers(layout=layout))


def kind(store: Path, title: str) -> tuple[str, int | None, int | None]:
    (row,) = (row for row in current(store, "activities") if row["title"] == title)
    return row["kind"], row["sessions"], row["attendees"]


def remembered(store: Path) -> list[tuple[Layout, str, str]]:
    return [(one.layout, one.file, one.by) for one in layouts.remembered(store)]


def test_an_assignment_is_written_as_json_and_read_again() -> None:
    import json

    assert layouts.from_json(json.loads(layouts.as_json(LESSONS))) == LESSONS


def test_an_assignment_that_is_given_again_takes_the_place_of_the_remembered_one(store: Path) -> None:
    bring(store, "甲", LESSONS)
    assert remembered(store) == [(LESSONS, "甲.csv", BY)]
    bring(store, "乙", SEMINARS)
    assert remembered(store) == [(SEMINARS, "乙.csv", BY)]
    bring(store, "丙")
    assert [kind(store, title) for title in "甲乙丙"] == [
        ("training", None, 5),
        ("seminar", 5, None),
        ("seminar", 5, None),
    ]


def test_undoing_the_import_brings_the_older_assignment_back(store: Path) -> None:
    bring(store, "甲", LESSONS)
    second = bring(store, "乙", SEMINARS).batch or 0
    upload.undo(store, second, by=BY)
    assert remembered(store) == [(LESSONS, "甲.csv", BY)]
    upload.redo(store, second, by=BY, reason="還原錯了")
    assert remembered(store) == [(SEMINARS, "乙.csv", BY)]


def test_what_is_forgotten_is_asked_again_and_what_was_imported_stays(store: Path) -> None:
    batch = bring(store, "甲", LESSONS).batch or 0
    (one,) = layouts.remembered(store)
    layouts.forget(store, one.signature, by=BY)
    assert remembered(store) == []
    with pytest.raises(FileNotRecognised):
        bring(store, "乙")
    assert kind(store, "甲") == ("training", None, 5)
    upload.undo(store, batch, by=BY)
    assert remembered(store) == []
    bring(store, "乙", SEMINARS)
    assert remembered(store) == [(SEMINARS, "乙.csv", BY)]


def test_an_undone_import_does_not_bring_back_what_was_forgotten_before_it(store: Path) -> None:
    bring(store, "甲", LESSONS)
    layouts.forget(store, layouts.remembered(store)[0].signature, by=BY)
    again = bring(store, "乙", SEMINARS).batch or 0
    upload.undo(store, again, by=BY)
    assert remembered(store) == []


def test_forgetting_what_nobody_remembers_is_refused_and_writes_nothing(store: Path) -> None:
    before = revisions(store)
    with pytest.raises(DataError) as caught:
        layouts.forget(store, "nothing", by=BY)
    assert is_one_sentence(caught.value)
    assert revisions(store) == before


def test_a_look_tells_the_assignment_by_which_it_read_and_whether_it_was_remembered(store: Path) -> None:
    source = Bytes("乙.csv", "哪一天,做了什麼,幾\n103/06/11,乙,5\n".encode())
    said = upload.look(store, source, Answers(layout=SEMINARS))
    assert (said.layout, said.remembered) == (SEMINARS, False)
    bring(store, "甲", LESSONS)
    found = upload.look(store, source)
    assert (found.layout, found.remembered) == (LESSONS, True)
    assert (found.headings, found.sample) == (("哪一天", "做了什麼", "幾"), (("103/06/11", "乙", "5"),))
    plain = upload.look(store, Bytes("月.csv", "月份,受理件數,辦結件數\n103/06,1,1\n".encode()))
    assert (plain.layout, plain.remembered) == (None, False)
