"""A row is what the standing batches state of it, each column by the last that gives it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sqdash.store import outlook, restore, save, staged_changes, stated
from sqdash.store.staging import Stage
from sqdash.tables import BY_NAME, TABLES
from tests.making import changing, open_copy
from tests.store.observing import PAGE, at

Copy = Callable[[str], Path]
POST = f"{PAGE}_1"
KEY = {"activity_id": "event:1"}
HELD = {"kind": "training", "title": "講習", "held_on": "2014-03-01"}
EXTRAS = ("attendees", "partner", "place")
TEXTS = ("message", "topic", "permalink")
FIGURES = ("likes", "comments", "reach")
ONCE = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def store(
    memory: sqlite3.Connection,
    tables: Mapping[str, Mapping[str, Any]],
    seen: str | None = None,
    kind: str = "file",
) -> int:
    """One file with one row for each table, which has the columns named; its batch."""
    change = changing(memory, "匯入")
    stage = Stage(memory, thin=True)
    stage.rank = stated.rank(seen) if kind == "file" else None
    for name, values in tables.items():
        stage.add(name, tuple(values), [(2, *values.values())])
    batch = save.open_batch(change, kind=kind, format="x", file_name="x.csv", observed_at=seen)
    save.close_batch(change, batch, save.put_staged(change, stage, batch))
    return batch


def activity(memory: sqlite3.Connection, **extras: Any) -> int:
    return store(memory, {"activities": KEY | HELD | extras})


def export(memory: sqlite3.Connection, day: int, texts: Mapping[str, Any], figures: Mapping[str, Any]) -> int:
    posts = {"post_id": POST, "page_id": PAGE, "published_at": "2014-10-01T00:00:00+08:00", **texts}
    snapshots = {"post_id": POST, "observed_at": at(day), **figures}
    return store(memory, {"posts": posts, "snapshots": snapshots}, at(day))


def strike(memory: sqlite3.Connection) -> int | None:
    if not memory.execute("SELECT 1 FROM activities WHERE closed_revision IS NULL").fetchone():
        return None
    change = changing(memory, "刪列")
    batch = save.open_batch(change, kind="entry", format="activities", file_name="刪列")
    save.strike(change, BY_NAME["activities"], list(KEY.values()), "重複")
    return batch


def undo(memory: sqlite3.Connection, batch: int) -> None:
    restore.undo(changing(memory), batch, "還原")


def redo(memory: sqlite3.Connection, batch: int) -> None:
    restore.redo(changing(memory), batch, "恢復")


def row(memory: sqlite3.Connection, table: str, columns: Sequence[str]) -> dict[str, Any] | None:
    """These columns of the table's one current row."""
    found = memory.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE closed_revision IS NULL").fetchall()
    assert len(found) <= 1
    return dict(zip(columns, found[0], strict=True)) if found else None


def now(memory: sqlite3.Connection) -> dict[str, Any] | None:
    found = memory.execute(f"SELECT {', '.join(FIGURES)} FROM post_now").fetchone()
    return dict(zip(FIGURES, found, strict=True)) if found else None


# --- masks


def test_all_columns_need_no_mask_and_some_are_bits_of_the_catalogue() -> None:
    holidays = BY_NAME["holidays"]
    assert stated.mask(holidays, holidays.names) is None
    assert stated.mask(holidays, holidays.names[:1]) == 1
    assert [stated.has(0b101, n) for n in range(3)] == [True, False, True]
    assert stated.has(None, 40)


def test_a_mask_fits_into_a_column_for_every_table() -> None:
    assert max(len(table.names) for table in TABLES) < 63


# --- columns that another file gave


def test_undoing_takes_back_the_columns_that_only_the_undone_file_gave(memory: sqlite3.Connection) -> None:
    first = activity(memory, partner="崑山科大")
    activity(memory, attendees=30)
    assert row(memory, "activities", EXTRAS) == {"attendees": 30, "partner": "崑山科大", "place": None}
    undo(memory, first)
    assert row(memory, "activities", EXTRAS) == {"attendees": 30, "partner": None, "place": None}
    redo(memory, first)
    assert row(memory, "activities", EXTRAS) == {"attendees": 30, "partner": "崑山科大", "place": None}


