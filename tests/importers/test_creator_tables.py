"""Creator-style tables: days without a year, followers as a stock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import DataError, Unanswered
from sqdash.importers.base import Answers, Known
from tests.importers.reading import NOW, PAGE, Read, read_file

VIEWERS = "Date,Total Viewers,New Viewers,Returning Viewers"
FOLLOWERS = "Date,Followers,Difference in followers from previous day"


def read(head: str, *rows: str, year: int | None = 114, known: Known | None = None) -> Read:
    answers = Answers(page=PAGE, year=year)
    text = "\n".join([head, *rows])
    return read_file("a.csv", text, answers, known) if known else read_file("a.csv", text, answers)


def values(read: Read) -> list[tuple[str, str, int]]:
    return [(row["day"], row["measure"], row["value"]) for row in read.rows.get("page_days", [])]


def test_total_viewers_are_viewers_and_the_others_have_no_place() -> None:
    found = read(VIEWERS, "August 19,10,4,6")
    assert values(found) == [("2025-08-19", "viewers", 10)]
    assert "沒有用到「New Viewers」、「Returning Viewers」欄。" in found.findings.notes


def test_days_that_a_spreadsheet_made_numbers_are_read_beside_those_without_a_year() -> None:
    found = read(FOLLOWERS, "45888,16300,3", "August 20,16299,-1", "45890,16301,2")
    assert [day for day, _, _ in values(found)] == ["2025-08-19", "2025-08-20", "2025-08-21"]


def test_trap_followers_are_a_stock_of_each_day_and_never_added() -> None:
    assert values(read(FOLLOWERS, "August 19,16300,3", "August 20,16299,-1")) == [
        ("2025-08-19", "followers", 16300),
        ("2025-08-20", "followers", 16299),
    ]


def test_trap_day_without_a_year_asks_for_the_page_and_the_year_together() -> None:
    with pytest.raises(Unanswered) as caught:
        read_file("a.csv", f"{VIEWERS}\nAugust 19,1,1,0\n")
    assert [question.option for question in caught.value.questions] == ["page", "year"]
    assert caught.value.questions[1].text == "日期沒有寫年份，第一列的「August 19」是民國幾年"


def test_trap_undefined_is_not_given() -> None:
    assert values(read(VIEWERS, "August 19,1,1,0", "August 20,undefined,undefined,undefined")) == [
        ("2025-08-19", "viewers", 1)
    ]


def test_trap_table_over_the_new_year_rolls_forward() -> None:
    found = read(VIEWERS, "December 30,1,,", "December 31,2,,", "January 1,3,,", "January 2,4,,", year=113)
    assert [row[0] for row in values(found)] == ["2024-12-30", "2024-12-31", "2025-01-01", "2025-01-02"]
    assert "沒有寫年份的日期讀作 113/12/30 至 114/01/02。" in found.findings.notes


def test_bad_day_at_the_new_year_does_not_stop_the_roll() -> None:
    found = read(VIEWERS, "December 31,1,,", "Januray 1,2,,", "January 2,3,,", year=113)
    assert [row[0] for row in values(found)] == ["2024-12-31", "2025-01-02"]
    assert found.refused == [("not_date", 3, "Date", "Januray 1")]


def test_newest_day_first_rolls_back_at_the_new_year() -> None:
    found = read(VIEWERS, "January 1,2,,", "December 31,1,,")
    assert [row[0] for row in values(found)] == ["2025-01-01", "2024-12-31"]


def test_leap_day_is_judged_in_the_year_that_it_rolled_into() -> None:
    rows = ["December 31,1,,", "January 31,2,,", "February 29,3,,"]
    assert [row[0] for row in values(read(VIEWERS, *rows, year=112))] == ["2023-12-31", "2024-01-31", "2024-02-29"]
    assert read(VIEWERS, *rows, year=113).refused == [("no_such_day", 4, "Date", "February 29")]


def test_dates_that_carry_their_year_need_no_answer() -> None:
    assert values(read(VIEWERS, "2025-08-19,1,,", year=None)) == [("2025-08-19", "viewers", 1)]


def test_same_day_with_another_figure_refuses_both_and_alike_counts_once() -> None:
    found = read(FOLLOWERS, "August 19,16300,3", "August 19,16301,3", "August 20,5,0", "August 20,5,0")
    assert found.refused == [("duplicate", 2, "Date", "August 19"), ("duplicate", 3, "Date", "August 19")]
    assert [reason.partition("列")[0] for reason in found.reasons] == ["與第 3 ", "與第 2 "]
    assert (values(found), found.findings.repeated) == ([("2025-08-20", "followers", 5)], 1)


def test_day_that_has_not_come_is_refused() -> None:
    assert read(VIEWERS, "December 1,1,,").refused == [("future", 2, "Date", "December 1")]


@given(st.dates(date(2005, 1, 1), date(2024, 1, 1)), st.integers(1, 500))
def test_any_run_of_days_written_without_a_year_reads_back(first: date, length: int) -> None:
    days = [first + timedelta(days=n) for n in range(length)]
    found = read(FOLLOWERS, *(f"{day:%B} {day.day},1,0" for day in days), year=first.year - 1911, known=Known(NOW))
    assert found.column("page_days", "day") == [day.isoformat() for day in days]


def test_table_forced_upon_other_headings_is_refused() -> None:
    with pytest.raises(DataError, match=r"^a\.csv 沒有「Date」欄，不能用這種格式讀取，請改用別的格式。$"):
        read_file("a.csv", "month,received,closed\n2014-01,6,5", Answers(format="creator_tables", page=PAGE))
