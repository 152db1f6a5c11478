"""Meta's content export: what each column means, and the traps that give wrong numbers without an error."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
import xlwt
from odfdo import Cell

from sqdash.errors import DataError, Unanswered
from sqdash.importers.base import Answers
from sqdash.importers.meta_posts import window_of
from tests.importers import workbook_files as files
from tests.importers.reading import EXPORTED, NOW, PAGE, SEEN, Read, read_file

HEAD = "Post ID,Page ID,Publish time,Permalink"
ROW = f"122100000000000123,{PAGE},09/30/2025 21:13,https://www.facebook.com/p/1"
OTHER = f"122100000000000456,{PAGE},09/29/2025 21:13,https://www.facebook.com/p/2"
ANSWERS = Answers(observed_at=EXPORTED)


def read(columns: str, *rows: str, answers: Answers = ANSWERS, name: str = "a.csv") -> Read:
    return read_file(name, "\n".join([columns, *rows]), answers)


def figures(read: Read) -> dict[str, object]:
    """The figures of the only post."""
    (shot,) = read.rows["snapshots"]
    return {name: value for name, value in shot.items() if name not in ("row", "post_id", "observed_at")}


# --- traps that give wrong numbers without an error


def test_trap_publish_time_is_pacific_so_the_post_is_of_another_day_and_month() -> None:
    found = read(HEAD, ROW)
    assert found.column("posts", "published_at") == ["2025-10-01T12:13:00+08:00"]
    assert found.column("posts", "published_text") == ["09/30/2025 21:13"]
    assert (found.findings.zone, found.findings.first_day) == ("America/Los_Angeles", "2025-10-01")


def test_zone_of_the_times_is_a_person_s_to_change() -> None:
    found = read(HEAD, ROW, answers=Answers(observed_at=EXPORTED, zone="Asia/Taipei"))
    assert found.column("posts", "published_at") == ["2025-09-30T21:13:00+08:00"]
    assert found.findings.zone == "Asia/Taipei"


def test_trap_figures_are_lifetime_totals_so_each_export_is_a_snapshot_of_its_own_time() -> None:
    later = Answers(observed_at=EXPORTED + timedelta(days=1))
    first, second = read(f"{HEAD},Reactions", f"{ROW},5"), read(f"{HEAD},Reactions", f"{ROW},7", answers=later)
    assert [shot["observed_at"] for shot in first.rows["snapshots"]] == [SEEN]
    assert [shot["observed_at"] for shot in second.rows["snapshots"]] == ["2025-10-21T10:00:00+08:00"]
    assert (figures(first), figures(second)) == ({"reactions": 5}, {"reactions": 7})


def test_trap_views_impressions_reach_and_viewers_are_four_measures() -> None:
    found = read(f"{HEAD},Views,Impressions,Reach,Viewers", f"{ROW},1,2,3,4")
    assert figures(found) == {"views": 1, "impressions": 2, "reach": 3, "viewers": 4}


def test_trap_chinese_times_seen_and_people_are_told_apart() -> None:
    found = read(f"{HEAD},瀏覽人數,瀏覽次數,曝光次數,觸及人數", f"{ROW},4,1,2,3")
    assert figures(found) == {"views": 1, "impressions": 2, "reach": 3, "viewers": 4}
    assert figures(read(f"{HEAD},觀看次數", f"{ROW},9")) == {"views": 9}


def test_trap_data_comment_is_no_count_of_comments() -> None:
    assert figures(read(f"{HEAD},資料留言,留言", f"{ROW},99,2")) == {"comments": 2}
    assert figures(read(f"{HEAD},Data comment", f"{ROW},99")) == {}


@pytest.mark.parametrize("cell", ["", "--", "-", "N/A", "undefined", " ", "—"])
def test_trap_not_given_is_no_zero(cell: str) -> None:
    assert figures(read(f"{HEAD},Reach,Reactions", f"{ROW},{cell},0")) == {"reach": None, "reactions": 0}


def test_trap_columns_come_go_and_change_order() -> None:
    found = read(f"Reactions,Unheard of,{HEAD},Shares", f"5,x,{ROW},2")
    assert figures(found) == {"reactions": 5, "shares": 2}
    assert found.findings.notes == ["1 個欄位沒有用到：「Unheard of」。"]


def test_headings_are_known_in_any_case_width_and_spacing() -> None:
    assert figures(read(f"{HEAD}, REACTIONS ,Ｒｅａｃｈ,total  Clicks", f"{ROW},5,6,7")) == {
        "reactions": 5,
        "reach": 6,
        "clicks": 7,
    }


def test_trap_caption_over_several_lines_with_quotes_and_emoji_is_kept_to_the_letter() -> None:
    caption = 'line one\nsaid "hi" 😀 𝐛𝐨𝐥𝐝'
    quoted = '"' + caption.replace('"', '""') + '"'
    assert read(f"{HEAD},Title", f"{ROW},{quoted}").column("posts", "message") == [caption]


@pytest.mark.parametrize(
    ("title", "description", "message"),
    [("long one", "short", "long one"), ("", "b", "b"), ("a", "", "a"), ("", "", None)],
)
def test_trap_caption_is_the_longer_of_title_and_description(title: str, description: str, message: str) -> None:
    assert read(f"{HEAD},Title,Description", f"{ROW},{title},{description}").column("posts", "message") == [message]


def test_trap_a_sum_of_interactions_that_is_not_the_sum_is_kept_and_told() -> None:
    found = read(f'{HEAD},"Reactions, Comments and Shares",Reactions,Comments,Shares', f"{ROW},9,5,1,1")
    assert figures(found) == {"reactions": 5, "comments": 1, "shares": 1}
    assert found.findings.notes == ["1 篇的「心情、留言和分享」與三者之和不同，保留 Meta 的數字，未作修正。"]


def test_trap_short_header_is_a_warning() -> None:
    sentence = "檔案沒有心情、留言、分享、觸及或瀏覽人數的欄，這些數字記為未填；匯出時若勾選「收益」，其後的欄會消失。"
    assert read(HEAD, ROW).findings.warnings == [sentence]


def test_boosted_is_told_only_where_the_file_says_so() -> None:
    columns = f"{HEAD},Views from Boosted posts,Reach from Boosted posts"
    assert read(columns, f"{ROW},0,0", f"{OTHER},0,3").column("posts", "boosted") == [0, 1]
    assert "boosted" not in read(HEAD, ROW).rows["posts"][0]


@pytest.mark.parametrize(("cell", "boosted"), [("--", 0), ('"1,234"', 1), ("１２", 1), ("1.2萬", 1), ("?", 0)])
def test_a_figure_that_is_no_plain_number_hides_no_boosted_post(cell: str, boosted: int) -> None:
    columns = f"{HEAD},Views from Boosted posts,Reach from Boosted posts"
    found = read(columns, f"{ROW},0,{cell}", f"{OTHER},0,3")
    assert (found.column("posts", "boosted"), found.refused) == ([boosted, 1], [])


def test_a_sum_with_thousands_marks_is_held_against_its_parts_too() -> None:
    columns = f'{HEAD},"Reactions, Comments and Shares",Reactions,Comments,Shares'
    found = read(columns, f'{ROW},"1,234",1000,200,30', f"{OTHER},3,1,1,1")
    note = "1 篇的「心情、留言和分享」與三者之和不同，保留 Meta 的數字，未作修正。"
    assert note in found.findings.notes


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_a_post_of_midnight_is_taken_from_a_workbook_too(form: str) -> None:
    head = HEAD.split(",")
    ids = ["122100000000123", PAGE]
    if form == "xlsx":

        def fill(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, head)
            sheet.write_row(1, 0, ids)
            sheet.write_datetime(1, 2, datetime(2025, 9, 1), book.add_format({"num_format": "mm/dd/yyyy hh:mm"}))
            sheet.write_string(1, 3, "https://www.facebook.com/p/1")

        data = files.xlsx(fill)
    elif form == "xls":

        def write(book: xlwt.Workbook) -> None:
            sheet = book.add_sheet("T")
            for row, cells in enumerate([head, [*ids, "", "https://www.facebook.com/p/1"]]):
                for column, cell in enumerate(cells):
                    if cell:
                        sheet.write(row, column, cell)
            sheet.write(1, 2, datetime(2025, 9, 1), xlwt.easyxf(num_format_str="mm/dd/yyyy hh:mm"))

        data = files.xls(write)
    else:
        midnight = Cell(datetime(2025, 9, 1), text="2025/09/01 00:00")
        data = files.ods(("T", [head, [*ids, midnight, "https://www.facebook.com/p/1"]]))
    found = read_file(f"a.{form}", data, ANSWERS)
    assert (found.column("posts", "published_at"), found.refused) == (["2025-09-01T15:00:00+08:00"], [])


# --- what Excel and people do to the file


def test_trap_id_that_excel_made_a_number_is_no_key() -> None:
    found = read(HEAD, ROW.replace("122100000000000123", "1.221E+17"), OTHER.replace("122100000000000456", "1.221E+17"))
    assert found.column("posts", "post_id") == ["lost:2", "lost:3"]
    assert found.column("snapshots", "post_id") == ["lost:2", "lost:3"]
    assert list(found.findings.lost_ids) == [2, 3]
    assert found.refused == []


def test_trap_id_cut_to_fifteen_digits_is_no_key() -> None:
    found = read(HEAD, ROW.replace("122100000000000123", "122100000000000000"))
    assert found.column("posts", "post_id") == ["lost:2"]


def test_trap_a_blank_in_the_id_column_does_not_round_the_other_ids() -> None:
    found = read(HEAD, ROW.replace("122100000000000123", "17871540762580357"), OTHER.replace("122100000000000456", ""))
    assert found.column("posts", "post_id") == [f"{PAGE}_17871540762580357"]
    assert found.refused == [("required", 3, "Post ID", "")]


def test_trap_id_in_a_number_cell_of_a_workbook_is_damaged() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEAD.split(","), "Reactions"])
        sheet.write_row(1, 0, [122100000000000123, PAGE, "09/30/2025 21:13", "https://www.facebook.com/p/1", 5])
        sheet.write_row(2, 0, ["122100000000000456", PAGE, "09/29/2025 21:13", "https://www.facebook.com/p/2", 6])
    found = read_file("a.xlsx", out.getvalue(), ANSWERS)
    assert found.column("posts", "post_id") == ["lost:2", f"{PAGE}_122100000000000456"]


@pytest.mark.parametrize("cell", ["'122100000000000123", '"=""122100000000000123"""', " 122100000000000123 "])
def test_trap_id_forced_to_be_text_is_that_text(cell: str) -> None:
    assert read(HEAD, ROW.replace("122100000000000123", cell)).column("posts", "post_id") == [
        f"{PAGE}_122100000000000123"
    ]