def test_a_file_that_only_confirms_some_columns_keeps_those_and_no_others(memory: sqlite3.Connection) -> None:
    first = activity(memory, partner="崑山科大", place="臺南")
    activity(memory, place="臺南")
    undo(memory, first)
    assert row(memory, "activities", EXTRAS) == {"attendees": None, "partner": None, "place": "臺南"}


def test_a_topic_written_by_hand_outlives_the_exports_around_it(memory: sqlite3.Connection) -> None:
    first = export(memory, 5, {"message": "開放日", "topic": "活動"}, {"likes": 3})
    export(memory, 10, {"message": "開放日"}, {"likes": 3, "reach": 90})
    assert row(memory, "posts", TEXTS) == {"message": "開放日", "topic": "活動", "permalink": None}
    undo(memory, first)
    assert row(memory, "posts", TEXTS) == {"message": "開放日", "topic": None, "permalink": None}
    assert now(memory) == {"likes": 3, "comments": None, "reach": 90}


def test_an_older_export_imported_later_leaves_the_texts_and_fills_what_was_never_given(
    memory: sqlite3.Connection,
) -> None:
    newer = export(memory, 10, {"message": "開放日（更正）"}, {"likes": 4})
    export(memory, 5, {"message": "開放日", "permalink": "https://www.facebook.com/1"}, {"likes": 3})
    assert row(memory, "posts", TEXTS) == {
        "message": "開放日（更正）",
        "topic": None,
        "permalink": "https://www.facebook.com/1",
    }
    undo(memory, newer)
    assert row(memory, "posts", TEXTS)["message"] == "開放日"  # type: ignore[index]


def test_an_older_export_is_counted_as_leaving_the_texts(memory: sqlite3.Connection) -> None:
    export(memory, 10, {"message": "開放日（更正）"}, {"likes": 4})
    stage = Stage(memory, thin=True)
    stage.rank = stated.rank(at(5))
    names = ("post_id", "page_id", "published_at", "message")
    stage.add("posts", names, [(2, POST, PAGE, "2014-10-01T00:00:00+08:00", "開放日")])
    stage.compare()
    assert stage.counts() == (0, 0, 1)
    assert staged_changes.changes(stage, "posts", 9) == []
    stage.rank = stated.rank(at(11))
    stage.compare()
    assert stage.counts() == (0, 1, 0)


def test_the_outlook_tells_of_columns_that_only_the_undone_file_gave(memory: sqlite3.Connection) -> None:
    first = activity(memory, partner="崑山科大")
    second = activity(memory, attendees=30)
    found = outlook.of(memory, first)
    assert (found.stays, found.partly, found.later) == (1, 1, ((second, "x.csv", 1),))
    assert found.sentence == (
        "還原批次 1 將使 1 列因後來的批次 2（x.csv）而維持現況（其中 1 列由本批次提供的欄位會改回或移除）。"
    )
    third = activity(memory, attendees=31, partner="嘉南藥理大學")
    found = outlook.of(memory, first)
    assert (found.stays, found.partly, found.later) == (1, 0, ((third, "x.csv", 1),))


def test_the_outlook_of_a_post_goes_by_observation_and_not_by_the_order_of_files(memory: sqlite3.Connection) -> None:
    newer = export(memory, 10, {"message": "開放日（更正）"}, {"likes": 4})
    older = export(memory, 5, {"message": "開放日"}, {"likes": 3})
    assert outlook.of(memory, newer).later == ()
    assert (outlook.of(memory, older).later, outlook.of(memory, older).returned) == ((), 0)


def test_a_text_that_a_person_typed_outlives_every_export(memory: sqlite3.Connection) -> None:
    export(memory, 5, {"message": "開放日", "topic": "活動"}, {"likes": 3})
    typed = store(memory, {"posts": {"post_id": POST, "topic": "消費者保護"}}, kind="entry")
    export(memory, 10, {"message": "開放日（更正）", "topic": "活動"}, {"likes": 3})
    assert row(memory, "posts", TEXTS) == {"message": "開放日（更正）", "topic": "消費者保護", "permalink": None}
    undo(memory, typed)
    assert row(memory, "posts", TEXTS) == {"message": "開放日（更正）", "topic": "活動", "permalink": None}


