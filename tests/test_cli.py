"""The commands: exit codes, what they print for people and for programs, and sentences for every refusal."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sqdash import cli
from sqdash.indicators import INDICATORS
from sqdash.store import database
from tests.making import beside, current, is_one_sentence, revisions

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[1]
READERS = [["status", "--year", "103"], ["report", "--year", "103"], ["check"]]


@dataclass
class Done:
    """What a command gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command in this process; wrong usage counts as its exit code."""

    def command(*arguments: object) -> Done:
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return command


def start(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run one command as another program would."""
    command = [sys.executable, "-m", "sqdash", *map(str, arguments)]
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=ROOT, env=environ, encoding="utf-8", timeout=60, check=False, **more)


def refused(done: Done) -> str:
    """The sentence of a command that was refused."""
    assert done.code == 1
    assert is_one_sentence(done.err.strip()), done.err
    return done.err.strip()


# --- init


def test_init_makes_a_store_with_the_year_103_data_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new" / "store.db"
    assert run("init", "--db", path) == Done(0, f"已建立資料庫 {path}\n", "")
    assert len(current(path, "methods")) == 48
    before = path.read_bytes()
    assert run("init", "--db", path) == Done(0, f"資料庫 {path} 已就緒\n", "")
    assert run("init", "--db", path, "--json").json == {"db": str(path), "made": False}
    assert path.read_bytes() == before


