"""Meta's series of a page's days: the metric is named above the headings, blocks are stacked, days are left out."""

from __future__ import annotations

import time

import pytest

from sqdash.errors import DataError, Unanswered
from sqdash.importers import meta_series
from sqdash.importers.base import Answers
from sqdash.tables import MEASURES
from tests.importers.reading import PAGE, Read, read_file

ANSWERS = Answers(page=PAGE)
DAYS = '"Date","Primary"\n"2025-09-20T00:00:00","20"\n"2025-09-22T00:00:00","0"\n'


def read(text: str | bytes, answers: Answers = ANSWERS) -> Read:
    return read_file("a.csv", text, answers)


def values(read: Read) -> list[tuple[str, str, int]]:
    return [(row["day"], row["measure"], row["value"]) for row in read.rows.get("page_days", [])]


def test_trap_first_line_is_a_hint_for_excel_and_the_second_names_the_metric() -> None:
    found = read(b"\xff\xfe" + f'sep=,\n"Facebook follows"\n{DAYS}\n'.encode("utf-16-le"))
    assert found.column("page_days", "row") == [4, 5]
    assert values(found) == [("2025-09-20", "new_followers", 20), ("2025-09-22", "new_followers", 0)]


@pytest.mark.parametrize(
    ("measure", "title"), [(m, title) for m, titles in meta_series.METRICS.items() for title in titles]
)
def test_every_metric_has_its_own_measure(measure: str, title: str) -> None:
    assert {row[1] for row in values(read(f'"{title}"\n{DAYS}'))} == {measure}
    assert measure in dict(MEASURES)


def test_trap_day_that_is_left_out_is_unknown_and_no_zero() -> None:
    found = read(f'"Views"\n{DAYS}')
    assert "2025-09-21" not in found.column("page_days", "day")
    assert found.findings.notes == ["檔案沒有列出的日子記為不知道，不當作 0。"]


def test_days_are_pacific_unless_a_person_says_otherwise() -> None:
    assert set(read(f'"Views"\n{DAYS}').column("page_days", "day_zone")) == {"America/Los_Angeles"}
    found = read(f'"Views"\n{DAYS}', Answers(page=PAGE, zone="Asia/Taipei"))
    assert set(found.column("page_days", "day_zone")) == {"Asia/Taipei"}


def test_unknown_zone_is_refused() -> None:
    with pytest.raises(
        DataError, match=r"^沒有時區「Mars/Base」，請用 America/Los_Angeles 或 Asia/Taipei 之類的名稱。$"
    ):
        read(f'"Views"\n{DAYS}', Answers(page=PAGE, zone="Mars/Base"))


def test_page_is_asked() -> None:
    with pytest.raises(Unanswered) as caught:
        read(f'"Views"\n{DAYS}', Answers())
    assert [question.option for question in caught.value.questions] == ["page"]


@pytest.mark.parametrize(("line", "named"), [('"Instagram reach"\n', "「Instagram reach」"), ("", "「（沒有名稱）」")])
def test_metric_without_a_place_is_named_with_those_that_have_one(line: str, named: str) -> None:
    with pytest.raises(DataError) as caught:
        read(line + DAYS)
    assert str(caught.value) == (
        f"a.csv 的指標是{named}，沒有對應的數據，請匯出 Views、Viewers、Content interactions、Facebook link clicks、"
        "Facebook visits、Facebook follows、Facebook unfollows、Reach、Impressions 之一。"
    )


def test_trap_stacked_blocks_are_each_read_and_other_tables_named() -> None:
    ages = '"Age & gender"\n"","Women","Men"\n"18-24","3.2","4.1"\n\n'
    cities = '"Top cities"\n"Tainan, Taiwan","Taipei, Taiwan"\n"20.1","30.2"\n\n'
    found = read(f'sep=,\n{ages}{cities}"Follows"\n{DAYS}\n"Views"\n{DAYS}\n"Top countries"\n"Taiwan"\n"99"\n')
    assert [row[1:] for row in values(found)] == [
        ("new_followers", 20),
        ("new_followers", 0),
        ("views", 20),
        ("views", 0),
    ]
    assert "沒有讀取不是逐日數據的表：「Age & gender」、「Top cities」、「Top countries」。" in found.findings.notes