def typed(memory: sqlite3.Connection, **texts: Any) -> int:
    return store(memory, {"posts": {"post_id": POST, **texts}}, kind="entry")


def test_what_a_person_typed_comes_back_with_the_right_export_after_the_wrong_one_was_undone(
    memory: sqlite3.Connection,
) -> None:
    wrong = export(memory, 5, {"message": "錯的", "topic": "活動"}, {"likes": 1})
    typed(memory, topic="消費者保護")
    undo(memory, wrong)
    assert row(memory, "posts", TEXTS) is None
    export(memory, 5, {"message": "對的", "topic": "活動"}, {"likes": 1})
    assert row(memory, "posts", TEXTS) == {"message": "對的", "topic": "消費者保護", "permalink": None}


def test_a_column_that_nobody_typed_is_counted_and_shown_as_it_changes(memory: sqlite3.Connection) -> None:
    export(memory, 5, {"message": "舊文"}, {"likes": 1})
    typed(memory, topic="消費者保護")
    stage = Stage(memory, thin=True)
    stage.rank = stated.rank(at(10))
    names = ("post_id", "page_id", "published_at", "message", "topic")
    stage.add("posts", names, [(2, POST, PAGE, "2014-10-01T00:00:00+08:00", "新文", "活動")])
    stage.compare()
    assert stage.counts() == (0, 1, 0)
    ((number, old, new),) = staged_changes.changes(stage, "posts", 9)
    assert (number, old["message"], new["message"], new["topic"]) == (2, "舊文", "新文", "消費者保護")


def test_an_older_export_that_fills_a_column_is_counted_as_a_change(memory: sqlite3.Connection) -> None:
    export(memory, 4, {"message": "文"}, {"likes": 1})
    stage = Stage(memory, thin=True)
    stage.rank = stated.rank(at(2))
    names = ("post_id", "page_id", "published_at", "permalink")
    stage.add("posts", names, [(2, POST, PAGE, "2014-10-01T00:00:00+08:00", "https://www.facebook.com/1")])
    stage.compare()
    assert stage.counts() == (0, 1, 0)


def test_a_figure_seen_again_by_an_undone_export_goes_from_the_row_it_was_joined_to(memory: sqlite3.Connection) -> None:
    first = export(memory, 5, {}, {"likes": 3, "reach": 90})
    second = export(memory, 10, {}, {"reach": 90})
    export(memory, 10, {}, {"likes": 4})
    undo(memory, second)
    undo(memory, first)
    assert now(memory) == {"likes": 4, "comments": None, "reach": None}


def test_columns_of_two_files_that_contradict_each_other_leave_those_of_the_last(memory: sqlite3.Connection) -> None:
    """An end of the first file that lies before the beginning of the last is left out, and undoing never fails."""
    first = store(memory, {"activities": KEY | HELD | {"ended_on": "2014-03-02"}})
    undo(memory, first)
    store(memory, {"activities": KEY | HELD | {"held_on": "2014-05-02"}})
    redo(memory, first)
    assert row(memory, "activities", ("held_on", "ended_on")) == {"held_on": "2014-05-02", "ended_on": None}


def test_without_the_file_that_gave_what_a_row_needs_there_is_no_row(memory: sqlite3.Connection) -> None:
    first = activity(memory, partner="崑山科大")
    store(memory, {"activities": KEY | {"place": "臺南"}})
    found = outlook.of(memory, first)
    assert (found.gone, found.stays, found.later) == (1, 0, ())
    undo(memory, first)
    assert row(memory, "activities", EXTRAS) is None
    redo(memory, first)
    assert row(memory, "activities", EXTRAS) == {"attendees": None, "partner": "崑山科大", "place": "臺南"}


# --- any order

