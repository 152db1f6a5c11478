"""A chart as an enhanced metafile (EMF): lines and words that every office program draws in the reader's own faces.

It needs neither a library nor a face on the machine that writes it, and the same chart is the same bytes. Words are set
by our own widths, Latin and Chinese letters each in their face.
Source of the records: [MS-EMF] 2.3; coordinates are tenths of a pixel.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import groupby

from sqdash.packed import legal
from sqdash.report import drawings
from sqdash.report.document import CHINESE, LATIN, Chart
from sqdash.report.drawings import Box, Line, Shape, Text

_FINE = 10
_HEADER, _END, _BACKGROUND, _ALIGN, _COLOUR, _SELECT, _BRUSH, _RECTANGLE, _FONT, _TEXT = (
    1,
    14,
    18,
    22,
    24,
    37,
    39,
    43,
    82,
    84,
)
_NO_PEN = 0x80000008
_BASE_LINE, _TRANSPARENT = 24, 1
_NO_BOX = (0, 0, -1, -1)
_BIG5, _ANSI = 136, 0


def write(chart: Chart, wide: float) -> bytes:
    """The picture, ``wide`` millimetres across."""
    faces = _Faces(chart)
    records = [
        _record(_BACKGROUND, struct.pack("<I", _TRANSPARENT)),
        _record(_ALIGN, struct.pack("<I", _BASE_LINE)),
        _record(_COLOUR, struct.pack("<I", _colour(drawings.INK))),
        _record(_SELECT, struct.pack("<I", _NO_PEN)),
        *faces.made(),
        *(record for shape in drawings.shapes(chart) for record in _shape(shape, faces)),
        _record(_END, struct.pack("<3I", 0, 16, 20)),
    ]
    return _header(chart, wide, records, faces.count + 1) + b"".join(records)


class _Faces:
    """The numbers of the picture's objects: a font a size and script, a brush a colour."""

    def __init__(self, chart: Chart) -> None:
        found = drawings.shapes(chart)
        sizes = sorted({shape.size for shape in found if isinstance(shape, Text)})
        colours = sorted({shape.colour for shape in found if not isinstance(shape, Text)})
        self.fonts = {(size, chinese): at * 2 + chinese + 1 for at, size in enumerate(sizes) for chinese in (0, 1)}
        self.brushes = {colour: len(self.fonts) + at + 1 for at, colour in enumerate(colours)}
        self.count = len(self.fonts) + len(self.brushes)

    def made(self) -> Iterator[bytes]:
        """The records that make them."""
        for (size, chinese), at in self.fonts.items():
            yield _font(at, size, CHINESE[0] if chinese else LATIN[0], _BIG5 if chinese else _ANSI)
        for colour, at in self.brushes.items():
            yield _record(_BRUSH, struct.pack("<4I", at, 0, _colour(colour), 0))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<2I", kind, len(data) + 8) + data


def _colour(name: str) -> int:
    red, green, blue = bytes.fromhex(name[1:])
    return red | green << 8 | blue << 16


def _fine(*lengths: float) -> tuple[int, ...]:
    return tuple(round(length * _FINE) for length in lengths)


def _header(chart: Chart, wide: float, records: list[bytes], objects: int) -> bytes:
    """Bounds in our units, frame in hundredths of a millimetre, and a device that has them at one to one."""
    width, tall = _fine(drawings.WIDTH, drawings.height(chart))
    scale = wide / width
    high = tall * scale
    size = 108
    return struct.pack(
        "<2I4i4i4I2H3I2I2I3I2I",
        *(_HEADER, size),
        *(0, 0, width - 1, tall - 1),
        *(0, 0, round(wide * 100), round(high * 100)),
        *(0x464D4520, 0x10000, size + sum(map(len, records)), len(records) + 1),
        *(objects, 0),
        *(0, 0, 0),
        *(width, width),
        *(round(wide), round(wide)),
        *(0, 0, 0),
        *(round(wide * 1000), round(wide * 1000)),
    )


def _font(at: int, size: int, face: str, letters: int) -> bytes:
    (high,) = _fine(size)
    plain = struct.pack("<5i8B", -high, 0, 0, 0, 400, 0, 0, 0, letters, 0, 0, 0, 0) + _name(face, 32)
    return _record(_FONT, struct.pack("<I", at) + plain + _name(face, 64) + bytes(64) + bytes(36))


def _name(face: str, room: int) -> bytes:
    return face.encode("utf-16-le").ljust(room * 2, b"\0")


def _shape(shape: Shape, faces: _Faces) -> Iterator[bytes]:
    match shape:
        case Box():
            yield from _filled([shape], faces)
        case Line():
            yield from _filled(_pieces(shape), faces)
        case Text():
            yield from _words(shape, faces)


def _filled(boxes: list[Box], faces: _Faces) -> Iterator[bytes]:
    yield _record(_SELECT, struct.pack("<I", faces.brushes[boxes[0].colour]))
    for box in boxes:
        yield _record(_RECTANGLE, struct.pack("<4i", *_fine(box.x, box.y, box.x + box.width, box.y + box.tall)))


def _pieces(line: Line) -> list[Box]:
    """A line as boxes, for programs differ in what a dash is."""
    level, half = line.y1 == line.y2, line.thick / 2
    start, end = (line.x1, line.x2) if level else (line.y1, line.y2)
    drawn, left_out = line.dash if any(line.dash) else (end - start, 1.0)
    found, at = [], start
    while at < end:
        long = min(drawn, end - at)
        if level:
            found.append(Box(at, line.y1 - half, long, line.thick, line.colour))
        else:
            found.append(Box(line.x1 - half, at, line.thick, long, line.colour))
        at += drawn + left_out
    return found


def _words(text: Text, faces: _Faces) -> Iterator[bytes]:
    words = legal(text.words).replace("\n", " ")
    long = text.size * sum(map(drawings.broad, words))
    x = text.x - {"start": 0.0, "middle": long / 2, "end": long}[text.anchor]
    for chinese, run in groupby(words, drawings.chinese):
        letters = "".join(run)
        yield _record(_SELECT, struct.pack("<I", faces.fonts[text.size, int(chinese)]))
        yield _run(x, text.y, letters, text.size)
        x += text.size * sum(map(drawings.broad, letters))


def _run(x: float, y: float, letters: str, size: int) -> bytes:
    """Letters of one face; a letter of two code units has its width at the first."""
    coded = letters.encode("utf-16-le")
    steps = [
        step for letter in letters for step in (drawings.broad(letter), 0.0)[: len(letter.encode("utf-16-le")) // 2]
    ]
    padded = coded + bytes(-len(coded) % 4)
    count = len(coded) // 2
    head = struct.pack("<4iI2f2i3I4iI", *_NO_BOX, 1, 1.0, 1.0, *_fine(x, y), count, 76, 0, *_NO_BOX, 76 + len(padded))
    return _record(_TEXT, head + padded + struct.pack(f"<{count}I", *_fine(*(step * size for step in steps))))
