"""ROC years, periods and Taipei days."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sqdash import periods
from sqdash.errors import PeriodError
from sqdash.periods import Period, parse_day, parse_period

YEARS = st.integers(1, 999)
PARTS = st.sampled_from(["", "H1", "H2", "Q1", "Q2", "Q3", "Q4", *(f"-{m:02d}" for m in range(1, 13))])
DAYS = st.dates(date(1912, 1, 1), date(2100, 12, 31))
NOT_A_PERIOD = "看不懂期間「{}」，請用 103、103H1、103Q3、103-06 或 2014-06-10..2014-12-31。"
NOT_A_DAY = "看不懂日期「{}」，請用 103/11/22 或 2014-11-22。"


@st.composite
def spans(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    return Period(start, start + timedelta(days=draw(st.integers(0, 800))))


def message(call: Callable[[str], object], text: str) -> str:
    with pytest.raises(PeriodError) as caught:
        call(text)
    return str(caught.value)


def outcome(call: Callable[[str], object], text: str) -> object:
    """What the text reads as, or the sentence that refuses it."""
    try:
        return call(text)
    except PeriodError as error:
        return str(error)


# --- codes and labels


@given(YEARS, PARTS)
@settings(deadline=None)
def test_code_reads_back_as_itself(year: int, part: str) -> None:
    code = f"{year}{part}"
    assert parse_period(code).code == code


@given(spans())
@settings(deadline=None)
def test_free_period_reads_back_as_itself(span: Period) -> None:
    assert parse_period(span.code) == span


@given(YEARS)
@settings(deadline=None)
def test_parts_of_a_year_read_back_and_lie_in_it(year: int) -> None:
    parts = list(periods.parts_of_year(year))
    assert [parse_period(p.code) for p in parts] == parts
    assert {p.roc_year for p in parts} == {year}
    assert len(parts) == 19


@given(YEARS, st.sampled_from([("H", 2), ("Q", 4)]))
@settings(deadline=None)
def test_halves_and_quarters_follow_each_other_without_gap(year: int, kind: tuple[str, int]) -> None:
    letter, count = kind
    parts = [parse_period(f"{year}{letter}{n}") for n in range(1, count + 1)]
    assert parts[0].start == date(year + 1911, 1, 1)
    assert parts[-1].end == date(year + 1911, 12, 31)
    assert all(b.start - a.end == timedelta(days=1) for a, b in pairwise(parts))


@pytest.mark.parametrize(
    ("code", "start", "end", "kind", "label"),
    [
        ("103", date(2014, 1, 1), date(2014, 12, 31), "year", "103 年"),
        ("103H1", date(2014, 1, 1), date(2014, 6, 30), "half", "103 年上半年"),
        ("103H2", date(2014, 7, 1), date(2014, 12, 31), "half", "103 年下半年"),
        ("103Q1", date(2014, 1, 1), date(2014, 3, 31), "quarter", "103 年第 1 季"),
        ("103Q3", date(2014, 7, 1), date(2014, 9, 30), "quarter", "103 年第 3 季"),
        ("103-06", date(2014, 6, 1), date(2014, 6, 30), "month", "103 年 6 月"),
        ("105-02", date(2016, 2, 1), date(2016, 2, 29), "month", "105 年 2 月"),
        ("2014-06-10..2014-12-31", date(2014, 6, 10), date(2014, 12, 31), "free", "103/06/10–103/12/31"),
    ],
)
def test_code_gives_days_kind_and_label(code: str, start: date, end: date, kind: str, label: str) -> None:
    found = parse_period(f" {code} ")
    assert (found.start, found.end, found.kind, found.label) == (start, end, kind, label)


@pytest.mark.parametrize(
    "code",
    ["", "abc", "103-6", "103q1", "2014-06", "-103", "103.5", "1031", "2014-06-10", "2014-06-10...2014-12-31"],
)
def test_period_in_another_form_is_refused_with_what_is_accepted(code: str) -> None:
    assert message(parse_period, code) == NOT_A_PERIOD.format(code)


@pytest.mark.parametrize(
    "code", ["103H0", "103H3", "103Q0", "103Q5", "103-00", "103-13", "2014-06-31..2014-07-01", "2014-02-29..2014-03-01"]
)
def test_part_that_no_year_has_is_refused(code: str) -> None:
    assert message(parse_period, code) == NOT_A_PERIOD.format(code)


@pytest.mark.parametrize("code", ["１０３", "１０３Q1", "103-０6", "２０１４-06-10..2014-12-31"])
def test_period_in_full_width_digits_is_refused(code: str) -> None:
    assert message(parse_period, code) == NOT_A_PERIOD.format(code)


def test_long_unreadable_period_is_cut_in_the_sentence() -> None:
    assert message(parse_period, "x" * 500) == NOT_A_PERIOD.format("x" * 40)


def test_year_zero_is_refused() -> None:
    assert message(parse_period, "0") == "民國年「0」不在 1 至 999 之間，請輸入例如 103。"


def test_period_that_ends_before_it_starts_is_refused() -> None:
    sentence = "期間的結束日 103 年 6 月 9 日 早於開始日 103 年 6 月 10 日，請對調。"
    assert message(parse_period, "2014-06-10..2014-06-09") == sentence


@pytest.mark.parametrize("code", ["1900-01-01..1900-12-31", "1911-12-31..1912-01-31", "2014-01-01..9999-12-31"])
def test_free_period_outside_roc_years_1_to_999_is_refused(code: str) -> None:
    assert message(parse_period, code).endswith("。")


@given(st.text(max_size=30) | st.from_regex(r"\d{1,4}[-HQ.]{0,2}\d{0,2}", fullmatch=True))
@settings(deadline=None)
def test_any_text_is_a_period_that_reads_back_or_one_sentence(text: str) -> None:
    found = outcome(parse_period, text)
    if isinstance(found, Period):
        assert parse_period(found.code) == found
    else:
        assert str(found).endswith("。")
        assert str(found).count("。") == 1 + text[:40].count("。")


@pytest.mark.parametrize("year", [0, -1, 1000])
def test_year_outside_1_to_999_is_refused(year: int) -> None:
    with pytest.raises(PeriodError, match="不在 1 至 999 之間"):
        periods.year_period(year)


def test_month_is_read_as_the_store_writes_it() -> None:
    assert periods.month_period("2014-06") == parse_period("103-06")


# --- a year earlier


@pytest.mark.parametrize(
    ("code", "earlier"),
    [
        ("103", "102"),
        ("103H2", "102H2"),
        ("103Q4", "102Q4"),
        ("103-06", "102-06"),
        ("105-02", "104-02"),
        ("106-02", "105-02"),
        ("2014-06-10..2014-12-31", "2013-06-10..2013-12-31"),
        ("2016-02-29..2016-03-01", "2015-02-28..2015-03-01"),
        ("2016-01-01..2016-02-29", "2015-01-01..2015-02-28"),
    ],
)
def test_previous_is_the_same_part_of_the_year_before(code: str, earlier: str) -> None:
    assert parse_period(code).previous() == parse_period(earlier)


@given(st.integers(2, 999), PARTS)
@settings(deadline=None)
def test_previous_of_every_part_keeps_the_part(year: int, part: str) -> None:
    assert parse_period(f"{year}{part}").previous() == parse_period(f"{year - 1}{part}")


def test_of_several_years_those_that_have_begun_are_told_from_those_to_come() -> None:
    assert periods.begun([116, 115, 103], date(2026, 12, 31)) == [115, 103]
    assert periods.begun([116, 115, 103], date(2027, 1, 1)) == [116, 115, 103]


def test_there_is_nothing_before_the_first_year() -> None:
    with pytest.raises(PeriodError, match="民國 1 年之前沒有資料，請選較晚的期間。"):
        periods.year_period(1).previous()


# --- days and months


@given(spans())
@settings(deadline=None)
def test_months_are_those_of_its_days_in_order(span: Period) -> None:
    assert list(span.months) == sorted({d.strftime("%Y-%m") for d in periods.days_between(span.start, span.end)})


@given(spans())
@settings(deadline=None)
def test_whole_months_are_those_with_all_their_days_inside(span: Period) -> None:
    months = [d.strftime("%Y-%m") for d in periods.days_between(span.start, span.end)]
    whole = [m for m in set(months) if months.count(m) == calendar.monthrange(int(m[:4]), int(m[5:]))[1]]
    assert span.whole_months == len(whole)
    assert span.cuts_months == (span.start.day > 1 or (span.end + timedelta(days=1)).day > 1)


@pytest.mark.parametrize(
    ("code", "whole"),
    [
        ("103", 12),
        ("103H1", 6),
        ("103-02", 1),
        ("2014-06-10..2014-12-31", 6),
        ("2014-06-02..2014-06-30", 0),
        ("2014-06-01..2014-06-30", 1),
    ],
)
def test_whole_months_of_known_periods(code: str, whole: int) -> None:
    assert parse_period(code).whole_months == whole


@given(spans(), DAYS, st.integers(0, 800))
@settings(deadline=None)
def test_overlap_counts_the_days_in_both(span: Period, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert span.overlap(start, end) == sum(map(span.contains, periods.days_between(start, end)))


@given(spans())
@settings(deadline=None)
def test_days_counts_both_ends(span: Period) -> None:
    assert span.days == len(list(periods.days_between(span.start, span.end)))


@pytest.mark.parametrize(
    ("day", "inside"),
    [(date(2013, 12, 31), False), (date(2014, 1, 1), True), (date(2014, 12, 31), True), (date(2015, 1, 1), False)],
)
def test_both_ends_are_inside(day: date, inside: bool) -> None:
    assert periods.year_period(103).contains(day) is inside


def test_no_day_lies_between_days_in_the_wrong_order() -> None:
    assert list(periods.days_between(date(2014, 1, 2), date(2014, 1, 1))) == []


# --- reading days


@pytest.mark.parametrize("text", ["103/11/22", "103-11-22", "103.11.22", "2014-11-22", " 103/11/22 "])
def test_day_is_read_in_each_accepted_form(text: str) -> None:
    assert parse_day(text) == date(2014, 11, 22)


@pytest.mark.parametrize("text", ["103/1/5", "103/01/05", "103.1.05"])
def test_roc_day_may_lack_leading_zeros(text: str) -> None:
    assert parse_day(text) == date(2014, 1, 5)


@pytest.mark.parametrize("text", ["103/13/1", "103/2/30", "103/0/1", "103/1/0", "104/2/29", "2014-02-29"])
def test_day_that_no_calendar_has_is_refused(text: str) -> None:
    assert message(parse_day, text) == NOT_A_DAY.format(text)


@pytest.mark.parametrize(
    "text", ["", "105/525", "103", "103-06", "103/11-22", "2014/11/22", "11/22/2014", "1031122", "103/11/22 09:00"]
)
def test_day_in_another_form_is_refused_with_what_is_accepted(text: str) -> None:
    assert message(parse_day, text) == NOT_A_DAY.format(text)


@pytest.mark.parametrize("text", ["１０３/１１/２２", "103／11／22", "２０１４-11-22"])
def test_day_in_full_width_is_refused(text: str) -> None:
    assert message(parse_day, text) == NOT_A_DAY.format(text)


@pytest.mark.parametrize("text", ["20141122", "2014-W47-6", "2014W476"])
def test_other_iso_forms_of_a_day_are_refused(text: str) -> None:
    assert message(parse_day, text) == NOT_A_DAY.format(text)


@pytest.mark.parametrize("text", ["0103-11-22", "1911-12-31", "2911-01-01"])
def test_day_outside_roc_years_1_to_999_is_refused(text: str) -> None:
    assert message(parse_day, text).endswith("。")


def test_roc_year_zero_of_a_day_is_refused() -> None:
    assert message(parse_day, "0/1/1") == "民國年「0」不在 1 至 999 之間，請輸入例如 103。"


@given(st.dates(date(1912, 1, 1), date(2910, 12, 31)))
@settings(deadline=None)
def test_day_written_for_tables_and_as_iso_reads_back(day: date) -> None:
    assert parse_day(periods.roc_day(day)) == parse_day(day.isoformat()) == day


@given(st.text(max_size=20) | st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,2}", fullmatch=True))
@settings(deadline=None)
def test_any_text_is_a_day_that_reads_back_or_one_sentence(text: str) -> None:
    found = outcome(parse_day, text)
    if isinstance(found, date):
        assert parse_day(periods.roc_day(found)) == found
    else:
        assert str(found).endswith("。")


# --- writing days and moments


def test_day_is_written_for_tables_and_for_prose() -> None:
    assert periods.roc_day(date(2014, 6, 1)) == "103/06/01"
    assert periods.roc_date(date(2014, 6, 1)) == "103 年 6 月 1 日"
    assert periods.roc_month("2014-06") == "103/06"


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2014, 11, 22, 1, 5, tzinfo=UTC), "103/11/22 09:05"),
        (datetime(2014, 11, 21, 15, 59, 59, tzinfo=UTC), "103/11/21 23:59"),
        (datetime(2014, 11, 21, 16, 0, tzinfo=UTC), "103/11/22 00:00"),
        (datetime(2014, 12, 31, 16, 0, tzinfo=UTC), "104/01/01 00:00"),
        (datetime(2014, 11, 21, 8, 0, tzinfo=periods.PACIFIC), "103/11/22 00:00"),
    ],
)
def test_moment_is_written_in_taipei_time(moment: datetime, written: str) -> None:
    assert periods.roc_moment(moment) == written


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2014, 12, 31, 15, 59, 59, tzinfo=UTC), date(2014, 12, 31)),
        (datetime(2014, 12, 31, 16, 0, 0, tzinfo=UTC), date(2015, 1, 1)),
    ],
)
def test_today_turns_at_taipei_midnight(monkeypatch: pytest.MonkeyPatch, moment: datetime, day: date) -> None:
    monkeypatch.setattr(periods, "now", lambda: moment)
    assert periods.today() == day


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 12, 31, 16, 0, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2025, 12, 31, 16, 0, 1, tzinfo=UTC), date(2026, 1, 2)),
        (datetime(2026, 1, 1, tzinfo=periods.PACIFIC), date(2026, 1, 2)),
        (datetime(2026, 1, 1, 15, 59, 59, tzinfo=UTC), date(2026, 1, 2)),
    ],
)
def test_a_taipei_day_is_whole_from_a_moment_on_if_it_begins_no_sooner(moment: datetime, day: date) -> None:
    assert periods.first_whole_day(moment) == day


@pytest.mark.parametrize("name", ["Asia/Taipei", "America/Los_Angeles", "UTC"])
def test_zone_is_found_by_its_iana_name(name: str) -> None:
    zone = periods.zone(name)
    assert zone is not None
    assert zone.key == name


@pytest.mark.parametrize("name", ["", "Taipei", "Asia", "localtime", "../etc/passwd", "x" * 5_000, "台北", "a\x00b"])
def test_other_names_are_no_zone(name: str) -> None:
    assert periods.zone(name) is None


def test_now_is_in_utc() -> None:
    assert periods.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (date(2014, 1, 1), date(2014, 12, 31), "103"),
        (date(2014, 7, 1), date(2014, 12, 31), "103H2"),
        (date(2014, 4, 1), date(2014, 6, 30), "103Q2"),
        (date(2016, 2, 1), date(2016, 2, 29), "105-02"),
        (date(2014, 1, 2), date(2014, 12, 31), "2014-01-02..2014-12-31"),
        (date(2014, 1, 1), date(2015, 12, 31), "2014-01-01..2015-12-31"),
    ],
)
def test_a_span_that_is_a_whole_part_of_a_year_is_that_part(start: date, end: date, code: str) -> None:
    assert periods.span(start, end).code == code
    assert periods.parse_period(f"{start}..{end}").code == code


def test_a_month_has_the_days_of_the_calendar() -> None:
    for year in (1912, 1999, 2000, 2014, 2015, 2016, 2100, 2910):
        for month in range(1, 13):
            assert periods.days_in(year, month) == calendar.monthrange(year, month)[1]


@pytest.mark.parametrize(
    ("day", "nearest"),
    [
        ("2013-12-31", "2014-01-01"),
        ("2014-01-01", "2014-01-01"),
        ("2014-06-10", "2014-06-10"),
        ("2015-03-01", "2014-12-31"),
    ],
)
def test_the_nearest_day_of_a_period_is_in_it(day: str, nearest: str) -> None:
    assert periods.year_period(103).nearest(date.fromisoformat(day)).isoformat() == nearest
