"""The report as OpenDocument text (ODT), the government's format, by odfdo. The same document is the same bytes.

Source of the elements: OpenDocument 1.3 part 3, sections 5 (text), 9 (tables) and 10.4 (frames).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING

from sqdash.packed import LEFT_OVER, legal, repacked
from sqdash.report import as_svg, drawings, odt_styles
from sqdash.report.document import LANGUAGE, Block, Cell, Chart, Document, Paragraph, Table

if TYPE_CHECKING:
    import odfdo

_BROAD = 14.0  # centimetres that a drawing takes: two with their figures fit on a page
_ROWS_KEEP = "//config:config-item[@config:name='TableRowKeep']"
"""A setting of LibreOffice's: a row of which the first paragraph stays with the next stays with the next row."""


def write(document: Document) -> bytes:
    """The file."""
    from odfdo import Document as Text
    from odfdo import Element

    text = Text("text")
    text.body.clear()
    automatic = text.content.get_elements("//office:automatic-styles")[0]
    for style in odt_styles.of_tables([block for block in document.blocks if isinstance(block, Table)]):
        automatic.append(Element.from_tag(style))
    for element in _elements(document.blocks):
        text.body.append(Element.from_tag(element))
    for at, chart in enumerate(block for block in document.blocks if isinstance(block, Chart)):
        text.set_part(_picture(at), as_svg.write(chart).encode())
        text.manifest.add_full_path(_picture(at), "image/svg+xml")
    text.set_part("styles.xml", odt_styles.part(document.mark))
    for setting in text.get_part("settings.xml").get_elements(_ROWS_KEEP):  # type: ignore[union-attr]
        setting.text = "true"
    _say_where_from(text, document)
    out = io.BytesIO()
    text.save(out)
    return repacked(out, document.made.astimezone(UTC), without=LEFT_OVER)


def _say_where_from(text: odfdo.Document, document: Document) -> None:
    made = document.made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    text.meta.title = legal(document.title)
    text.meta.language = LANGUAGE
    text.meta.creation_date = text.meta.date = made
    for path in text.manifest.get_paths():
        if str(path).startswith(LEFT_OVER):
            text.manifest.del_full_path(str(path))


def _picture(at: int) -> str:
    return f"Pictures/chart{at + 1}.svg"


# --- blocks


def _elements(blocks: Sequence[Block]) -> Iterator[str]:
    """Each block as an element; tables and pictures are numbered as their styles and files are."""
    tables = charts = 0
    for block in blocks:
        match block:
            case Paragraph(text, style):
                yield _paragraph(text, style)
            case Table():
                yield _table(block, tables)
                tables += 1
            case Chart():
                yield _paragraph(block.title, "caption")
                yield _frame(block, charts)
                charts += 1


def _paragraph(text: str, style: str) -> str:
    level = odt_styles.LEVELS.get(style)
    tag, more = ("text:h", f' text:outline-level="{level}"') if level else ("text:p", "")
    return f'<{tag} text:style-name="{style}"{more}>{_inside(text)}</{tag}>'


def _inside(text: str) -> str:
    """Line ends, tabs and runs of blanks as elements, or they would be lost."""
    safe = escape(legal(text)).replace("\n", "<text:line-break/>").replace("\t", "<text:tab/>")
    return safe.replace("  ", "<text:s/><text:s/>")


def _frame(chart: Chart, at: int) -> str:
    tall = _BROAD * drawings.height(chart) / drawings.WIDTH
    return (
        '<text:p text:style-name="picture"><draw:frame draw:style-name="picture" text:anchor-type="as-char"'
        f' draw:name="圖{at + 1}" svg:width="{_BROAD:.2f}cm" svg:height="{tall:.2f}cm">'
        f'<draw:image xlink:href="{_picture(at)}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'
        f' draw:mime-type="image/svg+xml"/><svg:title>{_inside(chart.title)}</svg:title>'
        f"<svg:desc>{_inside(chart.alt)}</svg:desc></draw:frame></text:p>"
    )


def _table(table: Table, at: int) -> str:
    style = "small" if table.small else "cell"
    columns = "".join(f'<table:table-column table:style-name="t{at}.{n}"/>' for n in range(len(table.widths)))
    head = "".join(
        f'<table:table-cell table:style-name="head" office:value-type="string">'
        f"{_paragraph(text, f'{style}-head')}</table:table-cell>"
        for text in table.head
    )
    rows = "".join(
        f'<table:table-row table:style-name="whole">{"".join(_row(table, at, style))}</table:table-row>'
        for at in range(len(table.rows))
    )
    return (
        f'<table:table table:name="表{at + 1}" table:style-name="t{at}">'
        f"<table:title>{_inside(table.name)}</table:title>{columns}"
        f'<table:table-header-rows><table:table-row table:style-name="whole">{head}</table:table-row>'
        f"</table:table-header-rows>{rows}</table:table>"
    )


def _row(table: Table, at: int, style: str) -> Iterator[str]:
    """The row's cells; the first paragraph of its first one keeps it with the next, unless a cell above covers that."""
    keeps = not table.whole and table.stays(at)
    for column, cell in enumerate(table.rows[at]):
        if cell is None:
            yield "<table:covered-table-cell/>"
        else:
            yield _cell(cell, style, kept=keeps and column == 0)


def _cell(cell: Cell, style: str, *, kept: bool) -> str:
    over = f' table:number-rows-spanned="{cell.rows}"' if cell.rows > 1 else ""
    over += f' table:number-columns-spanned="{cell.columns}"' if cell.columns > 1 else ""
    heading = _paragraph(cell.heading, f"{style}-strong") if cell.heading else ""
    lines = heading + "".join(_paragraph(line, f"{style}-kept" if kept else style) for line in cell.lines)
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string"{over}>'
        f"{lines or '<text:p/>'}</table:table-cell>"
    )
