"""The old export of a page's days: a few columns of very many, by name; sliding windows are never used."""

from __future__ import annotations

import pytest

from sqdash.errors import DataError, Unanswered
from sqdash.importers.base import Answers
from tests.importers.reading import PAGE, Read, read_file

ANSWERS = Answers(page=PAGE)
HEAD = "Date,Lifetime Total Likes,Daily New Likes,Daily Total Reach,Daily Total Impressions"


def read(*rows: str, head: str = HEAD, answers: Answers = ANSWERS) -> Read:
    return read_file("a.csv", "\n".join([head, *rows]), answers)


def values(read: Read) -> list[tuple[str, str, int]]:
    return [(row["day"], row["measure"], row["value"]) for row in read.rows.get("page_days", [])]


def test_columns_with_a_place_are_found_by_name() -> None:
    assert values(read("2014-12-31,16300,11,1200,2400")) == [
        ("2014-12-31", "fans", 16300),
        ("2014-12-31", "reach", 1200),
        ("2014-12-31", "impressions", 2400),
    ]
    assert values(read("1200,2014-12-31", head="Daily Total Reach,Date")) == [("2014-12-31", "reach", 1200)]


def test_trap_weekly_and_28_day_columns_slide_and_are_never_used() -> None:
    found = read("2014-12-31,16300,5000,9000", head="Date,Lifetime Total Likes,Weekly Total Reach,28 Days Total Reach")
    assert values(found) == [("2014-12-31", "fans", 16300)]
    assert "Weekly 與 28 Days 的欄是逐日滑動的期間，不能使用，沒有讀取。" in found.findings.notes


def test_trap_second_row_describes_the_columns() -> None:
    found = read(",Lifetime: The total,Daily: new,Daily: reach,Daily: impressions", "2014-12-31,16300,,,")
    assert values(found) == [("2014-12-31", "fans", 16300)]
    assert found.findings.notes[0] == "第 2 列是各欄的說明，沒有讀取。"


def test_row_without_a_day_below_is_refused() -> None:
    assert read("2014-12-31,16300,,,", ",16301,,,").refused == [("required", 3, "Date", "")]


def test_trap_dates_saved_by_excel_are_month_first() -> None:
    assert [row[0] for row in values(read("1/2/2014,1,,,", "1/3/2014,2,,,"))] == ["2014-01-02", "2014-01-03"]


def test_trap_of_1738_columns_only_ours_are_read_and_repeated_ones_do_no_harm() -> None:
    cities = [f"Lifetime Likes by City - {n // 2}" for n in range(1733)]
    found = read(",".join(["2014-12-31,16300,11,1200,2400", *["1"] * 1733]), head=",".join([HEAD, *cities]))
    assert [row[1:] for row in values(found)] == [("fans", 16300), ("reach", 1200), ("impressions", 2400)]
    assert "其餘 1,734 個欄位沒有用到。" in found.findings.notes


def test_column_of_ours_that_stands_twice_is_refused() -> None:
    with pytest.raises(
        DataError, match=r"^a\.csv 的欄名「Daily Total Reach」出現兩次，無法判斷用哪一欄，請刪去一欄。$"
    ):
        read("2014-12-31,1,2,3,4,5", head=f"{HEAD},Daily Total Reach")


def test_file_without_any_column_of_ours_is_refused() -> None:
    with pytest.raises(DataError, match=r"^a\.csv 沒有粉絲、觸及或曝光的欄，請匯出含 Lifetime Total Likes 的報告。$"):
        read("2014-12-31,11,2", head="Date,Daily New Likes,Daily Unlikes")


def test_page_is_asked() -> None:
    with pytest.raises(Unanswered) as caught:
        read("2014-12-31,1,2,3,4", answers=Answers())
    assert [question.option for question in caught.value.questions] == ["page"]


def test_same_day_with_another_figure_refuses_both() -> None:
    found = read("2014-12-31,1,,,", "2014-12-30,1,,,", "2014-12-31 ,2,,,")
    assert found.refused == [("duplicate", 2, "Date", "2014-12-31"), ("duplicate", 4, "Date", "2014-12-31 ")]
    assert [reason.partition("列")[0] for reason in found.reasons] == ["與第 4 ", "與第 2 "]
    assert values(found) == [("2014-12-30", "fans", 1)]
    assert found.findings.last_day == "2014-12-30"


def test_same_day_again_is_counted_once() -> None:
    found = read("2014-12-31,1,,,", "2014-12-31,1,,,")
    assert (values(found), found.findings.repeated, found.refused) == ([("2014-12-31", "fans", 1)], 1, [])


def test_row_with_a_bad_figure_stands_in_the_way_of_no_other() -> None:
    found = read("2014-12-31,1,,x,", "2014-12-31,1,,5,")
    assert [cell[:2] for cell in found.refused] == [("not_number", 2)]
    assert [row["row"] for row in found.rows["page_days"]] == [3, 3]
