"""The error tree is as it is drawn."""

from __future__ import annotations

import inspect
import pickle
import re

import pytest

from sqdash import errors
from sqdash.errors import (
    AmbiguousFile,
    BadCell,
    DataError,
    FileNotRecognised,
    Question,
    RowsRejected,
    SqdashError,
    Unanswered,
)
from sqdash.records import Rejected

OURS = [c for _, c in inspect.getmembers(errors, inspect.isclass) if c.__module__.startswith(f"{errors.__name__}.")]
CLASSES = [c for c in OURS if issubclass(c, BaseException)]


def drawn() -> dict[str, str | None]:
    """Class → parent as the module's drawing has them."""
    found: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"((?:[│ ]   |[├└]── )*)(\w+)  +\S", line):
            depth = len(match[1]) // 4
            above[depth:] = [match[2]]
            found[match[2]] = above[depth - 1] if depth else None
    return found


def test_drawing_names_every_class_under_its_parent() -> None:
    parents = {c.__name__: c.__base__.__name__ if c is not SqdashError else None for c in CLASSES}
    assert drawn() == parents
    assert len(CLASSES) == 39


@pytest.mark.parametrize("kind", CLASSES, ids=lambda c: c.__name__)
def test_every_error_is_ours_and_says_what_it_means(kind: type[Exception]) -> None:
    assert issubclass(kind, SqdashError)
    assert (kind.__doc__ or "").strip().endswith(".")


@pytest.mark.parametrize("kind", CLASSES, ids=lambda c: c.__name__)
def test_every_error_crosses_to_another_process_as_it_is(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    error.args, error.__dict__["rejected"] = ("一句話。",), (Rejected(2, "甲", "乙", "not_date", "不是日期。"),)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made in this line
    assert (type(again), str(again), again.__dict__) == (kind, "一句話。", error.__dict__)


def test_no_error_of_ours_is_taken_for_a_value_error() -> None:
    assert not any(issubclass(c, ValueError | OSError | KeyError) for c in CLASSES)


def test_bad_cell_says_file_row_column_value_and_reason() -> None:
    error = BadCell("a.csv", 7, "received", "many", "須為 0 或正整數，不含逗號與單位。")
    wanted = "a.csv 第 7 列「received」的值「many」無法採用：須為 0 或正整數，不含逗號與單位。"
    assert str(error) == wanted
    assert (error.file, error.row, error.column, error.value) == ("a.csv", 7, "received", "many")
    assert error.reason == "須為 0 或正整數，不含逗號與單位。"
    assert isinstance(error, DataError)


@pytest.mark.parametrize(("length", "shown"), [(40, "x" * 40), (41, "x" * 40 + "…")])
def test_bad_cell_cuts_a_long_value_in_its_sentence_only(length: int, shown: str) -> None:
    error = BadCell("a.csv", 2, "note", "x" * length, "錯。")
    assert str(error) == f"a.csv 第 2 列「note」的值「{shown}」無法採用：錯。"
    assert error.value == "x" * length


# --- questions that only a person can answer


def test_unanswered_names_the_file_and_what_is_asked_and_to_a_command_the_option() -> None:
    question = Question("encoding", "文字編碼無法確定", (("cp950", "CP950（Big5）"), ("cp1252", "西歐")))
    error = Unanswered("a.csv", (question,))
    assert str(error) == "a.csv 需要先回答：文字編碼無法確定。"
    assert error.in_command == "a.csv 需要先回答：文字編碼無法確定，請以 --encoding 指定（cp950、cp1252）。"
    assert (error.file, error.questions) == ("a.csv", (question,))
    assert isinstance(error, DataError)


def test_unanswered_asks_everything_in_one_sentence() -> None:
    questions = (
        Question("year", "日期沒有年份，是哪一年的資料？", kind="year"),
        Question("observed_at", "不知道數字是何時的", kind="moment"),
        Question("skip_rejected", "有 3 列不能採用", kind="flag"),
    )
    error = Unanswered("a.csv", questions)
    assert str(error) == "a.csv 需要先回答：日期沒有年份，是哪一年的資料；不知道數字是何時的；有 3 列不能採用。"
    assert error.in_command == (
        "a.csv 需要先回答：日期沒有年份，是哪一年的資料，請以 --year 指定；"
        "不知道數字是何時的，請以 --observed-at 指定；有 3 列不能採用，同意時請加上 --skip-rejected。"
    )


# --- what a command line is told besides


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (DataError("a.csv 太大，請分開。"), "a.csv 太大，請分開。"),
        (DataError("請改選工作表。", option="sheet"), "請改選工作表（--sheet）。"),
        (DataError("請改正。", option="observed_at"), "請改正（--observed-at）。"),
        (AmbiguousFile("請指定其中一種。", (("a", "甲"),)), "請指定其中一種（--format）。"),
        (FileNotRecognised("請指定每一欄的意思。", headings=("甲",)), "請指定每一欄的意思（--map）。"),
        (FileNotRecognised("請改選工作表「資料」。", sheets=("封面", "資料")), "請改選工作表「資料」（--sheet）。"),
        (FileNotRecognised("本系統不收。"), "本系統不收。"),
        (
            RowsRejected("a.csv", [Rejected(2, "專頁", "", "no_page", "請指定專頁。", "page")]),
            "a.csv 第 2 列「專頁」無法採用：請指定專頁（--page）。",
        ),
    ],
)
def test_only_a_command_line_is_told_the_option(error: SqdashError, told: str) -> None:
    assert error.in_command == told
    assert "--" not in str(error)


def test_reason_of_a_refused_row_names_the_option_to_a_command_line_only() -> None:
    one = Rejected(2, "專頁", "", "no_page", "請指定專頁。", "page")
    assert one.as_dict() == {
        "row": 2,
        "column": "專頁",
        "value": "",
        "code": "no_page",
        "reason": "請指定專頁（--page）。",
    }
    assert one.reason == "請指定專頁。"
