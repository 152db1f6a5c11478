"""Reads a file as an upload would, without a store: rows by table, what was noticed, and the format's name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqdash.importers import registry
from sqdash.importers.base import Answers, Findings, Known
from sqdash.importers.headings import fold
from sqdash.importers.sources import Bytes

NOW = datetime(2025, 11, 5, 1, 0, tzinfo=UTC)
EXPORTED = datetime(2025, 10, 20, 2, 0, tzinfo=UTC)
SEEN = "2025-10-20T10:00:00+08:00"
PAGE = "100064000000001"
UNITS = {"第一課": "s1", "第六課": "s6", "秘書室（研考）": "research", "嘉義辦事處": "chiayi", "嘉辦": "chiayi"}
KNOWN = Known(
    NOW,
    {fold(word): code for unit, code in UNITS.items() for word in (unit, code)},
    {PAGE: "臺南分局"},
    shared={"同名課": ("s7", "s8")},
)
NOBODY = Answers()


class ListSink:
    """Keeps what a format gives."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}

    def add(self, name: str, given: Sequence[str], rows: Iterable[Sequence[Any]], /) -> None:
        kept = self.tables.setdefault(name, [])
        kept += [dict(zip(("row", *given), row, strict=True)) for row in rows]


class Read(NamedTuple):
    """What became of a file."""

    rows: dict[str, list[dict[str, Any]]]
    findings: Findings
    format: str

    @property
    def refused(self) -> list[tuple[str, int | None, str, str]]:
        """(code, row, column, value) of every bad cell."""
        return [(r.code, r.row, r.column, r.value) for r in self.findings.rejected]

    @property
    def reasons(self) -> list[str]:
        return [r.reason for r in self.findings.rejected]

    def column(self, table: str, name: str) -> list[Any]:
        """The values of one column of a table."""
        return [row[name] for row in self.rows.get(table, [])]


def read_file(name: str, data: bytes | str, answers: Answers = NOBODY, known: Known = KNOWN) -> Read:
    """The file's rows by table, each a dictionary with its source ``row``."""
    sink = ListSink()
    source = Bytes(name, data.encode() if isinstance(data, str) else data)
    opened = registry.look(source, answers, known)
    findings = registry.read(opened, answers, known, sink)
    return Read(sink.tables, findings, opened.format.name)
