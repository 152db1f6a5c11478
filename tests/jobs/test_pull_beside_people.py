"""What people give and what is pulled, for the same thing: both are kept, a rule says which counts, undo is exact."""

from __future__ import annotations

from typing import Any

import pytest

from sqdash.errors import SqdashError
from sqdash.jobs import entries, upload
from sqdash.store import gate, save, stated
from sqdash.store.queries import pulls as queries
from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME
from tests.fake_graph import PAGE_ID
from tests.jobs.pulling import NEWEST, Desk
from tests.making import looking

TODAY = "2026-11-24"
PACIFIC = "America/Los_Angeles"


def typed(at: Desk, value: int, *, day: str = TODAY, zone: str = "Asia/Taipei", measure: str = "fans") -> int:
    """A person types one day of the page."""
    texts = {"page_id": PAGE_ID, "day": day, "day_zone": zone, "measure": measure, "value": str(value)}
    return entries.enter(at.store, BY_NAME["page_days"], texts, reason="核對", by="承辦")


def from_file(at: Desk, value: int, seen: str, *, day: str = TODAY, zone: str = "Asia/Taipei") -> int:
    """A file says so of one day, as seen at that time."""
    with gate.write(at.store, by="承辦", reason="匯入") as change:
        stage = Stage(change.connection, thin=True)
        stage.rank = stated.rank(seen)
        stage.add("page_days", BY_NAME["page_days"].names, [(2, PAGE_ID, day, zone, "fans", value)])
        batch = save.open_batch(change, kind="file", format="x", file_name="粉絲.csv", observed_at=seen)
        save.close_batch(change, batch, save.put_staged(change, stage, batch))
    return batch


def disagreements(at: Desk) -> list[dict[str, Any]]:
    with looking(at.store) as connection:
        return queries.disagreements(connection, PAGE_ID, 50)


def fans(at: Desk) -> int:
    (value,) = at.days("fans", "Asia/Taipei").values()
    return value


def pulled(at: Desk) -> int:
    return at.world.truth.fans()


def differ(at: Desk, counts: int, counts_from: str, other: int, other_from: str) -> bool:
    one = {"measure": "fans", "day": TODAY, "day_zone": "Asia/Taipei"}
    one |= {"counts": counts, "counts_from": counts_from, "other": other, "other_from": other_from}
    return disagreements(at) == [one]


# --- which counts


def test_what_is_typed_after_a_pull_counts_and_the_difference_is_listed(at: Desk) -> None:
    at.pull()
    typed(at, 5000)
    assert fans(at) == 5000
    assert differ(at, 5000, "人工登錄：專頁每日數據", pulled(at), "Graph API 擷取 1")


def test_what_was_typed_before_a_pull_counts_too(at: Desk) -> None:
    at.pull()
    typed(at, 5000)
    at.later(hours=5)
    at.pull()
    assert fans(at) == 5000
    assert differ(at, 5000, "人工登錄：專頁每日數據", pulled(at), "Graph API 擷取 2")


def test_a_figure_that_stands_against_a_typed_one_makes_no_revision_each_time(at: Desk) -> None:
    at.pull()
    typed(at, 5000)
    at.pull()
    revision = at.revision()
    for _ in range(3):
        at.clock.move(1800)
        assert at.pull().state == "done"
    assert at.revision() == revision
    assert differ(at, 5000, "人工登錄：專頁每日數據", pulled(at), "Graph API 擷取 1")


def test_a_file_of_before_gives_way_to_a_pull_and_one_of_later_counts(at: Desk) -> None:
    from_file(at, 4000, "2026-11-24T08:00:00+08:00")
    at.pull()
    assert fans(at) == pulled(at)
    assert differ(at, pulled(at), "Graph API 擷取 1", 4000, "粉絲.csv")
    from_file(at, 4500, "2026-11-24T23:00:00+08:00")
    assert fans(at) == 4500
    assert differ(at, 4500, "粉絲.csv", pulled(at), "Graph API 擷取 1")
    at.later(hours=2)
    at.pull()  # seen at 14:00, before the file
    assert fans(at) == 4500


