"""What every file format shares: the answers of a person, what is known beforehand, where rows go.

A format is given a :class:`Task` and fills its sink; it never sees the store. Nothing here knows one format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, NoReturn, Protocol
from zoneinfo import ZoneInfo

from sqdash import periods
from sqdash.errors import DataError, Question, Unanswered
from sqdash.importers.folding import visible
from sqdash.importers.headings import Head
from sqdash.importers.sheet import MOST_ROWS
from sqdash.periods import PACIFIC
from sqdash.records import Rejected

CHUNK = 2_000
MOST_SHOWN = 60  # characters of a bad value that a message shows
Rows = Iterator[tuple[int, list[str]]]
_NONE: Mapping[str, Any] = {}


class Layout(NamedTuple):
    """A person's assignment of columns: ``columns`` heading → column of ``format``; ``constants`` column → text."""

    format: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = _NONE


class Answers(NamedTuple):
    """What a person said about a file; None or False where nothing was said.

    ``year``: ROC year of dates without one and of ambiguous ones. ``page``: the page that a file without a page
    is about. ``observed_at``: when a file of lifetime figures was exported (aware). ``zone``: IANA name of the
    file's times. ``dates``: how ambiguous dates are read. ``wan``: 1.2萬 and 3K may be taken at their word.
    """

    format: str | None = None
    layout: Layout | None = None
    encoding: str | None = None
    sheet: str | None = None
    year: int | None = None
    page: str | None = None
    observed_at: datetime | None = None
    zone: str | None = None
    dates: str | None = None
    wan: bool = False


class Known(NamedTuple):
    """What is known before a file is read.

    ``units``: folded name, short name or code → code; ``shared``: folded name that several units have → their codes.
    ``pages``: page id → name. ``now``: the present moment. ``layouts``: signature of headings → the assignment
    remembered for it.
    """

    now: datetime
    units: Mapping[str, str] = _NONE
    pages: Mapping[str, str] = _NONE
    layouts: Mapping[str, Layout] = _NONE
    shared: Mapping[str, tuple[str, ...]] = _NONE


class Sink(Protocol):
    """Where a format's rows go: the store's staging, or a list in a test."""

    def add(self, name: str, given: Sequence[str], rows: Iterable[Sequence[Any]], /) -> None:
        """Rows of a table of the catalogue, each (row number in the source, a value per given column)."""


@dataclass(slots=True)
class Findings:
    """What reading a file brought to light besides its rows.

    ``pages``: page id → name as the file gives it. ``coverage``: (page id, first, last Taipei day, ISO) that the
    file states whole. ``period``: first and last day of its rows. ``observed_at``, ``zone``: as used (ISO; IANA).
    ``thin``: unchanged figures need no new snapshot. ``partial``: figures of posts cover only a part of their
    lifetime, so smaller ones say nothing. ``lost_ids``: row → the cell whose damaged id must be found again.
    ``unsaid``: column → rows of which the file does not say it, so that what stands of them stays.
    ``generated``: rows whose key was made of what they say, since the file gives none.
    ``headings``: column → heading in the file, for naming it to the person. ``layout``: the assignment of columns by
    which the file was read.
    """

    rejected: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    pages: dict[str, str] = field(default_factory=dict)
    coverage: list[tuple[str, str, str]] = field(default_factory=list)
    first_day: str | None = None
    last_day: str | None = None
    observed_at: str | None = None
    zone: str | None = None
    thin: bool = False
    partial: bool = False
    lost_ids: dict[int, str] = field(default_factory=dict)
    unsaid: dict[str, set[int]] = field(default_factory=dict)
    generated: set[int] = field(default_factory=set)
    repeated: int = 0
    headings: dict[str, str] = field(default_factory=dict)
    layout: Layout | None = None

    def reject(
        self, row: int | None, column: str, value: str, code: str, reason: str, option: str | None = None
    ) -> None:
        """Leave a row out: ``reason`` is a clause for a person with the remedy; ``option`` is the answer that helps."""
        seen = visible(value)
        short = seen if len(seen) <= MOST_SHOWN else seen[:MOST_SHOWN] + "…"
        self.rejected.append(Rejected(row, visible(column), short, code, reason, option))

    def days(self, first: str, last: str) -> None:
        """Widen the period that the rows cover; ISO days or moments."""
        first, last = first[:10], last[:10]
        self.first_day = first if self.first_day is None else min(self.first_day, first)
        self.last_day = last if self.last_day is None else max(self.last_day, last)


