"""Whole columns: exact texts come back exactly, and what a person writes is read by the column's type."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sqdash.errors import Unanswered
from sqdash.importers.base import Answers, Findings, Task
from sqdash.importers.cells import CellError
from sqdash.importers.columns import converter, read_one, span_reader
from sqdash.importers.headings import Head
from sqdash.importers.specs import BY_SPEC, NATIVE
from sqdash.quoting import guard
from sqdash.records import Value
from tests.importers.reading import KNOWN, NOBODY, ListSink

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("'\",=+-@\n\t＝"), min_size=1)


def task(answers: Answers = NOBODY) -> Task:
    return Task("a.csv", Head(1, (), ()), iter(()), answers, KNOWN, ListSink(), Findings())


def one(table: str, name: str, text: str, answers: Answers = NOBODY) -> Value:
    """One cell as a person writes it."""
    spec = BY_SPEC[table]
    return read_one(spec.table.column(name), text, task(answers), spec)


def code(table: str, name: str, text: str) -> str:
    with pytest.raises(CellError) as caught:
        one(table, name, text)
    return caught.value.code


@given(st.lists(TEXT, min_size=1, max_size=8))
@example(["'=1+1", "=1+1", "''", " a ", "''=1"])
def test_exact_text_that_was_guarded_comes_back_to_the_letter(texts: list[str]) -> None:
    spec = NATIVE["pages"]
    convert = converter(spec.table.column("label"), [], task(), spec, exact=True)
    values, errors = convert([guard(text) for text in texts])
    assert values == [text if guard(text).strip() else None for text in texts]
    assert set(errors) == {i for i, text in enumerate(texts) if not guard(text).strip()}  # the label is required


@given(st.lists(st.none() | st.integers(0, 10**15 - 1), min_size=1))
def test_exact_counts_come_back(numbers: list[int | None]) -> None:
    spec = NATIVE["snapshots"]
    convert = converter(spec.table.column("reach"), [], task(), spec, exact=True)
    assert convert(["" if n is None else str(n) for n in numbers]) == (numbers, {})


@given(st.lists(st.datetimes(datetime(1912, 1, 1), datetime(2910, 12, 31)), min_size=1))
def test_exact_moments_come_back(moments: list[datetime]) -> None:
    spec = NATIVE["snapshots"]
    convert = converter(spec.table.column("observed_at"), [], task(), spec, exact=True)
    texts = [f"{moment:%Y-%m-%dT%H:%M:%S}+08:00" for moment in moments]
    assert convert(texts) == (texts, {})


@given(st.lists(st.dates(date(1912, 1, 1), date(2910, 12, 31)), min_size=1))
def test_exact_days_come_back(days: list[date]) -> None:
    spec = NATIVE["page_days"]
    texts = [str(day) for day in days]
    assert converter(spec.table.column("day"), texts, task(), spec, exact=True)(texts) == (texts, {})


def test_bad_cells_keep_their_reasons_and_leave_the_others_alone() -> None:
    spec = BY_SPEC["petitions"]
    values, errors = converter(spec.table.column("received"), [], task(), spec, exact=False)(["6件", "x", "", "7"])
    assert values == [6, None, None, 7]
    assert {i: error.code for i, error in errors.items()} == {1: "not_number", 2: "required"}


# --- choices, indicators, units, flags


@pytest.mark.parametrize("text", ["6S 稽核", "6s稽核", "six_s", "６Ｓ　稽核"])
def test_choice_is_taken_by_its_word_or_code_in_any_spelling(text: str) -> None:
    assert one("checks", "kind", text) == "six_s"


def test_unknown_choice_names_the_known_ones() -> None:
    with pytest.raises(CellError) as caught:
        one("checks", "kind", "其他")
    assert str(caught.value) == "只能是「6S 稽核」、「電話禮貌測試」、「無線網路連線測試」、「未更新網頁提報」之一。"
    assert caught.value.code == "unknown_choice"


def test_choice_of_several_words_is_named_as_one() -> None:
    with pytest.raises(CellError, match="「教育訓練」、「座談、說明、研討會」、「業務推廣活動」"):
        one("activities", "kind", "座談")


@pytest.mark.parametrize("text", ["fans", "粉絲人數", " 粉 絲 人 數 "])
def test_indicator_is_taken_by_its_key_or_label(text: str) -> None:
    assert one("readings", "indicator", text) == "fans"


def test_unknown_indicator_is_refused() -> None:
    assert code("readings", "indicator", "沒有的") == "unknown_indicator"


@pytest.mark.parametrize("text", ["第六課", "s6", "第 六 課"])
def test_unit_is_taken_by_name_or_code(text: str) -> None:
    assert one("activities", "unit", text) == "s6"


def test_unit_that_nobody_knows_is_kept_for_the_check_of_references() -> None:
    assert one("activities", "unit", " 第九課 ") == "第九課"


@pytest.mark.parametrize(
    ("text", "value"), [("是", 1), ("V", 1), ("正常", 1), ("否", 0), ("異常", 0), ("", None), ("-", None)]
)
def test_flag_is_yes_no_or_not_given(text: str, value: int | None) -> None:
    assert one("checks", "passed", text) == value


def test_flag_that_is_neither_is_refused() -> None:
    assert code("checks", "passed", "也許") == "not_flag"


# --- texts and figures of people


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("  a ", "a"),
        ("'0943201436", "0943201436"),
        ('="0943201436"', "0943201436"),
        ("'=1+1", "=1+1"),
        ("=1+1", "=1+1"),
        ("'tis", "'tis"),
        ("--", None),
        ("未填", None),
        ("無", "無"),
    ],
)
def test_trap_forced_text_is_that_text(text: str, value: str | None) -> None:
    assert one("activities", "note", text) == value


def test_text_with_control_characters_or_without_end_is_refused() -> None:
    assert code("activities", "note", "a\x07b") == "control"
    assert code("activities", "note", "a" * 65_537) == "too_long"


@pytest.mark.parametrize(
    ("text", "value"), [("27.26%", 27.26), ("１２％", 12.0), (".29%", 0.29), ("205.70999999999998", 205.71)]
)
def test_trap_shares_in_percent(text: str, value: float) -> None:
    assert one("surveys", "satisfaction", text) == value


def test_number_with_another_unit_than_the_column_s_is_an_error() -> None:
    assert one("activities", "attendees", "120人次") == 120
    assert code("activities", "attendees", "120場次") == "wrong_unit"
    assert code("activities", "sessions", "12%") == "percent"


def test_abbreviated_figure_asks_a_person() -> None:
    with pytest.raises(Unanswered) as caught:
        one("activities", "attendees", "1.2萬")
    assert [question.option for question in caught.value.questions] == ["accept_wan"]
    assert one("activities", "attendees", "1.2萬", Answers(wan=True)) == 12000


# --- dates are decided for the whole column


def test_trap_roc_year_as_a_number_is_decided_by_the_column_and_the_year_or_asked() -> None:
    spec = BY_SPEC["petitions"]
    month = spec.table.column("month")
    assert converter(month, ["10306"], task(), spec, exact=False)(["10306"]) == (["2014-06"], {})
    with pytest.raises(Unanswered) as caught:
        converter(month, ["41912", "41912"], task(), spec, exact=False)
    (question,) = caught.value.questions
    assert (question.option, [value for value, _ in question.choices]) == ("dates", ["roc", "serial"])
    by_year = converter(month, ["41912"], task(Answers(year=103)), spec, exact=False)
    assert by_year(["41912"]) == (["2014-09"], {})
    answered = converter(month, ["41912"], task(Answers(dates="serial")), spec, exact=False)
    assert answered(["41912"]) == (["2014-09"], {})


# --- days that may be spans


def spans(*texts: str, answers: Answers = NOBODY) -> tuple[list[Value], list[Value], dict[int, str]] | None:
    read = span_reader(BY_SPEC["activities"].table.column("held_on"), texts, task(answers))
    if read is None:
        return None
    first, last, errors = read(texts)
    return first, last, {i: error.code for i, error in errors.items()}


def test_column_without_a_span_needs_no_reader_of_spans() -> None:
    assert spans("103/6/10", "105/525", "") is None


def test_trap_range_of_days_is_its_first_and_its_last() -> None:
    assert spans("103/6/10-12", "103/6/20") == (["2014-06-10", "2014-06-20"], ["2014-06-12", None], {})


def test_slips_in_a_column_with_spans_are_told() -> None:
    found = spans("103/6/10-12", "103/6/12-10", "105/525", "", "103年17月1日至2日")
    assert found == (
        ["2014-06-10", None, None, None, None],
        ["2014-06-12", None, None, None, None],
        {1: "range", 2: "not_date", 3: "required", 4: "no_such_day"},
    )


def test_span_without_its_year_asks_for_the_year() -> None:
    with pytest.raises(Unanswered) as caught:
        spans("6/30-7/2")
    assert [question.option for question in caught.value.questions] == ["year"]
    assert spans("6/30-7/2", answers=Answers(year=103)) == (["2014-06-30"], ["2014-07-02"], {})


def test_day_without_its_year_asks_for_the_year() -> None:
    with pytest.raises(Unanswered) as caught:
        one("activities", "held_on", "6月10日")
    assert [question.option for question in caught.value.questions] == ["year"]


def test_reading_that_a_person_should_see_is_noted_with_its_column() -> None:
    given = task()
    spec = BY_SPEC["activities"]
    converter(spec.table.column("held_on"), ["41955"], given, spec, exact=False)
    assert given.findings.notes[0].startswith("「日期」「41955」以 Excel 日期序號讀作 103/11/12")
