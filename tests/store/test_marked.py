"""Short reads answered from memory: read again after every commit of whatever process, and never late but in one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sqdash.errors import StoreBusy, StoreMissing
from sqdash.store import database, marks
from sqdash.store.marked import Marked
from sqdash.store.marks import Mark
from tests.making import put, row

Made = Callable[[str], Path]


class Count:
    """Reads how many holidays there are, and counts how often it was asked."""

    def __init__(self) -> None:
        self.reads = 0

    def __call__(self, connection: database.Connection) -> int:
        self.reads += 1
        return int(connection.execute("SELECT count(*) FROM holidays").fetchone()[0])


def test_a_store_in_which_nothing_was_committed_is_not_opened_again(copy: Made) -> None:
    store, count = copy("empty"), Count()
    found = Marked(count)
    assert [found(store), found(store), found(store)] == [0, 0, 0]
    assert count.reads == 1


def test_the_next_who_asks_after_a_commit_gets_what_it_brought(copy: Made) -> None:
    store, count = copy("empty"), Count()
    found = Marked(count)
    before = found(store)
    put(store, "holidays", row("holidays", day="2014-10-10", label="國慶日", working=False))
    assert (before, found(store)) == (0, 1)
    assert count.reads == 2


def test_while_somebody_commits_the_impatient_get_what_stood_before_and_the_patient_wait(
    copy: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copy("empty")
    impatient, patient = Marked(Count(), patient=False), Marked(Count())
    assert (impatient(store), patient(store)) == (0, 0)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(marks, "vouching", lambda path: Mark(0, 0, 0, 0, 0, True))
    with closing(sqlite3.connect(store, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert impatient(store) == 0
        with pytest.raises(StoreBusy):
            patient(store)
        with pytest.raises(StoreBusy):
            Marked(Count(), patient=False)(store)  # which knows of nothing before


def test_a_store_that_has_gone_is_said_to_be_missing_whatever_was_kept(copy: Made) -> None:
    store = copy("empty")
    found = Marked(Count())
    found(store)
    store.unlink()
    with pytest.raises(StoreMissing):
        found(store)