@dataclass(slots=True)
class Task:
    """One file in the hands of a format: its headings, the rows after them, and where everything goes."""

    file: str
    head: Head
    rows: Rows
    answers: Answers
    known: Known
    sink: Sink
    findings: Findings
    merged: tuple[tuple[int, int, int, int], ...] = ()
    progress: Callable[[int], None] | None = None
    count: int = 0

    def chunks(self, size: int = CHUNK) -> Iterator[list[tuple[int, list[str]]]]:
        """The rows in lists, each row as wide as the headings; wider ones with something in them are refused."""
        width = len(self.head.cells)
        while chunk := list(islice(self.rows, size)):
            self.count += len(chunk)
            if self.count > MOST_ROWS:
                raise DataError(f"{self.file} 超過 {MOST_ROWS:,} 列，請分成幾個檔案。")
            if set(map(_width, chunk)) != {width}:
                chunk = [row for row in chunk if self._fits(*row, width)]
            if self.progress:
                self.progress(self.count)
            yield chunk

    def _fits(self, number: int, cells: list[str], width: int) -> bool:
        if any(cell.strip() for cell in cells[width:]):
            reason = f"這一列有 {len(cells)} 欄，欄名只有 {width} 欄，請檢查逗號與引號。"
            self.findings.reject(number, "（整列）", cells[-1], "wrong_width", reason)
            return False
        del cells[width:]
        cells.extend([""] * (width - len(cells)))
        return True

    def reject(
        self, row: int | None, column: str, value: str, code: str, reason: str, option: str | None = None
    ) -> None:
        """See :meth:`Findings.reject`."""
        self.findings.reject(row, column, value, code, reason, option)

    def note(self, sentence: str) -> None:
        """Something that a person should know."""
        self.findings.notes.append(sentence)

    def ask(self, *questions: Question) -> NoReturn:
        """Stop here until a person has answered."""
        raise Unanswered(self.file, questions)

    def zone(self, default: ZoneInfo = PACIFIC) -> ZoneInfo:
        """The zone of the file's times; :class:`DataError` for an unknown name."""
        said = self.answers.zone
        zone = periods.zone(said) if said else default
        if zone is None:
            raise DataError(f"沒有時區「{(said or '')[:40]}」，請用 America/Los_Angeles 或 Asia/Taipei 之類的名稱。")
        self.findings.zone = zone.key
        return zone


def _width(row: tuple[int, list[str]]) -> int:
    return len(row[1])


def observation_question() -> Question:
    """When lifetime figures were exported: the newest observation counts, so it cannot be guessed."""
    return Question("observed_at", "這份數據是什麼時候匯出的（較晚匯出的數字才會取代較早的）", kind="moment")


def page_question(known: Known, what: str) -> Question:
    """Which page a file without a page is about; ``what`` is what the file holds (貼文, 數據)."""
    pages = tuple(known.pages.items())
    return Question("page", f"檔案沒有粉絲專頁編號，這是哪一個專頁的{what}", pages, "choice" if pages else "text")


def ask_about_wan(task: Task, text: str) -> None:
    """Abbreviated figures are taken only on a person's word."""
    task.ask(
        Question(
            "accept_wan",
            f"檔案裡有「{text.strip()[:20]}」這樣的寫法，是否照字面換算（1.2萬＝12,000、3K＝3,000）",
            kind="flag",
        )
    )


def place(task: Task, names: Iterable[str], shown: str) -> int:
    """Where a column stands that a format cannot do without; :class:`DataError` where a file forced on it lacks it."""
    at = task.head.at(names)
    if at is None:
        raise DataError(f"{task.file} 沒有「{shown}」欄，不能用這種格式讀取，請改用別的格式。", option="format")
    return at


def observed_at(task: Task) -> str:
    """The export's moment as stored (ISO, +08:00); asked where nobody said. One in the future is refused."""
    said = task.answers.observed_at
    if said is None:
        task.ask(observation_question())
    if said > task.known.now:
        shown = periods.roc_moment(said)
        raise DataError(f"匯出時間 {shown} 還沒到，請改正。", option="observed_at")
    found = periods.stored(said)
    task.findings.observed_at = found
    return found


class Format(Protocol):
    """One kind of file."""

    @property
    def name(self) -> str:
        """Its key, for commands and the import log."""

    @property
    def label(self) -> str:
        """What a person reads."""

    @property
    def vocabulary(self) -> frozenset[str]:
        """Folded headings that speak for this format; used to find the heading row."""

    def claims(self, head: Head) -> bool:
        """Whether the headings (and the first rows) are this format's."""

    def read(self, task: Task) -> None:
        """Fill the task's sink; :class:`Unanswered` or :class:`DataError` where it cannot be read."""
