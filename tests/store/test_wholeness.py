"""No figure from a damaged store: when a file is looked through, what counts as known, what is said of damage."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from sqdash import periods, status_view, views
from sqdash.errors import StoreError, StoreMissing, StoreUnusable
from sqdash.store import damage, database, gate, notes, wholeness
from tests.making import is_one_sentence

Copy = Callable[[str], Path]
SOME, MANY = 15, 500
"""Flips in the short and in the long form."""
"""How many bytes are flipped; 500 for a long run."""


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    wholeness._kept.clear()
    damage._met.clear()
    yield
    wholeness._kept.clear()
    damage._met.clear()


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every file that was looked through, as often as it was; not those that are still being made."""
    found: list[Path] = []
    examine = wholeness.examine

    def counted(path: Path, *, whole: bool = False) -> wholeness.Verdict:
        if not path.parent.name.endswith(".making"):
            found.append(path)
        return examine(path, whole=whole)

    monkeypatch.setattr(wholeness, "examine", counted)
    return found


def overwrite(path: Path, at: int, data: bytes) -> None:
    """Bytes in the middle of the file change as a failing disk changes them: the file is the same."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def change(path: Path) -> None:
    with gate.write(path, by="測試", reason="測試") as begun:
        begun.note()
        begun.audit("測試", "測試")


def test_a_file_is_looked_through_once_and_its_verdict_is_noted(copy: Copy, looked: list[Path]) -> None:
    path = copy("report")
    for _ in range(3):
        wholeness.require(path)
    verdict = wholeness.last(path)
    assert looked == [path]
    assert verdict
    assert (verdict.good, verdict.full) == (True, True)


def test_another_process_goes_by_the_note(copy: Copy, looked: list[Path]) -> None:
    path = copy("report")
    wholeness.require(path)
    wholeness._kept.clear()
    wholeness.require(path)
    assert looked == [path]


def test_a_change_by_sqlite_needs_no_further_look(copy: Copy, looked: list[Path]) -> None:
    path = copy("report")
    wholeness.require(path)
    change(path)
    wholeness.require(path)
    assert looked == [path]


def test_a_file_that_something_else_wrote_on_is_looked_through_anew(copy: Copy, looked: list[Path]) -> None:
    path = copy("report")
    wholeness.require(path)
    overwrite(path, 5 * 4096, bytes(4096))
    os.utime(path)
    with pytest.raises(StoreUnusable, match="已損壞"):
        wholeness.require(path)
    assert looked == [path, path]


def test_another_file_at_the_path_is_looked_through(copy: Copy, made: Copy, looked: list[Path]) -> None:
    path = copy("report")
    wholeness.require(path)
    other = path.with_name("other")
    shutil.copy(made("demo"), other)
    other.replace(path)
    wholeness.require(path)
    assert looked == [path, path]


def test_after_a_day_the_file_is_looked_through_again(
    copy: Copy, looked: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, now = copy("report"), periods.now()
    wholeness.require(path)
    monkeypatch.setattr(periods, "now", lambda: now + timedelta(hours=23))
    wholeness.require(path)
    monkeypatch.setattr(periods, "now", lambda: now + timedelta(hours=25))
    wholeness.require(path)
    assert looked == [path, path]


def test_a_verdict_from_the_future_counts_for_nothing(
    copy: Copy, looked: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, now = copy("report"), periods.now()
    wholeness.require(path)
    monkeypatch.setattr(periods, "now", lambda: now - timedelta(days=2))
    wholeness.require(path)
    assert looked == [path, path]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "[]",
        "{}",
        '{"at": 3}',
        '{"at": "x", "found": "", "full": 1, "seconds": 0}',
        '{"at": "2999-01-01T00:00:00+00:00", "found": "x", "full": true, "seconds": 0, "mark": [1, 2, 3, 4, 5]}',
    ],
)
def test_a_note_that_cannot_be_read_is_as_none(copy: Copy, looked: list[Path], note: str) -> None:
    path = copy("report")
    Path(f"{path}.check.json").write_text(note, "utf-8")
    wholeness.require(path)
    assert looked == [path]


def test_damage_that_a_read_met_refuses_every_later_read(copy: Copy, looked: list[Path]) -> None:
    path = copy("report")
    wholeness.require(path)
    with pytest.raises(StoreUnusable) as first, database.translated(path):
        raise sqlite3.DatabaseError("database disk image is malformed")
    with pytest.raises(StoreUnusable) as later:
        wholeness.require(path)
    assert looked == [path]
    assert str(first.value) == str(later.value)
    assert is_one_sentence(str(first.value))


def test_once_the_file_was_replaced_the_damage_is_forgotten(copy: Copy, made: Copy) -> None:
    path = copy("report")
    damage.damaged(path, "x")
    assert damage.met(path) == "x"
    other = path.with_name("other")
    shutil.copy(made("report"), other)
    other.replace(path)
    wholeness.require(path)
    assert damage.met(path) == ""


def test_the_sentence_names_the_way_out(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("report")
    monkeypatch.setattr(damage, "ways_out", [lambda _: "", lambda _: "還原最近的備份「甲」"])
    assert str(damage.damaged(path)).endswith("請停止使用，還原最近的備份「甲」。")
    monkeypatch.setattr(damage, "ways_out", [])
    assert str(damage.damaged(path)).endswith("請停止使用，還原備份。")


def test_what_cannot_be_opened_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        wholeness.require(tmp_path / "none.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreUnusable, match="0 位元組"):
        wholeness.require(tmp_path / "empty.db")
    assert list(tmp_path.glob("*.json")) == []
    assert (tmp_path / "empty.db").stat().st_size == 0


def test_a_note_that_cannot_be_written_keeps_nobody_from_reading(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    path = copy("report")
    real = Path.write_text

    def refused(self: Path, *given: object, **more: object) -> int:
        if ".check.json" in self.name:
            raise PermissionError(self)
        return real(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", refused)
    wholeness.require(path)
    assert notes.get(path, "check") == {}


def test_an_index_that_lies_is_found(copy: Copy) -> None:
    """An entry that points to another row: a quick look does not see it, and reads through the index would be wrong."""
    path = copy("report")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'readings_batch'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    page = bytearray(path.read_bytes()[(root - 1) * size : root * size])
    place = int.from_bytes(page[8:10], "big") if page[0] == 10 else int.from_bytes(page[12:14], "big")
    page[place + page[place]] ^= 1
    overwrite(path, (root - 1) * size, bytes(page))
    database.quick_check(path)
    assert not wholeness.examine(path).good


# --- writing


def test_nothing_is_written_into_a_damaged_store(copy: Copy) -> None:
    path = copy("report")
    overwrite(path, 5 * 4096, bytes(4096))
    before = path.read_bytes()
    with pytest.raises(StoreUnusable, match="已損壞") as refused:
        change(path)
    assert is_one_sentence(str(refused.value))
    assert path.read_bytes() == before


def test_who_cannot_wait_goes_by_what_is_known(copy: Copy, looked: list[Path]) -> None:
    path = copy("report")
    wholeness.require(path, look=False)
    assert looked == []
    damage.damaged(path, "x")
    with pytest.raises(StoreUnusable, match="已損壞"), gate.write(path, by="測試", reason="測試", wait=False):
        pass
    assert looked == []


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("store_info", b"value"),
        ("store_info", b"store_info"),
        ("figure_notes", b"opened_revision"),
        ("imports", b"revision"),
        ("digests", b"what"),
        ("digests", b"digests"),
        ("units_current", b"ifnull"),
    ],
)
def test_a_name_in_the_files_own_structure_that_became_another_is_damage(copy: Copy, table: str, name: bytes) -> None:
    path = copy("report")
    with closing(sqlite3.connect(path)) as connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    whole = path.read_bytes()
    at = whole.index(sql.encode()) + sql.encode().index(name)
    overwrite(path, at, bytes((name[0] ^ 1,)))
    with pytest.raises(StoreUnusable, match="已損壞") as refused:
        wholeness.require(path)
    assert is_one_sentence(str(refused.value))


# --- any byte


def shown(path: Path, year: int) -> str:
    """Every figure of the year, as ``status --json`` has them."""
    board = views.board(path, periods.year_period(year), periods.parse_day("115/1/1"), None)
    return json.dumps(status_view.status(board), sort_keys=True)


def values(path: Path) -> str:
    """Every value of every table, however it is kept: rows in the order of their content."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        schema = sorted(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"), key=repr)
        names = {name.decode("utf-8", "replace") for kind, name, *_ in schema if kind == b"table"}
        rows = (
            f"{name} {row!r}"
            for name in sorted(names - {"_sqlite_migrations"})
            for row in sorted(connection.execute(f'SELECT * FROM "{name}" NOT INDEXED'), key=repr)
        )
        return "\n".join((repr(schema), *rows))


