"""A store that can be read and not written: every figure is there, every change is refused in one sentence."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sqdash import cli, periods, views
from sqdash.jobs import backup, entries, setup, upload
from sqdash.tables import BY_NAME
from tests.faults import older, unprivileged
from tests.faults.killing import needs_fork
from tests.faults.many import alone
from tests.importers.test_golden import GOLDEN
from tests.making import BY, is_one_sentence

Copy = Callable[[str], Path]
pytestmark = [needs_fork, pytest.mark.skipif(not unprivileged.can(), reason="needs permissions that are heeded")]
FILE = GOLDEN / "petitions" / "months.csv"
READS = ("status", "report", "export", "check", "audit", "user", "backups")
WRITES = ("import", "undo", "add a user", "backup", "restore", "init", "alerts")


def command(name: str, store: Path, out: Path) -> list[str]:
    """The command's arguments; what it writes goes elsewhere."""
    known: dict[str, list[str]] = {
        "report": ["report", "--year", "103", "--format", "html", "-o", str(out / "report.html")],
        "export": ["export", str(out / "tables")],
        "user": ["user", "list"],
        "backups": ["backup", "--list"],
        "import": ["import", str(FILE)],
        "undo": ["undo", "1"],
        "add a user": ["user", "add", "wang", "--role", "admin"],
        "restore": ["restore", str(out / "backup")],
    }
    return [*known.get(name, [name]), "--db", str(store)]


def run(arguments: list[str]) -> Callable[[], tuple[int, str]]:
    """The command in a process that heeds permissions: its exit code and what it said on standard error."""

    def job() -> tuple[int, str]:
        unprivileged.heed()
        said, results = io.StringIO(), io.StringIO()
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(results):
            code = cli.main(arguments)
        return code, said.getvalue().strip()

    return job


def marked_file(store: Path) -> None:
    store.chmod(0o444)


def marked_folder(store: Path) -> None:
    store.parent.chmod(0o555)


def marked_both(store: Path) -> None:
    marked_file(store)
    marked_folder(store)


@pytest.fixture(params=[marked_file, marked_folder, marked_both])
def read_only(made: Copy, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A store in a folder of its own, marked in one way or another; beside the folder is a backup of it."""
    folder = tmp_path / "kept"
    folder.mkdir()
    (tmp_path / "out").mkdir()
    store = Path(shutil.copy(made("report"), folder / "sqdash.db"))
    shutil.move(backup.make(store, why="hand", by=BY).backup.folder, tmp_path / "out" / "backup")
    shutil.rmtree(folder / "backups")
    request.param(store)
    yield store
    folder.chmod(0o755)


def test_it_is_read_as_ever(read_only: Path, tmp_path: Path) -> None:
    before = read_only.read_bytes()
    said = {name: alone(run(command(name, read_only, tmp_path / "out"))) for name in READS}
    assert {name: code for name, (code, _) in said.items() if code} in ({}, {"check": 1})
    assert [text for _, text in said.values() if "未預期" in text] == []
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
    assert read_only.read_bytes() == before


def test_every_change_is_refused_in_a_sentence(read_only: Path, tmp_path: Path) -> None:
    before = read_only.read_bytes()
    for name in WRITES:
        code, text = alone(run(command(name, read_only, tmp_path / "out")))
        last = text.splitlines()[-1] if text else ""
        if name == "backup" and not code:  # only the store's own file is marked: a copy beside it can be made
            continue
        assert (code, is_one_sentence(last)) == (1, True), (name, code, text)
        assert "唯讀" in last or "權限" in last, (name, last)
    assert read_only.read_bytes() == before
    assert {path.name for path in read_only.parent.iterdir() if path.suffix == ".making"} == set()


def test_an_older_store_that_cannot_be_written_says_so_rather_than_be_migrated(made: Copy, tmp_path: Path) -> None:
    store = tmp_path / "old.db"
    older.make(store, 4, made("report"))
    store.chmod(0o444)
    before = store.read_bytes()
    code, text = alone(run(["init", "--db", str(store)]))
    assert (code, is_one_sentence(text), "唯讀" in text) == (1, True, True)
    assert store.read_bytes() == before


def test_once_it_may_be_written_again_everything_works(read_only: Path, tmp_path: Path) -> None:
    read_only.chmod(0o644)
    read_only.parent.chmod(0o755)
    setup.init(read_only)
    batch = upload.import_file(read_only, FILE, by=BY).batch
    assert batch
    entries.enter(
        read_only, BY_NAME["holidays"], {"day": "2014-01-01", "label": "元旦", "working": "0"}, reason="登錄", by=BY
    )
    upload.undo(read_only, batch, by=BY)
    assert views.board(read_only, periods.year_period(103), periods.parse_day("115/1/1"), None)
