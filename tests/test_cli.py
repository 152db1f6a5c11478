"""The commands: exit codes, what they print for people and for programs, and sentences for every refusal."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sqdash import cli
from sqdash.indicators import INDICATORS
from sqdash.jobs import audit, health, upload, year_lock
from sqdash.store import database
from tests.commanding import Done, Run, runs
from tests.jobs.meta_files import HEAD, export, post
from tests.making import beside, current, is_one_sentence, put, revisions, row

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[1]
READERS = [["status", "--year", "103"], ["report", "--year", "103"], ["check"]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run one command in this process; wrong usage counts as its exit code."""

    return runs(capsys)


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


def test_status_says_how_a_figure_was_measured_and_why_no_target_judges_it(run: Run, copy: Copy) -> None:
    store = copy("report")
    put(store, "pages", row("pages", page_id="1", kind="own", label="臺南分局"))
    put(store, "posts", row("posts", post_id="1_1", page_id="1", published_at="2026-08-05T09:00:00+08:00"))
    seen = row("snapshots", post_id="1_1", observed_at="2026-09-05T09:00:00+08:00", viewers=300)
    goal = {"kind": "target", "definition": 1, "valid_from": "2026-01-01", "comparator": ">", "value": 1_000}
    put(store, "snapshots", seen)
    put(store, "targets", row("targets", indicator="reach_per_post", **goal))
    why = "指標的定義已改變，原目標尚未確認適用於新定義"
    lines = run("status", "--year", 115, "--db", store).out.splitlines()
    assert f"每篇平均觸及　300 人（以瀏覽者計）　未設目標　未設目標（{why}）" in lines
    found = {one["key"]: one for one in run("status", "--year", 115, "--json", "--db", store).json["indicators"]}
    assert (found["reach_per_post"]["text"], found["reach_per_post"]["note"]) == ("300 人（以瀏覽者計）", why)


def test_status_says_what_is_noted_of_a_figure_behind_it_and_not_behind_its_state(run: Run, made: Copy) -> None:
    lines = run("status", "--year", 103, "--db", made("report")).out.splitlines()
    assert "業務改善專案報告　14 場次（自 103 年 6 月 10 日起）　未設目標　未設目標" in lines


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


@pytest.mark.parametrize(("name", "start"), [("報告.odt", b"PK"), ("r.DOCX", b"PK"), ("r.html", b"<!DOCTYPE html>")])
def test_without_a_format_the_name_of_the_file_says_which(
    run: Run, made: Copy, tmp_path: Path, name: str, start: bytes
) -> None:
    """A document of that name with JSON in it would open in no program."""
    assert run("report", "--year", "103", "-o", tmp_path / name, "--db", made("report")).code == 0
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("name", "remedy"), [("報告.pdf", "列印成 PDF"), ("r.DOC", "請改用 odt、docx"), ("r.xlsx", "html")]
)
def test_a_document_that_no_report_can_be_is_refused_and_not_written_as_json(
    run: Run, made: Copy, tmp_path: Path, name: str, remedy: str
) -> None:
    done = run("report", "--year", "103", "-o", tmp_path / name, "--db", made("report"))
    assert (done.code, done.out, is_one_sentence(done.err.strip())) == (2, "", True)
    assert remedy in done.err
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("more", [[], ["--check"], ["--summary", "--format", "html"]])
def test_a_period_over_two_years_has_no_report_and_none_of_the_first_year_is_written(
    run: Run, made: Copy, more: list[str]
) -> None:
    done = run("report", "--period", "2013-06-01..2014-06-30", *more, "--db", made("report"))
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "報告依一個年度的計畫寫成，102/06/01–103/06/30 跨了年度，請把 --period 改成一個年度內的期間。\n"
    )
    assert run("report", "--period", "2014-02-01..2014-06-30", "--db", made("report")).code == 0


@pytest.mark.parametrize("more", [["-o", "x.odt"], ["--summary"], ["--format", "html"]])
def test_a_check_passes_over_no_option_in_silence(run: Run, made: Copy, more: list[str]) -> None:
    done = run("report", "--year", 103, "--check", *more, "--db", made("report"))
    assert (done.code, done.out, is_one_sentence(done.err.strip())) == (2, "", True)


def test_the_format_that_is_given_goes_before_the_name(run: Run, made: Copy, tmp_path: Path) -> None:
    file = tmp_path / "r.odt"
    assert run("report", "--year", "103", "--format", "json", "-o", file, "--db", made("report")).code == 0
    assert json.loads(file.read_text("utf-8"))["year"] == 103


def test_a_summary_takes_its_format_from_the_name_too(run: Run, made: Copy, tmp_path: Path) -> None:
    file = tmp_path / "摘要.odt"
    assert run("report", "--year", "103", "--summary", "-o", file, "--db", made("report")).code == 0
    assert file.read_bytes().startswith(b"PK")


