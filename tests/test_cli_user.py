"""``user`` and ``audit``: what they print for people and for programs, exit codes, and that no password is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sqdash import cli
from sqdash.jobs import accounts
from tests.making import is_one_sentence
from tests.people_store import ADDRESS, audited, hashing_fast, tell_time

Copy = Callable[[str], Path]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def fast(made: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made("report")  # stores that all tests share are made by the real clock
    tell_time(monkeypatch)
    with hashing_fast(monkeypatch):
        yield


@pytest.fixture
def store(copy: Copy) -> Path:
    return copy("report")


@pytest.fixture
def run(store: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the store: its exit code, what it printed and what it complained of."""

    def command(*arguments: str, db: bool = True) -> tuple[int, str, str]:
        try:
            code = cli.main([*arguments, *(["--db", str(store)] if db else [])])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def told(run: Run, *arguments: str) -> Any:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.parametrize("meant", ["section-3", "第三課"])
def test_a_unit_is_given_by_its_code_or_its_name(run: Run, meant: str) -> None:
    assert run("user", "add", "chen", "--role", "editor", "--unit", meant)[0] == 0
    assert run("user", "unit", "chen", "")[0] == 1
    assert [(one["name"], one["unit"]) for one in told(run, "user", "list")] == [("chen", "section-3")]


def test_an_account_is_made_with_a_password_that_is_printed_once_and_works_once(run: Run, store: Path) -> None:
    code, out, err = run("user", "add", "Wang", "--shown", "王小明", "--role", "admin", "--unit", "section-1")
    assert (code, err) == (0, "")
    first_line, second_line = out.splitlines()
    assert first_line == "已新增帳號：wang　王小明　系統管理　第一課　可用，須變更首次密碼"
    assert second_line.endswith("（只顯示這一次，第一次登入時須變更）")
    first = second_line.removeprefix("首次密碼：").split("（")[0]
    opened = accounts.sign_in(store, "wang", first, address=ADDRESS)
    assert opened.must_change
    assert first not in "".join(run("user", "list")[1:])
    assert [first.encode() in path.read_bytes() for path in (store,)] == [False]


def test_without_a_shown_name_the_account_goes_by_its_own(run: Run) -> None:
    found = told(run, "user", "add", "王", "--role", "admin")
    assert (found["name"], found["shown"], found["unit"], found["must_change"]) == ("王", "王", None, True)
    assert len(found["password"]) == 19


def test_a_list_says_for_programs_whether_there_is_an_enabled_admin(run: Run) -> None:
    assert told(run, "user", "list") == []
    assert run("user", "list")[1] == "沒有帳號\n"
    run("user", "add", "a", "--role", "admin")
    run("user", "add", "b", "--role", "editor", "--unit", "section-2")
    run("user", "disable", "b", "--reason", "離職")
    assert told(run, "user", "list") == [
        {
            "name": "a",
            "shown": "a",
            "role": "admin",
            "unit": None,
            "unit_name": None,
            "must_change": True,
            "disabled": None,
            "locked_until": None,
            "last_seen": None,
            "made_at": "2026-03-02T01:00:00+00:00",
        },
        {
            "name": "b",
            "shown": "b",
            "role": "editor",
            "unit": "section-2",
            "unit_name": "第二課",
            "must_change": True,
            "disabled": "離職",
            "locked_until": None,
            "last_seen": None,
            "made_at": "2026-03-02T01:00:00+00:00",
        },
    ]


def test_accounts_are_changed_by_name(run: Run, store: Path) -> None:
    run("user", "add", "lin", "--role", "viewer")
    assert told(run, "user", "unit", "lin", "section-2")["unit_name"] == "第二課"
    assert told(run, "user", "role", "lin", "editor", "--by", "王")["role"] == "editor"
    assert run("user", "disable", "LIN", "--reason", "離職", "--by", "王") == (
        0,
        "已停用：lin　lin　登錄（本單位）　第二課　已停用：離職\n",
        "",
    )
    assert told(run, "user", "enable", "lin")["disabled"] is None
    first = told(run, "user", "password", "lin")["password"]
    accounts.sign_in(store, "lin", first, address=ADDRESS)
    assert told(run, "user", "sign-out", "lin")["ended"] == 1
    assert run("user", "sign-out", "lin")[1] == "已結束 0 個登入\n"
    assert [line[:3] for line in audited(store)[-8:]] == [
        ("命令列", "", "change account"),
        ("王", "", "change account"),
        ("王", "", "disable account"),
        ("命令列", "", "enable account"),
        ("命令列", "", "reset password"),
        ("lin（第二課）", ADDRESS, "sign-in"),
        ("命令列", "", "sign-out everywhere"),
        ("命令列", "", "sign-out everywhere"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["user", "add", "", "--role", "viewer"],
        ["user", "add", "e", "--role", "editor"],
        ["user", "add", "a", "--role", "viewer"],
        ["user", "disable", "nobody", "--reason", "x"],
        ["user", "disable", "a", "--reason", ""],
        ["user", "disable", "a", "--reason", "x"],
        ["user", "role", "a", "viewer"],
        ["user", "unit", "a", "nix"],
        ["user", "enable", "a"],
        ["user", "password", "nobody"],
        ["user", "sign-out", "nobody"],
        ["audit", "--action", "nix"],
    ],
    ids=" ".join,
)
def test_what_is_refused_ends_with_1_and_one_sentence(run: Run, arguments: list[str]) -> None:
    run("user", "add", "a", "--role", "admin")
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert is_one_sentence(err.rstrip("\n"))
    code, out, err = run(*arguments, "--json")
    assert (code, json.loads(out)) == (1, {"error": err.rstrip("\n")})


