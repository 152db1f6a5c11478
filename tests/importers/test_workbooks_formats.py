"""What a number's format shows, by its code, and the text of a cell under it."""

from __future__ import annotations

import pytest

from sqdash.importers.workbooks_formats import Shows, shows, written


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("0.0%", "percent"),
        ("[$-404]e", "year"),
        ("[$-404]aaaa", "year"),
        ("m/d/yy h:mm", "moment"),
        ("[$-404]yyyy/m/d 上午/下午 hh:mm", "moment"),
        ("yyyy/m/d", None),
        ("h:mm", None),
        ("0.00", None),
        ('0"%"', None),
        ("0;0%", None),
        ("", None),
    ],
)
def test_what_a_format_shows_is_told_by_its_code(code: str, shown: Shows | None) -> None:
    assert shows(code) == shown


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (0.908, "percent", "90.8%"),
        (41965, "year", "2014-11-22"),
        (41965, "moment", "2014-11-22 00:00:00"),
        (41965.5, "moment", None),
    ],
)
def test_the_text_of_a_cell_is_what_it_shows(value: float, shown: Shows, text: str | None) -> None:
    assert written(value, shown, since_1904=False) == text
