"""The report as Office Open XML text (DOCX), by python-docx. The same document is the same bytes.

Source of the elements: ECMA-376 part 1, sections 17.3 (paragraphs and runs), 17.4 (tables) and 17.16 (fields).
Charts are pictures of :mod:`sqdash.report.docx_pictures`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING, Any

from sqdash.packed import escaped, legal, repacked
from sqdash.report import docx_pictures
from sqdash.report.document import CHINESE, LANGUAGE, LATIN, MARGIN, Block, Cell, Chart, Document, Paragraph, Table

if TYPE_CHECKING:
    from docx.document import Document as Word

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = f'xmlns:w="{_MAIN}"'
_TWIPS = 567  # twentieths of a point in a centimetre
_NAMES = {"title": "Title", "heading": "Heading 1", "appendix": "Heading 1", "subheading": "Heading 2"}
_POINTS = {"Title": 18, "Heading 1": 14, "Heading 2": 12}
_FONTS = f'<w:rFonts w:ascii="{LATIN[0]}" w:hAnsi="{LATIN[0]}" w:cs="{LATIN[0]}" w:eastAsia="{CHINESE[0]}"/>'
_LANGUAGE = f'<w:lang w:val="en-US" w:eastAsia="{LANGUAGE}"/>'
_FACES = (  # what stands in where the wanted face is not installed: section 17.8.3.1
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {_SPACE}>'
    f'<w:font w:name="{CHINESE[0]}"><w:altName w:val="{",".join(CHINESE[1:])}"/><w:charset w:val="88"/>'
    f'<w:family w:val="script"/></w:font><w:font w:name="{LATIN[0]}"><w:charset w:val="00"/>'
    '<w:family w:val="roman"/></w:font></w:fonts>'
).encode()
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_PADDING = "<w:tblCellMar>{}</w:tblCellMar>".format(
    "".join(
        f'<w:{side} w:w="{twips}" w:type="dxa"/>'
        for side, twips in zip(("top", "left", "bottom", "right"), (34, 68, 34, 68), strict=True)
    )
)


def write(document: Document) -> bytes:
    """The file."""
    import docx

    word = docx.Document()
    _styles(word)
    _settings(word)
    _page(word, document.mark)
    body = word.element.body
    last = body.sectPr
    for element in _elements(word, document.blocks):
        last.addprevious(_parsed(element))
    made = document.made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about = word.core_properties
    about.title, about.language, about.author, about.comments = legal(document.title)[:255], LANGUAGE, "", ""
    about.created = about.modified = made
    out = io.BytesIO()
    word.save(out)
    return repacked(out, made, instead={"word/fontTable.xml": _FACES})


def _parsed(xml: str) -> Any:
    from docx.oxml import parse_xml

    end = xml.index("/>") if xml == "<w:p/>" else xml.index(">")
    return parse_xml(f"{xml[:end]} {_SPACE}{xml[end:]}")


def _styles(word: Word) -> None:
    """Faces, sizes and language where everything inherits them, instead of those of the library's template."""
    defaults = word.styles.element.find(".//{*}docDefaults/{*}rPrDefault/{*}rPr")
    defaults.getparent().replace(
        defaults, _parsed(f'<w:rPr>{_FONTS}<w:sz w:val="24"/><w:szCs w:val="24"/>{_LANGUAGE}</w:rPr>')
    )
    spacing = word.styles.element.find(".//{*}docDefaults/{*}pPrDefault/{*}pPr")
    spacing.getparent().replace(spacing, _parsed('<w:pPr><w:spacing w:after="60"/></w:pPr>'))
    for name, points in _POINTS.items():
        style = word.styles[name].element
        for old in [part for part in style if part.tag.rpartition("}")[2] in ("rPr", "pPr")]:
            style.remove(old)
        centred = '<w:jc w:val="center"/>' if name == "Title" else ""
        level = "" if name == "Title" else f'<w:outlineLvl w:val="{int(name[-1]) - 1}"/>'
        style.append(_parsed(f'<w:pPr><w:keepNext/><w:spacing w:before="200" w:after="100"/>{centred}{level}</w:pPr>'))
        style.append(_parsed(f'<w:rPr>{_FONTS}<w:b/><w:sz w:val="{points * 2}"/></w:rPr>'))


def _settings(word: Word) -> None:
    """What the library's template has of its maker's: an older Word's layout, Japanese, a zoom without its figure."""
    settings = word.settings.element
    for path, name, value in (
        ("{*}zoom", "percent", "100"),
        ("{*}themeFontLang", "eastAsia", LANGUAGE),
        ("{*}compat/{*}compatSetting[@{*}name='compatibilityMode']", "val", "15"),
    ):
        found = settings.find(path.replace("@{*}", f"@{{{_MAIN}}}"))
        found.set(f"{{{_MAIN}}}{name}", value)


