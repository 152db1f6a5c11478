"""The small pictures tell the truth: lengths and ticks are in proportion, gaps stay open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.figures import Interval
from sqdash.ui import pictures
from sqdash.ui.palette import DARK, LIGHT, Palette

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by us
    assert root.tag == f"{SVG}svg"
    return root


def width_of(root: ElementTree.Element) -> float:
    return float(root.attrib["viewBox"].split()[2])


def bar(figure: Interval | None, goal: float, palette: Palette = LIGHT) -> dict[str, float]:
    """Shares of the whole width: ground, low and high end, tick (its left edge); what is not drawn is missing."""
    root = parsed(pictures.bar(figure, goal, palette))
    names = {palette.ground: "ground", palette.main: "low", palette.pale: "high", palette.ink: "tick"}
    shares = {}
    for rect in root.iter(f"{SVG}rect"):
        name = names[rect.attrib["fill"]]
        assert name not in shares
        x, width, whole = float(rect.attrib["x"]), float(rect.attrib["width"]), width_of(root)
        assert 0 <= x <= x + width <= whole + 0.05
        shares[name] = x / whole if name == "tick" else width / whole
    return shares


def near(value: float) -> object:
    return pytest.approx(value, abs=0.01)


# --- the bar


def test_a_figure_over_its_target_fills_the_bar_and_the_tick_lies_inside() -> None:
    assert bar(Interval(value=16300), 13000) == {"ground": 1, "low": 1, "tick": near(13000 / 16300)}


def test_a_figure_under_its_target_fills_its_share_and_the_tick_is_at_the_end() -> None:
    assert bar(Interval(value=50), 100) == {"ground": 1, "low": near(0.5), "tick": near(1)}


def test_an_interval_is_full_to_its_low_end_and_pale_to_its_high_end() -> None:
    assert bar(Interval(low=60, high=70), 100) == {"ground": 1, "low": near(0.6), "high": near(0.7), "tick": near(1)}


def test_an_interval_across_its_target_has_the_tick_between_its_ends() -> None:
    assert bar(Interval(low=80, high=125), 100) == {"ground": 1, "low": near(0.64), "high": 1, "tick": near(0.8)}


def test_more_than_a_value_is_drawn_to_that_value() -> None:
    assert bar(Interval(value=500, qualifier="逾"), 1000) == {"ground": 1, "low": near(0.5), "tick": near(1)}


def test_an_interval_open_below_is_pale_only() -> None:
    assert bar(Interval(high=40), 100) == {"ground": 1, "low": 0, "high": near(0.4), "tick": near(1)}


def test_without_a_figure_only_ground_and_target_are_drawn() -> None:
    assert bar(None, 100) == {"ground": 1, "low": 0, "tick": near(1)}


@pytest.mark.parametrize("figure", [Interval(value=7), Interval(value=0), None])
@pytest.mark.parametrize("goal", [None, 0])
def test_without_a_target_no_bar_looks_met_or_missed(figure: Interval | None, goal: float | None) -> None:
    assert pictures.bar(figure, goal, LIGHT) == ""


amounts = st.floats(0, 1e9) | st.integers(0, 10**9)
goals = st.floats(1e-3, 1e9) | st.integers(1, 10**9)


@given(amounts, amounts, goals, st.sampled_from([LIGHT, DARK]))
def test_the_ends_of_an_interval_are_never_out_of_order(a: float, b: float, goal: float, look: Palette) -> None:
    low, high = sorted((float(a), float(b)))
    drawn = bar(Interval(low=low, high=high), goal, look)
    assert drawn["ground"] == 1
    assert drawn["low"] <= drawn.get("high", drawn["low"])
    assert "tick" in drawn


# --- the trend


def strokes(values: Sequence[float | None], goal: float | None = None) -> list[list[tuple[float, float]]]:
    """The trend's line as runs of points, a gap between two runs."""
    root = parsed(pictures.trend(values, goal, LIGHT))
    (line,) = (path for path in root.iter(f"{SVG}path") if path.attrib["stroke"] == LIGHT.main)
    runs: list[list[tuple[float, float]]] = []
    for pen, x, y in re.findall(r"([ML])\s*([\d.]+)[ ,]([\d.]+)", line.attrib["d"]):
        if pen == "M":
            runs.append([])
        runs[-1].append((float(x), float(y)))
    return runs


