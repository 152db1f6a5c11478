"""Documents to write: that of year 103, and one of hostile texts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqdash import periods, plan_views
from sqdash.report import contents
from sqdash.report.contents import Material
from sqdash.report.document import Cell, Chart, Document, Paragraph, Point, Table

AS_OF = date(2026, 1, 1)
HOSTILE = ("<script>alert(1)</script>", "=cmd()", "a\x00b\x1fc", "]]>&amp;", "兩\n行", 'x" onload="y')
SAFE = ("<script>alert(1)</script>", "=cmd()", "a□b□c", "]]>&amp;", 'x" onload="y')


def material(store: Path, period: str = "103") -> Material:
    return plan_views.material(store, periods.parse_period(period), AS_OF)


def paper(store: Path) -> Document:
    return contents.build(material(store))


def hostile() -> Document:
    """Every place where a text can stand has every hostile text."""
    blocks = [
        block
        for text in HOSTILE
        for block in (
            Paragraph(text, "heading"),
            Paragraph(text),
            Table(text, (text,), (5.0,), ((Cell((text,), text),),)),
            Chart(text, text, text, (Point(text, text, 1.0, 2.0), Point(text, text)), 3.0, text),
        )
    ]
    return Document(HOSTILE[0], datetime(2015, 1, 5, 1, 2, 3, tzinfo=UTC), tuple(blocks), HOSTILE[0])


def texts_of(table: Table) -> list[list[str]]:
    """What stands in each cell, a covered one as ""."""
    return [["\n".join((c.heading,) * bool(c.heading) + c.lines) if c else "" for c in row] for row in table.rows]
