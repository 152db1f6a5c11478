"""Charts in a DOCX: a metafile that every Word draws, the same as SVG for newer ones, both with alternative text.

Source of the elements: ECMA-376 part 1, section 20 (DrawingML), and [MS-ODRAWXML] 2.3 (``svgBlip``).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sqdash.packed import legal
from sqdash.report import as_emf, as_svg, drawings
from sqdash.report.document import Chart

if TYPE_CHECKING:
    from docx.document import Document as Word

_BROAD = 140  # millimetres across: two charts with their figures fit on a page
_EMU = 36_000  # English metric units in a millimetre
_MAIN = "http://schemas.openxmlformats.org/drawingml/2006"
_SVG = (
    '<a:extLst><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip'
    ' xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{}"/></a:ext></a:extLst>'
)


def put(word: Word, chart: Chart, at: int) -> str:
    """Add the chart's pictures to the package; the run that shows them. ``at``: its number in the document, from 1."""
    metafile = _part(word, f"chart{at}.emf", "image/x-emf", as_emf.write(chart, _BROAD))
    drawing = _part(word, f"chart{at}.svg", "image/svg+xml", as_svg.write(chart).encode())
    wide = _BROAD * _EMU
    tall = round(wide * drawings.height(chart) / drawings.WIDTH)
    named = f'id="{at}" name="圖{at}" descr="{escape(legal(chart.alt))}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{_MAIN}/wordprocessingDrawing" xmlns:a="{_MAIN}/main"'
        f' xmlns:pic="{_MAIN}/picture"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
        ' distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{wide}" cy="{tall}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:docPr {named}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
        f'<a:graphic><a:graphicData uri="{_MAIN}/picture"><pic:pic><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{metafile}">{_SVG.format(drawing)}</a:blip>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def _part(word: Word, name: str, kind: str, data: bytes) -> str:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    part = Part(PackURI(f"/word/media/{name}"), kind, data, word.part.package)
    return str(word.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE))
