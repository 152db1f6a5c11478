"""Charts as SVG: lengths by value, gaps left open, the goal where it is."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from sqdash.report import as_svg, drawings
from sqdash.report.document import Chart, Point

_SVG = "{http://www.w3.org/2000/svg}"


def rects(chart: Chart, colour: str) -> list[float]:
    root = ET.fromstring(as_svg.write(chart))  # noqa: S314 - made here
    size = "height" if chart.upright else "width"
    return [float(r.attrib[size]) for r in root.iter(f"{_SVG}rect") if r.attrib["fill"] == colour]


def test_an_interval_is_full_to_its_low_end_and_pale_to_its_high_end() -> None:
    chart = Chart("t", "說明", "人", (Point("前", "30–50", 30, 50), Point("後", "未陳報")), 100, "目標超過 100")
    [ground, _] = rects(chart, drawings.GROUND)
    assert rects(chart, drawings.FULL) == [round(ground * 0.3, 1)]
    assert rects(chart, drawings.PALE) == [ground * 0.5]
    assert "未陳報</text>" in as_svg.write(chart)
    assert "30–50 人</text>" in as_svg.write(chart)
    assert "<title>說明</title>" in as_svg.write(chart)


def test_a_month_without_a_figure_has_no_column() -> None:
    points = (Point("1 月", "10", 10, 10), Point("2 月", "無資料"), Point("3 月", "20", 20, 20))
    low, high = rects(Chart("t", "a", "人", points, upright=True), drawings.FULL)
    assert high == 2 * low


def test_nothing_known_is_drawn_without_a_bar() -> None:
    assert rects(Chart("t", "a", "人", (Point("103 年", "未陳報"),)), drawings.FULL) == []


def test_the_line_of_the_goal_strikes_no_figure_through() -> None:
    points = (Point("1 月", "100", 100, 100), Point("2 月", "40", 40, 40))
    chart = Chart("t", "a", "人", points, 104, "目標 104", upright=True)
    svg = as_svg.write(chart)
    assert len(rects(chart, drawings.PAPER)) == 1
    assert svg.index("stroke-dasharray") < svg.index(f'fill="{drawings.PAPER}"') < svg.index(">100</text>")