@pytest.mark.parametrize("cell", ['"1,234 "', "１，２３４", '"=""1234"""', "1234.0"])
def test_trap_figures_with_marks_blanks_and_full_width(cell: str) -> None:
    quoted = cell if cell.startswith('"') else f'"{cell}"'
    assert figures(read(f"{HEAD},Reach", f"{ROW},{quoted}")) == {"reach": 1234}


def test_trap_abbreviated_figures_are_taken_only_on_a_person_s_word() -> None:
    with pytest.raises(Unanswered) as caught:
        read(f"{HEAD},Reach,Views", f"{ROW},1.2萬,3K")
    assert [question.option for question in caught.value.questions] == ["accept_wan"]
    agreed = Answers(observed_at=EXPORTED, wan=True)
    assert figures(read(f"{HEAD},Reach,Views", f"{ROW},1.2萬,3K", answers=agreed)) == {"reach": 12000, "views": 3000}


@pytest.mark.parametrize("text", ["9/30/2025 21:13", "2025/9/30 下午 09:13", "2025-09-30 21:13:00"])
def test_trap_times_that_excel_wrote_anew(text: str) -> None:
    found = read(HEAD, ROW.replace("09/30/2025 21:13", text))
    assert found.column("posts", "published_at") == ["2025-10-01T12:13:00+08:00"]