@pytest.mark.parametrize(
    "arguments",
    [
        ["user"],
        ["user", "nix"],
        ["user", "add", "a"],
        ["user", "add", "a", "--role", "boss"],
        ["user", "add", "a", "--role", "admin", "--password", "x"],
        ["user", "password", "a", "secret"],
        ["user", "disable", "a"],
        ["user", "role", "a"],
        ["audit", "--since", "昨天"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_a_password_is_never_an_argument(
    run: Run, store: Path, arguments: list[str]
) -> None:
    before = store.read_bytes()
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert is_one_sentence(err.strip()), err
    assert "；用法見 python -m sqdash" in err
    assert store.read_bytes() == before


def test_options_may_stand_before_the_action_or_after_it(run: Run, store: Path) -> None:
    for arguments in (
        ("user", "--db", str(store), "--json", "list"),
        ("user", "list", "--json", "--db", str(store)),
        ("user", "--json", "list", "--db", str(store)),
    ):
        assert run(*arguments, db=False) == (0, "[]\n", "")


def test_the_log_is_printed_newest_first_for_people(run: Run) -> None:
    run("user", "add", "a", "--role", "admin", "--by", "王")
    code, out, err = run("audit")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == "115/03/02 09:00:00　王　命令列　新增帳號　a：a，系統管理，單位 無"
    assert len(lines) == 24
    assert lines[-1].endswith("匯入或登錄　批次 1（units.csv）：新增 19 列")


def test_the_log_is_told_to_programs_with_both_times(run: Run) -> None:
    run("user", "add", "a", "--role", "admin")
    found = told(
        run, "audit", "--action", "新增帳號", "--since", "115/03/02", "--until", "2026-03-02", "--by", "命令列"
    )
    assert [{name: one[name] for name in one if name != "id"} for one in found] == [
        {
            "utc": "2026-03-02T01:00:00Z",
            "taipei": "115/03/02 09:00:00",
            "by": "命令列",
            "address": "",
            "action": "add account",
            "subject": "a",
            "detail": "a，系統管理，單位 無",
            "revision": None,
            "batch": None,
            "file": None,
        }
    ]
    assert told(run, "audit", "--action", "新增帳號", "--text", "系統 研考") == []
    assert run("audit", "--since", "115/03/03", "--by", "王")[1] == "沒有符合的紀錄\n"


def test_days_of_the_log_that_are_the_wrong_way_round_are_told_so(run: Run) -> None:
    code, out, err = run("audit", "--since", "115/03/03", "--until", "115/03/02")
    assert (code, out) == (1, "")
    assert err.strip() == "期間的結束日 115 年 3 月 2 日 早於開始日 115 年 3 月 3 日，請對調。"


def test_an_export_says_in_the_log_that_data_left(run: Run, store: Path, tmp_path: Path) -> None:
    assert run("export", str(tmp_path / "out"), "--by", "王")[0] == 0
    assert audited(store)[-1] == ("王", "", "export", str(tmp_path / "out"), "csv")


def test_an_export_of_a_store_that_cannot_be_written_says_that_the_log_does_not_know(
    run: Run, store: Path, tmp_path: Path
) -> None:
    store.chmod(0o444)
    code, out, err = run("export", str(tmp_path / "out"))
    assert (code, out.startswith("已匯出")) == (0, True)
    assert err.startswith("這次匯出沒有記入稽核紀錄：")
    assert is_one_sentence(err.rstrip("\n"))
