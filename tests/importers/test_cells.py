"""From text to value, by type: what is taken, what is refused and in which words."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sqdash.importers import cells
from sqdash.importers.cells import CellError
from sqdash.indicators import BY_KEY
from sqdash.records import Value
from sqdash.tables import Column, ColumnType

INT = "須為 0 或正整數，不含逗號與單位。"
NUMBER = "須為數字，例如 90.8，不含逗號與單位。"
DATE = "須為日期，例如 2014-11-22。"
MOMENT = "須為帶時區的時間，例如 2014-11-22T09:00:00+08:00。"
MONTH = "須為月份，例如 2014-11。"
YEAR = "須為民國年，例如 103。"
FLAG = "只能是 0 或 1。"
CONTROL = "含有控制字元，請刪除。"
TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
KINDS = Column("kind", "類別", choices=(("training", "教育訓練"), ("other", "其他")))


def read(kind: ColumnType, text: str, *, name: str = "any", required: bool = False) -> Value:
    return cells.read(Column(name, "欄", kind, required=required), text)


def refusal(column: Column, text: str) -> str:
    with pytest.raises(CellError) as caught:
        cells.read(column, text)
    return str(caught.value)


def outcome(column: Column, text: str) -> tuple[Value, str]:
    """The value, or the reason against it."""
    try:
        return cells.read(column, text), ""
    except CellError as error:
        return None, str(error)


# --- empty, long, controlled


@pytest.mark.parametrize("kind", TYPES)
def test_empty_cell_is_not_given(kind: ColumnType) -> None:
    assert read(kind, "") is None


@pytest.mark.parametrize("kind", TYPES)
def test_empty_cell_is_refused_where_a_value_is_required(kind: ColumnType) -> None:
    assert refusal(Column("any", "欄", kind, required=True), "") == "這一欄必填，請補上。"


def test_text_of_64_k_is_taken_and_longer_text_refused() -> None:
    assert read("text", "x" * 65_536) == "x" * 65_536
    assert refusal(Column("any", "欄"), "x" * 65_537) == "超過 64 KB，請縮短。"


@pytest.mark.parametrize("text", ["a\x00b", "\x07", "a\x0bb", "\x1b[31m", "\x7f"])
def test_control_characters_are_refused(text: str) -> None:
    assert refusal(Column("any", "欄"), text) == CONTROL


@pytest.mark.parametrize("text", ["第一行\n第二行", "a\tb", "a\r\nb", " 前後有空白 ", "１０３", "=1+1", "🎉"])
def test_any_other_text_is_kept_as_it_is(text: str) -> None:
    assert read("text", text) == text


def test_refusal_has_its_reason_as_text_and_a_code_to_count_it_by() -> None:
    assert (str(CellError("須為數字。")), CellError("須為數字。").code) == ("須為數字。", "value")
    assert CellError("超過 15 位數。", "too_large").code == "too_large"


# --- each type


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "0", 0),
        ("int", "13000", 13000),
        ("int", "007", 7),
        ("int", "9" * 15, 999_999_999_999_999),
        ("number", "90.8", 90.8),
        ("number", "100", 100.0),
        ("number", "-0.5", -0.5),
        ("number", "0.123456", 0.123456),
        ("date", "2014-11-22", "2014-11-22"),
        ("date", "2016-02-29", "2016-02-29"),
        ("moment", "2014-11-22T09:00:00+08:00", "2014-11-22T09:00:00+08:00"),
        ("moment", "2014-11-21T16:30:00Z", "2014-11-22T00:30:00+08:00"),
        ("moment", "2014-11-21T08:00:00-08:00", "2014-11-22T00:00:00+08:00"),
        ("moment", "2014-11-22 09:00+0800", "2014-11-22T09:00:00+08:00"),
        ("month", "2014-11", "2014-11"),
        ("year", "103", 103),
        ("year", "1", 1),
        ("year", "999", 999),
        ("flag", "0", 0),
        ("flag", "1", 1),
    ],
)
def test_accepted_text_gives_its_value(kind: ColumnType, text: str, value: Value) -> None:
    found = read(kind, text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "reason", "texts"),
    [
        ("int", INT, ["-1", "1.0", "1,000", "55 場", "1e3", "9" * 16, "+1", " 1", "1_000", "五"]),
        ("number", NUMBER, ["nan", "inf", "-inf", "1e3", "90.8%", "1,000", ".5", "5.", "1.1234567", "9" * 16, "--1"]),
        ("date", DATE, ["103/11/22", "2014/11/22", "2014-11-31", "2014-02-29", "2014-11", "2014-11-22T00:00", "x"]),
        ("moment", MOMENT, ["2014-11-22T09:00:00", "2014-11-22", "09:00", "x", "2014-11-22T25:00:00+08:00"]),
        ("month", MONTH, ["2014-13", "2014-00", "2014-1", "103-11", "2014/11", "2014-11-01", "201411"]),
        ("year", YEAR, ["0", "1000", "-1", "103.0", "民國103", "²", "103年", "１０３"]),
        ("flag", FLAG, ["2", "yes", "true", "是", "01", "０"]),
    ],
)
def test_refused_text_gives_its_reason(kind: ColumnType, reason: str, texts: list[str]) -> None:
    assert {text: refusal(Column("any", "欄", kind), text) for text in texts} == dict.fromkeys(texts, reason)


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("int", "１２", INT),
        ("int", "١٢", INT),
        ("number", "９０.８", NUMBER),
        ("month", "２０１４-11", MONTH),
        ("date", "２０１４-11-22", DATE),
    ],
)
def test_digits_other_than_0_to_9_are_refused(kind: ColumnType, text: str, reason: str) -> None:
    assert refusal(Column("any", "欄", kind), text) == reason


@pytest.mark.parametrize("text", ["20141122", "2014-W47-6", "2014W476"])
def test_other_iso_forms_of_a_date_are_refused(text: str) -> None:
    assert refusal(Column("any", "欄", "date"), text) == DATE


@pytest.mark.parametrize(("kind", "text"), [("date", "0103-11-22"), ("month", "0103-11")])
def test_roc_year_in_the_place_of_a_western_one_is_refused(kind: ColumnType, text: str) -> None:
    assert refusal(Column("any", "欄", kind), text) == {"date": DATE, "month": MONTH}[kind]


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"])
def test_moment_that_no_taipei_clock_can_show_is_refused(text: str) -> None:
    assert refusal(Column("any", "欄", "moment"), text) == MOMENT


def test_endless_year_is_refused() -> None:
    assert refusal(Column("any", "欄", "year"), "1" * 5000) == YEAR


# --- choices and indicators


@pytest.mark.parametrize("text", ["training", "教育訓練"])
def test_choice_is_read_by_code_or_by_word(text: str) -> None:
    assert cells.read(KINDS, text) == "training"


@pytest.mark.parametrize("text", ["Training", "訓練", "training ", "x"])
def test_choice_of_something_else_is_refused_with_the_words_allowed(text: str) -> None:
    assert refusal(KINDS, text) == "只能是教育訓練、其他之一。"


@pytest.mark.parametrize("key", list(BY_KEY))
def test_indicator_column_takes_every_key(key: str) -> None:
    assert read("text", key, name="indicator") == key


@pytest.mark.parametrize("text", ["Fans", "粉絲人數", "fans "])
def test_indicator_column_refuses_what_is_no_key(text: str) -> None:
    assert refusal(Column("indicator", "指標"), text) == "沒有這個指標代碼，請對照指標表。"


# --- whatever is typed


@given(st.sampled_from(TYPES), st.booleans(), st.text() | st.from_regex(r"[-+0-9.:TZ/]{0,30}", fullmatch=True))
@example("moment", False, "0001-01-01T00:00:00+23:59")
@example("year", False, "9" * 4301)
@example("year", False, "²")
@settings(deadline=None, max_examples=400)
def test_whatever_is_typed_is_a_value_or_a_reason(kind: ColumnType, required: bool, text: str) -> None:
    value, reason = outcome(Column("any", "欄", kind, required=required), text)
    assert (value is None) == (not text.strip() or reason != "")
    assert reason == "" or reason.endswith("。")


@given(st.integers(0, 10**15 - 1))
@settings(deadline=None)
def test_whole_numbers_read_back(value: int) -> None:
    assert read("int", str(value)) == value


@given(st.decimals(-(10**14), 10**14, places=6))
@settings(deadline=None)
def test_numbers_of_six_places_read_back(value: object) -> None:
    assert read("number", f"{value:f}") == float(f"{value:f}")


@given(st.dates(date(1912, 1, 1), date(2910, 12, 31)))
@settings(deadline=None)
def test_dates_and_months_read_back(day: date) -> None:
    assert read("date", day.isoformat()) == day.isoformat()
    assert read("month", day.isoformat()[:7]) == day.isoformat()[:7]


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2200, 1, 1)),
    st.integers(-14 * 60, 14 * 60),
)
@settings(deadline=None)
def test_moments_are_kept_to_the_second_in_taipei_time(naive: datetime, minutes: int) -> None:
    given_moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    stored = str(read("moment", given_moment.isoformat()))
    assert stored.endswith("+08:00")
    assert datetime.fromisoformat(stored) == given_moment
    assert read("moment", stored) == stored
