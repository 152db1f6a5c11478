"""Every error that this project raises on purpose, in one tree.

SqdashError                  one sentence for a person: what is wrong, where, what to do
├── PeriodError              a year, date or period that cannot be read
├── SettingsError            a setting that is missing or not allowed
│   └── NobodySignsIn        people would have to sign in, and nobody could
├── NotAllowed               this person may not do this
├── SignInRefused            a name and password that do not let anyone in
├── AccountError             an account that cannot be made or changed like this
├── DataError                something in a file or an entry is not acceptable
│   ├── FileNotRecognised    no known format has these headings
│   ├── AmbiguousFile        several formats claim the headings
│   ├── RowsRejected         rows that cannot be taken refuse the whole file
│   ├── BadCell              one value in one row cannot be taken
│   ├── BadRow               the values of one row do not go together
│   ├── BadReference         a row names something the store does not have
│   ├── YearLocked           a published year that must stay as it was printed
│   └── Unanswered           the file can be read in more than one way; a person must choose
├── StoreError               the store cannot be used as it is
│   ├── StoreMissing         there is no store at this path
│   ├── StoreUnusable        a directory, an empty, foreign or damaged file
│   ├── StoreTooNew          written by a newer version of this program
│   ├── StoreReadOnly        may be read, not written
│   ├── StoreBusy            another process holds the write gate
│   ├── BackupError          a backup could not be made, or is not whole
│   └── AnotherLeads         another process pulls into the store, or backs it up
├── SendError                a digest of alerts could not be handed over
└── GraphError               Meta's Graph API refused, or answered with nothing that can be used
    ├── TokenError           the access token is invalid: everything stops until there is a new one
    │   └── ProofError       the proof made with the app secret is wrong or missing
    ├── PermissionMissing    the token may not read this
    ├── LimitReached         too many calls: nothing may be asked before a certain moment
    ├── DeadMetric           a metric that is not served, or no longer
    ├── DeadObject           deleted, or not to be seen with this token
    ├── BadField             a field that the object does not have
    ├── TooMuchData          the answer would be too large; ask for less at a time
    ├── Transient            network, time or server trouble that outlasted the retries
    ├── Unreadable           an answer that is not what Graph answers
    ├── ClockWrong           this machine's clock cannot say when a figure was seen
    └── GraphSetup           a setting or a request of ours is wrong

Messages are in Traditional Chinese because they reach people as they stand. A screen has widgets where a command has
options, so no message names an option; :attr:`SqdashError.in_command` does, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from sqdash.records import Rejected


class SqdashError(Exception):
    """Base of all expected errors. ``str(error)`` is one complete sentence, for any screen.

    ``option``: the answer that would help (see :func:`naming_option`); None for none. ``understood``: what a job had
    learnt of a file before it had to stop, in the job's own form; None for nothing.
    """

    option: str | None = None
    understood: object = None

    @property
    def in_command(self) -> str:
        """The same sentence for a person at a command line, who answers by an option."""
        return naming_option(str(self), self.option)


def naming_option(sentence: str, option: str | None) -> str:
    """The sentence with the command line option that does what it asks: ``…請改選（--sheet）。`` for ``sheet``."""
    return f"{sentence.removesuffix('。')}（{_flag(option)}）。" if option else sentence


def _flag(option: str) -> str:
    return "--" + option.replace("_", "-")


class PeriodError(SqdashError):
    """A ROC year, date or period that cannot be read."""


class SettingsError(SqdashError):
    """A setting that is missing or not allowed."""


class NobodySignsIn(SettingsError):
    """``where`` (a clause) people have to sign in, and there is no account that could let others in."""

    def __init__(self, where: str) -> None:
        command = ".venv/bin/python -m sqdash user add 名稱 --role admin"
        super().__init__(f"{where}，但還沒有可用的管理者帳號，請先執行 {command} 建立。")


class NotAllowed(SqdashError):
    """This person may not do this."""


class SignInRefused(SqdashError):
    """A name and password that do not let anyone in; the sentence is the same whatever was wrong.

    ``until`` (aware, UTC) is when one may try again where too many tries failed, None otherwise.
    """

    def __init__(self, sentence: str, *, until: datetime | None = None) -> None:
        super().__init__(sentence)
        self.until = until


class AccountError(SqdashError):
    """An account that cannot be made or changed like this."""


class DataError(SqdashError):
    """A file or an entry that cannot be taken."""

    def __init__(self, sentence: str, *, option: str | None = None) -> None:
        super().__init__(sentence)
        self.option = option


class FileNotRecognised(DataError):
    """No known format has these headings.

    ``headings`` and ``sample`` (some rows) are for a person who assigns the columns; ``signature`` is under
    what the assignment is remembered.
    """

    def __init__(
        self,
        sentence: str,
        *,
        headings: tuple[str, ...] = (),
        sample: tuple[tuple[str, ...], ...] = (),
        signature: str = "",
    ) -> None:
        super().__init__(sentence, option="map" if headings else None)
        self.headings, self.sample, self.signature = headings, sample, signature


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
        super().__init__(
            f"{file}{where}{_cell(column, value if len(value) <= 40 else value[:40] + '…')}無法採用：{reason}"
        )


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
            return f"{self.asked}，同意時請加上 {_flag(self.option)}"
        values = "、".join(value for value, _ in self.choices)
        return f"{self.asked}，請以 {_flag(self.option)} 指定" + (f"（{values}）" if values else "")


class Unanswered(DataError):
    """``file`` can be read in more than one way; ``questions`` are what a person must answer first."""

    def __init__(self, file: str, questions: tuple[Question, ...]) -> None:
        self.file, self.questions = file, questions
        super().__init__(f"{file} 需要先回答：{'；'.join(question.asked for question in questions)}。")

    @property
    def in_command(self) -> str:
        return f"{self.file} 需要先回答：{'；'.join(question.in_command for question in self.questions)}。"


class StoreError(SqdashError):
    """The store cannot be used as it is."""


class StoreMissing(StoreError):
    """There is no store at this path."""


class StoreUnusable(StoreError):
    """A directory, an empty file, another program's file or a damaged one; ``damage`` is what SQLite found in the
    latter, empty otherwise."""

    damage: str = ""


class StoreTooNew(StoreError):
    """The file was written by a newer version of this program."""


class StoreReadOnly(StoreError):
    """The store may be read, but not written."""


class StoreBusy(StoreError):
    """Another process holds the write gate for longer than the waiting time."""


class SendError(SqdashError):
    """A digest of alerts was not taken by the mail server or the webhook. Quotes nothing that either said."""


class GraphError(SqdashError):
    """The Graph API refused.

    ``code``, ``subcode`` and ``trace`` (``fbtrace_id``) are Meta's, None where it gave none; ``detail`` is Meta's own
    message with every secret taken out, empty where there is none.
    """

    def __init__(
        self,
        sentence: str,
        *,
        code: int | None = None,
        subcode: int | None = None,
        trace: str | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(sentence)
        self.code, self.subcode, self.trace, self.detail = code, subcode, trace, detail


class TokenError(GraphError):
    """The access token is invalid: nothing can be asked with it any more."""


class ProofError(TokenError):
    """The proof that the app secret makes of the token is wrong or missing."""


class PermissionMissing(GraphError):
    """The token may not read this; ``permission`` is the one that Meta names, if any."""

    def __init__(self, sentence: str, *, permission: str | None = None, **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.permission = permission


class LimitReached(GraphError):
    """Too many calls; ``resume_at`` (aware, UTC) is when one may be made again."""

    def __init__(self, sentence: str, *, resume_at: datetime, **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.resume_at = resume_at


class DeadMetric(GraphError):
    """A metric is not served, or no longer; ``metrics`` are all that were asked for together."""

    def __init__(self, sentence: str, *, metrics: tuple[str, ...] = (), **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.metrics = metrics


class DeadObject(GraphError):
    """``object_id`` is deleted or not to be seen with this token; Meta does not tell which."""

    def __init__(self, sentence: str, *, object_id: str | None = None, **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.object_id = object_id


class BadField(GraphError):
    """``field`` is not one that the object has."""

    def __init__(self, sentence: str, *, field: str | None = None, **meta: Any) -> None:
        super().__init__(sentence, **meta)
        self.field = field


class TooMuchData(GraphError):
    """The answer would be too large; less must be asked for at a time."""


class Transient(GraphError):
    """Network, time or server trouble that outlasted the retries."""


class Unreadable(GraphError):
    """An answer that is not what Graph answers: nothing of it is used."""


class ClockWrong(GraphError):
    """This machine's clock is too far from Graph's to say on which day a figure was seen."""


class GraphSetup(GraphError):
    """A setting or a request of ours is wrong."""


class BackupError(StoreError):
    """A backup that could not be made, or one that is not whole."""


class AnotherLeads(StoreError):
    """Another process pulls into the store, or backs it up, at intervals or just now."""
