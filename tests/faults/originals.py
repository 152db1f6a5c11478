"""Real files of every format, as people upload them: what :mod:`tests.faults.mutating` spoils."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqdash.importers.base import Answers
from tests.importers.test_golden import answers
from tests.importers.workbook_files import ods, xls, xlsx_rows
from tests.jobs.meta_files import PAGE

GOLDEN = Path(__file__).resolve().parents[1] / "importers" / "golden"
TEXT, PACKED, OLD = "text", "packed", "old"
"""CSV; XLSX and ODS, which are ZIP files; XLS."""


SEEN = datetime(2025, 11, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Original:
    """A file and what a person would answer; ``kind`` says how it can be spoilt."""

    name: str
    data: bytes
    kind: str
    answers: Answers


@cache
def all_of_them() -> tuple[Original, ...]:
    """Each golden file as it is, and some of them as workbooks."""
    texts = [Original(path.name, path.read_bytes(), TEXT, _answers(path)) for path in sorted(GOLDEN.glob("*/*.csv"))]
    books = [book for one in texts[::3] for book in _workbooks(one)]
    return (*texts, *books)


def _workbooks(one: Original) -> tuple[Original, ...]:
    rows = _rows(one.data)
    said = one.answers._replace(encoding=None)
    stem = one.name.removesuffix(".csv")[:20]
    return (
        Original(f"{stem}.xlsx", xlsx_rows([list(row) for row in rows]), PACKED, said),
        Original(f"{stem}.ods", ods(("表", [list(row) for row in rows])), PACKED, said),
        Original(f"{stem}.xls", _xls(rows), OLD, said),
    )


def _answers(path: Path) -> Answers:
    """Whose page, when and where it was seen, unless the file's own answers say."""
    return answers(path)._replace(observed_at=SEEN, zone=answers(path).zone or "Asia/Taipei", page=PAGE)


def _xls(rows: list[list[str]]) -> bytes:
    def fill(book: object) -> None:
        sheet = book.add_sheet("表")  # type: ignore[attr-defined]
        for number, row in enumerate(rows):
            for column, value in enumerate(row[:200]):
                sheet.write(number, column, value)

    return xls(fill)


def _rows(data: bytes) -> list[list[str]]:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp950", "replace")
    return [
        row for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text[:200] else ",") if row
    ]