def target_height(values: Sequence[float | None], goal: float) -> float | None:
    """How far down the target's dashed line lies; None when it is not drawn."""
    for path in parsed(pictures.trend(values, goal, LIGHT)).iter(f"{SVG}path"):
        if "stroke-dasharray" in path.attrib:
            found = re.match(r"M\s*0\s+([\d.]+)", path.attrib["d"])
            assert found
            return float(found[1])
    return None


def test_a_trend_goes_left_to_right_in_even_steps_and_up_where_values_rise() -> None:
    (run,) = strokes([1, 2, 4, 3])
    across, heights = [x for x, _ in run], [y for _, y in run]
    steps = [b - a for a, b in pairwise(across)]
    assert steps == pytest.approx([steps[0]] * 3, abs=0.2)
    assert steps[0] > 0
    assert heights[0] > heights[1] > heights[3] > heights[2]


def test_a_month_without_a_figure_is_a_gap_that_keeps_its_place() -> None:
    first, second = strokes([1, 2, None, 4, 5])
    (whole,) = strokes([1, 2, 3, 4, 5])
    assert (first, second) == (whole[:2], whole[3:])


def test_a_month_between_two_gaps_is_still_to_be_seen() -> None:
    svg = pictures.trend([1, 2, None, 3, None, 4, 5], None, LIGHT)
    (line,) = (p for p in parsed(svg).iter(f"{SVG}path") if p.attrib["stroke"] == LIGHT.main)
    bare_moves = re.findall(r"M[\d. ]+(?=M|$)", line.attrib["d"])
    assert not bare_moves or "<circle" in svg, f"a pen that only moves draws nothing: {bare_moves}"


def test_a_flat_trend_is_a_level_line_inside_the_picture() -> None:
    root = parsed(pictures.trend([5, 5, 5], None, LIGHT))
    (run,) = strokes([5, 5, 5])
    assert len({y for _, y in run}) == 1
    assert 0 <= run[0][1] <= float(root.attrib["viewBox"].split()[3])


@pytest.mark.parametrize("values", [[], [3], [None, None], [None, 3, None]])
def test_fewer_than_two_figures_are_no_trend(values: list[float | None]) -> None:
    assert pictures.trend(values, 10, LIGHT) == ""


def test_a_near_target_is_drawn_at_its_height() -> None:
    values = [50, 100]
    (run,) = strokes(values, 75)
    found = target_height(values, 75)
    assert found == pytest.approx((run[0][1] + run[1][1]) / 2, abs=0.2)


def test_a_target_under_every_value_is_inside_the_picture_or_left_out() -> None:
    found = target_height([15_000, 15_500, 16_300], 13_000)
    height = float(parsed(pictures.trend([15_000, 15_500, 16_300], 13_000, LIGHT)).attrib["viewBox"].split()[3])
    assert found is None or found <= height


def test_a_target_out_of_sight_does_not_flatten_the_line() -> None:
    assert target_height([50, 60], 1000) is None
    assert strokes([50, 60], 1000) == strokes([50, 60])


@given(
    st.lists(st.none() | st.floats(0, 1e7), max_size=40),
    st.none() | st.floats(0, 1e7),
    st.sampled_from([LIGHT, DARK]),
)
def test_any_trend_is_well_formed_and_stays_inside_the_picture(
    values: list[float | None], goal: float | None, look: Palette
) -> None:
    svg = pictures.trend(values, goal, look)
    if not svg:
        assert sum(v is not None for v in values) < 2
        return
    root = parsed(svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for path in root.iter(f"{SVG}path"):
        for x, y in re.findall(r"[ML]\s*([-\d.]+)[ ,]([-\d.]+)", path.attrib["d"]):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height, "out of the picture, so not to be seen"
