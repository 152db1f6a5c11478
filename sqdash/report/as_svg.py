"""A chart as SVG: print colours, no script, nothing fetched, texts in the document's faces.

Source of the elements: SVG 1.1 (2nd edition), the part that office programs draw as well as browsers.
"""

from __future__ import annotations

from html import escape

from sqdash.packed import escaped
from sqdash.report import drawings
from sqdash.report.document import CHINESE, LATIN, Chart
from sqdash.report.drawings import Box, Line, Shape, Text

_FONT = ",".join(f"'{face}'" for face in (*LATIN, *CHINESE)) + ",serif"


def write(chart: Chart) -> str:
    """The picture, its alternative text within."""
    wide, tall = drawings.WIDTH, drawings.height(chart)
    body = "".join(map(_shape, drawings.shapes(chart)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{tall}" viewBox="0 0 {wide} {tall}"'
        ' role="img">'
        f"<title>{escaped(chart.alt)}</title>"
        f'<g font-family="{escape(_FONT)}" font-size="{drawings.SIZE}" fill="{drawings.INK}">{body}</g></svg>'
    )


def _shape(shape: Shape) -> str:
    match shape:
        case Box(x, y, width, tall, colour):
            return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{tall:.1f}" fill="{colour}"/>'
        case Line(x1, y1, x2, y2, dash, colour, thick):
            dashed = f' stroke-dasharray="{dash[0]} {dash[1]}"' if any(dash) else ""
            return (
                f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
                f' stroke-width="{thick}"{dashed}/>'
            )
        case Text(x, y, words, anchor, size):
            other = f' font-size="{size}"' if size != drawings.SIZE else ""
            return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{other}>{escaped(words)}</text>'
