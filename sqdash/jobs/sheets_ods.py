"""Sheets as ODS, by odfdo: texts as strings only, never formulas or links. Knows no template.

Source of the elements: OpenDocument 1.3 part 3, sections 9.1 (tables), 9.4 (validations) and 16 to 18 (styles).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING

from sqdash.jobs.sheet_shapes import CHOOSE, MADE, Cell, Column, Sheet, legal
from sqdash.packed import LEFT_OVER, repacked

if TYPE_CHECKING:
    import odfdo

_PLACE = '<table:table table:name="{}"/>'
_LINE, _TAB = "\n", "\t"
_BLANKS = re.compile(r"^ +|(?<= ) +| +$")
_CENTIMETRES = 0.21  # for a half-width character of 10 points
_AS_TYPED = '<number:text-style style:name="as-typed"><number:text-content/></number:text-style>'
_DAY = (
    '<number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/>'
    '<number:text>-</number:text><number:day number:style="long"/>'
)
_HOUR = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/>'
)
_DAYS = tuple(
    f'<number:date-style style:name="{name}">{parts}</number:date-style>'
    for name, parts in (("iso-day", _DAY), ("iso-moment", _DAY + _HOUR))
)
_WRAP = 'fo:wrap-option="wrap"'
_BOLD = 'fo:font-weight="bold" style:font-weight-asian="bold"'
_GREY = 'fo:font-style="italic" style:font-style-asian="italic" fo:color="#595959"'
_RULE = (
    '<table:content-validation table:name="{name}" table:condition="{condition}" table:base-cell-address="{base}"'
    ' table:allow-empty-cell="true" table:display-list="unsorted">'
    '<table:error-message table:display="true" table:message-type="stop">'
    f"<text:p>{CHOOSE}</text:p></table:error-message></table:content-validation>"
)
_VIEW = (
    '<config:config-item-map-entry config:name="{name}">'
    '<config:config-item config:name="VerticalSplitMode" config:type="short">2</config:config-item>'
    '<config:config-item config:name="VerticalSplitPosition" config:type="int">1</config:config-item>'
    '<config:config-item config:name="ActiveSplitRange" config:type="short">2</config:config-item>'
    '<config:config-item config:name="PositionBottom" config:type="int">1</config:config-item>'
    "</config:config-item-map-entry>"
)
_SETTINGS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-settings office:version="1.4"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" xmlns:ooo="http://openoffice.org/2004/office">'
    '<office:settings><config:config-item-set config:name="ooo:view-settings">'
    '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
    '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
    '<config:config-item-map-named config:name="Tables">{tables}</config:config-item-map-named>'
    '<config:config-item config:name="ActiveTable" config:type="string">{first}</config:config-item>'
    "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set></office:settings>"
    "</office:document-settings>"
)


def write(sheets: Sequence[Sheet]) -> bytes:
    """The workbook, the first sheet in front."""
    from odfdo import Document, Element

    document = Document("spreadsheet")
    document.body.clear()
    for style in (_AS_TYPED, *_DAYS, *_cell_styles(), *_column_styles(sheets)):
        document.content.get_elements("//office:automatic-styles")[0].append(Element.from_tag(style))
    if rules := "".join(_rules(sheets)):
        document.body.append(Element.from_tag(f"<table:content-validations>{rules}</table:content-validations>"))
    for number in range(len(sheets)):
        document.body.append(Element.from_tag(_PLACE.format(number)))
    tables = "".join(_VIEW.format(name=escape(sheet.name)) for sheet in sheets)
    document.set_part("settings.xml", _SETTINGS.format(tables=tables, first=escape(sheets[0].name)).encode())
    _say_where_from(document)
    content = document.content.serialize().decode()
    for number, sheet in enumerate(sheets):
        content = content.replace(_PLACE.format(number), _table(sheet), 1)
    out = io.BytesIO()
    document.save(out)
    return repacked(out, without=LEFT_OVER, instead={"content.xml": content.encode()})


# --- styles and rules


def _cell_styles() -> Iterator[str]:
    for name, colour in (("head", "#E7ECEF"), ("required", "#FFE08A")):
        yield _style(name, f'{_WRAP} fo:background-color="{colour}" fo:border-bottom="0.5pt solid #000000"', _BOLD)
    for wrap, cell in (("", ""), ("-wrap", _WRAP)):
        for faint, text in (("", ""), ("-faint", _GREY)):
            yield _style(f"text{wrap}{faint}", cell, text)
            # Numbers keep the standard format: a day or a percentage typed there shows as one and is refused by name.
            yield _style(f"number{wrap}{faint}", cell, text, data="")
            for days in ("day", "moment"):
                yield _style(f"{days}{wrap}{faint}", cell, text, data=f' style:data-style-name="iso-{days}"')


def _style(name: str, cell: str, text: str, data: str = ' style:data-style-name="as-typed"') -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{data}>'
        f'<style:table-cell-properties style:vertical-align="top" {cell}/><style:text-properties {text}/></style:style>'
    )


def _column_styles(sheets: Sequence[Sheet]) -> Iterator[str]:
    for width in sorted({column.width for sheet in sheets for column in sheet.columns}):
        yield (
            f'<style:style style:name="wide{width}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * _CENTIMETRES:.2f}cm"/></style:style>'
        )


def _rules(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        for at, column in enumerate(sheet.columns):
            if column.words and sheet.blank:
                words = ";".join(f'"{word}"' for word in column.words)
                yield _RULE.format(
                    name=escape(_rule(sheet, at)),
                    condition=escape(f"of:cell-content-is-in-list({words})"),
                    base=escape(f"$'{sheet.name}'.A2"),
                )


def _rule(sheet: Sheet, at: int) -> str:
    return f"{sheet.name}-{at}"


# --- cells


def _table(sheet: Sheet) -> str:
    """The table as it stands in the file: an element object a cell takes a hundred times as long."""
    from odfdo import Column as TableColumn
    from odfdo import Row

    columns = [TableColumn(style=f"wide{c.width}", default_cell_style=_named(sheet, c)) for c in sheet.columns]
    head = Row()
    for column in sheet.columns:
        head.append_cell(_heading(column), clone=False)
    rows = [_row(sheet, values) for values in sheet.rows]
    if sheet.blank:
        blank: list[Cell] = [None] * len(sheet.columns)
        rows.append(_row(sheet, blank, f' table:number-rows-repeated="{sheet.blank}"'))
    parts = "".join((*(column.serialize() for column in columns), head.serialize(), *rows))
    return f'<table:table table:name="{escape(sheet.name)}">{parts}</table:table>'


def _row(sheet: Sheet, values: Sequence[Cell], more: str = "") -> str:
    """A row of values in their styles, under the rules of their columns."""
    cells = []
    for at, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
        style = _named(sheet, column, faint=sheet.faint and value is not None)
        rule = f' table:content-validation-name="{escape(_rule(sheet, at))}"' if column.words and sheet.blank else ""
        cells.append(f'<table:table-cell table:style-name="{style}"{rule}{_content(value)}</table:table-cell>')
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def _content(value: Cell) -> str:
    """The rest of a cell's tag, and what is in the cell: a text is never anything else."""
    if value is None:
        return ">"
    if isinstance(value, str):
        return f' office:value-type="string">{"".join(_paragraph(line) for line in legal(value).split(_LINE))}'
    if isinstance(value, date):
        return f' office:value-type="date" office:date-value="{value.isoformat()}"><text:p>{value}</text:p>'
    return f' office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'


