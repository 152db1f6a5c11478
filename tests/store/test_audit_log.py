"""The audit log: what a line holds, which changes have one, that it only grows but for what is old, how it is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.jobs import upload
from sqdash.store import asof, audit, database, digests, gate
from sqdash.store.queries.audit import Wanted, choices, lines, stream
from tests.making import BY, looking, put, put_in, revisions, row
from tests.people_store import audited, rows, tell_time

Copy = Callable[[str], Path]
_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
_LONG = "Ab3" + "x" * 40


def aged(store: Path, days: float, action: str = "old", subject: str = "") -> str:
    """A line of so many days ago; its moment."""
    at = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO audit_log (at, by, action, subject) VALUES (?, ?, ?, ?)", (at, BY, action, subject)
        )
        digests.lay(connection)
    return at


def delete(store: Path, action: str) -> int:
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        return connection.execute("DELETE FROM audit_log WHERE action = ?", (action,)).rowcount


# --- what a line holds


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("一行\n偽造的一行\r\n", "一行 偽造的一行"),
        ("a\tb\x00c\x1b[31md\x7f", "a b c [31md"),
        ("a\u2028b\u2029c\u0085d", "a b c d"),
        ("posts\u202evsc.exe", "posts vsc.exe"),
        ("a\ud800b", "a b"),
        ("access_token=EAAB12345&x=1", "access_token=…&x=1"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
        ("貼上 EAABsbCS1iHgBAKZC0ZAQpZBZC9x 了", "貼上 … 了"),
        ("密碼：hunter2hunter2 已改", "… 已改"),
        ("password = hunter2", "…"),
        (f"看 {_LONG} 這個", "看 … 這個"),
        ("Oct-01-2014_Oct-31-2014_1318345729452000000.csv", "Oct-01-2014_Oct-31-2014_1318345729452000000.csv"),
        (_HASH, _HASH),
        ("密碼變更了", "密碼變更了"),
    ],
)  # fmt: skip
def test_a_line_is_one_line_without_control_characters_and_secrets(text: str, kept: str) -> None:
    assert audit.clean(text) == kept


@given(st.text())
def test_whatever_it_is_given_a_line_can_be_written_and_read(text: str) -> None:
    found = audit.clean(text)
    assert found == " ".join(found.split())
    assert found.isprintable()
    assert found.encode().decode() == found


def test_a_line_says_from_where(copy: Copy) -> None:
    store = copy("empty")
    before = gate.origin.set("192.0.2.7\n")
    try:
        put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    finally:
        gate.origin.reset(before)
    put(store, "holidays", row("holidays", day="2014-01-02", label="二日", working=0))
    assert [line[1] for line in audited(store, "import")] == ["192.0.2.7", ""]


def test_who_did_it_is_made_fit_for_the_log_too(copy: Copy) -> None:
    store = copy("empty")
    with gate.write(store, by="王\n偽造", reason="x") as change:
        change.audit("export", "y")
        change.note()
    assert audited(store) == [("王 偽造", "", "export", "y", "")]


# --- which changes have a line


def test_a_change_that_says_nothing_itself_has_a_line_with_its_reason_and_revision(copy: Copy) -> None:
    store = copy("empty")
    with gate.write(store, by=BY, reason="改一列\n了") as change:
        revision = change.revision
    assert rows(store, "SELECT by, action, subject, detail, revision, address FROM audit_log") == [
        (BY, "change", "改一列 了", "", revision, "")
    ]


def test_a_change_that_says_what_it_did_has_no_second_line(copy: Copy) -> None:
    store = copy("empty")
    put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    assert [line[2] for line in audited(store)] == ["import"]


def test_a_line_written_before_the_revision_was_taken_does_not_stand_for_it(copy: Copy) -> None:
    store = copy("empty")
    with gate.write(store, by=BY, reason="改一列") as change:
        change.audit("token", "page 1")
        assert change.revision == 1
    assert rows(store, "SELECT action, subject, revision FROM audit_log") == [
        ("token", "page 1", None),
        ("change", "改一列", 1),
    ]


def test_every_revision_of_a_store_in_use_has_a_line(made: Copy, pulled_store: Callable[[], Path]) -> None:
    for store in (made("demo"), pulled_store()):
        said = {revision for (revision,) in rows(store, "SELECT revision FROM audit_log")}
        assert revisions(store) > 10
        assert {revision for (revision,) in rows(store, "SELECT revision FROM revisions")} <= said


def test_book_keeping_without_a_revision_has_no_line_of_its_own(copy: Copy) -> None:
    store = copy("empty")
    with gate.write(store, by=BY, reason="活動") as change:
        change.note()
    assert audited(store) == []


def failing(store: Path) -> None:
    with gate.write(store, by=BY, reason="x") as change:
        change.audit("export", "y")
        change.note()
        raise ZeroDivisionError


def test_a_change_that_failed_has_no_line(copy: Copy) -> None:
    store = copy("empty")
    with pytest.raises(ZeroDivisionError):
        failing(store)
    assert audited(store) == []


# --- what leaves


@pytest.mark.parametrize("days", [0, 1, 100, 182.9])
def test_no_line_of_the_last_183_days_can_be_removed(copy: Copy, days: float) -> None:
    store = copy("empty")
    aged(store, days)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        delete(store, "old")


def test_a_line_of_before_can(copy: Copy) -> None:
    store = copy("empty")
    aged(store, 183.1)
    assert delete(store, "old") == 1


@pytest.mark.parametrize("action", ["undo", "redo", "cover"])
def test_a_line_from_which_the_past_is_read_never_can(copy: Copy, action: str) -> None:
    store = copy("empty")
    aged(store, 5000, action)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        delete(store, action)


@pytest.mark.parametrize("at", ["", "2014", "x", "2014-01-01 00:00:00"])
def test_a_line_whose_time_cannot_be_read_stays(copy: Copy, at: str) -> None:
    store = copy("empty")
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("INSERT INTO audit_log (at, by, action, subject) VALUES (?, '', 'old', '')", (at,))
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        delete(store, "old")


def test_lines_older_than_two_years_leave_with_the_next_change_which_says_so(copy: Copy) -> None:
    store = copy("empty")
    aged(store, 900)
    last = aged(store, 731.5)
    aged(store, 730.5, "young")
    aged(store, 900, "cover")
    put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    assert [line[2] for line in audited(store)] == ["young", "cover", "import", "rotate"]
    assert audited(store, "rotate") == [("系統", "", "rotate", "2 lines", f"to {last}")]
    put(store, "holidays", row("holidays", day="2014-01-02", label="二日", working=0))
    assert len(audited(store, "rotate")) == 1


def test_a_clock_that_is_years_ahead_removes_no_line_of_the_last_183_days(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = copy("empty")
    aged(store, 10)
    aged(store, 200)
    clock = tell_time(monkeypatch)
    clock.at = datetime.now(UTC) + timedelta(days=3000)
    put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    assert len(audited(store, "old")) == 1


def test_the_log_cannot_be_changed_or_written_over(copy: Copy) -> None:
    store = copy("empty")
    aged(store, 900)
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        for statement in (
            "UPDATE audit_log SET by = 'x'",
            "UPDATE audit_log SET address = 'x'",
            "INSERT OR REPLACE INTO audit_log (id, at, by, action, subject) VALUES (1, '', '', '', '')",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)


# --- how it is read


@pytest.fixture
def told(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with 6 lines of two days and two people."""
    store = copy("empty")
    clock = tell_time(monkeypatch)
    clock.at = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)  # the last second of 2 March in Taipei
    for n, (by, action, subject) in enumerate(
        [
            ("王", "sign-in", "wang"),
            ("林", "export", "100%_all"),
            ("王", "export", "1000 all"),
            ("林", "sign-out", "lin"),
            ("王", "download", "a\\b"),
        ]
    ):
        with gate.write(store, by=by, reason="x") as change:
            change.audit(action, subject)
            change.note()
        clock.forward(seconds=n == 0)
    with gate.write(store, by="林", reason="x") as change:
        put_in(change, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0), file_name="假日.csv")
    return store


