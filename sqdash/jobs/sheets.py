"""Sheets of typed columns as XLSX, ODS or CSV: a text stays a text, whatever it begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from sqdash import quoting
from sqdash.jobs.sheet_shapes import Cell, Kind, Sheet, legal


def write(sheets: Sequence[Sheet], kind: Kind) -> bytes:
    """The file; a CSV has the first sheet only."""
    if kind == "csv":
        return _csv(sheets[0])
    if kind == "xlsx":
        from sqdash.jobs import sheets_xlsx

        return sheets_xlsx.write(sheets)
    from sqdash.jobs import sheets_ods

    return sheets_ods.write(sheets)


def _csv(sheet: Sheet) -> bytes:
    """UTF-8 with BOM and CRLF, as Excel writes it; every text guarded against formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in ([column.heading for column in sheet.columns], *sheet.rows):
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return quoting.guard(legal(cell))
    return cell.isoformat(" ", "minutes") if isinstance(cell, datetime) else cell