def test_report_of_a_year_without_a_plan_is_refused_and_writes_no_file(run: Run, made: Copy, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    assert "沒有 104 年度的計畫，請先在「計畫與成果」開立這個年度" in refused(
        run("report", "--year", 104, "-o", path, "--db", made("report"))
    )
    assert not path.exists()


def test_report_into_a_place_that_cannot_be_written_is_refused(run: Run, made: Copy, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "report.json"):
        assert "無法寫入" in refused(run("report", "--year", 103, "-o", path, "--db", made("report")))


def test_a_disk_that_is_full_leaves_the_report_that_was_there(
    run: Run, made: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("the old one")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    done = run("report", "--year", 103, "--format", "html", "-o", path, "--db", made("report"))
    assert "無法寫入" in refused(done)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("format", "start"), [("odt", b"PK"), ("docx", b"PK"), ("html", b"<!DOCTYPE html>")])
def test_report_is_written_in_every_format(run: Run, made: Copy, tmp_path: Path, format: str, start: bytes) -> None:
    path = tmp_path / f"report.{format}"
    for more in ([], ["--summary"]):
        done = run("report", "--year", 103, "--format", format, *more, "-o", path, "--db", made("report"))
        assert done == Done(0, f"已寫出 103 年度報告：{path}\n", "")
        assert path.read_bytes().startswith(start)


def test_report_of_a_half_year_names_it(run: Run, made: Copy, tmp_path: Path) -> None:
    path = tmp_path / "half.odt"
    done = run("report", "--period", "103H2", "--format", "odt", "-o", path, "--db", made("report"))
    assert done.out == f"已寫出 103 年下半年報告：{path}\n"
    assert run("report", "--period", "103H9", "--db", made("report")).code == 2
    assert run("report", "--db", made("report")).code == 2


def test_a_summary_is_not_json(run: Run, made: Copy) -> None:
    done = run("report", "--year", 103, "--summary", "--db", made("report"))
    assert (done.code, done.out, is_one_sentence(done.err.strip())) == (2, "", True)


def test_slides_are_a_summary_and_no_report(run: Run, made: Copy, tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    told = ("report", "--year", 103, "--format", "pptx", "-o", path, "--db", made("report"))
    done = run(*told)
    assert (done.code, done.out, is_one_sentence(done.err.strip()), path.exists()) == (2, "", True, False)
    assert run(*told, "--summary").code == 0
    assert path.read_bytes().startswith(b"PK")


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_export_writes_one_workbook(run: Run, copy: Copy, tmp_path: Path, kind: str) -> None:
    done = run("export", tmp_path, "--format", kind, "--json", "--db", copy("report"))
    assert (done.code, list(done.json["files"])) == (0, [f"sqdash.{kind}"])


def test_export_writes_the_tables_and_counts_them(run: Run, copy: Copy, tmp_path: Path) -> None:
    done = run("export", tmp_path / "a", "--db", copy("report"), "--json")
    assert (done.code, done.err, done.json["folder"]) == (0, "", str(tmp_path / "a"))
    files = done.json["files"]
    assert set(files) == {path.name for path in (tmp_path / "a").iterdir()}
    assert (files["readings.csv"], files["posts.csv"], files["page_days.csv"]) == (35, 0, 0)
    spoken = run("export", tmp_path / "b", "--db", copy("report"))
    assert spoken.out == f"已匯出 {len(files)} 個檔案、{sum(files.values()):,} 列到 {tmp_path / 'b'}\n"


def audited(store: Path) -> list[tuple[str, str]]:
    """What the audit log has of exports, the oldest first."""
    return [(line.subject, line.detail) for line in audit.every(store, audit.Wanted(action="export"))][::-1]


def test_an_export_is_in_the_audit_log(run: Run, copy: Copy, tmp_path: Path) -> None:
    store = copy("report")
    assert run("export", tmp_path / "out", "--db", store).code == 0
    assert audited(store) == [(str(tmp_path / "out"), "csv")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_of_an_export_that_failed_the_audit_log_says_so(run: Run, copy: Copy, tmp_path: Path, kind: str) -> None:
    store, out = copy("report"), tmp_path / "out"
    for name in ("topic_rules.csv", "sqdash.xlsx"):  # a folder where one of the files should stand
        (out / name).mkdir(parents=True)
    done = run("export", out, "--format", kind, "--db", store)
    assert (done.code, is_one_sentence(done.err.strip())) == (1, True)
    assert audited(store) == [(str(out), kind), (str(out), f"{kind}，沒有完成：{done.err.strip()}")]


def test_check_says_what_is_well(run: Run, made: Copy) -> None:
    done = run("check", "--db", made("report"))
    lines = done.out.splitlines()
    assert (done.code, done.err) == (0, "")
    levels = [line.split("　")[0] for line in lines]
    assert set(levels) <= {health.WORDS["good"], health.WORDS["notice"]}
    found = run("check", "--json", "--db", made("report")).json
    assert found["good"] is True
    assert [health.WORDS[finding["level"]] for finding in found["findings"]] == levels
    assert {frozenset(finding) for finding in found["findings"]} == {
        frozenset({"name", "good", "level", "found", "remedy"})
    }


def test_check_of_a_missing_store_ends_with_1_and_the_remedy(run: Run, tmp_path: Path) -> None:
    done = run("check", "--db", tmp_path / "none.db")
    assert done.code == 1
    assert any(line.startswith("異常　") and "：找不到資料庫「" in line for line in done.out.splitlines())
    found = run("check", "--json", "--db", tmp_path / "none.db")
    assert (found.code, found.json["good"]) == (1, False)


LEFT = "集合所含單位 18 列、方法主辦單位 191 列提到移除的列，之後就找不到所指的內容，請一併還原或更正"


def test_undo_takes_a_batch_back_once(run: Run, copy: Copy) -> None:
    path = copy("report")
    batch = 1 + [t["file_name"] for t in imports(path)].index("readings.csv")
    done = run("undo", batch, "--by", "研考", "--json", "--db", path)
    assert (done.code, done.err, done.json) == (0, "", {"batch": batch, "touched": {"readings": 35}, "behind": []})
    assert current(path, "readings") == []
    assert "已經還原過" in refused(run("undo", batch, "--db", path))
    assert run("undo", 1, "--db", path).out == f"已還原批次 1，影響 19 列；{LEFT}\n"


def imports(path: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        return [{"file_name": name} for (name,) in connection.execute("SELECT file_name FROM imports ORDER BY batch")]


@pytest.mark.parametrize("batch", ["0", "999", "99999999999999999999"])
def test_undo_of_an_unknown_batch_is_refused(run: Run, copy: Copy, batch: str) -> None:
    path = copy("report")
    before = path.read_bytes()
    assert f"沒有編號 {batch}" in refused(run("undo", batch, "--db", path))
    assert path.read_bytes() == before


def test_undo_can_be_asked_what_it_would_do(run: Run, copy: Copy) -> None:
    path = copy("report")
    before = path.read_bytes()
    assert run("undo", 1, "--dry-run", "--db", path) == Done(0, f"還原批次 1 將移除 19 列；{LEFT}。\n", "")
    behind = [{"table": "unit_members", "rows": 18}, {"table": "method_units", "rows": 191}]
    found = run("undo", 1, "--dry-run", "--json", "--db", path)
    assert (found.code, found.json) == (
        0,
        {"batch": 1, "gone": 19, "returned": 0, "stays": 0, "later": [], "behind": behind},
    )
    assert "沒有編號 999" in refused(run("undo", 999, "--dry-run", "--db", path))
    assert path.read_bytes() == before


@pytest.mark.parametrize("more", [(), ("--dry-run",), ("--dry-run", "--json")])
def test_what_undo_would_refuse_is_refused_also_when_it_is_only_asked(
    run: Run, copy: Copy, more: tuple[str, ...]
) -> None:
    path = copy("report")
    upload.undo(path, 1, by="測試")
    assert refused(run("undo", 1, *more, "--db", path)) == "匯入批次 1 已經還原過，不必再還原。"


def test_undo_names_the_later_batches_that_touched_the_same_rows(run: Run, copy: Copy, tmp_path: Path) -> None:
    path = copy("report")
    first = run("import", write(tmp_path, "a.csv", HOLIDAYS), "--json", "--db", path).json[0]["batch"]
    later = write(tmp_path, "b.csv", HOLIDAYS.replace("元旦", "開國紀念日"))
    second = run("import", later, "--json", "--db", path).json[0]["batch"]
    found = run("undo", first, "--dry-run", "--json", "--db", path).json
    assert found == {
        "batch": first,
        "gone": 0,
        "returned": 0,
        "stays": 2,
        "later": [{"batch": second, "file": "b.csv", "rows": 2}],
        "behind": [],
    }


# --- import

HOLIDAYS = "day,label,working\n2014-01-01,元旦,0\n2014-02-28,和平紀念日,0\n"
KEYS = {
    *("file", "format", "encoding", "rows", "added", "changed", "unchanged"),
    *("rejected", "batch", "error", "notes", "warnings"),
}


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_import_says_what_it_did(run: Run, copy: Copy, tmp_path: Path) -> None:
    path, file = copy("report"), write(tmp_path, "假日.csv", HOLIDAYS)
    done = run("import", file, "--by", "研考", "--db", path)
    assert done == Done(0, "假日.csv（holidays，utf-8）：新增 2、變更 0、未變 0（批次 24）\n", "")
    again = "假日.csv：已匯入（批次 24），沒有變更；要換讀法或補略過的列，請先還原該批次\n"
    assert run("import", file, "--db", path) == Done(0, again, "")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT by FROM imports WHERE batch = 24").fetchone() == ("研考",)


def test_an_export_comes_back_whole_by_one_command_though_its_files_are_named_by_the_alphabet(
    run: Run, copy: Copy, tmp_path: Path
) -> None:
    store, again = copy("report"), copy("empty")
    year_lock.lock(store, 103, reason="公布", by="研考")
    run("export", str(tmp_path / "out"), "--db", str(store))
    files = [str(path) for path in sorted((tmp_path / "out").iterdir())]
    done = run("import", *files, "--db", str(again), "--json")
    assert (done.code, [Path(one["file"]).name for one in json.loads(done.out)]) == (
        0,
        [Path(one).name for one in files],
    )
    run("export", str(tmp_path / "again"), "--db", str(again))
    differ = [one for one in files if Path(one).read_bytes() != (tmp_path / "again" / Path(one).name).read_bytes()]
    assert [Path(one).name for one in differ] == ["imports.csv"]


def test_files_of_other_names_keep_their_turn() -> None:
    given = [
        Path(name) for name in ("b.csv", "x/year_locks.csv", "methods.csv", "a.csv", "strategies.csv", "methods.csv")
    ]
    assert [str(path) for path in upload.in_order(given)] == [
        *("b.csv", "strategies.csv", "methods.csv"),
        *("a.csv", "methods.csv", "x/year_locks.csv"),
    ]


def test_import_as_json_has_the_contracts_shape(run: Run, copy: Copy, tmp_path: Path) -> None:
    path, file = copy("report"), write(tmp_path, "假日.csv", HOLIDAYS)
    done = run("import", file, "--json", "--db", path)
    assert (done.code, done.err) == (0, "")
    (found,) = done.json
    assert set(found) == KEYS
    assert found == {
        "file": "假日.csv",
        "format": "holidays",
        "encoding": "utf-8",
        "rows": 2,
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "rejected": [],
        "batch": 24,
        "error": None,
        "notes": [],
        "warnings": [],
    }
    again = run("import", file, "--json", "--db", path)
    (found,) = again.json
    assert (again.code, found["batch"], found["error"]) == (0, 24, None)
    assert (found["rows"], found["added"], found["changed"], found["unchanged"]) == (0, 0, 0, 0)


BAD = HOLIDAYS + "2014-02-30,沒有,0\n"


def test_a_refused_file_is_in_the_list_with_its_rows_and_the_sentence_on_standard_error(
    run: Run, copy: Copy, tmp_path: Path
) -> None:
    path, file = copy("report"), write(tmp_path, "壞.csv", BAD)
    before = path.read_bytes(), beside(path)
    done = run("import", file, "--json", "--db", path)
    sentence = refused(done)
    (found,) = done.json
    assert set(found) == KEYS
    assert (found["batch"], found["error"], found["rows"], found["added"]) == (None, sentence, 3, 0)
    assert found["rejected"] == [
        {
            "row": 4,
            "column": "day",
            "value": "2014-02-30",
            "code": "no_such_day",
            "reason": "沒有這一天，請檢查月與日。",
        }
    ]
    assert refused(run("import", file, "--db", path)) == sentence
    assert (path.read_bytes(), beside(path)) == before


def test_the_rest_is_imported_on_demand(run: Run, copy: Copy, tmp_path: Path) -> None:
    path, file = copy("report"), write(tmp_path, "壞.csv", BAD)
    done = run("import", file, "--skip-rejected", "--json", "--db", path)
    (found,) = done.json
    assert (done.code, done.err) == (0, "")
    assert (found["rows"], found["added"], len(found["rejected"]), found["batch"]) == (3, 2, 1, 24)
    other = write(tmp_path, "壞二.csv", BAD.replace("元旦", "開國紀念日"))
    told = run("import", other, "--skip-rejected", "--db", path)
    first, *rows = told.out.splitlines()
    assert first == "壞二.csv（holidays，utf-8）：新增 0、變更 1、未變 1、略過 1（批次 25）"
    assert [line.split("：")[0] for line in rows] == ["　第 4 列「day」「2014-02-30」"]


@pytest.mark.parametrize("more", [(), ("--skip-rejected",)])
def test_of_many_rows_that_cannot_be_taken_the_first_are_listed_and_that_there_are_more(
    run: Run, copy: Copy, tmp_path: Path, more: tuple[str, ...]
) -> None:
    lines = ["類別,日期,名稱", *(f"參訪,115/1/{day},甲{day}" for day in range(1, 31)), "新聞稿,115/1/2,乙"]
    done = run("import", write(tmp_path, "a.csv", "\n".join(lines)), *more, "--db", copy("report"))
    said = (done.out if more else done.err).splitlines()
    assert len(said) == 1 + 20 + (1 if more else 0)
    assert said[-1] == "　只列前 20 筆，共 30 筆；加上 --json 可看全部。"


def test_each_of_several_files_is_its_own_batch_and_a_bad_one_keeps_out_itself_alone(
    run: Run, copy: Copy, tmp_path: Path
) -> None:
    path = copy("report")
    good, bad = write(tmp_path, "a.csv", HOLIDAYS), write(tmp_path, "b.csv", BAD)
    other = write(tmp_path, "c.csv", "month,received,closed\n2014-01,3,3\n")
    done = run("import", good, bad, tmp_path / "none.csv", other, "--json", "--db", path)
    assert done.code == 1
    assert [(f["file"], f["batch"]) for f in done.json] == [
        ("a.csv", 24),
        ("b.csv", None),
        ("none.csv", None),
        ("c.csv", 25),
    ]
    assert [f["error"] for f in done.json if f["error"]] == done.err.splitlines()
    assert all(is_one_sentence(line) for line in done.err.splitlines())
    assert (done.json[2]["format"], done.json[2]["encoding"], done.json[2]["rows"]) == (None, None, 0)


@pytest.mark.parametrize("skip", [[], ["--skip-rejected"]])
def test_a_dry_run_counts_and_writes_nothing(run: Run, copy: Copy, tmp_path: Path, skip: list[str]) -> None:
    path, good = copy("report"), write(tmp_path, "a.csv", HOLIDAYS)
    bad, worse = write(tmp_path, "b.csv", BAD), write(tmp_path, "c.csv", "day,label,working\n2014-02-30,沒有,0\n")
    before = path.read_bytes(), beside(path)
    done = run("import", good, "--dry-run", "--json", "--db", path)
    assert (done.code, done.json[0]["added"], done.json[0]["batch"]) == (0, 2, None)
    assert run("import", good, "--dry-run", "--db", path).out.endswith("（只檢查，未寫入）\n")
    done = run("import", bad, "--dry-run", "--json", *skip, "--db", path)
    assert (done.code, len(done.json[0]["rejected"]), done.json[0]["batch"]) == (0 if skip else 1, 1, None)
    assert run("import", worse, "--dry-run", *skip, "--db", path).code == 1
    assert (path.read_bytes(), beside(path)) == before


def test_a_dry_run_and_the_import_count_the_same(run: Run, copy: Copy, tmp_path: Path) -> None:
    path = copy("report")
    run("import", write(tmp_path, "a.csv", HOLIDAYS), "--db", path)
    file = write(tmp_path, "b.csv", HOLIDAYS.replace("元旦", "開國紀念日") + "2014-04-04,兒童節,0\n")
    (dry,) = run("import", file, "--dry-run", "--json", "--db", path).json
    (wet,) = run("import", file, "--json", "--db", path).json
    assert dry | {"batch": wet["batch"]} == wet
    assert (wet["added"], wet["changed"], wet["unchanged"]) == (1, 1, 1)


QUESTIONS = [
    (export(post(1)).open().read(), "貼文.csv", "--observed-at"),
    ("ciudad,página\nMálaga,1\n".encode("cp1252"), "a.csv", "--encoding"),
    (export(post(1), head=[name for name in HEAD if name != "Page ID"]).open().read(), "貼文.csv", "--page"),
    ("日期,粉絲人數\n103/12/31,16300\n".encode(), "粉絲.csv", "--page"),
    ("類別,日期,名稱\n教育訓練,6/10,研習\n".encode(), "訓練.csv", "--year"),
    ("類別,日期,名稱\n教育訓練,41912,研習\n".encode(), "訓練.csv", "--dates"),
    ("類別,日期,名稱,人次\n教育訓練,103/06/10,研習,1.2萬\n".encode(), "訓練.csv", "--accept-wan"),
]


@pytest.mark.parametrize(("data", "name", "option"), QUESTIONS, ids=[f"{n} {option}" for _, n, option in QUESTIONS])
def test_an_unanswered_question_refuses_the_file_and_names_the_option(
    run: Run, copy: Copy, tmp_path: Path, data: bytes, name: str, option: str
) -> None:
    path, file = copy("report"), tmp_path / name
    file.write_bytes(data)
    before = path.read_bytes(), beside(path)
    for more in ([], ["--dry-run"], ["--skip-rejected"]):
        done = run("import", file, *more, "--json", "--db", path)
        assert option in refused(done)
        assert (done.json[0]["error"], done.json[0]["batch"]) == (done.err.strip(), None)
    assert (path.read_bytes(), beside(path)) == before


def test_options_answer_what_would_be_asked(run: Run, copy: Copy, tmp_path: Path) -> None:
    path, file = copy("report"), tmp_path / "貼文.csv"
    file.write_bytes(export(post(1), head=[name for name in HEAD if name != "Page ID"]).open().read())
    answers = ["--page", "xiaoanxin", "--observed-at", "2014-11-24T09:00", "--zone", "Asia/Taipei"]
    (found,) = run("import", file, *answers, "--json", "--db", path).json
    assert (found["added"], found["error"]) == (1, None)
    assert [s["observed_at"] for s in current(path, "snapshots")] == ["2014-11-24T09:00:00+08:00"]
    assert [p["published_at"] for p in current(path, "posts")] == ["2014-10-02T18:00:00+08:00"]
    trainings = write(tmp_path, "訓練.csv", "類別,日期,名稱,人次\n教育訓練,6/10,研習,1.2萬\n", "cp950")
    options = ["--year", 103, "--accept-wan", "--encoding", "cp950", "--format", "activities"]
    (found,) = run("import", trainings, *options, "--json", "--db", path).json
    assert (found["added"], found["encoding"], found["error"]) == (1, "cp950", None)
    (made,) = [a for a in current(path, "activities") if a["kind"] == "training"]
    assert (made["held_on"], made["attendees"]) == ("2014-06-10", 12_000)


@pytest.mark.parametrize(
    "answer",
    [
        ["--encoding", "klingon"],
        ["--zone", "Mars/Olympus"],
        ["--page", "nobody"],
        ["--observed-at", "2999-01-01T00:00"],
        ["--format", "nothing"],
    ],
    ids=" ".join,
)
def test_an_answer_that_cannot_be_is_one_sentence(run: Run, copy: Copy, tmp_path: Path, answer: list[str]) -> None:
    path, file = copy("report"), tmp_path / "貼文.csv"
    file.write_bytes(export(post(1)).open().read())
    before = path.read_bytes(), beside(path)
    given = ["--observed-at", "2014-11-24T09:00"] if "--observed-at" not in answer else []
    refused(run("import", file, *given, *answer, "--db", path))
    assert (path.read_bytes(), beside(path)) == before


def test_a_map_assigns_columns_and_is_remembered(run: Run, copy: Copy, tmp_path: Path) -> None:
    path = copy("report")
    file = write(tmp_path, "一月.csv", "講題,哪天\n商品安全,103/06/10\n")
    assert "--map" in refused(run("import", file, "--db", path))
    layout = {"format": "activities", "columns": {"講題": "title", "哪天": "held_on"}, "constants": {"kind": "新聞稿"}}
    assigned = write(tmp_path, "map.json", json.dumps(layout))
    (found,) = run("import", file, "--map", assigned, "--json", "--db", path).json
    assert (found["format"], found["added"], found["error"]) == ("activities", 1, None)
    other = write(tmp_path, "二月.csv", "講題,哪天\n度量衡,103/07/10\n")
    (found,) = run("import", other, "--json", "--db", path).json
    assert (found["added"], found["notes"]) == (1, ["沿用上次為這種欄名指定的欄位對應。"])
    layout["constants"] = {"kind": "教育訓練"}
    third = write(tmp_path, "三月.csv", "講題,哪天\n計量,103/08/10\n")
    given = write(tmp_path, "other.json", json.dumps(layout))
    (found,) = run("import", third, "--map", given, "--json", "--db", path).json
    assert (found["added"], found["notes"]) == (1, [])
    assert [row["kind"] for row in current(path, "activities") if row["title"] == "計量"] == ["training"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "activities"}', '{"format": "activities", "columns": 3}', "\x00", "null"]
)
def test_a_map_that_is_no_map_is_one_sentence(run: Run, copy: Copy, tmp_path: Path, text: str) -> None:
    path, file = copy("report"), write(tmp_path, "a.csv", HOLIDAYS)
    before = path.read_bytes()
    assert "欄位對應" in refused(run("import", file, "--map", write(tmp_path, "map.json", text), "--db", path))
    assert "欄位對應" in refused(run("import", file, "--map", tmp_path / "none.json", "--db", path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "columns",
    [
        {"沒有": "title", "哪天": "held_on"},
        {"講題": "colour", "哪天": "held_on"},
        {"講題": "title", "哪天": "title"},
        {"講題": "title"},
    ],
    ids=["no such heading", "no such column", "two headings for a column", "a column is missing"],
)
def test_a_map_that_does_not_fit_the_file_is_one_sentence(
    run: Run, copy: Copy, tmp_path: Path, columns: dict[str, str]
) -> None:
    path, file = copy("report"), write(tmp_path, "一月.csv", "講題,哪天\n商品安全,103/06/10\n")
    layout = {"format": "activities", "columns": columns, "constants": {"kind": "新聞稿"}}
    before = path.read_bytes()
    refused(run("import", file, "--map", write(tmp_path, "map.json", json.dumps(layout)), "--db", path))
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


@pytest.mark.parametrize(("spoil", "words"), BAD_STORES)
def test_a_store_that_cannot_be_used_refuses_every_file_of_an_import(
    run: Run, copy: Copy, tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    path, file = copy("report"), write(tmp_path, "a.csv", HOLIDAYS)
    spoil(path)
    before = beside(path)
    for more in ([], ["--dry-run"]):
        done = run("import", file, *more, "--json", "--db", path)
        assert words in refused(done)
        assert [(f["file"], f["batch"], f["error"]) for f in done.json] == [("a.csv", None, done.err.strip())]
    assert beside(path) == before


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
        assert "另一個程式" in refused(run("status", "--db", path))


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
        ["report", "--year", "103", "--format", "rtf"],
        ["export"],
        ["export", ""],
        ["undo"],
        ["undo", "first"],
        ["undo", "1", "2"],
        ["import"],
        ["import", "a.csv", "--year", "明年"],
        ["import", "a.csv", "--observed-at", "昨天"],
        ["import", "a.csv", "--dates", "lunar"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_touches_nothing(run: Run, copy: Copy, arguments: list[str]) -> None:
    path = copy("report")
    before = path.read_bytes()
    done = run(*arguments, *(["--db", path] if arguments else []))
    assert (done.code, done.out) == (2, "")
    assert is_one_sentence(done.err.strip()), done.err
    assert in_chinese(done.err)
    assert re.search(r"；用法見 python -m sqdash( [a-z]+)* --help。$", done.err.strip())
    assert path.read_bytes() == before


def test_a_folder_that_is_not_said_is_not_called_empty(run: Run, made: Copy) -> None:
    for text in ("", " "):
        assert run("export", text, "--db", made("report")).err == (
            "資料夾沒有寫，請補上，要用目前的資料夾請寫「.」；用法見 python -m sqdash export --help。\n"
        )


def in_chinese(text: str) -> bool:
    """Whether nothing in it is of argparse's own words."""
    return not re.search("usage|argument|option|invalid|choose|required|expected|show this", text)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["init", "--empty", "--demo"], "--demo 不能和 --empty 一起用，請刪去其中一個；用法見 python -m sqdash init"),
        (["status", "--year"], "--year 後面要有一個值，請補上；用法見 python -m sqdash status"),
        (["status", "--year", "0"], "--year 「0」不是民國年，請輸入例如 103；用法見 python -m sqdash status"),
        (["status", "--json=1"], "--json 後面不能有值，請刪去「1」；用法見 python -m sqdash status"),
        (["status", "--yaer", "1"], "沒有「--yaer 1」這個參數，請刪去或改正；用法見 python -m sqdash"),
        (["undo", "1", "--d"], "「--d」可能是「--db、--dry-run」其中一個，請寫完整；用法見 python -m sqdash undo"),
        (["report"], "「--year、--period」須填其中一個，請補上；用法見 python -m sqdash report"),
        (
            ["report", "--year", "103", "--format", "rtf"],
            "--format 不能是「rtf」，請改用 odt、docx、html、json、pptx 之一",
        ),
        (["undo", "1", "--by", ""], "--by 是空的，請寫由誰執行，或不寫 --by；用法見 python -m sqdash undo"),
        (["pull", "--by", " "], "--by 是空的，請寫由誰執行，或不寫 --by；用法見 python -m sqdash pull"),
        (["restore", "x", "--by", "a\x07"], "--by 含有看不見的控制字元，請重新輸入；用法見 python -m sqdash restore"),
        (["backup", "--by", "\udca4\udca4"], "--by 含有這個環境讀不出來的字，請重新輸入；用法見"),
        (["restore", "x", "--reason", ""], "--reason 是空的，請寫原因；用法見 python -m sqdash restore"),
        (["undo", "first"], "批次不能是「first」，請改填整數；用法見 python -m sqdash undo"),
        (["import"], "缺少必填的「檔案」，請補上；用法見 python -m sqdash import"),
        (["user", "add", "a", "--role", "x"], "--role 不能是「x」，請改用 viewer、editor、reviewer、admin 之一"),
        ([], "缺少必填的「命令」，請補上；用法見 python -m sqdash"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_named_with_what_to_do(run: Run, arguments: list[str], said: str) -> None:
    assert run(*arguments).err.startswith(said)


def test_a_command_that_is_none_is_named_beside_those_there_are(run: Run) -> None:
    said = run("stauts").err
    assert said.startswith("命令不能是「stauts」，請改用 init、status、report、")


@pytest.mark.parametrize("command", [[], *([name] for name, _, _ in cli.COMMANDS), ["user", "add"]], ids=" ".join)
def test_help_is_in_chinese(run: Run, command: list[str]) -> None:
    done = run(*command, "--help")
    assert done.out.startswith("用法：python -m sqdash")
    assert in_chinese(done.out)
    assert "顯示這份說明" in done.out


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

PROBE = """
import sys
from sqdash import cli
code = cli.main(sys.argv[1:])
heavy = ("pandas", "numpy", "streamlit", "pyarrow", "sqlite_utils", "openpyxl", "lxml", "plotly", "xlsxwriter", "odfdo")
print(code, [name for name in heavy if name in sys.modules])
"""


@pytest.mark.parametrize("command", [["import", "FILE"], ["import", "FILE", "--dry-run", "--json"], ["undo", "1"]])
def test_importing_text_loads_nothing_heavy(copy: Copy, tmp_path: Path, command: list[str]) -> None:
    file = write(tmp_path, "a.csv", HOLIDAYS)
    given = [str(file) if part == "FILE" else part for part in command]
    probe = [sys.executable, "-c", PROBE, *given, "--db", str(copy("report"))]
    done = subprocess.run(probe, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr


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
    file = write(tmp_path, "假日.csv", HOLIDAYS)
    imported = start("import", file, "--json", "--db", path, capture_output=True)
    assert (imported.returncode, imported.stderr, json.loads(imported.stdout)[0]["batch"]) == (0, "", 24)
    undo = start("undo", "1", "--db", path, capture_output=True)
    assert (undo.returncode, undo.stdout, undo.stderr) == (0, f"已還原批次 1，影響 19 列；{LEFT}\n", "")
    again = start("undo", "1", "--db", path, capture_output=True)
    assert (again.returncode, again.stdout) == (1, "")
    assert is_one_sentence(again.stderr.strip())
    assert start("fly", capture_output=True).returncode == 2


def test_asked_to_end_while_a_command_is_being_loaded_it_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "import_module", ended)
    assert refused(run("status")).startswith("已中止")


@pytest.fixture
def heeds_interrupts() -> Iterator[None]:
    """What a shell starts in the background ignores Ctrl-C, and so would a command started from here."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="a console Ctrl-C cannot be sent to one process on Windows")
@pytest.mark.usefixtures("heeds_interrupts")
def test_asked_to_end_before_anything_is_loaded_it_ends_without_a_traceback(tmp_path: Path) -> None:
    write(tmp_path, "argparse.py", "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = subprocess.run(
        [sys.executable, "-m", "sqdash", "status"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, b"", b"")


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_is_no_traceback(copy: Copy, tmp_path: Path) -> None:
    """A folder named in Big5, or any Chinese one where the locale is C and UTF-8 was switched off."""
    big5 = os.fsdecode(bytes(tmp_path) + b"/\xa4\xa4")
    done = start("status", "--db", f"{big5}/s.db", capture_output=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "s.db" in done.stderr
    done = start("export", big5, "--db", copy("report"), "--json", stdout=subprocess.PIPE)
    assert done.returncode == 0
    assert json.loads(done.stdout)["folder"].startswith(str(tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
@pytest.mark.parametrize("arguments", [["audit", "--text", "\udca4"], ["pull", "--page", "1", "--since", "\udca4"]])
def test_a_word_that_is_no_text_is_said_to_be_none(made: Copy, arguments: list[str]) -> None:
    done = start(*arguments, "--db", made("report"), capture_output=True)
    assert done.returncode in (1, 2)
    assert is_one_sentence(done.stderr.strip())
    assert "未預期" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
def test_a_chinese_path_is_written_as_it_is_where_utf_8_is_switched_off(copy: Copy, tmp_path: Path) -> None:
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "sqdash", "export", os.fsencode(tmp_path / "匯出"), "--db", copy("report")],
        cwd=ROOT,
        env={**os.environ, **plain},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "匯出" in done.stdout.decode()
    assert (tmp_path / "匯出").is_dir()


@pytest.mark.skipif(os.name == "nt", reason="names are bytes on POSIX only")
@pytest.mark.parametrize("command", ["init", "backup", "check"])
def test_a_store_whose_path_is_no_text_is_refused_in_a_sentence(tmp_path: Path, command: str) -> None:
    """SQLite takes a copy's path as UTF-8 only: there would be a store of which no backup can be made."""
    store = os.fsdecode(bytes(tmp_path) + b"/\xa4\xa4.db")
    done = start(command, "--db", store, capture_output=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert is_one_sentence(done.stderr.strip())
    assert "PYTHONUTF8=1" in done.stderr
    assert not list(tmp_path.iterdir())


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