def test_where_both_say_the_same_there_is_no_difference(at: Desk) -> None:
    from_file(at, pulled(at), "2026-11-24T08:00:00+08:00")
    at.pull()
    assert disagreements(at) == []


def test_where_a_pull_comes_to_say_the_same_the_difference_is_over(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    at.pull()
    typed(at, 5000)
    at.clock.move(1800)
    monkeypatch.setattr(at.world, "fans", lambda *_: 4990)  # nothing else moves
    at.pull()
    assert differ(at, 5000, "人工登錄：專頁每日數據", 4990, "Graph API 擷取 2")
    at.clock.move(1800)
    monkeypatch.setattr(at.world, "fans", lambda *_: 5000)
    at.pull()
    assert fans(at) == 5000
    assert disagreements(at) == []
    at.clock.move(1800)
    revision = at.revision()
    at.pull()
    assert at.revision() == revision
    monkeypatch.setattr(at.world, "fans", lambda *_: 5001)
    at.clock.move(1800)
    at.pull()
    assert differ(at, 5000, "人工登錄：專頁每日數據", 5001, "Graph API 擷取 5")


def test_a_pulled_figure_that_agrees_stays_when_the_typed_one_is_taken_back(
    at: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at.pull()
    batch = typed(at, 5000)
    monkeypatch.setattr(at.world, "fans", lambda *_: 5000)
    at.clock.move(1800)
    at.pull()
    upload.undo(at.store, batch, by="承辦")
    assert fans(at) == 5000


def test_the_others_last_word_is_shown(at: Desk) -> None:
    at.pull()
    typed(at, 5000)
    for _ in range(3):
        at.later(hours=2)
        at.pull()
    assert [(one["counts"], one["other"]) for one in disagreements(at)] == [(5000, pulled(at))]


def test_a_day_of_metas_and_a_day_of_ours_are_two_things(at: Desk) -> None:
    at.pull()
    typed(at, 7777, day=NEWEST.isoformat(), measure="followers")
    assert at.days("followers", "Asia/Taipei")[NEWEST] == 7777
    assert at.days("followers")[NEWEST] == at.world.truth.page_day("page_follows", NEWEST)
    assert disagreements(at) == []


# --- taking back


def test_undoing_a_pull_restores_exactly_what_was(at: Desk) -> None:
    from_file(at, 4000, "2026-11-24T08:00:00+08:00")
    typed(at, 123, day=NEWEST.isoformat(), zone=PACIFIC, measure="views")
    before = {name: at.rows(name) for name in BY_NAME}
    done = at.pull()
    assert done.batch is not None
    assert {name: at.rows(name) for name in BY_NAME} != before
    upload.undo(at.store, done.batch, by="承辦")
    assert {name: at.rows(name) for name in BY_NAME} == before
    assert disagreements(at) == []


def test_undoing_the_second_pull_leaves_the_first_as_it_was(at: Desk) -> None:
    at.pull()
    before = {name: at.rows(name) for name in BY_NAME}
    at.later(days=2)
    done = at.pull()
    assert done.batch is not None
    upload.undo(at.store, done.batch, by="承辦")
    assert {name: at.rows(name) for name in BY_NAME} == before


def test_undoing_what_was_typed_lets_the_pulled_figure_count(at: Desk) -> None:
    at.pull()
    batch = typed(at, 5000)
    at.clock.move(1800)
    at.pull()
    upload.undo(at.store, batch, by="承辦")
    assert fans(at) == pulled(at)


def test_typing_the_same_as_was_pulled_is_no_change(at: Desk) -> None:
    at.pull()
    with pytest.raises(SqdashError, match="相同"):
        typed(at, pulled(at))


def test_what_an_undone_pull_brought_comes_again_with_the_next(at: Desk) -> None:
    done = at.pull()
    before = at.contents()
    assert done.batch is not None
    upload.undo(at.store, done.batch, by="承辦")
    assert at.rows("posts") == at.rows("page_days") == []
    for _ in range(2):
        at.clock.move(1800)
        at.pull()
    assert at.contents() == before
