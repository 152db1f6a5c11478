"""The audit log in words, and lines of what is no change."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from sqdash.errors import DataError, StoreReadOnly
from sqdash.jobs import audit, upload
from sqdash.jobs.audit import Wanted
from tests.making import BY, is_one_sentence, put, revisions, row
from tests.people_store import audited

Copy = Callable[[str], Path]
ROOT = Path(__file__).resolve().parents[2]


def actions() -> Iterator[str]:
    """Every action that the program writes."""
    for path in (ROOT / "sqdash").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            places = {".note": 2, ".audit": 0, ".audit_as": 1}
            at = next((n for end, n in places.items() if called.endswith(end)), None) if "audit" in called else None
            if not isinstance(node, ast.Call) or at is None:
                continue
            named = [word.value for word in node.keywords if word.arg == "action"]
            for given in (*node.args[at : at + 1], *named):
                if isinstance(given, ast.Constant):
                    yield str(given.value)


def test_every_action_that_is_written_has_words() -> None:
    found = set(actions())
    assert {"import", "sign-in", "change", "export", "rotate"} <= found
    assert found <= set(audit.ACTIONS)


def test_no_two_actions_have_the_same_words() -> None:
    assert len(set(audit.ACTIONS.values())) == len(audit.ACTIONS)


def test_a_note_is_a_line_without_a_revision(copy: Copy) -> None:
    store = copy("empty")
    audit.note(store, BY, "download", "批次 3\n原始檔", "a.csv")
    assert audited(store) == [(BY, "", "download", "批次 3 原始檔", "a.csv")]
    assert revisions(store) == 0
    [line] = audit.lines(store).lines
    assert (audit.word(line.action), audit.said(line)) == ("下載原始檔", "批次 3 原始檔：a.csv")


def test_a_store_that_cannot_be_written_takes_no_note(copy: Copy) -> None:
    store = copy("empty")
    store.chmod(0o444)
    with pytest.raises(StoreReadOnly):
        audit.note(store, BY, "export", "x")


def line(action: str, subject: str, detail: str = "", file: str | None = None) -> audit.Line:
    return audit.Line(1, datetime(2026, 1, 1, tzinfo=UTC), BY, "", action, subject, detail, 1, 1, file)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            line("import", "batch 7", "3 added, 0 changed, 2 rejected", "posts.csv"),
            "批次 7（posts.csv）：新增 3 列、拒收 2 列",
        ),
        (line("import", "batch 7", "0 added, 12 changed"), "批次 7：變更 12 列"),
        (line("undo", "batch 7", "檔案有誤"), "批次 7：檔案有誤"),
        (line("cover", "batch 7", "2014-01-01 2014-01-31 123"), "批次 7：專頁 123 自 103/01/01 至 103/01/31"),
        (line("token", "page 123", "設定權杖"), "專頁 123：設定權杖"),
        (line("rotate", "2 lines", "to 2014-01-01T00:00:00.000+00:00"), "2 筆：到 103/01/01 08:00 為止"),
        (line("restore", "backup 2014-hand", "還原備份 2014-hand：檔案有誤"), "備份 2014-hand：檔案有誤"),
        (line("restore", "backup my copy.db", "還原備份 my copy.db：檔案有誤"), "備份 my copy.db：檔案有誤"),
        (line("change", "batch of letters"), "batch of letters"),
        (line("sign-in", "wang"), "wang"),
    ],
)
def test_a_line_is_told_in_words(given: audit.Line, said: str) -> None:
    assert audit.said(given) == said


def test_an_action_is_named_as_it_stands_or_in_words() -> None:
    assert [audit.action(text) for text in ("sign-in failed", "登入失敗", "匯出")] == [
        "sign-in failed",
        "sign-in failed",
        "export",
    ]
    with pytest.raises(DataError, match="沒有「登入？」這種動作") as raised:
        audit.action("登入？")
    assert is_one_sentence(raised.value)
    assert audit.word("of a newer version") == "of a newer version"


def test_lines_and_choices_are_read_from_the_store(copy: Copy) -> None:
    store = copy("empty")
    batch = put(store, "holidays", row("holidays", day="2014-01-01", label="元旦", working=0), file_name="假日.csv")
    upload.undo(store, batch, by="王")
    assert [one.action for one in audit.lines(store).lines] == ["undo", "import"]
    assert audit.lines(store, Wanted(by="王"), size=1).total == 1
    assert [one.file for one in audit.every(store, Wanted(action="import"))] == ["假日.csv"]
    assert audit.every(store, Wanted(last=date(2014, 1, 1))) == []
    assert audit.choices(store) == audit.Choices((BY, "王"), ("import", "undo"))
    assert re.fullmatch(r"\d{3}/\d\d/\d\d \d\d:\d\d:\d\d", audit.lines(store).lines[0].taipei)
