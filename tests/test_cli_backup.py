"""``backup`` and ``restore`` as a person or a program calls them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sqdash import cli
from sqdash.jobs import backup_folder
from tests.jobs.backups import backed_up, change, folder_of, respell
from tests.making import holidays_in

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; its exit code and what it said on either stream."""

    def called(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return called


def said(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_backup_says_where_it_is_and_restores_by_that_path(
    run: Callable[..., tuple[int, str, str]], store: Path
) -> None:
    code, out, err = run("backup", "--json", "--db", store, "--by", "王小明")
    about = said(out)
    assert (code, err) == (0, "")
    assert (about["why"], about["by"], about["revision"], about["second_error"]) == ("hand", "王小明", 23, None)
    assert Path(about["file"]).is_file()
    change(store)
    code, out, err = run("restore", about["file"], "--dry-run", "--db", store)
    assert (code, err) == (0, "")
    assert out.endswith("完好，可以還原；這次沒有變更任何資料。\n")
    code, out, err = run("restore", about["file"], "--json", "--db", store)
    done = said(out)
    assert (code, err) == (0, "")
    assert (done["restored"], done["revision"], done["backup_revision"], done["set_aside"]) == (True, 25, 23, None)
    assert Path(done["before"]).is_dir()
    assert holidays_in(store) == {}


def test_the_list_names_what_is_there_and_what_is_broken(run: Callable[..., tuple[int, str, str]], store: Path) -> None:
    assert run("backup", "--list", "--db", store) == (0, f"「{folder_of(store)}」裡還沒有備份\n", "")
    one, bad = backed_up(store), backed_up(store)
    respell(bad, why="boredom")
    code, out, _ = run("backup", "--list", "--db", store)
    first, second = out.splitlines()
    assert code == 0
    assert first.endswith(f"　手動　修訂 23　{one.manifest.size / 1e6:,.1f} MB　{one.file}")
    assert second == f"不完整，不能還原：{bad.folder}"
    found = said(run("backup", "--list", "--json", "--db", store)[1])
    assert ([b["file"] for b in found["backups"]], found["broken"]) == ([str(one.file)], [bad.name])


def test_a_test_says_what_came_of_it_and_fails_with_1(run: Callable[..., tuple[int, str, str]], store: Path) -> None:
    one = backed_up(store)
    code, out, _ = run("backup", "--test", "--db", store)
    assert (code, out.startswith(f"{one.name}：還原完好")) == (0, True)
    one.file.write_bytes(b"")
    code, out, err = run("backup", "--test", "--db", store)
    assert (code, out) == (1, "")
    assert "0 位元組" in err
    assert said(run("backup", "--test", "--json", "--db", store)[1])["good"] is False


def test_a_second_folder_that_fails_is_1_though_the_backup_is_there(
    run: Callable[..., tuple[int, str, str]], store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").write_text("no folder")
    monkeypatch.setenv("SQDASH_BACKUP_COPY", str(tmp_path / "share"))
    code, out, err = run("backup", "--db", store)
    assert (code, out.startswith("已備份到 ")) == (1, True)
    assert err.startswith("第二份沒有完成：")
    assert len(backup_folder.listed(folder_of(store))) == 1


def test_a_refused_restore_is_one_sentence_and_1(
    run: Callable[..., tuple[int, str, str]], store: Path, tmp_path: Path
) -> None:
    code, out, err = run("restore", tmp_path / "none", "--db", store)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("找不到備份「")


@contextmanager
def watching(store: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "sqdash", "backup", "--every", "1h", "--db", str(store)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SQDASH_")}
    child = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, encoding="utf-8")
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def until(what: Callable[[], object]) -> None:
    give_up = time.monotonic() + 60
    while not what():
        assert time.monotonic() < give_up
        time.sleep(0.05)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_one_process_backs_up_at_intervals_a_second_ends_with_75_and_a_signal_ends_it(
    run: Callable[..., tuple[int, str, str]], store: Path
) -> None:
    with watching(store) as first:
        until(lambda: (folder_of(store) / "state.json").is_file())  # backed up and tested
        code, out, err = run("backup", "--every", "1h", "--db", store)
        assert (code, out) == (75, "")
        assert f"程序 {first.pid}（" in err
        assert err.endswith("正在定時備份這個資料庫，這次沒有動作，請等它結束或先停止它。\n")
        assert run("backup", "--db", store)[0] == 0  # by hand all the same
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 0
    assert backup_folder.listed(folder_of(store))[0].manifest.why == "hand"
