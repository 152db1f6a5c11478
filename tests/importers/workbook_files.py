"""Workbooks for the tests: made by the libraries that offices use, or with a part written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from odfdo import Cell, Document, Row, Table

SHEET_XML = "xl/worksheets/sheet1.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(fill: Callable[[xlsxwriter.Workbook], object]) -> bytes:
    """What XlsxWriter writes after ``fill``."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    fill(book)
    book.close()
    return out.getvalue()


def xlsx_rows(rows: list[list[Any]]) -> bytes:
    """One sheet, the values by their Python types."""

    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                (sheet.write_string if isinstance(value, str) else sheet.write)(number, column, value)

    return xlsx(fill)


def formatted(code: str | int, value: float) -> bytes:
    """One number in A1 under a number format."""
    return xlsx(lambda book: book.add_worksheet().write_number(0, 0, value, book.add_format({"num_format": code})))


def by_openpyxl(cells: dict[str, Any], fill: Callable[[Any], object] = lambda _: None) -> bytes:
    """What openpyxl writes: address → value."""
    book = openpyxl.Workbook()
    sheet = book.active
    for address, value in cells.items():
        sheet[address] = value
    fill(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_xml(rows: str, *, prefix: str = "") -> bytes:
    """An XLSX whose sheet has these rows, as XML."""
    name = f"{prefix}:" if prefix else ""
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    head = f'<?xml version="1.0"?><{name}worksheet {declared}="{_MAIN}"><{name}sheetData>'
    xml = f"{head}{rows}</{name}sheetData></{name}worksheet>"
    return replaced(xlsx_rows([["x"]]), {SHEET_XML: xml.encode()})


def ods(*tables: tuple[str, list[list[Any]]]) -> bytes:
    """What odfdo writes: name and rows of values or cells, a table each."""
    document = Document("spreadsheet")
    document.body.clear()
    for name, rows in tables:
        table = Table(name)
        for values in rows:
            row = Row()
            for value in values:
                row.append_cell(value if isinstance(value, Cell) else Cell(value))
            table.append_row(row)
        document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def ods_cells(cells: str) -> bytes:
    """An ODS whose one row has these cells, as XML."""
    return ods_xml(f'<table:table table:name="T"><table:table-row>{cells}</table:table-row></table:table>')


def ods_xml(tables: str, styles: str = "") -> bytes:
    """An ODS with these tables and automatic styles, as XML."""
    made = ods(("T", [["x"]]))
    xml = zipfile.ZipFile(io.BytesIO(made)).read("content.xml").decode()
    head, rest = xml.split("<table:table ", 1)
    head = head.replace("<office:automatic-styles>", f"<office:automatic-styles>{styles}")
    return replaced(made, {"content.xml": (head + tables + rest.split("</table:table>", 1)[1]).encode()})


def xls(fill: Callable[[xlwt.Workbook], object]) -> bytes:
    """What xlwt writes after ``fill``."""
    book = xlwt.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(parts: dict[str, bytes]) -> bytes:
    """A ZIP file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def replaced(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The packed file with some parts' content replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()} | parts)
