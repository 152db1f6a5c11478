"""Errors of files and entries, and the questions that only a person can answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from sqdash.errors.base import SqdashError, flag

if TYPE_CHECKING:
    from sqdash.records import Rejected


class DataError(SqdashError):
    """A file or an entry that cannot be taken."""

    def __init__(self, sentence: str, *, option: str | None = None) -> None:
        super().__init__(sentence)
        self.option = option


class FileNotRecognised(DataError):
    """No known format has these headings.

    ``headings`` and ``sample`` (some rows) are for a person who assigns the columns; ``signature`` is under
    what the assignment is remembered. ``sheets`` are those of the workbook, first the one that was read.
    """

    def __init__(
        self,
        sentence: str,
        *,
        headings: tuple[str, ...] = (),
        sample: tuple[tuple[str, ...], ...] = (),
        signature: str = "",
        sheets: tuple[str, ...] = (),
    ) -> None:
        super().__init__(sentence, option="map" if headings else "sheet" if len(sheets) > 1 else None)
        self.headings, self.sample, self.signature, self.sheets = headings, sample, signature, sheets


class AmbiguousFile(DataError):
    """Several formats claim the headings; ``formats`` are their (name, label)."""

    def __init__(self, sentence: str, formats: tuple[tuple[str, str], ...]) -> None:
        super().__init__(sentence, option="format")
        self.formats = formats


class RowsRejected(DataError):
    """Rows of ``file`` cannot be taken, so nothing was: ``rejected`` has every one with its reason."""

    def __init__(self, file: str, rejected: Sequence[Rejected]) -> None:
        self.file, self.rejected = file, tuple(rejected)
        super().__init__(self._sentence(self.rejected[0].reason, ""))

    @property
    def in_command(self) -> str:
        """See :attr:`SqdashError.in_command`."""
        return self._sentence(self.rejected[0].in_command, "以 --skip-rejected ")

    def _sentence(self, reason: str, by: str) -> str:
        first = self.rejected[0]
        rows = len({one.row for one in self.rejected})
        more = f"（共 {rows:,} 列不能採用，可修正後重傳，或{by}匯入其餘）" if rows > 1 else ""
        where = f" 第 {first.row} 列" if first.row else ""
        return f"{self.file}{where}{_cell(first.column, first.value)}無法採用：{reason.rstrip('。')}{more}。"


class BadCell(DataError):
    """One value that cannot be taken.

    ``file``, ``row`` (1 is the heading row, None for an entry), ``column`` and ``value`` say where; ``reason`` says why
    and what to do.
    """

    def __init__(self, file: str, row: int | None, column: str, value: str, reason: str) -> None:
        self.file, self.row, self.column, self.value, self.reason = file, row, column, value, reason
        where = f" 第 {row} 列" if row else ""
        super().__init__(f"{file}{where}{self.cell}無法採用：{reason}")

    @property
    def cell(self) -> str:
        """The column and its value, a long one cut."""
        return _cell(self.column, self.value if len(self.value) <= 40 else self.value[:40] + "…")


class BadCells(DataError):
    """Several values of one entry that cannot be taken; ``cells`` has each."""

    def __init__(self, cells: Sequence[BadCell]) -> None:
        self.cells = tuple(cells)
        each = "；".join(f"{one.cell}{one.reason.rstrip('。')}" for one in self.cells)
        super().__init__(f"{self.cells[0].file}有 {len(self.cells)} 個欄位無法採用：{each}。")


def _cell(column: str, value: str) -> str:
    """The column and what stands there, on one line; an empty cell has no value to name."""
    shown = " ".join(value.split())
    return f"「{column}」的值「{shown}」" if shown else f"「{column}」"


class BadRow(DataError):
    """The values of one row do not go together; ``number`` is the row's (None for an entry), ``reason`` says why."""

    def __init__(self, number: int | None, reason: str) -> None:
        self.number, self.reason = number, reason
        super().__init__(f"第 {number} 列{reason}" if number else reason)


class YearLocked(DataError):
    """A change to a year that is locked, or to its lock by another way than the lock's own."""


class BadReference(DataError):
    """A row names something the store does not have."""


class Question(NamedTuple):
    """What only a person can say about a file.

    ``option`` names the answer for commands and forms, e.g. "encoding" (``--encoding``); ``text`` is one question or
    clause in Chinese; ``choices`` are (value, label), empty where anything of that kind may be answered.
    """

    option: str
    text: str
    choices: tuple[tuple[str, str], ...] = ()
    kind: Literal["choice", "text", "year", "moment", "flag"] = "choice"

    @property
    def asked(self) -> str:
        """What is asked, as a clause."""
        return self.text.rstrip("。？?")

    @property
    def in_command(self) -> str:
        """What is asked and the command line option that answers it, as one clause."""
        if self.kind == "flag":
            return f"{self.asked}，同意時請加上 {flag(self.option)}"
        values = "、".join(value for value, _ in self.choices)
        return f"{self.asked}，請以 {flag(self.option)} 指定" + (f"（{values}）" if values else "")


class Unanswered(DataError):
    """``file`` can be read in more than one way; ``questions`` are what a person must answer first."""

    def __init__(self, file: str, questions: tuple[Question, ...]) -> None:
        self.file, self.questions = file, questions
        super().__init__(f"{file} 需要先回答：{'；'.join(question.asked for question in questions)}。")

    @property
    def in_command(self) -> str:
        """See :attr:`SqdashError.in_command`."""
        return f"{self.file} 需要先回答：{'；'.join(question.in_command for question in self.questions)}。"