def test_block_of_an_unknown_metric_among_known_ones_is_left_out_and_told() -> None:
    found = read(f'"Views"\n{DAYS}\n"Instagram reach"\n{DAYS}')
    assert {row[1] for row in values(found)} == {"views"}
    assert found.findings.warnings == ["指標「Instagram reach」沒有對應的數據，這些列沒有讀取。"]


def test_block_without_a_line_of_its_own_does_not_take_the_metric_of_the_one_above() -> None:
    found = read(f'"Views"\n{DAYS}"Date","Primary"\n"2025-09-23T00:00:00","9"\n')
    assert [row[2] for row in values(found)] == [20, 0]
    assert found.findings.warnings == ["指標「（沒有名稱）」沒有對應的數據，這些列沒有讀取。"]


def test_same_day_again_is_counted_once() -> None:
    found = read(f'"Views"\n{DAYS}"2025-09-20T00:00:00","20"\n')
    assert (found.findings.repeated, found.refused) == (1, [])


def test_same_day_with_another_figure_refuses_both() -> None:
    found = read(
        '"Views"\n"日期","Primary"\n"2025-09-21","20"\n"2025-09-22","0"\n\n"Views"\n"日期","Primary"\n"2025-09-21","7"\n'
    )
    assert found.refused == [("duplicate", 3, "日期", "2025-09-21"), ("duplicate", 8, "日期", "2025-09-21")]
    assert [reason.partition("列")[0] for reason in found.reasons] == ["與第 8 ", "與第 3 "]
    assert values(found) == [("2025-09-22", "views", 0)]


def test_same_day_of_two_metrics_is_two_figures() -> None:
    assert len(values(read(f'"Views"\n{DAYS}\n"Reach"\n{DAYS}'))) == 4


def test_bad_rows_are_named_with_their_cell() -> None:
    rows = (
        '"2025-09-31T00:00:00","1"\n"2025-12-01T00:00:00","1"\n"2003-01-01T00:00:00","1"\n"2025-09-01T00:00:00","x"\n'
    )
    found = read(f'"Views"\n"Date","Primary"\n{rows}"2025-09-02T00:00:00","1","2"\n')
    assert found.refused == [
        ("wrong_width", 7, "（整列）", "2"),
        ("no_such_day", 3, "Date", "2025-09-31T00:00:00"),
        ("future", 4, "Date", "2025-12-01T00:00:00"),
        ("before_facebook", 5, "Date", "2003-01-01T00:00:00"),
        ("not_number", 6, "Views", "x"),
    ]
    assert values(found) == []


def test_day_without_a_figure_is_not_given() -> None:
    assert values(read('"Views"\n"Date","Primary"\n"2025-09-20T00:00:00",""\n"2025-09-21T00:00:00","1"\n')) == [
        ("2025-09-21", "views", 1)
    ]


def test_warning_of_unknown_metrics_names_eight() -> None:
    found = read(f'"Views"\n{DAYS}' + "".join(f'\n"Unheard {n}"\n{DAYS}' for n in range(9)))
    assert found.findings.warnings == [
        f"指標{'、'.join(f'「Unheard {n}」' for n in range(8))}等沒有對應的數據，這些列沒有讀取。"
    ]


def test_trap_a_hundred_thousand_titles_take_no_minutes() -> None:
    began = time.perf_counter()
    found = read(f'"Views"\n{DAYS}' + '"x"\n' * 100_000 + f'"Views"\n{DAYS}')
    assert (len(values(found)), time.perf_counter() - began < 5) == (2, True)
