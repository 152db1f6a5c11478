"""Colours can be told from their ground: WCAG 2.1 asks 4.5 : 1 for text and 3 : 1 for what is drawn."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from sqdash.figures import State
from sqdash.ui.palette import DARK, LIGHT, STATE_LOOK, Palette

CONFIG = tomllib.loads((Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))
GROUNDS = {"light": "#ffffff", "dark": "#11161b"}
PALETTES = {"light": LIGHT, "dark": DARK}
TEXT, DRAWN = 4.5, 3.0
TEXT_COLOURS = ("ink", "dim", "missed", "reached", "between")
TINTS = ("green", "red", "orange", "blue", "gray")
BOTH = pytest.mark.parametrize("theme", GROUNDS)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb`` (WCAG 2.1)."""
    assert len(colour) == 7
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def of_theme(theme: str, name: str, *, sidebar: bool = False) -> str:
    table: dict[str, Any] = CONFIG["theme"][theme]
    return str(table["sidebar"].get(name, table.get(name)) if sidebar else table[name])


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the known grey that just fails
    assert contrast("#123456", "#123456") == 1


@BOTH
def test_the_grounds_are_those_of_the_theme(theme: str) -> None:
    assert of_theme(theme, "backgroundColor") == GROUNDS[theme]


@BOTH
@pytest.mark.parametrize("role", TEXT_COLOURS)
def test_words_in_charts_can_be_read(theme: str, role: str) -> None:
    assert contrast(getattr(PALETTES[theme], role), GROUNDS[theme]) >= TEXT


@BOTH
@pytest.mark.parametrize("place", range(4))
def test_series_stand_out_from_the_ground(theme: str, place: int) -> None:
    assert contrast(PALETTES[theme].series[place], GROUNDS[theme]) >= DRAWN


@BOTH
@pytest.mark.parametrize("role", ["main", "reached", "missed", "between"])
def test_lines_and_bars_stand_out_from_the_ground(theme: str, role: str) -> None:
    assert contrast(getattr(PALETTES[theme], role), GROUNDS[theme]) >= DRAWN


@BOTH
def test_the_filled_part_of_a_bar_and_the_tick_stand_out_from_the_empty_part(theme: str) -> None:
    palette = PALETTES[theme]
    assert contrast(palette.main, palette.ground) >= DRAWN
    assert contrast(palette.ink, palette.ground) >= DRAWN


@BOTH
def test_words_under_the_pointer_can_be_read(theme: str) -> None:
    assert contrast(PALETTES[theme].ink, PALETTES[theme].ground) >= TEXT


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_series_are_four_different_colours(palette: Palette) -> None:
    assert len(set(palette.series)) == 4


def test_chart_colours_of_the_theme_are_those_of_the_light_palette() -> None:
    assert tuple(CONFIG["theme"]["chartCategoricalColors"]) == LIGHT.series


@BOTH
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("sidebar", [False, True], ids=["main", "sidebar"])
def test_text_and_links_can_be_read_on_every_ground(theme: str, ground: str, sidebar: bool) -> None:
    below = of_theme(theme, ground, sidebar=sidebar)
    for name in ("textColor", "linkColor"):
        assert contrast(of_theme(theme, name), below) >= TEXT, name


@BOTH
@pytest.mark.parametrize("tint", TINTS)
def test_badges_can_be_read_on_their_own_tint_and_as_text(theme: str, tint: str) -> None:
    words = of_theme(theme, f"{tint}TextColor")
    assert contrast(words, of_theme(theme, f"{tint}BackgroundColor")) >= TEXT
    assert contrast(words, of_theme(theme, "backgroundColor")) >= TEXT


@BOTH
def test_controls_stand_out(theme: str) -> None:
    assert contrast(of_theme(theme, "primaryColor"), of_theme(theme, "backgroundColor")) >= DRAWN


def test_every_state_has_an_icon_of_its_own_besides_its_colour() -> None:
    assert set(STATE_LOOK) == set(State.__args__)
    icons = [icon for icon, _ in STATE_LOOK.values()]
    assert len(set(icons)) == len(icons)
    assert {colour for _, colour in STATE_LOOK.values()} <= set(TINTS)
