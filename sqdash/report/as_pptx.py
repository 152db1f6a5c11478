"""The director's summary as two slides (PPTX), by python-pptx where it is installed; sources stand in the notes.

Slide 1: the three targets and the other counts. Slide 2: what was missed, why, what is next; what has no room there
says where to read it. Source of the elements: ECMA-376 part 1, sections 19 (slides) and 21.1 (text and tables).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC
from math import ceil
from typing import TYPE_CHECKING, Any

from sqdash import formats, periods
from sqdash.analysis.attention import SHORT
from sqdash.errors import SettingsError
from sqdash.figures import Result
from sqdash.indicators import BY_KEY
from sqdash.packed import legal, repacked
from sqdash.report import appendix, contents, drawings, summary
from sqdash.report.contents import Material
from sqdash.report.document import LANGUAGE

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_WIDE, _TALL, _EDGE = 33.867, 19.05, 1.4  # centimetres of a 16:9 slide and of its margin
_LATIN, _CHINESE = "Arial", "Microsoft JhengHei"
_HEAD, _INK, _BAND, _PAPER = "12436D", "1B2733", "EEF1F4", "FFFFFF"
_COLOURS = {"reached": "1B6E3C", "on_track": "12436D", "missed": "A3161F", "partly": "8A4B00", "behind": "8A4B00"}
_TOP = 3.2  # centimetres down to the first table
_LONGEST = 90  # letters of a cell on the second slide
_ROOM = 13.4  # centimetres for its table
HEAD = ("指標與主辦單位", "狀態與差距", "原因", "下一步")
_SMALL, _POINT = 14, 2.54 / 72  # points of print that is read from a seat; centimetres of a point
_WIDTHS = (6.6, 7.6, 8.6, 8.2)
_AIMED, _SECOND = (5.4, 4.2, 6.4, 15.0), 8.6  # widths of the three targets' table; how far down the counts are


def write(material: Material) -> bytes:
    """The file; :class:`SettingsError` where the library is not installed."""
    try:
        import pptx
    except ModuleNotFoundError as error:
        raise SettingsError(
            "輸出投影片需要另外安裝 python-pptx，請在專案資料夾以 requirements-pptx.txt 安裝後再試，或改用其他格式。"
        ) from error
    show = pptx.Presentation()
    show.slide_width, show.slide_height = _cm(_WIDE), _cm(_TALL)
    _first(show, material)
    _second(show, material)
    made = material.made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about = show.core_properties
    about.title, about.language, about.author, about.last_modified_by = _title(material), LANGUAGE, "", ""
    about.created = about.modified = made
    out = io.BytesIO()
    show.save(out)
    return repacked(out, made)


def _title(material: Material) -> str:
    return summary.title(material.period)


def _cm(length: float) -> Any:
    from pptx.util import Cm

    return Cm(length)


# --- the two slides


def _first(show: Presentation, material: Material) -> None:
    aimed = [material.results[key] for key in appendix.CHARTED]
    slide = _slide(show, _title(material), material)
    rows = [
        (
            BY_KEY[r.key].label,
            f"{formats.SIGNS[r.state]} {formats.state(r)}",
            formats.figure_as_measured(r),
            formats.gap(r),
        )
        for r in aimed
    ]
    head = ("粉絲專頁目標", "狀態", "成果", "目標與差距")
    points = next((size for size in (18, 16) if _down(head, rows, size) <= _SECOND), 16)
    table = _table(slide, "粉絲專頁三項目標", head, rows, _AIMED, _TOP, points)
    for at, result in enumerate(aimed, 1):
        _coloured(table.cell(at, 1), _COLOURS.get(result.state, _INK))
    counts = summary.counts(material)
    top = max(_SECOND, _down(head, rows, points))
    below = _table(slide, "其他成果", ("活動、滿意度、陳情與查核", "", ""), counts, (31 / 3,) * 3, top, _SMALL)
    below.cell(0, 0).merge(below.cell(0, 2))
    listed = [result for result in material.results.values() if result.sources]
    slide.notes_slide.notes_text_frame.text = legal("\n".join(["資料來源", *map(_source, listed), _origin(material)]))


def _down(head: Sequence[str], rows: Sequence[Sequence[str]], points: int) -> float:
    """Where the table of the three targets has ended."""
    return _TOP + sum(_high(row, _AIMED, points) for row in (head, *rows)) + 0.3


def _second(show: Presentation, material: Material) -> None:
    slide = _slide(show, "未達目標、原因與下一步", material)
    short = [result for result in material.results.values() if result.state in SHORT]
    rows = [tuple(map(_shortened, row)) for row in appendix.reason_rows(material, short)]
    rows = [
        (of, f"{formats.SIGNS[r.state]} {state}", *words) for r, (of, state, *words) in zip(short, rows, strict=True)
    ]
    fitting = _fitting(rows)
    if fitting:
        table = _table(slide, "未達目標的原因與下一步", HEAD, rows[:fitting], _WIDTHS, _TOP, _SMALL)
        for at, result in enumerate(short[:fitting], 1):
            _coloured(table.cell(at, 1), _COLOURS[result.state])
    said = [] if short else [summary.none_short(material)]
    if len(rows) > fitting:
        said.append(f"另有 {len(rows) - fitting} 項未達目標，見年度報告附錄三。")
    said.append(summary.unstated(material))
    below = _TOP + sum(_high(row, _WIDTHS, _SMALL) for row in (HEAD, *rows[:fitting])) if fitting else _TOP
    _words(slide, said, below + 0.4)
    slide.notes_slide.notes_text_frame.text = legal("\n".join(_in_full(material, short)))


def _source(result: Result) -> str:
    text = "；".join(source.text for source in result.sources)
    as_of = appendix.as_of(result)
    return f"{BY_KEY[result.key].label} {formats.figure_as_measured(result)}：{text}" + (
        f"（{as_of}）" if as_of else ""
    )


def _origin(material: Material) -> str:
    return f"取自資料庫修訂 {material.revision}（{periods.roc_moment(material.made)} 的內容）。"


def _in_full(material: Material, short: Sequence[Result]) -> Iterator[str]:
    """What the slide may have had no room for."""
    for label, state, why, then in appendix.reason_rows(material, short):
        yield f"{label}　{state}".replace("\n", "　")
        yield f"原因：{why}".replace("\n", "")
        yield f"下一步：{then}".replace("\n", "")
    yield summary.unstated(material)
    yield _origin(material)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 9]}…（全文見備忘稿）"


def _fitting(rows: Sequence[Sequence[str]]) -> int:
    """How many rows have room."""
    room = _ROOM - _high(("",), (1.0,), _SMALL)
    for at, row in enumerate(rows):
        room -= _high(row, _WIDTHS, _SMALL)
        if room < 0:
            return at
    return len(rows)


def _high(row: Sequence[str], widths: Sequence[float], points: int) -> float:
    """Centimetres that a row needs: the lines of its longest cell, a letter a little broader than it is."""
    letter = points * _POINT * 1.08
    lines = (
        sum(max(1, ceil(letter * sum(map(drawings.broad, line)) / (width - 0.55))) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=True)
    )
    return max(lines) * points * _POINT * 1.45 + 0.3


# --- parts of a slide


def _slide(show: Presentation, title: str, material: Material) -> Any:
    """An empty slide with a title, so that an outline and a screen reader find it; a demonstration is marked."""
    slide = show.slides.add_slide(show.slide_layouts[5])
    box = slide.shapes.title
    box.left, box.top, box.width, box.height = _cm(_EDGE), _cm(0.8), _cm(_WIDE - 2 * _EDGE), _cm(1.8)
    _put(box.text_frame, title, 30, bold=True, colour=_HEAD)
    if material.demonstration:
        mark = slide.shapes.add_textbox(_cm(_EDGE), _cm(0.2), _cm(_WIDE - 2 * _EDGE), _cm(0.8))
        mark.text_frame.word_wrap = True
        _put(mark.text_frame, contents.DEMONSTRATION, 14, bold=True, colour=_COLOURS["missed"])
    return slide


def _words(slide: Any, lines: Sequence[str], top: float) -> None:
    box = slide.shapes.add_textbox(_cm(_EDGE), _cm(top), _cm(_WIDE - 2 * _EDGE), _cm(_TALL - top - 0.4))
    box.text_frame.word_wrap = True
    _put(box.text_frame, "\n".join(lines), _SMALL)


def _table(
    slide: Any,
    name: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    top: float,
    points: int,
) -> Any:
    high = [_high(row, widths, points) for row in (head, *rows)]
    size = (_cm(_EDGE), _cm(top), _cm(sum(widths)), _cm(sum(high)))
    frame = slide.shapes.add_table(len(rows) + 1, len(head), *size)
    frame.name, table = name, frame.table
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{name}：{len(rows)} 列，第一列為標題")
    for at, width in enumerate(widths):
        table.columns[at].width = _cm(width)
    for at, row in enumerate((head, *rows)):
        table.rows[at].height = _cm(high[at])
        for column, text in enumerate(row):
            cell = table.cell(at, column)
            _filled(cell, (_PAPER, _BAND)[at % 2] if at else _HEAD)
            _put(
                cell.text_frame,
                text,
                points,
                bold=at == 0 or (column == 0 and len(head) > 3),
                colour=_INK if at else _PAPER,
            )
    return table


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor(*bytes.fromhex(colour))  # type: ignore[no-untyped-call, unused-ignore]


def _filled(cell: Any, colour: str) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = _rgb(colour)
    cell.margin_top = cell.margin_bottom = _cm(0.12)


def _put(frame: Any, text: str, points: int, *, bold: bool = False, colour: str = _INK) -> None:
    """The text's lines as paragraphs of one look."""
    from pptx.enum.text import PP_ALIGN

    frame.text = legal(text).replace("\t", "　")
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            _look(run, points, bold=bold, colour=colour)


def _look(run: Any, points: int, *, bold: bool, colour: str) -> None:
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls
    from pptx.util import Pt

    font = run.font
    font.size, font.bold, font.name = Pt(points), bold, _LATIN
    font.color.rgb = _rgb(colour)
    font._element.set("lang", LANGUAGE)
    font._element.latin.addnext(parse_xml(f'<a:ea {nsdecls("a")} typeface="{_CHINESE}"/>'))


def _coloured(cell: Any, colour: str) -> None:
    for run in cell.text_frame.paragraphs[0].runs:
        run.font.color.rgb, run.font.bold = _rgb(colour), True
