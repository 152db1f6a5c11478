"""Columns that look like personal data refuse the file: counts are kept, not people."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sqdash.errors import DataError
from sqdash.importers import personal
from tests.importers.reading import read_file

HEAD = "類別,活動日期,活動名稱"
ROW = "教育訓練,103/06/10,研習"


@pytest.mark.parametrize(
    "heading",
    ["姓名", "參加者姓名", "身分證字號", "身份證", "聯絡電話", "手機", "E-mail", "電子郵件", "陳情人", "出生日期"],
)
def test_heading_of_personal_data_is_refused(heading: str) -> None:
    with pytest.raises(DataError) as caught:
        read_file("a.csv", f"{HEAD},{heading}\n{ROW},\n")
    assert str(caught.value) == f"a.csv 的「{heading}」欄是個人資料，本系統只存件數與人次，請刪去這一欄再上傳。"


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("A123456789", "身分證字號"),
        ("a.b@example.org", "電子郵件"),
        ("0912-345-678", "電話"),
        ("０９１２３４５６７８", "電話"),
        ("(06)226-4101", "電話"),
    ],
)
def test_cells_of_personal_data_are_refused_whatever_the_heading(cell: str, what: str) -> None:
    with pytest.raises(DataError) as caught:
        read_file("a.csv", f"{HEAD},備註\n{ROW},{cell}\n{ROW.replace('研習', '二')},{cell}\n")
    assert str(caught.value) == f"a.csv 的「備註」欄看起來是{what}，本系統只存件數與人次，請刪去這一欄再上傳。"


def test_a_number_or_two_among_notes_is_no_list_of_people() -> None:
    notes = ["詳見公文", "洽 06-2264101", "無", "依計畫", "0912-345-678"]
    rows = "".join(f"教育訓練,103/06/{n:02d},研習,{note}\n" for n, note in enumerate(notes, 1))
    assert len(read_file("a.csv", f"{HEAD},備註\n{rows}").rows["activities"]) == 5


@pytest.mark.parametrize("heading", ["參加人次", "活動地點名稱", "地點或對象"])
def test_ordinary_headings_are_not_personal(heading: str) -> None:
    assert read_file("a.csv", f"類別,活動日期,課程名稱,{heading}\n{ROW},\n").refused == []


@pytest.mark.parametrize(
    "heading",
    [
        *("電話測試人次", "電話禮貌得分", "電話禮貌測試", "電話測試人次（人次）", "電話陳情件數", "手機點閱次數"),
        *("電話禮貌測試日期", "電話測試單位", "電話禮貌測試結果", "電話服務禮貌", "電話接聽情形", "電話禮貌成績（分）"),
    ],
)
def test_trap_counts_and_scores_of_telephone_tests_are_not_personal(heading: str) -> None:
    assert read_file("a.csv", f"類別,活動日期,課程名稱,{heading}\n{ROW},9\n").refused == []


@pytest.mark.parametrize(
    "heading", ["電話測試人次（姓名）", "測試者電話", "電話", "電話測試號碼", "電話測試人員", "測試電話"]
)
def test_telephone_beside_a_test_is_personal(heading: str) -> None:
    with pytest.raises(DataError, match="是個人資料"):
        read_file("a.csv", f"類別,活動日期,課程名稱,{heading}\n{ROW},9\n")


@pytest.mark.parametrize("text", ["912345678", "987654321", "912-345-678"])
def test_trap_plain_number_of_nine_digits_is_no_telephone(text: str) -> None:
    assert personal.looks_like(text) is None


@pytest.mark.parametrize("text", ["0912345678", "+886912345678", "+886-912-345-678"])
def test_mobile_telephone_begins_with_zero_or_the_country(text: str) -> None:
    assert personal.looks_like(text) == "電話"


# --- under the headings of our own tables

OWN = "activity_id,kind,held_on,ended_on,title,unit,sessions,attendees,partner,place,note,source_place"


def own(column: str, cells: Sequence[str]) -> str:
    """A file of activities as ``export`` writes it, with these cells in one column."""
    rows = []
    for n, cell in enumerate(cells, 1):
        row = dict.fromkeys(OWN.split(","), "") | {
            "activity_id": f"a{n}",
            "kind": "training",
            "held_on": "2014-06-10",
            "title": f"研習{n}",
        }
        rows.append(",".join((row | {column: cell}).values()))
    return "\n".join([OWN, *rows])


@pytest.mark.parametrize("column", ["title", "partner", "place", "note", "source_place"])
@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("0912345671", "電話"),
        ("'+886912345671", "電話"),  # as an exported cell keeps a spreadsheet from running it
        ("A123456789", "身分證字號"),
        (" a.b@example.org ", "電子郵件"),
    ],
)
def test_trap_our_own_headings_let_no_person_in(column: str, cell: str, what: str) -> None:
    with pytest.raises(DataError) as caught:
        read_file("a.csv", own(column, [cell] * 3))
    assert str(caught.value) == f"a.csv 的「{column}」欄看起來是{what}，本系統只存件數與人次，請刪去這一欄再上傳。"


def test_a_number_or_two_among_our_own_notes_is_no_list_of_people() -> None:
    notes = ["詳見公文", "洽 06-2264101", "無", "依計畫", "0912-345-678"]
    assert len(read_file("a.csv", own("note", notes)).rows["activities"]) == 5


def test_keys_and_numbers_are_no_telephones() -> None:
    ids = [f"0912345{n:03d}" for n in range(5)]
    assert len(read_file("a.csv", own("activity_id", ids)).rows["activities"]) == 5
    figures = "\n".join(f"1_{n},2014-08-01T09:00:00+08:00,0912345671" for n in range(5))
    assert len(read_file("a.csv", f"post_id,observed_at,likes\n{figures}\n").rows["snapshots"]) == 5


def test_what_half_of_a_column_is_counts_over_the_whole_file() -> None:
    posts = [f"1_{n},1,2014-08-01T09:00:00+08:00" for n in range(1, 5_001)]
    head = "post_id,page_id,published_at,message"

    def file(telephones: int) -> str:
        return "\n".join(
            [head, *(f"{row},{'0912345671' if n < telephones else '商品'}" for n, row in enumerate(posts))]
        )

    assert len(read_file("a.csv", file(2_400)).rows["posts"]) == 5_000
    with pytest.raises(DataError, match="「message」欄看起來是電話"):
        read_file("a.csv", file(2_500))


@pytest.mark.parametrize("text", ["商品安全 " * 50, "洽詢 a@b.tw，" * 50, "@" * 70_000])
def test_trap_a_long_text_is_no_telephone_and_no_address(text: str) -> None:
    assert personal.looks_like(text) is None


@pytest.mark.parametrize("text", ["\u3000０９１２３４５６７１" + " " * 100, "a." * 60 + "b＠example.org"])
def test_blanks_around_it_and_full_width_signs_hide_nothing(text: str) -> None:
    assert personal.looks_like(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "A123456789",
        "Ｚ２９８７６５４３２",
        "0912345678",
        "0912 345-678",
        "+886912345678",
        "+886-912-345-678",
        "(06)226-4101",
        "(06) 2264101",
        "06 226 4101",
        "02-123-123",
        "037-123456#12",
        "a@b.tw",
        "王＠example.org",
    ],
)
def test_what_looks_like_a_person_alone_does_so_among_others(text: str) -> None:
    assert personal.looks_like(text) is not None
    tally = personal.Tally()
    tally.meet(["商品", None, text, " ", text])
    with pytest.raises(DataError):
        tally.check("a.csv", "備註")