def _paragraph(line: str) -> str:
    """A line; blanks and tabs as elements, or they would be lost."""
    text = _BLANKS.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', escape(line))
    return f"<text:p>{text.replace(_TAB, '<text:tab/>')}</text:p>"


def _named(sheet: Sheet, column: Column, *, faint: bool = False) -> str:
    return column.style + "-wrap" * sheet.wrap + "-faint" * faint


def _heading(column: Column) -> odfdo.Cell:
    from odfdo import Annotation, Paragraph
    from odfdo import Cell as TableCell

    cell = TableCell(style="required" if column.required else "head")
    cell.set_attribute("office:value-type", "string")
    cell.append(Paragraph(legal(column.heading), formatted=True))
    if column.note:
        note = Annotation(legal(column.note), creator="範本", date=MADE)
        note.del_attribute("office:name")  # the same for every one, and only a range needs it
        cell.insert(note, 0)
    return cell


# --- the file


def _say_where_from(document: odfdo.Document) -> None:
    """Constant properties and Taiwan's language instead of those of odfdo's empty document."""
    document.meta.creation_date = MADE
    document.meta.language = "zh-TW"
    for text in document.styles.get_elements("//style:text-properties"):
        if text.get_attribute("fo:language"):
            text.set_attribute("fo:language", "en")
            text.set_attribute("fo:country", "US")
            text.set_attribute("style:language-asian", "zh")
            text.set_attribute("style:country-asian", "TW")
    for path in document.manifest.get_paths():
        if str(path).startswith(LEFT_OVER):
            document.manifest.del_full_path(str(path))