def test_trap_file_saved_in_the_system_code_page_has_question_marks_for_emoji() -> None:
    head = "貼文編號,粉絲專頁編號,粉絲專頁名稱,發佈時間,標題,心情數"
    row = f"122100000000000123,{PAGE},臺南分局,09/30/2025 21:13,選購玩具 ??,5"
    found = read_file("a.csv", f"{head}\r\n{row}\r\n".encode("cp950"), ANSWERS)
    assert found.column("posts", "message") == ["選購玩具 ??"]
    assert figures(found) == {"reactions": 5}


def test_trap_totals_row_that_somebody_added_is_never_a_post() -> None:
    found = read(f"{HEAD},Reactions", f"{ROW},5", "合計,,,,5")
    assert found.column("posts", "row") == [2]
    assert ("bad_id", 3, "Post ID", "合計") in found.refused


def test_trap_sorted_and_filtered_rows_keep_their_own_figures() -> None:
    found = read(f"{HEAD},Reactions", f"{OTHER},6", f"{ROW},5")
    assert [(shot["post_id"][-3:], shot["reactions"]) for shot in found.rows["snapshots"]] == [("456", 6), ("123", 5)]


# --- rows that come twice, days among lifetimes, other platforms


def test_same_row_twice_is_one_post() -> None:
    found = read(f"{HEAD},Reactions", f"{ROW},5", f"{ROW},5")
    assert (found.column("posts", "row"), found.findings.repeated, found.refused) == ([2], 1, [])


