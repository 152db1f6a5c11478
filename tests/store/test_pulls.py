"""Book-keeping of pulls: what is written is what is read, and none of it is a revision."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sqdash.store import gate, pulls, restore, save
from sqdash.store.gate import Change
from sqdash.store.pulls import MetricState
from sqdash.store.queries import pulls as queries
from tests.making import add, changing, looking, revisions, row

Copy = Callable[[str], Path]
PAGE, OTHER = "77", "88"
T1, T2, T3 = (f"2026-11-24T0{hour}:00:00+00:00" for hour in (1, 2, 3))
STATE = MetricState("page_follows", "day", "followers", "ok", T1, T1, T1, "2024-11-23", "2026-11-22")


@pytest.fixture
def change(memory: sqlite3.Connection) -> Change:
    return changing(memory)


def posts_read(change: Change, *times: tuple[str, str, str], page: str = PAGE) -> None:
    """(post, read, due again), all published on 1 November."""
    pulls.put_reads(change, page, [(post, "2026-11-01T09:00:00+08:00", read, due) for post, read, due in times])


# --- runs


def test_a_run_has_its_parts_and_costs(change: Change) -> None:
    number = pulls.begin(change, PAGE, T1, "v25.0")
    pulls.note_part(change, number, "page", "done", T1, (1, 2, 3))
    pulls.note_part(change, number, "days", "not_permitted", T2, detail="缺少權限。")
    (run,) = queries.runs(change.connection, PAGE, 5)
    assert (run["state"], run["by"], run["ended_at"], run["asked_version"]) == ("running", "測試員", None, "v25.0")
    names = ("part", "state", "added", "changed", "unchanged", "detail", "at")
    assert [tuple(part[name] for name in names) for part in run["parts"]] == [
        ("page", "done", 1, 2, 3, None, T1),
        ("days", "not_permitted", 0, 0, 0, "缺少權限。", T2),
    ]
    pulls.note_cost(change, number, state="limited", ended_at=T2, calls=7, retries=1, waited=2.5, resume_at=T3)
    (run,) = queries.runs(change.connection, PAGE, 5)
    assert (run["state"], run["calls"], run["retries"], run["waited"], run["resume_at"]) == ("limited", 7, 1, 2.5, T3)


def test_runs_come_newest_first_and_by_page(change: Change) -> None:
    first, other, last = (pulls.begin(change, page, at, "v25.0") for page, at in ((PAGE, T1), (OTHER, T1), (PAGE, T2)))
    assert [run["pull"] for run in queries.runs(change.connection, PAGE, 5)] == [last, first]
    assert [run["pull"] for run in queries.runs(change.connection, PAGE, 1)] == [last]
    assert [run["pull"] for run in queries.runs(change.connection, OTHER, 5)] == [other]
    assert queries.parts(change.connection, first) == []


def test_a_run_that_never_ended_was_broken_off(change: Change) -> None:
    number, other = pulls.begin(change, PAGE, T1, "v25.0"), pulls.begin(change, OTHER, T1, "v25.0")
    pulls.begin(change, PAGE, T2, "v25.0")
    states = {run["pull"]: (run["state"], run["ended_at"]) for run in queries.runs(change.connection, PAGE, 5)}
    assert states[number] == ("broken", T2)
    assert queries.runs(change.connection, OTHER, 1)[0]["pull"] == other
    assert queries.runs(change.connection, OTHER, 1)[0]["state"] == "running"


def test_a_clock_that_was_set_back_bars_no_run(change: Change) -> None:
    number = pulls.begin(change, PAGE, T3, "v25.0")
    pulls.begin(change, PAGE, T1, "v25.0")
    broken = next(run for run in queries.runs(change.connection, PAGE, 5) if run["pull"] == number)
    assert (broken["state"], broken["ended_at"]) == ("broken", T3)


def test_when_the_last_run_began_that_was_not_broken_off(change: Change) -> None:
    assert queries.last_started(change.connection) is None
    for page, at, state in ((PAGE, T1, "done"), (OTHER, T2, "failed"), (PAGE, T3, "broken")):
        pulls.note_cost(change, pulls.begin(change, page, at, "v25.0"), state=state, ended_at=at)
    assert queries.last_started(change.connection) == T2


def test_book_keeping_is_committed_without_a_revision(copy: Copy) -> None:
    store = copy("empty")
    before = revisions(store)
    with gate.write(store, by="x", reason="x") as change:
        number = pulls.begin(change, PAGE, T1, "v25.0")
        pulls.note_part(change, number, "page", "done", T1)
        pulls.put_states(change, PAGE, [STATE])
        posts_read(change, ("1", T1, T2))
        pulls.mark_gone(change, ["1"], T2)
        pulls.ask_again(change, ["1"], T2)
        pulls.note_listed(change, PAGE, T1, whole=True)
        pulls.put_token(change, PAGE, {"token_valid": 1})
    assert revisions(store) == before
    with looking(store) as connection:
        assert queries.states(connection, PAGE) == [STATE]
        assert len(queries.runs(connection, PAGE, 5)) == 1


def test_what_a_broken_change_wrote_is_gone(copy: Copy) -> None:
    store = copy("empty")

    def breaks_off() -> None:
        with gate.write(store, by="x", reason="x") as change:
            pulls.begin(change, PAGE, T1, "v25.0")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks_off()
    with looking(store) as connection:
        assert queries.runs(connection, PAGE, 5) == []


# --- metrics, token, list


def test_a_metrics_state_is_kept_by_page_metric_and_period(change: Change) -> None:
    weekly = replace(STATE, period="week", status="not_served", detail="x", filled_from=None, filled_to=None)
    pulls.put_states(change, PAGE, [STATE, weekly])
    pulls.put_states(change, OTHER, [STATE])
    gone = replace(STATE, status="not_served", since=T2, checked_at=T2)
    pulls.put_states(change, PAGE, [gone])
    assert queries.states(change.connection, PAGE) == [gone, weekly]
    assert queries.states(change.connection, OTHER) == [STATE]


@pytest.mark.parametrize(
    "wrong", [{"status": "0"}, {"filled_from": None}, {"filled_from": "2027-01-01"}, {"filled_to": "2026-11-31"}]
)
def test_a_state_that_makes_no_sense_is_refused(change: Change, wrong: dict[str, str]) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        pulls.put_states(change, PAGE, [replace(STATE, **wrong)])


def test_before_the_first_pull_nothing_is_known_of_a_page(change: Change) -> None:
    assert set(queries.page_read(change.connection, PAGE).values()) == {None}
    assert queries.states(change.connection, PAGE) == []


def test_a_list_to_a_bound_does_not_count_as_the_whole(change: Change) -> None:
    pulls.note_listed(change, PAGE, T1, whole=False)
    assert queries.page_read(change.connection, PAGE)["all_listed_at"] is None
    pulls.note_listed(change, PAGE, T2, whole=True)
    pulls.note_listed(change, PAGE, T3, whole=False)
    read = queries.page_read(change.connection, PAGE)
    assert (read["listed_at"], read["all_listed_at"]) == (T3, T2)


def test_a_tokens_state_is_replaced_whole_and_leaves_the_list(change: Change) -> None:
    pulls.note_listed(change, PAGE, T1, whole=True)
    pulls.put_token(change, PAGE, {"token_checked_at": T1, "token_valid": 1, "token_missing": "read_insights"})
    pulls.put_token(change, PAGE, {"token_checked_at": T2, "token_valid": 0})
    read = queries.page_read(change.connection, PAGE)
    assert (read["token_checked_at"], read["token_valid"], read["token_missing"]) == (T2, 0, None)
    assert read["all_listed_at"] == T1


# --- posts


def test_posts_are_due_in_the_order_in_which_they_became_so(change: Change) -> None:
    posts_read(change, ("a", T1, T3), ("b", T1, T2), ("c", T1, "2026-11-25T00:00:00+00:00"), ("d", T3, T1))
    posts_read(change, ("e", T1, T1), page=OTHER)
    assert queries.due(change.connection, PAGE, T3, 10) == ["b", "a"]  # c is not due, d was read just now
    assert queries.due(change.connection, PAGE, T3, 1) == ["b"]
    pulls.ask_again(change, ["c"], T1)
    assert queries.due(change.connection, PAGE, T3, 10) == ["c", "b", "a"]


def test_a_post_that_is_gone_is_not_due_and_comes_back_when_read(change: Change) -> None:
    posts_read(change, ("a", T1, T2))
    pulls.mark_gone(change, ["a", "never-read"], T2)
    pulls.mark_gone(change, ["a"], T3)  # since when stays
    assert queries.reads_of(change.connection, ["a", "never-read"]) == {"a": (T2, T2, T2)}
    assert queries.due(change.connection, PAGE, T3, 10) == []
    assert queries.read_before(change.connection, PAGE, "") == []
    posts_read(change, ("a", T3, T3))
    assert queries.reads_of(change.connection, ["a"]) == {"a": (T3, None, T3)}


def test_gone_posts_are_listed_with_what_they_said(change: Change) -> None:
    at = "2026-11-01T09:00:00+08:00"
    add(
        change.connection,
        "posts",
        row("posts", post_id="a", page_id=PAGE, published_at=at, message="文", permalink="u"),
    )
    posts_read(change, ("a", T1, T2), ("b", T1, T2))
    pulls.mark_gone(change, ["a"], T2)
    pulls.mark_gone(change, ["b"], T3)
    assert queries.gone(change.connection, PAGE, 10) == [(T3, None, None), (T2, "文", "u")]
    assert queries.gone(change.connection, PAGE, 1) == [(T3, None, None)]


def test_posts_read_before_are_those_from_a_moment_on(change: Change) -> None:
    posts_read(change, ("a", T1, T2), ("b", T1, T2))
    assert sorted(queries.read_before(change.connection, PAGE, "")) == ["a", "b"]
    assert sorted(queries.read_before(change.connection, PAGE, "2026-11-01T09:00:00+08:00")) == ["a", "b"]
    assert queries.read_before(change.connection, PAGE, "2026-11-01T09:00:01+08:00") == []
    assert queries.read_before(change.connection, OTHER, "") == []


def test_reading_nothing_asks_for_nothing(change: Change) -> None:
    assert queries.reads_of(change.connection, []) == {}
    assert queries.stored(change.connection, ("message",), []) == {}


def test_only_pages_with_a_number_can_be_pulled_the_own_first(change: Change) -> None:
    for page, kind in (("page:103", "own"), ("5", "benchmark"), ("7", "own"), ("6", "unassigned")):
        add(change.connection, "pages", row("pages", page_id=page, kind=kind, label=f"頁{page}"))
    assert queries.pages(change.connection) == [
        ("7", "own", "頁7"),
        ("5", "benchmark", "頁5"),
        ("6", "unassigned", "頁6"),
    ]


# --- what is covered, how fresh it is


def pulled(change: Change, *spans: tuple[str, str], page: str = PAGE, kind: str = "pull") -> int:
    """A batch, in a change of its own, that covers these days."""
    change = changing(change.connection)
    batch = save.open_batch(change, kind=kind, format="graph", file_name="x")
    for first, last in spans:
        save.cover(change, batch, page, first, last)
    return batch


@pytest.mark.parametrize(
    ("spans", "since", "last"),
    [
        ((), "2026-01-01", None),
        ((("2026-01-01", "2026-01-31"),), "2026-01-01", "2026-01-31"),
        ((("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-05")), "2026-01-10", "2026-02-05"),
        ((("2026-01-01", "2026-02-05"), ("2026-01-10", "2026-01-12")), "2026-01-01", "2026-02-05"),
        ((("2026-01-01", "2026-01-31"), ("2026-02-02", "2026-02-05")), "2026-01-10", "2026-01-31"),
        ((("2026-01-02", "2026-01-31"),), "2026-01-01", None),
        ((("2025-01-01", "2025-12-31"),), "2026-01-01", None),
    ],
)
def test_days_are_covered_up_to_the_first_gap(
    change: Change, spans: tuple[tuple[str, str], ...], since: str, last: str | None
) -> None:
    pulled(change, *spans)
    pulled(change, ("2026-01-01", "2026-12-31"), page=OTHER)
    pulled(change, ("2026-01-01", "2026-12-31"), kind="file")
    assert queries.covered_to(change.connection, PAGE, since) == last


def test_a_pull_that_was_taken_back_covers_nothing(change: Change) -> None:
    batch = pulled(change, ("2026-01-01", "2026-01-31"))
    restore.undo(change, batch, "x")
    assert queries.covered_to(change.connection, PAGE, "2026-01-01") is None


def test_what_a_pull_brought_is_asked_for_again_once_it_is_taken_back(change: Change) -> None:
    at = "2026-11-01T09:00:00+08:00"
    number = pulls.begin(change, PAGE, T1, "v25.0")
    batch = add(change.connection, "posts", row("posts", post_id="a", page_id=PAGE, published_at=at))
    pulls.note_cost(change, number, batch=batch)
    posts_read(change, ("a", T1, T3), ("b", T1, T3))
    posts_read(change, ("c", T1, T3), page=OTHER)
    for page in (PAGE, OTHER):
        pulls.put_states(change, page, [STATE])
        pulls.note_listed(change, page, T1, whole=True)
    restore.undo(change, batch, "x")
    assert queries.states(change.connection, PAGE) == [replace(STATE, filled_from=None, filled_to=None)]
    assert queries.reads_of(change.connection, "abc") == {
        "a": ("1970-01-01T00:00:00+00:00", None, T1),
        "b": (T3, None, T1),
        "c": (T3, None, T1),
    }
    assert queries.page_read(change.connection, PAGE)["all_listed_at"] is None
    assert queries.states(change.connection, OTHER) == [STATE]
    assert queries.page_read(change.connection, OTHER)["all_listed_at"] == T1


def test_freshness_is_revision_last_good_end_and_last_state(change: Change) -> None:
    connection = change.connection
    revision, ended, state = queries.freshness(connection)
    assert (ended, state) == (None, None)
    pulls.note_cost(change, pulls.begin(change, PAGE, T1, "v25.0"), state="partly", ended_at=T2)
    pulls.note_cost(change, pulls.begin(change, PAGE, T2, "v25.0"), state="failed", ended_at=T3)
    assert queries.freshness(connection) == (revision, T2, "failed")


def test_which_days_there_are_by_measure_and_zone(change: Change) -> None:
    given = (
        ("2026-11-01", "Asia/Taipei", "fans", 1),
        ("2026-11-03", "Asia/Taipei", "fans", 0),
        ("2026-11-02", "America/Los_Angeles", "views", 5),
    )
    rows = [row("page_days", page_id=PAGE, day=d, day_zone=z, measure=m, value=v) for d, z, m, v in given]
    add(change.connection, "page_days", *rows)
    assert queries.days_of(change.connection, PAGE, "fans", "Asia/Taipei", "2026-11-02") == {"2026-11-03"}
    assert queries.days_of(change.connection, PAGE, "fans", "America/Los_Angeles", "2026-01-01") == set()