def found(store: Path, page: int = 1, size: int = 50, **wanted: object) -> tuple[list[str], int]:
    with looking(store) as connection:
        given = Wanted(**wanted)  # type: ignore[arg-type]
        page_of = lines(connection, given, page=page, size=size)
        assert tuple(stream(connection, given))[(max(page, 1) - 1) * size :][:size] == page_of.lines
    return [line.subject for line in page_of.lines], page_of.total


ALL = ["batch 1", "a\\b", "lin", "1000 all", "100%_all", "wang"]


def test_lines_are_read_by_pages_newest_first(told: Path) -> None:
    assert found(told) == (ALL, 6)
    assert [found(told, page, 4) for page in (1, 2, 3)] == [(ALL[:4], 6), (ALL[4:], 6), ([], 6)]
    assert found(told, 0, 2) == (ALL[:2], 6)


@pytest.mark.parametrize(
    ("wanted", "subjects"),
    [
        ({"first": date(2026, 3, 3)}, ALL[:5]),
        ({"last": date(2026, 3, 2)}, ["wang"]),
        ({"first": date(2026, 3, 3), "last": date(2026, 3, 3)}, ALL[:5]),
        ({"first": date(2026, 3, 4)}, []),
        ({"by": "王"}, ["a\\b", "1000 all", "wang"]),
        ({"action": "export"}, ["1000 all", "100%_all"]),
        ({"by": "王", "action": "export"}, ["1000 all"]),
        ({"text": "%"}, ["100%_all"]),
        ({"text": "_"}, ["100%_all"]),
        ({"text": "\\"}, ["a\\b"]),
        ({"text": "ALL 林"}, ["100%_all"]),
        ({"text": "1 added"}, ["batch 1"]),
        ({"text": "假日.csv"}, ["batch 1"]),
        ({"text": "' OR 1=1 --"}, []),
    ],
)
def test_lines_are_found_by_day_person_action_and_words(
    told: Path, wanted: dict[str, object], subjects: list[str]
) -> None:
    assert found(told, **wanted) == (subjects, len(subjects))