def test_other_figures_for_the_same_post_are_refused() -> None:
    found = read(f"{HEAD},Reactions", f"{ROW},5", f"{ROW},6", f"{OTHER},1", f"{ROW},7")
    assert found.refused == [("duplicate", row, "Post ID", "122100000000000123") for row in (2, 3, 5)]
    assert [reason.partition("列")[0] for reason in found.reasons] == ["與第 3 ", "與第 2 ", "與第 2 "]


@pytest.mark.parametrize(
    ("head", "one", "other"),
    [("Title", "甲", "乙"), ("Post type", "Photos", "Reels"), ("Views from Boosted posts", "0", "5")],
)
def test_any_other_word_for_the_same_post_refuses_both(head: str, one: str, other: str) -> None:
    found = read(f"{HEAD},{head}", f"{ROW},{one}", f"{ROW},{other}")
    assert [cell[:2] for cell in found.refused] == [("duplicate", 2), ("duplicate", 3)]


def test_other_link_of_the_same_post_refuses_both() -> None:
    found = read(HEAD, ROW, ROW.replace("/p/1", "/p/2"))
    assert [cell[:2] for cell in found.refused] == [("duplicate", 2), ("duplicate", 3)]


def test_same_number_on_another_page_is_another_post() -> None:
    found = read(HEAD, ROW, ROW.replace(PAGE, "100064000000002"))
    assert found.column("posts", "post_id") == [f"{PAGE}_122100000000000123", "100064000000002_122100000000000123"]


def test_day_among_lifetimes_is_refused() -> None:
    filler = [ROW.replace("000123", f"{n:06d}") + ",Lifetime" for n in range(1, 70)]
    found = read(f"{HEAD},Date", *filler, f"{OTHER},09/30/2025")
    assert found.format == "meta_posts"
    assert found.refused == [("daily_row", 71, "Date", "09/30/2025")]


def test_row_of_instagram_is_refused() -> None:
    found = read(f"{HEAD},Post type", f"{ROW},Photos", f"{OTHER},IG reel")
    assert found.refused == [("instagram_row", 3, "Post type", "IG reel")]
    assert found.column("posts", "type") == ["相片"]


def test_time_that_cannot_be_is_refused() -> None:
    early, late, unseen = (
        ROW.replace("09/30/2025 21:13", text) for text in ("02/01/2004 00:00", "12/01/2025 00:00", "11/01/2025 00:00")
    )
    assert [cell[0] for cell in read(HEAD, early, late, unseen).refused] == [
        "before_facebook",
        "future",
        "after_observation",
    ]


def test_control_characters_in_a_caption_become_blanks_and_are_told() -> None:
    found = read(f"{HEAD},Title", f"{ROW},a\x07b")
    assert found.column("posts", "message") == ["a b"]
    assert "1 篇貼文的內容含控制字元，已以空白代替。" in found.findings.notes


@pytest.mark.parametrize(
    ("heading", "column"),
    [("Permalink", "permalink"), ("Title", "message"), ("Description", "message"), ("Post type", "type")],
)
def test_columns_of_a_post_are_given_only_where_the_file_has_them(heading: str, column: str) -> None:
    needed = f"122100000000000123,{PAGE},臺南分局,09/30/2025 21:13"
    always = {"row", "post_id", "page_id", "published_at", "published_text"}
    (without,) = read("Post ID,Page ID,Page name,Publish time", needed).rows["posts"]
    assert set(without) == always
    (found,) = read(f"Post ID,Page ID,Page name,Publish time,{heading}", f"{needed},x").rows["posts"]
    assert set(found) == {*always, column}
    assert found[column] == "x"
    assert (found["published_at"], found["published_text"]) == ("2025-10-01T12:13:00+08:00", "09/30/2025 21:13")