def _page(word: Word, mark: str) -> None:
    from docx.shared import Cm

    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN)
    said = f"{mark}　" if mark else ""
    parts = (_run(f"{said}第 ", 9), _field("PAGE"), _run(" 頁，共 ", 9), _field("NUMPAGES"), _run(" 頁", 9))
    footer = section.footer.paragraphs[0]._p
    footer.getparent().replace(footer, _parsed(f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{"".join(parts)}</w:p>'))


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr="{name}">{_run("1", 9)}</w:fldSimple>'


# --- blocks


def _elements(word: Word, blocks: Sequence[Block]) -> Iterator[str]:
    """Each block as elements; pictures are numbered through the document."""
    charts = 0
    for block in blocks:
        match block:
            case Paragraph():
                yield _own(block)
            case Chart():
                charts += 1
                yield f"<w:p><w:pPr><w:keepNext/></w:pPr>{_run(block.title, 0, bold=True)}</w:p>"
                picture = docx_pictures.put(word, block, charts)
                yield f'<w:p><w:pPr><w:keepNext/><w:jc w:val="center"/></w:pPr>{picture}</w:p>'
            case Table():
                yield _table(block)
                yield "<w:p/>"  # two tables that touch would become one


def _own(paragraph: Paragraph) -> str:
    name = _NAMES.get(paragraph.style, "")
    look = f'<w:pStyle w:val="{name.replace(" ", "")}"/>' if name else ""
    look += "<w:keepNext/>" if paragraph.style == "lead" else ""
    look += "<w:pageBreakBefore/>" if paragraph.style == "appendix" else ""
    return f"<w:p><w:pPr>{look}</w:pPr>{_run(paragraph.text, 10 if paragraph.style == 'note' else 0)}</w:p>"


def _run(text: str, points: int, *, bold: bool = False) -> str:
    look = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{points * 2}"/>' if points else "")
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in legal(text).replace("\t", "　").split("\n")
    )
    return f"<w:r><w:rPr>{look}</w:rPr>{lines}</w:r>"


def _paragraph(text: str, points: int, *, bold: bool = False, align: str = "left", keep: bool = False) -> str:
    """``keep``: on the same page as what follows; a row of which the paragraphs say so stays with the next row."""
    kept = "<w:keepNext/>" if keep else ""
    look = f'{kept}<w:spacing w:after="20"/><w:jc w:val="{align}"/>'
    return f"<w:p><w:pPr>{look}</w:pPr>{_run(text, points, bold=bold)}</w:p>"


def _table(table: Table) -> str:
    points = 9 if table.small else 11
    grid = "".join(f'<w:gridCol w:w="{round(width * _TWIPS)}"/>' for width in table.widths)
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E6EAEE"/>'
    head = "".join(
        _tc(width, shade, _paragraph(text, points, bold=True, align="center", keep=table.whole))
        for text, width in zip(table.head, table.widths, strict=True)
    )
    whole = "<w:trPr><w:cantSplit/></w:trPr>"
    rows = "".join(f"<w:tr>{whole}{''.join(_cells(table, at, points))}</w:tr>" for at in range(len(table.rows)))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{round(sum(table.widths) * _TWIPS)}" w:type="dxa"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>{_PADDING}'
        f'<w:tblCaption w:val="{escaped(table.name)}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _tc(width: float, more: str, inside: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="{round(width * _TWIPS)}" w:type="dxa"/>{more}</w:tcPr>{inside}</w:tc>'


def _cells(table: Table, at: int, points: int) -> list[str]:
    """A row's cells; one that a cell above reaches continues it, one to the right of a broad cell is part of that."""
    found, covered = [], 0
    for column, cell in enumerate(table.rows[at]):
        if covered:
            covered -= 1
        elif cell is None:
            found.append(_tc(table.widths[column], "<w:vMerge/>", _paragraph("", points, keep=table.stays(at))))
        else:
            covered = cell.columns - 1
            span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
            merged = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
            width = sum(table.widths[column : column + cell.columns])
            found.append(_tc(width, span + merged, _inside(cell, points, keep=table.stays(at))))
    return found


def _inside(cell: Cell, points: int, *, keep: bool) -> str:
    heading = _paragraph(cell.heading, points, bold=True, keep=True) if cell.heading else ""
    return heading + "".join(_paragraph(line, points, keep=keep) for line in cell.lines) or "<w:p/>"
