"""What a command says of an error that nobody foresaw, of a damaged store, and when it is broken off."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sqdash import cli, logs, views
from sqdash.jobs import backup
from sqdash.store import damage, wholeness
from tests.making import is_one_sentence

Copy = Callable[[str], Path]


@pytest.fixture(autouse=True)
def unknown() -> Iterator[None]:
    """What this process knows of files of a test is nobody else's."""
    yield
    wholeness._kept.clear()
    damage._met.clear()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("access_token=hunter2 in /srv/secret/path")

    monkeypatch.setattr(views, "board", fail)


@pytest.mark.usefixtures("failing")
def test_an_unforeseen_error_is_a_sentence_with_a_code_and_a_traceback_in_the_log(
    copy: Copy, capsys: pytest.CaptureFixture[str]
) -> None:
    path = copy("report")
    assert cli.main(["status", "--year", "103", "--db", str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert is_one_sentence(said.err.strip())
    assert "Traceback" not in said.err
    assert "hunter2" not in said.err
    code = re.search(r"代碼 ([0-9a-f]{8})", said.err)
    text = logs.file_of(path, "command").read_text("utf-8")
    assert code
    assert f"unforeseen error {code[1]}" in text
    assert "ZeroDivisionError" in text
    assert "hunter2" not in text


@pytest.mark.usefixtures("failing")
def test_as_json_it_is_the_error(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["status", "--year", "103", "--json", "--db", str(copy("report"))]) == 1
    said = capsys.readouterr()
    assert json.loads(said.out) == {"error": said.err.strip()}


@pytest.mark.usefixtures("failing")
def test_where_the_log_cannot_be_written_the_sentence_says_so(copy: Copy, capsys: pytest.CaptureFixture[str]) -> None:
    path = copy("report")
    (path.parent / "logs").write_text("", "utf-8")
    assert cli.main(["status", "--year", "103", "--db", str(path)]) == 1
    said = capsys.readouterr().err
    assert "無法寫入" in said
    assert "Traceback" not in said


def test_a_command_that_is_broken_off_says_so(
    copy: Copy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(views, "board", stop)
    assert cli.main(["status", "--year", "103", "--db", str(copy("report"))]) == 1
    assert capsys.readouterr().err.startswith("已中止")


@pytest.mark.parametrize(
    "command",
    [["status", "--year", "103"], ["report", "--year", "103"], ["export", "out"], ["alerts"]],
    ids=lambda command: command[0],
)
def test_no_command_gives_a_figure_of_a_damaged_store_and_each_names_the_backup(
    copy: Copy, capsys: pytest.CaptureFixture[str], command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = copy("report")
    name = backup.make(path, why="hand", by="測試").backup.name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + bytes(8192) + whole[len(whole) // 2 + 8192 :])
    capsys.readouterr()
    assert cli.main([*command, "--db", str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"還原最近的備份「{name}」" in said.err
    assert is_one_sentence(said.err.strip())