def test_boosted_keeps_its_place_beside_columns_that_are_not_there() -> None:
    found = read(f"{HEAD},Views from Boosted posts", f"{ROW},4").rows["posts"]
    assert [(post["boosted"], post["permalink"], "message" in post) for post in found] == [
        (1, "https://www.facebook.com/p/1", False)
    ]


# --- the page, the moment, the window


def test_page_and_moment_are_asked_together() -> None:
    with pytest.raises(Unanswered) as caught:
        read("Post ID,Publish time,Permalink", "122100000000000123,09/30/2025 21:13,x", answers=Answers())
    assert [question.option for question in caught.value.questions] == ["page", "observed_at"]
    assert caught.value.questions[0].choices == ((PAGE, "臺南分局"),)


def test_page_that_a_person_names_is_that_of_every_post() -> None:
    answers = Answers(observed_at=EXPORTED, page=PAGE)
    found = read("Post ID,Publish time,Permalink", "122100000000000123,09/30/2025 21:13,x", answers=answers)
    assert found.column("posts", "post_id") == [f"{PAGE}_122100000000000123"]


def test_damaged_page_id_needs_a_person_s_word() -> None:
    row = ROW.replace(PAGE, "1.00064E+14")
    assert read(HEAD, row).refused == [("damaged_id", 2, "Page ID", "1.00064E+14")]
    assert read(HEAD, row, answers=Answers(observed_at=EXPORTED, page=PAGE)).column("posts", "page_id") == [PAGE]


def test_moment_in_the_future_is_refused() -> None:
    with pytest.raises(DataError, match=r"^匯出時間 114/11/06 09:00 還沒到，請改正。$"):
        read(HEAD, ROW, answers=Answers(observed_at=NOW + timedelta(days=1)))


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("Sep-01-2025_Sep-30-2025_12.csv", [(PAGE, "2025-09-02", "2025-09-30")]),
        ("Sep-01-2025_Sep-30-2025_Content_Publish_time_Summary_1.csv", [(PAGE, "2025-09-02", "2025-09-30")]),
        ("Oct-01-2025_Oct-31-2025_12.csv", []),  # exported before its end
        ("a.csv", []),
    ],
)
def test_window_of_the_file_name_covers_the_taipei_days_within(name: str, covered: list[tuple[str, str, str]]) -> None:
    assert read(HEAD, ROW, name=name).findings.coverage == covered


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Asia/Taipei", "2025-09-01", "2025-09-30"),
        ("Asia/Manila", "2025-09-01", "2025-09-30"),
        ("UTC", "2025-09-02", "2025-09-30"),
        ("America/New_York", "2025-09-02", "2025-09-30"),
        ("US/Pacific", "2025-09-02", "2025-09-30"),
        ("Asia/Tokyo", "2025-09-01", "2025-09-29"),
    ],
)
def test_trap_window_in_another_zone_covers_only_taipei_days_within(zone: str, first: str, last: str) -> None:
    answers = Answers(observed_at=EXPORTED, zone=zone)
    row = ROW.replace("09/30/2025 21:13", "09/29/2025 12:00")
    found = read(HEAD, row, answers=answers, name="Sep-01-2025_Sep-30-2025_12.csv")
    assert found.findings.coverage == [(PAGE, first, last)]


def test_window_of_one_day_has_no_whole_taipei_day_within() -> None:
    answers = Answers(observed_at=EXPORTED, zone="Asia/Tokyo")
    row = ROW.replace("09/30/2025 21:13", "09/29/2025 12:00")
    assert read(HEAD, row, answers=answers, name="Sep-29-2025_Sep-29-2025_12.csv").findings.coverage == []


@pytest.mark.parametrize(
    "name",
    [
        "Sep-31-2025_Oct-01-2025_1.csv",
        "Xxx-01-2025_Sep-30-2025.csv",
        "Sep-30-2025_Sep-01-2025",
        "Jan-01-0001_Dec-31-9999",
    ],
)
def test_window_that_is_none_covers_nothing(name: str) -> None:
    assert window_of(name) is None


def test_unchanged_figures_need_no_new_snapshot() -> None:
    assert read(HEAD, ROW).findings.thin is True


def test_export_forced_upon_another_table_is_refused() -> None:
    answers = Answers(observed_at=datetime(2025, 1, 1, tzinfo=UTC), format="meta_posts")
    with pytest.raises(DataError, match=r"^a\.csv 沒有貼文編號或發佈時間的欄，不能用這種格式讀取，請改用別的格式"):
        read("month,received,closed", "2014-01,6,5", answers=answers)
