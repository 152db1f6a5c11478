"""What the year-103 report costs as ODT, beside odfdo writing a plain table of as many equally long cells."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.measure import compare
from sqdash import periods, plan_views
from sqdash.jobs import setup
from sqdash.report import as_odt, contents
from sqdash.report.document import Document, Table


def plain(document: Document) -> Callable[[], bytes]:
    """The floor: the library's own objects, one table, the same texts, no styles."""
    tables = [block for block in document.blocks if isinstance(block, Table)]
    texts = [["\n".join(cell.lines) if cell else "" for cell in row] for table in tables for row in table.rows]

    def write() -> bytes:
        import odfdo

        text = odfdo.Document("text")
        table = odfdo.Table("plain")
        for row in texts:
            made = odfdo.Row()
            for value in row:
                made.append_cell(odfdo.Cell(value), clone=False)
            table.append_row(made, clone=False)
        text.body.append(table)
        out = io.BytesIO()
        text.save(out)
        return out.getvalue()

    return write


def _peak(thing: Callable[[], object]) -> float:
    tracemalloc.start()
    thing()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024 / 1024


def main(folder: Path) -> None:
    """Make the store, measure, print."""
    store = folder / "report-odt.db"
    setup.init(store)
    document = contents.build(plan_views.material(store, periods.year_period(103), date(2026, 1, 1)))
    floor = plain(document)
    print(compare("ODT of year 103", lambda: as_odt.write(document), "odfdo plain table", floor).line(), flush=True)
    ours, theirs = _peak(lambda: as_odt.write(document)), _peak(floor)
    print(f"peak of Python's own memory: {ours:.1f} MB; floor {theirs:.1f} MB", flush=True)