VALUES = st.sampled_from([None, 1, 2])
ACTIVITY = st.tuples(st.just("activity"), st.dictionaries(st.sampled_from(EXTRAS), VALUES))
EXPORT = st.tuples(
    st.just("export"),
    st.tuples(
        st.integers(1, 4),
        st.dictionaries(st.sampled_from(TEXTS), VALUES),
        st.dictionaries(st.sampled_from(FIGURES), VALUES),
    ),
)
TYPED = st.tuples(st.just("typed"), st.dictionaries(st.sampled_from(TEXTS), VALUES, min_size=1))
STRIKE = st.tuples(st.just("strike"), st.none())
TURN = st.tuples(st.sampled_from(["undo", "redo"]), st.integers(0, 9))
Step = tuple[str, Any]


def play(memory: sqlite3.Connection, steps: Sequence[Step]) -> list[Step]:
    """Do the steps; those of the batches that stand at the end, by batch."""
    standing: dict[int, Step] = {}
    undone: dict[int, Step] = {}
    for what, about in steps:
        if what in ("undo", "redo"):
            source, target, turn = (standing, undone, undo) if what == "undo" else (undone, standing, redo)
            if source:
                batch = sorted(source)[about % len(source)]
                turn(memory, batch)
                target[batch] = source.pop(batch)
            continue
        batch = (
            activity(memory, **{k: v if k == "attendees" else v and str(v) for k, v in about.items()})
            if what == "activity"
            else strike(memory)
            if what == "strike"
            else typed_if_there(memory, about)
            if what == "typed"
            else export(memory, about[0], {k: v and str(v) for k, v in about[1].items()}, about[2])
        )
        if batch is not None:
            standing[batch] = what, about
    return [standing[batch] for batch in sorted(standing)]


def typed_if_there(memory: sqlite3.Connection, about: Mapping[str, Any]) -> int | None:
    if not memory.execute("SELECT 1 FROM posts WHERE closed_revision IS NULL").fetchone():
        return None
    return typed(memory, **{k: v and str(v) for k, v in about.items()})


def expected_activity(steps: Sequence[Step]) -> dict[str, Any] | None:
    """By hand: column by column what the last one says, from nothing after a strike."""
    found: dict[str, Any] | None = None
    for what, about in steps:
        if what == "strike":
            found = None
        elif what == "activity":
            found = (found or dict.fromkeys(EXTRAS)) | about
    return found


def expected_post(steps: Sequence[Step]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """By hand: texts by the latest observation that has the column, figures by the latest that gives one."""
    exports = sorted((about for what, about in steps if what == "export"), key=lambda about: about[0])
    if not exports:
        return None, None
    texts: dict[str, Any] = dict.fromkeys(TEXTS)
    times: dict[int, dict[str, Any]] = {}
    for day, said, figures in exports:
        texts |= said
        times.setdefault(day, {}).update(figures)
    for what, said in steps:
        texts |= said if what == "typed" else {}
    current: dict[str, Any] = dict.fromkeys(FIGURES)
    for _, figures in sorted(times.items()):
        current |= {name: value for name, value in figures.items() if value is not None}
    return texts, current


def plain(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if found is None else {k: v and int(v) for k, v in found.items()}


@ONCE
@given(steps=st.lists(st.one_of(ACTIVITY, STRIKE, TURN), max_size=9))
def test_a_row_is_what_the_standing_files_state_whatever_columns_each_has(made: Copy, steps: list[Step]) -> None:
    with closing(open_copy(made("empty"))) as memory:
        standing = play(memory, steps)
        assert plain(row(memory, "activities", EXTRAS)) == expected_activity(standing)


@ONCE
@given(steps=st.lists(st.one_of(EXPORT, TYPED, TURN), max_size=9))
@example(steps=[("export", (1, {}, {"likes": 1, "reach": 2})), ("export", (2, {}, {"likes": 1})), ("undo", 0)])
@example(steps=[("export", (2, {"message": 1}, {})), ("export", (1, {"message": 2}, {})), ("undo", 0), ("redo", 0)])
def test_a_post_is_what_the_standing_exports_state_whatever_columns_each_has(made: Copy, steps: list[Step]) -> None:
    with closing(open_copy(made("empty"))) as memory:
        texts, figures = expected_post(play(memory, steps))
        assert plain(row(memory, "posts", TEXTS)) == texts
        assert now(memory) == figures
