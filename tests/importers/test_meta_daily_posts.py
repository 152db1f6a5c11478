"""The export with a row a post and day: what is added up, what never is, and what spoils a sum."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqdash.errors import DataError, Unanswered
from sqdash.importers.base import Answers
from tests.importers.reading import EXPORTED, PAGE, Read, read_file
from tests.making import is_one_sentence

HEAD = "Post ID,Page ID,Publish time,Permalink,Date,Reach,Reactions,Comments,Total clicks"
POST, OTHER = "122100000000000123", "122100000000000456"
ANSWERS = Answers(observed_at=EXPORTED)
TWICE = [("duplicate", 2), ("duplicate", 3), ("incomplete", 2)]


def row(day: str, figures: str, post: str = POST) -> str:
    return f"{post},{PAGE},09/01/2025 10:00,https://www.facebook.com/{post[-3:]},{day},{figures}"


def read(*rows: str, head: str = HEAD) -> Read:
    return read_file("a.csv", "\n".join([head, *rows]), ANSWERS)


def shots(read: Read) -> list[dict[str, object]]:
    left = ("row", "post_id", "observed_at")
    return [{k: v for k, v in shot.items() if k not in left} for shot in read.rows.get("snapshots", [])]


def test_trap_two_exports_look_alike_and_days_in_the_date_column_tell_them_apart() -> None:
    head, row = "Post ID,Page ID,Publish time,Date", f"{POST},{PAGE},09/01/2025 10:00,"
    assert read_file("a.csv", f"{head}\n{row}Lifetime", ANSWERS).format == "meta_posts"
    assert read_file("a.csv", f"{head}\n{row}總期間", ANSWERS).format == "meta_posts"
    assert read_file("a.csv", f"{head}\n{row}09/02/2025", ANSWERS).format == "meta_daily_posts"


def test_trap_daily_rows_are_added_up_and_not_deduplicated() -> None:
    found = read(row("09/01/2025", "100,5,1,2"), row("09/02/2025", "90,3,,1"), row("09/03/2025", "80,0,2,"))
    assert shots(found) == [{"reactions": 8, "comments": 3, "clicks": 3}]
    assert found.column("posts", "row") == [2]


def test_the_year_of_days_that_a_spreadsheet_took_it_from_is_asked() -> None:
    days = (row("9月1日", "100,5,1,2"), row("9月2日", "90,3,,1"))
    with pytest.raises(Unanswered) as caught:
        read(*days)
    (question,) = caught.value.questions
    assert (question.option, question.text[:6]) == ("year", "「Date」")
    found = read_file("a.csv", "\n".join([HEAD, *days]), ANSWERS._replace(year=114))
    assert shots(found) == [{"reactions": 8, "comments": 1, "clicks": 3}]


def test_trap_reach_of_days_is_never_added_and_the_right_export_is_named() -> None:
    found = read(row("09/01/2025", "100,5,1,2"))
    assert "reach" not in found.rows["snapshots"][0]
    (warning,) = found.findings.warnings
    assert "匯出時請選「總期間」（Lifetime），才有觸及" in warning


def test_post_of_which_no_day_is_given_stays_not_given() -> None:
    found = read(row("09/01/2025", "1,,--,0"), row("09/02/2025", "1,,-,0"))
    assert shots(found) == [{"reactions": None, "comments": None, "clicks": 0}]


def test_days_of_several_posts_may_be_mixed() -> None:
    found = read(row("09/01/2025", "1,1,0,0"), row("09/01/2025", "1,10,0,0", OTHER), row("09/02/2025", "1,2,0,0"))
    assert [(s["row"], s["reactions"]) for s in found.rows["snapshots"]] == [(2, 3), (3, 10)]


def test_trap_without_dates_days_and_copies_look_alike_so_the_file_is_refused() -> None:
    head = "Post ID,Page ID,Publish time,Reactions"
    rows = [f"{post},{PAGE},09/01/2025 10:00,1" for post in (POST, OTHER) for _ in range(4)]
    with pytest.raises(DataError, match=r"^a\.csv 的貼文各有好幾列卻沒有「日期」（Date）欄，.*重新匯出") as raised:
        read(*rows, head=head)
    assert is_one_sentence(raised.value)
    assert read(*rows[:5], head=head).format == "meta_posts"  # too few to tell


def test_sums_are_told_to_be_of_a_part_of_a_posts_life() -> None:
    assert read(row("09/01/2025", "100,5,1,2")).findings.partial is True


def test_columns_of_a_post_are_given_only_where_the_file_has_them() -> None:
    (found,) = read(row("09/01/2025", "100,5,1,2")).rows["posts"]
    assert set(found) == {"row", "post_id", "page_id", "published_at", "permalink", "published_text"}
    assert found["permalink"] == "https://www.facebook.com/123"


def test_day_listed_twice_alike_is_counted_once() -> None:
    found = read(row("09/01/2025", "1,5,0,0"), row("9/1/2025", "1,5,0,0"), row("09/02/2025", "1,1,0,0"))
    assert (found.refused, found.findings.repeated) == ([], 1)
    assert [s["reactions"] for s in shots(found)] == [6]


def test_day_listed_twice_with_other_figures_spoils_its_post_only() -> None:
    found = read(row("09/01/2025", "1,5,0,0"), row("09/01/2025", "1,6,0,0"), row("09/01/2025", "1,7,0,0", OTHER))
    assert found.refused == [(code, row, "Post ID", POST) for code, row in TWICE]
    assert [reason.partition("列")[0] for reason in found.reasons[:2]] == ["與第 3 ", "與第 2 "]
    assert [s["reactions"] for s in shots(found)] == [7]


def test_day_that_cannot_be_taken_spoils_its_post_only() -> None:
    found = read(row("09/01/2025", "1,5,0,0"), row("09/02/2025", "1,x,0,0"), row("09/01/2025", "1,7,0,0", OTHER))
    assert found.refused == [("not_number", 3, "Reactions", "x"), ("incomplete", 2, "Post ID", POST)]
    assert found.column("posts", "row") == [4]


def test_lifetime_and_blank_among_days_are_refused() -> None:
    found = read(
        row("09/01/2025", "1,5,0,0"), row("Lifetime", "1,9,0,0", OTHER), row("", "1,9,0,0", "122100000000000789")
    )
    assert [cell[:3] for cell in found.refused] == [("lifetime_row", 3, "Date"), ("required", 4, "Date")]


def test_damaged_ids_are_told_apart_by_link_and_time() -> None:
    head = "Post ID,Page ID,Publish time,Permalink,Date,Reactions"
    rows = [
        f"1.221E+17,{PAGE},09/01/2025 10:00,https://www.facebook.com/{p},09/0{d}/2025,{d}" for p in "ab" for d in (1, 2)
    ]
    found = read(*rows, head=head)
    assert found.column("snapshots", "post_id") == ["lost:2", "lost:4"]
    assert [s["reactions"] for s in shots(found)] == [3, 3]
    assert list(found.findings.lost_ids) == [2, 4]


@given(st.lists(st.tuples(st.sampled_from([POST, OTHER]), st.none() | st.integers(0, 999)), min_size=1, max_size=28))
def test_sum_of_a_post_is_the_sum_of_its_given_days(days: list[tuple[str, int | None]]) -> None:
    rows = [row(f"09/{n:02d}/2025", f"1,{'' if v is None else v},,", post) for n, (post, v) in enumerate(days, 1)]
    found = {shot["post_id"]: shot["reactions"] for shot in read(*rows).rows["snapshots"]}
    for post in {post for post, _ in days}:
        given_days = [v for p, v in days if p == post and v is not None]
        assert found[f"{PAGE}_{post}"] == (sum(given_days) if given_days else None)
