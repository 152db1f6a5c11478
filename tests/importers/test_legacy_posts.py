"""The old export of posts: a row of descriptions, repeated headings, counts that exist only if somebody did it."""

from __future__ import annotations

import pytest

from sqdash.errors import DataError, Unanswered
from sqdash.importers.base import Answers
from tests.importers.reading import EXPORTED, PAGE, Read, read_file

HEAD = "Post ID,Permalink,Post Message,Type,Posted,Audience Targeting,Lifetime Post Total Reach"
LIKE = "Lifetime Post Stories by action type - like"
DESCRIPTION = ",,,,,,Lifetime: The total number of people your Page post was served to. (Unique Users)"
ROW = f"{PAGE}_1015,https://www.facebook.com/x/posts/999,hi,Photo,11/22/2014 01:05:09 AM, ,920"
ANSWERS = Answers(observed_at=EXPORTED)


def read(*rows: str, head: str = HEAD, answers: Answers = ANSWERS) -> Read:
    return read_file("a.csv", "\n".join([head, *rows]), answers)


def test_trap_second_row_describes_the_columns_and_is_told() -> None:
    found = read(DESCRIPTION, ROW)
    assert found.column("posts", "row") == [3]
    assert found.findings.notes == ["第 2 列是各欄的說明，沒有讀取。"]
    assert found.refused == []


def test_description_that_is_partly_blank_is_left_out_too() -> None:
    assert read(f"{DESCRIPTION},", f"{ROW},5", head=f"{HEAD},Content Tags").column("posts", "row") == [3]


def test_row_without_an_id_that_describes_nothing_is_refused() -> None:
    assert read(DESCRIPTION, ROW.replace(f"{PAGE}_1015", "")).refused == [("required", 3, "Post ID", "")]
    assert read(ROW.replace(f"{PAGE}_1015", "")).refused == [("required", 2, "Post ID", "")]


def test_trap_id_is_page_and_post_whatever_number_the_permalink_holds() -> None:
    found = read(DESCRIPTION, ROW)
    assert (found.column("posts", "post_id"), found.column("posts", "page_id")) == ([f"{PAGE}_1015"], [PAGE])
    assert found.findings.pages == {PAGE: ""}


def test_posted_is_pacific_in_half_days() -> None:
    evening = ROW.replace("1015", "1016").replace("11/22/2014 01:05:09 AM", "07/01/2014 11:05:09 PM")
    assert read(ROW, evening).column("posts", "published_at") == [
        "2014-11-22T17:05:09+08:00",
        "2014-07-02T14:05:09+08:00",
    ]


def test_trap_likes_comments_and_shares_are_the_stories_family() -> None:
    stories = [f"Lifetime Post Stories by action type - {what}" for what in ("like", "comment", "share", "other")]
    people = "Lifetime Talking About This (Post) by action type - like"
    found = read(f"{ROW},80,86,4,11,3", head=",".join([HEAD, people, *stories]))
    (shot,) = found.rows["snapshots"]
    assert (shot["likes"], shot["comments"], shot["shares"]) == (86, 4, 11)
    assert "reactions" not in shot


def test_trap_column_that_nobody_filled_is_not_given() -> None:
    found = read(f"{ROW},", head=f"{HEAD},{LIKE}")
    assert found.column("snapshots", "likes") == [None]
    assert "comments" not in found.rows["snapshots"][0]
    assert found.findings.warnings == ["檔案沒有留言、分享的欄，這些數字記為未填；舊版報告只在有人做過時才有這些欄。"]


def test_trap_heading_that_stands_twice_elsewhere_does_no_harm() -> None:
    video = "Lifetime Organic Video Views"
    assert read(f"{ROW},1,2", head=f"{HEAD},{video},{video}").column("snapshots", "reach") == [920]


def test_heading_of_ours_that_stands_twice_is_refused() -> None:
    with pytest.raises(
        DataError, match=r"^a\.csv 的欄名「Lifetime Post Total Reach」出現兩次，無法判斷用哪一欄，請刪去一欄。$"
    ):
        read(f"{ROW},1", head=f"{HEAD},Lifetime Post Total Reach")


@pytest.mark.parametrize(("word", "kind"), [("Status", "文字"), ("SharedVideo", "影片"), ("", None), ("Link", "連結")])
def test_type_is_in_our_words(word: str, kind: str | None) -> None:
    assert read(ROW.replace("Photo", word)).column("posts", "type") == [kind]


def test_same_row_twice_is_one_post() -> None:
    found = read(ROW, ROW)
    assert (found.column("posts", "row"), found.findings.repeated, found.refused) == ([2], 1, [])


@pytest.mark.parametrize(("word", "other"), [(",920", ",921"), ("hi", "ho"), ("Photo", "Link"), ("/999", "/998")])
def test_two_rows_of_a_post_that_contradict_each_other_are_both_refused(word: str, other: str) -> None:
    found = read(ROW, ROW.replace("1015", "1016"), ROW.replace(word, other))
    assert found.refused == [("duplicate", row, "Post ID", f"{PAGE}_1015") for row in (2, 4)]
    assert [reason.partition("列")[0] for reason in found.reasons] == ["與第 4 ", "與第 2 "]


@pytest.mark.parametrize(("text", "code"), [("1.00064E+29", "damaged_id"), ("1015", "no_page")])
def test_id_without_its_page_is_refused(text: str, code: str) -> None:
    assert read(ROW.replace(f"{PAGE}_1015", text)).refused == [(code, 2, "Post ID", text)]


def test_number_of_a_post_alone_is_taken_once_a_person_names_the_page() -> None:
    rejected = read(ROW.replace(f"{PAGE}_1015", "1015")).findings.rejected
    assert [one.option for one in rejected] == ["page"]
    found = read(ROW.replace(f"{PAGE}_1015", "1015"), answers=Answers(observed_at=EXPORTED, page=PAGE))
    assert (found.column("posts", "post_id"), found.refused) == ([f"{PAGE}_1015"], [])


def test_columns_of_a_post_are_given_only_where_the_file_has_them() -> None:
    head, cells = "Post ID,Posted,Lifetime Post Total Reach", f"{PAGE}_1015,11/22/2014 01:05:09 AM,920"
    (found,) = read(cells, head=head).rows["posts"]
    assert set(found) == {"row", "post_id", "page_id", "published_at", "published_text"}
    assert found["published_text"] == "11/22/2014 01:05:09 AM"


def test_moment_of_the_export_is_asked_but_no_page() -> None:
    with pytest.raises(Unanswered) as caught:
        read(ROW, answers=Answers())
    assert [question.option for question in caught.value.questions] == ["observed_at"]
