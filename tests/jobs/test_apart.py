"""A large file in a process of its own: the same outcome, the same errors, the same lines in the log."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sqdash.errors import DataError, FileNotRecognised, RowsRejected, Unanswered
from sqdash.importers.base import Answers
from sqdash.importers.sources import Bytes
from sqdash.jobs import apart, upload
from sqdash.store import gate
from tests.making import beside, current, is_one_sentence, last_import, looking, revisions

BY = "測試員"
GOLDEN = Path(__file__).parents[1] / "importers" / "golden"
HOLIDAYS = "day,label,working\n2014-01-01,元旦,0\n2014-02-28,和平紀念日,0\n"


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 0)


@pytest.fixture
def here(store: Path, tmp_path: Path) -> Path:
    """A second store, for what this process does with the same file."""
    (tmp_path / "here").mkdir()
    return Path(shutil.copy(store, tmp_path / "here" / "here.db"))


def held(text: str, name: str = "假日.csv") -> Bytes:
    """A file as an upload holds it."""
    return Bytes(name, text.encode())


def test_it_goes_in_as_it_would_here(store: Path, here: Path) -> None:
    found = apart.import_file(store, held(HOLIDAYS), by=BY)
    assert found == upload.import_file(here, held(HOLIDAYS), by=BY)
    assert (found.file, found.added) == ("假日.csv", 2)
    assert current(store, "holidays") == current(here, "holidays")
    assert last_import(store, "file_name", "by", "rows") == ("假日.csv", BY, 2)
    assert "originals" in beside(store)
    assert apart.import_file(store, held(HOLIDAYS), by=BY).again


def test_it_looks_as_it_would_here(store: Path, here: Path) -> None:
    before = store.read_bytes()
    found = apart.look(store, held(HOLIDAYS), Answers())
    assert found == upload.look(here, held(HOLIDAYS), Answers())
    assert store.read_bytes() == before


def test_who_did_it_and_from_where_is_kept(store: Path) -> None:
    before = gate.origin.set("192.0.2.7")
    try:
        apart.import_file(store, held(HOLIDAYS), by=BY)
    finally:
        gate.origin.reset(before)
    with looking(store) as connection:
        line = connection.execute("SELECT by, action, address FROM audit_log ORDER BY id DESC").fetchone()
    assert line == (BY, "import", "192.0.2.7")


def test_rows_read_are_told_as_they_are_read(store: Path) -> None:
    first = date(2010, 1, 1)
    days = "".join(f"{first + timedelta(days=n)},假日,0\n" for n in range(4_500))
    told: list[int] = []
    apart.look(store, held("day,label,working\n" + days), Answers(), told.append)
    assert told == [2_000, 4_000, 4_500]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (held("月份,受理件數,辦結件數\n103/13,20,21\n103/08,很多,3\n", "陳情.csv"), RowsRejected),
        (Bytes(GOLDEN / "meta_posts" / "summary_2026.csv"), Unanswered),
        (held("哪一天,做了什麼,來了幾位\n一,二,三\n", "不明.csv"), FileNotRecognised),
        (held("", "空的.csv"), DataError),
    ],
)
def test_what_keeps_a_file_out_is_said_whole(store: Path, source: Bytes, kind: type[DataError]) -> None:
    before = revisions(store)
    with pytest.raises(kind) as mine:
        upload.import_file(store, source, by=BY)
    with pytest.raises(kind) as apart_:
        apart.import_file(store, source, by=BY)
    assert type(apart_.value) is type(mine.value)
    assert (str(apart_.value), apart_.value.__dict__) == (str(mine.value), mine.value.__dict__)
    assert revisions(store) == before


def test_a_smaller_file_has_no_process(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*given: Any, **more: Any) -> None:
        raise AssertionError("a process")

    monkeypatch.setattr(apart, "LARGE", len(HOLIDAYS.encode()) + 1)
    monkeypatch.setattr(subprocess, "Popen", none)
    assert apart.look(store, held(HOLIDAYS), Answers()).outcome.added == 2
    assert apart.import_file(store, held(HOLIDAYS), by=BY).added == 2


def test_a_process_that_cannot_begin_is_a_sentence(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with pytest.raises(DataError) as raised:
        apart.import_file(store, held(HOLIDAYS), by=BY)
    assert is_one_sentence(str(raised.value))
    assert current(store, "holidays") == []


def test_the_last_words_of_a_process_that_broke_off_go_with_the_error(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'MemoryError' >&2\nexit 7\n")
    broken.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(broken))
    with pytest.raises(ChildProcessError, match="MemoryError"):
        apart.import_file(store, held(HOLIDAYS), by=BY)
    assert current(store, "holidays") == []
