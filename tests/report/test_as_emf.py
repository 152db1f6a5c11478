"""Charts as metafiles: records whole and counted, boxes and words where the drawing has them."""

from __future__ import annotations

import struct
from collections import Counter

import pytest

from sqdash.report import as_emf, drawings
from sqdash.report.document import Chart, Point
from sqdash.report.drawings import Box, Text

BARS = Chart(
    "t", "說明", "人", (Point("計畫執行前", "約 30–50", 30, 50), Point("後", "未陳報")), 100, "目標超過 100 人"
)
COLUMNS = Chart(
    "t", "a", "人", tuple(Point(f"{m} 月", str(m), m, m) for m in range(1, 13)), 11, "目標 11", upright=True
)
HOSTILE = Chart("t", "a", "人", (Point("<a>\x00\n𠮷", "a\tb", 1, 1),), 1, "")


def records(data: bytes) -> list[tuple[int, bytes]]:
    """Kind and contents of each record, as a program walks through them."""
    found, at = [], 0
    while at < len(data):
        kind, size = struct.unpack_from("<2I", data, at)
        assert size >= 8
        assert size % 4 == 0
        assert at + size <= len(data)
        found.append((kind, data[at + 8 : at + size]))
        at += size
    return found


def said(data: bytes) -> list[tuple[int, int, str, list[int]]]:
    """(x, y, letters, steps) of each run of words."""
    found = []
    for kind, body in records(data):
        if kind == 84:
            x, y, count, start = struct.unpack_from("<2i2I", body, 28)
            (steps,) = struct.unpack_from("<I", body, 64)
            text = body[start - 8 : start - 8 + 2 * count].decode("utf-16-le")
            found.append((x, y, text, list(struct.unpack_from(f"<{count}I", body, steps - 8))))
    return found


@pytest.mark.parametrize("chart", [BARS, COLUMNS, HOSTILE], ids=["bars", "columns", "hostile"])
def test_the_header_says_what_the_file_is(chart: Chart) -> None:
    data = as_emf.write(chart, 140)
    walked = records(data)
    kinds = Counter(kind for kind, _ in walked)
    assert (walked[0][0], walked[-1][0], kinds[1], kinds[14]) == (1, 14, 1, 1)
    header = walked[0][1]
    bounds, frame = struct.unpack_from("<4i", header), struct.unpack_from("<4i", header, 16)
    tall = drawings.height(chart)
    assert bounds == (0, 0, 6399, tall * 10 - 1)
    assert frame == (0, 0, 14_000, round(14_000 * tall / 640))
    signature, _, size, count, objects = struct.unpack_from("<4IH", header, 32)
    assert (signature, size, count) == (0x464D4520, len(data), len(walked))
    made = [struct.unpack_from("<I", body)[0] for kind, body in walked if kind in (39, 82)]
    assert made == list(range(1, objects))
    chosen = {struct.unpack("<I", body)[0] for kind, body in walked if kind == 37} - {0x80000008}
    assert chosen <= set(made)
    assert as_emf.write(chart, 140) == data


def test_every_box_of_the_drawing_is_a_rectangle_of_its_colour() -> None:
    colours, now, found = {}, 0, []
    for kind, body in records(as_emf.write(BARS, 140)):
        if kind == 39:
            at, _, colour, _ = struct.unpack("<4I", body)
            colours[at] = f"#{colour & 255:02x}{colour >> 8 & 255:02x}{colour >> 16:02x}"
        elif kind == 37:
            now = struct.unpack("<I", body)[0]
        elif kind == 43:
            found.append((colours[now], *(length / 10 for length in struct.unpack("<4i", body))))
    wanted = [
        (s.colour, s.x, s.y, round(s.x + s.width, 1), s.y + s.tall) for s in drawings.shapes(BARS) if isinstance(s, Box)
    ]
    assert [one for one in found if one[0] not in (drawings.DIM, drawings.PAPER)] == wanted
    dashes = [one for one in found if one[0] == drawings.DIM]
    assert len(dashes) == 9
    assert {round(bottom - top) for *_, top, _, bottom in dashes} == {6}


def test_latin_and_chinese_letters_follow_one_another_in_their_faces() -> None:
    runs = said(as_emf.write(BARS, 140))
    assert [run[2] for run in runs[:4]] == ["計畫執行前", "約", " 30–50 ", "人"]
    [label, *_] = [s for s in drawings.shapes(BARS) if isinstance(s, Text)]
    assert (label.anchor, runs[0][0] + sum(runs[0][3])) == ("end", label.x * 10)
    assert runs[1][0] + sum(runs[1][3]) == runs[2][0]
    assert runs[0][3] == [140] * 5
    assert runs[2][3] == [35, 70, 70, 70, 70, 70, 35]


def test_the_faces_are_those_of_the_document() -> None:
    faces = [
        body[24 + 8 : 24 + 72].decode("utf-16-le").rstrip("\0")
        for kind, body in records(as_emf.write(BARS, 140))
        if kind == 82
    ]
    assert faces == ["Times New Roman", "標楷體"]


def test_letters_that_no_document_can_hold_are_boxes_and_rare_ones_stay_whole() -> None:
    text = "".join(run[2] for run in said(as_emf.write(HOSTILE, 140)))
    assert text.startswith("<a>□ 𠮷")
    [steps] = [run[3] for run in said(as_emf.write(HOSTILE, 140)) if "𠮷" in run[2]]
    assert steps == [140, 0]
