"""Sheets of typed columns as XLSX, ODS or CSV: a text stays a text, whatever it begins with."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from sqdash import quoting
from sqdash.jobs.sheet_shapes import Cell, Column, Kind, Sheet, legal, width

_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\'\n\t]")  # characters that Excel refuses in a sheet's name


def write(sheets: Sequence[Sheet], kind: Kind) -> bytes:
    """The file; a CSV has the first sheet only."""
    if kind == "csv":
        return _csv(sheets[0])
    if kind == "xlsx":
        from sqdash.jobs import sheets_xlsx

        return sheets_xlsx.write(sheets)
    from sqdash.jobs import sheets_ods

    return sheets_ods.write(sheets)


def of_rows(title: str, rows: Sequence[Mapping[str, Cell]], kind: Kind) -> bytes:
    """One screen's table as a file: headings are the first row's names, a column of numbers only holds numbers.

    ``title`` names the sheet, cut to what workbooks allow; no rows give an empty file of that kind.
    """
    names = tuple(rows[0]) if rows else ()
    columns = []
    for name in names:
        values = [row.get(name) for row in rows]
        text = any(isinstance(value, str) for value in values)
        shown = (str(value) for value in values if value is not None)
        columns.append(Column(name, width(name, *shown), text=text))
    body = tuple(tuple(row.get(name) for name in names) for row in rows)
    return write([Sheet(_NOT_IN_A_NAME.sub(" ", legal(title))[:31].strip() or "表", tuple(columns), body)], kind)


def _csv(sheet: Sheet) -> bytes:
    """UTF-8 with BOM and CRLF, as Excel writes it; every text guarded against formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in ([column.heading for column in sheet.columns], *sheet.rows):
        writer.writerow([quoting.guard(legal(cell)) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")
