"""The look of the report as OpenDocument text: faces, sizes, the page with its number, and the tables' borders.

Source of the elements: OpenDocument 1.3 part 3, sections 16 (styles) and 20 (formatting properties).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sqdash.packed import legal
from sqdash.report.document import CHINESE, LATIN, MARGIN, Table

SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}"'
    for prefix, name in (
        ("office", "office:1.0"),
        ("style", "style:1.0"),
        ("text", "text:1.0"),
        ("table", "table:1.0"),
        ("draw", "drawing:1.0"),
        ("fo", "xsl-fo-compatible:1.0"),
        ("svg", "svg-compatible:1.0"),
    )
)
# name: (points, bold, alignment, space above and below in cm, further properties of the paragraph)
_PARAGRAPHS = {
    "title": (18, True, "center", 0.0, 0.4, ""),
    "heading": (14, True, "start", 0.5, 0.2, 'fo:keep-with-next="always"'),
    "subheading": (12, True, "start", 0.4, 0.2, 'fo:keep-with-next="always"'),
    "appendix": (14, True, "start", 0.0, 0.3, 'fo:keep-with-next="always" fo:break-before="page"'),
    "body": (12, False, "start", 0.0, 0.15, 'fo:line-height="130%"'),
    "lead": (12, False, "start", 0.0, 0.15, 'fo:line-height="130%" fo:keep-with-next="always"'),
    "note": (10, False, "start", 0.3, 0.0, ""),
    "picture": (12, False, "center", 0.3, 0.1, 'fo:keep-with-next="always"'),
    "caption": (12, True, "start", 0.5, 0.1, 'fo:keep-with-next="always"'),
    "cell": (11, False, "start", 0.0, 0.05, ""),
    "cell-kept": (11, False, "start", 0.0, 0.05, 'fo:keep-with-next="always"'),
    "cell-strong": (11, True, "start", 0.0, 0.05, ""),
    "cell-head": (11, True, "center", 0.0, 0.0, ""),
    "small-kept": (9, False, "start", 0.0, 0.0, 'fo:keep-with-next="always"'),
    "small": (9, False, "start", 0.0, 0.0, ""),
    "small-strong": (9, True, "start", 0.0, 0.0, 'fo:keep-with-next="always"'),
    "small-head": (9, True, "center", 0.0, 0.0, ""),
    "foot": (9, False, "center", 0.0, 0.0, ""),
}
LEVELS = {"title": 1, "heading": 1, "appendix": 1, "subheading": 2}
"""Outline level of the styles that are headings."""


def _face(name: str, faces: tuple[str, ...], pitch: str) -> str:
    listed = escape(", ".join(f"'{face}'" for face in faces))
    return f'<style:font-face style:name="{name}" svg:font-family="{listed}" style:font-family-generic="{pitch}"/>'


def _faces() -> str:
    faces = _face("Latin", LATIN, "roman") + _face("Chinese", CHINESE, "script")
    return f"<office:font-face-decls>{faces}</office:font-face-decls>"


def _paragraph(name: str) -> str:
    points, bold, align, above, below, more = _PARAGRAPHS[name]
    weight = ' fo:font-weight="bold" style:font-weight-asian="bold"' * bold
    level = f' style:default-outline-level="{LEVELS[name]}"' if name in LEVELS else ""
    return (
        f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="Standard"{level}>'
        f'<style:paragraph-properties fo:text-align="{align}" fo:margin-top="{above}cm" fo:margin-bottom="{below}cm"'
        f" {more}/>"
        f'<style:text-properties fo:font-size="{points}pt" style:font-size-asian="{points}pt"{weight}/></style:style>'
    )


def part(mark: str) -> bytes:
    """The whole ``styles.xml``; ``mark`` stands beside the page number."""
    said = f"{escape(legal(mark))}　" if mark else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles {SPACES} office:version="1.3">{_faces()}<office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties style:text-autospace="ideograph-alpha"
 style:punctuation-wrap="hanging" style:line-break="strict" fo:orphans="2" fo:widows="2"/>
<style:text-properties style:font-name="Latin" style:font-name-asian="Chinese" fo:font-size="12pt"
 style:font-size-asian="12pt" fo:language="en" fo:country="US" style:language-asian="zh" style:country-asian="TW"
 style:letter-kerning="true"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph"/>
{"".join(_paragraph(name) for name in _PARAGRAPHS)}</office:styles>
<office:automatic-styles><style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm"
 fo:page-height="29.7cm" style:print-orientation="portrait" fo:margin="{MARGIN}cm"/>
<style:footer-style><style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.3cm"/></style:footer-style>
</style:page-layout></office:automatic-styles><office:master-styles>
<style:master-page style:name="Standard" style:page-layout-name="A4"><style:footer><text:p
 text:style-name="foot">{said}第 <text:page-number text:select-page="current">1</text:page-number> 頁，共
 <text:page-count>1</text:page-count> 頁</text:p></style:footer></style:master-page>
</office:master-styles></office:document-styles>""".encode()


def of_tables(tables: Sequence[Table]) -> list[str]:
    """The automatic styles of the document's tables: ``t0``, ``t0.0`` … by table and column, cells and rows for all."""
    parts = [
        *(
            f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties'
            f' fo:padding-top="{padding}cm" fo:padding-bottom="{padding}cm" fo:padding-left="0.12cm"'
            ' fo:padding-right="0.12cm" fo:border="0.5pt solid #000000" style:vertical-align="top"/></style:style>'
            for name, padding in (("cell", 0.1), ("small", 0.06))
        ),
        '<style:style style:name="head" style:family="table-cell"><style:table-cell-properties fo:padding="0.12cm"'
        ' fo:border="0.5pt solid #000000" fo:background-color="#e6eaee" style:vertical-align="middle"/></style:style>',
        '<style:style style:name="whole" style:family="table-row"><style:table-row-properties'
        ' fo:keep-together="always"/></style:style>',
        '<style:style style:name="picture" style:family="graphic"><style:graphic-properties style:vertical-pos="top"'
        ' style:vertical-rel="baseline" fo:border="none"/></style:style>',
    ]
    for at, table in enumerate(tables):
        breaks = "false" if table.whole else "true"
        parts.append(
            f'<style:style style:name="t{at}" style:family="table"><style:table-properties'
            f' style:width="{sum(table.widths):.2f}cm"'
            f' table:align="left" table:border-model="collapsing" style:may-break-between-rows="{breaks}"/>'
            "</style:style>"
        )
        parts += [
            f'<style:style style:name="t{at}.{column}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width:.2f}cm"/></style:style>'
            for column, width in enumerate(table.widths)
        ]
    return parts
