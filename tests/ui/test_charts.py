"""Charts are plain data: they can be sent as they are, and say what the table behind them says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sqdash.ui import chart_spread, charts
from sqdash.ui.chart_parts import Figure
from sqdash.ui.palette import DARK, LIGHT, Palette

MONTHS = [f"2014-{month:02d}" for month in range(1, 13)]
LOOKS = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])


def days(first: int, last: int) -> list[tuple[str, int]]:
    """Points of every day of the months of 2014 (28 days each will do)."""
    return [
        (f"2014-{m:02d}-{d:02d}", 13_000 + 10 * m + d)
        for m, d in ((m, d) for m in range(first, last + 1) for d in range(1, 29))
    ]


def line(values: list[float | None], goal: float | None = None, look: Palette = LIGHT) -> Figure:
    return charts.months_line(MONTHS[: len(values)], values, name="按讚", unit="人", goal=goal, palette=look)


def every_kind(look: Palette) -> dict[str, Figure]:
    two = {"受理": [1.0] * 12, "辦結": [2.0] * 12}
    return {
        "months_line": line([1.25, None, *range(10)], 5, look),
        "days_line": charts.days_line(
            [days(6, 8), days(9, 12)],
            name="粉絲",
            goal=13_000,
            events=["2014-11-22"],
            breaks=["2014-09-01"],
            pace=[("2014-06-01", 12_000.5), ("2014-12-28", 13_000.0)],
            palette=look,
        ),
        "days_index": charts.days_index(
            [("甲", [("2014-06-01", 100.0)]), ("乙", [("2014-06-01", 100.0)])], palette=look
        ),
        "months_change": charts.months_change(
            MONTHS, [5, None, -3, *range(9)], unit="人", breaks=["2014-03"], palette=look
        ),
        "months_stack": charts.months_stack(MONTHS, two, unit="件", palette=look),
        "months_group": charts.months_group(MONTHS, two, unit="件", palette=look),
        "distribution": chart_spread.distribution(
            [(3, 1), (14, 2), (255, 3)], width=10, unit="人", goal=100, palette=look
        ),
        "bars": chart_spread.bars([("影片", 120.5, "120.5（9 篇）")], unit="人", goal=100, palette=look),
        "grid": chart_spread.grid("一二", ["09–12 時"], [[88.0, None]], unit="人", palette=look),
        "growth": chart_spread.growth([(1, 60), (7, 90)], name="按讚", unit="人", goal=100, palette=look),
    }


KINDS = sorted(every_kind(LIGHT))


def target_lines(figure: Figure) -> list[dict[str, Any]]:
    """Level lines across the whole width."""
    return [s for s in figure["layout"]["shapes"] if s["type"] == "line" and s.get("xref") == "paper"]


@LOOKS
@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_can_be_sent_as_strict_json(kind: str, look: Palette) -> None:
    figure = every_kind(look)[kind]
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure


@pytest.mark.parametrize("kind", KINDS)
def test_figures_of_the_two_themes_differ_in_colours_only(kind: str) -> None:
    light, dark = (json.dumps(every_kind(look)[kind], sort_keys=True) for look in (LIGHT, DARK))
    assert light != dark
    for name in ("ink", "dim", "line", "ground", "main", "reached", "missed", "between"):
        light, dark = (text.replace(f'"{getattr(look, name)}"', '""') for text, look in ((light, LIGHT), (dark, DARK)))
    for one, other in zip(LIGHT.series, DARK.series, strict=True):
        light, dark = light.replace(f'"{one}"', '""'), dark.replace(f'"{other}"', '""')
    assert light == dark


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_says_its_unit(kind: str) -> None:
    notes = [note["text"] for note in every_kind(LIGHT)[kind]["layout"]["annotations"]]
    assert any(note.startswith("單位：") and len(note) > len("單位：") for note in notes)


@pytest.mark.parametrize("kind", ["months_line", "days_line"])
def test_the_target_is_a_line_at_its_value_with_its_words(kind: str) -> None:
    goal = {"months_line": 5, "days_line": 13_000}[kind]
    figure = every_kind(LIGHT)[kind]
    (drawn,) = target_lines(figure)
    assert (drawn["x0"], drawn["x1"], drawn["y0"], drawn["y1"]) == (0, 1, goal, goal)
    (note,) = (n for n in figure["layout"]["annotations"] if n["text"].startswith("目標"))
    assert (note["text"], note["y"]) == (f"目標 {goal:,}", goal)


def test_without_a_target_no_line_is_drawn() -> None:
    assert target_lines(line([1, 2, 3])) == []
    assert target_lines(charts.days_line([days(6, 7)], name="粉絲", goal=None, events=[], palette=LIGHT)) == []


def test_a_month_without_a_figure_is_a_gap_and_not_a_zero() -> None:
    (trace,) = line([61.25, None, 70, 0])["data"]
    assert trace["y"] == [61.2, None, 70, 0]
    assert trace["x"] == MONTHS[:4]
    assert not trace.get("connectgaps")


@pytest.mark.parametrize("kind", ["months_line", "months_stack", "months_group", "months_change"])
def test_months_are_roc_months_upright_and_at_most_six(kind: str) -> None:
    axis = every_kind(LIGHT)[kind]["layout"]["xaxis"]
    assert axis["tickvals"] == MONTHS[::2]
    assert axis["ticktext"] == ["103/01", "103/03", "103/05", "103/07", "103/09", "103/11"]
    assert axis["tickangle"] == 0
    assert axis["type"] == "category"


@pytest.mark.parametrize("count", range(1, 40))
def test_no_chart_of_months_has_more_than_six_ticks(count: int) -> None:
    months = [f"{2014 + n // 12}-{n % 12 + 1:02d}" for n in range(count)]
    figure = charts.months_stack(months, {"件": [1.0] * count}, unit="件", palette=LIGHT)
    ticks = figure["layout"]["xaxis"]["tickvals"]
    assert 1 <= len(ticks) <= 6
    assert ticks[0] == months[0]


def test_days_are_ticked_at_the_first_of_months_with_roc_texts() -> None:
    figure = charts.days_line([days(6, 12)], name="粉絲", goal=None, events=[], palette=LIGHT)
    axis, (trace,) = figure["layout"]["xaxis"], figure["data"]
    assert axis["tickvals"] == ["2014-06-01", "2014-08-01", "2014-10-01", "2014-12-01"]
    assert axis["ticktext"] == ["103/06", "103/08", "103/10", "103/12"]
    assert trace["text"][0] == "103/06/01"
    assert len(trace["x"]) == len(trace["y"]) == len(trace["text"]) == 7 * 28


@pytest.mark.parametrize("span", [(6, 6), (6, 7), (1, 12)])
def test_no_chart_of_days_has_more_than_six_ticks(span: tuple[int, int]) -> None:
    figure = charts.days_line([days(*span)], name="粉絲", goal=None, events=[], palette=LIGHT)
    assert 1 <= len(figure["layout"]["xaxis"]["tickvals"]) <= 6


def test_days_of_which_little_is_known_are_ticked_by_months_as_far_as_the_chart_goes() -> None:
    known = [("2014-10-13", 5_120), ("2014-11-18", 4_320), ("2014-11-30", 5_300)]
    figure = charts.days_line([known], name="粉絲", goal=None, events=["2014-07-18"], palette=LIGHT)
    assert figure["layout"]["xaxis"]["ticktext"] == ["103/08", "103/09", "103/10", "103/11"]
    short = charts.days_line([known[1:]], name="粉絲", goal=None, events=[], palette=LIGHT)
    assert short["layout"]["xaxis"]["ticktext"] == ["103/11/18", "103/11/22", "103/11/26", "103/11/30"]
    late = charts.days_line([known], name="粉絲", goal=None, events=["2014-11-21"], palette=LIGHT)["layout"]["xaxis"]
    assert late["ticktext"] == ["103/10/13", "103/10/26", "103/11/08", "103/11/21"]


def test_days_without_a_first_of_month_are_ticked_all_the_same() -> None:
    figure = charts.days_line([days(6, 6)[9:]], name="粉絲", goal=None, events=[], palette=LIGHT)
    assert 1 <= len(figure["layout"]["xaxis"]["tickvals"]) <= 6


def test_an_event_is_a_numbered_upright_mark_on_its_day() -> None:
    layout = charts.days_line(
        [days(6, 12)], name="粉絲", goal=None, events=["2014-07-14", "2014-11-22"], palette=LIGHT
    )["layout"]
    assert [(s["x0"], s["x1"], s["y0"], s["y1"]) for s in layout["shapes"]] == [
        ("2014-07-14", "2014-07-14", 0, 1),
        ("2014-11-22", "2014-11-22", 0, 1),
    ]
    assert [(n["text"], n["x"]) for n in layout["annotations"] if n.get("xref") == "x"] == [
        ("1", "2014-07-14"),
        ("2", "2014-11-22"),
    ]


def test_series_that_may_not_be_joined_are_lines_of_their_own_with_a_mark_between() -> None:
    figure = every_kind(LIGHT)["days_line"]
    first, second, _ = figure["data"]
    assert (first["x"][-1], second["x"][0]) == ("2014-08-28", "2014-09-01")
    assert (first["showlegend"], second["showlegend"]) == (True, False)
    (mark,) = (shape for shape in figure["layout"]["shapes"] if shape["xref"] == "x" and shape["x0"] == "2014-09-01")
    assert (mark["x1"], mark["y0"], mark["y1"]) == ("2014-09-01", 0, 1)
    assert "2014-09-01" not in [words.get("x") for words in figure["layout"]["annotations"]]  # it would be cut off


def test_the_pace_line_is_straight_between_its_two_ends() -> None:
    pace = every_kind(LIGHT)["days_line"]["data"][-1]
    assert (pace["name"], pace["x"], pace["y"]) == ("進度線", ["2014-06-01", "2014-12-28"], [12_000.5, 13_000.0])


def test_a_target_that_no_day_has_reached_is_in_the_picture() -> None:
    figure = charts.days_line([days(6, 7)], name="粉絲", goal=18_000, events=[], palette=LIGHT)
    assert figure["layout"]["yaxis"]["autorangeoptions"] == {"include": [18_000]}


def test_our_page_stands_out_among_the_indexed() -> None:
    points = [("2014-06-01", 100.0), ("2014-06-02", 101.239)]
    ours, theirs = charts.days_index([("我們", points), ("標竿", points)], palette=LIGHT)["data"]
    assert ours["y"] == [100.0, 101.24]
    assert (ours["line"]["color"], ours["line"]["dash"], theirs["line"]["dash"]) == (LIGHT.main, "solid", "dash")
    assert ours["line"]["width"] > theirs["line"]["width"]


def test_no_more_than_four_pages_are_drawn() -> None:
    lines = [(str(n), [("2014-06-01", 100.0)]) for n in range(6)]
    assert [trace["name"] for trace in charts.days_index(lines, palette=LIGHT)["data"]] == ["0", "1", "2", "3"]


def test_a_month_that_lost_people_has_another_colour_and_one_without_a_change_no_bar() -> None:
    (trace,) = every_kind(LIGHT)["months_change"]["data"]
    assert trace["y"][:4] == [5, None, -3, 0]
    assert trace["marker"]["color"][:4] == [LIGHT.main, LIGHT.main, LIGHT.missed, LIGHT.main]


def test_bands_hold_every_post_once_with_empty_bands_between() -> None:
    figure = chart_spread.distribution([(0, 1), (9, 2), (10, 4), (35, 8)], width=10, unit="人", goal=10, palette=LIGHT)
    (trace,) = figure["data"]
    (line,) = figure["layout"]["shapes"]
    assert (line["x0"], line["x1"]) == (0.5, 0.5), "between the first band and the second"
    assert "目標 10" in [words["text"] for words in figure["layout"]["annotations"]]
    assert trace["x"] == ["0–9", "10–19", "20–29", "30–39"]
    assert trace["y"] == [3, 4, 0, 8]
    assert trace["marker"]["color"] == [LIGHT.main, *[LIGHT.reached] * 3]


def test_a_distribution_has_at_most_six_ticks_however_wide() -> None:
    figure = chart_spread.distribution([(3, 1), (9_999, 2)], width=100, unit="人", goal=None, palette=LIGHT)
    axis = figure["layout"]["xaxis"]
    assert 1 <= len(axis["tickvals"]) <= 6
    assert len(axis["ticktext"]) == len(axis["tickvals"])
    assert set(axis["tickvals"]) <= set(figure["data"][0]["x"])


def test_series_take_the_colours_in_order() -> None:
    figure = charts.months_stack(MONTHS, {str(n): [1.0] * 12 for n in range(4)}, unit="件", palette=LIGHT)
    assert [trace["marker"]["color"] for trace in figure["data"]] == list(LIGHT.series)
    assert figure["layout"]["barmode"] == "stack"
    assert every_kind(LIGHT)["months_group"]["layout"]["barmode"] == "group"


# --- little or nothing to draw


def test_a_single_month_is_one_point_with_one_tick() -> None:
    figure = line([61.2], 100)
    assert figure["data"][0]["y"] == [61.2]
    assert figure["layout"]["xaxis"]["ticktext"] == ["103/01"]


def test_a_single_day_and_a_single_value_are_drawn() -> None:
    one = charts.days_line([[("2014-06-10", 13_000)]], name="粉絲", goal=None, events=[], palette=LIGHT)
    assert one["layout"]["xaxis"]["tickvals"] == ["2014-06-10"]
    assert chart_spread.distribution([(7, 1)], width=10, unit="人", goal=None, palette=LIGHT)["data"][0]["y"] == [1]


EMPTY = {
    "months_line": lambda: line([]),
    "months_stack": lambda: charts.months_stack([], {}, unit="件", palette=LIGHT),
    "months_group": lambda: charts.months_group([], {"受理": []}, unit="件", palette=LIGHT),
    "days_line": lambda: charts.days_line([], name="粉絲", goal=None, events=[], palette=LIGHT),
    "days_index": lambda: charts.days_index([], palette=LIGHT),
    "months_change": lambda: charts.months_change([], [], unit="人", palette=LIGHT),
    "distribution": lambda: chart_spread.distribution([], width=10, unit="人", goal=None, palette=LIGHT),
}


@pytest.mark.parametrize("kind", EMPTY)
def test_nothing_to_draw_is_an_empty_chart(kind: str) -> None:
    figure = EMPTY[kind]()
    assert all(list(trace["y"]) == [] for trace in figure["data"])
    assert list(figure["layout"]["xaxis"]["tickvals"]) == []


@pytest.mark.parametrize(
    ("values", "side"),
    [
        ([43, 139, 79, 30, 72, 37, 62, 94, 33, 64, 44, None], "right"),  # crosses it at the left
        ([43, 60, 70, 30, 72, 37, 62, 94, 33, 139, 44, 60], "left"),
        ([43, 60, 70, 30, None, None, None, None, None, None, None, None], "right"),
        ([None] * 12, "left"),
    ],
)
def test_the_words_of_the_target_stand_where_the_line_leaves_room(values: list[float | None], side: str) -> None:
    figure = charts.months_line(MONTHS, values, name="按讚", unit="人", goal=100, palette=LIGHT)
    (words,) = [one for one in figure["layout"]["annotations"] if one["text"] == "目標 100"]
    assert words["xanchor"] == side


def test_a_change_of_definition_is_an_upright_mark_with_its_words() -> None:
    figure = charts.months_line(
        MONTHS, [1.0] * 12, name="觸及", unit="人", goal=None, breaks=[("2014-06", "瀏覽者")], palette=LIGHT
    )
    (mark,) = figure["layout"]["shapes"]
    assert (mark["x0"], mark["x1"], mark["y0"], mark["y1"]) == ("2014-06", "2014-06", 0, 1)
    assert "此後以瀏覽者計" in [words["text"] for words in figure["layout"]["annotations"]]


def test_a_post_that_went_far_is_in_a_last_open_band() -> None:
    (trace,) = chart_spread.distribution([(5, 3), (90_000, 1)], width=10, unit="人", goal=None, palette=LIGHT)["data"]
    assert len(trace["x"]) == 40
    assert trace["x"][-1] == "390 以上"
    assert sum(trace["y"]) == 4


def test_a_band_stands_out_only_when_all_of_it_meets_the_target() -> None:
    (trace,) = chart_spread.distribution(
        [(95, 1), (100, 1), (110, 1)], width=10, unit="人", goal=100, strict=True, palette=LIGHT
    )["data"]
    assert trace["marker"]["color"] == [LIGHT.main, LIGHT.main, LIGHT.reached]


@pytest.mark.parametrize("goal", [5, 900, None])
def test_a_goal_beyond_all_bands_has_no_line(goal: float | None) -> None:
    figure = chart_spread.distribution([(15, 1), (35, 8)], width=10, unit="人", goal=goal, palette=LIGHT)
    assert figure["layout"]["shapes"] == []


def test_lying_bars_leave_room_for_a_goal_beyond_the_longest() -> None:
    figure = chart_spread.bars([("影片", 80.0, "80"), ("相片", 60.0, "60")], unit="人", goal=100, palette=LIGHT)
    assert figure["layout"]["xaxis"]["range"] == pytest.approx([0, 112])
    assert [a["text"] for a in figure["layout"]["annotations"]] == ["單位：人", "目標 100"]
    assert figure["data"][0]["y"] == ["影片", "相片"]
    assert figure["layout"]["yaxis"]["autorange"] == "reversed"  # the first on top


def test_a_goal_between_whole_numbers_is_said_as_it_is() -> None:
    lying = chart_spread.bars([("影片", 80.0, "80")], unit="人", goal=99.5, palette=LIGHT)
    upright = line([1.0] * 12, goal=99.5)
    for figure in (lying, upright):
        assert "目標 99.5" in [note["text"] for note in figure["layout"]["annotations"]]


def test_names_from_outside_are_neither_markup_nor_templates() -> None:
    name = "<a href='https://evil.example'>%{x} & 乙</a>"
    written = "&lt;a href='https://evil.example'&gt;%&#123;x} &amp; 乙&lt;/a&gt;"
    (bar,) = chart_spread.bars([(name, 80.0, "80")], unit="人", goal=None, palette=LIGHT)["data"]
    (line,) = charts.days_index([(name, [("2014-06-01", 100.0)])], palette=LIGHT)["data"]
    assert bar["y"] == [written]
    assert line["name"] == written
    assert line["hovertemplate"].startswith(f"{written} %{{text}}")


def test_a_cell_of_the_grid_without_a_mean_is_empty_and_not_nought() -> None:
    (trace,) = chart_spread.grid("一二", ["09–12 時"], [[88.04, None]], unit="人", palette=LIGHT)["data"]
    assert trace["z"] == [[88.0, None]]
    assert trace["text"] == [["88", ""]]
