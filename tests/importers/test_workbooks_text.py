"""A workbook's typed values as the text a person would have typed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.importers import workbooks_text
from sqdash.importers.workbooks_text import Value, duration, iso_duration, moment, number, percent, serial_day


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (" 0943201436\n", " 0943201436\n"),
        (True, "1"),
        (False, "0"),
        (1040604.0, "1040604"),
        (1040604, "1040604"),
        (0.29, "0.29"),
        (-3.0, "-3"),
        (date(2014, 11, 22), "2014-11-22"),
        (datetime(2014, 11, 22), "2014-11-22"),
        (datetime(2014, 11, 22, 9, 5), "2014-11-22 09:05:00"),
        (time(9, 5), "09:05:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_a_value_reads_as_it_would_be_typed(value: Value, shown: str) -> None:
    assert workbooks_text.text(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (999_999_999_999_999.0, "999999999999999"),
        (1_600_600_000_000_000.0, "1.60060000000000E+15"),
        (1_600_600_000_000_000, "1.60060000000000E+15"),
        (-1e15, "-1.00000000000000E+15"),
        (17_871_540_762_580_357.0, "1.78715407625804E+16"),
    ],
)
def test_a_number_of_sixteen_digits_has_lost_some_and_looks_so(value: float, shown: str) -> None:
    assert number(value) == shown


@given(st.floats(-1e15, 1e15, exclude_min=True, exclude_max=True))
def test_a_smaller_number_loses_nothing(value: float) -> None:
    shown = number(value)
    assert float(shown) == value
    assert not shown.endswith(".0")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.908, "90.8%"), (1.0, "100%"), (0.0, "0%"), (0.00001, "0.001%"), (-0.05, "-5%"), (12.0, "1200%")],
)
def test_a_percentage_reads_as_the_cell_shows_it(value: float, shown: str) -> None:
    assert percent(value) == shown


@given(st.floats(-1e9, 1e9))
def test_a_percentage_is_exactly_a_hundred_times_its_value(value: float) -> None:
    assert Decimal(percent(value).rstrip("%")) == Decimal(repr(value)) * 100


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (datetime(2014, 11, 22, 9, 4, 59, 981_000), "2014-11-22 09:05:00"),
        (datetime(2014, 11, 22, 23, 59, 59, 999_000), "2014-11-23"),
        (datetime(2014, 11, 22, 0, 0, 0, 400_000), "2014-11-22"),
        (datetime(9999, 12, 31, 23, 59, 59, 999_000), "9999-12-31 23:59:59"),
    ],
)
def test_a_serial_numbers_fraction_is_rounded_to_the_second(value: datetime, shown: str) -> None:
    assert moment(value) == shown


def test_a_negative_duration_keeps_its_sign() -> None:
    assert duration(timedelta(minutes=-90)) == "-01:30:00"


@pytest.mark.parametrize(
    ("stated", "shown"), [("PT30H05M00S", "30:05:00"), ("PT9H5M7.250S", "09:05:07"), ("P1D", "P1D"), ("", "")]
)
def test_a_time_stated_as_a_duration(stated: str, shown: str) -> None:
    assert iso_duration(stated) == shown


@pytest.mark.parametrize(
    ("serial", "since_1904", "shown"),
    [
        (41965, False, "2014-11-22"),
        (40503, True, "2014-11-22"),
        (41965.5, False, "2014-11-22 12:00:00"),
        (1e9, False, "1000000000"),
    ],
)
def test_the_day_of_a_serial_number(serial: float, since_1904: bool, shown: str) -> None:
    assert serial_day(serial, since_1904=since_1904) == shown
