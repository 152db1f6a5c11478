"""The report as one HTML file for print: A4 by ``@page``, no script, nothing fetched, every text escaped.

Source of the page rules: CSS Paged Media Module Level 3, sections 4 and 5 (margin boxes with page counters).
"""

from __future__ import annotations

from sqdash.packed import escaped
from sqdash.report import as_svg
from sqdash.report.document import CHINESE, LATIN, MARGIN, WIDTH, Block, Cell, Chart, Document, Paragraph, Row, Table

_TAGS = {"title": "h1", "heading": "h2", "appendix": "h2", "subheading": "h3"}
_FACES = ",".join(f'"{face}"' for face in (*LATIN, *CHINESE))
_STYLE = f"""
@page {{ size: A4; margin: {MARGIN}cm;
 @bottom-center {{ content: "第 " counter(page) " 頁，共 " counter(pages) " 頁"; font: 9pt {_FACES}, serif; }} }}
:root {{ color-scheme: light; }}
body {{ max-width: {WIDTH}cm; margin: 1rem auto; padding: 0 .75rem; color: #000; background: #fff;
 font: 12pt/1.5 {_FACES}, serif; }}
h1 {{ font-size: 18pt; text-align: center; }} h2 {{ font-size: 14pt; }} h3 {{ font-size: 12pt; }}
h1, h2, h3, .lead, figcaption {{ break-after: avoid; }} h2.appendix {{ break-before: page; }}
p {{ margin: .2em 0; }} .note, .mark {{ font-size: 10pt; }} .mark {{ font-weight: bold; text-align: center; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: calc(100% - 2px); min-width: 34rem;
 font-size: 11pt; line-height: 1.35; margin: .5em 1px; }}
table.small {{ font-size: 9pt; }}
caption {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
thead {{ display: table-header-group; }}
/* Browsers keep all rows beside a merged cell together and leave the heading row behind: there, texts stay whole. */
table.small tr, td p {{ break-inside: avoid; }}
tr.group {{ break-after: avoid; }} table.whole {{ break-inside: avoid; }}
th, td {{ border: .5pt solid #000; padding: .12cm; vertical-align: top; text-align: start; overflow-wrap: anywhere; }}
thead th {{ background: #e6eaee; text-align: center; print-color-adjust: exact; }}
figure {{ margin: 1em 0 .3em; break-inside: avoid; break-after: avoid; }} figcaption {{ font-weight: bold; }}
figure svg {{ width: 100%; height: auto; print-color-adjust: exact; }}
@media print {{ body {{ margin: 0; padding: 0; max-width: none; }} .wide {{ overflow: visible; }}
 table {{ min-width: 0; }} figure svg {{ width: 80%; }} }}
"""
_CLOSED = "default-src 'none'; style-src 'unsafe-inline'"


def write(document: Document, more_style: str = "") -> str:
    """The file's text (UTF-8); ``more_style`` is CSS of ours on top."""
    mark = f'<p class="mark">{escaped(document.mark)}</p>\n' if document.mark else ""
    body = "\n".join(_block(block) for block in document.blocks)
    return (
        '<!DOCTYPE html>\n<html lang="zh-Hant-TW">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_CLOSED}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(document.title)}</title>\n<style>{_STYLE}{more_style}</style>\n</head>\n"
        f"<body>\n{mark}{body}\n</body>\n</html>\n"
    )


def _lines(text: str) -> str:
    return escaped(text).replace("\n", "<br>")


def _block(block: Block) -> str:
    match block:
        case Paragraph(text, style):
            tag = _TAGS.get(style, "p")
            return f'<{tag} class="{style}">{_lines(text)}</{tag}>'
        case Chart():
            return f"<figure><figcaption>{escaped(block.title)}</figcaption>{as_svg.write(block)}</figure>"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    kind = " ".join(
        name for name, on in (("small", table.small), ("grouped", table.grouped), ("whole", table.whole)) if on
    )
    total = sum(table.widths)
    columns = "".join(f'<col style="width:{100 * width / total:.1f}%">' for width in table.widths)
    head = "".join(f'<th scope="col">{_lines(text)}</th>' for text in table.head)
    rows = "\n".join(_row(row) for row in table.rows)
    name = escaped(table.name)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{name}">'
        f'<table class="{kind}"><caption>{name}</caption>'
        f"<colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>"
    )


def _row(row: Row) -> str:
    """A row that is one cell across is the heading of those below it."""
    group = ' class="group"' if row[0] and row[0].columns == len(row) > 1 else ""
    return f"<tr{group}>{''.join(_cell(cell) for cell in row if cell)}</tr>"


def _cell(cell: Cell) -> str:
    over = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (
        f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    )
    heading = f"<p><strong>{escaped(cell.heading)}</strong></p>" if cell.heading else ""
    return f"<td{over}>{heading}{''.join(f'<p>{escaped(line)}</p>' for line in cell.lines)}</td>"