@pytest.mark.parametrize(("kind", "year"), [("report", 103), ("demo", 104)])
def test_every_flipped_byte_that_changes_a_stored_value_is_found_and_no_figure_shown(
    copy: Copy, kind: str, year: int, request: pytest.FixtureRequest
) -> None:
    flips = MANY if request.config.getoption("--long") else SOME
    path = copy(kind)
    whole, stored, figures = path.read_bytes(), values(path), shown(path, year)
    outcomes: Counter[str] = Counter()
    rng = random.Random(f"{kind} {flips}")  # noqa: S311
    for _ in range(flips):
        at, mask = rng.randrange(len(whole)), 1 << rng.randrange(8)
        path.unlink()
        path.write_bytes(whole[:at] + bytes((whole[at] ^ mask,)) + whole[at + 1 :])
        outcomes[outcome(path, stored, figures, year)] += 1
    assert set(outcomes) <= {"as it was", "refused", "refused, and none was changed"}, outcomes
    assert outcomes["refused"]
    print(kind, dict(outcomes))


def outcome(path: Path, stored: str, figures: str, year: int) -> str:
    """What becomes of a store whose file may have changed, as a person meets it."""
    damage._met.clear()
    wholeness._kept.clear()
    try:
        same = values(path) == stored
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        same = False
    try:
        wholeness.require(path)
        found = shown(path, year)
    except StoreError as error:
        if not is_one_sentence(str(error)):
            return f"said badly: {error}"
        with pytest.raises(StoreError):  # neither now nor later
            wholeness.require(path)
        return "refused, and none was changed" if same else "refused"
    if not same:
        return "a changed value was not found"
    return "as it was" if found == figures else "another figure was shown"
