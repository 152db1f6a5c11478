"""Every format, and how a file finds its own.

A file is read as a sheet of text cells, its heading row is found, the one format that claims the headings reads
the rows. None or several claimants is an error: guessing between formats would corrupt data quietly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sqdash.errors import AmbiguousFile, DataError, FileNotRecognised
from sqdash.importers import (
    creator_tables,
    headings,
    import_log,
    ledgers,
    legacy_page,
    legacy_posts,
    meta_daily_posts,
    meta_posts,
    meta_series,
    refusals,
    texts,
)
from sqdash.importers.base import Answers, Findings, Format, Known, Sink, Task
from sqdash.importers.folding import visible
from sqdash.importers.headings import Found
from sqdash.importers.sheet import Sheet, is_workbook, was_workbook
from sqdash.importers.sources import Bytes
from sqdash.importers.specs import VOCABULARY
from sqdash.importers.workbooks_grid import named

_UNKNOWN_COLUMNS = 200

FORMATS: tuple[Format, ...] = (
    meta_posts,
    meta_daily_posts,
    meta_series,
    creator_tables,
    legacy_posts,
    legacy_page,
    import_log,
    *ledgers.FORMATS,
)
BY_FORMAT: dict[str, Format] = {format.name: format for format in FORMATS}
_WORDS = frozenset(VOCABULARY.union(*(format.vocabulary for format in FORMATS), refusals.vocabulary))


class Opened(NamedTuple):
    """A file that was recognised but not yet read: its sheet, headings and format."""

    source: Bytes
    sheet: Sheet
    found: Found
    format: Format

    @property
    def name(self) -> str:
        """What the file is called."""
        return self.source.name

    @property
    def sample(self) -> tuple[tuple[str, ...], ...]:
        """The first rows below the headings, for a person to see what each column is."""
        return _sample(self.found)


def open_sheet(source: Bytes, answers: Answers) -> Sheet:
    """The file as text cells, whatever it is; content decides, never the name."""
    with source.open() as stream:
        start = stream.read(8)
    if is_workbook(start):
        from sqdash.importers import workbooks  # only where there is one

        return workbooks.read(source, answers.sheet)
    if answers.sheet is not None:  # whoever names one has another file in mind
        raise DataError(
            f"{source.name} 不是活頁簿，沒有工作表{named([answers.sheet])}，請改選活頁簿，或不要指定工作表。",
            option="sheet",
        )
    try:
        return texts.read(source, answers.encoding)
    except DataError as error:
        if was_workbook(source.chunks()):
            why = "是開頭已損壞的活頁簿，請以試算表軟體開啟後另存，打不開時請重新匯出。"
            raise DataError(f"{source.name} {why}") from error
        raise


def look(source: Bytes, answers: Answers, known: Known) -> Opened:
    """Find the headings and the format; :class:`FileNotRecognised` carries the headings for a person to assign."""
    sheet = open_sheet(source, answers)
    found = headings.find(sheet.rows, _WORDS, sheet.merged)
    if found is None:
        raise _without_headings(source.name, sheet.sheets)
    refusals.check(source.name, found.head)
    layout = answers.layout or known.layouts.get(found.head.signature)
    if layout is not None and answers.format in (None, layout.format):
        return Opened(source, sheet, found, _named(layout.format))
    if answers.format is not None:
        return Opened(source, sheet, found, _named(answers.format))
    claimants = [format for format in FORMATS if format.claims(found.head)]
    if len(claimants) > 1:
        labels = "、".join(f"{format.label}（{format.name}）" for format in claimants)
        raise AmbiguousFile(
            f"{source.name} 同時符合{labels}，請指定其中一種。",
            tuple((format.name, format.label) for format in claimants),
        )
    if not claimants:
        raise _unrecognised(source.name, found, sheet.sheets)
    return Opened(source, sheet, found, claimants[0])


def _named(name: str) -> Format:
    if name not in BY_FORMAT:
        raise DataError(f"沒有「{name[:40]}」這種格式，請用 {'、'.join(BY_FORMAT)} 之一。")
    return BY_FORMAT[name]


def _without_headings(name: str, sheets: tuple[str, ...]) -> FileNotRecognised:
    """A cover or an empty form may stand before the sheet with the table."""
    if len(sheets) > 1:
        first, others = named(sheets[:1]), named(sheets[1:])
        return FileNotRecognised(f"{name} 的工作表{first}找不到欄名列，請改選工作表{others}。", sheets=sheets)
    return FileNotRecognised(f"{name} 找不到欄名列，請確認檔案是一張有欄名的資料表。")


def _unrecognised(name: str, found: Found, sheets: tuple[str, ...]) -> FileNotRecognised:
    head = found.head
    if len(head.cells) > _UNKNOWN_COLUMNS:
        raise DataError(
            f"{name} 有 {len(head.cells):,} 欄，不是已知的格式，未知的表最多 {_UNKNOWN_COLUMNS} 欄，請刪去不需要的欄。"
        )
    looks = refusals.hint(head)
    return FileNotRecognised(
        f"{name} 的欄名不是任何一種已知格式{looks}，請對照範本的欄名，或指定每一欄的意思。",
        headings=head.cells,
        sample=_sample(found),
        signature=head.signature,
        sheets=sheets,
    )


def _sample(found: Found) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(visible, cells)) for _, cells in found.head.sample[:5])


def read(
    opened: Opened, answers: Answers, known: Known, sink: Sink, progress: Callable[[int], None] | None = None
) -> Findings:
    """Read every row into the sink; what was noticed, refused and covered comes back."""
    findings = Findings()
    layout = answers.layout or known.layouts.get(opened.found.head.signature)
    if layout is not None and layout.format == opened.format.name:
        if answers.layout is None:
            findings.notes.append("沿用上次為這種欄名指定的欄位對應。")
        findings.layout = layout
        answers = answers._replace(layout=layout)
    task = Task(
        file=opened.name,
        head=opened.found.head,
        rows=iter(opened.found.rows),
        answers=answers,
        known=known,
        sink=sink,
        findings=findings,
        merged=opened.sheet.merged,
        progress=progress,
    )
    opened.format.read(task)
    findings.notes[:0] = opened.sheet.notes
    return findings