def test_init_empty_makes_a_store_without_any_row(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    assert run("init", "--empty", "--json", "--db", path).json == {"db": str(path), "made": True}
    assert revisions(path) == 0


def test_init_demo_keeps_to_its_own_store(run: Run, copy: Copy) -> None:
    path = copy("report")
    before = path.read_bytes()
    assert "正式資料庫" in refused(run("init", "--demo", "--db", path))
    assert path.read_bytes() == before


# --- status


def test_status_prints_a_line_for_every_indicator(run: Run, made: Copy) -> None:
    done = run("status", "--year", 103, "--as-of", "115/01/01", "--db", made("report"))
    lines = done.out.splitlines()
    assert (done.code, done.err, len(lines)) == (0, "", 1 + len(INDICATORS))
    assert lines[:3] == [
        "103 年（以 115/01/01 判斷，修訂 23）",
        "粉絲人數　已達 16,300 人　目標 13,000　達標",
        "每篇平均按讚　60–70 人　目標超過 100　未達",
    ]
    assert "6S 稽核　未陳報　規律每 2 個月 1 次（6 次）　未陳報" in lines


def test_status_as_json_has_the_contracts_shape(run: Run, made: Copy) -> None:
    done = run("status", "--json", "--year", "103", "--as-of", "2026-01-01", "--db", made("report"))
    assert (done.code, done.err) == (0, "")
    assert {"as_of", "revision", "indicators"} <= set(done.json)
    assert (done.json["as_of"], done.json["revision"]) == ("2026-01-01", 23)
    assert [r["key"] for r in done.json["indicators"]] == [indicator.key for indicator in INDICATORS]
    fans = done.json["indicators"][0]
    assert (fans["value"], fans["target"], fans["comparator"], fans["state"]) == (16_300, 13_000, ">=", "reached")


def test_status_takes_the_newest_year_with_data(run: Run, made: Copy) -> None:
    assert run("status", "--json", "--db", made("report")).json["period"] == "103"
    assert run("status", "--json", "--db", made("demo")).json["period"] == "104"


@pytest.mark.parametrize("day", ["2014-06-30", "103/06/30", "103-6-30", "103.06.30"])
def test_a_day_may_be_written_in_either_calendar(run: Run, made: Copy, day: str) -> None:
    done = run("status", "--json", "--year", 103, "--as-of", day, "--db", made("report"))
    assert done.json["as_of"] == "2014-06-30"


@pytest.mark.parametrize("year", [1, 90, 102, 104, 999])
def test_status_knows_every_indicator_for_any_year(run: Run, made: Copy, year: int) -> None:
    done = run("status", "--json", "--year", year, "--db", made("report"))
    assert done.code == 0, done.err
    assert len(done.json["indicators"]) == len(INDICATORS)


# --- report, export, check, undo


def test_report_goes_to_standard_output_or_to_a_file(run: Run, made: Copy, tmp_path: Path) -> None:
    printed = run("report", "--year", 103, "--format", "json", "--db", made("report"))
    assert (printed.code, printed.err, printed.json["year"]) == (0, "", 103)
    path = tmp_path / "report.json"
    done = run("report", "--year", 103, "-o", path, "--db", made("report"))
    assert done == Done(0, f"已寫出 103 年度報告：{path}\n", "")
    assert path.read_text(encoding="utf-8") == printed.out
    assert run("report", "--year", 103, "-o", path, "--json", "--db", made("report")).json == {
        "year": 103,
        "file": str(path),
    }


def test_report_of_a_year_without_a_plan_is_refused_and_writes_no_file(run: Run, made: Copy, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    assert "沒有 104 年度的計畫" in refused(run("report", "--year", 104, "-o", path, "--db", made("report")))
    assert not path.exists()


def test_report_into_a_place_that_cannot_be_written_is_refused(run: Run, made: Copy, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "report.json"):
        assert "無法寫入" in refused(run("report", "--year", 103, "-o", path, "--db", made("report")))


def test_export_writes_the_tables_and_counts_them(run: Run, made: Copy, tmp_path: Path) -> None:
    done = run("export", tmp_path / "a", "--db", made("report"), "--json")
    assert (done.code, done.err, done.json["folder"]) == (0, "", str(tmp_path / "a"))
    files = done.json["files"]
    assert set(files) == {path.name for path in (tmp_path / "a").iterdir()}
    assert (files["readings.csv"], files["posts.csv"], files["page_days.csv"]) == (35, 0, 0)
    spoken = run("export", tmp_path / "b", "--db", made("report"))
    assert spoken.out == f"已匯出 {len(files)} 個檔案、{sum(files.values()):,} 列到 {tmp_path / 'b'}\n"


def test_check_says_what_is_well(run: Run, made: Copy) -> None:
    done = run("check", "--db", made("report"))
    lines = done.out.splitlines()
    assert (done.code, done.err, len(lines)) == (0, "", 8)
    assert all(line.startswith("正常　") for line in lines)
    found = run("check", "--json", "--db", made("report")).json
    assert found["good"] is True
    assert [set(finding) for finding in found["findings"]] == [{"name", "good", "found", "remedy"}] * 8


def test_check_of_a_missing_store_ends_with_1_and_the_remedy(run: Run, tmp_path: Path) -> None:
    done = run("check", "--db", tmp_path / "none.db")
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("異常　資料庫檔案：找不到資料庫")
    found = run("check", "--json", "--db", tmp_path / "none.db")
    assert (found.code, found.json["good"]) == (1, False)


def test_undo_takes_a_batch_back_once(run: Run, copy: Copy) -> None:
    path = copy("report")
    batch = 1 + [t["file_name"] for t in imports(path)].index("readings.csv")
    done = run("undo", batch, "--by", "研考", "--json", "--db", path)
    assert (done.code, done.err, done.json) == (0, "", {"batch": batch, "touched": {"readings": 35}})
    assert current(path, "readings") == []
    assert "已經還原過" in refused(run("undo", batch, "--db", path))
    assert run("undo", 1, "--db", path).out == "已還原批次 1，影響 19 列\n"


def imports(path: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        return [{"file_name": name} for (name,) in connection.execute("SELECT file_name FROM imports ORDER BY batch")]


@pytest.mark.parametrize("batch", ["0", "999", "99999999999999999999"])
def test_undo_of_an_unknown_batch_is_refused(run: Run, copy: Copy, batch: str) -> None:
    path = copy("report")
    before = path.read_bytes()
    assert f"沒有編號 {batch}" in refused(run("undo", batch, "--db", path))
    assert path.read_bytes() == before


# --- refusals


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def missing(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
        connection.commit()


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def no_database(path: Path) -> None:
    path.write_text("只是文字\n" * 99, encoding="utf-8")


BAD_STORES = [
    (folder, "是資料夾"),
    (missing, "找不到資料庫"),
    (emptied, "0 位元組"),
    (foreign, "別的程式"),
    (newer, "版本是 99"),
    (no_database, "不是資料庫檔案"),
]


@pytest.mark.parametrize("command", [["status"], ["report", "--year", "103"], ["export", "OUT"], ["undo", "1"]])
@pytest.mark.parametrize(("spoil", "words"), BAD_STORES)
def test_a_store_that_cannot_be_used_is_one_sentence_and_stays_as_it_was(
    run: Run, copy: Copy, spoil: Callable[[Path], None], words: str, command: list[str]
) -> None:
    path = copy("report")
    spoil(path)
    before = (path.read_bytes() if path.is_file() else None), beside(path)
    given = [str(path.parent / "out") if part == "OUT" else part for part in command]
    done = run(*given, "--db", path)
    assert words in refused(done)
    assert done.out == ""
    assert ((path.read_bytes() if path.is_file() else None), beside(path) - {"out"}) == before
    as_json = run(*given, "--json", "--db", path)
    assert (as_json.code, as_json.json) == (1, {"error": done.err.strip()})


@pytest.mark.parametrize("spoil", [folder, emptied, foreign, newer, no_database])
def test_init_never_takes_a_file_over(run: Run, copy: Copy, spoil: Callable[[Path], None]) -> None:
    path = copy("report")
    spoil(path)
    before = (path.read_bytes() if path.is_file() else None), beside(path)
    refused(run("init", "--db", path))
    assert ((path.read_bytes() if path.is_file() else None), beside(path)) == before


@pytest.mark.parametrize("command", READERS)
def test_commands_that_read_change_nothing(run: Run, copy: Copy, command: Sequence[str]) -> None:
    path = copy("demo")
    before = path.read_bytes(), beside(path)
    assert run(*command, "--db", path).code == 0
    assert (path.read_bytes(), beside(path)) == before


def test_a_store_that_another_program_keeps_locked_is_a_sentence(
    run: Run, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy("report")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.02)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        refused(run("status", "--db", path))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["init", "--empty", "--demo"],
        ["status", "--year", "一百零三"],
        ["status", "--year", "0"],
        ["status", "--year", "1000"],
        ["status", "--as-of", "昨天"],
        ["status", "--as-of", "103/02/30"],
        ["report"],
        ["report", "--year", "103", "--format", "pptx"],
        ["export"],
        ["undo"],
        ["undo", "first"],
        ["undo", "1", "2"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_touches_nothing(run: Run, copy: Copy, arguments: list[str]) -> None:
    path = copy("report")
    before = path.read_bytes()
    done = run(*arguments, *(["--db", path] if arguments else []))
    assert (done.code, done.out) == (2, "")
    assert "usage: python -m sqdash" in done.err
    assert path.read_bytes() == before


def test_help_is_no_refusal(run: Run) -> None:
    done = run("status", "--help")
    assert (done.code, done.err) == (0, "")
    assert "--as-of" in done.out


# --- which store


def test_the_option_goes_before_the_environment(run: Run, made: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SQDASH_DB", str(made("demo")))
    assert run("status", "--json").json["period"] == "104"
    assert run("status", "--json", "--db", made("report")).json["period"] == "103"


# --- as other programs run them


def test_every_command_runs_as_a_program(copy: Copy, tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    made = start("init", "--db", path, capture_output=True)
    assert (made.returncode, made.stdout, made.stderr) == (0, f"已建立資料庫 {path}\n", "")
    status = start("status", "--json", "--db", path, capture_output=True)
    assert (status.returncode, status.stderr, len(json.loads(status.stdout)["indicators"])) == (0, "", len(INDICATORS))
    report = start("report", "--year", "103", "--db", path, capture_output=True)
    assert (report.returncode, report.stderr, json.loads(report.stdout)["year"]) == (0, "", 103)
    export = start("export", tmp_path / "out", "--db", path, capture_output=True)
    assert (export.returncode, export.stderr) == (0, "")
    check = start("check", "--db", path, capture_output=True)
    assert (check.returncode, check.stderr) == (0, "")
    undo = start("undo", "1", "--db", path, capture_output=True)
    assert (undo.returncode, undo.stdout, undo.stderr) == (0, "已還原批次 1，影響 19 列\n", "")
    again = start("undo", "1", "--db", path, capture_output=True)
    assert (again.returncode, again.stdout) == (1, "")
    assert is_one_sentence(again.stderr.strip())
    assert start("fly", capture_output=True).returncode == 2


@pytest.mark.parametrize("command", [["status"], ["report", "--year", "103"]])
def test_a_reader_that_has_seen_enough_is_no_error(made: Copy, command: list[str]) -> None:
    """Like ``status | head``: the other end of standard output is closed before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = start(*command, "--db", made("report"), stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
