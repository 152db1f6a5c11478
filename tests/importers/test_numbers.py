"""Counts, measures and stated figures: what is a number, what is not given, what is refused and why."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sqdash.importers import numbers
from sqdash.importers.cells import CellError
from sqdash.importers.numbers import NOT_GIVEN, Stated, decimal, not_given, stated, whole, whole_column

PEOPLE = ("人次", "人")


def refusal(call: Callable[[], object]) -> tuple[str, str]:
    """Code and sentence of the refusal."""
    with pytest.raises(CellError) as caught:
        call()
    return caught.value.code, str(caught.value)


# --- not given


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "-",
        "--",
        "—",
        "－",
        "－－",
        "//",
        "/",
        "N/A",
        "n/a",
        "NA",
        "undefined",
        "NULL",
        "None",
        "未填",
        "無資料",
    ],
)
def test_trap_words_for_not_given_are_none_and_not_zero(text: str) -> None:
    assert not_given(text)
    assert whole(text) is None
    assert decimal(text) is None
    assert stated(text) == (None, None, None, None)


@pytest.mark.parametrize("text", ["0", "０", "0.0", "-0", "'0"])
def test_trap_zero_is_zero_and_not_not_given(text: str) -> None:
    assert not not_given(text)
    assert whole(text) == 0
    assert math.copysign(1, decimal(text) or 0.0) == 1


def test_every_word_for_not_given_stands_in_the_form_in_which_it_is_looked_up() -> None:
    assert {word for word in NOT_GIVEN if not not_given(word)} == set()


@pytest.mark.parametrize("read", [whole, decimal])
def test_error_of_a_formula_is_refused_and_not_taken_for_not_given(read: Callable[[str], object]) -> None:
    assert not not_given("#N/A")
    assert refusal(lambda: read("#N/A")) == ("not_number", "這一格是公式錯誤，請在試算表改正後再上傳。")


@pytest.mark.parametrize("read", [whole, decimal, stated])
def test_trap_formula_never_calculated_is_refused_and_neither_zero_nor_not_given(read: Callable[[str], object]) -> None:
    sentence = "這一格是沒有算過的公式，請用試算表開啟並存檔後再上傳。"
    assert refusal(lambda: read(numbers.UNCALCULATED)) == ("uncalculated", sentence)


# --- counts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("007", 7),
        ("+5", 5),
        ("12.0", 12),
        ("12.000", 12),
        ("139,238 ", 139_238),
        ("1,234,567", 1_234_567),
        ("１，２３４", 1234),
        ("１２", 12),
        ("'0943201436", 943_201_436),
        ('="120"', 120),
        ("9" * 15, 999_999_999_999_999),
        ("0" * 20 + "7", 7),
    ],
)
def test_count_is_read(text: str, value: int) -> None:
    found = whole(text)
    assert found == value
    assert type(found) is int


@pytest.mark.parametrize("text", ["12,34", "1,2345", "1234,567", "0,123", ",123", "1,,234", "1,234,", "１，２３"])
def test_trap_misplaced_thousands_marks_are_refused(text: str) -> None:
    assert refusal(lambda: whole(text)) == ("not_number", "不是數字，請只填數字，例如 1234。")


@pytest.mark.parametrize(
    "text",
    [
        "①",
        "3²",
        "½",
        "1_000",
        "1e5",
        "1.22E+17",
        "1.16883E+15",
        "inf",
        "nan",
        "NaN",
        "-inf",
        "十二",
        "〇",
        "12.",
        "1 234",
        "(5)",
        "1-2",
        "土地0建物2車位0",
        "NT$100",
        "１.２.３",
        "\u0661\u0662\u200b",
        "+4x9",
        "0x1F",
        "12\n13",
    ],
)
def test_trap_what_only_looks_like_a_number_is_refused(text: str) -> None:
    assert refusal(lambda: whole(text))[0] == "not_number"
    assert refusal(lambda: decimal(text))[0] == "not_number"


@pytest.mark.parametrize("text", ["-3", "\u22123", "－3", "-1,000", "-0.5"])
def test_negative_count_is_refused(text: str) -> None:
    assert refusal(lambda: whole(text)) == ("negative", "不能是負數，請改為 0 或正整數。")


@pytest.mark.parametrize("text", ["12.5", ".29", "11.999999999999998", "0.00000000000000000001"])
def test_part_of_one_is_no_count(text: str) -> None:
    assert refusal(lambda: whole(text)) == ("not_whole", "須為整數，請改為不含小數的數字。")


@pytest.mark.parametrize("text", ["1" + "0" * 15, "9" * 16, "1,000,000,000,000,000", "9" * 5000, "1." + "0" * 500])
def test_more_digits_than_a_spreadsheet_keeps_are_refused(text: str) -> None:
    assert refusal(lambda: whole(text)) == ("too_large", "超過 15 位數，請檢查這個數字。")
    assert refusal(lambda: decimal(text))[0] == "too_large"


@pytest.mark.parametrize("text", ["12%", "１２％", "12 %", "-3%"])
def test_trap_percentage_in_a_count_is_refused(text: str) -> None:
    assert refusal(lambda: whole(text)) == ("percent", "這一欄是數量，不是百分比，請填數量。")


# --- units and abbreviations


@pytest.mark.parametrize("text", ["120人次", "120 人次", "１２０人次", "120人", "120"])
def test_own_unit_may_follow(text: str) -> None:
    assert whole(text, units=PEOPLE) == 120
    assert decimal(text, units=PEOPLE) == 120.0


@pytest.mark.parametrize("text", ["120場次", "120人數", "3小時", "5m"])
def test_trap_number_with_another_unit_is_refused(text: str) -> None:
    assert refusal(lambda: whole(text, units=PEOPLE)) == ("wrong_unit", "單位與這一欄不同，請換算後只填數字。")


def test_unit_is_another_one_where_the_column_has_none() -> None:
    assert refusal(lambda: whole("120人次")) == ("wrong_unit", "這一欄不寫單位，請只填數字。")


@pytest.mark.parametrize("text", ["1.2萬", "3K", "3k", "1.5 M", "5千", "2億", "1.2 萬人"])
def test_trap_abbreviation_is_refused_unless_agreed(text: str) -> None:
    sentence = "請寫出完整數字，不用萬、K 等縮寫。"
    assert refusal(lambda: whole(text, units=PEOPLE)) == ("abbreviation", sentence)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.2萬", 12_000), ("3K", 3000), ("1.5 M", 1_500_000), ("1.2萬人", 12_000), ("1.23456萬", 12_345.6)],
)
def test_agreed_abbreviation_is_exact(text: str, value: float) -> None:
    assert decimal(text, units=PEOPLE, wan=True) == value


def test_agreed_abbreviation_of_no_whole_count_is_refused() -> None:
    assert whole("1.2345萬", wan=True) == 12_345
    assert refusal(lambda: whole("1.23456萬", wan=True))[0] == "not_whole"
    assert refusal(lambda: whole("1." + "0" * 60 + "1萬", wan=True))[0] == "not_whole"


def test_agreed_abbreviation_keeps_to_fifteen_digits() -> None:
    assert whole("9,999,999億", wan=True) == 999_999_900_000_000
    assert refusal(lambda: whole("10,000,000億", wan=True))[0] == "too_large"


# --- measures


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("90.8", 90.8),
        (".29", 0.29),
        ("-0.5", -0.5),
        ("−1,234.5", -1234.5),
        ("205.70999999999998", 205.71),
        ("１．５", 1.5),
    ],
)
def test_measure_is_read_to_six_places(text: str, value: float) -> None:
    assert decimal(text) == value


def test_percentage_is_kept_as_written_where_it_belongs() -> None:
    assert decimal("27.26%", percent=True) == 27.26
    assert decimal("27.26", percent=True) == 27.26
    assert decimal("27.26%", units=("%",)) == 27.26
    assert refusal(lambda: decimal("27.26%")) == ("percent", "這一欄不是百分比，請只填數字。")


@given(st.integers(0, 10**15 - 1))
def test_any_count_reads_back_however_it_is_written(number: int) -> None:
    wide = str(number).translate({ord("0") + i: chr(0xFF10 + i) for i in range(10)})
    assert {whole(t) for t in (f"{number}", f"{number:,}", f" {number}.0", wide, f"'{number}", f'="{number}"')} == {
        number
    }


@given(st.decimals(-(10**9), 10**9, places=6))
def test_any_measure_of_six_places_reads_back(number: object) -> None:
    assert decimal(f"{number:f}") == float(str(number))


@given(st.text() | st.from_regex(r"[-+]?[0-9,.%萬K人次\s]{0,20}", fullmatch=True))
@example("9" * 70_000)
@example("1," * 30_000)
def test_whatever_the_cell_is_it_is_read_or_refused_in_one_sentence(text: str) -> None:
    for read in (whole, decimal, stated):
        try:
            read(text)
        except CellError as error:
            assert re.fullmatch(r"[^。]+。", str(error))  # noqa: PT017 - a value is as good as a refusal


# --- columns


def test_column_of_plain_digits_is_read_at_once() -> None:
    assert whole_column(["12", "", "0", "007", "9" * 15]) == [12, None, 0, 7, 999_999_999_999_999]
    assert whole_column([]) == []


@pytest.mark.parametrize("text", ["1,234", "-", " 1", "１", "1\n2", "\n", "9" * 16, "12人", numbers.UNCALCULATED])
def test_column_with_any_other_cell_needs_the_slow_way(text: str) -> None:
    assert whole_column(["12", text]) is None


@given(st.lists(st.from_regex(r"[0-9]{0,16}", fullmatch=True) | st.text(alphabet="0123456789\n\r,. １", max_size=4)))
@example(["1\n2"])
@example(["", ""])
def test_column_read_at_once_is_what_each_cell_gives(texts: Sequence[str]) -> None:
    found = whole_column(texts)
    assert found is None or found == [whole(text) for text in texts]


# --- stated figures


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("55", (55, None, None, None)),
        ("約 30–50", (None, 30, 50, "約")),
        ("60-70", (None, 60, 70, None)),
        ("700 至 800", (None, 700, 800, None)),
        ("30~50", (None, 30, 50, None)),
        ("３０～５０", (None, 30, 50, None)),
        ("逾 16,000", (16_000, None, None, "逾")),
        ("超過 1,000", (1000, None, None, "逾")),
        ("突破16,000", (16_000, None, None, "逾")),
        ("已達 16,300", (16_300, None, None, "已達")),
        ("約1,000左右", (1000, None, None, "約")),
        ("1,000 左右", (1000, None, None, "約")),
        ("16,300人", (16_300, None, None, None)),
        ("約30人–50人", (None, 30, 50, "約")),
        ("50-50", (None, 50, 50, None)),
        ("-5", (-5, None, None, None)),
        ("90.8", (90.8, None, None, None)),
    ],
)
def test_figure_is_read_as_the_office_states_it(text: str, figure: Stated) -> None:
    assert stated(text, PEOPLE) == figure


def test_percentages_are_stated_where_percent_is_the_unit() -> None:
    assert stated("90.8%", ("%",)) == (90.8, None, None, None)
    assert stated("約 90%–95%", ("%",)) == (None, 90, 95, "約")
    assert refusal(lambda: stated("90.8%"))[0] == "percent"


def test_interval_that_falls_is_refused() -> None:
    assert refusal(lambda: stated("50–30")) == ("interval", "區間的下限大於上限，請對調。")


@pytest.mark.parametrize(
    "text", ["約", "30–", "–", "約約30", "已達約16,300", "30–40–50", "很多", "近 1,000", "1" * 200]
)
def test_figure_that_is_none_is_refused(text: str) -> None:
    if not not_given(text):
        assert refusal(lambda: stated(text))[0] == "not_number"


def test_contradicting_qualifiers_are_refused() -> None:
    assert refusal(lambda: stated("逾1,000左右")) == ("not_number", "「左右」與「逾」、「已達」不能並用，請擇一。")