def test_a_line_gives_both_times_and_the_batch_and_file_of_its_revision(told: Path) -> None:
    with looking(told) as connection:
        newest, *_, oldest = lines(connection, Wanted(), page=1, size=50).lines
    assert (oldest.utc, oldest.taipei) == ("2026-03-02T15:59:59Z", "115/03/02 23:59:59")
    assert (newest.utc, newest.taipei) == ("2026-03-02T16:00:00Z", "115/03/03 00:00:00")
    assert (newest.revision, newest.batch, newest.file, newest.origin) == (1, 1, "假日.csv", "命令列")
    assert (oldest.revision, oldest.batch, oldest.file) == (None, None, None)


def test_filters_offer_who_and_what_is_in_the_log(told: Path) -> None:
    with looking(told) as connection:
        assert choices(connection).people == ("林", "王")
        assert choices(connection).actions == ("download", "export", "import", "sign-in", "sign-out")


def test_the_lines_of_before_say_that_no_address_was_recorded(copy: Copy) -> None:
    store = copy("empty")
    aged(store, 1)
    with looking(store) as connection:
        [line] = lines(connection, Wanted(), page=1, size=1).lines
    assert (line.address, line.origin) == (None, "未記錄")


def test_a_view_of_the_past_still_knows_what_was_undone_after_old_lines_left(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, clock = copy("empty"), tell_time(monkeypatch)
    clock.at = datetime.now(UTC) - timedelta(days=900)
    batch = put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0))
    upload.undo(store, batch, by=BY)
    upload.redo(store, batch, by=BY, reason="還是要")
    clock.forward(days=900)
    put(store, "holidays", row("holidays", day="2014-01-02", label="二日", working=0))
    assert [line[2] for line in audited(store)] == ["undo", "redo", "import", "rotate"]
    stood = []
    for revision in (1, 2, 3):
        with database.reading(store) as connection:
            asof.shadow(connection, revision)
            stood.append(connection.execute("SELECT undone_revision IS NULL FROM imports").fetchall())
    assert stood == [[(1,)], [(0,)], [(1,)]]
