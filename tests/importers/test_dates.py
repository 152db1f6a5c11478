"""Columns of dates: every form that offices write, what one column decides, what is asked, what is a slip."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sqdash.importers import dates, moments
from sqdash.importers.cells import CellError
from sqdash.importers.dates import ORDERS, Precision, Reader, Undecided, decide, is_span
from sqdash.importers.folding import UNCALCULATED

ORIGIN = date(1899, 12, 30)


def column(texts: str | Sequence[str], precision: Precision = "day", **known: int | str | None) -> list[str]:
    """What each cell of a column gives: its value, or the code of its refusal."""
    cells = [texts] if isinstance(texts, str) else texts
    reader = decide(cells, precision, **known)  # type: ignore[arg-type]
    return [outcome(reader, cell) for cell in cells]


def outcome(reader: Reader, text: str) -> str:
    try:
        return reader.read(text)
    except CellError as error:
        return error.code


def asked(texts: Sequence[str], precision: Precision = "day", year: int | None = None) -> Undecided:
    with pytest.raises(Undecided) as caught:
        decide(texts, precision, year=year)
    return caught.value


def refusal(text: str, precision: Precision = "day", year: int | None = None) -> tuple[str, str]:
    with pytest.raises(CellError) as caught:
        decide([text], precision, year=year).read(text)
    return caught.value.code, str(caught.value)


# --- days


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("105/07/29", "2016-07-29"),
        ("105/1/21", "2016-01-21"),
        ("077/11/29", "1988-11-29"),
        ("92/7/5", "2003-07-05"),
        ("1051128", "2016-11-28"),
        ("0550805", "1966-08-05"),
        ("1040604", "2015-06-04"),
        ("1040604.0", "2015-06-04"),
        ("990115", "2010-01-15"),
        ("55年8月5日", "1966-08-05"),
        ("5年8月5日", "1916-08-05"),
        ("104年07月15日", "2015-07-15"),
        ("民國103年05月01日", "2014-05-01"),
        ("中華民國103年4月25日", "2014-04-25"),
        ("中華民國 103 年 4 月 25 日", "2014-04-25"),
        ("民國99.9.2", "2010-09-02"),
        ("民國12/10/11", "1923-10-11"),
        ("民國1031122", "2014-11-22"),
        ("103.09.22", "2014-09-22"),
        ("103-11-22", "2014-11-22"),
        ("2016-8-3", "2016-08-03"),
        ("2015/8/25", "2015-08-25"),
        ("2015年8月25日", "2015-08-25"),
        ("西元2015年8月25日", "2015-08-25"),
        ("2024-04-01 14:51:25", "2024-04-01"),
        ("2014/11/22 上午 12:00:00", "2014-11-22"),
        ("2014/11/22 下午 03:30:00", "2014-11-22"),
        ("2025-09-20T00:00:00", "2025-09-20"),
        ("103/11/22 00:00:00", "2014-11-22"),
        ("103/11/22 0:00", "2014-11-22"),
        ("11/22/2014 12:00:00 AM", "2014-11-22"),
        ("20141122", "2014-11-22"),
        ("9/22/2025", "2025-09-22"),
        ("103/11/22(六)", "2014-11-22"),
        ("103/11/22（星期六）", "2014-11-22"),
        ("103年11月22日 星期六", "2014-11-22"),
        ("１０３／１１／２２", "2014-11-22"),
        (" 103 / 11 / 22 ", "2014-11-22"),
        ("'103/06/10", "2014-06-10"),
        ('="103/06/10"', "2014-06-10"),
        ("August 19, 2025", "2025-08-19"),
        ("101/2/29", "2012-02-29"),
    ],
)
def test_day_is_read_in_every_form_that_offices_write(text: str, day: str) -> None:
    assert column(text) == [day]


@pytest.mark.parametrize("text", ["August 19", "Aug 19", "aug. 19", "8/19", "8月19日", "08月19日"])
def test_day_without_its_year_takes_the_reporting_year(text: str) -> None:
    assert column(text, year=103) == ["2014-08-19"]


def test_trap_day_without_its_year_is_asked_for_the_year() -> None:
    error = asked(["103/1/2", "August 19"])
    assert (error.option, error.choices) == ("year", ())
    assert str(error) == "「August 19」沒有寫年份，請指定這份資料的民國年度。"


def test_year_taken_from_the_report_is_noted() -> None:
    assert decide(["103/1/2", "6/12"], "day", year=103).note == "「6/12」沒有寫年份，讀作 103/06/12。"
    assert decide(["103/1/2"], "day", year=103).note is None


def test_leap_day_without_its_year_is_judged_in_the_reporting_year() -> None:
    assert column("2/29", year=101) == ["2012-02-29"]
    assert column("2/29", year=103) == ["no_such_day"]


# --- months and years


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("92年7月", "2003-07"),
        ("103年11月份", "2014-11"),
        ("民國103年11月", "2014-11"),
        ("民國10311", "2014-11"),
        ("103/05", "2014-05"),
        ("103.10", "2014-10"),
        ("103-11", "2014-11"),
        ("92/7", "2003-07"),
        ("97Y06M", "2008-06"),
        ("103Y12M", "2014-12"),
        ("2014-11", "2014-11"),
        ("201411", "2014-11"),
        ("201211", "2012-11"),
        ("2014/11/01", "2014-11"),
        ("1031101", "2014-11"),
    ],
)
def test_month_is_read_in_every_form_that_offices_write(text: str, month: str) -> None:
    assert column(text, "month") == [month]


def test_month_without_its_year_takes_the_reporting_year() -> None:
    assert column(["1月", "12月份"], "month", year=103) == ["2014-01", "2014-12"]
    assert asked(["1月"], "month").option == "year"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("92", "92"),
        ("104", "104"),
        ("104.0", "104"),
        ("105年度", "105"),
        ("民國103年", "103"),
        ("103年", "103"),
        ("2014", "103"),
        ("2014年", "103"),
        ("民國 99 年度", "99"),
        ("１０３", "103"),
        ("103/11/22", "103"),
    ],
)
def test_year_is_read_as_roc(text: str, year: str) -> None:
    assert column(text, "year") == [year]


def test_trap_cell_that_shows_only_its_year_may_hold_a_serial() -> None:
    assert column("41955", "year", year=103) == ["103"]


# --- slips


@pytest.mark.parametrize(
    "text", ["105/525", "105/512", "//", "-", "abc", "105/7/29/1", "1103a", "105-7/29", "2014/①/2"]
)
def test_trap_slip_is_refused_and_not_repaired(text: str) -> None:
    assert refusal(text) == ("not_date", "不是看得懂的日期，請寫成 103/11/22。")


@pytest.mark.parametrize(
    "text", ["103/11/22 09:05", "9/1/2025 21:13", "2025-09-01T21:13:00Z", "民國2014/11/22", "x" * 90_000]
)
def test_date_with_more_than_a_date_is_refused(text: str) -> None:
    assert refusal(text)[0] == "not_date"


@pytest.mark.parametrize("text", ["103/2/30", "103年2月29日", "103/11/31", "103/11/0", "20140230"])
def test_day_that_the_calendar_lacks_is_refused_and_not_rolled_over(text: str) -> None:
    assert refusal(text) == ("no_such_day", "沒有這一天，請檢查月與日。")


@pytest.mark.parametrize("text", ["1051725", "105/13/1", "2014-00-10", "13/5"])
def test_trap_month_seventeen_is_refused(text: str) -> None:
    assert refusal(text, year=105) == ("no_such_day", "沒有這個月份，請改成 1 至 12 月。")


@pytest.mark.parametrize("text", ["12/10/11", "1/2/3", "31/12/10", "92-7-5", "12-10-11", "14/11/22"])
def test_trap_date_of_two_digit_parts_is_undecidable(text: str) -> None:
    assert refusal(text, year=103) == ("undecidable_date", "年、月、日的順序無法判斷，請寫成 103/11/22。")


def test_month_or_year_that_cannot_be_told_is_asked_for_as_such() -> None:
    october_as_a_spreadsheet_leaves_it = "115.1"
    assert refusal(october_as_a_spreadsheet_leaves_it, "month", 115) == (
        "undecidable_date",
        "無法判斷是哪一年的哪個月，請寫成 103/11。",
    )
    assert refusal("12/10/11", "year", 115) == ("undecidable_date", "無法判斷是哪一年，請寫成 103。")


def test_two_digit_year_is_roc_within_a_year_of_the_reporting_year() -> None:
    assert column(["12/10/11", "13/10/11", "14/10/11"], year=12) == ["1923-10-11", "1924-10-11", "undecidable_date"]


@pytest.mark.parametrize("text", ["6/12", "12/10", "103.1", "2014.1"])
def test_month_that_may_be_another_is_undecidable(text: str) -> None:
    assert refusal(text, "month", 103)[0] == "undecidable_date"


@pytest.mark.parametrize(
    "text", ["000/1/1", "0/1/1", "0年1月1日", "民國前5年1月1日", "民前5年", "1911/12/31", "01031122"]
)
def test_trap_year_zero_and_before_the_republic_are_refused(text: str) -> None:
    assert refusal(text) == ("year_zero", "民國元年以前的日期不能採用，請改填民國年，例如 103/11/22。")


def test_year_beyond_roc_999_is_no_date() -> None:
    assert column(["2910/12/31", "2911/1/1", "9999-12-31"]) == ["2910-12-31", "not_date", "not_date"]


@pytest.mark.parametrize("text", ["92年7月", "103/05", "2014-05", "97Y06M", "201405"])
def test_trap_month_where_a_day_is_needed_is_refused(text: str) -> None:
    assert refusal(text, year=103) == ("missing_day", "缺少日，請寫成 103/11/22。")


def test_year_where_a_day_or_month_is_needed_is_refused() -> None:
    assert refusal("103年") == ("missing_day", "缺少月與日，請寫成 103/11/22。")
    assert refusal("103", "month") == ("not_date", "缺少月份，請寫成 103/11。")


def test_formulas_are_told_as_such() -> None:
    assert refusal(UNCALCULATED)[0] == "uncalculated"
    assert refusal("#N/A")[1] == "這一格是公式錯誤，請在試算表改正後再上傳。"


@pytest.mark.parametrize(
    "slip", ["105/525", "1051725", "103/2/30", "12/10/11", "0/1/1", "民國前5年", UNCALCULATED, "103/6/10-12"]
)
def test_trap_slip_does_not_sway_the_column(slip: str) -> None:
    assert column(["41955", slip, "41956"], year=103)[::2] == ["2014-11-12", "2014-11-13"]


# --- digits alone: the column decides


def test_trap_five_digits_are_months_or_serials_by_the_reporting_year() -> None:
    assert column(["10305", "10312"], "month", year=103) == ["2014-05", "2014-12"]
    assert column(["41760", "41955"], "month", year=103) == ["2014-05", "2014-11"]


def test_trap_five_digits_without_a_reporting_year_are_the_month_that_they_name() -> None:
    reader = decide(["103/04", "10306", "10412"], "month")
    assert [outcome(reader, text) for text in ("103/04", "10306", "10412")] == ["2014-04", "2014-06", "2015-12"]
    assert reader.note is None
    assert column("10306") == ["missing_day"]


def test_trap_five_digits_that_are_a_month_and_a_serial_are_asked() -> None:
    error = asked(["103/04", "41912"], "month")
    assert str(error) == "「41912」無法確定是哪一種日期寫法，請指定這一欄的讀法。"
    assert error.option == "dates"
    assert error.choices == (
        ("roc", "民國年：「41912」讀作 419/12"),
        ("serial", "Excel 日期序號：「41912」讀作 103/09"),
    )


def test_serial_before_1955_is_none() -> None:
    assert column(["20089", "20090"]) == ["no_such_day", "1955-01-01"]
    assert [value for value, _ in asked(["20101"], "month").choices] == ["roc", "serial"]
    assert column(["20012", "10305.5"], "month") == ["2111-12", "not_date"]


def test_question_shows_that_a_reading_lacks_the_day() -> None:
    assert [label for _, label in asked(["41912"]).choices] == [
        "民國年：「41912」讀作 419/12（缺日）",
        "Excel 日期序號：「41912」讀作 103/09/30",
    ]


def test_number_that_is_no_month_of_any_year_is_a_serial_and_noted() -> None:
    reader = decide(["41955"], "day")
    assert reader.read("41955") == "2014-11-12"
    assert reader.note == "「41955」以 Excel 日期序號讀作 103/11/12。"


def test_note_of_a_column_tells_from_when_to_when() -> None:
    note = "「41955」以 Excel 日期序號讀作 103/11/12，這類儲存格在 103/09/18 至 103/12/27 之間。"
    assert decide(["41955", "41900", "42000"], "day", year=103).note == note
    assert decide(["41955", "41900", "10399", "42000"], "day", year=103).note == note


def test_note_of_a_month_and_of_a_day_in_it() -> None:
    note = "「6月」沒有寫年份，讀作 103/06。"
    assert decide(["6月", "6月12日"], "month", year=103).note == note


def test_note_tells_every_reading_that_a_person_should_see() -> None:
    note = "「6/12」沒有寫年份，讀作 103/06/12；「41955」以 Excel 日期序號讀作 103/11/12。"
    assert decide(["6/12", "103/1/2", "41955"], "day", year=103).note == note


def test_one_cell_decides_the_others_of_its_column() -> None:
    assert asked(["41912"]).choices[0] == ("roc", "民國年：「41912」讀作 419/12（缺日）")
    assert column(["41912", "41955"]) == ["2014-09-30", "2014-11-12"]


def test_serial_with_a_time_is_its_day() -> None:
    assert column(["41955.5", "41956"], year=103) == ["2014-11-12", "2014-11-13"]


def test_serial_may_lie_one_year_beside_the_reporting_year() -> None:
    assert column(["41274", "41275", "42369", "42370"], year=103) == [
        "undecidable_date",
        "2013-01-01",
        "2015-12-31",
        "undecidable_date",
    ]


def test_trap_mistyped_month_among_serials_is_no_day_of_1928() -> None:
    assert column(["41955", "10399", "10305"], year=103) == ["2014-11-12", "no_such_day", "missing_day"]
    assert column(["41955", "10305", "10399"]) == ["2014-11-12", "missing_day", "no_such_day"]


@pytest.mark.parametrize("year", [103, None])
def test_trap_mistyped_month_alone_is_no_serial(year: int | None) -> None:
    assert column(["103/05", "10317"], "month", year=year) == ["2014-05", "no_such_day"]


def test_mistyped_month_does_not_make_serials_of_the_others() -> None:
    assert column(["10305", "10399", "10401"], "month", year=103) == ["2014-05", "no_such_day", "2015-01"]


def test_month_in_a_column_of_days_lacks_the_day() -> None:
    assert column(["103/05/01", "10305"], year=103) == ["2014-05-01", "missing_day"]


def test_column_of_both_months_and_serials_is_asked() -> None:
    assert [value for value, _ in asked(["10305", "41955"], "month", 103).choices] == ["roc", "serial"]


def test_serials_outside_the_reporting_year_are_asked() -> None:
    assert asked(["41955"], year=110).choices == (("serial", "Excel 日期序號：「41955」讀作 103/11/12"),)


def test_zero_padded_month_is_no_serial() -> None:
    assert column("09907", "month") == ["2010-07"]


def test_marked_roc_month_is_never_a_serial() -> None:
    assert column(["民國10305"], "month") == ["2014-05"]


def test_trap_six_digits_are_roc_days_or_western_months_by_precision() -> None:
    assert column(["990115", "991231"]) == ["2010-01-15", "2010-12-31"]
    assert column(["200912", "201012"], "month") == ["2009-12", "2010-12"]


def test_six_digits_that_are_both_are_decided_by_the_reporting_year_or_asked() -> None:
    assert column(["201211", "201001"], year=20) == ["1931-12-11", "1931-10-01"]
    assert column("201211", year=101) == ["missing_day"]
    assert column(["990115", "201001"], year=99) == ["2010-01-15", "missing_day"]
    assert [value for value, _ in asked(["201211"]).choices] == ["roc", "western"]


def test_month_that_six_digits_lack_is_told() -> None:
    assert column("201413", "month", year=103) == ["no_such_day"]


# --- month first or day first


def test_slash_form_that_ends_in_its_year_is_month_first_and_noted() -> None:
    reader = decide(["9/1/2025"], "day")
    assert reader.read("9/1/2025") == "2025-09-01"
    assert reader.note == "「9/1/2025」以月在前讀作 114/09/01。"


def test_column_that_only_day_first_can_read_is_day_first() -> None:
    assert column(["3/4/2014", "22/11/2014"]) == ["2014-04-03", "2014-11-22"]


def test_column_that_neither_order_reads_whole_is_asked() -> None:
    error = asked(["9/22/2025", "22/9/2025"])
    assert error.choices == (
        ("month_first", "月在前：「9/22/2025」讀作 114/09/22"),
        ("day_first", "日在前：「22/9/2025」讀作 114/09/22"),
    )


@pytest.mark.parametrize("text", ["22-11-2014", "22.11.2014"])
def test_only_the_slash_form_may_end_in_its_year(text: str) -> None:
    assert column(text) == ["not_date"]


# --- answers


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("10305", "roc", "2014-05"),
        ("41912", "serial", "2014-09"),
        ("41912", "roc", "2330-12"),
        ("10305", "serial", "not_date"),
        ("201211", "western", "2012-11"),
        ("3/4/2014", "day_first", "2014-04"),
        ("3/4/2014", "month_first", "2014-03"),
        ("41955", "roc", "no_such_day"),
        ("09907", "serial", "not_date"),
    ],
)
def test_answer_is_obeyed(text: str, order: str, value: str) -> None:
    assert column(text, "month", order=order, year=103) == [value]


def test_answer_to_another_question_leaves_a_column_undecided() -> None:
    with pytest.raises(Undecided):
        decide(["41912"], "month", order="day_first")


def test_word_that_is_no_answer_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="backwards"):
        decide(["10305"], "month", order="backwards")


@given(
    st.lists(st.integers(10_000, 99_999).map(str) | st.from_regex(r"[12]?[0-9]/[12]?[0-9]/20[0-9]{2}", fullmatch=True))
)
def test_every_question_can_be_answered_by_each_of_its_choices(texts: list[str]) -> None:
    try:
        decide(texts, "day")
    except Undecided as error:
        for value, label in error.choices:
            assert label.startswith(f"{ORDERS[value]}：「")
            assert value not in questions_left(texts, value)


def questions_left(texts: Sequence[str], answer: str) -> list[str]:
    """The choices still offered once the answer is given: those of another form in the same column."""
    try:
        decide(texts, "day", order=answer)
    except Undecided as error:
        return [value for value, _ in error.choices]
    return []


# --- ranges


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("103/6/10-12", "2014-06-10", "2014-06-12"),
        ("103/6/10~12", "2014-06-10", "2014-06-12"),
        ("103/6/10~103/6/12", "2014-06-10", "2014-06-12"),
        ("103/6/10～6/12", "2014-06-10", "2014-06-12"),
        ("6/10~6/12", "2014-06-10", "2014-06-12"),
        ("6/10-12", "2014-06-10", "2014-06-12"),
        ("6月10日至12日", "2014-06-10", "2014-06-12"),
        ("103年6月10日至6月12日", "2014-06-10", "2014-06-12"),
        ("103年6月10日(二)至民國103年6月12日(四)", "2014-06-10", "2014-06-12"),
        ("103-06-10-103-06-12", "2014-06-10", "2014-06-12"),
        ("103-06-10-12", "2014-06-10", "2014-06-12"),
        ("2014-06-10 – 2014-06-12", "2014-06-10", "2014-06-12"),
        ("1030610-1030612", "2014-06-10", "2014-06-12"),
        ("103/12/30~104/1/2", "2014-12-30", "2015-01-02"),
        ("103/6/10-103/6/12", "2014-06-10", "2014-06-12"),
        ("6/30-7/2", "2014-06-30", "2014-07-02"),
        ("103.06.10-06.12", "2014-06-10", "2014-06-12"),
        ("103.6.30~7.2", "2014-06-30", "2014-07-02"),
        ("103.6.10(二)至6.12(四)", "2014-06-10", "2014-06-12"),
        ("103/6/10", "2014-06-10", None),
    ],
)
def test_range_has_a_start_and_an_end(text: str, first: str, last: str | None) -> None:
    assert decide([text], "day", year=103).read_span(text) == (first, last)
    assert is_span(text, "day") is (last is not None)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("6/12-10", True),
        ("103/6/10-31", True),
        ("105/525", False),
        ("103-06-10", False),
        ("民國前5年", False),
        ("", False),
    ],
)
def test_range_is_one_by_its_form(text: str, spans: bool) -> None:
    assert is_span(text, "day") is spans


def test_range_of_months_and_of_years() -> None:
    assert decide(["104年11-12月"], "month").read_span("104年11-12月") == ("2015-11", "2015-12")
    assert decide(["103/11~104/1"], "month").read_span("103/11~104/1") == ("2014-11", "2015-01")
    assert decide(["99-103"], "year").read_span("99-103") == ("99", "103")


@pytest.mark.parametrize("text", ["103/6/10-12", "6/10~6/12", "103年6月10日至12日"])
def test_trap_range_where_one_date_is_wanted_is_refused(text: str) -> None:
    assert refusal(text, year=103) == ("range", "是一段期間，請分別填寫開始與結束。")


def test_range_without_its_year_is_asked_for_the_year() -> None:
    assert asked(["6/10~6/12"]).option == "year"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("103/6/12~103/6/10", "range"),
        ("6/12-10", "range"),
        ("12/30~1/2", "range"),
        ("103/6/10-31", "no_such_day"),
        ("103/6/10~上午", "not_date"),
        ("~103/6/10", "not_date"),
        ("103/6/10-12月", "not_date"),
        ("104年11-12月", "missing_day"),
        ("12/10/11-12", "undecidable_date"),
    ],
)
def test_range_that_is_none_is_refused(text: str, code: str) -> None:
    reader = decide([text], "day", year=103)
    with pytest.raises(CellError) as caught:
        reader.read_span(text)
    assert caught.value.code == code


# --- whatever the column


@given(st.dates(date(1912, 1, 1), date(2910, 12, 31)))
def test_any_day_reads_back_in_each_form(day: date) -> None:
    roc = day.year - 1911
    texts = [f"{roc:03d}/{day.month}/{day.day}", f"{roc:03d}{day:%m%d}", f"{roc}年{day.month}月{day.day}日"]
    texts += [f"民國{roc}.{day:%m.%d}", day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day:%Y%m%d} "]
    assert column(texts) == [day.isoformat()] * 7


@given(st.dates(date(2013, 1, 1), date(2015, 12, 31)))
def test_any_serial_near_the_reporting_year_reads_back(day: date) -> None:
    assert column(str((day - ORIGIN).days), year=103) == [day.isoformat()]


@given(st.integers(1, 999), st.integers(1, 12))
def test_any_month_of_the_reporting_year_reads_back(year: int, month: int) -> None:
    assert column(f"{year:03d}{month:02d}", "month", year=year) == [f"{year + 1911}-{month:02d}"]


CELLS = st.text(max_size=20) | st.from_regex(
    r"(民國)?[0-9]{1,4}[-/.年]?[0-9]{0,2}[-/.月~至]?[0-9]{0,4}日?", fullmatch=True
)
YEARS = st.none() | st.integers(1, 999)


@given(
    st.lists(CELLS, max_size=5),
    st.sampled_from(["day", "month", "year"]),
    YEARS,
    st.none() | st.sampled_from([*ORDERS]),
)
@example(["1-" * 40_000], "day", None, None)
@example(["99999"], "year", 262, None)
def test_whatever_the_column_is_it_is_read_asked_or_refused_in_one_sentence(
    texts: list[str], precision: Precision, year: int | None, order: str | None
) -> None:
    form = {"day": r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "month": r"[0-9]{4}-[0-9]{2}", "year": r"[0-9]{1,3}"}[precision]
    try:
        reader = decide(texts, precision, year=year, order=order)
    except Undecided as error:
        assert error.option in ("dates", "year")  # noqa: PT017 - a decided column is as good
        return
    for text in texts:
        try:
            assert re.fullmatch(form, reader.read(text))
            assert reader.read_span(text) == (reader.read(text), None)
        except CellError as error:
            assert re.fullmatch(r"[^。]+。", str(error))  # noqa: PT017 - a value is as good as a refusal


def test_reading_twice_gives_the_same() -> None:
    reader = decide(["103/11/22"], "day")
    assert [reader.read("103/11/22"), reader.read("103/11/22")] == ["2014-11-22", "2014-11-22"]
    assert [outcome(reader, "105/525"), outcome(reader, "105/525")] == ["not_date", "not_date"]


def test_cell_that_the_column_was_not_decided_with_is_never_guessed() -> None:
    assert outcome(decide(["103/11/22"], "day"), "10305") == "undecidable_date"
    assert outcome(decide(["103/11/22"], "day"), "6/12") == "undecidable_date"


def test_times_are_reached_through_dates_too() -> None:
    assert (dates.moment, dates.taipei) == (moments.moment, moments.taipei)
